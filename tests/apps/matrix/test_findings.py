"""Sentences and charts of a ranking, from the typed facts of records."""

import itertools
from decimal import Decimal

import pytest

from apps.core.errors import Incomplete
from apps.matrix.selectors import findings, pictures
from apps.matrix.selectors.what_if import what_if
from tests.apps.matrix.records import case, frozen

THREE = {
    "a": {"1.01": "10", "2.01": "2"},
    "b": {"1.01": "4", "2.01": "6"},
    "c": {"1.01": "1", "2.01": "1"},
}


def knocked(*out: str) -> list[dict[str, object]]:
    return [{"vendor": v, "code": "9.01", "passed": v not in out} for v in "abc"]


def test_a_clear_lead_says_by_how_much_and_how_often():
    """a: 30 * 1.0 + 30 * 0.2 = 36, b: 30 * 0.4 + 30 * 0.6 = 30, both with 20 points of price."""
    seen = frozen(case(THREE))
    share = seen.result["smaa"]["around_published"]["vendors"][0]["first"]
    said = findings.headline(seen)
    assert said.before == "Aster leads by 6.0 points and stays first in"
    assert said.key == f"{Decimal(share) * 100:.0f}% of plausible weightings"
    assert str(said).endswith("plausible weightings.")


def test_two_bids_carry_no_claim_of_robustness():
    seen = frozen(case({k: THREE[k] for k in "ab"}))
    assert str(findings.headline(seen)) == "Aster leads by 6.0 points."
    assert pictures.rank_shares(seen) is None


def test_equal_totals_share_first_place():
    seen = frozen(case({"a": {"1.01": "5", "2.01": "3"}, "b": {"1.01": "3", "2.01": "5"}}))
    assert str(findings.headline(seen)) == "Aster and Birch share first place."
    assert [(bidder.rank, bidder.tied) for bidder in seen.admitted] == [(1, True), (1, True)]


def test_a_sole_remaining_bid_is_called_that_and_nobody_is_told_too():
    alone = frozen(case(THREE, knockouts=knocked("a", "b")))
    assert str(findings.headline(alone)) == "Cedar is the only bid left."
    nobody = frozen(case(THREE, knockouts=knocked("a", "b", "c")))
    assert str(findings.headline(nobody)) == "No bid is admitted."
    assert pictures.winner_strips(nobody) is None
    assert pictures.total_ranges(nobody) is None
    assert pictures.where_points_come_from(nobody) is None
    assert (findings.flips(nobody), findings.shift(nobody)) == ((), None)


def test_an_adjusted_price_is_told_in_money():
    """Money per point 1: a 60, b 50 of 100 quality points at price 500 each: 440 against 450."""
    given = case({k: THREE[k] for k in "ab"})
    given["nodes"] = [
        {**node, "weight": "100"} if node["id"] == "quality" else node
        for node in given["nodes"]
        if node["id"] != "price"
    ]
    given["price"] = {
        "formula": "monetised-quality",
        "params": {"money_per_point": "1"},
        "currency": "EUR",
        "prices": {"a": "500", "b": "500"},
    }
    seen = frozen(given)
    assert not seen.in_points
    assert str(findings.headline(seen)) == "Aster leads by €10.00."
    assert [part.id for part in seen.parts] == ["section:1", "section:2"]


def test_flips_are_the_ends_of_the_frozen_intervals_nearest_first():
    """Section 1 (30): a and b are level at t where t 0.6 = (1 - t) 12/70: t = 2/9, or 22.2%."""
    seen = frozen(case(THREE))
    flip = findings.flips(seen)[0]
    assert (flip.part, flip.above, flip.rival.name) == ("People", False, "Birch")
    assert round(flip.at, 6) == Decimal("22.222222")
    assert flip.weight == 30
    assert findings.steady(seen) == ("Price",)


def test_vendors_level_at_all_the_weight_are_no_flip():
    """a and b have the same notice: only at 100% of it are they level, and beyond is nothing."""
    far = {"c": {"1.01": "1", "2.01": "1"}}
    seen = frozen(case({"a": {"1.01": "9", "2.01": "5"}, "b": {"1.01": "3", "2.01": "5"}} | far))
    assert findings.flips(seen) == ()
    strips = pictures.winner_strips(seen)
    assert strips is not None
    assert {len(strip.segments) for strip in strips.strips} == {1}


def test_the_strip_of_a_section_shows_who_leads_at_every_weight():
    seen = frozen(case(THREE))
    chart = pictures.winner_strips(seen)
    assert chart is not None
    people, security, price = chart.strips
    assert [s.letter for s in people.segments] == ["B", "A"]
    assert people.segments[0].start == 0
    assert people.segments[0].stop == pytest.approx(2 / 9)
    assert people.segments[1].stop == 1
    assert [s.letter for s in security.segments] == ["A", "B"]
    assert [(s.letter, s.start, s.stop) for s in price.segments] == [("A", 0, 1)]


