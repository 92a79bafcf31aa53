"""An evaluator leaves midway: what they gave counts or does not, by a choice that everybody can read."""

import html
import json
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent
from apps.matrix import selectors
from apps.matrix.models import Assignment, Consensus, Score, Substitution
from apps.matrix.services import consensus, scoring, substituting
from apps.reports.selectors.commitment import course_of
from apps.workspace.models import PanelMember
from apps.workspace.services import panel
from apps.workspace.states import Role
from tests.apps.matrix.test_reopening import reopened, standing
from tests.conftest import acting_for
from tests.factories import matrix as make

WHY = "Left the company on 3 May."


def dismiss(stage, person):
    with acting_for(stage.buyer.lead) as lead:
        member = PanelMember.objects.get(user=person, role=Role.EVALUATOR)
        panel.dismiss(member=member, actor=lead)
    return member


def seat(stage, person):
    """Appoint one more evaluator, who declared."""
    with acting_for(stage.buyer.lead) as lead:
        made = panel.appoint(
            procurement=stage.procurement, user=person, role=Role.EVALUATOR, actor=lead
        )
        PanelMember.objects.filter(pk=made.pk).update(interest="none", declared_at=made.created_at)
    return person


def replace(stage, person, *, counts=True, substitute=None, reason=WHY, actor=None):
    actor = actor or stage.buyer.lead
    with acting_for(actor):
        return substituting.replace(
            scoring_round=stage.round_for(actor),
            replaced=person.pk,
            substitute=substitute.pk if substitute else None,
            counts=counts,
            reason=reason,
            actor=actor,
        )


def score(stage, person, section=None):
    with acting_for(person):
        held, every = make.cells(stage, person)
        for bid, question in every:
            if section in {None, question.section.code}:
                scoring.save(
                    scoring_round=held,
                    bid=bid,
                    question=question,
                    value=Decimal(3),
                    reason="Meets anchor 3.",
                    actor=person,
                )


def refused(stage, act, match):
    """The moderator may not do this yet."""
    moderator = stage.buyer.moderator
    with acting_for(moderator), pytest.raises(Incomplete, match=match):
        act(scoring_round=stage.round_for(moderator), actor=moderator)


@pytest.fixture
def left(begun, buyer):
    """One evaluator has scored everything; the other section 1 alone, and left."""
    score(begun, buyer.evaluator)
    score(begun, buyer.evaluator2, "1")
    dismiss(begun, buyer.evaluator2)
    return begun


def test_nothing_goes_on_before_somebody_says_whether_the_scores_count(left, buyer, client_for):
    refused(left, consensus.open_consensus, "Jonas Berg left: say whether these scores count")
    front = client_for(buyer.lead).get(reverse("workspace:procurement", args=[left.procurement.pk]))
    assert "Decide about an evaluator who left" in front.content.decode()
    replace(left, buyer.evaluator2)
    make.in_consensus(left)


def test_finished_sections_count_and_a_substitute_scores_the_others(left, buyer):
    other = seat(left, buyer.executive)
    made = replace(left, buyer.evaluator2, substitute=other)
    assert [(one.section.code, one.counts, one.substitute_id) for one in made] == [
        ("1", True, None),
        ("2", False, other.pk),
    ]
    refused(left, consensus.open_consensus, "Ruth Calder: 2")
    score(left, other, "2")
    make.in_consensus(left)
    with acting_for(buyer.lead) as lead:
        held = selectors.scores_visible_to(lead, left.round_for(lead))
        theirs = held.filter(evaluator=buyer.evaluator2)
        assert set(theirs.values_list("question__section__code", flat=True)) == {"1"}
        mine = held.filter(evaluator=other)
        assert set(mine.values_list("question__section__code", flat=True)) == {"2"}
        told = json.loads(AuditEvent.objects.get(action="scoring.substitute").payload)["details"]
    assert told == {
        "person": str(buyer.evaluator2.pk),
        "substitute": str(other.pk),
        "reason": WHY,
        "counts": ["1"],
        "left_out": ["2"],
        "scores_left_out": 0,
        "agreements_left_out": 0,
    }


