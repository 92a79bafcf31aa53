"""Statements, the proposal and its approval by a second person."""

import hashlib

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent
from apps.decision import selectors, services
from apps.decision.models import Decision, Statement
from apps.decision.states import DecisionState
from apps.engine import cases
from apps.workspace.states import Phase, Role
from tests.conftest import seat
from tests.factories import decision, pricing, readiness
from tests.factories.decision import evidence_of, page_for

pytestmark = pytest.mark.usefixtures("db")


# Statements


def test_a_statement_is_kept_with_its_evidence_and_the_newest_stands(buyer, set_clock, acting):
    found = pricing.sealed(buyer, ())
    decision.state(found, "build.able", "yes", "First.")
    decision.state(found, "build.able", "no", "Second, after the board.")
    held = evidence_of(acting, buyer.lead, found)["build.able"]
    assert held == {
        "value": False,
        "source": "Stated by Ines Kovac: Second, after the board.",
    }
    with acting(buyer.lead):
        assert Statement.objects.count() == 2


@pytest.mark.parametrize(
    ("fact", "value", "evidence", "field"),
    [
        ("build.able", "maybe", "A paper.", "value"),
        ("build.able", "yes", "   ", "evidence"),
        ("build.able", "yes", "x" * 8001, "evidence"),
        ("contacts.routine_share", "55", "A count.", "value"),
        ("contacts.routine_share", "half", "A count.", "value"),
        ("contacts.stakes", "huge", "A view.", "value"),
        ("readiness.score", "99", "Trust me.", "fact"),
        ("nothing.known", "yes", "A paper.", "fact"),
    ],
)
def test_a_wrong_statement_gets_a_sentence_and_is_not_kept(
    buyer, acting, fact, value, evidence, field
):
    found = pricing.sealed(buyer, ())
    with pytest.raises(Incomplete) as refused:
        decision.state(found, fact, value, evidence)
    assert list(refused.value.fields) == [field]
    with acting(buyer.lead):
        assert Statement.objects.count() == 0


def test_statements_cannot_be_rewritten(buyer, acting):
    found = pricing.sealed(buyer, ())
    decision.state(found, "build.able", "no")
    with acting(buyer.lead):
        for change in (
            lambda: Statement.objects.update(value="yes"),
            lambda: Statement.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


# Proposing and approving


def test_a_proposal_freezes_the_walk_and_replays_the_same(ready, buyer, acting):
    made = decision.propose(ready)
    with acting(buyer.lead):
        kept = Decision.objects.get(pk=made.pk)
    raw = kept.record.encode()
    assert hashlib.sha256(raw).hexdigest() == kept.digest
    record = cases.Record.from_bytes(raw)
    assert record.to_bytes() == raw
    assert cases.replay(record).same
    assert (kept.state, kept.recommendation, kept.outcome) == (
        DecisionState.PROPOSED,
        "outsource",
        "outsource",
    )


def test_a_second_person_approves_and_the_procurement_is_decided(ready, buyer, acting):
    decision.approve(ready, decision.propose(ready))
    with acting(buyer.lead):
        kept = Decision.objects.get()
        assert kept.state == DecisionState.APPROVED
        assert kept.approved_by_id == buyer.approver.pk
        assert ready.procurement.phase == Phase.DECIDED
    page = page_for(acting, buyer.executive, ready)
    assert page.finding.text == "Decided: Outsource to the leader under its pricing model."
    assert (page.frozen, page.may_state, page.may_propose, page.may_approve) == (
        True,
        False,
        False,
        False,
    )
    with pytest.raises(WrongState):
        decision.state(ready, "build.able", "yes")
    with pytest.raises(WrongState):
        decision.propose(ready)


def test_another_outcome_is_an_override_and_called_that(ready, buyer, acting):
    decision.propose(ready, "keep_in_house", "The union agreement of November forbids it.")
    page = page_for(acting, buyer.approver, ready)
    assert page.taken.overridden
    assert page.finding.text == (
        "Proposed, waiting for approval: Keep in-house and invest, against the recommendation of "
        "the tree."
    )
    with acting(buyer.lead):
        event = AuditEvent.objects.get(action="decision.propose")
    assert '"overridden":true' in event.payload


@pytest.mark.parametrize(
    ("outcome", "rationale", "field"),
    [
        ("outsource", "  ", "rationale"),
        ("outsource", "x" * 8001, "rationale"),
        ("keep_in_house", "", "rationale"),
        ("to_the_moon", "Because.", "outcome"),
    ],
)
def test_an_incomplete_proposal_is_refused(sole, buyer, acting, outcome, rationale, field):
    with pytest.raises(Incomplete) as refused:
        decision.propose(sole, outcome, rationale)
    assert list(refused.value.fields) == [field]
    with acting(buyer.lead):
        assert Decision.objects.count() == 0


def test_one_proposal_at_a_time_and_none_before_prices(sole):
    decision.propose(sole)
    with pytest.raises(WrongState, match="has been proposed already"):
        decision.propose(sole)


def test_nothing_is_proposed_before_the_scores_are_locked(buyer):
    found = pricing.sealed(buyer, ())
    with pytest.raises(WrongState, match="locked scores"):
        decision.propose(found)


def make_approver_too(buyer, acting):
    """The lead is made an approver as well, as a small organisation might."""
    with acting(buyer.lead):
        seat(buyer, buyer.lead, Role.APPROVER)


def test_the_proposer_cannot_approve_or_send_back_even_as_an_approver(sole, buyer, acting):
    made = decision.propose(sole)
    make_approver_too(buyer, acting)
    with acting(buyer.lead):
        with pytest.raises(NotAllowed, match="You proposed this decision yourself"):
            services.approve(decision=made, actor=buyer.lead)
        with pytest.raises(NotAllowed, match="Another approver judges it"):
            services.send_back(decision=made, reason="x", actor=buyer.lead)
        assert selectors.todos(buyer.lead, sole.procurement) == []
    page = page_for(acting, buyer.lead, sole)
    assert (page.may_approve, page.own_proposal) == (False, True)


def test_the_database_refuses_a_proposer_as_approver(sole, buyer, acting):
    made = decision.propose(sole)
    with acting(buyer.lead), pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=made.pk).update(
            state=DecisionState.APPROVED, approved_by=buyer.lead, approved_at=made.created_at
        )