def test_beyond_one_flip_the_next_leader_is_found_too():
    """Along People, c leads below, b between and a above: each in turn."""
    scores = {
        "a": {"1.01": "10", "2.01": "3"},
        "b": {"1.01": "6", "2.01": "6"},
        "c": {"1.01": "0", "2.01": "8"},
    }
    chart = pictures.winner_strips(frozen(case(scores)))
    assert chart is not None
    segments = chart.strips[0].segments
    assert [segment.letter for segment in segments] == ["C", "B", "A"]
    assert segments[0].start == 0
    assert segments[-1].stop == 1
    for before, after in itertools.pairwise(segments):
        assert before.stop == pytest.approx(after.start)


def test_the_smallest_shift_names_who_gives_who_takes_and_the_rival():
    """The gap of 6 points closes by moving 6 / (0.6 + 0.4) = 6 points from Training to Notice."""
    shift = findings.shift(frozen(case(THREE)))
    assert shift is not None
    assert (shift.moved, shift.to, shift.rival.name) == ("6", "Notice", "Birch")
    assert shift.taken_from == (("Training", "6"),)


def test_what_decided_nothing_and_what_is_left_out_are_named():
    same = {"a": {"1.01": "9", "2.01": "5"}, "b": {"1.01": "3", "2.01": "5"}}
    assert findings.idle(frozen(case(same))) == ("Price", "Notice")
    gap = {"a": {"1.01": "9", "2.01": None}, "b": {"1.01": "3", "2.01": "5"}}
    left = frozen(case(gap | {"c": {"1.01": "1", "2.01": "1"}}, missing="exclude"))
    assert findings.excluded(left) == ("Notice",)
    assert left.result["basis"]["attainable"] == "70"
    chart = pictures.winner_strips(left)
    assert chart is not None
    assert chart.strips[0].segments[-1].stop == pytest.approx(0.7)


def test_missing_scores_widen_the_range_of_a_total():
    gap = {"a": {"1.01": "9", "2.01": None}, "b": {"1.01": "3", "2.01": "5"}}
    chart = pictures.total_ranges(frozen(case(gap)))
    assert chart is not None
    assert [(row.low, row.total, row.high) for row in chart.rows] == [(47, 47, 77), (44, 44, 44)]


def test_a_loser_that_decides_is_named_and_otherwise_nobody():
    """Lowest over price, c at 10: a 60 + 4/3, b 36 + 4. Without c: a 60 + 40/3 = 73.3, b 36 + 40."""
    scores = {
        "a": {"1.01": "10", "2.01": "10"},
        "b": {"1.01": "6", "2.01": "6"},
        "c": {"1.01": "0", "2.01": "0"},
    }
    price = {
        "criterion": "price",
        "formula": "lowest-over-price",
        "params": {},
        "currency": "EUR",
        "prices": {"a": "300", "b": "100", "c": "10"},
    }
    seen = frozen(case(scores, price=price))
    assert str(findings.headline(seen)).startswith("Aster leads by 21.3 points")
    assert findings.without_losers(seen) == "The result would be another without: Cedar."
    assert findings.without_losers(frozen(case(THREE))) == (
        "Take out any one of the losing bids, and the result stays the same."
    )


def test_a_what_if_takes_weights_as_shares_and_keeps_sections_where_price_is_all():
    seen = frozen(case(THREE))
    weights = {"section:1": Decimal(20), "section:2": Decimal(60), "price": Decimal(20)}
    tried = what_if(seen, weights)
    assert tried.totals == {"a": "42", "b": "54", "c": "18"}
    assert [bidder.name for bidder in tried.leaders] == ["Birch"]
    assert (tried.gap, tried.same, tried.whole) == ("12.0 points", False, True)
    doubled = what_if(seen, {part: 2 * weight for part, weight in weights.items()})
    assert (doubled.totals, doubled.whole) == (tried.totals, False)
    price = what_if(seen, {"section:1": Decimal(0), "section:2": Decimal(0), "price": Decimal(100)})
    assert set(price.totals.values()) == {"50"}
    with pytest.raises(Incomplete, match="a weight above 0"):
        what_if(seen, dict.fromkeys(weights, Decimal(0)))


def test_agreement_of_a_panel_is_told_in_words():
    assert findings.agreement(frozen(case(THREE)))[0] is None
    panel = {
        name: {vendor: dict(given) for vendor, given in THREE.items()} for name in ("one", "two")
    }
    alpha, said = findings.agreement(frozen(case(THREE, individual=panel)))
    assert (alpha, said) == ("1", "The evaluators agree well enough to rely on.")
