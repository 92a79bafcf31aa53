import numpy as np
import pytest
from hypothesis import given, settings

from apps.engine.errors import InvalidInput, MissingScores
from apps.engine.matrix.consensus import cells, consensus
from apps.engine.matrix.inputs import Missing
from tests.engine.matrix.strategies import panels

NAN = float("nan")
SCORES = [[[0.2, NAN]], [[0.4, NAN]], [[0.9, NAN]]]


def test_a_cell_has_mean_median_and_spread():
    found = consensus(SCORES)
    assert found.values[0, 0] == pytest.approx(0.5)
    assert consensus(SCORES, "median").values[0, 0] == 0.4
    assert found.spread[0, 0] == pytest.approx(0.7)
    assert found.cells.count.tolist() == [[3, 0]]
    assert (found.cells.least[0, 0], found.cells.most[0, 0]) == (0.2, 0.9)


def test_a_cell_that_nobody_scored_is_missing_and_has_bounds():
    found = consensus(SCORES)
    assert np.isnan(found.values[0, 1])
    assert (found.lo[0, 1], found.hi[0, 1]) == (0, 1)
    assert not found.flags[0, 1]
    with pytest.raises(MissingScores, match="no ranking"):
        consensus(SCORES, missing=Missing.BLOCK)


def test_an_agreed_score_outside_what_evaluators_gave_is_flagged():
    assert consensus(SCORES, agreed=[[0.95, NAN]]).flags.tolist() == [[True, False]]
    assert consensus(SCORES, agreed=[[0.1, NAN]]).flags.tolist() == [[True, False]]
    inside = consensus(SCORES, agreed=[[0.9, 0.5]])
    assert inside.flags.tolist() == [[False, False]]
    assert inside.distance[0, 0] == pytest.approx(0.4)


def test_an_even_panel_has_the_middle_of_its_two_middle_scores():
    assert cells([[[1.0]], [[2.0]], [[4.0]], [[9.0]]]).median.tolist() == [[3]]


def test_a_panel_has_somebody_on_it():
    with pytest.raises(MissingScores, match="at least one evaluator"):
        consensus(np.empty((0, 1, 1)))
    with pytest.raises(InvalidInput, match="mean or the median"):
        consensus(SCORES, "mode")
    with pytest.raises(MissingScores, match="every cell"):
        consensus(SCORES, agreed=[[0.5]])


@settings(max_examples=40)
@given(panels)
def test_evaluators_may_sit_in_any_order(x):
    one, other = consensus(x), consensus(x[::-1])
    assert one.values == pytest.approx(other.values)
    assert (one.cells.least <= one.values + 1e-12).all()
    assert (one.values <= one.cells.most + 1e-12).all()
    assert not one.flags.any()
