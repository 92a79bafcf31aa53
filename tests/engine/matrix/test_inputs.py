import numpy as np
import pytest

from apps.engine.errors import InvalidInput, MissingScores, ScaleError, WeightsError
from apps.engine.matrix.inputs import (
    Matrix,
    Missing,
    ValueFunction,
    bounds,
    checked_values,
    checked_weights,
    frozen,
    normalise,
)

NAN = float("nan")


def test_values_run_from_the_worst_to_the_best_end_of_the_rubric():
    found = normalise([[0, 5], [5, 0], [3, 2]], [[0, 5], [5, 0]])
    assert found.tolist() == [[0, 0], [1, 1], [0.6, 0.6]]
    assert not np.signbit(found).any()


def test_evaluators_are_normalised_together_and_missing_stays_missing():
    found = normalise([[[1], [NAN]], [[5], [0]]], [[0, 5]])
    assert found.shape == (2, 2, 1)
    assert np.isnan(found[0, 1, 0])
    assert found[0, 0, 0] == 0.2


@pytest.mark.parametrize("score", [-0.1, 5.1])
def test_a_score_outside_its_scale_is_refused(score):
    with pytest.raises(ScaleError, match="between 0 and 5"):
        normalise([[score]], [[0, 5]])


@pytest.mark.parametrize("scale", [[[3, 3]], [[NAN, 5]], [[0, NAN]]])
def test_a_scale_needs_two_different_ends(scale):
    with pytest.raises(ScaleError, match="two different end points"):
        normalise([[3]], scale)


@pytest.mark.parametrize(
    ("raw", "scale", "functions"),
    [([[1, 2]], [[0, 5]], None), ([1], [[0, 5]], None), ([[1]], [[0, 5]], [])],
)
def test_every_criterion_needs_its_scale(raw, scale, functions):
    with pytest.raises(ScaleError, match="one scale"):
        normalise(raw, scale, functions)


@pytest.mark.parametrize(
    ("cutoffs", "values", "sentence"),
    [
        ((0, 1), (0,), "each with its value"),
        ((0,), (0,), "two or more"),
        ((0, np.inf), (0, 1), "finite"),
        ((0, 1), (0, 1.1), "between 0 and 1"),
        ((0, 0), (0, 1), "increasing order"),
        ((0, 1, 2), (0, 1, 0.5), "only rise or only fall"),
    ],
)
def test_a_value_function_is_valid_by_construction(cutoffs, values, sentence):
    with pytest.raises(ScaleError, match=sentence):
        ValueFunction(cutoffs, values)


def test_a_value_function_keeps_missing_scores_missing():
    function = ValueFunction((0, 5), (0, 1))
    assert np.isnan(function(np.array([NAN]))[0])


def test_bounds_put_missing_scores_at_both_ends():
    low, high = bounds([[NAN, 0.5]], Missing.ZERO)
    assert (low.tolist(), high.tolist()) == ([[0, 0.5]], [[1, 0.5]])


def test_a_blocking_policy_allows_no_missing_score():
    with pytest.raises(MissingScores, match="no ranking"):
        bounds([[NAN]], Missing.BLOCK)
    assert bounds([[1]], Missing.BLOCK)[0].tolist() == [[1]]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([[1.1]], ScaleError),
        ([[-0.1]], ScaleError),
        ([[NAN]], MissingScores),
        ([[np.inf]], InvalidInput),
        ([[1], [1, 2]], InvalidInput),
        ([["x"]], InvalidInput),
        ([1], InvalidInput),
        ([[]], InvalidInput),
    ],
)
def test_bad_values_get_a_named_error(values, kind):
    with pytest.raises(kind):
        checked_values(values)


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ([], "at least one"),
        ([1.5, -0.5], "0 or more"),
        ([NAN, 1], "0 or more"),
        ([0.5, 0.4], "add up to 0.9"),
    ],
)
def test_weights_are_never_rescaled_in_silence(weights, sentence):
    with pytest.raises(WeightsError, match=sentence):
        checked_weights(weights)


def test_arrays_of_the_engine_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        frozen([1.0])[0] = 2


def built(**changes):
    given = {
        "vendors": ("a", "b"),
        "criteria": ("x", "y"),
        "values": [[0, 1], [1, 0]],
        "weights": [0.5, 0.5],
    }
    return Matrix(**(given | changes))


def test_a_matrix_admits_everybody_unless_told_otherwise():
    assert built().admitted.tolist() == [True, True]
    assert built(admitted=[True, False]).admitted.tolist() == [True, False]


@pytest.mark.parametrize(
    "changes",
    [
        {"vendors": ("a",)},
        {"vendors": ("a", "a")},
        {"criteria": ("x", "x")},
        {"criteria": ("x",), "values": [[1], [0]]},
        {"admitted": [True]},
        {"values": [[0, NAN], [1, 0]]},
    ],
)
def test_a_matrix_is_valid_by_construction(changes):
    with pytest.raises(InvalidInput):
        built(**changes)
