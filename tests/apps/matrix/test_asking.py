"""The panel asks one vendor about its own bid: drafted, sent by a lead, explained once, in time."""

import datetime as dt
import html

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.bids.models import PanelQuestion, SentQuestion, VendorExplanation
from apps.bids.selectors.panel_questions import put_page
from apps.bids.services import explaining
from apps.core import clock
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent, Mail
from apps.matrix import selectors
from apps.matrix.selectors.asking import to_send_for, vendor_questions_page
from apps.matrix.services import asking
from tests.apps.matrix.test_recusals import recuse
from tests.conftest import acting_for, make_vendor
from tests.factories import matrix as make

WHY = "Which wave brings the team leads? canary-519927404416"
SAID = "The second wave, with two leads each. lantern-881205563317"


def place(stage, user, code="1.01", at=0):
    return selectors.place_for(
        user, procurement_id=stage.procurement.pk, code=code, letter=stage.bid(at).letter
    )


def draft(stage, person=None, text=WHY, code="1.01", at=0):
    person = person or stage.buyer.evaluator
    with acting_for(person):
        return asking.draft(place=place(stage, person, code, at), text=text, actor=person)


def send(stage, asked, text=WHY, days=5, actor=None):
    actor = actor or stage.buyer.lead
    with acting_for(actor):
        held = to_send_for(actor, procurement_id=stage.procurement.pk, asked_id=asked.pk)
        return asking.send(to_send=held, text=text, days=days, actor=actor)


def vendor_of(stage, at=0):
    bid = stage.bid(at)
    return next(one for one in stage.vendors if one.organisation.pk == bid.vendor_id)


def explain(stage, sent, text=SAID, actor=None, at=0, file=None):
    actor = actor or vendor_of(stage, at).owner
    with acting_for(actor):
        held = SentQuestion.objects.select_related("bid__round__rfp__procurement").get(pk=sent.pk)
        return explaining.explain(sent=held, text=text, actor=actor, file=file)


def page(client, stage, name="question", *args):
    url = reverse(f"matrix:{name}", args=[stage.procurement.pk, *(args or ("1.01",))])
    return html.unescape(client.get(url).content.decode())


def questions_of(client, stage):
    url = reverse("matrix:vendor_questions", args=[stage.procurement.pk])
    return html.unescape(client.get(url).content.decode())


def test_an_answer_stands_beside_the_bid_and_changes_nothing_in_it(begun, buyer, client_for):
    before = page(client_for(buyer.evaluator2), begun)
    explain(begun, send(begun, draft(begun)))
    for person in (buyer.evaluator, buyer.evaluator2, buyer.moderator, buyer.lead):
        shown = page(client_for(person), begun)
        assert shown.count(SAID) == 1
        assert WHY in shown
        assert "beside the bid, which stands as it is" in shown
    assert before.count("We hire in waves.") == shown.count("We hire in waves.") == 2
    assert SAID not in page(client_for(buyer.lead), begun, "question", "1.04")


def test_who_agrees_on_a_score_reads_what_the_vendor_explained(begun, buyer, client_for):
    explain(begun, send(begun, draft(begun)))
    make.in_consensus(make.scored(begun))
    shown = page(client_for(buyer.moderator), begun, "agreeing")
    assert (shown.count(WHY), shown.count(SAID)) == (1, 1)
    assert SAID not in page(client_for(buyer.moderator), begun, "agreeing", "1.04")


def test_what_is_drafted_reaches_nobody_but_its_author_and_the_lead(begun, buyer, client_for):
    draft(begun)
    assert WHY in questions_of(client_for(buyer.evaluator), begun)
    assert WHY in questions_of(client_for(buyer.lead), begun)
    for person in (buyer.evaluator2, buyer.moderator, buyer.auditor):
        assert WHY not in questions_of(client_for(person), begun)
        assert WHY not in page(client_for(person), begun)
    owner = vendor_of(begun).owner
    with acting_for(owner):
        assert not PanelQuestion.objects.exists()
        assert not SentQuestion.objects.exists()


