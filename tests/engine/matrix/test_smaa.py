import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.errors import InvalidInput, WeightsError
from apps.engine.matrix.methods.topsis import totals as topsis
from apps.engine.matrix.smaa import smaa, wilson
from apps.engine.matrix.spaces import Bounds, Dirichlet, Ordered, Simplex
from tests.engine.matrix.strategies import QUARTERS, weighted

few = settings(max_examples=25)
SPACES = ["simplex", "ordered", "dirichlet", "bounds"]


def space(kind, w):
    n = w.size
    return {
        "simplex": Simplex(n),
        "ordered": Ordered(tuple(range(n))),
        "dirichlet": Dirichlet(w, 60),
        "bounds": Bounds(np.column_stack([np.zeros(n), np.minimum(1, np.full(n, 2 / n))])),
    }[kind]


@pytest.mark.parametrize("kind", SPACES)
@pytest.mark.parametrize("method", ["weighted-sum", "topsis"])
@few
@given(weighted(QUARTERS, vendors=5, criteria=4), st.integers(0, 99))
def test_places_and_pairs_share_out_every_sample(kind, method, case, seed):
    v, w = case
    found = smaa(v, space(kind, w), 300, seed, method=method)
    assert found.acceptability.sum(axis=0) == pytest.approx(1)
    assert found.acceptability.sum(axis=1) == pytest.approx(1)
    both = found.pairwise + found.pairwise.T
    assert (both <= 1 + 1e-12).all()
    assert (np.diag(found.pairwise) == 0).all()
    never = found.acceptability[:, 0] == 0
    assert np.isnan(found.central[never]).all()
    assert np.isnan(found.confidence[never]).all()
    central = found.central[~never]
    assert central.sum(axis=1) == pytest.approx(1)
    assert (central >= 0).all()
    assert (found.first_low <= found.acceptability[:, 0] + 1e-12).all()
    assert (found.first_high >= found.acceptability[:, 0] - 1e-12).all()


@pytest.mark.parametrize("kind", SPACES)
@few
@given(weighted(QUARTERS, vendors=5, criteria=4), st.integers(0, 99))
def test_places_agree_with_counting_every_sample_by_hand(kind, case, seed):
    v, w = case
    there = space(kind, w)
    found = smaa(v, there, 60, seed)
    drawn = there.prepare(60, seed)(0)
    expected = np.zeros((len(v), len(v)))
    for sample in drawn:
        totals = np.round(v @ (sample / sample.sum()), 12)
        for i, total in enumerate(totals):
            ahead, level = (totals > total).sum(), (totals == total).sum()
            expected[i, ahead : ahead + level] += 1 / level / 60
    assert found.acceptability == pytest.approx(expected)


@few
@given(weighted(QUARTERS, vendors=5, criteria=4))
def test_ties_leave_out_of_a_pair_what_neither_wins(case):
    v, w = case
    twins = np.vstack([v, v[0]])
    found = smaa(twins, Dirichlet(w), 100, 3)
    assert found.pairwise[0, -1] == found.pairwise[-1, 0] == 0
    assert found.acceptability[0] == pytest.approx(found.acceptability[-1])


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_gives_the_same_bytes(seed):
    v = np.random.default_rng(0).random((6, 8))
    one, two = (smaa(v, Simplex(8), 3000, seed) for _ in range(2))
    assert one.acceptability.tobytes() == two.acceptability.tobytes()
    assert one.central.tobytes() == two.central.tobytes()
    assert smaa(v, Simplex(8), 3000, 3).acceptability.tobytes() != one.acceptability.tobytes()


def test_a_vendor_that_dominates_is_always_first():
    found = smaa([[0.9, 0.9], [0.5, 0.8], [0.8, 0.5]], Simplex(2), 2500, 1)
    assert found.acceptability[0].tolist() == [1, 0, 0]
    assert found.confidence[0] == 1
    assert found.first_high[0] == pytest.approx(1)
    assert found.first_low[0] == pytest.approx(0.99847, abs=1e-5)


def test_topsis_in_two_products_orders_as_topsis_does():
    v = np.random.default_rng(2).random((6, 5))
    found = smaa(v, Simplex(5), 400, 9, method="topsis")
    firsts = np.zeros(6)
    for sample in Simplex(5).prepare(400, 9)(0):
        firsts[topsis(v, sample / sample.sum()).argmax()] += 1
    assert found.acceptability[:, 0] == pytest.approx(firsts / 400)


def test_vendors_that_differ_only_where_the_weight_is_lost_in_noise_tie():
    # shape 1/9: a weight below 1e-16 of the total comes up in about 2 % of the samples
    v, w = [[0.0, 1, 0, 0], [0.2, 1, 0, 0]], np.array([1, 5.5, 2.5, 0]) / 9
    found = smaa(v, Dirichlet(w, 1), 2000, 6)
    assert 0.001 < found.acceptability[0, 0] < 0.05
    assert found.pairwise[0, 1] == 0
    assert np.isfinite(found.central[0]).all()


def test_noise_of_the_scores_mixes_the_places():
    v = [[0.6, 0.6], [0.5, 0.5]]
    sure = smaa(v, Simplex(2), 20_000, 1)
    noisy = smaa(v, Simplex(2), 20_000, 1, score_noise=np.full((2, 2), 0.1))
    assert sure.acceptability[0, 0] == 1
    assert noisy.acceptability[0, 0] == pytest.approx(0.8, abs=0.05)
    # at the central weights (1/2, 1/2) the lead is N(0.1, 0.1): P = Phi(1)
    assert noisy.confidence[0] == pytest.approx(0.8413, abs=0.01)
    assert smaa(v, Simplex(2), 500, 1, score_noise=np.zeros((2, 2))).confidence[0] == 1


def test_a_single_sample_puts_everybody_somewhere():
    assert smaa([[1, 0], [0, 1]], Simplex(2), 1, 1).acceptability.sum() == 2


def test_more_vendors_than_a_word_counts_are_counted_right():
    v = np.random.default_rng(4).random((21, 3))
    found = smaa(v, Simplex(3), 2051, 5)
    assert found.pairwise + found.pairwise.T + np.eye(21) == pytest.approx(np.ones((21, 21)))
    places = found.acceptability @ np.arange(21)
    assert places == pytest.approx(found.pairwise.sum(axis=0))


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"n": 0}, InvalidInput),
        ({"values": np.zeros((256, 2))}, InvalidInput),
        ({"space": Simplex(3)}, WeightsError),
        ({"method": "weighted-product"}, InvalidInput),
        ({"score_noise": [[0.1, 0.1]]}, InvalidInput),
        ({"score_noise": [[0.1, -0.1]] * 2}, InvalidInput),
        ({"score_noise": [[0.1, 0.1]] * 2, "method": "topsis"}, InvalidInput),
    ],
)
def test_bad_conditions_are_refused(changes, kind):
    given_ = {"values": [[0, 1], [1, 0]], "space": Simplex(2), "n": 10, "seed": 1}
    with pytest.raises(kind):
        smaa(**(given_ | changes))


def test_the_interval_of_a_share_by_hand():
    # Wilson, p = 0.5, n = 100: (0.5 + 0.0192073) / 1.0384146 -+ 0.0961...
    low, high = wilson(np.array([0.5, 0.0]), 100)
    assert low == pytest.approx([0.40383, 0], abs=1e-5)
    assert high == pytest.approx([0.59617, 0.03699], abs=1e-5)
