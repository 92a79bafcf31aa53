"""T-EDGE: one millisecond before, at and after the deadline and the grace, again and again.

The database's clock stands still here, so that a case is exact and not nearly so.
"""

import datetime as dt
import random
import secrets
import threading
import time
from itertools import product

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from apps.bids.models import Bid, Submission
from apps.bids.services import submitting
from apps.bids.states import BidState
from apps.core import tenancy
from apps.core.errors import Attempt, WrongState
from apps.rfp.states import EnvelopeKind
from tests.conftest import acting_for, make_buyer, make_vendor
from tests.factories import bids as make
from tests.factories import sealing
from tests.plugin import cluster
from tests.sizes import size

REPEATS = size(100, 1000)
PAUSE = 10  # seconds
AT_ONCE = size(20, 200)
TOO_EARLY, KEYS_MISSING = "CC409", "CC423"
RELATED = ("round__rfp__procurement", "organisation", "vendor")
MS = dt.timedelta(milliseconds=1)
AROUND = (-MS, dt.timedelta(0), MS)
STANDING = """
CREATE TABLE cceval_test_moment (at timestamptz NOT NULL);
INSERT INTO cceval_test_moment VALUES (clock_timestamp());
GRANT SELECT, UPDATE ON cceval_test_moment TO cceval_app, cceval_owner;
CREATE OR REPLACE FUNCTION cceval_now() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT at FROM cceval_test_moment $$;
"""


@pytest.fixture
def case(committed):
    """A complete bid in a tender, and a clock that stands still."""
    buyer = make_buyer()
    vendor = make_vendor("Velora Connect", buyer.organisation)
    tender = make.tender(buyer)
    bid = make.bid_in(tender.rfp, vendor)
    make.fill(bid, tender, vendor)
    folder = str(cluster().folder)
    with psycopg.connect(host=folder, user="postgres", dbname=committed, autocommit=True) as open_:
        open_.execute(STANDING)
    return buyer, vendor, tender, bid


def stop_clock(moment: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cceval_test_moment SET at = %s", [moment])


def submitted(bid, vendor, arrived_at, now) -> bool:
    """Submit with this arrival at this moment, and take all of it back."""
    with transaction.atomic():
        stop_clock(now)
        found = Bid.objects.select_related(*RELATED).get(pk=bid.pk)
        try:
            submitting.submit(bid=found, actor=vendor.owner, arrived_at=arrived_at, from_edge=True)
        except WrongState:
            return False
        else:
            return True
        finally:
            transaction.set_rollback(True)


def turned(tender, opener, now) -> str:
    """Turn a first key at this moment, and take it back; the check that failed, else "turned"."""
    with transaction.atomic():
        stop_clock(now)
        try:
            sealing.turn(tender.rfp, EnvelopeKind.TECHNICAL, opener)
        except Attempt as refused:
            return refused.check
        else:
            return "turned"
        finally:
            transaction.set_rollback(True)


def asked_of_the_database(tender, now) -> str:
    """Ask the database itself to open, past the application and without a key; its refusal."""
    with tenancy.acting_as(organisation=tender.rfp.organisation_id):
        stop_clock(now)
        with (
            pytest.raises(DatabaseError) as refused,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT cceval_open(%s)", [tender.rfp.round.pk])
    return str(refused.value.__cause__.sqlstate)


def test_arrival_decides_and_the_grace_ends_to_the_millisecond(case):
    """9 cases, each as often as is asked for, in an order of chance; exactly the legal ones count."""
    _buyer, vendor, tender, bid = case
    closes_at, ends = tender.rfp.round.closes_at, tender.rfp.round.closes_at + make.GRACE
    cases = list(product(AROUND, AROUND)) * REPEATS
    random.shuffle(cases)
    with acting_for(vendor.owner):
        for arrival, grace in cases:
            wanted = arrival < dt.timedelta(0) and grace < dt.timedelta(0)
            counts = submitted(bid, vendor, closes_at + arrival, ends + grace)
            assert counts is wanted, (arrival, grace)


def test_an_opening_begins_when_the_grace_is_over_and_no_millisecond_before(case):
    buyer, _vendor, tender, _bid = case
    ends = tender.rfp.round.closes_at + make.GRACE
    cases = list(AROUND) * REPEATS
    random.shuffle(cases)
    for grace in cases:
        wanted = grace >= dt.timedelta(0)
        done = turned(tender, buyer.opener, ends + grace)
        assert done == ("turned" if wanted else "time"), grace
        said = asked_of_the_database(tender, ends + grace)
        assert said == (KEYS_MISSING if wanted else TOO_EARLY), grace


def test_a_submission_paused_before_its_commit_is_waited_for_by_the_opening(case):
    """It arrived in time; the deadline, the grace and the last key come while it is under way."""
    _buyer, vendor, tender, bid = case
    closes_at = tender.rfp.round.closes_at
    stop_clock(closes_at - MS)
    stored, found = threading.Event(), {}

    def submit():
        with acting_for(vendor.owner):
            found["submission"] = submitting.submit(
                bid=bid, actor=vendor.owner, arrived_at=closes_at - MS, from_edge=True
            )
            stored.set()
            time.sleep(PAUSE)
            found["committing"] = time.monotonic()
        connection.close()

    paused = threading.Thread(target=submit)
    paused.start()
    assert stored.wait(30)
    stop_clock(closes_at + make.GRACE)
    opened = sealing.open_envelopes(tender.rfp, EnvelopeKind.TECHNICAL)
    ended = time.monotonic()
    paused.join(30)
    assert isinstance(found["submission"], Submission)
    assert opened == 1
    assert ended > found["committing"]
    with acting_for(vendor.owner):
        assert Bid.objects.get().state == BidState.SUBMITTED


def test_a_submission_and_the_opening_at_one_instant_never_lose_a_bid(case):
    """The grace ends while a bid is being submitted: it is in and opened, or refused; 20 tenders."""
    buyer, vendor, _tender, _bid = case
    ends = {True: 0, False: 0}
    for number in range(AT_ONCE):
        stop_clock(dt.datetime.now(dt.UTC))
        tender = make.tender_of(buyer, reference=f"INSTANT-{number}")
        bid = make.bid_in(tender.rfp, vendor)
        make.fill(bid, tender, vendor)
        closes_at = tender.rfp.round.closes_at
        stop_clock(closes_at + make.GRACE)
        sealing.turn(tender.rfp, EnvelopeKind.TECHNICAL, buyer.opener)
        stop_clock(closes_at + make.GRACE - MS)
        submits, counted = at_once(bid, vendor, closes_at - MS)
        time.sleep(secrets.randbelow(80) / 1000)  # about as long as a submission takes
        stop_clock(closes_at + make.GRACE)
        opened = sealing.turn(tender.rfp, EnvelopeKind.TECHNICAL, buyer.opener2).opened
        submits.join(30)
        assert counted[0] is (opened == 1), number
        ends[counted[0]] += 1
    assert all(ends.values()), f"both endings were to be seen: {ends}"


def at_once(bid, vendor, arrived_at) -> tuple[threading.Thread, list[bool]]:
    """Submit beside what the caller does; whether it counted stands in the list in the end."""
    counted = []

    def submit():
        try:
            with acting_for(vendor.owner):
                submitting.submit(
                    bid=bid, actor=vendor.owner, arrived_at=arrived_at, from_edge=True
                )
            counted.append(True)
        except WrongState:
            counted.append(False)
        finally:
            connection.close()

    thread = threading.Thread(target=submit)
    thread.start()
    return thread, counted
