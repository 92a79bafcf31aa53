"""A vendor bids for the lots it chooses; each is submitted for itself, and a receipt says which."""

import json

import pytest
from django.urls import reverse

from apps.bids import selectors as bids
from apps.bids.models import ChosenLot, Envelope, PriceSheet, Submission
from apps.bids.services import answering, choosing, sheets, submitting
from apps.bids.states import SignOffPart
from apps.core import tenancy
from apps.core.errors import Incomplete, NotFound, WrongState
from apps.rfp.models import Lot
from apps.rfp.states import EnvelopeKind
from tests.conftest import acting_for, make_vendor
from tests.factories import bids as make_bids
from tests.factories import lots as make


@pytest.fixture
def vendor(buyer):
    return make_vendor("Velora Connect", buyer.organisation)


def started(tender, vendor, codes, **answers):
    """A draft of these lots, complete but for what `answers` blanks."""
    return make.answer(tender, vendor, codes, answers)


def submit(bid, vendor, lots=None):
    with acting_for(vendor.owner) as owner:
        at = bid.round.closes_at.replace(year=bid.round.closes_at.year - 1)
        return submitting.submit(bid=bid, actor=owner, arrived_at=at, from_edge=False, lots=lots)


def test_a_vendor_sees_and_answers_what_applies_to_its_lots_alone(tender, vendor, client_for):
    bid = started(tender, vendor, "A")
    with acting_for(vendor.owner) as owner:
        codes = [one.section.code for one in bids.draft_of(bid).chapters]
        assert codes == ["1", "2", "3", "4"]
        place = bids.section_for(owner, bid_id=bid.pk, code="5")
        with pytest.raises(NotFound, match="not chosen"):
            bids.section_page(owner, place)
    page = client_for(vendor.owner).get(reverse("bids:portal", args=[bid.pk])).content.decode()
    assert "Telephony" in page
    assert "Messaging" not in page
    assert "Price sheet of lot A: Voice" in page


def test_what_is_asked_names_the_figures_and_knock_outs_of_each_lot(tender, vendor, client_for):
    bid = make_bids.bid_in(tender.rfp, vendor)
    page = client_for(vendor.owner).get(reverse("bids:about", args=[bid.pk])).content.decode()
    for figure in ("200,000", "2,200,000", "100,000", "1,400,000"):
        assert figure in page
    assert "800,000" not in page
    assert "Two languages." in page
    assert "A vendor may win any number of lots." in page


def test_what_the_buyer_commits_to_is_said_lot_by_lot(tender, vendor, client_for):
    bid = make_bids.bid_in(tender.rfp, vendor)
    page = client_for(vendor.owner).get(reverse("bids:about", args=[bid.pk])).content.decode()
    assert "Lot B Chat: 9,000 contacts a month" in page
    assert "Every other lot: none, its workload is an estimate" in page


def test_a_sheet_is_priced_on_the_workload_of_its_lot(tender, vendor):
    bid = started(tender, vendor, "AB")
    with acting_for(vendor.owner) as owner:
        voice, chat = (bids.price_page(bid, make.lot(tender.rfp, code)) for code in "AB")
        assert voice.basis.queues == ("voice-en",)
        assert chat.basis.queues == ("chat-en",)
        assert voice.priced.total < chat.priced.total
        with pytest.raises(WrongState, match="Name the lot"):
            sheets.save_price(bid=bid, raw=make.sheet("1"), version=0, actor=owner)


def test_a_gap_in_one_lot_does_not_keep_another_back(tender, vendor):
    bid = started(tender, vendor, "AB")
    with acting_for(vendor.owner) as owner:
        answering.save_answer(
            bid=bid, question=tender.questions["5.01"], raw="", version=1, actor=owner
        )
    with pytest.raises(Incomplete) as refused:
        submit(bid, vendor)
    assert list(refused.value.fields) == ["5.01"]
    sent = submit(bid, vendor, lots=["A"])
    assert sent.lots == ["A"]
    with acting_for(vendor.owner) as owner:
        states = {one.lot.code: one.submitted for one in bids.task_list(owner, reread(bid)).lots}
    assert states == {"A": True, "B": False}


