"""Final offers lot by lot: asked, written, sealed, opened; the price of each lot is the right one."""

import json

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.bids import selectors as bids
from apps.bids.models import Envelope, OfferRequest, OfferRound, Submission
from apps.bids.selectors.own_offers import asked_lots, standing_offer
from apps.bids.services import final_offers, offering, signing_off, submitting, teaming
from apps.bids.states import SignOffPart
from apps.core import clock
from apps.core.errors import Incomplete, WrongState
from apps.core.models import AuditEvent, Mail
from apps.pricing import services as pricing
from apps.proof import receipts
from tests.conftest import acting_for, make_buyer, sign_in
from tests.factories import lot_offers as make
from tests.factories import lots
from tests.factories import reports as make_reports

VELORA, CASTELLAN, TAMARIND = "Velora Connect", "Castellan CX", "Tamarind Global"
LOW, LOWER = "0.6113", "0.5977"
FIRST = {VELORA: "0.90", CASTELLAN: "0.80", TAMARIND: "0.95"}


@pytest.fixture
def asked(may_offer):
    """Every vendor is asked in every lot that it bid for."""
    return make.asked(may_offer)


def evaluated(stage, code):
    with acting_for(stage.buyer.lead) as lead:
        held = bids.evaluated_prices(lead, make.rfp_of(stage), lots.lot(stage.rfp, code))
    return {one.vendor.name: held[one.pk] for one in _bids(stage) if one.pk in held}


def _bids(stage):
    with acting_for(stage.buyer.lead):
        return [type(one).objects.select_related("vendor").get(pk=one.pk) for one in stage.bids]


def answered(stage, set_clock):
    """Velora offers in both lots, Castellan in A alone, Tamarind nowhere; all is opened."""
    make.offer(stage, 0, A=LOW, B=LOWER)
    make.offer(stage, 1, A=LOWER)
    set_clock(make.after_closing(stage))
    assert make.open_all(stage) == 2


# Asking


def test_a_tender_with_lots_is_published_with_final_offers(may_offer):
    with acting_for(may_offer.buyer.lead):
        published = json.loads(make.rfp_of(may_offer).frozen)
        assert published["final_offers"] == "once"
        assert len(published["lots"]) == 2


def test_every_bid_is_asked_in_the_lots_it_covers_and_told_of_its_own(asked):
    with acting_for(asked.buyer.lead):
        rows = OfferRequest.objects.select_related("bid__vendor", "lot")
        assert {(one.bid.vendor.name, one.lot.code) for one in rows} == {
            (VELORA, "A"), (VELORA, "B"), (CASTELLAN, "A"), (CASTELLAN, "B"), (TAMARIND, "B"),
        }  # fmt: skip
        told = {
            one.recipient: one.text for one in Mail.objects.filter(event__startswith="bids.offers:")
        }
    assert len(told) == 3
    assert "A Voice; B Chat" in told[asked.vendors[0].owner.email]
    assert "A Voice" not in told[asked.vendors[2].owner.email]
    assert "B Chat" in told[asked.vendors[2].owner.email]


def test_one_lot_is_reopened_and_the_other_goes_on(may_offer):
    stage = make.asked(may_offer, lots=["B"], left_out={(may_offer.bids[2].pk, "B"): "Too dear."})
    with acting_for(stage.vendors[0].owner):
        assert [one.code for one in asked_lots(stage.bids[0])] == ["B"]
    with acting_for(stage.buyer.lead) as lead:
        with pytest.raises(WrongState, match="no price is final"):
            pricing.adopt(
                procurement=lots.case_of(stage),
                lot=lots.lot(stage.rfp, "B"),
                actor=lead,
                reason="Again.",
            )
        offering.require_final_prices(lots.case_of(stage), lots.lot(stage.rfp, "A"))
    make_reports.assess(stage)
    lots.decide(stage, "A")  # nothing about A waits for the offers of B
    page = sign_in(stage.buyer.lead).get(reverse("matrix:offers", args=[stage.procurement.pk]))
    assert "Lots with their first offers" in page.content.decode()
    with pytest.raises(WrongState, match="asked for once"):
        make.ask(stage, lots=["B"])


