"""Addenda: texts change for everybody at once, what decides a tender never does."""

import hashlib
import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent, Mail
from apps.rfp import selectors
from apps.rfp.models import Addendum, Question, Rfp, Section, Version
from apps.rfp.selectors.amending import NEAR, row_of
from apps.rfp.selectors.differences import differences, words
from apps.rfp.selectors.freezing import content_of
from apps.rfp.services import amending, extending
from apps.rfp.states import AddendumState
from tests.conftest import acting_for, sign_in
from tests.factories.bids import queries
from tests.factories.rfp import question

NEW_TEXT = "Describe how you would staff the first sixty days."


@pytest.fixture
def addendum(published, lead):
    return amending.start(rfp=published, actor=lead)


def fresh(rfp) -> Rfp:
    return Rfp.objects.select_related("procurement__organisation", "round", "workload").get(
        pk=rfp.pk
    )


def change(addendum, lead, code="1.01", **texts):
    texts = texts or {"text": NEW_TEXT}
    amending.change_question(
        addendum=addendum, question=question(addendum.rfp, code), actor=lead, **texts
    )


def publish(addendum, lead, **given):
    given = {"reason": "A slip of the pen.", "consequence": "stands", **given}
    return amending.publish(addendum=addendum, actor=lead, **given)


def test_a_published_rfp_is_version_1(published):
    (one,) = Version.objects.filter(rfp=published)
    assert (one.number, one.digest, one.content) == (1, published.digest, published.frozen)


def test_an_addendum_makes_a_new_version_and_keeps_the_old(published, addendum, lead):
    before = published.digest
    change(addendum, lead)
    made = publish(addendum, lead)
    rfp = fresh(published)
    first, second = Version.objects.filter(rfp=rfp).order_by("number")
    assert (made.version, second.number, first.digest) == (2, 2, before)
    assert rfp.digest == second.digest == hashlib.sha256(rfp.frozen.encode()).hexdigest()
    assert rfp.digest != before
    assert json.loads(rfp.frozen) == content_of(rfp)
    assert question(rfp, "1.01").text == NEW_TEXT
    assert json.loads(first.content)["award"] == json.loads(second.content)["award"]
    event = json.loads(AuditEvent.objects.get(action="addendum.publish").payload)["details"]
    assert (event["version"], event["consequence"]) == (2, "stands")
    assert event["digest"] == second.digest


def test_the_difference_is_marked_word_by_word(published, addendum, lead):
    change(addendum, lead)
    publish(addendum, lead)
    (one,) = selectors.published_addenda(fresh(published))
    (changed,) = one.differences
    assert (changed.code, changed.label) == ("1.01", "Question")
    marks = [(piece.kind, piece.text) for piece in changed.pieces]
    assert marks == [
        ("same", "Describe how you would staff the first "),
        ("removed", "ninety"),
        ("added", "sixty"),
        ("same", " days."),
    ]


def test_words_put_together_again_are_both_texts():
    old, new = "One two, three.\nFour five", "One 2, three!\nFour six five"
    pieces = words(old, new)
    assert "".join(p.text for p in pieces if p.kind != "added") == old
    assert "".join(p.text for p in pieces if p.kind != "removed") == new


def test_no_difference_goes_unsaid():
    """Whatever field differs is told, one that nobody thought of included."""
    slug = {"questionnaire": "bpo_voice_support"}
    old = slug | {
        "sections": [{"code": "1", "questions": [{"code": "1.01", "points": "4"}]}],
        "x": 1,
    }
    new = slug | {
        "sections": [{"code": "1", "questions": [{"code": "1.01", "points": "5"}]}],
        "x": 2,
    }
    assert [(one.code, one.label) for one in differences(old, new)] == [
        ("", "x"),
        ("1.01", "points"),
    ]


def test_a_question_without_points_is_added_and_taken_out(published, addendum, lead):
    section = Section.objects.get(rfp=published, code="1")
    amending.add_question(
        addendum=addendum, section=section, actor=lead,
        topic="Holidays", text="Which holidays do you keep?", kind="text_short", required=True,
    )  # fmt: skip
    publish(addendum, lead)
    added = question(published, "1.04")
    assert (added.weight, added.mode, added.knockout) == (0, "info", {})
    again = amending.start(rfp=fresh(published), actor=lead)
    amending.withdraw_question(addendum=again, question=added, actor=lead)
    publish(again, lead)
    rfp = fresh(published)
    codes = [one.code for chapter in selectors.questionnaire(rfp) for one in chapter.questions]
    assert "1.04" not in codes
    assert Question.objects.filter(rfp=rfp, code="1.04", withdrawn=True).exists()
    kinds = [one.differences[0].kind for one in selectors.published_addenda(rfp)]
    assert kinds == ["removed", "added"]


