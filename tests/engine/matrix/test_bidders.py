import numpy as np
import pytest
from hypothesis import given, settings

from apps.engine.errors import InvalidInput, PriceFormulaUndefined
from apps.engine.matrix.bidders import bidder_influence, phantom_price
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.prices.rule import PriceRule
from tests.engine.matrix.strategies import bids

PARAMS = {"absolute-linear": {"cap": 180, "floor": 80}, "monetised-quality": {"money_per_point": 2}}


def rule(slug, points=40):
    return PriceRule(formula=PRICE_FORMULAE[slug], points=points, params=PARAMS.get(slug, {}))


def test_disqualifying_a_losing_bid_turns_the_award_over():
    # worked example: 60 % quality, 40 % price; A 100 and 70, B 120 and 80, C 60 and 30
    quality, prices = 0.6 * np.array([70, 80, 30]), np.array([100, 120, 60])
    there = rule("lowest-over-price")
    assert there.merit(quality, prices) == pytest.approx([66, 68, 58])
    assert there.merit(quality[:2], prices[:2]) == pytest.approx([82, 81.3333333])
    found = bidder_influence(quality, prices, there)
    assert found.winners == (1,)
    assert found.without == ((0, (1,)), (2, (0,)))
    assert found.changed_by == (2,)


@pytest.mark.parametrize("slug", PRICE_FORMULAE)
@settings(max_examples=40)
@given(bids())
def test_losing_bids_decide_only_under_formulae_that_look_at_them(slug, bid):
    found = bidder_influence(*bid, rule(slug))
    assert len(found.without) + len(found.winners) == bid[0].size
    if not PRICE_FORMULAE[slug].depends_on_others:
        assert found.changed_by == ()


def test_a_phantom_bid_flips_the_award_just_below_its_price():
    # S_a - S_b = 5 + 40 P_min (1/130 - 1/100) ties at 54.17
    quality, prices = np.array([55.0, 50.0]), np.array([130.0, 100.0])
    there = rule("lowest-over-price")
    found = phantom_price(quality[::-1], prices[::-1], 40)
    assert found.winner == 0
    assert found.price == pytest.approx(5 / (40 * (1 / 100 - 1 / 130)))
    assert found.new_winner == 1
    with_phantom = there.merit(np.append(quality, 0), np.append(prices, found.price - 0.01))
    assert with_phantom.argmax() == 0
    assert found.quality_below == pytest.approx(with_phantom.max() - 40, abs=0.01)
    above = there.merit(np.append(quality, 0), np.append(prices, found.price + 0.01))
    assert above.argmax() == 1


def test_a_rival_level_with_the_winner_leads_below_todays_lowest_price():
    # 34 + 40 = 64 + 40 * 50 / 200 = 74; any lower bid takes more from the first than the second
    found = phantom_price([1, 34, 64, 35], [50, 50, 200, 52], 40)
    assert (found.winner, found.new_winner, found.price) == (1, 2, 50)
    assert found.quality_below == pytest.approx(34, abs=1e-6)


@settings(max_examples=150)
@given(bids(least=2))
def test_a_reported_phantom_loses_and_moves_the_award(bid):
    quality, prices = bid
    there = rule("lowest-over-price")
    found = phantom_price(quality, prices, 40)
    if found.price is None:
        return
    lower = np.append(prices, found.price * (1 - 1e-7))
    totals = there.merit(np.append(quality, max(found.quality_below * 0.5, 0)), lower)
    assert totals.argmax() != found.winner
    assert totals.argmax() != prices.size
    higher = np.append(prices, min(found.price * (1 + 1e-7), prices.min()))
    assert there.merit(np.append(quality, 0), higher)[found.winner] == pytest.approx(
        there.merit(np.append(quality, 0), higher)[:-1].max(), abs=1e-3
    )


def test_a_phantom_needs_prices_above_zero():
    with pytest.raises(PriceFormulaUndefined):
        phantom_price([1, 2], [0, 1], 40)
    with pytest.raises(PriceFormulaUndefined):
        phantom_price([1], [1], 0)
    with pytest.raises(InvalidInput, match="every vendor"):
        phantom_price([1, 2], [1], 40)
    with pytest.raises(InvalidInput, match="every vendor"):
        phantom_price([], [], 40)
