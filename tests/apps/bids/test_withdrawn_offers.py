"""A final offer taken back before the closing time: it stays sealed, and the first offer stands."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import Envelope, Submission, WithdrawnOffer
from apps.bids.services import final_offers, submitting
from apps.bids.states import EnvelopeState
from apps.core.errors import NotAllowed, WrongState
from apps.core.models import AuditEvent, Mail
from apps.proof import receipts
from tests.apps.bids.keys.conftest import code_in
from tests.conftest import acting_for, sign_in
from tests.factories import offers as make

LOW, LOWER = "0.7713", "0.7017"
JSON = "application/json"


@pytest.fixture
def asked(offers_asked):
    return offers_asked


def withdraw(found, place=0):
    with acting_for(found.vendors[place].owner) as owner:
        final_offers.withdraw(bid=found.bids[place], actor=owner)


def rates(found):
    with acting_for(found.buyer.lead) as lead:
        quotes = selectors.quotes_for(lead, found.rfp())
    return {one["id"]: one["rates"]["tiers"][0]["rate"] for one in quotes}


def test_the_first_offer_stands_again_and_the_envelope_stays_sealed(asked, set_clock):
    make.offer(asked, 0, LOW)
    make.offer(asked, 0, LOWER)
    withdraw(asked)
    make.offer(asked, 1, LOW)
    set_clock(make.after_closing(asked))
    assert make.open_all(asked) == 1, "neither the one that was taken back nor the one before it"
    a, b, c = (str(bid.pk) for bid in asked.bids)
    assert rates(asked) == {a: "0.91", b: LOW, c: "0.91"}
    with acting_for(asked.vendors[0].owner):
        sealed = Envelope.objects.filter(bid=asked.bids[0], offer_round__isnull=False)
        assert {one.state for one in sealed} == {EnvelopeState.SEALED}
    with acting_for(asked.buyer.lead):
        told = Mail.objects.get(
            event__startswith="bids.offers_opened:", recipient=asked.vendors[0].owner.email
        )
        assert "Your first offer stands as it is" in told.text
    page = sign_in(asked.vendors[0].owner).get(reverse("bids:final_offer", args=[asked.bids[0].pk]))
    assert "your first offer is compared as it is" in page.content.decode()


def test_receipt_mail_and_log_say_that_it_was_withdrawn(asked):
    made = make.offer(asked, 0, LOW)
    client, bid = sign_in(asked.vendors[0].owner), asked.bids[0]
    answer = client.post(reverse("bids:withdraw_final_offer", args=[bid.pk]))
    assert answer.url == reverse("bids:final_offer", args=[bid.pk])
    assert "your first offer stands again" in client.get(answer.url).content.decode()
    page = client.get(reverse("bids:receipt_of", args=[bid.pk, made.pk])).content.decode()
    assert "A withdrawn final offer" in page
    with acting_for(asked.vendors[0].owner) as owner:
        signed = receipts.read(submitting.receipt(submission=made, actor=owner))
        assert any("the first offer stands again" in one for one in signed.receipt.notices)
        assert AuditEvent.objects.get(action="bids.withdraw_offer").payload.count(str(made.pk))
        mail = Mail.objects.get(event=f"bids.withdraw_offer:{made.pk}")
        assert LOW not in mail.text
    again = client.post(reverse("bids:withdraw_final_offer", args=[bid.pk]))
    assert again.status_code == 409


def test_another_one_may_follow_until_the_closing_time(asked, set_clock):
    first = make.offer(asked, 0, LOW)
    withdraw(asked)
    with acting_for(asked.vendors[0].owner) as owner:
        page = selectors.final_offer_page(owner, asked.bids[0])
        assert (page.last, page.withdrawn, page.unsent) == (None, first, True)
    second = make.offer(asked, 0, LOW)  # the same figures: a submission of its own all the same
    assert second.number == first.number + 1
    set_clock(make.after_closing(asked))
    assert make.open_all(asked) == 1
    assert rates(asked)[str(asked.bids[0].pk)] == LOW


def test_after_the_closing_time_nothing_is_taken_back(asked, set_clock):
    make.offer(asked, 0, LOW)
    set_clock(make.after_closing(asked))
    with pytest.raises(WrongState, match="deadline passed"):
        withdraw(asked)


def test_nothing_is_taken_back_that_was_not_sent(asked):
    with pytest.raises(WrongState, match="no submitted final offer"):
        withdraw(asked)


def test_an_owner_alone_takes_it_back_and_needs_no_key(asked, django_capture_on_commit_callbacks):
    bid, owner = asked.bids[0], asked.vendors[0].owner
    browser = sign_in(owner)
    with acting_for(owner):
        final_offers.save(bid=bid, raw=make.sheet(LOW), version=0, actor=owner)
    browser.get(reverse("bids:final_offer", args=[bid.pk]))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("bids:submit_final_offer", args=[bid.pk]))
    assert code_in(browser)
    with acting_for(asked.vendors[0].respondent) as user, pytest.raises(NotAllowed):
        final_offers.withdraw(bid=bid, actor=user)
    other = sign_in(owner)  # without the key of the browser that sent it
    url = reverse("bids:final_offer", args=[bid.pk])
    assert "Withdraw the final offer" in other.get(url).content.decode()
    assert other.post(reverse("bids:withdraw_final_offer", args=[bid.pk])).status_code == 302
    text = other.get(url).content.decode()
    assert "Final offer withdrawn" in text
    assert LOW not in text


def test_it_is_taken_back_by_api_too(asked):
    make.offer(asked, 0, LOW)
    client, own = sign_in(asked.vendors[0].owner), f"/api/v1/bids/{asked.bids[0].pk}/final-offer/"
    rival = sign_in(asked.vendors[1].owner)
    assert rival.post(f"{own}withdraw/", {}, content_type=JSON).status_code == 404
    assert client.post(f"{own}withdraw/", {"why": 1}, content_type=JSON).status_code == 422
    assert client.post(f"{own}withdraw/", {}, content_type=JSON).json() == {"withdrawn": True}
    assert client.get(own).json()["submitted"] is None
    assert client.post(f"{own}withdraw/", {}, content_type=JSON).status_code == 409


INSERT = (
    "INSERT INTO bids_withdrawnoffer (id, created_at, organisation_id, vendor_id, submission_id,"
    " withdrawn_by_id) VALUES (gen_random_uuid(), now(), %s, %s, %s, %s)"
)


def test_the_database_takes_back_only_the_last_in_time_and_keeps_it(asked, set_clock):
    first, last = make.offer(asked, 0, LOW), make.offer(asked, 0, LOWER)
    owner = asked.vendors[0].owner

    def refused(submission, who=owner):
        values = [first.organisation_id, first.vendor_id, submission.pk, who.pk]
        with acting_for(owner), connection.cursor() as cursor:
            try:
                with transaction.atomic():
                    cursor.execute(INSERT, values)
            except DatabaseError as error:
                return "not taken back" in str(error)
        return False

    with acting_for(owner):
        bid = Submission.objects.filter(bid=asked.bids[0], offer_round=None).first()
    assert refused(first)
    assert refused(bid)
    assert refused(last, asked.vendors[0].respondent)
    withdraw(asked)
    with acting_for(owner), connection.cursor() as cursor:
        for statement in ("DELETE FROM", "TRUNCATE"):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(f"{statement} bids_withdrawnoffer")
        assert WithdrawnOffer.objects.count() == 1
    another = make.offer(asked, 0, LOW)
    set_clock(make.after_closing(asked))
    assert refused(another)