@pytest.mark.parametrize("code", ["1.01", "2.01"])
def test_points_and_knock_outs_stay(published, addendum, lead, code):
    with pytest.raises(Incomplete, match="which an addendum cannot"):
        amending.withdraw_question(
            addendum=addendum, question=question(published, code), actor=lead
        )


@pytest.mark.parametrize("field", ["weight", "knockout", "rubric", "mode", "options", "kind"])
def test_nothing_but_texts_of_a_question_changes(published, addendum, lead, field):
    with pytest.raises(Incomplete) as refused:
        change(addendum, lead, **{field: "1"})
    assert set(refused.value.fields) == {field}
    with pytest.raises(Incomplete):
        amending.add_question(
            addendum=addendum,
            section=Section.objects.get(rfp=published, code="1"),
            actor=lead,
            topic="T", text="T?", kind="text_short", weight="3",
        )  # fmt: skip


def test_a_fact_that_lets_a_scored_question_go_is_refused(lead, procurement):
    from tests.factories.rfp import make_rfp  # noqa: PLC0415 -- a tender of its own

    condition = {"fact": "regulated", "op": "equals", "value": True}
    rfp = make_rfp(
        procurement, lead, published=True, questions={"1.01": {"condition": condition}},
        facts={"regulated": True},
    )  # fmt: skip
    addendum = amending.start(rfp=rfp, actor=lead)
    with pytest.raises(Incomplete, match="neither can change"):
        amending.change_facts(addendum=addendum, facts={"regulated": False}, actor=lead)
    assert Addendum.objects.get(pk=addendum.pk).changes == []


def test_the_database_takes_no_other_change_whoever_drafts_it(published, addendum, lead):
    """A draft written past the services: the function and the triggers still refuse."""
    scored = question(published, "1.01")
    body = published.frozen.replace("Bids for", "Bids on")
    digest = hashlib.sha256(body.encode()).hexdigest()
    row = {**row_of(scored), "code": "1.09", "id": str(addendum.pk)}
    for forged in (
        {"kind": "withdraw", "question": str(scored.pk)},
        {"kind": "weights", "to": {"quality_weight": "90"}},
        {"kind": "add", "row": row},
    ):
        Addendum.objects.filter(pk=addendum.pk).update(changes=[forged])
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT cceval_amend(%s, %s, %s)", [addendum.pk, body, digest])
    Addendum.objects.filter(pk=addendum.pk).update(changes=[{"kind": "introduction", "to": "x"}])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT cceval_amend(%s, %s, %s)", [addendum.pk, body, "0" * 64])
    assert fresh(published).digest == published.digest


def test_naming_an_addendum_by_hand_opens_nothing(published, addendum):
    for statement in (
        "UPDATE rfp_rfp SET introduction = 'x' WHERE id = %s",
        "UPDATE rfp_question SET text = 'x' WHERE rfp_id = %s",
        "INSERT INTO rfp_version (id, created_at, number, content, digest, published_at,"  # noqa: ISC004 -- one statement
        " organisation_id, rfp_id) SELECT gen_random_uuid(), now(), 9, 'x', 'y', now(),"
        " organisation_id, id FROM rfp_rfp WHERE id = %s",
        "UPDATE rfp_version SET content = 'x' WHERE rfp_id = %s",
        "DELETE FROM rfp_version WHERE rfp_id = %s",
    ):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('cceval.addendum', %s, true)", [str(addendum.pk)])
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement, [published.pk])


