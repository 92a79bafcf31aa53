"""Two connections at once, on rows that are really committed."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from apps.bids import selectors
from apps.bids.models import AnswerVersion, Bid, Submission
from apps.bids.services import answering, submitting
from apps.bids.states import BidState
from apps.core import clock, tenancy
from apps.core.errors import Conflict, WrongState
from apps.rfp.states import EnvelopeKind
from tests.conftest import acting_for, make_buyer, make_vendor
from tests.factories import bids as make
from tests.factories import sealing


@dataclass
class Case:
    buyer: Any
    vendor: Any
    tender: make.Tender
    bid: Bid


@pytest.fixture
def case(committed) -> Case:
    buyer = make_buyer()
    vendor = make_vendor("Velora Connect", buyer.organisation)
    tender = make.tender(buyer)
    return Case(buyer, vendor, tender, make.bid_in(tender.rfp, vendor))


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread and a connection of its own; returns results or refusals."""
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        barrier.wait(10)
        try:
            found[place] = act()
        except (Conflict, WrongState) as refusal:
            found[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def shift_clock(moment: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cceval_test_clock SET shift = %s", [moment - dt.datetime.now(dt.UTC)]
        )


def saver(case, person, text, version=0):
    def save():
        with tenancy.acting_as(person=person.pk, organisation=case.vendor.organisation.pk):
            question = case.tender.questions["1.01"]
            return answering.save_answer(
                bid=case.bid, question=question, raw=text, version=version, actor=person
            )

    return save


def test_two_first_answers_at_once_make_one_winner_and_one_conflict(case):
    """One question nobody has answered yet: the loser is told, not dropped."""
    people = (case.vendor.owner, case.vendor.respondent)
    found = together(*(saver(case, one, f"By {one.name}") for one in people))
    assert sorted(type(one).__name__ for one in found) == ["Answer", "Conflict"]
    with acting_for(case.vendor.owner):
        assert AnswerVersion.objects.count() == 1


def test_two_changes_of_one_version_at_once_make_one_winner_and_one_conflict(case):
    """Both read version 1; the loser gets the winner's text and the one before both."""
    saver(case, case.vendor.owner, "Six weeks.")()
    people = (case.vendor.owner, case.vendor.respondent)
    found = together(*(saver(case, one, f"By {one.name}", version=1) for one in people))
    won, lost = sorted(found, key=lambda one: type(one).__name__)
    assert (won.version, lost.current["version"]) == (2, 2)
    assert lost.current["base"]["answer"] == "Six weeks."
    with acting_for(case.vendor.owner):
        kept = AnswerVersion.objects.order_by("version").values_list("version", "saved_by")
        assert [*kept] == [(1, case.vendor.owner.pk), (2, won.saved_by_id)]


def test_two_clicks_on_submit_make_one_submission(case):
    make.fill(case.bid, case.tender, case.vendor)
    found = together(*[lambda: make.submit(case.bid, case.vendor)] * 3)
    assert len({one.pk for one in found}) == 1
    with acting_for(case.vendor.owner):
        assert Submission.objects.count() == 1


def test_an_answer_saved_while_the_bid_is_submitted_is_in_it_or_refused(case):
    make.fill(case.bid, case.tender, case.vendor)
    owner = case.vendor.owner

    def change():
        with tenancy.acting_as(person=owner.pk, organisation=case.vendor.organisation.pk):
            question = case.tender.questions["1.03"]
            return answering.save_answer(
                bid=case.bid, question=question, raw="99", version=1, actor=owner
            )

    changed, _submitted = together(change, lambda: make.submit(case.bid, case.vendor))
    shift_clock(case.tender.rfp.round.closes_at + make.GRACE)
    sealing.open_envelopes(case.tender.rfp, EnvelopeKind.TECHNICAL)
    with acting_for(case.buyer.lead):
        answers = selectors.opened_answers(case.buyer.lead, make.read(case.tender))
    expected = "12" if isinstance(changed, WrongState) else "99"
    assert answers[case.bid.pk]["1.03"] == expected


def test_a_submission_is_seen_by_the_opening_or_refused(case):
    """Never accepted and invisible: the opening waits for whoever holds the round."""
    make.fill(case.bid, case.tender, case.vendor)
    closes_at = case.tender.rfp.round.closes_at
    shift_clock(closes_at + make.GRACE - dt.timedelta(milliseconds=30))
    owner = case.vendor.owner

    def submit():
        with tenancy.acting_as(person=owner.pk, organisation=case.vendor.organisation.pk):
            return submitting.submit(
                bid=case.bid,
                actor=owner,
                arrived_at=closes_at - dt.timedelta(milliseconds=1),
                from_edge=True,
            )

    def open_when_due():
        for _attempt in range(200):
            try:
                return sealing.open_envelopes(case.tender.rfp, EnvelopeKind.TECHNICAL)
            except WrongState:
                continue
        raise AssertionError("the opening never became due")

    submitted, opened = together(submit, open_when_due)
    with acting_for(case.vendor.owner):
        state = Bid.objects.get().state
    accepted = isinstance(submitted, Submission)
    assert opened == (1 if accepted else 0)
    assert state == (BidState.SUBMITTED if accepted else BidState.DRAFT)
    assert clock.database_now() >= closes_at + make.GRACE
