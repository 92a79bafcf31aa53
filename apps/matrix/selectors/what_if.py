"""What the result would be under other weights. Nothing is saved, nothing signed changes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.engine import cases
from apps.engine.errors import InvalidInput
from apps.matrix.selectors.findings import gap_text
from apps.matrix.selectors.frozen import PRICE, Bidder, Frozen

QUALITY, TOTAL = "quality", "total"
ROUNDING = Decimal("0.01")


@dataclass(frozen=True)
class Outcome:
    """Totals under the weights tried, by vendor, and who would lead by how much.

    `weights` are those tried, by part, in percent as they were typed; `sum` is what they add up
    to: the engine takes each as a share of it.
    """

    weights: Mapping[str, Decimal]
    totals: Mapping[str, str]
    leaders: tuple[Bidder, ...]
    gap: str
    same: bool

    @property
    def sum(self) -> Decimal:
        return sum(self.weights.values(), Decimal(0))

    @property
    def whole(self) -> bool:
        """Whether the weights add up to 100; sliders send four decimals each."""
        return abs(self.sum - 100) < ROUNDING


def what_if(frozen: Frozen, weights: Mapping[str, Decimal]) -> Outcome:
    """Rank the frozen case under other weights of its parts, given by the names of the parts."""
    try:
        record = cases.run("rank", _case(frozen, weights))
    except InvalidInput as error:
        raise Incomplete(error.sentence) from error
    result: Any = record.to_plain()["result"]
    margin = result["margin"]
    return Outcome(
        weights=weights,
        totals={row["id"]: row["total"] for row in result["vendors"] if row["total"] is not None},
        leaders=tuple(frozen.bidders[name] for name in result["winners"]),
        gap=gap_text(frozen, margin["gap"]) if margin else "",
        same=result["winners"] == frozen.result["winners"],
    )


def _case(frozen: Frozen, weights: Mapping[str, Decimal]) -> dict[str, Any]:
    """Return the frozen case with other weights, and without the analyses that take long."""
    if not sum(weights.values(), Decimal(0)) > 0:
        raise Incomplete(_("Give at least one section a weight above 0."))
    case = json.loads(frozen.ranking.record)["case"]
    quality = sum((weight for part, weight in weights.items() if part != PRICE), Decimal(0))
    for node in case["nodes"]:
        if node["id"] in {TOTAL, QUALITY}:
            node["weights_of_children"] = "points"
        if node["id"] == QUALITY and node.get("parent"):
            node["weight"] = _text(quality)
        # Where quality weighs nothing, its sections keep the proportions they had.
        if node["id"] == PRICE or (node["id"] in weights and quality > 0):
            node["weight"] = _text(weights[node["id"]])
    case.pop("robustness", None)
    case.pop("individual", None)
    return dict(case)


def _text(weight: Decimal) -> str:
    return f"{weight.normalize():f}"
