from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.errors import InvalidInput, MissingScores, WeightsError
from apps.engine.matrix.influence import influence, margin_noise
from tests.engine.matrix.strategies import panels

NAN = float("nan")
few = settings(max_examples=40)

# Three evaluators, two vendors, one criterion: the third alone carries the first vendor.
SPLIT = np.array([[[0.4], [0.5]], [[0.4], [0.5]], [[1.0], [0.2]]])


def firsts(x, w, fixed=0.0):
    """Winners under the mean of the given scores, from the definition."""
    given_ = ~np.isnan(x)
    mean = np.where(given_, x, 0).sum(axis=0) / np.maximum(given_.sum(axis=0), 1)
    totals = np.round(mean @ w + fixed, 12)
    return tuple(int(i) for i in np.flatnonzero(totals == totals.max()))


def test_an_evaluator_without_whom_the_award_turns_is_pivotal():
    found = influence(SPLIT, [1.0])
    assert found.winners == (0,)
    assert found.margin == pytest.approx(0.2)
    assert found.pivotal == (2,)
    assert [one.winners for one in found.singles] == [(0,), (0,), (1,)]
    assert [one.evaluators for one in found.pairs] == [(0, 1), (0, 2), (1, 2)]
    assert [one.changed for one in found.pairs] == [False, True, True]


def test_banzhaf_counts_how_often_joining_changes_who_wins():
    found = influence(SPLIT, [1.0])
    # without 2: {0}, {1}, {0, 1} all turn over; without 0: {1}, {2}, {1, 2}: none does
    assert found.banzhaf.tolist() == [0, 0, 1]


def test_what_nobody_scored_counts_as_it_is():
    found = influence(SPLIT, [1.0], fixed=[0.0, 0.3])
    assert found.winners == (1,)
    halved = influence(SPLIT, [1.0], factor=[0.5, 1.0])
    assert halved.winners == (1,)
    assert halved.margin == pytest.approx(0.1)


@few
@given(panels, st.integers(0, 2**32))
def test_dropping_evaluators_equals_counting_again(x, seed):
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.ones(x.shape[2]))
    holed = np.where(rng.random(x.shape) < 0.2, NAN, x)
    fixed = rng.integers(0, 3, x.shape[1]) / 4
    for scores in (x, holed):
        found = influence(scores, w, fixed)
        assert found.winners == firsts(scores, w, fixed)
        for one in (*found.singles, *found.pairs):
            left = np.delete(scores, one.evaluators, axis=0)
            assert one.winners == firsts(left, w, fixed)
            assert one.changed == (one.winners != found.winners)


@few
@given(panels)
def test_banzhaf_equals_its_definition(x):
    w = np.full(x.shape[2], 1 / x.shape[2])
    size = x.shape[0]
    found = influence(x, w).banzhaf
    for e in range(size):
        others = [i for i in range(size) if i != e]
        subsets = [list(s) for k in range(1, size) for s in combinations(others, k)]
        changed = [firsts(x[[*s, e]], w) != firsts(x[s], w) for s in subsets]
        assert found[e] == pytest.approx(np.mean(changed))


@few
@given(panels)
def test_one_score_really_ties_the_award(x):
    w = np.full(x.shape[2], 1 / x.shape[2])
    found = influence(x, w)
    change = found.one_score
    if change is None:
        return
    moved = x.copy()
    moved[change.evaluator, change.vendor, change.criterion] += change.change
    assert -1e-12 <= moved[change.evaluator, change.vendor, change.criterion] <= 1 + 1e-12
    totals = moved.mean(axis=0) @ w
    assert totals[change.rival] == pytest.approx(totals[int(np.argmax(x.mean(axis=0) @ w))])


def test_the_least_change_of_one_score_by_hand():
    # lead 0.2, three evaluators, weight 1: one score has to move by 0.6
    change = influence(SPLIT, [1.0]).one_score
    assert abs(change.change) == pytest.approx(0.6)
    assert (change.vendor, change.evaluator, change.change) == (1, 2, pytest.approx(0.6))


