"""Scores of a tender with lots, re-opened: one round covers every lot, so that a decided one keeps it shut."""

import pytest

from apps.core.errors import WrongState
from apps.matrix import selectors
from tests.apps.matrix.test_reopening import ask
from tests.conftest import acting_for
from tests.factories import lots as make
from tests.factories import matrix as make_matrix
from tests.factories import reports as make_reports


def standing(stage, code):
    with acting_for(stage.buyer.lead) as lead:
        return selectors.latest_ranking(lead, stage.procurement, make.lot(stage.rfp, code))


def test_every_lot_s_ranking_is_superseded_and_frozen_anew(two_lots):
    before = {code: standing(two_lots, code) for code in "AB"}
    make_matrix.reopened(two_lots)
    assert [standing(two_lots, code) for code in "AB"] == [None, None]
    make_matrix.locked(two_lots)
    for code in "AB":
        after = standing(two_lots, code)
        assert (after.stage, after.scoring_round.number) == ("quality", 2)
        assert before[code].stage == "full"


def test_once_a_lot_is_decided_the_scores_stay_locked(two_lots):
    make_reports.assess(two_lots)
    make.decide(two_lots, "A")
    with pytest.raises(WrongState, match="A lot is decided on these scores"):
        ask(two_lots)
