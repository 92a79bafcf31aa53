"""A frozen ranking in the words and figures of paper: shared by both reports."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.core.errors import WrongState
from apps.engine.matrix.case_robustness import FEWEST
from apps.matrix import selectors as matrix
from apps.matrix.models import Ranking
from apps.reports.selectors.paper import NOISE, Plain, money, points, share, vendor, weight, whole
from apps.rfp.models import Lot
from apps.workspace.models import Procurement, User

HUNDRED = Decimal(100)
STEPS = (Decimal(20), Decimal(40), Decimal(60), Decimal(75), Decimal(90))  # of the heat tints
CLOSE = Decimal(5)  # points of weight: an award that flips within them is called close


@dataclass(frozen=True)
class Ranked:
    """A ranking read for printing: the engine's record, and the letters of its bids."""

    plain: Plain
    letters: Mapping[str, str]

    @property
    def case(self) -> dict[str, Any]:
        return dict(self.plain["case"])

    @property
    def result(self) -> dict[str, Any]:
        return dict(self.plain["result"])

    @cached_property
    def placed(self) -> list[dict[str, Any]]:
        """Return the admitted vendors, best first; ties in the order of the record."""
        admitted = [row for row in self.result["vendors"] if row["admitted"]]
        return sorted(admitted, key=lambda row: int(row["rank"]))

    @property
    def excluded(self) -> list[dict[str, Any]]:
        return [row for row in self.result["vendors"] if not row["admitted"]]

    @property
    def leader(self) -> dict[str, Any]:
        return self.placed[0]

    @property
    def winners(self) -> list[dict[str, Any]]:
        """Return who is first: several where totals are equal and no tie-break decides."""
        return [row for row in self.placed if row["id"] in self.result["winners"]]

    @property
    def in_points(self) -> bool:
        """Whether totals are points; under some formulae the lowest adjusted price wins."""
        return bool(self.result["basis"]["total"] == "points")

    @property
    def price_id(self) -> str | None:
        price = self.result.get("price")
        return price["criterion"] if price else None

    @cached_property
    def leaves(self) -> list[dict[str, Any]]:
        """Return the criteria that count, in the order of the published tree."""
        counted = set(self.result["criteria_in_play"])
        return [node for node in self.result["weights"]["nodes"] if node["id"] in counted]

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """Return the nodes a row of the matrix stands for: groups of criteria, then the price."""
        above = {leaf["parent"] for leaf in self.leaves if leaf["id"] != self.price_id}
        nodes = self.result["weights"]["nodes"]
        groups = [node for node in nodes if node["id"] in above]
        return groups + [node for node in nodes if node["id"] == self.price_id]

    @property
    def quality_weight(self) -> Decimal:
        """Return what the criteria other than the price weigh together, in percent."""
        scored = [leaf for leaf in self.leaves if leaf["id"] != self.price_id]
        return sum((Decimal(leaf["percent_of_total"]) for leaf in scored), Decimal(0))

    def shown(self, row: Plain) -> dict[str, str]:
        return vendor(self.letters.get(row["id"], ""), row["name"], row["id"])

    def by_id(self, vendor_id: str) -> dict[str, Any]:
        return next(row for row in self.result["vendors"] if row["id"] == vendor_id)

    def total(self, value: str | Decimal) -> str:
        """Show a total: points, or money where the lowest adjusted price wins."""
        return points(value) if self.in_points else money(value, self.result["price"]["currency"])

    def behind(self, row: Plain) -> Decimal:
        """Return the distance of a vendor from the first, 0 or more."""
        return abs(Decimal(self.leader["total"]) - Decimal(row["total"]))

    def price_of(self, row: Plain) -> str:
        """Show what the price earns, or the price itself where it earns no points."""
        if self.price_id is not None:
            return points(row["contributions"].get(self.price_id))
        price = self.result.get("price") or {"vendors": []}
        found = next((one["price"] for one in price["vendors"] if one["id"] == row["id"]), None)
        return points(None) if found is None else money(found, price["currency"])

    @property
    def is_small(self) -> bool:
        """Whether too few bids are admitted to say how firm the first place is."""
        return len(self.placed) < FEWEST

    def first_share(self, vendor_id: str) -> str:
        """Show in what share of the weightings drawn a vendor is first."""
        around = (self.result.get("smaa") or {}).get("around_published")
        rows = around["vendors"] if around else []
        found = next((row["first"] for row in rows if row["id"] == vendor_id), None)
        return points(None) if found is None else share(found)


