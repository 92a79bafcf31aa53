"""From individual scores to one agreed score per answer, and the lock."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from apps.core.errors import Conflict, Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent
from apps.matrix import selectors
from apps.matrix.models import Consensus, Ranking
from apps.matrix.services import consensus, scoring
from apps.workspace.models import Procurement
from tests.conftest import acting_for
from tests.factories import matrix as make


def agree(stage, user, value="3", reason="Meets anchor 3.", **more):
    with acting_for(user):
        return consensus.agree(
            scoring_round=stage.round_for(user),
            bid=stage.bid(0),
            question=stage.questions["1.01"],
            value=None if value is None else Decimal(value),
            reason=reason,
            actor=user,
            **more,
        )


def test_the_consensus_opens_when_every_score_is_in(begun, buyer):
    with acting_for(buyer.moderator) as moderator, pytest.raises(Incomplete) as refused:
        consensus.open_consensus(scoring_round=begun.round_for(moderator), actor=moderator)
    assert refused.value.sentence == (
        "Scores are still missing: Aisha Rahman: 6; Jonas Berg: 6. Ask the evaluators to finish."
    )
    make.scored(begun)
    with acting_for(buyer.lead) as lead, pytest.raises(NotAllowed):
        consensus.open_consensus(scoring_round=begun.round_for(lead), actor=lead)
    make.in_consensus(begun)
    with acting_for(buyer.moderator) as moderator:
        assert begun.round_for(moderator).phase == "consensus"
        with pytest.raises(WrongState, match="opened already"):
            consensus.open_consensus(scoring_round=begun.round_for(moderator), actor=moderator)


def test_after_the_opening_nobody_scores_alone(agreeing, buyer):
    with acting_for(buyer.evaluator) as evaluator, pytest.raises(WrongState, match="is over"):
        scoring.save(
            scoring_round=agreeing.round_for(evaluator),
            bid=agreeing.bid(0),
            question=agreeing.questions["1.01"],
            value=Decimal(5),
            reason="Too late.",
            actor=evaluator,
        )


def test_the_moderator_records_an_agreement_with_versions(agreeing, buyer):
    first = agree(agreeing, buyer.moderator)
    again = agree(agreeing, buyer.moderator, version=0)
    second = agree(agreeing, buyer.moderator, value="4", version=1)
    assert (first.version, again.pk, second.version) == (1, first.pk, 2)
    with pytest.raises(Conflict) as refused:
        agree(agreeing, buyer.moderator, value="2", version=1)
    assert refused.value.current == {"version": 2}
    with acting_for(buyer.moderator) as moderator:
        standing = selectors.current_consensus(agreeing.round_for(moderator))
        assert [(row.value, row.reason) for row in standing] == [(Decimal(4), "Meets anchor 3.")]


def test_an_agreement_needs_a_score_a_reason_and_the_moderator(agreeing, buyer):
    for value, reason, field in (
        (None, "We agree.", "value"),
        ("7", "We agree.", "value"),
        ("3", " ", "reason"),
    ):
        with pytest.raises(Incomplete) as refused:
            agree(agreeing, buyer.moderator, value=value, reason=reason)
        assert list(refused.value.fields) == [field]
    for person in (buyer.lead, buyer.evaluator, buyer.auditor):
        with pytest.raises(NotAllowed):
            agree(agreeing, person)
    with acting_for(buyer.moderator):
        assert not Consensus.objects.exists()


def test_unanimous_scores_are_adopted_and_the_others_are_left(agreeing, buyer):
    with acting_for(buyer.moderator) as moderator:
        held = agreeing.round_for(moderator)
        assert consensus.adopt_unanimous(scoring_round=held, actor=moderator) == 5
        left = selectors.unagreed(selectors.board(moderator, held))
        assert [(bid.pk, question.code) for bid, question in left] == [
            (agreeing.bids[0].pk, "1.01")
        ]
        assert consensus.adopt_unanimous(scoring_round=held, actor=moderator) == 0
        assert Consensus.objects.count() == 5


def test_the_panel_returns_to_scoring_with_a_reason(agreeing, buyer):
    with acting_for(buyer.moderator) as moderator:
        held = agreeing.round_for(moderator)
        with pytest.raises(Incomplete) as refused:
            consensus.return_to_scoring(scoring_round=held, reason=" ", actor=moderator)
        assert refused.value.fields == {"reason": "Say why the panel goes back to scoring."}
        consensus.return_to_scoring(
            scoring_round=held, reason="An anchor was misread.", actor=moderator
        )
        assert agreeing.round_for(moderator).phase == "independent"
        event = AuditEvent.objects.get(action="scoring.return to scoring")
        assert "An anchor was misread." in event.payload


def test_the_lock_needs_every_agreement_and_changes_nothing_when_refused(agreeing, buyer):
    with acting_for(buyer.moderator) as moderator:
        held = agreeing.round_for(moderator)
        consensus.adopt_unanimous(scoring_round=held, actor=moderator)
        with pytest.raises(Incomplete) as refused:
            consensus.lock(scoring_round=held, actor=moderator)
    letter = agreeing.bid(0).letter
    assert refused.value.sentence == f"1 score is not agreed yet: 1.01 of bid {letter}."
    with acting_for(buyer.lead) as lead:
        assert agreeing.round_for(lead).phase == "consensus"
        assert not Ranking.objects.exists()


def test_the_lock_freezes_the_ranking_on_quality_and_opens_the_way_to_prices(opened, buyer):
    make.to_lock(opened)
    with acting_for(buyer.lead) as lead:
        assert opened.round_for(lead).phase == "locked"
        assert Procurement.objects.get(pk=opened.procurement.pk).phase == "commercial"
        frozen = Ranking.objects.get()
        assert (frozen.stage, frozen.number, frozen.frozen_by) == ("quality", 1, buyer.moderator)
        actions = AuditEvent.objects.order_by("seq").values_list("action", flat=True)
        assert list(actions)[-3:] == [
            "scoring.lock",
            "procurement.evaluate price",
            "ranking.freeze",
        ]
    with pytest.raises(WrongState, match="while the consensus is open"):
        agree(opened, buyer.moderator)
    with acting_for(buyer.moderator) as moderator, pytest.raises(WrongState, match="locked"):
        consensus.return_to_scoring(
            scoring_round=opened.round_for(moderator), reason="Why not.", actor=moderator
        )
    with acting_for(buyer.moderator) as moderator, pytest.raises(WrongState):
        consensus.lock(scoring_round=opened.round_for(moderator), actor=moderator)


def test_agreements_are_append_only_in_the_database(agreeing, buyer):
    agreed = agree(agreeing, buyer.moderator)
    with acting_for(buyer.moderator):
        with pytest.raises(DatabaseError), transaction.atomic():
            Consensus.objects.filter(pk=agreed.pk).update(value=Decimal(5))
        assert Consensus.objects.get().value == Decimal(3)
