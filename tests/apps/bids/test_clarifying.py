"""Questions of vendors: answered to all at once; who asked is nobody's to know."""

import datetime as dt
import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import Clarification, PublishedAnswer, VendorQuestion
from apps.bids.services import clarifying, inviting
from apps.bids.states import ClarificationState
from apps.core.errors import Incomplete, NotAllowed, NotFound, WrongState
from apps.core.models import AuditEvent, Job, Mail
from apps.rfp.selectors import desk_for
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

TEXT = "Are bank holidays part of the 24 hours of question 1.02?"
PRICE = "Is 0.91 GBP a minute above your cap?"


def ask(bid, vendor, text=TEXT, **given):
    """Ask, and let the hour pass after which the lead may read it."""
    made = ask_now(bid, vendor, text, **given)
    an_hour_passes()
    return made


def ask_now(bid, vendor, text=TEXT, **given):
    with acting_for(vendor.owner) as owner:
        return clarifying.ask(bid=bid, text=text, actor=owner, **given)


def an_hour_passes():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cceval_test_clock SET shift = shift + interval '1 hour'")


def answer(buyer, asked, question="Are bank holidays included?", said="Yes, all of them."):
    with acting_for(buyer.lead) as lead:
        held = selectors.clarification_for(
            lead, procurement_id=buyer.procurement.pk, clarification_id=asked.pk
        )
        return clarifying.answer(clarification=held, question=question, answer=said, actor=lead)


def test_an_answer_reaches_every_vendor_at_once_without_a_name(
    buyer, tender, bid_a, bid_b, vendor_a, vendor_b
):
    asked = ask(bid_a, vendor_a, place="1.02")
    for bid, vendor in ((bid_a, vendor_a), (bid_b, vendor_b)):
        with acting_for(vendor.owner) as owner:
            assert selectors.questions_page(owner, bid).answers == ()
    made = answer(buyer, asked)
    looks = []
    for bid, vendor in ((bid_a, vendor_a), (bid_b, vendor_b)):
        with acting_for(vendor.owner) as owner:
            page = selectors.questions_page(owner, bid)
            (one,) = page.answers
            looks.append((one.held.pk, one.held.number, one.held.question, one.held.answer))
            assert page.unread == 1
    assert looks == [(made.pk, 1, "Are bank holidays included?", "Yes, all of them.")] * 2
    told = Mail.objects.filter(event=f"bids.answer:{made.pk}")
    assert not told.exists()  # the mails are the buyer's rows
    with acting_for(buyer.lead):
        assert set(told.values_list("recipient", flat=True)) == {
            vendor_a.owner.email,
            vendor_b.owner.email,
        }


def test_the_original_is_kept_and_no_other_vendor_reads_it(buyer, bid_a, bid_b, vendor_a, vendor_b):
    asked = ask(bid_a, vendor_a)
    answer(buyer, asked)
    with acting_for(buyer.lead):
        assert Clarification.objects.get().original == TEXT
    with acting_for(vendor_a.owner):
        assert Clarification.objects.get().original == TEXT
    with acting_for(vendor_b.owner):
        assert not Clarification.objects.exists()
        assert not VendorQuestion.objects.exists()


