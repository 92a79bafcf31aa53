"""Submitting: the deadline to the millisecond, what is sealed, and the receipt."""

import datetime as dt
import json

import pytest

from apps.bids import adapters, selectors
from apps.bids.models import Bid, Envelope, Submission
from apps.bids.services import answering, submitting
from apps.bids.states import BidState
from apps.bids.types.places import letter, reference_of, sealed_context
from apps.core import signing
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent, Mail
from apps.proof import hashes, receipts
from apps.proof.errors import NotAuthentic
from apps.rfp.models import Rfp
from apps.rfp.states import EnvelopeKind, RfpState
from tests.conftest import acting_for
from tests.factories import bids as make
from tests.factories import sealing

pytestmark = pytest.mark.django_db
MS = dt.timedelta(milliseconds=1)


@pytest.fixture
def ready(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a, mark="amber")
    return bid_a


def submit(bid, vendor, arrived_at, *, from_edge=True):
    with acting_for(vendor.owner):
        return submitting.submit(
            bid=bid, actor=vendor.owner, arrived_at=arrived_at, from_edge=from_edge
        )


def stored(vendor):
    with acting_for(vendor.owner):
        return Submission.objects.count(), Bid.objects.get().state


# The deadline. Arrival decides; the platform's own work may take as long as the grace.
@pytest.mark.parametrize(
    ("arrival", "clock", "accepted"),
    [
        (-MS, -MS, True),
        (-MS, dt.timedelta(0), True),
        (-MS, make.GRACE - dt.timedelta(seconds=5), True),
        (-MS, make.GRACE, False),
        (-MS, make.GRACE + MS, False),
        (dt.timedelta(0), dt.timedelta(0), False),
        (dt.timedelta(0), -dt.timedelta(seconds=5), False),
        (MS, MS, False),
        (MS, make.GRACE, False),
        (dt.timedelta(microseconds=-1), dt.timedelta(seconds=1), True),
    ],
)
def test_a_bid_counts_when_it_arrives_before_the_deadline_and_is_stored_within_the_grace(
    ready, vendor_a, set_clock, arrival, clock, accepted
):
    closes_at = ready.round.closes_at
    set_clock(closes_at + clock)
    if accepted:
        submission = submit(ready, vendor_a, closes_at + arrival)
        assert (submission.arrived_at, submission.from_edge) == (closes_at + arrival, True)
        assert stored(vendor_a) == (1, BidState.SUBMITTED)
        return
    with pytest.raises(WrongState) as refused:
        submit(ready, vendor_a, closes_at + arrival)
    assert stored(vendor_a) == (0, BidState.DRAFT)
    assert refused.value.sentence.startswith("Not submitted: your bid arrived on ")


def test_a_late_bid_is_told_both_times_to_the_millisecond(ready, tender, vendor_a, set_clock):
    closes_at = tender.rfp.round.closes_at
    set_clock(closes_at)
    with pytest.raises(WrongState) as refused:
        submit(ready, vendor_a, dt.datetime(2099, 10, 2, 14, 0, 0, 3000, tzinfo=dt.UTC))
    assert "2 October 2099, 15:00:00.003 BST" in refused.value.sentence


def test_after_the_opening_nothing_is_accepted_whatever_the_stamp_says(opened, vendor_a):
    with acting_for(vendor_a.owner):
        bid = selectors.bids_of(vendor_a.owner).get()
        Bid.objects.filter(pk=bid.pk).update(state=BidState.WITHDRAWN)
        with pytest.raises(WrongState, match="Not submitted"):
            submitting.submit(
                bid=bid,
                actor=vendor_a.owner,
                arrived_at=opened.rfp.round.closes_at - MS,
                from_edge=True,
            )


def test_an_incomplete_bid_is_not_submitted_and_everything_missing_is_named(
    tender, bid_a, vendor_a
):
    with pytest.raises(Incomplete) as refused:
        submit(bid_a, vendor_a, tender.rfp.round.closes_at - MS)
    assert refused.value.fields == {
        "1.01": "1.01 Approach: not answered",
        "1.02": "1.02 Hours: not answered",
        "1.05": "1.05 Revenue: not answered",
        "2.01": "2.01 Certificate: attach a file",
        "3.01": "3.01 Assumptions: not answered",
        "price": "Price sheet: not filled in",
    }
    assert stored(vendor_a) == (0, BidState.DRAFT)