def reread(bid):
    return (
        type(bid)
        .objects.select_related("round__rfp__procurement", "organisation", "vendor")
        .get(pk=bid.pk)
    )


def test_a_gap_in_the_sections_of_all_lots_keeps_every_lot_back(tender, vendor):
    bid = started(tender, vendor, "AB")
    with acting_for(vendor.owner) as owner:
        answering.save_answer(
            bid=bid, question=tender.questions["1.01"], raw="", version=1, actor=owner
        )
    with pytest.raises(Incomplete) as refused:
        submit(bid, vendor, lots=["A"])
    assert list(refused.value.fields) == ["1.01"]


def test_only_chosen_lots_can_be_submitted_and_at_least_one(tender, vendor):
    bid = started(tender, vendor, "A")
    for lots in ([], ["B"], ["A", "Z"]):
        with pytest.raises(Incomplete, match="at least one"):
            submit(bid, vendor, lots=lots)
    with acting_for(vendor.owner) as owner, pytest.raises(Incomplete, match="at least one lot"):
        choosing.choose_lots(bid=bid, codes=["Z"], actor=owner)
    assert submit(bid, vendor).lots == ["A"]


def test_another_choice_of_lots_voids_what_was_signed_off(tender, vendor):
    bid = started(tender, vendor, "AB")
    with acting_for(vendor.owner) as owner:
        before = {part: bids.fingerprint_of(bid, part) for part in SignOffPart}
        choosing.choose_lots(bid=bid, codes=["A"], actor=owner)
        assert all(bids.fingerprint_of(bid, part) != before[part] for part in SignOffPart)


def test_nothing_is_submitted_before_a_lot_is_chosen(tender, vendor):
    bid = make_bids.bid_in(tender.rfp, vendor)
    with pytest.raises(Incomplete) as refused:
        submit(bid, vendor)
    assert "lots" in refused.value.fields


def test_a_later_submission_supersedes_and_takes_a_lot_out(tender, vendor):
    bid = started(tender, vendor, "AB")
    first = submit(bid, vendor)
    assert first.lots == ["A", "B"]
    with pytest.raises(WrongState, match="other lots"):
        submit(bid, vendor, lots=["A"])
    with acting_for(vendor.owner) as owner:
        submitting.reopen(bid=bid, actor=owner)
        page = bids.check_page(reread(bid))
        assert [one.change for one in page.lots] == [
            "In submission 1. Without it the lot is taken out."
        ] * 2
    second = submit(bid, vendor, lots=["B"])
    assert (second.number, second.lots) == (2, ["B"])
    with acting_for(vendor.owner):
        page = bids.check_page(reread(bid))
        assert [one.submitted for one in page.lots] == [False, True]
        assert page.lots[0].change == "Not in submission 2. With it the lot is added."


def test_a_receipt_names_the_lots_on_the_page_and_in_the_signed_file(tender, vendor, client_for):
    bid = started(tender, vendor, "AB")
    submit(bid, vendor, lots=["B"])
    client = client_for(vendor.owner)
    page = client.get(reverse("bids:receipt", args=[bid.pk])).content.decode()
    assert "B Chat" in page
    assert "A Voice" not in page
    body = json.loads(client.get(reverse("bids:receipt_file", args=[bid.pk])).content)["body"]
    assert "This submission covers these lots and no other: B Chat." in body["notices"]


def test_envelopes_hold_the_covered_lots_alone(tender, vendor, buyer, set_clock):
    bid = started(tender, vendor, "AB")
    submit(bid, vendor, lots=["A"])
    tender.bids.append(bid)
    round_ = tender.rfp.round
    set_clock(round_.closes_at + round_.grace * 2)
    make._open(tender, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.lead) as lead:
        given = bids.opened_answers(lead, tender.rfp)[bid.pk]
        assert {"1.01", "2.01", "4.01"} <= set(given)
        assert not {"5.01", "5.02"} & set(given)
        assert bids.covering(tender.rfp) == {bid.pk: frozenset({"A"})}
        page = bids.opened_bid_page(lead, reread(bid))
        assert [one.code for one in page.lots] == ["A"]
        assert "5" not in [chapter.section.code for chapter, _lines in page.chapters]