def test_the_buyer_cannot_find_out_who_asked(buyer, bid_a, bid_b, vendor_a, tender, set_clock):
    """Neither by rows nor by the order, the moment, the record, a mail or a page."""
    asked = ask(bid_a, vendor_a)
    held = ask(bid_a, vendor_a, PRICE)
    with acting_for(buyer.lead) as lead:
        assert not VendorQuestion.objects.exists()
        row = Clarification.objects.values().get(pk=asked.pk)
        assert vendor_a.organisation.pk not in row.values()
        assert vendor_a.owner.pk not in row.values()
        local = row["created_at"].astimezone(dt.UTC) - row["created_at"].utcoffset()
        assert (local.minute, local.second, local.microsecond) == (0, 0, 0)
        assert asked.pk.version == held.pk.version == 4
        assert not AuditEvent.objects.filter(action__startswith="bids.ask").exists()
        messages = list(Mail.objects.filter(event__startswith="bids.clarification:"))
        assert [one.recipient for one in messages] == [buyer.lead.email]
        due = Job.objects.get(subject_id=messages[0].pk).run_after
        assert (due.minute, due.second) == (0, 0)
        assert TEXT not in messages[0].text
        desk = desk_for(lead, procurement_id=buyer.procurement.pk)
        page = selectors.clarifications_page(lead, desk)
        assert [one.id for one in (*page.waiting, *page.held)] == [asked.pk, held.pk]
    client = sign_in(buyer.lead)
    case = buyer.procurement.pk
    for url in (
        reverse("bids:clarifications", args=[case]),
        reverse("bids:clarification", args=[case, asked.pk]),
        reverse("workspace:record", args=[case]),
        reverse("workspace:procurement", args=[case]),
        f"/api/v1/procurements/{case}/clarifications/",
    ):
        text = client.get(url).content.decode()
        for secret in (vendor_a.owner.name, vendor_a.organisation.name, vendor_a.owner.email):
            assert secret not in text, url


def test_a_question_reaches_the_lead_on_the_full_hour_and_not_before(
    buyer, tender, bid_a, vendor_a, set_clock
):
    hour = tender.rfp.round.closes_at.replace(minute=0, second=0) - dt.timedelta(days=9)
    set_clock(hour + dt.timedelta(minutes=7))
    asked = ask_now(bid_a, vendor_a)
    url = reverse("bids:clarifications", args=[buyer.procurement.pk])
    one = reverse("bids:clarification", args=[buyer.procurement.pk, asked.pk])
    for minutes, seen in ((8, False), (59, False), (61, True)):
        set_clock(hour + dt.timedelta(minutes=minutes))
        lead = sign_in(buyer.lead)
        assert (TEXT in lead.get(url).content.decode()) is seen
        assert lead.get(one).status_code == (200 if seen else 404)
        with acting_for(buyer.lead):
            assert Clarification.objects.exists() is seen, "the database itself"
        with acting_for(vendor_a.owner):
            assert Clarification.objects.get().pk == asked.pk, "its asker sees it at once"


def test_what_was_typed_is_the_leads_alone_in_the_database_itself(buyer, bid_a, vendor_a):
    held = ask(bid_a, vendor_a, PRICE)
    answer(buyer, ask(bid_a, vendor_a))
    for role in ("evaluator", "moderator", "opener", "approver", "auditor", "executive"):
        with acting_for(getattr(buyer, role)) as user:
            assert not Clarification.objects.exists(), role
            desk = desk_for(user, procurement_id=buyer.procurement.pk)
            (shown,) = selectors.clarifications_page(user, desk).answered
            assert (shown.text, shown.answer) == (
                "Are bank holidays included?",
                "Yes, all of them.",
            )
            assert not Clarification.objects.filter(pk=held.pk).update(state="waiting")
    listed = sign_in(buyer.evaluator).get(
        f"/api/v1/procurements/{buyer.procurement.pk}/clarifications/"
    )
    assert TEXT not in listed.content.decode()


def test_a_bid_pasted_into_a_question_is_held_back_and_the_lead_alone_reads_it(
    buyer, bid_a, vendor_a
):
    asked = ask(bid_a, vendor_a, PRICE)
    assert (asked.state, asked.held_because) == (ClarificationState.HELD, ["price"])
    url = reverse("bids:clarifications", args=[buyer.procurement.pk])
    assert "It holds figures that look like a price." in sign_in(buyer.lead).get(
        url
    ).content.decode().replace("\n", " ")
    form = sign_in(buyer.lead).get(
        reverse("bids:clarification", args=[buyer.procurement.pk, asked.pk])
    )
    assert form.context["answer"].initial == {"question": ""}  # nothing to publish by mistake
    for role in ("evaluator", "moderator", "opener", "approver", "auditor", "executive"):
        client = sign_in(getattr(buyer, role))
        assert "0.91" not in client.get(url).content.decode(), role
        one = reverse("bids:clarification", args=[buyer.procurement.pk, asked.pk])
        assert client.get(one).status_code == 404, role


