from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.errors import (
    ConventionRequired,
    InconsistentComparison,
    InvalidInput,
    WeightsError,
)
from apps.engine.matrix.weights import (
    Node,
    ahp,
    check,
    rank_order_centroid,
    rank_sum,
    roll_up,
    swing,
)


def node(name, parent=None, weight=None, mode=None):
    return Node(name, parent, None if weight is None else Decimal(weight), mode)


def flat(mode, *weights):
    leaves = [node(f"c{i}", "all", weight) for i, weight in enumerate(weights)]
    return check([node("all", mode=mode), *leaves])


def test_a_leaf_weighs_the_product_of_the_shares_above_it():
    tree = check(
        [
            node("all", mode="percent"),
            node("quality", "all", "60", "points"),
            node("price", "all", "40"),
            node("staff", "quality", "3"),
            node("plan", "quality", "1"),
        ]
    )
    assert tree.leaves == ("price", "staff", "plan")
    assert roll_up(tree).tolist() == [0.4, 0.45, 0.15]
    assert tree.top == ("quality", "price")
    assert tree.converted == ("quality",)
    assert tree.share("staff", "quality") == Fraction(3, 4)
    assert tree.share("price", "quality") == 0


@pytest.mark.parametrize(
    ("mode", "weights", "shares"),
    [
        ("percent", ("33.4", "33.3", "33.3"), (0.334, 0.333, 0.333)),
        ("shares", ("0.5", "0.3", "0.2"), (0.5, 0.3, 0.2)),
        ("points", ("5", "3", "0"), (0.625, 0.375, 0)),
        ("swing", ("100", "60"), (0.625, 0.375)),
        ("rank-order-centroid", ("2", "1"), (0.25, 0.75)),
        ("rank-sum", ("1", "2"), (2 / 3, 1 / 3)),
    ],
)
def test_every_way_of_weighting_gives_shares(mode, weights, shares):
    tree = flat(mode, *weights)
    assert roll_up(tree) == pytest.approx(shares, abs=1e-15)
    assert bool(tree.converted) == (mode not in {"percent", "shares"})


@pytest.mark.parametrize(
    ("mode", "weights", "sentence"),
    [
        ("percent", ("33.3", "33.3", "33.3"), "Under all: Weights add up to 99.9"),
        ("percent", ("70", "40"), "add up to 110"),
        ("shares", ("0.5", "0.49"), "must add up to 1"),
        ("points", ("0", "0"), "at least one weight above 0"),
        ("swing", ("90", "60"), "largest swing 100"),
        ("rank-sum", ("1", "3"), "1 to 2"),
        ("rank-sum", ("1.5", "2"), "1 to 2"),
        (None, ("50", "50"), "Say how all weighs"),
    ],
)
def test_wrong_weights_are_refused_at_their_level(mode, weights, sentence):
    with pytest.raises(WeightsError, match=sentence) as raised:
        flat(mode, *weights)
    assert raised.value.path == "all"


@pytest.mark.parametrize("weight", ["-1", "NaN", None])
def test_a_weight_is_zero_or_more(weight):
    with pytest.raises(WeightsError, match="weight of 0 or more"):
        flat("points", "5", weight)


@pytest.mark.parametrize(
    ("nodes", "sentence"),
    [
        ([node("a"), node("a", "a", 1)], "id of its own"),
        ([node("a"), node("b")], "exactly one node without a parent"),
        ([node("a"), node("b", "x", 1)], "not in the list"),
        ([node("a", weight=1), node("b", "a", 1)], "it is the whole"),
        ([node("a"), node("b", "c", 1), node("c", "b", 1)], "inside itself"),
    ],
)
def test_a_tree_has_one_root_and_no_circle(nodes, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        check(nodes)


def test_swing_ratings_become_shares_of_their_sum():
    assert swing([100, 50, 50]).tolist() == [0.5, 0.25, 0.25]


@pytest.mark.parametrize("ratings", [[], [90, 10], [100, -1], [101, 100]])
def test_the_largest_swing_is_exactly_100(ratings):
    with pytest.raises(WeightsError, match="largest swing 100"):
        swing(ratings)


def test_rank_sum_falls_in_equal_steps():
    assert rank_sum(4) == pytest.approx([0.4, 0.3, 0.2, 0.1])


@pytest.mark.parametrize("weigh", [rank_sum, rank_order_centroid])
def test_nothing_cannot_be_ranked(weigh):
    with pytest.raises(WeightsError, match="at least one"):
        weigh(0)


@given(st.integers(1, 40))
def test_rank_weights_add_up_to_one_and_fall(n):
    for weigh in (rank_sum, rank_order_centroid):
        w = weigh(n)
        assert w.sum() == pytest.approx(1, abs=1e-12)
        assert (np.diff(w) < 0).all()


def test_two_criteria_are_always_consistent():
    found = ahp([[1, 3], [1 / 3, 1]], "saaty_1980")
    assert found.weights == pytest.approx([0.75, 0.25])
    assert (found.ci, found.cr) == (0, 0)


def test_consistent_comparisons_give_back_their_weights():
    w = np.array([0.5, 0.3, 0.2])
    found = ahp(w[:, None] / w, "alonso_lamata")
    assert found.weights == pytest.approx(w)
    assert found.cr == pytest.approx(0, abs=1e-12)
    assert found.acceptable


def test_circular_comparisons_are_not_acceptable():
    found = ahp([[1, 5, 1 / 5], [1 / 5, 1, 5], [5, 1 / 5, 1]], "saaty_1980")
    assert found.cr > 1
    assert not found.acceptable


def test_the_table_of_random_indices_is_named_and_reaches_far_enough():
    with pytest.raises(ConventionRequired, match="saaty_1980"):
        ahp([[1]], None)
    with pytest.raises(ConventionRequired, match="saaty_1980"):
        ahp([[1]], "my_table")
    with pytest.raises(ConventionRequired, match="ends before 16"):
        ahp(np.ones((16, 16)), "saaty_1980")
    assert ahp(np.ones((16, 16)), "alonso_lamata").cr == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("matrix", "sentence"),
    [
        ([[1, 2]], "every criterion with every other"),
        ([[1, 0], [1, 1]], "above 0"),
        ([[1, 2], [2, 1]], "reciprocal"),
        ([[2.0]], "reciprocal"),
    ],
)
def test_comparisons_are_square_positive_and_reciprocal(matrix, sentence):
    with pytest.raises(InconsistentComparison, match=sentence):
        ahp(matrix, "saaty_1980")