def test_a_decided_lot_is_not_reopened(may_offer):
    make_reports.assess(may_offer)
    lots.decide(may_offer, "A")
    with pytest.raises(Incomplete, match="in lot A: it is decided"):
        make.ask(may_offer, lots=["A", "B"])
    make.ask(may_offer)  # without a choice, what can be
    with acting_for(may_offer.buyer.lead):
        assert {one.lot.code for one in OfferRequest.objects.select_related("lot")} == {"B"}


def test_a_knock_out_of_one_lot_leaves_the_other_open(set_clock, db):
    stage = make.ranked(make_buyer(), set_clock, {VELORA: {"5.02": "1"}})
    make.ask(stage)
    with acting_for(stage.buyer.lead):
        rows = OfferRequest.objects.filter(bid=stage.bids[0]).select_related("lot")
        out = {one.lot.code: one.left_out_because for one in rows}
    assert out["A"] == ""
    assert out["B"].startswith("Not admitted: ")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"lots": []}, "Choose at least one lot"),
        ({"lots": ["A", "Z"]}, "in lot Z"),
        ({"lots": ["A"], "out": ((0, "A"), (1, "A"))}, "at least one vendor in lot A"),
        ({"out": ((2, "A"),)}, "no such opened bid"),
        ({"out": ((0, ""), (1, ""))}, "at least one vendor in lot A"),
    ],
)
def test_who_is_asked_has_to_hold_together(may_offer, given, sentence):
    out = {(may_offer.bids[place].pk, code): "No." for place, code in given.get("out", ())}
    with pytest.raises(Incomplete, match=sentence):
        make.ask(may_offer, lots=given.get("lots"), left_out=out)
    with acting_for(may_offer.buyer.lead):
        assert not OfferRound.objects.exists()


def test_the_lead_chooses_lots_and_vendors_on_the_page(may_offer):
    client = sign_in(may_offer.buyer.lead)
    page = client.get(reverse("matrix:offers", args=[may_offer.procurement.pk])).content.decode()
    assert "Lots that are reopened" in page
    assert "You can ask only once." in page
    day = (clock.now() + make.DAY).date().isoformat()
    form = {"day": day, "time": "12:00", "zone": "Europe/London", "reason": "Volumes are firmer."}
    url = reverse("matrix:ask_offers", args=[may_offer.procurement.pk])
    assert client.post(url, form).status_code == 422  # no lot is ticked
    out = {f"out-{may_offer.bids[0].pk}-A": "Too dear in this lot."}
    assert client.post(url, {**form, "lots": ["A"], **out}).status_code == 302
    with acting_for(may_offer.buyer.lead):
        rows = OfferRequest.objects.select_related("bid__vendor")
        assert {one.bid.vendor.name: one.left_out_because for one in rows} == {
            VELORA: "Too dear in this lot.", CASTELLAN: "",
        }  # fmt: skip


# The vendor


def test_a_vendor_writes_and_seals_the_lots_it_is_asked_for(asked):
    made = make.offer(asked, 0, A=LOW, B=LOWER)
    assert (made.lots, made.sheets) == (["A", "B"], {"A": 1, "B": 1})
    with acting_for(asked.vendors[0].owner) as owner:
        assert Envelope.objects.filter(submission=made).count() == 1
        read = receipts.read(submitting.receipt(submission=made, actor=owner))
        said = " ".join(read.receipt.notices)
        assert "covers these lots and no other: A Voice; B Chat" in said
        assert "In every other lot of the bid the first offer stands." in said
        event = AuditEvent.objects.get(action="bids.submit_offer")
        assert json.loads(event.payload)["details"]["lots"] == ["A", "B"]
    page = sign_in(asked.vendors[0].owner).get(
        reverse("bids:receipt_of", args=[asked.bids[0].pk, made.pk])
    )
    assert "A Voice" in page.content.decode()


def test_a_vendor_offers_in_no_lot_that_it_is_not_asked_for(asked):
    with pytest.raises(WrongState, match="asked for in this lot"):
        make.save(asked, 2, "A", LOW)
    with (
        acting_for(asked.vendors[2].owner) as owner,
        pytest.raises(WrongState, match="Name the lot"),
    ):
        final_offers.save(bid=asked.bids[2], raw=lots.sheet(LOW), version=0, actor=owner)
    client = sign_in(asked.vendors[2].owner)
    url = reverse("bids:final_offer", args=[asked.bids[2].pk])
    assert client.get(f"{url}?lot=A").status_code == 404
    assert "lot B" in client.get(url).content.decode()