def standing(user: User, procurement: Procurement, lot: Lot | None = None) -> Ranking:
    """Return the ranking with prices; WrongState, with what to do, before there is one."""
    found = matrix.latest_ranking(user, procurement, lot)
    if found is None or found.stage != "full":
        raise WrongState(
            _(
                "The ranking with prices is missing. Lock the scores, adopt a price comparison, then freeze the ranking."
            )
        )
    if not json.loads(found.record)["result"]["winners"]:
        raise WrongState(
            _("No bid is admitted, so there is no ranking to report. Read why on the matrix page.")
        )
    return found


def read(user: User, found: Ranking) -> Ranked:
    """Read a ranking for printing, with the letters its bids had in the blind phase."""
    opened = bids.bids_visible_to(user, found.scoring_round.rfp)
    letters = {str(bid.pk): bid.letter for bid in opened}
    return Ranked(json.loads(found.record), letters)


def rows(ranked: Ranked) -> dict[str, Any]:
    """Return the ranking table of the first page."""
    in_points = ranked.in_points
    return {
        "note": _("points of 100, agreed by the panel") if in_points else _("lowest is first"),
        "price_label": "" if in_points else _("Price"),
        "total_label": "" if in_points else _("Adjusted price"),
        "tie": _tie(ranked),
        "rows": [
            {
                "rank": str(row["rank"]),
                "vendor": ranked.shown(row),
                "quality": points(row["quality"]),
                "price": ranked.price_of(row),
                "total": ranked.total(row["total"]),
                "behind": "" if row is ranked.leader else ranked.total(ranked.behind(row)),
                "first_share": ranked.first_share(row["id"]),
            }
            for row in ranked.placed
        ],
    }


def _tie(ranked: Ranked) -> str:
    tied = [row for row in ranked.placed if row["tied_with"]]
    if tied:
        names = ", ".join(row["name"] for row in tied)
        return _("Equal totals share a rank: {names}.").format(names=names)
    if any(row["tie_broken_by"] for row in ranked.placed):
        return _("Equal totals were ordered by the published tie-break.")
    return ""


def gap(ranked: Ranked, second: Plain) -> str:
    """Say how far the first is ahead of another vendor."""
    distance = ranked.total(ranked.behind(second))
    if ranked.in_points:
        words = _("{gap} points ahead of {name}")
    else:
        words = _("{gap} below the adjusted price of {name}")
    return words.format(gap=distance, name=second["name"])


def score_of(row: Plain, node: Plain) -> Decimal:
    """Return what a vendor reaches of a node, 0 to 100: its points over the node's weight."""
    reach = Decimal(node["percent_of_total"])
    return (points_of(row, node) / reach * HUNDRED).quantize(NOISE) if reach else Decimal(0)


def points_of(row: Plain, node: Plain) -> Decimal:
    """Return the points of the total that a node brings a vendor."""
    earned = row["nodes"].get(node["id"], row["contributions"].get(node["id"]))
    return Decimal(earned or 0)


def level(score: Decimal) -> str:
    """Return the tint of a score, 0 to 5."""
    return str(sum(score >= step for step in STEPS))


def matrix_block(ranked: Ranked) -> dict[str, Any]:
    return {
        "note": _("weights as published, before bids were opened"),
        "weight_total": "100%",
        "totals": [ranked.total(row["total"]) for row in ranked.placed],
        "rows": [
            {
                "criterion": node["name"],
                "weight": weight(node["percent_of_total"]),
                "cells": [_cell(row, node) for row in ranked.placed],
            }
            for node in ranked.sections
        ],
    }


def _cell(row: Plain, node: Plain) -> dict[str, str]:
    score = score_of(row, node)
    return {"score": whole(score), "level": level(score), "points": points(points_of(row, node))}
