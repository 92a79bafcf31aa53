from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings

from apps.engine.errors import InvalidInput
from apps.engine.matrix.inputs import Matrix
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.ranking import Reason, admit, places, rank
from tests.engine.matrix.strategies import weighted

SUM = METHODS["weighted-sum"]


def matrix(values, weights, admitted=()):
    rows, columns = np.shape(values)
    return Matrix(
        vendors=tuple(f"v{i}" for i in range(rows)),
        criteria=tuple(f"c{j}" for j in range(columns)),
        values=values,
        weights=weights,
        admitted=admitted,
    )


def test_only_vendors_that_meet_every_requirement_are_admitted():
    found = admit([[1, 1], [1, 0], [np.nan, 1]])
    assert found.admitted.tolist() == [True, False, False]
    assert found.reasons == ((), (Reason(1, answered=True),), (Reason(0, answered=False),))


def test_a_threshold_is_met_at_its_own_figure():
    found = admit([[3.0, 2.9999], [3.1, 3.0]], [3, 3])
    assert found.admitted.tolist() == [False, True]
    with pytest.raises(InvalidInput, match="one threshold"):
        admit([[1, 1]], [1])


def test_vendors_without_requirements_are_admitted():
    assert admit(np.empty((2, 0))).admitted.tolist() == [True, True]


def test_ties_share_the_better_place():
    found = rank(matrix([[0.5], [1], [0.5], [0]], [1]), SUM)
    assert found.rank == (2, 1, 2, 4)
    assert found.tied_with == ((2,), (), (0,), ())
    assert found.winners == (1,)
    assert found.total.tolist() == [50, 100, 50, 0]


def test_ties_are_decided_on_rounded_values():
    values = [[0.5], [0.5 + 1e-7]]
    assert rank(matrix(values, [1]), SUM, 4).rank == (1, 1)
    assert rank(matrix(values, [1]), SUM, 9).rank == (2, 1)


def test_float_noise_makes_no_difference():
    values = [[0.1, 0.2, 0.7], [0.7, 0.1, 0.2]]
    found = rank(matrix(values, [1 / 3, 1 / 3, 1 / 3]), SUM)
    assert found.rank == (1, 1)


def test_tie_breaks_apply_in_their_published_order():
    values = [[0.5, 0.5], [0.6, 0.4], [0.4, 0.6], [0.1, 0.1]]
    found = rank(matrix(values, [0.5, 0.5]), SUM, tie_breaks=[[1, 1, 0, 0], [0.5, 0.6, 0.4, 0.1]])
    assert found.rank == (2, 1, 3, 4)
    assert found.broken_by == (1, 1, 0, None)
    assert found.tied_with == ((), (), (), ())


def test_vendors_that_are_out_have_no_place_and_move_nobody():
    found = rank(matrix([[1], [0.5]], [1], [False, True]), SUM)
    assert found.rank == (None, 1)
    assert np.isnan(found.total[0])
    assert found.award == (None, Decimal("50.000000000"))


def test_nobody_admitted_means_no_winner():
    found = rank(matrix([[1], [0.5]], [1], [False, False]), SUM)
    assert (found.rank, found.winners) == ((None, None), ())


def test_only_an_additive_method_has_contributions():
    assert rank(matrix([[1, 0]], [0.3, 0.7]), SUM).contribution.tolist() == [[30, 0]]
    found = rank(matrix([[1, 0]], [0.3, 0.7]), METHODS["topsis"])
    assert np.isnan(found.contribution).all()


@settings(max_examples=60)
@given(weighted())
def test_contributions_add_up_to_totals_and_places_count_who_is_ahead(case):
    found = rank(matrix(*case), SUM)
    assert found.contribution.sum(axis=1) == pytest.approx(found.total, abs=1e-10)
    for i, place in enumerate(found.rank):
        assert place == 1 + sum(x > found.award[i] for x in found.award)
        assert all(found.rank[j] == place for j in found.tied_with[i])


def test_places_without_anybody_are_empty():
    assert places([]) == ((), (), ())
