"""Addenda at the vendors: what changed, what it means for a bid, who has acknowledged it."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.bids import adapters, selectors
from apps.bids.models import Acknowledgement, Confirmation, PriceSheet, Submission
from apps.bids.services import acknowledging, answering, sheets, submitting
from apps.bids.services.packing import read_manifest
from apps.bids.types.places import sealed_context
from apps.core import clock
from apps.core.errors import NotAllowed, WrongState
from apps.proof import receipts
from apps.rfp.models import Addendum, Question, Rfp
from apps.rfp.services import amending, publishing
from apps.rfp.states import EnvelopeKind
from tests.apps.bids.conftest import open_as
from tests.conftest import acting_for, make_vendor, sign_in
from tests.factories import bids as make
from tests.factories import sealing
from tests.factories.rfp import make_rfp, question


@pytest.fixture
def published(buyer):
    """A tender published by the services, so that its content is the real one."""
    with acting_for(buyer.lead) as lead:
        rfp = make_rfp(buyer.procurement, lead, published=True)
        return SimpleNamespace(rfp=make.read(SimpleNamespace(rfp=rfp)), questions={})


@pytest.fixture
def mine(published, vendor_a):
    return make.bid_in(published.rfp, vendor_a)


def fresh(bid):
    return (
        type(bid)
        .objects.select_related("round__rfp__procurement", "organisation", "vendor")
        .get(pk=bid.pk)
    )


def amend(buyer, rfp, text="Describe the first sixty days.", consequence="stands", code="1.01"):
    with acting_for(buyer.lead) as lead:
        found = Rfp.objects.select_related("procurement__organisation", "round", "workload").get(
            pk=rfp.pk
        )
        held = amending.start(rfp=found, actor=lead)
        amending.change_question(
            addendum=held, question=question(found, code), text=text, actor=lead
        )
        return amending.publish(
            addendum=held, reason="Clearer.", consequence=consequence, actor=lead
        )


GIVEN = {
    "1.01": "Six weeks of training, then a quiet shift.",
    "1.02": "20",
    "1.03": [{"Site": "Leeds", "Seats": "40"}],
    "2.01": "24",
}


def submit(bid, vendor):
    """Answer everything the first time, then submit what stands."""
    with acting_for(vendor.owner) as owner:
        held = fresh(bid)
        for one in Question.objects.filter(rfp=held.round.rfp, withdrawn=False):
            if one.code in GIVEN and not held.answers.filter(question=one).exists():
                answering.save_answer(
                    bid=held, question=one, raw=GIVEN[one.code], version=0, actor=owner
                )
            if one.code == "2.02":
                answering.attach(
                    bid=held, question=one, name="plan.pdf", content=make.PDF, actor=owner
                )
        if not PriceSheet.objects.filter(bid=held).exists():
            sheets.save_price(bid=held, raw=make.SHEET, version=0, actor=owner)
        return submitting.submit(bid=held, actor=owner, arrived_at=clock.now(), from_edge=True)


def notices(vendor, bid):
    with acting_for(vendor.owner) as owner:
        return selectors.notices_page(owner, fresh(bid)).notices


def act(what, vendor, bid, addendum, person="owner"):
    with acting_for(getattr(vendor, person)) as user:
        found = selectors.addendum_of_bid(user, bid_id=bid.pk, addendum_id=addendum.pk)
        what(bid=found.bid, addendum=found.addendum, actor=user)


def test_a_receipt_names_the_version_that_was_answered(buyer, published, mine, vendor_a):
    first = submit(mine, vendor_a)
    amend(buyer, published.rfp)
    with acting_for(vendor_a.owner) as owner:
        submitting.reopen(bid=fresh(mine), actor=owner)
    second = submit(mine, vendor_a)
    assert (first.answers_version, second.answers_version) == (1, 2)
    with acting_for(vendor_a.owner) as owner:
        digests = list(published.rfp.versions.order_by("number").values_list("digest", flat=True))
        for one, version in ((first, 1), (second, 2)):
            held = selectors.submission_for(owner, bid_id=mine.pk, submission_id=one.pk)
            signed = receipts.read(submitting.receipt(submission=held, actor=owner))
            assert signed.receipt.notices[1] == (
                f"This bid answers version {version} of the RFP, SHA-256 {digests[version - 1]}."
            )


def test_the_sealed_packages_name_the_version_too(published, mine, vendor_a):
    made = submit(mine, vendor_a)
    with acting_for(vendor_a.owner):
        for envelope in made.envelopes.select_related("submission__bid"):
            context = sealed_context(envelope.submission, EnvelopeKind(envelope.kind))
            key = sealing.private_key(published.rfp, EnvelopeKind(envelope.kind))
            sealed = adapters.unseal(envelope.ciphertext, key=key, context=context)
            assert sealed["package"]["rfp"] == {"digest": published.rfp.digest, "version": 1}
            assert read_manifest(sealed["manifest"]).digest == made.manifest_digest


@pytest.mark.parametrize(
    ("consequence", "sentence"),
    [
        ("stands", "It stands as it is. You can still change it and submit again."),
        (
            "confirm",
            "or submit again. Otherwise it will be judged as it stands and marked as not confirmed.",
        ),
        (
            "resubmit",
            "or it will be judged as it stands and marked as answering an earlier version.",
        ),
    ],
)
def test_a_vendor_reads_what_it_means_for_its_bid(
    buyer, published, mine, vendor_a, consequence, sentence
):
    submit(mine, vendor_a)
    amend(buyer, published.rfp, consequence=consequence)
    (one,) = notices(vendor_a, mine)
    start = "Your submitted bid answers version 1. Question 1.01 changed."
    assert one.sentence.startswith(start)
    assert one.sentence.endswith(sentence)
    assert one.may_confirm == (consequence == "confirm")
    client = sign_in(vendor_a.owner)
    text = client.get(reverse("bids:notices", args=[mine.pk])).content.decode()
    assert "<ins>sixty</ins>" in text or "<ins>the first sixty</ins>" in text
    assert start in text


def test_a_vendor_without_a_submitted_bid_is_told_so(buyer, published, mine, vendor_a):
    amend(buyer, published.rfp, consequence="resubmit")
    (one,) = notices(vendor_a, mine)
    assert one.sentence.startswith("You have no submitted bid.")
    submit(mine, vendor_a)
    (one,) = notices(vendor_a, mine)
    assert one.sentence == "Your submitted bid answers version 2, which includes this change."


def test_the_buyer_sees_who_acknowledged_and_nothing_of_a_bid(
    buyer, published, mine, vendor_a, vendor_b
):
    make.bid_in(published.rfp, vendor_b)
    addendum = amend(buyer, published.rfp)
    act(acknowledging.acknowledge, vendor_a, mine, addendum, "respondent")
    act(acknowledging.acknowledge, vendor_a, mine, addendum)  # a second click changes nothing
    url = reverse("bids:readers", args=[buyer.procurement.pk])
    page = sign_in(buyer.lead).get(url).content.decode()
    assert vendor_a.respondent.name in page
    assert page.count("Not yet") == 1
    for role in ("lead", "opener", "auditor"):
        assert sign_in(getattr(buyer, role)).get(url).status_code == 200
    for role in ("evaluator", "moderator", "approver"):
        assert sign_in(getattr(buyer, role)).get(url).status_code == 403
    with acting_for(vendor_b.owner):
        assert not Acknowledgement.objects.exists()


def test_a_confirmation_is_hidden_until_the_opening(buyer, published, mine, vendor_a, set_clock):
    submit(mine, vendor_a)
    addendum = amend(buyer, published.rfp, consequence="confirm")
    with pytest.raises(NotAllowed):
        act(acknowledging.confirm, vendor_a, mine, addendum, "respondent")
    act(acknowledging.confirm, vendor_a, mine, addendum)
    (one,) = notices(vendor_a, mine)
    assert one.sentence.endswith("You confirmed that it stands.")
    assert not one.may_confirm
    with acting_for(buyer.lead):
        assert not Confirmation.objects.exists()
        assert Acknowledgement.objects.count() == 1  # what the buyer sees tells of no bid
    set_clock(published.rfp.round.closes_at + dt.timedelta(hours=2))
    open_as(buyer, published, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.lead):
        assert Confirmation.objects.count() == 1
    page = sign_in(buyer.lead).get(reverse("bids:opening", args=[buyer.procurement.pk]))
    assert "Answers version 1. Confirmed after version 2." in page.content.decode()


@pytest.mark.parametrize(
    ("consequence", "mark"),
    [
        ("stands", "Answers version 1."),
        ("confirm", "Answers version 1. Not confirmed after version 2."),
        ("resubmit", "Answers version 1. Version 2 asked to submit again."),
    ],
)
def test_no_bid_is_dropped_and_the_panel_sees_what_was_not_done(  # noqa: PLR0917 -- a table
    buyer, published, mine, vendor_a, set_clock, consequence, mark
):
    submit(mine, vendor_a)
    amend(buyer, published.rfp, consequence=consequence)
    set_clock(published.rfp.round.closes_at + dt.timedelta(hours=2))
    assert open_as(buyer, published, EnvelopeKind.TECHNICAL) == 1
    for role in ("lead", "evaluator"):
        page = sign_in(getattr(buyer, role)).get(
            reverse("bids:opening", args=[buyer.procurement.pk])
        )
        assert mark in page.content.decode()


def test_what_needs_no_confirmation_takes_none(buyer, published, mine, vendor_a, set_clock):
    addendum = amend(buyer, published.rfp, consequence="confirm")
    with pytest.raises(WrongState, match="Only a submitted bid"):
        act(acknowledging.confirm, vendor_a, mine, addendum)
    submit(mine, vendor_a)
    with pytest.raises(WrongState, match="asks for no confirmation"):
        act(acknowledging.confirm, vendor_a, mine, addendum)
    set_clock(published.rfp.round.closes_at)
    with pytest.raises(WrongState, match="The deadline passed"):
        act(acknowledging.confirm, vendor_a, mine, addendum)


def test_a_draft_of_an_addendum_is_no_vendors_to_read(buyer, published, mine, vendor_a):
    with acting_for(buyer.lead) as lead:
        held = amending.start(rfp=published.rfp, actor=lead)
        amending.change_introduction(addendum=held, text="Another.", actor=lead)
    with acting_for(vendor_a.owner):
        assert not Addendum.objects.exists()
    client = sign_in(vendor_a.owner)
    url = reverse("bids:acknowledge", args=[mine.pk, held.pk])
    assert client.post(url).status_code == 404


def test_an_acknowledgement_stands(buyer, published, mine, vendor_a):
    addendum = amend(buyer, published.rfp)
    act(acknowledging.acknowledge, vendor_a, mine, addendum)
    with acting_for(vendor_a.owner):
        for statement in (
            "UPDATE bids_acknowledgement SET id = id",
            "DELETE FROM bids_acknowledgement",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_the_portal_counts_what_is_not_acknowledged(buyer, published, mine, vendor_a):
    addendum = amend(buyer, published.rfp)
    client = sign_in(vendor_a.owner)
    home = reverse("bids:portal", args=[mine.pk])
    assert 'Changes <span class="tag tag-mark">1</span>' in client.get(home).content.decode()
    url = reverse("bids:acknowledge", args=[mine.pk, addendum.pk])
    assert client.post(url).url == reverse("bids:notices", args=[mine.pk])
    assert 'Changes <span class="tag tag-mark">' not in client.get(home).content.decode()


def test_both_lists_cost_the_same_with_one_row_and_with_three(buyer, published, mine, vendor_a):
    theirs, own = sign_in(buyer.lead), sign_in(vendor_a.owner)
    urls = (
        (theirs, reverse("bids:readers", args=[buyer.procurement.pk])),
        (own, reverse("bids:notices", args=[mine.pk])),
    )
    act(acknowledging.acknowledge, vendor_a, mine, amend(buyer, published.rfp))
    once = [make.queries(client, url) for client, url in urls]
    for number, name in enumerate(("Castellan CX", "Tamarind Voice")):
        make.bid_in(published.rfp, make_vendor(name, buyer.organisation))
        addendum = amend(buyer, published.rfp, text=f"Text number {number}?")
        act(acknowledging.acknowledge, vendor_a, mine, addendum)
    assert [make.queries(client, url) for client, url in urls] == once


def test_a_cancelled_tender_says_why_and_leaves_the_receipt(buyer, published, mine, vendor_a):
    submit(mine, vendor_a)
    with acting_for(buyer.lead) as lead:
        publishing.cancel(rfp=published.rfp, reason="The budget was withdrawn.", actor=lead)
    client = sign_in(vendor_a.owner)
    text = client.get(reverse("bids:portal", args=[mine.pk])).content.decode()
    assert "Your bid stays sealed: nobody opens it." in text
    assert "The budget was withdrawn." in text
    assert client.get(reverse("bids:receipt", args=[mine.pk])).status_code == 200
    with acting_for(vendor_a.owner):
        assert Submission.objects.filter(bid=mine).exists()
