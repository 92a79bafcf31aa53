"""What sealing costs in the product: submitting, and opening 50 bids of 300 answers.

    python benchmarks/bench_opening.py [bids] [answers]

One process on a private PostgreSQL that does not wait for the disk. Questions and answers are put
into the tables at once; what is timed are the product's own services: each submission from the lock
of its round to its commit, then the two turns of the ceremony. The raw figure is the cryptography
alone, in memory.
"""

import datetime as dt
import statistics
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import private_stack  # noqa: F401

# isort: split
from django.conf import settings
from django.db import connection

from apps.bids import adapters
from apps.bids.models import Answer, Envelope
from apps.bids.types.places import sealed_context
from apps.core import clock, tenancy
from apps.rfp.models import Question, Section
from apps.rfp.states import AnswerKind, EnvelopeKind
from tests.conftest import make_buyer, make_vendor
from tests.factories import bids as make
from tests.factories import sealing
from tests.factories.keys import installation_key
from tests.scenes import clone_database

BIDS = int(sys.argv[1]) if len(sys.argv) > 1 else 50
ANSWERS = int(sys.argv[2]) if len(sys.argv) > 2 else 300
TEXT = "We staff this part of the service with named people since 2019, and report monthly. " * 3


def more_questions(rfp) -> list[Question]:
    """As many long texts as bring the questionnaire to its size; it is still a draft's content."""
    section = Section.objects.get(rfp=rfp, code="1")
    return Question.objects.bulk_create(
        Question(
            organisation_id=rfp.organisation_id,
            rfp=rfp,
            section=section,
            position=100 + number,
            code=f"1.{100 + number}",
            topic=f"Topic {number}",
            text="How do you staff this part of the service?",
            kind=AnswerKind.TEXT_LONG,
            word_limit=200,
            weight=Decimal(1),
            rubric=make.RUBRIC,
            options=[],
        )
        for number in range(ANSWERS - len(make.QUESTIONS))
    )


def answered(bid, questions, owner) -> None:
    Answer.objects.bulk_create(
        Answer(
            organisation_id=bid.organisation_id,
            vendor_id=bid.vendor_id,
            bid=bid,
            question=question,
            ciphertext=adapters.protect(
                TEXT, bid_id=bid.pk, kind=adapters.ANSWER, subject=question.pk
            ),
            saved_at=clock.now(),
            saved_by=owner,
        )
        for question in questions
    )


def shift_clock(moment: dt.datetime) -> None:
    with connection.cursor() as cursor:
        shift = moment - dt.datetime.now(dt.UTC)
        cursor.execute("UPDATE cceval_test_clock SET shift = %s", [shift])


def prepared():
    """A published tender of so many questions, and complete bids in it."""
    buyer = make_buyer()
    grown = []
    lock_all = make.lock_all

    def grow(rfp) -> None:  # the last moment at which the questionnaire may still grow
        grown.extend(more_questions(rfp))
        lock_all(rfp)

    make.lock_all = grow
    tender = make.tender(buyer)
    made = []
    for number in range(BIDS):
        vendor = make_vendor(f"Vendor {number}", buyer.organisation)
        bid = make.bid_in(tender.rfp, vendor)
        make.fill(bid, tender, vendor)
        with tenancy.acting_as(person=vendor.owner.pk, organisation=vendor.organisation.pk):
            answered(bid, grown, vendor.owner)
        made.append((bid, vendor))
    return buyer, tender, made


def submissions(made) -> list[float]:
    found = []
    for bid, vendor in made:
        start = time.perf_counter()
        make.submit(bid, vendor)
        found.append(time.perf_counter() - start)
    return sorted(found)


def raw_opening(tender) -> tuple[float, int]:
    """Open every envelope in memory with the key put together before; seconds and bytes."""
    key = sealing.private_key(tender.rfp, EnvelopeKind.TECHNICAL)
    with tenancy.acting_as(scope="fsck"):
        held = Envelope.objects.filter(kind=EnvelopeKind.TECHNICAL)
        work = [
            (bytes(one.ciphertext), sealed_context(one.submission, one.kind))
            for one in held.select_related("submission__bid__round__rfp")
        ]
    start = time.perf_counter()
    for blob, context in work:
        adapters.unseal(blob, key=key, context=context)
    return time.perf_counter() - start, sum(len(blob) for blob, _context in work)


def main() -> None:
    clone_database("test_bench_opening")
    with tempfile.TemporaryDirectory() as folder:
        settings.SIGNING_DIR = settings.WITNESS_DIR = Path(folder) / "signing"
        settings.KEY_STORE, settings.FILES_DIR = Path(folder) / "keys", Path(folder) / "files"
        installation_key()
        buyer, tender, made = prepared()
        took = submissions(made)
        raw, size = raw_opening(tender)
        shift_clock(tender.rfp.round.closes_at + make.GRACE + dt.timedelta(seconds=1))
        first, last = buyer.opener, buyer.opener2
        start = time.perf_counter()
        sealing.turn(tender.rfp, EnvelopeKind.TECHNICAL, first)
        between = time.perf_counter()
        done = sealing.turn(tender.rfp, EnvelopeKind.TECHNICAL, last)
        end = time.perf_counter()
    assert done.opened == BIDS
    print(f"{BIDS} bids of {ANSWERS} answers, {size / BIDS / 1024:.0f} KiB of quality each")
    print(
        f"submit, one after another: median {statistics.median(took) * 1000:.0f} ms,"
        f" p99 {took[int(len(took) * 0.99)] * 1000:.0f} ms"
    )
    print(f"first key turned: {(between - start) * 1000:.0f} ms")
    print(
        f"last key turned, all opened: {end - between:.2f} s"
        f" ({(end - between) / raw:.1f} x decrypting alone, {raw:.3f} s)"
    )


main()