def test_a_passage_of_ones_own_answers_is_held_back(buyer, tender, bid_a, vendor_a):
    text = "Our trainers sit beside every new agent for six full weeks before a first call alone."
    make.fill(bid_a, tender, vendor_a, **{"1.01": text})
    asked = ask(bid_a, vendor_a, f"Is this enough for 1.01? {text}")
    assert "answer" in asked.held_because


def test_a_refusal_is_read_by_the_asker_alone(buyer, bid_a, bid_b, vendor_a, vendor_b):
    asked = ask(bid_a, vendor_a)
    with acting_for(buyer.lead) as lead:
        held = selectors.clarification_for(
            lead, procurement_id=buyer.procurement.pk, clarification_id=asked.pk
        )
        with pytest.raises(Incomplete):
            clarifying.refuse(clarification=held, reason=" ", actor=lead)
        clarifying.refuse(clarification=held, reason="It is answered in 1.02.", actor=lead)
    url = "bids:questions"
    own = sign_in(vendor_a.owner).get(reverse(url, args=[bid_a.pk])).content.decode()
    other = sign_in(vendor_b.owner).get(reverse(url, args=[bid_b.pk])).content.decode()
    assert "It is answered in 1.02." in own
    assert "It is answered in 1.02." not in other
    assert TEXT not in other


def test_a_page_is_the_same_whether_others_ask_or_not(bid_a, bid_b, vendor_a, vendor_b):
    client = sign_in(vendor_b.owner)
    url = reverse("bids:questions", args=[bid_b.pk])
    with acting_for(vendor_b.owner) as owner:
        before = selectors.questions_page(owner, bid_b)
    ask(bid_a, vendor_a)
    with acting_for(vendor_b.owner) as owner:
        assert selectors.questions_page(owner, bid_b) == before
        assert not Clarification.objects.exists()
    assert TEXT not in client.get(url).content.decode()


def test_numbers_count_answers_and_not_questions(buyer, bid_a, vendor_a):
    first, second, third = (ask(bid_a, vendor_a, f"Is shift {word} paid?") for word in "xyz")
    with acting_for(buyer.lead) as lead:
        held = selectors.clarification_for(
            lead, procurement_id=buyer.procurement.pk, clarification_id=first.pk
        )
        clarifying.refuse(clarification=held, reason="Not now.", actor=lead)
    assert [answer(buyer, one).number for one in (third, second)] == [1, 2]


def test_after_the_published_moment_nobody_asks(tender, bid_a, vendor_a, set_clock):
    until = tender.rfp.round.closes_at - dt.timedelta(days=tender.rfp.question_days)
    set_clock(until - dt.timedelta(minutes=1))
    ask(bid_a, vendor_a)
    set_clock(until)
    with pytest.raises(WrongState, match="Questions could be asked until"):
        ask(bid_a, vendor_a)


def test_after_the_deadline_nothing_is_answered(buyer, tender, bid_a, vendor_a, set_clock):
    asked = ask(bid_a, vendor_a)
    set_clock(tender.rfp.round.closes_at)
    with pytest.raises(WrongState, match="until the deadline"):
        answer(buyer, asked)


@pytest.mark.parametrize("role", ["evaluator", "opener", "auditor"])
def test_only_the_lead_answers(buyer, bid_a, vendor_a, role):
    asked = ask(bid_a, vendor_a)
    with acting_for(buyer.lead) as lead:
        held = selectors.clarification_for(
            lead, procurement_id=buyer.procurement.pk, clarification_id=asked.pk
        )
    with acting_for(getattr(buyer, role)) as user, pytest.raises(NotAllowed):
        clarifying.answer(clarification=held, question="?", answer="!", actor=user)


