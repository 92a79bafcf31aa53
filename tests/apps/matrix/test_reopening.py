"""Locked scores agreed anew: two persons, a reason, and what was frozen stays, superseded."""

import html
import json
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.core import clock
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent, Job, Mail
from apps.engine import cases
from apps.matrix import selectors
from apps.matrix.models import Consensus, Ranking, Reopening, Score, ScoringRound
from apps.matrix.selectors.consensus_pages import agreeing_page
from apps.matrix.selectors.reopenings import reopening_for
from apps.matrix.services import consensus, ranking, reopening, scoring
from apps.matrix.types import Item
from apps.reports.selectors.commitment import course_of
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import PanelMember, Procurement
from apps.workspace.services import panel
from apps.workspace.states import Role
from tests.conftest import acting_for, sign_in
from tests.factories import matrix as make
from tests.factories import sealing

WHY = "An anchor of question 2.02 was read against another question."


def ask(stage, person=None, reason=WHY):
    person = person or stage.buyer.moderator
    with acting_for(person):
        return reopening.ask(scoring_round=stage.round_for(person), reason=reason, actor=person)


def held(stage, person, made):
    return reopening_for(person, procurement_id=stage.procurement.pk, reopening_id=made.pk)


def confirm(stage, made, person=None):
    person = person or stage.buyer.approver
    with acting_for(person):
        return reopening.confirm(reopening=held(stage, person, made), actor=person)


def drop(stage, made, person, answer="The anchor was read as published."):
    with acting_for(person):
        reopening.drop(reopening=held(stage, person, made), answer=answer, actor=person)


def test_who_may_confirm_is_told_and_who_asked_is_not(locked, buyer):
    made = ask(locked)
    with acting_for(buyer.lead):
        told = Mail.objects.filter(event=f"matrix.reopening_asked:{made.pk}")
        assert set(told.values_list("recipient", flat=True)) == {
            buyer.lead.email,
            buyer.approver.email,
        }
        assert not any(WHY in one.text for one in told)


def reopened(stage):
    confirm(stage, ask(stage))
    return stage


def agree(stage, value, reason="Names an owner, and no date: anchor 3.", place=0, code="2.02"):
    moderator = stage.buyer.moderator
    with acting_for(moderator):
        return consensus.agree(
            scoring_round=stage.round_for(moderator),
            bid=stage.bid(place),
            question=stage.questions[code],
            value=Decimal(value),
            reason=reason,
            actor=moderator,
        )


def standing(stage):
    lead = stage.buyer.lead
    with acting_for(lead):
        return selectors.latest_ranking(lead, stage.procurement)


def test_one_asks_another_confirms_and_the_locked_round_stays(locked, buyer):
    before = standing(locked)
    with acting_for(buyer.lead):
        scores = list(Score.objects.order_by("pk").values())
        agreed = list(Consensus.objects.order_by("pk").values())
    made = ask(locked)
    assert standing(locked) == before  # nothing has changed yet
    new = confirm(locked, made)
    with acting_for(buyer.lead) as lead:
        old = ScoringRound.objects.get(number=1)
        assert (old.phase, new.number, new.phase, new.supersedes_id) == (
            "locked",
            2,
            "consensus",
            old.pk,
        )
        assert Procurement.objects.get(pk=locked.procurement.pk).phase == "technical"
        # The same individual scores, and what was agreed, row for row.
        assert list(Score.objects.order_by("pk").values()) == scores
        assert list(Consensus.objects.order_by("pk").values()) == agreed
        now = locked.round_for(lead)
        assert selectors.scores_visible_to(lead, now).count() == len(scores)
        assert selectors.current_consensus(now).count() == len(agreed)
        assert selectors.unagreed(selectors.board(lead, now)) == []
        event = AuditEvent.objects.get(action="reopening.confirm")
        told = json.loads(event.payload)["details"]
        assert (told["reason"], told["prices_known"], told["superseded"]) == (
            WHY,
            False,
            [before.digest],
        )
        assert Job.objects.filter(kind="reports.supersede", subject_id=made.pk).exists()
    assert standing(locked) is None


def test_a_change_needs_another_reason_and_the_new_ranking_supersedes_the_old(locked, buyer):
    before = standing(locked)
    reopened(locked)
    with acting_for(buyer.lead) as lead:
        locked_reason = selectors.current_consensus(locked.round_for(lead)).get(
            bid=locked.bids[0], question=locked.questions["2.02"]
        )
    with pytest.raises(Incomplete, match="Say what the rubric gives instead"):
        agree(locked, 1, locked_reason.reason)
    changed = agree(locked, 1)
    assert changed.version == locked_reason.version + 1
    with acting_for(buyer.moderator) as moderator:
        item = Item(locked.round_for(moderator), locked.questions["2.02"])
        rows = {row.bid.pk: row for row in agreeing_page(moderator, item).rows}
        assert rows[locked.bids[0].pk].changed_from == "4"
        assert rows[locked.bids[1].pk].changed_from == ""
    make.locked(locked)
    after = standing(locked)
    assert (after.number, after.supersedes_id, after.reason) == (2, before.pk, WHY)
    assert after.digest != before.digest
    with acting_for(buyer.lead) as lead:
        assert Procurement.objects.get(pk=locked.procurement.pk).phase == "commercial"
        kept = Ranking.objects.get(pk=before.pk)
        assert kept.record == before.record
        assert cases.replay(cases.Record.from_bytes(kept.record.encode())).same
        # The locked round reads as it was locked: its own score, not the new one.
        old = ScoringRound.objects.get(number=1)
        was = selectors.current_consensus(old).get(
            bid=locked.bids[0], question=locked.questions["2.02"]
        )
        assert was.value == 4
        event = AuditEvent.objects.filter(action="ranking.freeze").order_by("seq").last()
        assert json.loads(event.payload)["details"]["supersedes"] == before.digest


