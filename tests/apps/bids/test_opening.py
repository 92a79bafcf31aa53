"""The opening: when, by whom, in which order; letters; and what each role reads afterwards."""

import datetime as dt
from decimal import Decimal

import pytest

from apps.bids import selectors
from apps.bids.models import Bid, Envelope, EvaluatedPrice
from apps.bids.selectors.opened import packages
from apps.bids.services import opening, submitting
from apps.bids.services.pricing import record_evaluated
from apps.bids.states import EnvelopeState
from apps.core import clock, files, tenancy
from apps.core.errors import Incomplete, NotAllowed, NotFound, WrongState
from apps.core.models import AuditEvent, Mail
from apps.proof import canonical, hashes
from apps.rfp.models import Rfp
from apps.rfp.selectors import desk_for
from apps.rfp.states import EnvelopeKind, EnvelopeOrder, RfpState
from apps.workspace.models import PanelMember, Procurement
from apps.workspace.rules import forget_roles
from apps.workspace.states import Interest, Phase, Role
from tests.apps.bids.conftest import open_as
from tests.conftest import acting_for
from tests.factories import bids as make
from tests.factories import sealing as keys

pytestmark = pytest.mark.django_db
MS = dt.timedelta(milliseconds=1)
BLIND = ("evaluator", "evaluator2", "moderator", "approver", "executive")
NAMED = ("lead", "opener", "auditor")
PANEL = (*NAMED, *BLIND)


def lock(buyer):
    """The quality scores are locked, as the matrix will say it."""
    with acting_for(buyer.moderator):
        Procurement.objects.filter(pk=buyer.procurement.pk).update(phase=Phase.COMMERCIAL)


@pytest.fixture
def sealed(tender, bid_a, bid_b, vendor_a, vendor_b):
    for bid, vendor in ((bid_a, vendor_a), (bid_b, vendor_b)):
        make.fill(bid, tender, vendor)
        make.submit(bid, vendor)
    return tender


# When


@pytest.mark.parametrize(
    ("after_closing", "opens"),
    [
        (dt.timedelta(days=-1), False),
        (dt.timedelta(0), False),
        (make.GRACE - dt.timedelta(seconds=2), False),
        (make.GRACE, True),
        (make.GRACE + dt.timedelta(days=1), True),
    ],
)
def test_bids_are_opened_after_closing_and_grace_and_never_before(
    buyer, sealed, set_clock, after_closing, opens
):
    set_clock(sealed.rfp.round.closes_at + after_closing)
    if opens:
        assert open_as(buyer, sealed, EnvelopeKind.TECHNICAL) == 2
        return
    with pytest.raises(WrongState, match="Too early: these bids can be opened from"):
        open_as(buyer, sealed, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.opener):
        assert make.read(sealed).round.opened_at is None
        assert Bid.objects.count() == 0


def test_only_an_opener_opens(buyer, sealed, after_grace):
    after_grace()
    for role in PANEL:
        person = getattr(buyer, role)
        if person in {buyer.opener, buyer.opener2}:
            continue
        with pytest.raises(NotAllowed):
            keys.turn(sealed.rfp, EnvelopeKind.TECHNICAL, person, code="any")


def test_a_second_opening_is_refused(buyer, opened):
    with pytest.raises(WrongState, match="opened already"):
        open_as(buyer, opened, EnvelopeKind.TECHNICAL)


def test_a_cancelled_rfp_is_not_opened(buyer, sealed, after_grace):
    after_grace()
    with acting_for(buyer.lead):
        Rfp.objects.filter(pk=sealed.rfp.pk).update(state=RfpState.CANCELLED)
    with pytest.raises(WrongState, match="Only the bids of a published RFP"):
        open_as(buyer, sealed, EnvelopeKind.TECHNICAL)


def test_the_opening_closes_the_rfp_begins_the_evaluation_and_tells_each_vendor(
    buyer, opened, vendor_a, vendor_b
):
    with acting_for(buyer.lead):
        rfp = make.read(opened)
        assert (rfp.state, rfp.procurement.phase) == (RfpState.CLOSED, Phase.TECHNICAL)
        told = Mail.objects.filter(subject__startswith="Your bid has been opened")
        assert {one.recipient for one in told} == {vendor_a.owner.email, vendor_b.owner.email}
        for one in told:
            other = "Castellan" if one.recipient == vendor_a.owner.email else "Velora"
            assert other not in one.text + one.html


def test_without_a_bid_there_is_nothing_to_evaluate(buyer, tender, bid_a, after_grace):
    after_grace()
    assert open_as(buyer, tender, EnvelopeKind.TECHNICAL) == 0
    with acting_for(buyer.lead):
        rfp = make.read(tender)
    assert (rfp.state, rfp.procurement.phase) == (RfpState.CLOSED, Phase.TENDERING)


