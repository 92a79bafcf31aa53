import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from apps.engine.errors import WeightsError
from apps.engine.matrix.spaces import (
    CHUNK,
    Bounds,
    Dirichlet,
    Ordered,
    Simplex,
    chunk_sizes,
    gammas,
    generator,
    hit_and_run,
    order_of,
)


def cloud(space, n, seed=1):
    chunks = space.prepare(n, seed)
    drawn = np.concatenate([chunks(i) for i in range(len(chunk_sizes(n)))])
    return drawn / drawn.sum(axis=1, keepdims=True)


def test_samples_come_in_chunks():
    assert chunk_sizes(CHUNK * 2 + 5) == [CHUNK, CHUNK, 5]
    assert chunk_sizes(CHUNK) == [CHUNK]
    assert cloud(Simplex(3), CHUNK + 7).shape == (CHUNK + 7, 3)


def test_all_weights_are_equally_likely_on_the_simplex():
    w = cloud(Simplex(4), 40_000)
    assert w.mean(axis=0) == pytest.approx([0.25] * 4, abs=0.005)
    # a weight is a beta variate of parameters one and three, whose variance is that
    assert w.var(axis=0) == pytest.approx([3 / 80] * 4, rel=0.05)
    assert Simplex(4).shape.tolist() == [1] * 4


def test_ordered_weights_keep_their_order_and_average_to_the_centroid():
    w = cloud(Ordered((2, 0, 1)), 40_000)
    assert (w[:, 2] >= w[:, 0]).all()
    assert (w[:, 0] >= w[:, 1]).all()
    assert w.mean(axis=0) == pytest.approx([0.2778, 0.1111, 0.6111], abs=0.005)
    assert Ordered((2, 0, 1)).shape.tolist() == [1] * 3


def test_the_order_of_stated_weights():
    assert order_of([0.2, 0.5, 0.3]) == Ordered((1, 2, 0))


def test_a_dirichlet_cloud_lies_around_the_stated_weights():
    w = cloud(Dirichlet([0.2, 0.5, 0.3, 0.0], 60), 40_000)
    assert w.mean(axis=0) == pytest.approx([0.2, 0.5, 0.3, 0], abs=0.005)
    assert w[:, 0].std() == pytest.approx(np.sqrt(0.2 * 0.8 / 61), rel=0.03)
    assert Dirichlet([0.2, 0.5, 0.3, 0.0]).shape.tolist() == [12, 30, 18, 0]


def test_gamma_variates_of_any_shape_follow_their_distribution():
    shape = np.array([0.02, 0.3, 0.97, 1.0, 4.0])
    drawn = gammas(generator(7), shape, 20_000)
    for variates, a in zip(drawn.T, shape, strict=True):
        assert kstest(variates, "gamma", args=(a,)).pvalue > 0.001
    assert np.abs(np.corrcoef(drawn.T) - np.eye(5)).max() < 0.03


def test_shapes_of_one_or_more_are_drawn_as_numpy_draws_them():
    shape = np.array([1.0, 12.0, 0.0])
    drawn = gammas(generator(7), shape, 300)
    assert (drawn == generator(7).standard_gamma(shape, (300, 3))).all()


def test_a_weight_of_nothing_stays_nothing_beside_the_smallest_one():
    drawn = gammas(generator(7), np.array([0.0, 5e-324, 0.5]), 300)
    assert (drawn[:, :2] == 0).all()
    assert (drawn[:, 2] > 0).all()


def test_a_sample_that_underflows_altogether_takes_the_stated_weights():
    w = cloud(Dirichlet([0.5, 0.5], 1e-4), 200)
    assert np.isfinite(w).all()
    assert (w == [0.5, 0.5]).all(axis=1).any()


@pytest.mark.parametrize(
    "ends",
    [
        [[0.1, 0.5], [0.2, 0.6], [0.1, 0.4]],
        [[0.25, 0.35], [0.25, 0.35], [0.3, 0.5]],
        [[0.5, 0.5], [0.1, 0.4], [0.1, 0.4]],
    ],
)
def test_bounded_weights_stay_inside_their_bounds(ends):
    w = cloud(Bounds(ends), 5000)
    low, high = np.array(ends).T
    assert (w >= low - 1e-12).all()
    assert (w <= high + 1e-12).all()


def test_rejection_and_hit_and_run_draw_from_the_same_distribution():
    ends = np.array([[0.1, 0.5], [0.2, 0.6], [0.1, 0.4]])
    rejected = cloud(Bounds(ends), 40_000)
    walked = hit_and_run(ends, 40_000, generator(3))
    assert walked.sum(axis=1) == pytest.approx(1)
    assert walked.mean(axis=0) == pytest.approx(rejected.mean(axis=0), abs=0.005)
    assert walked.std(axis=0) == pytest.approx(rejected.std(axis=0), rel=0.05)


def test_a_space_too_narrow_for_rejection_is_walked():
    n = 12
    ends = np.column_stack([np.full(n, 0.05), np.full(n, 0.10)])
    w = cloud(Bounds(ends), 3000)
    assert w.shape == (3000, n)
    assert w.sum(axis=1) == pytest.approx(1)
    assert w.mean(axis=0) == pytest.approx([1 / 12] * n, abs=0.004)
    assert w.std() > 0.005


@pytest.mark.parametrize("ends", [[[0.4, 0.4], [0.6, 0.6]], [[1, 1], [0, 0]]])
def test_bounds_that_leave_one_point_give_that_point(ends):
    assert (
        hit_and_run(np.array(ends, dtype=float), 5, generator(1)).tolist()
        == [[end[0] for end in ends]] * 5
    )


def test_a_weight_that_may_be_zero_only_has_no_shape():
    assert Bounds([[0, 0], [0, 1]]).shape.tolist() == [0, 1]
    assert Bounds([[0, 0], [0, 1]]).criteria == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda: Simplex(0),
        lambda: Ordered(()),
        lambda: Ordered((0, 0)),
        lambda: Dirichlet([0.5, 0.6]),
        lambda: Dirichlet([0.5, 0.5], 0),
        lambda: Bounds(np.empty((0, 2))),
        lambda: Bounds([[0.1, 0.2, 0.3]]),
        lambda: Bounds([[np.nan, 1]]),
        lambda: Bounds([[-0.1, 1]]),
        lambda: Bounds([[0, 1.1]]),
        lambda: Bounds([[0.6, 0.5], [0, 1]]),
        lambda: Bounds([[0.6, 1], [0.6, 1]]),
        lambda: Bounds([[0, 0.4], [0, 0.4]]),
    ],
)
def test_an_impossible_space_is_refused(make):
    with pytest.raises(WeightsError):
        make()


@settings(max_examples=20)
@given(st.integers(1, 6), st.integers(1, 3000), st.integers(0, 2**53))
def test_every_space_gives_as_many_samples_as_asked(criteria, n, seed):
    w = np.full(criteria, 1 / criteria)
    ends = np.column_stack([np.zeros(criteria), np.ones(criteria)])
    for space in (Simplex(criteria), Dirichlet(w), Bounds(ends), order_of(w)):
        assert cloud(space, n, seed).shape == (n, criteria)
