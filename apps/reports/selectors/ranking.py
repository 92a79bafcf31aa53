"""The frozen ranking in the words and figures of paper: shared by both reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.core.errors import WrongState
from apps.matrix import selectors as matrix
from apps.matrix.models import Ranking
from apps.reports.selectors.paper import points, result_of, share, vendor, weight
from apps.workspace.models import Procurement, User

HUNDRED = Decimal(100)
STEPS = (Decimal(20), Decimal(40), Decimal(60), Decimal(75), Decimal(90))
CLOSE = Decimal(5)  # points of weight: an award that flips within them is called close


@dataclass(frozen=True)
class Ranked:
    """A ranking read for printing: the engine's result, and who hides behind the identifiers."""

    ranking: Ranking | None
    case: Mapping[str, Any]
    result: Mapping[str, Any]
    letters: Mapping[str, str]

    @property
    def placed(self) -> list[dict[str, Any]]:
        """Return the admitted vendors, best first; ties in the order of the record."""
        admitted = [v for v in self.result["vendors"] if v["admitted"]]
        return sorted(admitted, key=lambda v: int(v["rank"]))

    @property
    def excluded(self) -> list[dict[str, Any]]:
        return [v for v in self.result["vendors"] if not v["admitted"]]

    def shown(self, given: Mapping[str, Any]) -> dict[str, str]:
        return vendor(self.letters.get(given["id"], ""), given["name"])

    def by_id(self, vendor_id: str) -> dict[str, Any]:
        return next(v for v in self.result["vendors"] if v["id"] == vendor_id)

    def first_share(self, vendor_id: str) -> str:
        around = (self.result.get("smaa") or {}).get("around_published")
        rows = around["vendors"] if around else []
        found = next((row["first"] for row in rows if row["id"] == vendor_id), None)
        return share(found) if found is not None else "\u2013"

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Return the nodes a matrix row stands for: the sections of quality, and price."""
        return [
            node
            for node in self.result["weights"]["nodes"]
            if node["id"].startswith("section:") or node["id"] == "price"
        ]


def full_ranking(user: User, procurement: Procurement) -> Ranked:
    """Return the ranking with prices; WrongState, with what to do, before there is one."""
    ranking = matrix.latest_ranking(user, procurement)
    if ranking is None or ranking.stage != "full":
        raise WrongState(
            _(
                "This report needs the ranking with prices: lock the scores, adopt a price comparison and freeze the ranking."
            )
        )
    record = result_of(ranking.record)
    opened = bids.bids_visible_to(user, procurement.rfp)
    letters = {str(bid.pk): bid.letter for bid in opened}
    return Ranked(ranking, record["case"], record["result"], letters)


def rows(ranked: Ranked) -> dict[str, Any]:
    """Return the ranking table of the first page."""
    placed = ranked.placed
    best = Decimal(placed[0]["total"])
    return {
        "note": _("points of 100, agreed by the panel"),
        "tie": _tie(ranked),
        "rows": [
            {
                "rank": str(row["rank"]),
                "vendor": ranked.shown(row),
                "quality": points(row["quality"]),
                "price": points(row["contributions"].get("price")),
                "total": points(row["total"]),
                "behind": points(best - Decimal(row["total"])) if row is not placed[0] else "",
                "first_share": ranked.first_share(row["id"]),
            }
            for row in placed
        ],
    }


def _tie(ranked: Ranked) -> str:
    tied = [row for row in ranked.placed if row["tied_with"]]
    if not tied:
        return ""
    names = ", ".join(row["name"] for row in tied)
    return _("{names} have equal totals and share a rank.").format(names=names)


def knockouts(ranked: Ranked) -> list[dict[str, Any]]:
    """Return who was excluded and why, in the words of the requirement."""
    return [
        {
            "vendor": ranked.shown(row),
            "requirement": ", ".join(str(reason.get("code", "")) for reason in row["reasons"]),
            "answer": _("requirement not met"),
        }
        for row in ranked.excluded
    ]


def score_of(row: Mapping[str, Any], node: Mapping[str, Any]) -> Decimal:
    """Return what a vendor reaches of a node, 0 to 100: its points over the node's weight."""
    earned = row["nodes"].get(node["id"], row["contributions"].get(node["id"], "0"))
    return Decimal(earned) / Decimal(node["percent_of_total"]) * HUNDRED


def level(score: Decimal) -> str:
    return str(sum(score >= step for step in STEPS))


def matrix_block(ranked: Ranked) -> dict[str, Any]:
    return {
        "note": _("weights as published, before bids were opened"),
        "weight_total": "100%",
        "totals": [points(row["total"]) for row in ranked.placed],
        "rows": [
            {
                "criterion": node["name"],
                "weight": weight(node["percent_of_total"]),
                "cells": [_cell(row, node) for row in ranked.placed],
            }
            for node in ranked.sections
        ],
    }


def _cell(row: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, str]:
    score = score_of(row, node)
    earned = row["nodes"].get(node["id"], row["contributions"].get(node["id"], "0"))
    return {"score": f"{score:.0f}", "level": level(score), "points": points(earned)}


def intervals(ranked: Ranked) -> list[dict[str, Any]]:
    """Return, per section and price, between which weights the award stands, tightest first."""
    found = {row["id"]: row for row in ranked.result["weight_intervals"]["nodes"]}
    found |= {row["id"]: row for row in ranked.result["weight_intervals"]["criteria"]}
    names = {node["id"]: node["name"] for node in ranked.sections}
    rows_ = [(names[key], row) for key, row in found.items() if key in names]
    return [_interval(ranked, name, row) for name, row in sorted(rows_, key=lambda r: room(r[1]))]


def room(row: Mapping[str, Any]) -> Decimal:
    """Return how many points of weight the award may lose before it flips."""
    at, low, high = (Decimal(row[key]) for key in ("weight", "low", "high"))
    below = at - low if row["wins_below"] else HUNDRED
    above = high - at if row["wins_above"] else HUNDRED
    return min(below, above)


def _interval(ranked: Ranked, name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    then = []
    if row["wins_below"]:
        rival = ranked.by_id(row["wins_below"])["name"]
        then.append(
            _("{name} leads below {share}").format(
                name=rival, share=weight(Decimal(row["low"]).quantize(Decimal("0.1")))
            )
        )
    if row["wins_above"]:
        rival = ranked.by_id(row["wins_above"])["name"]
        then.append(
            _("{name} leads above {share}").format(
                name=rival, share=weight(Decimal(row["high"]).quantize(Decimal("0.1")))
            )
        )
    low, high = (weight(Decimal(row[key]).quantize(Decimal("0.1"))) for key in ("low", "high"))
    return {
        "criterion": name,
        "weight": weight(row["weight"]),
        "holds": _("{low} to {high}").format(low=low, high=high),
        "then": "; ".join(then) or _("the award stands at any weight"),
        "close": room(row) < CLOSE,
    }