def test_a_draft_and_a_withdrawn_bid_are_not_opened(buyer, tender, both, after_grace):
    for bid, vendor, mark in both:
        make.fill(bid, tender, vendor, mark=mark)
    withdrawn, vendor, _mark = both[1]
    make.submit(withdrawn, vendor)
    with acting_for(vendor.owner):
        submitting.withdraw(bid=withdrawn, actor=vendor.owner)
    after_grace()
    assert open_as(buyer, tender, EnvelopeKind.TECHNICAL) == 0


# Order


def test_prices_wait_for_the_locked_scores(buyer, opened):
    with pytest.raises(WrongState, match="after the quality scores are locked"):
        open_as(buyer, opened, EnvelopeKind.COMMERCIAL)
    with acting_for(buyer.lead):
        assert selectors.quotes_for(buyer.lead, opened.rfp) == []
    lock(buyer)
    assert open_as(buyer, opened, EnvelopeKind.COMMERCIAL) == 2
    with pytest.raises(WrongState, match="have been opened already"):
        open_as(buyer, opened, EnvelopeKind.COMMERCIAL)


def test_prices_do_not_come_before_quality(buyer, sealed, after_grace):
    after_grace()
    lock(buyer)
    with pytest.raises(WrongState, match="Open the quality envelopes first"):
        open_as(buyer, sealed, EnvelopeKind.COMMERCIAL)


def test_all_together_opens_both_at_once(buyer, vendor_a, set_clock):
    tender = make.tender(buyer, order=EnvelopeOrder.TOGETHER)
    bid = make.bid_in(tender.rfp, vendor_a)
    make.fill(bid, tender, vendor_a)
    make.submit(bid, vendor_a)
    set_clock(tender.rfp.round.closes_at + make.GRACE)
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.lead):
        quotes = selectors.quotes_for(buyer.lead, tender.rfp)
    assert quotes == [{"id": str(bid.pk), "vendor": "Velora Connect", **make.SHEET}]


# What was opened


def test_an_altered_envelope_stops_the_whole_opening(buyer, sealed, vendor_b, after_grace):
    with acting_for(vendor_b.owner):
        one = Envelope.objects.filter(kind=EnvelopeKind.TECHNICAL).get()
        changed = bytearray(one.ciphertext)
        changed[-1] ^= 1
        Envelope.objects.filter(pk=one.pk).update(ciphertext=bytes(changed))
    after_grace()
    with pytest.raises(WrongState, match=r"Nothing was opened\. The envelope .* does not verify"):
        open_as(buyer, sealed, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.lead):
        assert make.read(sealed).round.opened_at is None
        assert Bid.objects.count() == 0


def test_an_envelope_of_another_bid_stops_the_opening(
    buyer, sealed, vendor_a, vendor_b, after_grace
):
    with acting_for(vendor_a.owner):
        foreign = bytes(Envelope.objects.get(kind=EnvelopeKind.TECHNICAL).ciphertext)
    with acting_for(vendor_b.owner):
        Envelope.objects.filter(kind=EnvelopeKind.TECHNICAL).update(ciphertext=foreign)
    after_grace()
    with pytest.raises(WrongState, match="does not verify"):
        open_as(buyer, sealed, EnvelopeKind.TECHNICAL)


def test_the_record_names_each_submission_by_digest_and_no_letter(buyer, opened):
    with acting_for(buyer.auditor):
        event = AuditEvent.objects.get(action="bids.opened")
        details = canonical.decode(event.payload.encode())["details"]
    assert details["kind"] == "technical"
    assert sorted(details["bids"][0]) == ["arrived_at", "manifest_digest", "submission"]
    assert [one["arrived_at"] for one in details["bids"]] == sorted(
        one["arrived_at"] for one in details["bids"]
    )


def test_letters_are_given_at_random(buyer, other_buyer):
    """Over 22 rounds the first bid is not always A: chance of failure 2 in 4 million."""
    firsts = set()
    with tenancy.acting_as(organisation=buyer.organisation.pk):
        for _round in range(22):
            bids = [Stub(), Stub()]
            opening._give_letters(bids)
            firsts.add(bids[0].letter)
            assert sorted(one.letter for one in bids) == ["A", "B"]
    assert firsts == {"A", "B"}


class Stub:
    letter = ""

    def save(self, *, update_fields):
        assert update_fields == ["letter"]


def seen_by(person, buyer, tender):
    with acting_for(person):
        page = selectors.opening_page(person, desk(person, buyer))
        return page, list(selectors.vendor_names(person, tender.rfp).values())


