"""A conflict found after the lock: recorded, and it asks for the scores to be agreed anew."""

import json
from decimal import Decimal

import pytest

from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent
from apps.matrix import selectors
from apps.matrix.models import Reopening, ScoringRound
from apps.matrix.selectors.recusals import conflicts_page
from apps.matrix.services import consensus, scoring
from apps.reports.selectors import sections
from tests.apps.matrix.test_recusals import name, recuse, settle
from tests.apps.matrix.test_reopening import confirm, drop, standing
from tests.conftest import acting_for
from tests.factories import matrix as make


def request_of(stage):
    with acting_for(stage.buyer.lead):
        return Reopening.objects.get()


def test_the_frozen_figures_stay_and_a_new_round_is_asked_for(locked, buyer):
    before = standing(locked)
    with acting_for(buyer.lead) as lead:
        held = locked.round_for(lead)
        scores = set(selectors.scores_visible_to(lead, held).values_list("pk", flat=True))
        agreed = set(selectors.current_consensus(held).values_list("pk", flat=True))
        shown = sections.panel(before)
    recuse(locked, buyer.evaluator)
    assert standing(locked) == before
    asked = request_of(locked)
    assert (asked.state, asked.requested_by) == ("requested", buyer.lead)
    assert asked.recusal_id
    assert "3 answers of its bid were agreed with scores of theirs" in asked.reason
    with acting_for(buyer.lead) as lead:
        held = locked.round_for(lead)
        # Never a silently other number: the locked round reads as it was locked.
        assert set(selectors.scores_visible_to(lead, held).values_list("pk", flat=True)) == scores
        assert set(selectors.current_consensus(held).values_list("pk", flat=True)) == agreed
        rows = {row["name"]: row["interests"] for row in sections.panel(before)["rows"]}
        assert shown["rows"] != sections.panel(before)["rows"]
        assert rows["Aisha Rahman"].startswith("conflict with Velora Connect found after the lock")
        told = json.loads(AuditEvent.objects.get(action="panel.settle_conflict").payload)["details"]
        assert told["asks_to_reopen"] == str(asked.pk)


def test_who_settled_it_neither_confirms_nor_drops_it(locked, buyer):
    recuse(locked, buyer.evaluator)
    asked = request_of(locked)
    with pytest.raises(NotAllowed, match="A second person"):
        confirm(locked, asked, buyer.lead)
    with pytest.raises(NotAllowed, match="A second person"):
        drop(locked, asked, buyer.lead)


def test_in_the_new_round_their_scores_leave_every_figure(locked, buyer):
    recuse(locked, buyer.evaluator)
    confirm(locked, request_of(locked))
    first = locked.bids[0].pk
    with acting_for(buyer.moderator) as moderator:
        held = locked.round_for(moderator)
        left = selectors.unagreed(selectors.board(moderator, held))
        assert {bid.pk for bid, _question in left} == {first}
        assert len(left) == 3
        with pytest.raises(Incomplete, match="3 scores are not agreed yet"):
            consensus.lock(scoring_round=held, actor=moderator)
    make.locked(make.agreed(locked))
    after = standing(locked)
    sheets = json.loads(after.record)["case"]["individual"]
    assert str(first) not in sheets[str(buyer.evaluator.pk)]
    assert str(first) in sheets[str(buyer.evaluator2.pk)]
    with acting_for(buyer.lead) as lead:
        old = ScoringRound.objects.get(number=1)
        theirs = selectors.scores_visible_to(lead, old).filter(evaluator=buyer.evaluator, bid=first)
        assert theirs.count() == 3


def test_none_of_the_vendors_asks_for_nothing(locked, buyer):
    settle(locked, name(locked, buyer.evaluator, "Somebody else"), None)
    with acting_for(buyer.lead):
        assert not Reopening.objects.exists()


def test_a_conflict_of_who_gave_no_score_asks_for_nothing(opened, buyer):
    make.begun(opened, buyer.evaluator2)
    _score_alone(opened, buyer.evaluator2)
    make.locked(make.agreed(make.in_consensus(opened)))
    recuse(opened, buyer.evaluator)
    with acting_for(buyer.lead):
        assert not Reopening.objects.exists()


def _score_alone(stage, person):
    with acting_for(person):
        held, every = make.cells(stage, person)
        for bid, question in every:
            scoring.save(
                scoring_round=held,
                bid=bid,
                question=question,
                value=Decimal(3),
                reason="Meets anchor 3.",
                actor=person,
            )


def test_the_page_says_what_naming_does_now(locked, buyer):
    with acting_for(buyer.evaluator) as evaluator:
        desk = selectors.desk_for(evaluator, procurement_id=locked.procurement.pk)
        page = conflicts_page(evaluator, desk)
    assert (page.may_name, page.late) == (True, True)


def test_while_it_waits_nothing_is_decided_on_the_scores(locked, buyer):
    waits = name(locked, buyer.evaluator)
    with acting_for(buyer.lead) as lead:
        case = selectors.desk_for(lead, procurement_id=locked.procurement.pk).procurement
        with pytest.raises(WrongState, match="Aisha Rahman named a conflict"):
            selectors.require_standing(case)
    settle(locked, waits)
    with acting_for(buyer.lead), pytest.raises(WrongState, match="asks to re-open"):
        selectors.require_standing(case)
    drop(locked, request_of(locked), buyer.approver)
    with acting_for(buyer.lead):
        selectors.require_standing(case)