def test_required_evidence_is_asked_for_and_a_question_not_asked_is_not(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    owner = vendor_a.owner
    with acting_for(owner):
        draft = selectors.draft_of(bid_a)
        answering.remove_attachment(
            attachment=selectors.attachment_for(
                owner,
                bid_id=bid_a.pk,
                attachment_id=draft.files[tender.questions["1.05"].pk][0].id,
            ),
            actor=owner,
        )
        answering.save_answer(
            bid=bid_a, question=tender.questions["1.02"], raw="No", version=1, actor=owner
        )
        gaps = selectors.draft_of(bid_a).gaps()
        answers = selectors.draft_of(bid_a).answers
    assert [gap.sentence for gap in gaps] == ["1.05 Revenue: attach the evidence"]
    assert "1.03" not in answers


def test_only_the_owner_submits_and_withdraws(ready, tender, vendor_a):
    person = vendor_a.respondent
    with acting_for(person):
        with pytest.raises(NotAllowed):
            submitting.submit(
                bid=ready,
                actor=person,
                arrived_at=tender.rfp.round.closes_at - MS,
                from_edge=True,
            )
        with pytest.raises(NotAllowed):
            submitting.withdraw(bid=ready, actor=person)


def test_a_second_click_returns_the_submission_that_stands_even_after_the_deadline(
    ready, tender, vendor_a, set_clock
):
    closes_at = tender.rfp.round.closes_at
    first = submit(ready, vendor_a, closes_at - MS)
    set_clock(closes_at + MS)
    assert submit(ready, vendor_a, closes_at + MS).pk == first.pk
    with acting_for(vendor_a.owner):
        assert Mail.objects.filter(event=f"bids.receipt:{first.pk}").count() == 1
        assert AuditEvent.objects.filter(action="bid.submit").count() == 1


def test_a_bid_is_taken_back_changed_and_submitted_again(ready, tender, vendor_a):
    in_time = tender.rfp.round.closes_at - MS
    first = submit(ready, vendor_a, in_time)
    owner = vendor_a.owner
    with acting_for(owner):
        submitting.reopen(bid=ready, actor=owner)
        answering.save_answer(
            bid=ready, question=tender.questions["1.03"], raw="15", version=1, actor=owner
        )
    assert stored(vendor_a) == (1, BidState.DRAFT)
    second = submit(ready, vendor_a, in_time)
    assert (first.number, second.number) == (1, 2)
    assert first.manifest_digest != second.manifest_digest
    assert stored(vendor_a) == (2, BidState.SUBMITTED)
    with acting_for(owner):
        subjects = Mail.objects.order_by("created_at").values_list("subject", flat=True)
        assert "Not submitted now: Out of hours call centre support" in list(subjects)


def test_a_withdrawn_bid_is_submitted_again_without_a_change(ready, tender, vendor_a):
    submit(ready, vendor_a, tender.rfp.round.closes_at - MS)
    with acting_for(vendor_a.owner):
        submitting.withdraw(bid=ready, actor=vendor_a.owner)
    assert stored(vendor_a) == (1, BidState.WITHDRAWN)
    assert submit(ready, vendor_a, tender.rfp.round.closes_at - MS).number == 2


def test_nothing_is_taken_back_after_the_deadline(ready, tender, vendor_a, set_clock):
    closes_at = tender.rfp.round.closes_at
    submit(ready, vendor_a, closes_at - MS)
    set_clock(closes_at)
    with acting_for(vendor_a.owner):
        for act in (submitting.withdraw, submitting.reopen):
            with pytest.raises(WrongState, match="The deadline passed on"):
                act(bid=ready, actor=vendor_a.owner)
    assert stored(vendor_a) == (1, BidState.SUBMITTED)


def test_what_was_never_submitted_is_not_withdrawn(ready, vendor_a):
    with acting_for(vendor_a.owner), pytest.raises(WrongState, match="no submitted bid"):
        submitting.withdraw(bid=ready, actor=vendor_a.owner)


def test_a_cancelled_tender_takes_no_bid_and_no_answer(ready, tender, vendor_a, buyer):
    with acting_for(buyer.lead):
        Rfp.objects.filter(pk=tender.rfp.pk).update(state=RfpState.CANCELLED)
    with pytest.raises(WrongState, match="cancelled this tender"):
        submit(ready, vendor_a, tender.rfp.round.closes_at - MS)
    with acting_for(vendor_a.owner), pytest.raises(WrongState, match="cancelled this tender"):
        answering.save_answer(
            bid=ready,
            question=tender.questions["1.03"],
            raw="15",
            version=1,
            actor=vendor_a.owner,
        )
    assert stored(vendor_a) == (0, BidState.DRAFT)


# What is sealed


def envelopes(submission, vendor):
    with acting_for(vendor.owner):
        return {
            one.kind: one
            for one in Envelope.objects.filter(submission=submission).select_related(
                "submission__bid__round__rfp"
            )
        }


def test_each_envelope_holds_its_own_part_and_price_is_in_one_alone(ready, tender, vendor_a):
    submission = submit(ready, vendor_a, tender.rfp.round.closes_at - MS)
    held = envelopes(submission, vendor_a)
    opened = {
        kind: adapters.unseal(
            one.ciphertext,
            key=sealing.private_key(tender.rfp, EnvelopeKind(kind)),
            context=sealed_context(one.submission, kind),
        )
        for kind, one in held.items()
    }
    technical, commercial = opened["technical"]["package"], opened["commercial"]["package"]
    assert sorted(technical["answers"]) == ["1.01", "1.02", "1.03", "1.04", "1.05", "2.01"]
    assert sorted(commercial["answers"]) == ["3.01"]
    assert commercial["price"] == make.SHEET
    assert "price" not in technical
    assert "0.91" not in json.dumps(opened["technical"])
    assert [one["code"] for one in technical["files"]] == ["1.05", "2.01"]


def test_an_envelope_opens_nowhere_else(ready, tender, vendor_a):
    """Another kind, round, bid, vendor, version or manifest: each is refused."""
    submission = submit(ready, vendor_a, tender.rfp.round.closes_at - MS)
    one = envelopes(submission, vendor_a)["technical"]
    right = sealed_context(one.submission, "technical")
    key = sealing.private_key(tender.rfp, EnvelopeKind.TECHNICAL)
    for name, value in right.items():
        with pytest.raises(NotAuthentic):
            adapters.unseal(
                one.ciphertext,
                key=key,
                context={**right, name: value + "x"},
            )
    price = sealing.private_key(tender.rfp, EnvelopeKind.COMMERCIAL)
    with pytest.raises(NotAuthentic):
        adapters.unseal(one.ciphertext, key=price, context=right)


def test_the_same_content_never_has_the_same_digest(ready, tender, vendor_a):
    """Whoever guesses a price cannot check the guess against what the record shows."""
    digests = set()
    for _again in range(2):
        digests.add(submit(ready, vendor_a, tender.rfp.round.closes_at - MS).manifest_digest)
        with acting_for(vendor_a.owner):
            submitting.withdraw(bid=ready, actor=vendor_a.owner)
    assert len(digests) == 2


# The receipt


def test_the_receipt_verifies_with_the_public_key_alone(ready, tender, vendor_a):
    submission = submit(ready, vendor_a, tender.rfp.round.closes_at - MS)
    with acting_for(vendor_a.owner):
        raw = submitting.receipt(submission=submission, actor=vendor_a.owner)
        again = submitting.receipt(submission=submission, actor=vendor_a.respondent)
    signed = receipts.read(raw)
    (public,) = signing.published()
    assert signed.confirmed_by(public)
    assert raw == again
    manifest = signed.receipt.manifest
    assert manifest.digest == submission.manifest_digest
    assert signed.receipt.committed_at <= submission.committed_at
    assert signed.receipt.notices == (
        "2 of 3 key holders open the bids together.",
        f"This bid answers version 1 of the RFP, SHA-256 {tender.rfp.digest}.",
    )
    assert [item.name for item in manifest.items] == [
        "commercial.json",
        "files/001-1.05-evidenceamber.pdf",
        "files/002-2.01-evidenceamber.pdf",
        "technical.json",
    ]
    assert manifest.items[1].digest == hashes.of_bytes(make.PDF + b"amber")


def test_the_receipt_says_when_no_edge_stamped_the_arrival(ready, tender, vendor_a):
    submission = submit(ready, vendor_a, tender.rfp.round.closes_at - MS, from_edge=False)
    with acting_for(vendor_a.owner):
        assert len(selectors.notices_of(submission)) == 3


def test_the_receipt_mail_says_when_and_which_and_nothing_of_the_bid(ready, tender, vendor_a):
    submission = submit(ready, vendor_a, tender.rfp.round.closes_at - MS)
    with acting_for(vendor_a.owner):
        mail = Mail.objects.get(event=f"bids.receipt:{submission.pk}")
    assert mail.recipient == vendor_a.owner.email
    assert submission.manifest_digest in mail.text
    assert reference_of(submission.manifest_digest) in mail.subject
    for secret in ("amber", "six weeks", "0.91", "26000", "per_minute"):
        assert secret not in mail.text + mail.html


def test_a_receipt_is_its_vendors_alone(ready, tender, vendor_a, vendor_b, buyer):
    submission = submit(ready, vendor_a, tender.rfp.round.closes_at - MS)
    for stranger in (vendor_b.owner, buyer.lead):
        with acting_for(vendor_a.owner), pytest.raises(NotAllowed):
            submitting.receipt(submission=submission, actor=stranger)


def test_a_reference_is_read_out_of_the_digest():
    # 0x0123456789 = 00000 00100 10001 10100 01010 11001 11100 01001 in groups of five bits
    assert reference_of("0123456789" + "f" * 54) == "04HM-ASW9"


def test_letters_go_on_after_z():
    assert [letter(place) for place in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