def test_who_does_not_judge_sees_names_without_letters(buyer, opened):
    for role in NAMED:
        page, names = seen_by(getattr(buyer, role), buyer, opened)
        assert {one.name for one in page.bids} == {"Velora Connect", "Castellan CX"}, role
        assert {one.letter for one in page.bids} == {""}, role
        assert set(names) == {"Velora Connect", "Castellan CX"}, role


def test_who_judges_sees_letters_and_nothing_that_tells_who_it_is(buyer, opened):
    for role in BLIND:
        page, names = seen_by(getattr(buyer, role), buyer, opened)
        told = [(b.letter, b.name, b.reference, b.digest, b.arrived_at) for b in page.bids]
        assert told == [("A", "Bid A", "", "", None), ("B", "Bid B", "", "", None)], role
        assert (page.silent, names) == ((), ["Bid A", "Bid B"]), role


def test_a_lead_who_also_evaluates_is_blind(buyer, opened):
    with acting_for(buyer.lead):
        PanelMember.objects.create(
            organisation=buyer.organisation,
            procurement=buyer.procurement,
            user=buyer.lead,
            role=Role.EVALUATOR,
            interest=Interest.NONE,
            declared_at=clock.now(),
        )
        forget_roles(buyer.lead)
        names = selectors.vendor_names(buyer.lead, opened.rfp)
    assert list(names.values()) == ["Bid A", "Bid B"]


def test_once_the_scores_are_locked_names_and_letters_stand_together(buyer, opened):
    lock(buyer)
    with acting_for(buyer.evaluator):
        rfp = make.read(opened)
        page = selectors.opening_page(buyer.evaluator, desk(buyer.evaluator, buyer))
        names = selectors.vendor_names(buyer.evaluator, rfp)
    assert {one.letter for one in page.bids} == {"A", "B"}
    assert set(names.values()) == {"Velora Connect", "Castellan CX"}


def desk(person, buyer):
    return desk_for(person, procurement_id=buyer.procurement.pk)


@pytest.mark.parametrize("interest", [Interest.CONFLICT, Interest.UNDECLARED])
def test_an_evaluator_in_conflict_or_undeclared_reads_nothing(buyer, opened, interest):
    with acting_for(buyer.evaluator):
        PanelMember.objects.filter(user=buyer.evaluator).update(interest=interest)
        forget_roles(buyer.evaluator)
        assert selectors.opened_answers(buyer.evaluator, opened.rfp) == {}
        assert selectors.attachments_of(buyer.evaluator, opened.rfp) == {}
        assert not selectors.bids_visible_to(buyer.evaluator, opened.rfp).exists()
        assert selectors.knockouts(buyer.evaluator, opened.rfp) == []


def test_the_panel_reads_quality_and_its_files_before_price_is_open(buyer, opened, bid_a, bid_b):
    with acting_for(buyer.evaluator):
        answers = selectors.opened_answers(buyer.evaluator, opened.rfp)
        held = selectors.attachments_of(buyer.evaluator, opened.rfp)
        fact, content = selectors.opened_file(
            buyer.evaluator, bid_a, held[bid_a.pk]["2.01"][0].sha256
        )
        visible = selectors.bids_visible_to(buyer.evaluator, opened.rfp)
        letter = next(one.letter for one in visible if one.pk == bid_a.pk)
        assert {one.pk for one in visible} == {bid_a.pk, bid_b.pk}
    assert answers[bid_a.pk]["1.01"] == "New agents train for six weeks. amber"
    assert answers[bid_b.pk]["1.05"] == [{"Year": "2025", "Revenue": "1200000"}]
    assert "3.01" not in answers[bid_a.pk]
    assert sorted(held[bid_a.pk]) == ["1.05", "2.01"]
    # The name the vendor gave it would tell whose it is.
    assert (fact.name, content) == (f"bid-{letter}-2.01-1.pdf", make.PDF + b"amber")


def test_a_file_of_another_bid_or_of_nobody_is_not_found(buyer, opened, bid_a):
    for digest in (hashes.of_bytes(make.PDF + b"basalt"), "0" * 64, "../secret"):
        with acting_for(buyer.evaluator), pytest.raises(NotFound):
            selectors.opened_file(buyer.evaluator, bid_a, digest)


def test_a_lost_blob_is_a_sentence(buyer, opened, bid_a):
    with acting_for(buyer.lead):
        package = next(
            package
            for bid, _kind, package in packages(buyer.lead, opened.rfp)
            if bid.pk == bid_a.pk
        )
        one = package["files"][0]
        files._path(one["blob"]).unlink()
        with pytest.raises(NotFound, match="not in the storage any more"):
            selectors.opened_file(buyer.lead, bid_a, one["sha256"])


