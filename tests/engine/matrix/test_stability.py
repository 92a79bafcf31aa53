import numpy as np
import pytest
from hypothesis import assume, given, settings
from scipy.optimize import linprog

from apps.engine.errors import InvalidInput, WeightsError
from apps.engine.matrix.stability import NOBODY, award_move, least_move, weight_intervals
from tests.engine.matrix.strategies import FINE, weighted

# maths.md 6, worked by hand: S = .67 and .68
VALUES = [[0.8, 0.5, 0.6], [0.6, 0.8, 0.7]]
WEIGHTS = [0.5, 0.3, 0.2]
few = settings(max_examples=80)


def share_moved(w, k, t):
    """Weight t on criterion k, the others keeping their proportions."""
    moved = np.array(w) * (1 - t) / (1 - w[k])
    moved[k] = t
    return moved


def test_intervals_of_the_example_worked_by_hand():
    found = weight_intervals(VALUES, WEIGHTS)
    assert found.lo == pytest.approx([0, 0.27586207, 0.11111111], abs=1e-8)
    assert found.hi == pytest.approx([0.52380952, 1, 1], abs=1e-8)
    assert found.rival_lo.tolist() == [NOBODY, 0, 0]
    assert found.rival_hi.tolist() == [0, NOBODY, NOBODY]


def test_the_least_move_of_the_example_worked_by_hand():
    found = award_move(VALUES, WEIGHTS)
    assert found.moved == pytest.approx(0.02)
    assert found.weights == pytest.approx([0.52, 0.28, 0.2])
    assert (found.rival, found.to, found.tie_only, found.dominates) == (0, 0, False, False)
    assert found.gives == pytest.approx([0, 0.02, 0])


def test_a_weight_that_carries_everything_has_no_interval():
    found = weight_intervals([[1, 0], [0, 1]], [1, 0])
    assert np.isnan(found.lo[0])
    assert np.isnan(found.hi[0])
    assert found.rival_lo[0] == found.rival_hi[0] == NOBODY
    assert (found.lo[1], found.hi[1]) == (0, 0.5)


def test_a_single_vendor_keeps_the_award_under_every_weight():
    found = weight_intervals([[0.2, 0.4]], [0.5, 0.5])
    assert (found.lo.tolist(), found.hi.tolist()) == ([0, 0], [1, 1])
    assert award_move([[0.2, 0.4]], [0.5, 0.5]) is None


def test_a_copy_of_the_winner_binds_nothing():
    found = weight_intervals([[0.5, 0.7], [0.5, 0.7], [0.1, 0.1]], [0.4, 0.6])
    assert (found.lo.tolist(), found.hi.tolist()) == ([0, 0], [1, 1])


def test_a_dominated_rival_needs_more_than_any_weight():
    found = least_move([[0.9, 0.8], [0.5, 0.5]], [0.5, 0.5], 0, 1)
    assert (found.moved, found.dominates) == (None, True)


def test_a_rival_that_is_equal_on_one_criterion_can_only_draw_level():
    found = award_move([[0.9, 0.5], [0.5, 0.5]], [0.5, 0.5])
    assert found.moved == pytest.approx(0.5)
    assert found.weights.tolist() == [0, 1]
    assert found.tie_only


def test_a_rival_that_is_level_already_needs_no_move():
    found = least_move([[1, 0], [0, 1]], [0.5, 0.5], 0, 1)
    assert (found.moved, found.weights.tolist()) == (0, [0.5, 0.5])


def test_the_winner_is_one_of_the_vendors():
    with pytest.raises(InvalidInput, match="one of the vendors"):
        weight_intervals(VALUES, WEIGHTS, 2)
    with pytest.raises(WeightsError, match="one weight for each"):
        weight_intervals(VALUES, [0.5, 0.5])


@few
@given(weighted(FINE))
def test_at_an_end_of_an_interval_the_margin_is_zero_and_beyond_it_another_wins(case):
    v, w = case
    a = int(np.argmax(v @ w))
    found = weight_intervals(v, w)
    ends = [(found.lo, found.rival_lo, -1), (found.hi, found.rival_hi, 1)]
    for k in range(w.size):
        for end, rival, sign in ends:
            t, b = float(end[k]), int(rival[k])
            if not 0 < t < 1 or b == NOBODY:
                continue
            at = v @ share_moved(w, k, t)
            assert at[a] == pytest.approx(at[b], abs=1e-9)
            assert at[a] == pytest.approx(at.max(), abs=1e-9)
            slope = (v[b, k] - v[a, k]) * sign
            beyond = t + sign * 1e-3
            if 0 <= beyond <= 1 and slope > 1e-3:
                after = v @ share_moved(w, k, beyond)
                assert after[b] > after[a]


@few
@given(weighted(FINE))
def test_inside_an_interval_the_award_stands(case):
    v, w = case
    a = int(np.argmax(v @ w))
    found = weight_intervals(v, w)
    assert (found.lo <= w + 1e-12)[~np.isnan(found.lo)].all()
    assert (found.hi >= w - 1e-12)[~np.isnan(found.hi)].all()
    for k in range(w.size):
        for share in (0.05, 0.5, 0.95):
            t = found.lo[k] + share * (found.hi[k] - found.lo[k])
            if np.isnan(t) or w[k] == 1:
                continue
            totals = v @ share_moved(w, k, t)
            assert totals[a] == pytest.approx(totals.max(), abs=1e-9)


def by_linear_programme(v, w, a, b):
    """Least total weight moved so that b reaches a, or None."""
    n = w.size
    d = v[a] - v[b]
    # x = up - down; minimise sum(down); sum(up) = sum(down); d (w + up - down) <= 0
    found = linprog(
        np.r_[np.zeros(n), np.ones(n)],
        A_ub=[np.r_[d, -d]],
        b_ub=[-(d @ w)],
        A_eq=[np.r_[np.ones(n), -np.ones(n)]],
        b_eq=[0],
        bounds=[(0, 1)] * n + [(0, x) for x in w],
    )
    return found.fun if found.success else None


@few
@given(weighted(FINE))
def test_the_least_move_is_the_optimum_of_the_linear_programme(case):
    v, w = case
    a = int(np.argmax(v @ w))
    for b in range(v.shape[0]):
        d = v[a] - v[b]
        assume(abs(d.min()) > 1e-6 or d.min() == 0)
        if b == a:
            continue
        found = least_move(v, w, a, b)
        optimum = by_linear_programme(v, w, a, b)
        if found.dominates:
            assert optimum is None
            continue
        assert found.moved == pytest.approx(optimum, abs=1e-6)
        totals = v @ found.weights
        assert totals[b] >= totals[a] - 1e-9
        assert found.weights.sum() == pytest.approx(1, abs=1e-9)
        assert (found.weights >= -1e-12).all()


@few
@given(weighted(FINE))
def test_at_the_move_that_flips_the_award_no_third_vendor_is_ahead(case):
    v, w = case
    found = award_move(v, w)
    if found is None:
        return
    totals = v @ found.weights
    assert totals[found.rival] == pytest.approx(totals.max(), abs=1e-9)
