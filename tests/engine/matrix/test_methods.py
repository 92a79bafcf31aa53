"""Properties that every registered scoring method has, or says that it lacks (maths.md 11)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.errors import InvalidInput, MissingScores, ScaleError, WeightsError
from apps.engine.matrix.bidders import add_copy, leave_one_out, transitivity
from apps.engine.matrix.inputs import Method
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.methods.topsis import totals as topsis
from apps.engine.matrix.prices.rule import firsts
from tests.engine.matrix.strategies import FINE, weighted

every_method = pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
few = settings(max_examples=40)


@every_method
@few
@given(weighted(), st.randoms(use_true_random=False))
def test_the_order_of_vendors_and_criteria_does_not_matter(method, case, random):
    v, w = case
    rows = random.sample(range(v.shape[0]), v.shape[0])
    columns = random.sample(range(v.shape[1]), v.shape[1])
    found = method.totals(v[np.ix_(rows, columns)], w[columns])
    assert found == pytest.approx(method.totals(v, w)[rows], abs=1e-12)


@every_method
@few
@given(weighted(FINE), st.integers(0, 100))
def test_a_copy_of_a_vendor_ties_with_it(method, case, place):
    v, w = case
    twin = place % v.shape[0]
    found = method.totals(np.vstack([v, v[twin]]), w)
    assert found[-1] == pytest.approx(found[twin], abs=1e-12)


@every_method
@few
@given(weighted(FINE), st.integers(0, 100), st.integers(0, 100), FINE)
def test_a_better_score_never_lowers_the_place(method, case, row, column, better):
    v, w = case
    i, j = row % v.shape[0], column % v.shape[1]
    raised = v.copy()
    raised[i, j] = max(v[i, j], better)

    def ahead(totals):
        shares = np.round(totals, 9)
        return set(np.flatnonzero(shares > shares[i]))

    assert ahead(method.totals(raised, w)) <= ahead(method.totals(v, w))


@every_method
@few
@given(weighted(FINE, vendors=5), st.integers(0, 100))
def test_a_strictly_dominated_vendor_is_never_first(method, case, place):
    v, w = case
    v = 0.1 + 0.9 * v
    worse = v[place % v.shape[0]] - 0.05
    totals = method.totals(np.vstack([v, worse]), w)
    assert v.shape[0] not in firsts(totals)


@every_method
@few
@given(weighted(FINE))
def test_a_criterion_of_weight_zero_changes_nothing(method, case):
    v, w = case
    wider = np.column_stack([v, np.linspace(0, 1, v.shape[0])])
    found = method.totals(wider, np.append(w, 0.0))
    assert found == pytest.approx(method.totals(v, w), abs=1e-12)


@every_method
@few
@given(weighted())
def test_a_method_passes_the_reversal_tests_or_declares_that_it_fails(method, case):
    v, w = case
    if method.reverses_rank:
        return
    assert leave_one_out(v, w, method).changed_by == ()
    assert add_copy(v, w, method) == ()
    assert transitivity(v, w, method) == ()


def test_topsis_turns_over_when_a_losing_bidder_leaves():
    found = _search(lambda v, w: leave_one_out(v, w, METHODS["topsis"]).changed_by)
    assert found


def test_topsis_turns_over_when_a_bid_is_copied():
    assert _search(lambda v, w: add_copy(v, w, METHODS["topsis"]))


def test_topsis_pairs_contradict_the_whole():
    assert _search(lambda v, w: transitivity(v, w, METHODS["topsis"]))


def test_every_pair_of_vendors_is_ranked_alone_once():
    backwards = Method("alone", "Alone", lambda v, w: v @ w * (-1 if len(v) == 2 else 1), "none")
    v, w = np.array([[0.9], [0.5], [0.5], [0.1]]), np.array([1.0])
    assert transitivity(v, w, backwards) == ((0, 1), (0, 2), (0, 3), (1, 3), (2, 3))


def _search(reversal):
    rng = np.random.default_rng(5)
    for _ in range(200):
        v, w = rng.integers(0, 11, (4, 3)) / 10, rng.dirichlet(np.ones(3))
        if reversal(v, w):
            return True
    return False


def test_contributions_of_the_weighted_sum_add_up():
    totals = METHODS["weighted-sum"].totals(np.array([[0.6, 0.8]]), np.array([0.25, 0.75]))
    assert totals == pytest.approx([0.75])


def test_one_zero_makes_a_weighted_product_zero_unless_its_weight_is():
    product = METHODS["weighted-product"].totals
    assert product(np.array([[0.0, 1.0]]), np.array([0.5, 0.5])).tolist() == [0]
    assert product(np.array([[0.0, 0.25]]), np.array([0.0, 1.0])).tolist() == [0.25]
    assert product(np.array([[0.25, 1.0]]), np.array([0.5, 0.5])).tolist() == [0.5]


def test_topsis_of_two_opposite_vendors_by_hand():
    # columns (3, 4)/5 and (4, 3)/5; equal weights: both are equally near to the ideal
    found = topsis(np.array([[0.3, 0.4], [0.4, 0.3]]), np.array([0.5, 0.5]))
    assert found == pytest.approx([0.5, 0.5])
    # with 0.8 on the first, D+ of the first is 0.8 * 0.2 and D- is 0.2 * 0.2
    found = topsis(np.array([[0.3, 0.4], [0.4, 0.3]]), np.array([0.8, 0.2]))
    assert found == pytest.approx([0.2, 0.8])


def test_topsis_is_a_half_where_all_vendors_are_equal_and_takes_costs():
    assert topsis(np.zeros((3, 2)), np.array([0.5, 0.5])).tolist() == [0.5] * 3
    found = topsis(np.array([[0.3], [0.4]]), np.array([1.0]), [-1])
    assert found.tolist() == [1, 0]


def test_plain_arrays_are_checked_before_they_are_scored():
    score = METHODS["weighted-sum"].score
    assert score([[0.5, 1.0]], [0.5, 0.5]).tolist() == [0.75]
    assert score([[1 + 1e-13, 1.0]], [0.5, 0.5]) == pytest.approx([1])
    for values, weights, kind in [
        ([[0.5, 1.1]], [0.5, 0.5], ScaleError),
        ([[0.5, np.nan]], [0.5, 0.5], MissingScores),
        ([[0.5, 1.0]], [0.5, 0.6], WeightsError),
        ([[0.5, 1.0]], [-0.5, 1.5], WeightsError),
        ([[0.5, 1.0]], [1.0], WeightsError),
        ([0.5, 1.0], [1.0], InvalidInput),
        ([[]], [], InvalidInput),
    ]:
        with pytest.raises(kind):
            score(values, weights)


def test_only_the_weighted_sum_may_award():
    assert [slug for slug, method in METHODS.items() if method.award_rule] == ["weighted-sum"]
