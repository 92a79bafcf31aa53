"""What an opening lets whom read: names or letters, files, knock-outs."""

import pytest

from apps.bids import selectors
from apps.bids.selectors.opened import packages
from apps.core import files
from apps.core.errors import NotFound
from apps.proof import hashes
from apps.rfp.selectors import desk_for
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import PanelMember
from apps.workspace.rules import forget_roles
from apps.workspace.states import Interest, Role
from tests.apps.bids.conftest import open_as
from tests.apps.bids.test_opening import BLIND, NAMED, lock
from tests.conftest import acting_for, seat
from tests.factories import bids as make

pytestmark = pytest.mark.django_db


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
        seat(buyer, buyer.lead, Role.EVALUATOR)
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
