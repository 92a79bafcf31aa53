import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.engine.errors import ConventionRequired, InvalidInput, MissingScores
from apps.engine.matrix.agreement import LEVELS, alpha, icc, kendall_w, leave_one_out
from tests.engine.matrix.strategies import panels

NAN = float("nan")
few = settings(max_examples=40)


def by_definition(x, level):
    """Alpha from all pairs, without moments or coincidences."""
    units = [u[~np.isnan(u)] for u in np.array(x, dtype=float).T]
    units = [u for u in units if u.size > 1]
    pool = np.sort(np.concatenate(units))
    n = pool.size

    def distance(a, b):
        low, high = min(a, b), max(a, b)
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        if level == "ratio":
            return ((a - b) / (a + b)) ** 2 if a + b else 0.0
        between = ((pool >= low) & (pool <= high)).sum()
        return 0.0 if a == b else (between - ((pool == a).sum() + (pool == b).sum()) / 2) ** 2

    seen = sum(sum(distance(a, b) for a in u for b in u) / (u.size - 1) for u in units) / n
    expected = sum(distance(a, b) for a in pool for b in pool) / (n * (n - 1))
    return 1 - seen / expected if expected else None


@pytest.mark.parametrize("level", LEVELS)
@few
@given(panels, st.integers(0, 2**32))
def test_alpha_equals_its_definition_with_scores_missing(level, x, holes):
    flat = x.reshape(x.shape[0], -1).copy()
    flat[np.random.default_rng(holes).random(flat.shape) < 0.2] = NAN
    assume(((~np.isnan(flat)).sum(axis=0) > 1).any())
    found, expected = alpha(flat, level).value, by_definition(flat, level)
    assert (found is None) == (expected is None)
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))


@pytest.mark.parametrize("level", LEVELS)
@few
@given(panels)
def test_evaluators_who_agree_have_an_alpha_of_one_unless_nothing_varies(level, x):
    same = np.tile(x[0].ravel(), (3, 1))
    found = alpha(same, level)
    if np.ptp(same) == 0:
        assert (found.value, found.verdict) == (None, "no-variation")
    else:
        assert found.value == pytest.approx(1)
        assert found.verdict == "reliable"


@few
@given(panels)
def test_shifting_the_scale_changes_neither_interval_alpha_nor_icc(x):
    flat = x.reshape(x.shape[0], -1)
    assume(flat.shape[1] > 1)
    for found, shifted in [
        (alpha(flat, "interval").value, alpha(flat + 3, "interval").value),
        (icc(flat).two, icc(flat + 3).two),
        (alpha(flat, "ordinal").value, alpha(flat[:, ::-1], "ordinal").value),
        (icc(flat).two, icc(flat[::-1]).two),
        (kendall_w(flat), kendall_w(flat[::-1])),
    ]:
        assert shifted == (None if found is None else pytest.approx(found, abs=1e-6))


def test_the_verdict_follows_krippendorffs_limits():
    assert alpha([[1, 2, 3, 4], [1, 2, 3, 4]], "ordinal").verdict == "reliable"
    assert alpha([[1, 2, 3, 4], [2, 1, 4, 4]], "interval").verdict == "tentative"
    assert alpha([[1, 2, 3, 4], [4, 3, 2, 1]], "ordinal").verdict == "unreliable"


def test_alpha_without_each_evaluator_shows_who_disagrees():
    found = leave_one_out([[1, 2, 3, 4], [1, 2, 3, 4], [4, 3, 2, 1]], "ordinal")
    assert found[2].value == pytest.approx(1)
    assert found[0].value < 0
    assert leave_one_out([[1, 2], [1, 2]], "ordinal") == (None, None)


def test_a_unit_that_one_evaluator_scored_says_nothing():
    found = alpha([[1, 2, 5], [1, 2, NAN]], "ordinal")
    assert (found.units, found.ratings) == (2, 4)
    with pytest.raises(MissingScores, match="two evaluators scored"):
        alpha([[1, NAN], [NAN, 2]], "ordinal")


def test_the_level_of_the_scale_is_named():
    with pytest.raises(ConventionRequired, match="nominal, ordinal, interval, ratio"):
        alpha([[1], [1]], "fuzzy")
    with pytest.raises(InvalidInput, match="below 0"):
        alpha([[-1], [1]], "ratio")


def test_a_negative_intraclass_correlation_is_reported_as_it_is():
    found = icc([[1, 2, 3], [3, 2, 1]])
    assert found.one == pytest.approx(-1)
    assert found.three == pytest.approx(-1)


def test_an_undefined_correlation_is_none():
    same = icc([[2, 2], [2, 2]])
    assert [same.one, same.two, same.three] == [None] * 3
    assert [same.one_mean, same.two_mean, same.three_mean] == [None] * 3


def test_kendalls_w_by_hand():
    # three judges, ranks of four: sums 4 7 8 11, S = 25, W = 12 * 25 / (9 * 60)
    ranks = [[1, 2, 3, 4], [2, 1, 3, 4], [1, 4, 2, 3]]
    assert kendall_w(ranks) == pytest.approx(12 * 25 / (9 * 60))
    assert kendall_w([[1, 2, 3], [10, 20, 90]]) == pytest.approx(1)
    assert kendall_w([[1, 1], [2, 2]]) is None


def test_ties_are_corrected_in_kendalls_w():
    # ranks 1.5 1.5 3 and 1 2 3: sums 2.5 3.5 6, S = 6.5, T = 6
    found = kendall_w([[1, 1, 2], [1, 2, 3]])
    assert found == pytest.approx(12 * 6.5 / (4 * 24 - 2 * 6))


@pytest.mark.parametrize("x", [[[1, NAN], [1, 2]], [[1, 2]], [[1], [2]]])
def test_complete_scores_of_two_by_two_are_the_least(x):
    with pytest.raises(MissingScores, match="two evaluators for at least two units"):
        icc(x)
    with pytest.raises(MissingScores, match="none missing"):
        kendall_w(x)