def test_where_the_rival_has_no_room_the_winner_has_to_lose():
    # lead 0.1 * 0.2; the rival would need 0.4 where it has 0.2 left, or has nothing left at all
    scores = np.tile([[[1.0, 1.0], [1.0, 0.8]]], (2, 1, 1))
    change = influence(scores, [0.9, 0.1]).one_score
    assert (change.vendor, change.criterion, change.rival) == (0, 0, 1)
    assert change.change == pytest.approx(-0.02 * 2 / 0.9)


def test_a_factor_makes_a_score_count_for_less():
    change = influence(SPLIT, [1.0], factor=[1.0, 0.9]).one_score
    # lead 0.6 - 0.36; the rival's scores count 0.9, the winner's in full
    assert (change.vendor, change.change) == (0, pytest.approx(-0.24 * 3))
    change = influence(SPLIT, [1.0], factor=[0.75, 1.0]).one_score
    assert (change.vendor, change.change) == (1, pytest.approx(0.05 * 3))


def test_no_single_score_can_bridge_a_wide_gap():
    far = np.array([[[1.0], [0.0]], [[1.0], [0.0]]])
    assert influence(far, [1.0]).one_score is None


def test_one_vendor_has_no_rival():
    found = influence(np.ones((2, 1, 1)), [1.0])
    assert (found.winners, found.margin, found.one_score) == ((0,), 0, None)


def test_one_evaluator_decides_alone():
    found = influence(SPLIT[:1], [1.0])
    assert (found.singles, found.pairs) == ((), ())
    assert found.banzhaf.tolist() == [1]


def test_up_to_twelve_evaluators_every_subset_is_tried():
    assert influence(np.tile(SPLIT, (4, 1, 1)), [1.0]).banzhaf.shape == (12,)


def test_a_large_panel_is_sampled_from_a_seed():
    x = np.tile(SPLIT, (5, 1, 1))
    with pytest.raises(InvalidInput, match="Name a seed"):
        influence(x, [1.0])
    one, two = (influence(x, [1.0], seed=4).banzhaf for _ in range(2))
    assert one.tobytes() == two.tobytes()
    assert one[2::3].min() > one[0::3].max()


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"w": [0.5, 0.5]}, WeightsError),
        ({"w": [-1.0]}, WeightsError),
        ({"x": np.empty((0, 2, 1))}, WeightsError),
        ({"fixed": [1.0]}, InvalidInput),
        ({"factor": [1.0]}, InvalidInput),
    ],
)
def test_a_panel_is_valid_by_construction(change, kind):
    with pytest.raises(kind):
        influence(**({"x": SPLIT, "w": [1.0]} | change))


def test_the_lead_is_compared_with_how_evaluators_differ_about_it():
    found = margin_noise(SPLIT, [1.0], 1)
    lead = np.array([-0.1, -0.1, 0.8])
    assert found.winner == 0
    assert found.t[1] == pytest.approx(lead.mean() / (lead.std(ddof=1) / np.sqrt(3)))
    # behind only if the third is drawn in none of three draws: (2/3)^3
    assert found.ahead[1] == pytest.approx(1 - 8 / 27, abs=0.015)
    assert np.isnan(found.t[0])
    assert np.isnan(found.ahead[0])
    assert found.judged


def test_a_lead_about_which_all_agree_is_certain():
    same = np.tile([[[0.75], [0.5]]], (3, 1, 1))
    found = margin_noise(same, [1.0], 1)
    assert found.t[1] == np.inf
    assert found.ahead[1] == 1


def test_fewer_than_three_evaluators_cannot_be_judged():
    found = margin_noise(SPLIT[:2], [1.0], 1)
    assert (found.judged, found.draws) == (False, 0)
    assert np.isnan(found.ahead).all()


def test_the_noise_of_a_panel_needs_every_score():
    holed = SPLIT.copy()
    holed[0, 0, 0] = NAN
    with pytest.raises(MissingScores, match="every evaluator"):
        margin_noise(holed, [1.0], 1)