def test_half_a_section_never_counts(begun, buyer):
    score(begun, buyer.evaluator)
    with acting_for(buyer.evaluator2) as person:
        held, every = make.cells(begun, person)
        bid, question = next((b, q) for b, q in every if q.section.code == "1")
        scoring.save(
            scoring_round=held,
            bid=bid,
            question=question,
            value=Decimal(0),
            reason="Nothing.",
            actor=person,
        )
    dismiss(begun, buyer.evaluator2)
    made = replace(begun, buyer.evaluator2, counts=True)
    assert not any(one.counts for one in made)
    with acting_for(buyer.lead) as lead:
        event = json.loads(AuditEvent.objects.get(action="scoring.substitute").payload)["details"]
        assert event["scores_left_out"] == 1
        assert Score.objects.filter(evaluator=buyer.evaluator2).count() == 1
        rows = selectors.progress(selectors.board(lead, begun.round_for(lead)))
        assert [row.evaluator.name for row in rows] == ["Aisha Rahman"]


def test_left_out_in_the_consensus_what_was_agreed_with_them_is_agreed_anew(agreeing, buyer):
    make.agreed(agreeing)
    dismiss(agreeing, buyer.evaluator2)
    refused(agreeing, consensus.lock, "Jonas Berg left")
    with acting_for(buyer.lead):
        before = Score.objects.count(), Consensus.objects.count()
    replace(agreeing, buyer.evaluator2, counts=False)
    with acting_for(buyer.moderator) as moderator:
        held = agreeing.round_for(moderator)
        assert len(selectors.unagreed(selectors.board(moderator, held))) == 6
        assert (Score.objects.count(), Consensus.objects.count()) == before
        told = json.loads(AuditEvent.objects.get(action="scoring.substitute").payload)["details"]
        assert (told["scores_left_out"], told["agreements_left_out"]) == (6, 6)
        with pytest.raises(Incomplete, match="6 scores are not agreed yet"):
            consensus.lock(scoring_round=held, actor=moderator)
    make.locked(make.agreed(agreeing))
    sheets = json.loads(standing(agreeing).record)["case"]["individual"]
    assert set(sheets) == {str(buyer.evaluator.pk)}
    with acting_for(buyer.lead):
        (row,) = course_of(make.fresh(agreeing))
    assert row["value"] == (
        "Jonas Berg. Scores left out in sections 1, 2. Left the company on 3 May."
        " Decided by Ines Kovac."
    )


def test_the_consensus_says_whose_scores_count(agreeing, buyer, client_for):
    dismiss(agreeing, buyer.evaluator2)
    replace(agreeing, buyer.evaluator2, counts=True)
    make.locked(make.agreed(agreeing))
    page = client_for(buyer.auditor).get(
        reverse("matrix:consensus", args=[agreeing.procurement.pk])
    )
    read = html.unescape(page.content.decode())
    assert "Evaluators who left" in read
    assert "scores count in 1" in read
    assert WHY in read
    sheets = json.loads(standing(agreeing).record)["case"]["individual"]
    assert str(buyer.evaluator2.pk) in sheets