def test_a_published_addendum_stands(published, addendum, lead):
    change(addendum, lead)
    publish(addendum, lead)
    with pytest.raises(WrongState):
        publish(addendum, lead)
    for statement in (
        "UPDATE rfp_addendum SET reason = 'x' WHERE id = %s",
        "DELETE FROM rfp_addendum WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [addendum.pk])


def test_near_the_deadline_it_needs_more_time_or_a_reason(
    published, addendum, lead, buyer, set_clock
):
    change(addendum, lead)
    set_clock(published.round.closes_at - NEAR / 2)
    with pytest.raises(Incomplete) as refused:
        publish(addendum, lead)
    assert refused.value.fields == {
        "late_reason": "The deadline is near. Extend it first, or say why the time is enough."
    }
    with transaction.atomic():
        sid = transaction.savepoint()
        assert publish(addendum, lead, late_reason="One word.").version == 2
        transaction.savepoint_rollback(sid)
    asked = extending.ask(
        rfp=published, closes_at=published.round.closes_at + NEAR / 10, reason="It.", actor=lead
    )
    with acting_for(buyer.opener) as opener:
        extending.confirm(extension=asked, actor=opener)
    held = selectors.addendum_for(
        lead, procurement_id=published.procurement_id, addendum_id=addendum.pk
    )
    assert publish(held, lead).version == 2


def test_after_the_deadline_nothing_is_amended(published, addendum, lead, set_clock):
    change(addendum, lead)
    set_clock(published.round.closes_at)
    with pytest.raises(WrongState, match="before its deadline"):
        publish(addendum, lead, late_reason="Why not.")


def test_a_draft_of_an_rfp_is_edited_not_amended(draft, lead):
    with pytest.raises(WrongState):
        amending.start(rfp=draft, actor=lead)


def test_only_the_lead_amends(published, buyer):
    with acting_for(buyer.approver) as user, pytest.raises(NotAllowed):
        amending.start(rfp=published, actor=user)


def test_a_change_without_effect_is_no_change_and_an_undone_one_is_gone(published, addendum, lead):
    change(addendum, lead, text=question(published, "1.01").text)
    assert addendum.changes == []
    change(addendum, lead)
    change(addendum, lead, text="Another text?")
    assert len(addendum.changes) == 1
    amending.undo(addendum=addendum, number=1, actor=lead)
    assert addendum.changes == []
    with pytest.raises(WrongState, match="changes nothing yet"):
        publish(addendum, lead)


def test_everybody_is_told_what_changed(published, addendum, lead, vendor_a):
    published.invitations.create(
        organisation_id=published.organisation_id,
        vendor=vendor_a.organisation,
        email=vendor_a.owner.email,
        contact=vendor_a.owner.name,
        state="sent",
        token_digest="t",
        expires_at=published.round.closes_at,
        invited_by=lead,
    )
    change(addendum, lead)
    publish(addendum, lead, consequence="resubmit")
    mail = Mail.objects.get(event=f"addendum:{addendum.pk}", recipient=vendor_a.owner.email)
    assert mail.subject == "Version 2: Out of hours call centre support"
    assert "1.01 Question" in mail.text
    assert "A submitted bid has to be submitted again." in mail.text


def test_an_addendum_goes_through_the_pages(published, buyer):
    client, case = sign_in(buyer.lead), buyer.procurement.pk
    assert client.post(reverse("rfp:start-addendum", args=[case])).status_code == 302
    with acting_for(buyer.lead):
        held = Addendum.objects.get()
    at = [case, held.pk]
    page = reverse("rfp:addendum", args=at)
    assert "Keep this change" in client.get(f"{page}?question=1.01").content.decode()
    given = {"code": "1.01", "topic": "Ramp-up", "text": NEW_TEXT, "evidence": ""}
    for name, form in (
        ("amend-question", given),
        ("amend-introduction", {"introduction": "A better text."}),
    ):
        assert client.post(reverse(f"rfp:{name}", args=at), form).status_code == 302, name
    refused = client.post(reverse("rfp:amend-withdraw", args=at), {"question": "1.01"})
    assert refused.status_code == 422
    assert "which an addendum cannot" in refused.content.decode()
    wrong = client.post(reverse("rfp:amend-add", args=at), {"topic": ""})
    assert wrong.status_code == 422
    text = client.get(page).content.decode()
    assert "<del>ninety</del>" in text
    assert "<ins>sixty</ins>" in text
    none = client.post(reverse("rfp:publish-addendum", args=at), {})
    assert none.status_code == 422
    done = client.post(
        reverse("rfp:publish-addendum", args=at), {"reason": "Clearer.", "consequence": "stands"}
    )
    assert done.url == reverse("rfp:addenda", args=[case])
    for role in ("lead", "evaluator", "auditor"):
        shown = sign_in(getattr(buyer, role)).get(done.url).content.decode()
        assert "<ins>sixty</ins>" in shown
        assert "Version 2" in shown
    assert sign_in(buyer.evaluator).get(page).status_code == 403


def test_another_buyer_finds_no_addendum(addendum, buyer, other_buyer):
    client = sign_in(other_buyer.lead)
    assert client.get(reverse("rfp:addenda", args=[buyer.procurement.pk])).status_code == 404
    with acting_for(other_buyer.lead):
        assert not Addendum.objects.exists()
        assert not Version.objects.exists()


def test_the_list_costs_the_same_with_one_addendum_and_with_three(published, buyer):
    url, client = reverse("rfp:addenda", args=[buyer.procurement.pk]), sign_in(buyer.auditor)
    counts = []
    for number in range(3):
        with acting_for(buyer.lead) as lead:
            held = amending.start(rfp=fresh(published), actor=lead)
            change(held, lead, text=f"Text number {number}?")
            publish(held, lead)
        counts.append(queries(client, url))
    assert counts[0] == counts[-1]
    with acting_for(buyer.lead):
        assert Addendum.objects.filter(state=AddendumState.PUBLISHED).count() == 3
