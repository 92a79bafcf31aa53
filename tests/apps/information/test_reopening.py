"""Scores of a request for information, re-opened: before its shortlist, and not once vendors were told."""

import pytest

from apps.core.errors import WrongState
from apps.workspace.models import Procurement
from tests.apps.matrix.test_reopening import ask
from tests.conftest import acting_for
from tests.factories import information as make
from tests.factories import matrix as make_matrix


def phase_of(stage):
    with acting_for(stage.buyer.lead):
        return Procurement.objects.get(pk=stage.procurement.pk).phase


def test_no_shortlist_is_chosen_until_the_scores_are_locked_again(information_locked):
    make_matrix.reopened(information_locked)
    assert phase_of(information_locked) == "technical"
    with pytest.raises(WrongState, match="after its scores are locked"):
        make.propose(information_locked)
    make_matrix.locked(information_locked)
    assert phase_of(information_locked) == "shortlist"
    make.propose(information_locked)


def test_a_proposed_shortlist_is_dropped_first(information_locked):
    make.propose(information_locked)
    with pytest.raises(WrongState, match="A shortlist is proposed on this ranking"):
        ask(information_locked)


def test_a_confirmed_shortlist_keeps_the_scores_locked(information_decided):
    with pytest.raises(WrongState, match="The shortlist is confirmed"):
        ask(information_decided)