def test_what_was_asked_and_answered_stands(buyer, bid_a, vendor_a):
    asked = ask(bid_a, vendor_a)
    made = answer(buyer, asked)
    with acting_for(buyer.lead):
        for statement, pk in (
            ("UPDATE bids_clarification SET original = 'x' WHERE id = %s", asked.pk),
            ("UPDATE bids_clarification SET state = 'waiting' WHERE id = %s", asked.pk),
            ("UPDATE bids_publishedanswer SET answer = 'x' WHERE id = %s", made.pk),
            ("DELETE FROM bids_publishedanswer WHERE id = %s", made.pk),
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [pk])
    with pytest.raises(WrongState, match="decided already"):
        answer(buyer, asked)


def test_a_vendor_that_declined_and_a_stranger_read_nothing(buyer, both, other_buyer):
    (bid_a, vendor_a, _), (bid_b, vendor_b, _) = both
    answer(buyer, ask(bid_a, vendor_a))
    with acting_for(vendor_b.owner) as owner:
        invitation = selectors.own_invitation(owner, bid_id=bid_b.pk)
        inviting.decline(invitation=invitation, reason="No team.", actor=owner)
        assert not PublishedAnswer.objects.exists()
    with acting_for(other_buyer.lead) as user:
        assert not PublishedAnswer.objects.exists()
        assert not Clarification.objects.exists()
        with pytest.raises(NotFound):
            desk_for(user, procurement_id=buyer.procurement.pk)


def test_the_record_holds_the_decision_and_never_the_text(buyer, bid_a, vendor_a):
    answer(buyer, ask(bid_a, vendor_a))
    with acting_for(buyer.lead):
        event = AuditEvent.objects.get(action="clarification.answer")
    details = json.loads(event.payload)["details"]
    assert details == {"from": "waiting", "to": "answered", "number": 1}


def test_questions_go_through_the_pages(buyer, bid_a, bid_b, vendor_a, vendor_b):
    asker, other, lead = sign_in(vendor_a.owner), sign_in(vendor_b.owner), sign_in(buyer.lead)
    page = reverse("bids:questions", args=[bid_a.pk])
    empty = asker.post(reverse("bids:ask", args=[bid_a.pk]), {"text": " "})
    assert empty.status_code == 422
    assert "Write your question." in empty.content.decode()
    sent = asker.post(reverse("bids:ask", args=[bid_a.pk]), {"text": TEXT, "place": "1.02"})
    assert sent.url == f"{page}?asked=sent"
    assert asker.post(reverse("bids:ask", args=[bid_b.pk]), {"text": TEXT}).status_code == 404
    an_hour_passes()
    with acting_for(buyer.lead):
        held = Clarification.objects.get()
    at = [buyer.procurement.pk, held.pk]
    assert lead.post(reverse("bids:hold_back", args=at)).status_code == 302
    assert lead.post(reverse("bids:release", args=at)).status_code == 302
    assert TEXT in lead.get(reverse("bids:clarification", args=at)).content.decode()
    assert lead.post(reverse("bids:answer_all", args=at), {"question": "Q"}).status_code == 422
    given = {"question": "Are holidays included?", "answer": "They are."}
    assert lead.post(reverse("bids:answer_all", args=at), given).status_code == 302
    theirs = reverse("bids:questions", args=[bid_b.pk])
    text = other.get(theirs).content.decode()
    assert "They are." in text
    assert "1 new answer" in text
    assert other.post(reverse("bids:mark_read", args=[bid_b.pk])).status_code == 302
    assert "1 new answer" not in other.get(theirs).content.decode()


def test_lists_cost_the_same_with_one_question_and_with_three(buyer, bid_a, vendor_a):
    mine, theirs = sign_in(vendor_a.owner), sign_in(buyer.lead)
    urls = (
        (mine, reverse("bids:questions", args=[bid_a.pk])),
        (theirs, reverse("bids:clarifications", args=[buyer.procurement.pk])),
    )
    answer(buyer, ask(bid_a, vendor_a))
    once = [make.queries(client, url) for client, url in urls]
    for word in ("early", "late"):
        answer(buyer, ask(bid_a, vendor_a, f"Is the {word} shift included?"))
    assert [make.queries(client, url) for client, url in urls] == once