def test_the_page_submits_the_ticked_lots(tender, vendor, client_for):
    bid = started(tender, vendor, "AB")
    client = client_for(vendor.owner)
    check = client.get(reverse("bids:check", args=[bid.pk])).content.decode()
    assert "Submit these lots" in check
    answer = client.post(
        reverse("bids:submit", args=[bid.pk]), {"by_lot": "1", "lots": ["B"]}, follow=True
    )
    assert answer.status_code == 200
    with acting_for(vendor.owner):
        assert Submission.objects.get(bid=bid).lots == ["B"]
    none = client.post(reverse("bids:submit", args=[bid.pk]), {"by_lot": "1"})
    assert none.status_code in {409, 422}


def test_lots_are_chosen_on_the_page_and_kept_answers_come_back(tender, vendor, client_for):
    bid = started(tender, vendor, "AB")
    client = client_for(vendor.owner)
    url = reverse("bids:lots", args=[bid.pk])
    assert client.post(url, {"lots": ["A"]}).status_code == 302
    with acting_for(vendor.owner):
        assert "5.01" not in bids.draft_of(bid).values
    assert client.post(url, {"lots": ["A", "B"]}).status_code == 302
    with acting_for(vendor.owner):
        draft = bids.draft_of(bid)
        assert draft.values["5.01"] == "Two chats at a time."
        assert set(draft.prices) == {"A", "B"}
    assert client.post(url, {}).status_code == 422


def test_by_api_lots_are_chosen_priced_and_submitted(tender, vendor, client_for):
    bid = started(tender, vendor, "AB")
    client = client_for(vendor.owner)
    base = f"/api/v1/bids/{bid.pk}/"

    def send(method, path, body):
        return getattr(client, method)(base + path, body, content_type="application/json")

    assert set(client.get(base).json()["lots"]) == {"A", "B"}
    assert set(send("put", "lots/", {"lots": ["B"]}).json()["lots"]) == {"B"}
    price = {"sheet": make.sheet("0.70"), "version": 1}
    assert send("put", "price/", price).status_code == 422
    assert send("put", "price/?lot=B", price).json() == {"version": 2}
    sent = send("post", "submit/", {"lots": ["B"]})
    assert (sent.status_code, sent.json()["lots"]) == (201, ["B"])


def test_nobody_but_the_vendor_knows_which_lots_it_chose(tender, vendor, buyer):
    bid = started(tender, vendor, "A")
    rival = make_vendor("Castellan CX", buyer.organisation)
    make_bids.bid_in(tender.rfp, rival)
    submit(bid, vendor)
    for person in (buyer.lead, buyer.opener, rival.owner):
        with acting_for(person):
            assert not ChosenLot.objects.exists()
            assert not PriceSheet.objects.exists()
            assert not Submission.objects.exists()
            assert not Envelope.objects.exists()


def test_an_invited_vendor_reads_the_lots_and_never_their_own_cost(tender, vendor):
    bid = make_bids.bid_in(tender.rfp, vendor)
    stranger = make_vendor("Uninvited", tender.buyer.organisation)
    with acting_for(vendor.owner):
        lots = list(Lot.objects.filter(rfp=bid.round.rfp).order_by("position"))
        assert [lot.code for lot in lots] == ["A", "B"]
        assert not any(hasattr(lot, "own_cost") for lot in lots)
    with acting_for(stranger.owner):
        assert not Lot.objects.exists()
    with tenancy.acting_as(organisation=tender.buyer.organisation.pk):
        assert Lot.objects.get(code="A").own_cost.quote