def test_agreed_again_without_a_change_it_is_a_new_ranking_all_the_same(locked, buyer):
    before = standing(locked)
    make.locked(reopened(locked))
    after = standing(locked)
    assert after.digest == before.digest
    assert (after.pk, after.number) != (before.pk, before.number)


def test_nobody_confirms_their_own_request_and_roles_are_asked(locked, buyer):
    for person in (buyer.lead, buyer.evaluator, buyer.approver, buyer.opener, buyer.auditor):
        with pytest.raises(NotAllowed):
            ask(locked, person)
    made = ask(locked)
    for person in (buyer.moderator, buyer.evaluator, buyer.executive, buyer.auditor):
        with pytest.raises(NotAllowed):
            confirm(locked, made, person)
    with pytest.raises(NotAllowed):
        drop(locked, made, buyer.executive)
    with acting_for(buyer.lead) as lead:
        panel.appoint(
            procurement=locked.procurement, user=buyer.moderator, role=Role.LEAD, actor=lead
        )
        PanelMember.objects.filter(user=buyer.moderator).update(
            interest="none", declared_at=clock.now()
        )
    with pytest.raises(NotAllowed, match="A second person confirms it"):
        confirm(locked, made, buyer.moderator)
    confirm(locked, made, buyer.lead)
    with pytest.raises(WrongState, match="decided already"):
        confirm(locked, made, buyer.approver)


def test_a_request_is_dropped_with_a_reason_and_the_lock_stands(locked, buyer):
    before = standing(locked)
    made = ask(locked)
    with pytest.raises(WrongState, match="asked for this already"):
        ask(locked)
    with pytest.raises(Incomplete) as refused:
        drop(locked, made, buyer.lead, " ")
    assert list(refused.value.fields) == ["answer"]
    drop(locked, made, buyer.lead)
    assert standing(locked) == before
    again = ask(locked)
    drop(locked, again, buyer.moderator, "")  # one's own is taken back without a word
    with acting_for(buyer.lead):
        said = [row["value"] for row in course_of(make.fresh(locked))]
    assert "Not granted by Ines Kovac" in said[0]
    assert "The anchor was read as published." in said[0]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001])
def test_a_reason_is_needed(locked, reason):
    with pytest.raises(Incomplete) as refused:
        ask(locked, reason=reason)
    assert list(refused.value.fields) == ["reason"]


def test_only_locked_scores_are_reopened(agreeing):
    with pytest.raises(WrongState, match="Only locked scores"):
        ask(agreeing)


def test_prices_stay_sealed_until_the_next_lock(locked, buyer):
    with acting_for(buyer.lead) as lead:
        rfp, old = make.fresh(locked), locked.round_for(lead)  # as read by requests under way
    reopened(locked)
    with acting_for(buyer.lead) as lead, pytest.raises(WrongState):
        ranking.freeze(scoring_round=old, actor=lead)
    with pytest.raises(WrongState, match="after the quality scores are locked"):
        sealing.open_envelopes(rfp, EnvelopeKind.COMMERCIAL)
    with acting_for(buyer.lead) as lead, pytest.raises(WrongState, match="Lock the quality"):
        ranking.freeze(scoring_round=locked.round_for(lead), actor=lead, reason="Now.")


def test_after_the_prices_the_page_the_record_and_the_reports_say_so(locked, buyer):
    make.priced(locked)
    with acting_for(buyer.lead) as lead:
        first = ranking.freeze(scoring_round=locked.round_for(lead), actor=lead)
    reopened(locked)
    with acting_for(buyer.lead):
        assert Reopening.objects.get().prices_known
        told = json.loads(AuditEvent.objects.get(action="reopening.confirm").payload)["details"]
        assert told["prices_known"]
        assert len(told["superseded"]) == 2
        (row,) = course_of(make.fresh(locked))
        assert "Prices had been opened, and the scores were agreed anew" in row["value"]
        assert "asked by Sofia Marin" in row["value"]
        assert "Confirmed by Paul Adeyemi" in row["value"]
    case = [locked.procurement.pk]
    page = html.unescape(
        sign_in(buyer.moderator).get(reverse("matrix:consensus", args=case)).content.decode()
    )
    assert "Re-opened after prices were known" in page
    assert "nobody is blind any more" in page
    agree(locked, 1)
    make.locked(locked)
    make.priced(locked)
    with acting_for(buyer.lead) as lead:
        after = ranking.freeze(scoring_round=locked.round_for(lead), actor=lead)
    assert (after.number, after.supersedes_id) == (2, first.pk)