def test_a_vendor_reads_its_own_question_and_no_rival_learns_that_there_is_one(
    begun, buyer, client_for
):
    sent = send(begun, draft(begun))
    explain(begun, sent)
    own, rival = vendor_of(begun), vendor_of(begun, 1)
    mine, theirs = begun.bid(0), begun.bid(1)
    client = client_for(own.owner)
    shown = html.unescape(client.get(reverse("bids:put_to_us", args=[mine.pk])).content.decode())
    assert WHY in shown
    assert SAID in shown
    assert buyer.evaluator.name not in shown
    assert (
        "Questions about your bid"
        in client.get(reverse("bids:portal", args=[mine.pk])).content.decode()
    )
    other = client_for(rival.owner)
    assert other.get(reverse("bids:put_to_us", args=[mine.pk])).status_code == 404
    assert other.post(reverse("bids:explain", args=[mine.pk, sent.pk])).status_code == 404
    empty = other.get(reverse("bids:put_to_us", args=[theirs.pk])).content.decode()
    assert "The panel has asked you nothing." in empty
    assert (
        "Questions about your bid</a>"
        not in other.get(reverse("bids:portal", args=[theirs.pk])).content.decode()
    )
    with acting_for(rival.owner):
        assert not SentQuestion.objects.exists()
        assert not VendorExplanation.objects.exists()


def test_the_mail_says_that_something_is_asked_and_not_what(begun, buyer):
    sent = send(begun, draft(begun))
    with acting_for(buyer.lead):
        held = Mail.objects.filter(event=f"bids.asked:{sent.pk}")
        (mail,) = held
    assert mail.recipient != vendor_of(begun, 1).owner.email
    for text in (mail.subject, mail.text, mail.html):
        assert "canary" not in text
    assert f"/bids/{begun.bid(0).pk}/panel/" in mail.text


def test_each_step_is_in_the_record_without_a_word_of_it(begun, buyer):
    explain(begun, send(begun, draft(begun)))
    with acting_for(buyer.lead):
        found = dict(
            AuditEvent.objects.filter(action__regex="^scoring.(.*question|explained)$").values_list(
                "action", "payload"
            )
        )
    assert set(found) == {
        "scoring.draft_question",
        "scoring.send_question",
        "scoring.explained",
    }
    assert not [text for text in found.values() if "canary" in text or "lantern" in text]
    assert '"digest"' in found["scoring.explained"]
    with acting_for(vendor_of(begun).owner):
        assert AuditEvent.objects.filter(action="bids.explain").count() == 1


def test_a_vendor_s_name_in_its_answer_is_hidden_until_the_lock(
    buyer, vendor_a, vendor_b, set_clock, client_for
):
    stage = make.opened(buyer, [vendor_a, vendor_b], set_clock)
    make.begun(stage)
    owner = vendor_of(stage)
    name = owner.organisation.name
    explain(stage, send(stage, draft(stage)), text=f"We at {name} hire in May.")
    for address in ("question", "ask_vendor"):
        args = ("1.01",) if address == "question" else ("1.01", stage.bid(0).letter)
        assert name not in page(client_for(buyer.evaluator), stage, address, *args)
    assert name not in questions_of(client_for(buyer.evaluator), stage)
    make.locked(make.agreed(make.in_consensus(make.scored(stage))))
    assert f"We at {name} hire in May." in page(client_for(buyer.evaluator), stage)


