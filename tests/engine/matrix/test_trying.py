"""A what-if says what a whole new case under these weights would say."""

from dataclasses import replace
from decimal import Decimal

import pytest

from apps.engine.errors import WeightsError
from apps.engine.matrix import trying
from apps.engine.matrix.case import run
from tests.engine.matrix.cases import BASE, base

PARTS = ("quality", "price")
ASKED = {"draws": "4000", "seed": 7, "concentration": "60"}


def changes(case, **weights):
    return {
        node.id: replace(node, weight=Decimal(weights[node.id]))
        for node in case.tree.nodes
        if node.id in weights
    }


@pytest.mark.parametrize(("quality", "price"), [("60", "40"), ("20", "80"), ("90", "10")])
def test_totals_leader_and_gap_are_those_of_the_whole_case(quality, price):
    given = trying.read(base(robustness=ASKED))
    tried = trying.under(given, changes(given, quality=quality, price=price), PARTS)
    weights = {"quality": quality, "price": price}
    nodes = [{**one, "weight": weights.get(one["id"], one["weight"])} for one in BASE["nodes"]]
    whole = run(base(nodes=nodes)).result
    assert tried.totals == {one["id"]: one["total"] for one in whole["vendors"]}
    assert list(tried.winners) == whole["winners"]
    assert tried.gap == whole["margin"]["gap"]


def test_the_lead_is_as_firm_as_a_weighting_of_the_parts_leaves_it():
    """A leads where price weighs 25 to 80 in 100 (test_case_robustness): near an end it is a coin."""
    given = trying.read(base(robustness=ASKED))
    middle, end, beyond = (
        trying.under(given, changes(given, quality=str(100 - price), price=str(price)), PARTS)
        for price in (50, 26, 10)
    )
    assert middle.winners == ("a",)
    assert float(middle.first) > 0.99
    assert 0.45 < float(end.first) < 0.7
    assert beyond.winners == ("b",)
    assert float(beyond.first) > 0.9
    again = trying.under(given, changes(given, quality="50", price="50"), PARTS)
    assert again == middle  # the seed is the case's own


def test_of_two_vendors_or_a_shared_first_place_no_share_is_given():
    asked = [{"vendor": v, "code": "2.01", "passed": v != "c"} for v in "abc"]
    assert trying.as_read(trying.read(base(robustness=ASKED, knockouts=asked)), PARTS).first is None
    assert trying.as_read(trying.read(base()), PARTS).first is None  # no draws asked for


def test_weights_that_are_none_are_refused():
    given = trying.read(base(robustness=ASKED))
    with pytest.raises(WeightsError, match="add up to 90"):
        trying.under(given, changes(given, quality="50", price="40"), PARTS)
