import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from apps.engine.errors import MissingScores
from apps.engine.matrix.bias import LEVEL, bias, holm
from tests.engine.matrix.strategies import panels

NAN = float("nan")
few = settings(max_examples=40)


def noisy(seed=0, evaluators=5, vendors=4, criteria=12):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 6, (vendors, criteria)).astype(float)
    return truth + rng.normal(0, 0.3, (evaluators, vendors, criteria))


def test_a_vendor_that_one_evaluator_did_not_score_is_no_test_even_of_a_panel_without_error():
    x = np.array([[[3.0, 4.0], [NAN, NAN]], [[3.0, 4.0], [2.0, 5.0]]])
    found = bias(x)
    assert np.isnan(found.favouritism[:, 1]).all()
    assert np.isnan(found.z[:, 1]).all()
    assert not found.favouritism_flags.any()


@few
@given(panels, st.integers(0, 99))
def test_a_severe_evaluator_changes_severity_and_never_favouritism(x, who):
    harsh = x.copy()
    harsh[who % x.shape[0]] -= 0.25
    before, after = bias(x), bias(harsh)
    assert after.favouritism == pytest.approx(before.favouritism, abs=1e-12)
    shift = np.full(x.shape[0], 0.25 / x.shape[0])
    shift[who % x.shape[0]] -= 0.25
    assert after.severity - before.severity == pytest.approx(shift)


@few
@given(panels)
def test_severities_and_favours_cancel_out(x):
    found = bias(x)
    assert found.severity.sum() == pytest.approx(0, abs=1e-12)
    assert found.favouritism.sum(axis=0) == pytest.approx(0, abs=1e-12)
    assert found.favouritism.sum(axis=1) == pytest.approx(0, abs=1e-12)
    shuffled = bias(x[::-1, ::-1])
    assert shuffled.z == pytest.approx(found.z[::-1, ::-1])


def test_severity_is_found_and_flagged():
    x = noisy()
    x[2] -= 1.0
    found = bias(x)
    assert found.severity_flags.tolist() == [False, False, True, False, False]
    assert found.severity[2] == pytest.approx(-0.8, abs=0.1)
    assert not found.favouritism_flags.any()


def test_favouritism_is_found_and_flagged():
    x = noisy()
    x[1, 3] += 1.5
    found = bias(x)
    assert np.argwhere(found.favouritism_flags).tolist() == [[1, 3]]


@pytest.mark.parametrize(("chance", "flagged"), [(1.3e-3, True), (1.4e-3, False)])
def test_two_evaluators_are_flagged_by_the_paired_t_test_after_correction(chance, flagged):
    # Holm doubles the chance of the two equal tests; three standard deviations leave 2.7e-3
    even = np.arange(10) - 4.5
    even /= even.std(ddof=1)
    apart = 1 + even * np.sqrt(10) / stats.t.isf(chance / 2, 9)
    x = np.array([apart, np.zeros(10)])[:, None, :]
    assert stats.ttest_rel(x[0, 0], x[1, 0]).pvalue == pytest.approx(chance)
    found = bias(x, step=0.5)
    assert found.severity.tolist() == pytest.approx([0.5, -0.5])
    assert found.severity_flags.tolist() == [flagged, flagged]


def test_an_effect_below_half_a_step_is_no_alarm():
    x = noisy() / 100
    x[2] -= 0.3
    assert abs(bias(x).t[2]) > 3
    assert not bias(x).severity_flags.any()
    assert bias(x, step=0.1).severity_flags[2]


def test_statistics_match_the_formulas_for_a_complete_panel():
    x = noisy(3)
    e, v, c = x.shape
    centred = x - x.mean(axis=0)
    beta = centred.mean(axis=(1, 2))
    error = ((centred - beta[:, None, None]) ** 2).sum() / ((e - 1) * (v * c - 1))
    found = bias(x)
    assert found.error == pytest.approx(np.sqrt(error))
    assert found.t == pytest.approx(beta / np.sqrt(error * (1 - 1 / e) / (v * c)))
    gamma = centred.mean(axis=2) - beta[:, None]
    deviation = np.sqrt(error * (1 - 1 / e) * (1 - 1 / v) / c)
    assert found.z == pytest.approx(gamma / deviation)


def test_the_statistics_follow_their_distribution():
    rng = np.random.default_rng(11)
    seen = [bias(rng.normal(0, 1, (4, 3, 5))) for _ in range(300)]
    z = np.concatenate([one.z.ravel() for one in seen])
    assert z.std() == pytest.approx(1, abs=0.05)
    assert stats.kstest([one.t[0] for one in seen], stats.t(3 * 14).cdf).pvalue > 0.001


def test_only_cells_that_everybody_scored_count():
    x = noisy()
    x[0, 1, 4] = NAN
    x[3, 2] = NAN
    found = bias(x)
    assert found.cells == 4 * 12 - 12 - 1
    assert np.isnan(found.favouritism[:, 2]).all()
    assert not found.favouritism_flags[:, 2].any()


def test_a_panel_without_any_error_has_infinite_statistics():
    x = np.zeros((2, 2, 2))
    x[0] += 1
    found = bias(x)
    assert found.t.tolist() == [np.inf, -np.inf]
    assert found.severity_flags.tolist() == [True, True]
    assert found.z.tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("shape", [(1, 2, 2), (2, 1, 1)])
def test_one_evaluator_or_one_cell_shows_no_bias(shape):
    with pytest.raises(MissingScores, match="two cells or more"):
        bias(np.zeros(shape))


def test_holm_corrects_for_the_number_of_tests():
    assert holm([0.01, 0.04, 0.03]).tolist() == pytest.approx([0.03, 0.06, 0.06])
    found = holm([0.6, NAN, 0.7])
    assert found[[0, 2]].tolist() == [1, 1]
    assert np.isnan(found[1])
    assert pytest.approx(0.0027, abs=1e-5) == LEVEL
