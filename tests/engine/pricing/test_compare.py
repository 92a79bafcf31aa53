"""Every crossing of costs, the cheapest range by range, and regret."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.errors import InvalidInput
from apps.engine.pricing.compare import (
    MOST_BREAKS,
    all_crossings,
    cheapest_map,
    cheapest_ranges,
    crossings,
    nodes,
    regret,
)

X = np.linspace(0, 10, 11)


def test_three_break_evens_are_three():
    found = crossings(X, X + np.sin(X * 0.95), X)
    assert [round(crossing.volume, 1) for crossing in found] == [3.3, 6.6, 9.9]
    assert [crossing.cheaper_below for crossing in found] == [0, 1, 0]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=3, max_size=12))
def test_crossings_cost_the_same_and_between_them_the_cheaper_stays(points):
    a, b = (np.array(costs, dtype=float) for costs in zip(*points, strict=True))
    x = np.arange(len(a), dtype=float)
    found = crossings(a, b, x)
    for crossing in found:
        assert np.interp(crossing.volume, x, a) == pytest.approx(np.interp(crossing.volume, x, b))
        assert crossing.cost == pytest.approx(np.interp(crossing.volume, x, a))
        assert crossing.cheaper_above == 1 - crossing.cheaper_below
    ends = [x[0], *[c.until for c in found], x[-1]]
    starts = [x[0], *[c.volume for c in found], x[-1]]
    for place in range(len(found) + 1):
        inside = np.linspace(ends[place], starts[place + 1], 9)[1:-1]
        gap = np.interp(inside, x, a) - np.interp(inside, x, b)
        assert (gap >= -1e-6).all() or (gap <= 1e-6).all()


@given(st.lists(st.lists(st.integers(1, 500), min_size=6, max_size=6), min_size=1, max_size=5))
def test_the_cheapest_ranges_cover_everything_once_with_the_cheapest(rows):
    costs, x = np.array(rows, dtype=float), np.arange(6.0)
    ranges = cheapest_ranges(costs, x)
    assert ranges[0].low == 0
    assert ranges[-1].high == 5
    for before, after in pairwise(ranges):
        assert before.high == after.low
        assert before.cheapest != after.cheapest
    for found in ranges:
        middle = (found.low + found.high) / 2
        here = [np.interp(middle, x, cost) for cost in costs]
        assert here[found.cheapest] == pytest.approx(min(here))


def test_equal_costs_over_a_range_are_one_crossing():
    (found,) = crossings([0, 1, 2, 3, 4], [1, 1, 2, 2, 3], np.arange(5.0))
    assert (found.volume, found.until) == (1, 2)
    assert (found.cheaper_below, found.cheaper_above) == (0, 1)


def test_a_quote_that_is_cheapest_in_between_is_not_passed_over():
    """Equal at first, then the second is cheaper, then the first."""
    costs = np.array([[1, 1, 1, 2, 1, 1], [1, 1, 1, 1, 1, 2]], dtype=float)
    assert [(found.low, found.high, found.cheapest) for found in cheapest_ranges(costs, X[:6])] == [
        (0, 2, 0),
        (2, 4, 1),
        (4, 5, 0),
    ]


def test_costs_that_touch_do_not_cross():
    assert crossings([0, 1, 2], [0.5, 1, 2.5], np.arange(3.0)) == []
    assert crossings([1, 1, 1], [1, 1, 1], np.arange(3.0)) == []


def test_a_price_that_jumps_crosses_without_equal_cost():
    """All units at 2.00 up to 100, at 1.00 above; against 1.50 each."""
    x = nodes(50, 150, [np.array([100.0])], even=11)
    (found,) = crossings(lambda q: np.where(q > 100, q, 2 * q), lambda q: 1.5 * q, x)
    assert found.jump
    assert found.volume == pytest.approx(100)
    (smooth,) = crossings(lambda q: q, lambda q: 200 - q, x)
    assert not smooth.jump


def test_float_noise_is_no_crossing():
    a = np.array([0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3])
    assert crossings(a, np.full(4, 0.3), np.arange(4.0)) == []


def test_crossings_of_all_pairs_come_in_order_of_volume():
    costs = np.array([5 + 0 * X, X, 8 - 0.5 * X])
    found = all_crossings(costs, X)
    assert [(a, b, round(c.volume, 4)) for a, b, c in found] == [
        (0, 1, 5.0),
        (1, 2, 5.3333),
        (0, 2, 6.0),
    ]


@pytest.mark.parametrize("volumes", [[1.0], [2.0, 1.0], [1.0, 1.0], [[1.0, 2.0]]])
def test_volumes_have_to_rise(volumes):
    with pytest.raises(InvalidInput):
        crossings(lambda x: x, lambda x: 2 * x, np.array(volumes))


def test_nodes_lie_on_both_sides_of_every_break_inside():
    found = nodes(1, 3, [np.array([2.0, 9.0]), np.empty(0)], even=3)
    assert found.tolist() == pytest.approx([1, 2, 2, 2, 3], rel=1e-8)
    assert len(found) == 5
    many = nodes(1, 3, [np.linspace(1.1, 2.9, 5000)], even=3)
    assert len(many) <= 3 * MOST_BREAKS + 3


def test_the_map_names_the_cheapest_at_every_node():
    costs = np.array([[[1, 5], [3, 3]], [[2, 2], [3, 1]]])
    assert cheapest_map(costs).tolist() == [[0, 1], [0, 1]]


def test_regret_by_hand():
    found = regret(np.array([[10.0, 10.0, 10.0], [8.0, 9.0, 14.0]]))
    assert found.largest.tolist() == [2, 4]
    assert found.expected == pytest.approx([1, 4 / 3])
    assert found.minimax == 0
    unlikely = regret(np.array([[10.0, 10.0], [8.0, 14.0]]), np.array([0.9, 0.1]))
    assert unlikely.expected == pytest.approx([1.8, 0.4])
