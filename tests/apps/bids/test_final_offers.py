"""Best and final offers: published, asked by two persons, sealed anew, opened once, told apart."""

import datetime as dt
import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.bids import adapters, selectors
from apps.bids.models import Envelope, OfferRequest, OfferRound, Submission
from apps.bids.selectors import quotes_for
from apps.bids.services import final_offers, offering, signing_off, submitting, teaming
from apps.bids.states import Offer, OfferState, SignOffPart
from apps.core import clock
from apps.core.errors import Incomplete, NotAllowed, NotFound, WrongState
from apps.core.models import AuditEvent, Mail
from apps.proof import receipts
from apps.rfp.states import FinalOffers
from tests.apps.bids.conftest import fresh
from tests.conftest import acting_for, sign_in
from tests.factories import offers as make

DAY = dt.timedelta(days=1)
CONFIRMED_ALONE = (
    "UPDATE bids_offerround SET state = 'running', decided_by_id = requested_by_id,"
    " decided_at = now() WHERE id = %s"
)
LOW, LOWER = "0.7713", "0.7017"


@pytest.fixture
def priced(offers_priced):
    return offers_priced


@pytest.fixture
def asked(offers_asked):
    return offers_asked


def refused(statement: str, values: list) -> bool:
    """Whether SQL as the application login changes nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount == 0
    except DatabaseError:
        return True


def rates(user, rfp, offer=Offer.FINAL):
    return {
        quote["id"]: quote["rates"]["tiers"][0]["rate"]
        for quote in quotes_for(user, rfp, offer=offer)
    }


def client_email(found, place):
    return found.vendors[place].owner.email


# Asking


def test_what_was_not_published_cannot_be_asked_for(priced):
    with acting_for(priced.buyer.lead) as lead:
        rfp = priced.rfp()
        rfp.final_offers = FinalOffers.NO
        with pytest.raises(WrongState, match="published without best and final offers"):
            offering.request(
                rfp=rfp,
                closes_at=clock.now() + DAY,
                reason="Why",
                left_out={},
                excluded={},
                actor=lead,
            )


def test_the_published_term_is_frozen_with_the_rfp(priced):
    with acting_for(priced.buyer.lead):
        assert refused(
            "UPDATE rfp_rfp SET final_offers = 'no' WHERE id = %s", [priced.tender.rfp.pk]
        )


def test_nobody_is_told_before_a_second_person_confirms(priced):
    make.ask(priced, left_out={priced.bids[2].pk: "Far above the others."})
    with acting_for(priced.vendors[0].owner):
        assert selectors.own_offer(priced.bids[0]) is None
    with acting_for(priced.buyer.lead) as lead:
        with pytest.raises(NotAllowed, match="A second person confirms it"):
            offering.confirm(offer_round=priced.held(), actor=lead)
        assert not Mail.objects.filter(event__startswith="bids.offers:").exists()
    make.confirm(priced)
    with acting_for(priced.buyer.lead):
        told = Mail.objects.filter(event__startswith="bids.offers:")
        assert {one.recipient for one in told} == {
            priced.vendors[0].owner.email,
            priced.vendors[1].owner.email,
        }
        event = AuditEvent.objects.get(action="bids.request_offers")
        details = json.loads(event.payload)["details"]
        assert details["left_out"] == {str(priced.bids[2].pk): "Far above the others."}


def test_leaving_a_bid_out_needs_a_reason_and_somebody_is_asked(priced):
    everybody = {bid.pk: "Too dear." for bid in priced.bids}
    with pytest.raises(Incomplete, match="Ask at least one vendor"):
        make.ask(priced, left_out=everybody)
    with pytest.raises(Incomplete) as error:
        make.ask(priced, left_out={priced.bids[0].pk: "  "})
    assert f"out-{priced.bids[0].pk}" in error.value.fields


@pytest.mark.parametrize("shift", [-DAY, dt.timedelta(0)])
def test_offers_close_in_the_future(priced, shift):
    with pytest.raises(Incomplete, match="in the future"):
        make.ask(priced, closes_at=clock.now() + shift - dt.timedelta(seconds=5))


def test_offers_are_asked_for_once(asked):
    with pytest.raises(WrongState, match="asked for once"):
        make.ask(asked)


def test_a_dropped_request_leaves_the_one_that_may_be_asked_for(priced):
    make.ask(priced)
    with acting_for(priced.buyer.lead) as lead:
        offering.drop(offer_round=priced.held(), actor=lead)
    make.ask(priced)
    with acting_for(priced.buyer.lead):
        states = OfferRound.objects.order_by("created_at").values_list("state", flat=True)
        assert list(states) == [OfferState.DROPPED, OfferState.REQUESTED]


def test_the_database_refuses_one_person_alone_and_any_other_opening(priced):
    made = make.ask(priced)
    statements = (
        CONFIRMED_ALONE,
        "UPDATE bids_offerround SET closes_at = closes_at + interval '9 days' WHERE id = %s",
        "UPDATE bids_offerround SET opened_at = now() + interval '9 days' WHERE id = %s",
        "UPDATE bids_offerrequest SET sent_at = now() WHERE offer_round_id = %s",
        "UPDATE bids_offerrequest SET left_out_because = 'No.' WHERE offer_round_id = %s",
        "DELETE FROM bids_offerround WHERE id = %s",
        "SELECT cceval_open_offers(%s)",
    )
    with acting_for(priced.buyer.lead):
        assert all(refused(statement, [made.pk]) for statement in statements)


# The vendor


def test_the_sheet_starts_as_the_first_offer_and_the_answers_stay(asked):
    client = sign_in(asked.vendors[0].owner)
    page = client.get(reverse("bids:final_offer", args=[asked.bids[0].pk]))
    assert page.status_code == 200
    assert 'value="0.91"' in page.content.decode()
    portal = client.get(reverse("bids:portal", args=[asked.bids[0].pk]))
    assert reverse("bids:final_offer", args=[asked.bids[0].pk]) in portal.content.decode()


def test_a_final_offer_is_sealed_anew_with_a_receipt_that_verifies(asked):
    made = make.offer(asked, 0, LOW)
    with acting_for(asked.vendors[0].owner) as owner:
        envelope = Envelope.objects.get(submission=made)
        assert (envelope.kind, envelope.state) == ("commercial", "sealed")
        assert LOW.encode() not in bytes(envelope.ciphertext)
        signed = submitting.receipt(submission=made, actor=owner)
        read = receipts.read(signed)
        assert read.confirmed_by(adapters.receipt_key().verify_key)
        assert read.receipt.manifest.digest == made.manifest_digest
        assert [item.name for item in read.receipt.manifest.items] == ["commercial.json"]


def test_the_last_offer_counts_and_a_repeated_click_makes_no_other(asked):
    first = make.offer(asked, 0, LOW)
    with acting_for(asked.vendors[0].owner) as owner:
        again = final_offers.submit(
            bid=asked.bids[0], actor=owner, arrived_at=clock.now(), from_edge=True
        )
    assert again.pk == first.pk
    second = make.offer(asked, 0, LOWER)
    assert second.number == first.number + 1


def test_an_offer_at_the_closing_time_is_late_whatever_the_clock_says(asked):
    with acting_for(asked.buyer.lead):
        closes = asked.held().closes_at
    with pytest.raises(WrongState, match="arrived on"):
        make.offer(asked, 0, LOW, at=closes)
    assert make.offer(asked, 0, LOW, at=closes - dt.timedelta(milliseconds=1))


def test_after_the_closing_nothing_is_saved_or_sent(asked, set_clock):
    set_clock(make.after_closing(asked))
    with pytest.raises(WrongState, match="deadline passed"):
        make.offer(asked, 0, LOW)
    client = sign_in(asked.vendors[0].owner)
    answer = client.post(reverse("bids:submit_final_offer", args=[asked.bids[0].pk]))
    assert answer.status_code == 409


def test_a_vendor_that_is_not_asked_has_no_page(asked):
    bid = asked.bids[2]
    client = sign_in(asked.vendors[2].owner)
    for name in ("final_offer", "submit_final_offer"):
        assert client.post(reverse(f"bids:{name}", args=[bid.pk])).status_code == 404
    assert "final-offer" not in client.get(reverse("bids:portal", args=[bid.pk])).content.decode()
    with acting_for(asked.vendors[2].owner) as owner:
        assert not OfferRound.objects.exists()
        assert not OfferRequest.objects.exists()
        with pytest.raises(NotFound):
            final_offers.save(bid=bid, raw=make.sheet(LOW), version=0, actor=owner)


def test_no_vendor_learns_who_else_is_asked_or_offers(asked):
    make.offer(asked, 1, LOW)
    with acting_for(asked.vendors[0].owner):
        assert OfferRequest.objects.count() == 1
        assert not Submission.objects.filter(offer_round__isnull=False).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM bids_offerrequest")
            assert cursor.fetchone()[0] == 1
    client = sign_in(asked.vendors[0].owner)
    bid = asked.bids[0]
    texts = [
        client.get(reverse(f"bids:{name}", args=[bid.pk])).content.decode()
        for name in ("final_offer", "portal", "receipt", "about", "price")
    ]
    texts += [one.text + one.html for one in Mail.objects.filter(recipient=client_email(asked, 0))]
    for text in texts:
        assert make.NAMES[1] not in text
        assert make.NAMES[2] not in text
        assert LOW not in text
        assert "Far above" not in text


def test_who_does_not_see_the_price_has_no_final_offer_either(asked):
    bid, people = asked.bids[0], asked.vendors[0]
    client, url = sign_in(people.respondent), reverse("bids:final_offer", args=[bid.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, make.sheet(LOW)).status_code == 404
    for name in ("portal", "about", "check"):
        page = client.get(reverse(f"bids:{name}", args=[bid.pk]), follow=True)
        assert "final-offer" not in page.content.decode()
    with acting_for(people.respondent) as user, pytest.raises((NotFound, NotAllowed)):
        final_offers.save(bid=bid, raw=make.sheet(LOW), version=0, actor=user)


def test_a_member_who_is_no_owner_saves_but_does_not_submit(asked):
    bid, people = asked.bids[0], asked.vendors[0]
    with acting_for(people.owner) as owner:
        teaming.name_price_readers(bid=bid, people=[people.respondent.pk], actor=owner)
    with acting_for(people.respondent) as user:
        final_offers.save(bid=bid, raw=make.sheet(LOW), version=0, actor=user)
        with pytest.raises(NotAllowed):
            final_offers.submit(bid=bid, actor=user, arrived_at=clock.now(), from_edge=True)


def _sign(bid, who):
    part = SignOffPart.PRICE
    with acting_for(who):
        fingerprint = selectors.fingerprint_of(bid, part)
        return signing_off.sign_off(bid=bid, part=part, fingerprint=fingerprint, actor=who)


def test_the_price_sign_off_that_a_vendor_asks_for_guards_the_final_offer_too(asked):
    bid, owner = asked.bids[0], asked.vendors[0].owner
    with acting_for(owner):
        duties = {SignOffPart.PRICE: [owner.pk], SignOffPart.QUALITY: [owner.pk]}
        teaming.ask_for_sign_offs(bid=bid, duties=duties, actor=owner)
    _sign(bid, owner)  # of the price as it stood before the final offer was written
    with pytest.raises(Incomplete, match="a sign-off is missing"):
        make.offer(asked, 0, LOW)
    with acting_for(owner):
        final_offers.save(bid=bid, raw=make.sheet(LOW), version=0, actor=owner)
    client = fresh(owner)
    page = client.get(reverse("bids:final_offer", args=[bid.pk])).content.decode()
    assert "Sign it off as it stands" in page
    with acting_for(owner):
        fingerprint = selectors.fingerprint_of(bid, SignOffPart.PRICE)
    given = {"part": "price", "fingerprint": fingerprint}
    signed = client.post(reverse("bids:sign_off", args=[bid.pk]), given)
    assert signed.url == f"{reverse('bids:final_offer', args=[bid.pk])}#h-signs"
    sent = client.post(reverse("bids:submit_final_offer", args=[bid.pk]))
    assert sent.status_code == 302, "quality was signed before the deadline, or never"


def test_a_final_price_that_changes_is_to_be_signed_again(asked):
    bid, owner = asked.bids[0], asked.vendors[0].owner
    with acting_for(owner):
        asked_of = {SignOffPart.PRICE: [owner.pk]}
        teaming.ask_for_sign_offs(bid=bid, duties=asked_of, actor=owner)
        final_offers.save(bid=bid, raw=make.sheet(LOW), version=0, actor=owner)
    _sign(bid, owner)
    with pytest.raises(Incomplete, match="a sign-off is missing"):
        make.offer(asked, 0, LOWER)
    _sign(bid, owner)
    with acting_for(owner):
        made = final_offers.submit(bid=bid, actor=owner, arrived_at=clock.now(), from_edge=True)
    assert made.offer_round_id


def test_after_the_closing_of_final_offers_nothing_is_signed(asked, set_clock):
    bid, owner = asked.bids[0], asked.vendors[0].owner
    with acting_for(owner):
        asked_of = {part: [owner.pk] for part in SignOffPart}
        teaming.ask_for_sign_offs(bid=bid, duties=asked_of, actor=owner)
    set_clock(make.after_closing(asked))
    with pytest.raises(WrongState, match="deadline passed"):
        _sign(bid, owner)


def test_an_offer_is_of_a_bid_that_was_asked_whatever_sql_says(asked):
    made = make.offer(asked, 0, LOW)
    with (
        acting_for(asked.vendors[2].owner),
        pytest.raises(DatabaseError, match="no final offer is taken now"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO bids_submission (id, created_at, organisation_id, vendor_id, bid_id,"
            " number, answers_version, priced_on, arrived_at, from_edge, manifest_digest,"
            " manifest, submitted_by_id, offer_round_id, sheets, lots)"
            " VALUES (gen_random_uuid(), now(), %s, %s, %s, 9, 1, 0, now(), true, '', '', %s,"
            " %s, '{\"\": 1}', '[]')",
            [
                asked.buyer.organisation.pk,
                asked.vendors[2].organisation.pk,
                asked.bids[2].pk,
                asked.vendors[2].owner.pk,
                made.offer_round_id,
            ],
        )