def test_an_answer_comes_once_and_in_time(begun, set_clock):
    first, second = (send(begun, draft(begun, text=text)) for text in ("Why?", "When?"))
    explain(begun, first)
    with pytest.raises(WrongState, match="stands as it was sent"):
        explain(begun, first, text="Otherwise.")
    set_clock(clock.now() + dt.timedelta(days=5, minutes=1))
    with pytest.raises(WrongState, match="could be answered until"):
        explain(begun, second)
    owner = vendor_of(begun).owner
    with acting_for(owner):
        held = SentQuestion.objects.get(pk=second.pk)
        with pytest.raises(DatabaseError, match="answered no more"), transaction.atomic():
            VendorExplanation.objects.create(
                organisation_id=held.organisation_id,
                vendor_id=held.vendor_id,
                bid_id=held.bid_id,
                sent=held,
                text="Late.",
                answered_by=owner,
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            VendorExplanation.objects.update(text="Another one.")


def test_late_is_shown_to_both_sides(begun, buyer, set_clock, client_for):
    send(begun, draft(begun))
    set_clock(clock.now() + dt.timedelta(days=6))
    assert "Not answered in time." in page(client_for(buyer.evaluator), begun)
    url = reverse("bids:put_to_us", args=[begun.bid(0).pk])
    shown = client_for(vendor_of(begun).owner).get(url).content.decode()
    assert "Not answered in time" in shown
    assert "<textarea" not in shown


def test_who_must_not_ask_or_send_or_answer_is_refused(begun, buyer, client_for):
    url = reverse("matrix:ask_vendor", args=[begun.procurement.pk, "1.01", begun.bid(0).letter])
    for person in (buyer.auditor, buyer.opener, buyer.approver, buyer.executive):
        assert client_for(person).get(url).status_code in {403, 404}
        assert client_for(person).post(f"{url}draft/", {"text": WHY}).status_code in {403, 404}
    asked = draft(begun)
    with pytest.raises(NotAllowed):
        send(begun, asked, actor=buyer.evaluator)
    sent = send(begun, asked)
    with pytest.raises(WrongState, match="sent or set aside already"):
        send(begun, asked)
    with pytest.raises(NotAllowed):
        explain(begun, sent, actor=vendor_of(begun).respondent)
    with acting_for(buyer.lead):
        assert not VendorExplanation.objects.exists()


def test_a_recused_evaluator_neither_asks_nor_reads(begun, buyer, client_for):
    sent = send(begun, draft(begun, buyer.evaluator2))
    explain(begun, sent)
    recuse(begun, buyer.evaluator)
    client = client_for(buyer.evaluator)
    assert SAID not in page(client, begun)
    assert SAID not in questions_of(client, begun)
    url = reverse("matrix:ask_vendor", args=[begun.procurement.pk, "1.01", begun.bid(0).letter])
    assert client.get(url).status_code == 404


def test_after_the_lock_nothing_is_asked_any_more(begun, buyer, client_for):
    asked = draft(begun)
    make.locked(make.agreed(make.in_consensus(make.scored(begun))))
    with pytest.raises(WrongState, match="locked"):
        send(begun, asked)
    with pytest.raises(WrongState, match="locked"):
        draft(begun)
    assert "Ask the vendor" not in page(client_for(buyer.evaluator), begun)


@pytest.mark.parametrize("text", ["", "   \n", "x" * 2001])
def test_what_cannot_be_asked_is_refused_with_a_sentence(begun, text):
    with pytest.raises(Incomplete) as refused:
        draft(begun, text=text)
    assert set(refused.value.fields) == {"text"}
    with pytest.raises(Incomplete, match="from 1 to 30 days"):
        send(begun, draft(begun), days=31)


def test_the_pages_draft_send_and_answer_and_keep_what_was_typed(begun, buyer, client_for):
    case, letter = begun.procurement.pk, begun.bid(0).letter
    evaluator, lead = client_for(buyer.evaluator), client_for(buyer.lead)
    url = reverse("matrix:draft_question", args=[case, "1.01", letter])
    assert evaluator.post(url, {"text": ""}).status_code == 422
    assert evaluator.post(url, {"text": WHY}).status_code == 302
    with acting_for(buyer.lead):
        asked = PanelQuestion.objects.get()
    assert (
        "Send a question to a vendor"
        in lead.get(reverse("workspace:procurement", args=[case])).content.decode()
    )
    url = reverse("matrix:send_question", args=[case, asked.pk])
    wrong = lead.post(url, {f"{asked.pk}-text": "As typed.", f"{asked.pk}-days": "400"})
    assert (wrong.status_code, "As typed." in wrong.content.decode()) == (422, True)
    assert evaluator.post(url).status_code == 403
    assert lead.post(url, {f"{asked.pk}-text": WHY, f"{asked.pk}-days": "5"}).status_code == 302
    with acting_for(buyer.lead):
        sent = SentQuestion.objects.get()
    owner = client_for(vendor_of(begun).owner)
    url = reverse("bids:explain", args=[begun.bid(0).pk, sent.pk])
    assert owner.post(url, {f"{sent.pk}-text": " "}).status_code == 422
    assert owner.post(url, {f"{sent.pk}-text": SAID}).status_code == 302
    assert owner.post(url, {f"{sent.pk}-text": "Again."}).status_code == 409
    assert SAID in page(evaluator, begun)


def test_the_lists_ask_as_much_for_three_questions_as_for_one(begun, buyer):
    owner = vendor_of(begun).owner

    def cost():
        with acting_for(buyer.lead) as lead, CaptureQueriesContext(connection) as panel:
            shown = vendor_questions_page(lead, begun.round_for(lead))
            assert shown.sent
        with acting_for(owner):
            bid = begun.bid(0)
            with CaptureQueriesContext(connection) as own:
                assert put_page(owner, bid).put
        return len(panel), len(own)

    explain(begun, send(begun, draft(begun)))
    first = cost()
    for text in ("When?", "Who?"):
        explain(begun, send(begun, draft(begun, text=text, at=1)), at=1)
        explain(begun, send(begun, draft(begun, text=text)))
    assert cost() == first


def test_another_organisation_s_vendor_is_never_asked(begun, buyer):
    other = make_vendor("Thornby Voice", buyer.organisation)
    asked = draft(begun)
    with acting_for(buyer.lead) as lead:
        bid = begun.bid(0)
        with pytest.raises(DatabaseError, match="the vendor it is about"), transaction.atomic():
            SentQuestion.objects.create(
                organisation_id=bid.organisation_id,
                vendor_id=other.organisation.pk,
                bid=bid,
                asked=asked,
                code="1.01",
                text=WHY,
                due_at=clock.now() + dt.timedelta(days=1),
                sent_by=lead,
            )


def shelve(stage, asked, reason="It would give the score away.", actor=None):
    actor = actor or stage.buyer.lead
    with acting_for(actor):
        held = to_send_for(actor, procurement_id=stage.procurement.pk, asked_id=asked.pk)
        return asking.shelve(to_send=held, reason=reason, actor=actor)


def test_a_draft_that_is_set_aside_waits_no_more_and_is_never_sent(begun, buyer, client_for):
    asked = draft(begun)
    with pytest.raises(NotAllowed):
        shelve(begun, asked, actor=buyer.moderator)
    with pytest.raises(Incomplete, match="Say why it is not sent"):
        shelve(begun, asked, " ")
    shelve(begun, asked)
    for decide in (send, shelve):
        with pytest.raises(WrongState, match="sent or set aside already"):
            decide(begun, asked)
    home = reverse("workspace:procurement", args=[begun.procurement.pk])
    assert "Send a question" not in client_for(buyer.lead).get(home).content.decode()
    for person in (buyer.evaluator, buyer.lead):
        assert "It would give the score away." in questions_of(client_for(person), begun)
    assert WHY not in questions_of(client_for(buyer.evaluator2), begun)
    shelve(begun, draft(begun), actor=buyer.evaluator)  # one's own


def test_what_was_sent_is_not_set_aside(begun):
    asked = draft(begun)
    send(begun, asked)
    with pytest.raises(WrongState, match="sent or set aside already"):
        shelve(begun, asked)


def test_the_page_sets_a_draft_aside_and_keeps_what_was_typed(begun, buyer, client_for):
    asked = draft(begun)
    url = reverse("matrix:shelve_question", args=[begun.procurement.pk, asked.pk])
    lead = client_for(buyer.lead)
    wrong = lead.post(url, {f"{asked.pk}-reason": ""})
    assert (wrong.status_code, "Say why it is not sent." in wrong.content.decode()) == (422, True)
    assert lead.post(url, {f"{asked.pk}-reason": "Asked on the phone."}).status_code == 302
    assert "Asked on the phone." in questions_of(lead, begun)