def test_the_database_takes_no_offer_for_a_lot_that_was_not_asked(asked):
    made = make.offer(asked, 2, B=LOW)
    with acting_for(asked.vendors[2].owner):
        for changes in (
            {"lots": ["A"], "sheets": {"A": 1}},
            {"lots": ["A"], "sheets": {"B": 1}},
            {"lots": [], "sheets": {}},
        ):
            other = Submission.objects.get(pk=made.pk)
            other.pk, other.number = None, 9
            for name, value in changes.items():
                setattr(other, name, value)
            with (
                pytest.raises(DatabaseError, match="no final offer is taken"),
                transaction.atomic(),
            ):
                other.save(force_insert=True)


def test_the_last_final_offer_counts_whole_and_a_lot_left_out_goes_back(asked, set_clock):
    make.offer(asked, 0, A=LOW, B=LOWER)
    again = make.submit(asked, 0, ["A", "B"])
    assert again.number == make.submit(asked, 0).number, "a repeated click makes no other"
    assert make.submit(asked, 0, ["A"]).number == again.number + 1
    set_clock(make.after_closing(asked))
    make.open_all(asked)
    assert make.rates(asked, "A")[VELORA] == LOW
    assert make.rates(asked, "B")[VELORA] == FIRST[VELORA]


def test_nothing_is_submitted_for_a_lot_without_a_saved_sheet(asked):
    with pytest.raises(Incomplete, match="save the price sheet"):
        make.submit(asked, 0)
    make.save(asked, 0, "A", LOW)
    for given in (["B"], []):
        with pytest.raises(Incomplete, match="choose at least one lot"):
            make.submit(asked, 0, given)


def test_the_page_takes_the_lots_that_are_ticked(asked):
    client, bid = sign_in(asked.vendors[0].owner), asked.bids[0]
    url = reverse("bids:final_offer", args=[bid.pk])
    for code in "AB":
        page = client.get(f"{url}?lot={code}").content.decode()
        assert f"Final offer, lot {code}" in page
        assert 'value="0.9"' in page
        make.save(asked, 0, code, LOW)
    page = client.get(url).content.decode()
    assert page.count("Saved, not submitted") == 2
    sent = client.post(
        reverse("bids:submit_final_offer", args=[bid.pk]), {"by_lot": "1", "lots": ["B"]}
    )
    assert sent.status_code == 302
    with acting_for(asked.vendors[0].owner):
        assert standing_offer(bid).lots == ["B"]
    page = client.get(url).content.decode()
    assert "It covers lot B" in page
    none = client.post(reverse("bids:submit_final_offer", args=[bid.pk]), {"by_lot": "1"})
    assert none.status_code == 422


def test_a_change_in_any_lot_is_to_be_signed_again(asked):
    bid, owner = asked.bids[0], asked.vendors[0].owner
    with acting_for(owner):
        teaming.ask_for_sign_offs(bid=bid, duties={SignOffPart.PRICE: [owner.pk]}, actor=owner)
    make.save(asked, 0, "A", LOW)
    sign(bid, owner)
    make.save(asked, 0, "B", LOW)
    with pytest.raises(Incomplete, match="a sign-off is missing"):
        make.submit(asked, 0)
    sign(bid, owner)
    assert make.submit(asked, 0).lots == ["A", "B"]


def sign(bid, who):
    with acting_for(who):
        fingerprint = bids.fingerprint_of(bid, SignOffPart.PRICE)
        signing_off.sign_off(bid=bid, part=SignOffPart.PRICE, fingerprint=fingerprint, actor=who)


def test_after_the_closing_nothing_is_saved_sent_or_taken_back(asked, set_clock):
    make.offer(asked, 0, A=LOW)
    make.save(asked, 0, "B", LOW)
    with acting_for(asked.buyer.lead):
        closes = make.held(asked).closes_at
    with pytest.raises(WrongState, match="arrived on"):
        make.submit(asked, 0, at=closes)
    set_clock(make.after_closing(asked))
    for act in (
        lambda: make.save(asked, 0, "B", LOWER),
        lambda: make.submit(asked, 0),
        lambda: make.withdraw(asked, 0),
    ):
        with pytest.raises(WrongState, match="deadline"):
            act()