def test_a_choice_made_later_leaves_the_locked_round_as_it_was(locked, buyer):
    before = standing(locked)
    with acting_for(buyer.lead) as lead:
        first = locked.round_for(lead)
        scores = selectors.scores_visible_to(lead, first).count()
    dismiss(locked, buyer.evaluator2)
    with pytest.raises(WrongState, match="The scores are locked"):
        replace(locked, buyer.evaluator2)
    reopened(locked)
    refused(locked, consensus.lock, "Jonas Berg left")
    replace(locked, buyer.evaluator2, counts=False)
    make.locked(make.agreed(locked))
    with acting_for(buyer.lead) as lead:
        first.refresh_from_db()
        assert selectors.scores_visible_to(lead, first).count() == scores
    after = json.loads(standing(locked).record)["case"]["individual"]
    assert str(buyer.evaluator2.pk) not in after
    assert str(buyer.evaluator2.pk) in json.loads(before.record)["case"]["individual"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_a_reason_is_needed(left, buyer, change, field):
    with pytest.raises(Incomplete) as answer:
        replace(left, buyer.evaluator2, **change)
    assert list(answer.value.fields) == [field]


def test_who_decides_about_whom(left, buyer):
    for person in (buyer.moderator, buyer.evaluator, buyer.approver, buyer.auditor):
        with pytest.raises(NotAllowed):
            replace(left, buyer.evaluator2, actor=person)
    with pytest.raises(Incomplete, match="who left"):
        replace(left, buyer.evaluator)  # is on the panel
    with pytest.raises(Incomplete, match="Choose evaluators of this panel"):
        replace(left, buyer.evaluator2, substitute=buyer.executive)
    with pytest.raises(Incomplete, match="Choose another person"):
        replace(left, buyer.evaluator2, substitute=buyer.evaluator2)
    replace(left, buyer.evaluator2)
    with pytest.raises(Incomplete, match="who left"):
        replace(left, buyer.evaluator2)  # decided once


def test_who_came_back_does_not_score_what_was_taken_over(left, buyer):
    replace(left, buyer.evaluator2)
    seat(left, buyer.evaluator2)
    with acting_for(buyer.lead) as lead:
        held = left.round_for(lead)
        taken = left.questions["2.02"].section
        assert not Assignment.objects.filter(evaluator=buyer.evaluator2, section=taken).exists()
        with pytest.raises(Incomplete, match="was replaced in this section"):
            scoring.assign(
                scoring_round=held, section=taken, evaluator=buyer.evaluator2.pk, actor=lead
            )


def test_a_substitute_scores_alone_or_not_at_all(agreeing, buyer):
    dismiss(agreeing, buyer.evaluator2)
    other = seat(agreeing, buyer.executive)
    with pytest.raises(Incomplete, match="Nobody has to take one over"):
        replace(agreeing, buyer.evaluator2, substitute=other)
    with pytest.raises(WrongState, match="Return to scoring first"):
        replace(agreeing, buyer.evaluator2, substitute=other, counts=False)


def test_a_conflict_declared_midway_asks_the_same_question(begun, buyer):
    make.scored(begun)
    with acting_for(buyer.evaluator2) as person:
        panel.declare(
            procurement=begun.procurement,
            conflict=True,
            note="My sister works there.",
            confidential=True,
            actor=person,
        )
    refused(begun, consensus.open_consensus, "Jonas Berg left")


def test_the_page_and_the_api_ask_the_same(left, buyer, other_buyer, client_for):
    case = [left.procurement.pk]
    with acting_for(buyer.lead):
        member = PanelMember.objects.get(user=buyer.evaluator2, role=Role.EVALUATOR)
    there = reverse("matrix:substitutes", args=case)
    address = reverse("matrix:substitute", args=[*case, member.pk])
    lead = client_for(buyer.lead)
    page = html.unescape(lead.get(there).content.decode())
    assert "Jonas Berg" in page
    assert "Not finished: never counts" in page
    assert not any(f"anchor {n}" in page for n in range(6))  # counts, never a score
    assert lead.post(address, {}).status_code == 422
    for person, status in ((buyer.evaluator, 403), (buyer.approver, 403)):
        assert client_for(person).get(there).status_code == status
    assert client_for(buyer.moderator).post(address, {}).status_code == 403
    for stranger in (other_buyer.lead, left.vendors[0].owner):
        assert client_for(stranger).get(there).status_code == 404
        assert client_for(stranger).get(reverse("api-substitutes", args=case)).status_code == 404
    api = reverse("api-substitutes", args=case)
    told = client_for(buyer.auditor).get(api).json()
    assert [one["section"] for one in told["waiting"][0]["sections"]] == ["1", "2"]
    prefix = str(buyer.evaluator2.pk)
    given = {f"{prefix}-choice": "count", f"{prefix}-reason": WHY}
    assert lead.post(address, given).status_code == 302
    told = client_for(buyer.auditor).get(api).json()
    assert told["waiting"] == []
    assert (told["decided"][0]["counts"], told["decided"][0]["left_out"]) == (["1"], ["2"])
    with acting_for(buyer.lead):
        assert Substitution.objects.count() == 2