def test_the_ranking_page_shows_none_meanwhile_and_the_superseded_ones_are_marked(locked, buyer):
    before = standing(locked)
    reopened(locked)
    client, case = sign_in(buyer.lead), [locked.procurement.pk]
    page = html.unescape(client.get(reverse("matrix:ranking", args=case)).content.decode())
    assert "The scores are agreed anew" in page
    assert client.get(reverse("matrix:record", args=case)).status_code == 404
    listed = html.unescape(client.get(reverse("matrix:reopenings", args=case)).content.decode())
    assert "Superseded" in listed
    got = client.get(reverse("matrix:superseded_record", args=[*case, before.pk]))
    assert got.content.decode() == before.record
    assert "superseded-quality-1-" in got["Content-Disposition"]
    make.locked(locked)
    current = standing(locked)
    stands = reverse("matrix:superseded_record", args=[*case, current.pk])
    assert client.get(stands).status_code == 404


def test_the_panel_may_score_alone_again_and_old_scores_stay_versions(locked, buyer):
    reopened(locked)
    with acting_for(buyer.moderator) as moderator:
        consensus.return_to_scoring(
            scoring_round=locked.round_for(moderator), reason="Read it again.", actor=moderator
        )
    with acting_for(buyer.evaluator) as evaluator:
        saved = scoring.save(
            scoring_round=locked.round_for(evaluator),
            bid=locked.bid(0),
            question=locked.questions["2.02"],
            value=Decimal(2),
            reason="Only half of it is there.",
            actor=evaluator,
            version=1,
        )
        assert saved.version == 2
        now = locked.round_for(evaluator)
        mine = selectors.own_scores(evaluator, now)
        assert mine.get(bid=locked.bids[0], question=locked.questions["2.02"]).value == 2
        assert mine.count() == 9
        was = selectors.own_scores(evaluator, ScoringRound.objects.get(number=1))
        assert was.get(bid=locked.bids[0], question=locked.questions["2.02"]).value == 4


def test_the_database_keeps_it_too(locked, buyer):
    first = ask(locked)
    with acting_for(buyer.moderator) as moderator:
        old = locked.round_for(moderator)
        one = Consensus.objects.first()
        refused = (
            lambda: ScoringRound.objects.filter(pk=old.pk).update(phase="consensus"),
            lambda: ScoringRound.objects.create(
                organisation_id=old.organisation_id,
                procurement=old.procurement,
                rfp=old.rfp,
                number=2,
                supersedes=old,
            ),
            lambda: Reopening.objects.filter(pk=first.pk).update(reason="Another."),
            lambda: Reopening.objects.filter(pk=first.pk).update(
                state="confirmed", decided_by=buyer.approver, decided_at=first.created_at
            ),
            lambda: Reopening.objects.filter(pk=first.pk).update(
                state="confirmed", decided_by=moderator, decided_at=first.created_at
            ),
            lambda: Reopening.objects.all().delete(),
            lambda: Consensus.objects.create(
                organisation_id=one.organisation_id,
                scoring_round=old,
                bid_id=one.bid_id,
                question_id=one.question_id,
                version=9,
                value=0,
                reason="After the lock.",
                moderator=moderator,
            ),
        )
        for change in refused:
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
    with acting_for(locked.vendors[0].owner):
        assert not Reopening.objects.exists()


def test_by_api_and_by_page_the_same_and_nothing_for_strangers(
    locked, buyer, other_buyer, client_for
):
    case = [locked.procurement.pk]
    asking, deciding = client_for(buyer.moderator), client_for(buyer.approver)
    there = reverse("api-reopenings", args=case)
    assert asking.post(there, {}, content_type="application/json").status_code == 422
    made = asking.post(there, {"reason": WHY}, content_type="application/json")
    assert made.status_code == 201
    one = reverse("api-reopening", args=[*case, made.json()["id"]])
    assert asking.post(one, {}, content_type="application/json").status_code == 403
    page = deciding.get(reverse("matrix:reopenings", args=case)).content.decode()
    assert WHY in html.unescape(page)
    front = deciding.get(reverse("workspace:procurement", args=case)).content.decode()
    assert "Decide whether the scores are re-opened" in front
    for stranger in (other_buyer.lead, locked.vendors[0].owner):
        client = client_for(stranger)
        for url in (there, reverse("matrix:reopenings", args=case)):
            assert client.get(url).status_code == 404
        assert client.post(one, {}, content_type="application/json").status_code == 404
    done = deciding.post(one, {}, content_type="application/json")
    assert (done.status_code, done.json()["state"], done.json()["phase"]) == (
        200,
        "confirmed",
        "consensus",
    )
    told = deciding.get(there).json()
    assert [row["stage"] for row in told["superseded"]] == ["quality"]
    wrong = asking.post(reverse("matrix:ask_reopening", args=case), {"reason": ""})
    assert wrong.status_code in {409, 422}
