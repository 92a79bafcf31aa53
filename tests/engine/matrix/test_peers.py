"""The same inputs through scikit-criteria 0.10 and pymcdm 1.4, and where they differ and why.

Both serve as oracles here and are no part of the product.
"""

import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from pymcdm import methods as pymcdm
from pymcdm.normalizations import vector_normalization
from pymcdm.weights import entropy_weights
from pymcdm.weights.subjective import AHP
from skcriteria import mkdm
from skcriteria.agg.simple import WeightedProductModel, WeightedSumModel
from skcriteria.agg.topsis import TOPSIS

from apps.engine.errors import MissingScores, WeightsError
from apps.engine.matrix.inputs import Matrix, checked_weights
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.methods.topsis import unit_columns
from apps.engine.matrix.ranking import rank
from apps.engine.matrix.weights import ahp, swing
from tests.engine.matrix.strategies import FINE, weighted

few = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
POSITIVE = FINE.map(lambda x: 0.05 + 0.9 * x)


def as_they_are(column, *, cost):
    """A normalisation for pymcdm that leaves values alone."""
    return column


def totals(slug, v, w):
    return METHODS[slug].totals(v, w)


def places(slug, v, w):
    matrix = Matrix(
        vendors=tuple(str(i) for i in range(len(v))),
        criteria=tuple(str(j) for j in range(w.size)),
        values=v,
        weights=w,
    )
    return rank(matrix, METHODS[slug]).rank


def decision(v, w):
    return mkdm(v, [max] * w.size, weights=w)


@few
@given(weighted(POSITIVE))
def test_the_weighted_sum_agrees_with_both(case):
    v, w = case
    theirs = WeightedSumModel().evaluate(decision(v, w))
    assert totals("weighted-sum", v, w) == pytest.approx(np.asarray(theirs.e_.score))
    one = pymcdm.WSM(as_they_are)(v, w, np.ones(w.size), validation=False)
    assert totals("weighted-sum", v, w) == pytest.approx(one)


@few
@given(weighted(POSITIVE))
def test_the_weighted_product_agrees_with_both(case):
    v, w = case
    ours = totals("weighted-product", v, w)
    assert ours == pytest.approx(pymcdm.WPM(as_they_are)(v, w, np.ones(w.size), validation=False))
    # scikit-criteria keeps the base-10 logarithm of the product
    theirs = WeightedProductModel().evaluate(decision(v, w))
    assert np.log10(ours) == pytest.approx(np.asarray(theirs.e_.score), abs=1e-9)


@few
@given(weighted(POSITIVE))
def test_topsis_agrees_with_both_on_vector_normalised_columns(case):
    v, w = case
    assume((np.ptp(v, axis=0) * w).any())
    ours = totals("topsis", v, w)
    theirs = TOPSIS().evaluate(decision(unit_columns(v), w))
    assert ours == pytest.approx(np.asarray(theirs.e_.similarity))
    one = pymcdm.TOPSIS(vector_normalization)(v, w, np.ones(w.size), validation=False)
    assert ours == pytest.approx(one)


@few
@given(weighted(POSITIVE))
def test_places_agree_where_no_two_totals_are_close(case):
    v, w = case
    ours = np.sort(totals("weighted-sum", v, w))
    assume((np.diff(ours) > 1e-8).all())
    theirs = WeightedSumModel().evaluate(decision(v, w))
    assert places("weighted-sum", v, w) == tuple(theirs.rank_)


def theirs_breaks(v, w):
    """scikit-criteria casts NaN to an integer and then finds that this is no ranking."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        with pytest.raises(ValueError, match="doesn't look like a ranking"):
            TOPSIS().evaluate(decision(np.array(v, dtype=float), np.array(w)))


@pytest.mark.parametrize(
    ("v", "w"), [([[1, 1], [1, 1], [1, 1]], [0.5, 0.5]), ([[0.4, 0.7]], [0.5, 0.5])]
)
def test_equal_vendors_and_a_single_one_break_their_topsis_and_tie_here(v, w):
    theirs_breaks(v, w)
    assert totals("topsis", np.array(v, dtype=float), np.array(w)).tolist() == [0.5] * len(v)
    assert places("topsis", np.array(v), np.array(w)) == (1,) * len(v)


def test_a_column_of_zeros_breaks_their_vector_scaler_and_counts_nothing_here():
    v, w = np.array([[0, 0.2], [0, 0.4]]), np.array([0.5, 0.5])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        scaled = v / np.sqrt((v**2).sum(axis=0))  # what a vector scaler does
    theirs_breaks(scaled, w)
    assert totals("topsis", v, w).tolist() == [0, 1]


def test_a_missing_score_breaks_their_ranking_and_is_named_here():
    v, w = [[np.nan, 1], [1, 0]], [0.5, 0.5]
    theirs_breaks(v, w)
    with pytest.raises(MissingScores, match="choose how missing scores count"):
        places("weighted-sum", np.array(v), np.array(w))


@pytest.mark.parametrize("w", [(3, 7), (-3, 7)])
def test_they_take_weights_of_any_sum_and_sign(w):
    theirs = WeightedSumModel().evaluate(decision(np.array([[1, 2], [2, 1]]), np.array(w)))
    assert tuple(theirs.rank_) == (1, 2)
    with pytest.raises(WeightsError):
        checked_weights(w)


def test_the_default_normalisation_of_pymcdm_is_min_max_and_reproduces_no_published_example():
    v = np.array([[0.9, 0.2, 0.4], [0.3, 0.8, 0.5], [0.6, 0.5, 0.9]])
    w = np.array([0.5, 0.3, 0.2])
    default = pymcdm.TOPSIS()(v, w, np.ones(3))
    assert default != pytest.approx(totals("topsis", v, w), abs=0.01)


def test_pymcdm_forgets_to_raise_above_fifteen_criteria():
    matrix = np.ones((16, 16))
    with pytest.raises(IndexError):
        AHP(matrix=matrix).get_cr()
    assert ahp(matrix, "alonso_lamata").cr == pytest.approx(0, abs=1e-12)


def test_pymcdm_weighs_no_criterion_on_which_somebody_has_zero():
    with pytest.raises(ValueError, match="positive values"):
        entropy_weights(np.array([[0.0, 1.0], [1.0, 2.0]]), None)
    assert swing([100, 0]).tolist() == [1, 0]
