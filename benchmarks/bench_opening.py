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
from typing import Self

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


class Took:
    """Seconds of the clock on the wall, and of this process's processor."""

    def __enter__(self) -> Self:
        self._begun = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.wall = time.perf_counter() - self._begun[0]
        self.processor = time.process_time() - self._begun[1]


def submissions(made) -> list[Took]:
    found = []
    for bid, vendor in made:
        with Took() as took:
            make.submit(bid, vendor)
        found.append(took)
    return found


def raw_opening(tender) -> tuple[float, int]:
    """Open every envelope in memory with the key put together before; seconds and bytes."""
    key = sealing.private_key(tender.rfp, EnvelopeKind.TECHNICAL)
    with tenancy.acting_as(scope="fsck"):
        held = Envelope.objects.filter(kind=EnvelopeKind.TECHNICAL)
        work = [
            (bytes(one.ciphertext), sealed_context(one.submission, one.kind))
            for one in held.select_related("submission__bid__round__rfp")
        ]
    with Took() as took:
        for blob, context in work:
            adapters.unseal(blob, key=key, context=context)
    return took.processor, sum(len(blob) for blob, _context in work)


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
        with Took() as one:
            sealing.turn(tender.rfp, EnvelopeKind.TECHNICAL, first)
        with Took() as other:
            done = sealing.turn(tender.rfp, EnvelopeKind.TECHNICAL, last)
    assert done.opened == BIDS
    print(f"{BIDS} bids of {ANSWERS} answers, {size / BIDS / 1024:.0f} KiB of quality each")
    walls = sorted(one.wall * 1000 for one in took)
    spent = statistics.median(one.processor * 1000 for one in took)
    print(
        f"submit, one after another: median {statistics.median(walls):.0f} ms,"
        f" p99 {walls[int(len(walls) * 0.99)]:.0f} ms; processor, median {spent:.0f} ms"
    )
    print(f"first key turned: {one.wall * 1000:.0f} ms, processor {one.processor * 1000:.0f} ms")
    print(
        f"last key turned, all opened: {other.wall:.2f} s, processor {other.processor:.2f} s"
        f" ({other.processor / raw:.0f} x decrypting alone, {raw * 1000:.0f} ms)"
    )


main()