def test_the_database_keeps_a_decision_as_it_was_proposed(sole, buyer, acting):
    made = decision.propose(sole)
    rows = Decision.objects.filter(pk=made.pk)
    with acting(buyer.lead):
        for change in (
            lambda: rows.update(outcome="re_tender"),
            lambda: rows.update(record="{}"),
            lambda: rows.update(rationale="Another."),
            lambda: rows.update(state=DecisionState.APPROVED),
            rows.delete,
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
    decision.approve(sole, made)
    with acting(buyer.lead), pytest.raises(DatabaseError), transaction.atomic():
        rows.update(state=DecisionState.DRAFT, approved_by=None, approved_at=None)


def test_evidence_that_changed_after_the_proposal_is_not_approved(sole, buyer, acting):
    made = decision.propose(sole)
    readiness.signed(buyer, oversight=5)
    assert page_for(acting, buyer.approver, sole).outdated
    with pytest.raises(WrongState, match="The evidence changed after the proposal"):
        decision.approve(sole, made)
    with acting(buyer.lead):
        assert Decision.objects.get(pk=made.pk).state == DecisionState.PROPOSED
        assert sole.procurement.phase == Phase.COMMERCIAL


def test_a_statement_the_path_does_not_ask_does_not_stop_the_approval(sole, buyer, acting):
    made = decision.propose(sole)
    decision.state(sole, "contacts.stakes", "low")
    decision.approve(sole, made)
    with acting(buyer.lead):
        assert sole.procurement.phase == Phase.DECIDED


def test_a_proposal_sent_back_says_why_and_can_be_made_again(sole, buyer, acting):
    first = decision.propose(sole)
    with pytest.raises(Incomplete):
        decision.send_back(sole, first, " ")
    decision.send_back(sole, first, "Name the exit risk.")
    with acting(buyer.lead):
        (todo,) = selectors.todos(buyer.lead, sole.procurement)
    assert (todo.title, todo.text) == (
        "The decision came back",
        "Paul Adeyemi: Name the exit risk.",
    )
    page = page_for(acting, buyer.lead, sole)
    assert page.taken.sent_back
    assert not page.frozen
    second = decision.propose(sole, rationale="The exit risk is the dialect of the region.")
    assert (second.number, second.supersedes_id) == (2, first.pk)
    with pytest.raises(WrongState):
        decision.approve(sole, first)
    decision.approve(sole, second)
    assert [one.decision.number for one in page_for(acting, buyer.lead, sole).earlier] == [1]


def test_who_may_state_propose_and_approve(sole, buyer, acting):
    made = decision.propose(sole)
    for user in (buyer.evaluator, buyer.moderator, buyer.approver, buyer.executive, buyer.auditor):
        with acting(user):
            case = sole.procurement
            with pytest.raises(NotAllowed):
                services.state(
                    procurement=case, fact="build.able", value="no", evidence="x", actor=user
                )
            with pytest.raises(NotAllowed):
                services.propose(procurement=case, outcome="outsource", rationale="x", actor=user)
    for user in (buyer.lead, buyer.evaluator, buyer.moderator, buyer.executive, buyer.auditor):
        with acting(user), pytest.raises(NotAllowed):
            services.approve(decision=made, actor=user)


def test_todos_ask_the_lead_to_propose_and_then_the_approver(sole, buyer, acting):

    def titles(user):
        with acting(user):
            return [todo.title for todo in selectors.todos(user, sole.procurement)]

    assert titles(buyer.lead) == ["Propose the decision"]
    assert titles(buyer.approver) == []
    made = decision.propose(sole)
    assert titles(buyer.lead) == []
    assert titles(buyer.approver) == ["A decision waits for your approval"]
    assert titles(buyer.executive) == []
    decision.approve(sole, made)
    assert titles(buyer.approver) == []


def test_who_may_not_read_the_decision_has_none(sole, buyer, acting):
    decision.propose(sole)
    for user in (buyer.evaluator, buyer.opener):
        with acting(user):
            assert selectors.latest_decision(user, sole.procurement) is None