def test_knock_outs_are_told_for_every_bid_and_question(buyer, tender, both, after_grace):
    (bid_a, vendor_a, _), (bid_b, vendor_b, _) = both
    make.fill(bid_a, tender, vendor_a)
    make.fill(bid_b, tender, vendor_b, **{"1.02": "No", "1.03": ""})
    make.submit(bid_a, vendor_a)
    make.submit(bid_b, vendor_b)
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.lead):
        found = selectors.knockouts(buyer.lead, tender.rfp)
    reason = "Every hour has to be staffed."
    assert sorted(found, key=lambda one: one["passed"]) == [
        {"vendor": str(bid_b.pk), "code": "1.02", "passed": False, "reason": reason},
        {"vendor": str(bid_a.pk), "code": "1.02", "passed": True, "reason": reason},
    ]


def test_a_knock_out_in_the_sealed_price_envelope_cannot_be_told_yet(
    buyer, vendor_a, set_clock, monkeypatch
):
    rule = {"op": "missing", "reason": "Assumptions have to be given."}
    questions = [
        {**one, "knockout": rule} if one["code"] == "3.01" else one for one in make.QUESTIONS
    ]
    monkeypatch.setattr(make, "QUESTIONS", questions)
    tender = make.tender(buyer)
    bid = make.bid_in(tender.rfp, vendor_a)
    make.fill(bid, tender, vendor_a)
    make.submit(bid, vendor_a)
    set_clock(tender.rfp.round.closes_at + make.GRACE)
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)

    def told():
        with acting_for(buyer.lead):
            return {o["code"]: o["passed"] for o in selectors.knockouts(buyer.lead, tender.rfp)}

    assert told() == {"1.02": True, "3.01": None}
    lock(buyer)
    open_as(buyer, tender, EnvelopeKind.COMMERCIAL)
    assert told() == {"1.02": True, "3.01": True}


# Evaluated prices


def test_evaluated_prices_are_kept_by_number_and_the_last_one_stands(buyer, opened, bid_a, bid_b):
    lock(buyer)
    open_as(buyer, opened, EnvelopeKind.COMMERCIAL)
    with acting_for(buyer.lead):
        for first, digest in (("100.00", "1" * 64), ("90.50", "2" * 64)):
            record_evaluated(
                rfp=opened.rfp,
                amounts={bid_a.pk: Decimal(first), bid_b.pk: Decimal("120.25")},
                currency="GBP",
                comparison_digest=digest,
                actor=buyer.lead,
            )
        prices = selectors.evaluated_prices(buyer.lead, opened.rfp)
        assert EvaluatedPrice.objects.count() == 4
    assert prices == {bid_a.pk: Decimal("90.50"), bid_b.pk: Decimal("120.25")}


def test_an_evaluated_price_needs_an_opened_one_and_one_for_every_bid(buyer, opened, bid_a):
    amounts = {bid_a.pk: Decimal(1)}
    with acting_for(buyer.lead), pytest.raises(WrongState, match="No price has been opened yet"):
        record(opened, amounts, buyer.lead)
    lock(buyer)
    open_as(buyer, opened, EnvelopeKind.COMMERCIAL)
    with acting_for(buyer.lead), pytest.raises(Incomplete, match="one amount for every bid"):
        record(opened, amounts, buyer.lead)
    with acting_for(buyer.evaluator), pytest.raises(NotAllowed):
        record(opened, amounts, buyer.evaluator)


def record(tender, amounts, actor):
    record_evaluated(
        rfp=tender.rfp, amounts=amounts, currency="GBP", comparison_digest="1" * 64, actor=actor
    )


# The dashboard


def test_the_dashboard_asks_for_invitations_then_for_the_opening(buyer, tender, after_grace):
    def asked(person):
        with acting_for(person):
            return [one.title for one in selectors.todos(person, buyer.procurement)]

    assert asked(buyer.lead) == ["Invite vendors"]
    assert asked(buyer.opener) == []
    after_grace()
    assert (asked(buyer.lead), asked(buyer.opener)) == ([], ["Open the bids"])
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    assert asked(buyer.opener) == []


def test_the_dashboard_asks_for_prices_once_the_scores_are_locked(buyer, opened):
    lock(buyer)
    with acting_for(buyer.opener):
        assert [one.title for one in selectors.todos(buyer.opener, buyer.procurement)] == [
            "Open the prices"
        ]
        assert Envelope.objects.filter(state=EnvelopeState.OPENED).count() == 2
