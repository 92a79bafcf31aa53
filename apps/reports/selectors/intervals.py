"""Between which weights the first place holds: the rows of the record that say so, in words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.reports.selectors.paper import Plain, weight
from apps.reports.selectors.ranking import CLOSE, HUNDRED, Ranked

MOST = 8  # rows on paper; the attached record holds all


@dataclass(frozen=True)
class Interval:
    """A group of criteria, or the price, with the weights in percent between which nothing moves."""

    name: str
    weight: Decimal
    low: Decimal
    high: Decimal
    below: str | None
    above: str | None

    @property
    def flips(self) -> bool:
        return self.below is not None or self.above is not None

    @property
    def room(self) -> Decimal:
        """Return how many points of weight may move before another vendor is first."""
        down = self.weight - self.low if self.below else HUNDRED
        up = self.high - self.weight if self.above else HUNDRED
        return min(down, up)


def all_of(ranked: Ranked) -> list[Interval]:
    """Return the interval of every row of the matrix, tightest first."""
    block = ranked.result.get("weight_intervals") or {"nodes": [], "criteria": []}
    held = {row["id"]: row for row in (*block["criteria"], *block["nodes"])}
    found = [
        _read(node["name"], held[node["id"]])
        for node in ranked.sections
        if node["id"] in held and held[node["id"]]["low"] is not None
    ]
    return sorted(found, key=lambda one: one.room)


def _read(name: str, row: Plain) -> Interval:
    return Interval(
        name,
        Decimal(row["weight"]),
        Decimal(row["low"]),
        Decimal(row["high"]),
        row["wins_below"],
        row["wins_above"],
    )


def flipping(ranked: Ranked) -> list[Interval]:
    """Return the intervals beyond which another vendor is first, tightest first."""
    return [one for one in all_of(ranked) if one.flips][:MOST]


def thens(ranked: Ranked, one: Interval) -> list[tuple[str, str]]:
    """Return where the first place flips and to whom: ("below 18%", "Velora Connect leads")."""
    found = []
    if one.below:
        at = _("below {share}").format(share=weight(one.low))
        found.append((at, _leads(ranked, one.below)))
    if one.above:
        at = _("above {share}").format(share=weight(one.high))
        found.append((at, _leads(ranked, one.above)))
    return found


def _leads(ranked: Ranked, vendor_id: str) -> str:
    return _("{name} leads").format(name=ranked.by_id(vendor_id)["name"])


def sentence(ranked: Ranked, one: Interval) -> str:
    """Say in one go what lies outside an interval."""
    return "; ".join(f"{who} {at}" for at, who in thens(ranked, one))


def table(ranked: Ranked) -> list[dict[str, Any]]:
    return [
        {
            "criterion": one.name,
            "weight": weight(one.weight),
            "holds": _("{low} to {high}").format(low=weight(one.low), high=weight(one.high)),
            "then": sentence(ranked, one),
            "close": one.room < CLOSE,
        }
        for one in flipping(ranked)
    ]


def elsewhere(ranked: Ranked) -> str:
    """Name what may weigh anything without moving the first place."""
    firm = [one.name for one in all_of(ranked) if not one.flips]
    if not firm:
        return ""
    return _("The first place holds at any weight of: {names}.").format(names="; ".join(firm))
