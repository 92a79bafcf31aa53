"""The weighted matrix of 50 vendors, 300 criteria and 8 evaluators: server time and queries.

    python benchmarks/bench_matrix_page.py [vendors] [criteria] [evaluators]

Runs on a private PostgreSQL and Redis with Django's test client, in one process and without a
network: what is measured is the server's work, with PostgreSQL in the first figure and without it in
the second. The bids are submitted and opened, the scores and
agreements lie in their tables, the ranking is frozen by the lock and again with prices; robustness
has its 10,000 draws. Each figure is the median of eleven; what happens once runs once. The first
what-if of a process reads the frozen record, later ones find it read: the first is named apart.
"""

import gc
import gzip
import random
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal

import private_stack  # noqa: F401

# isort: split
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.bids.services import sheets
from apps.matrix import selectors
from apps.matrix.models import Consensus, Score
from apps.matrix.services import consensus
from apps.matrix.services import ranking as freezing
from apps.rfp.models import Question
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services.importing import import_form
from apps.rfp.states import EnvelopeKind
from apps.rfp.workbooks.form import Form, Item, Part, digest_of
from tests.conftest import acting_for, make_buyer, make_vendor, sign_in
from tests.factories import bids as make_bids
from tests.factories import matrix as make
from tests.factories import sealing
from tests.factories.keys import installation_key
from tests.factories.rfp import ANCHORS, make_rfp, publish
from tests.scenes import clone_database, move_clock

VENDORS, CRITERIA, EVALUATORS = (
    int(given) for given in (*sys.argv[1:], *("50", "300", "8")[len(sys.argv) - 1 :])
)
SECTIONS, REPEAT = 20, 11
WHAT_IF, PAGE = 100, 800  # what each may take, in ms
REASON = "Names the practice, its owner and its date."

rng = random.Random(7)  # noqa: S311 -- scores of nobody


def questionnaire(draft: Form) -> Form:
    each = CRITERIA // SECTIONS
    parts = tuple(
        Part(
            code=str(section),
            title=f"Section {section}",
            weight="5",
            items=tuple(_item(f"{section}.{number:02}") for number in range(1, each + 1)),
        )
        for section in range(1, SECTIONS + 1)
    )
    return Form(head=draft.head, parts=parts)


def _item(code: str) -> Item:
    return Item(
        code=code, topic=f"Topic {code}", text=f"How do you work in {code}?", kind="text_long",
        weight=str(1 + int(code[-1]) % 3), mode="manual", rubric=ANCHORS, required=False,
    )  # fmt: skip


def open_bids(patch: pytest.MonkeyPatch) -> make.Stage:
    """A published tender with as many opened bids, each with a price and no word."""
    installation_key()
    buyer = make_buyer()
    with acting_for(buyer.lead) as lead:
        rfp = make_rfp(buyer.procurement, lead)
        draft = form_of(rfp)
        import_form(
            rfp=rfp, target=questionnaire(draft), seen=digest_of(draft), actor=lead, fresh=True
        )
        rfp = publish(make.fresh(make.Stage(buyer, rfp, {})), lead)
        asked = Question.objects.filter(rfp=rfp).select_related("section")
        stage = make.Stage(buyer, rfp, {one.code: one for one in asked})
    for number in range(VENDORS):
        vendor = make_vendor(f"Vendor {number:02}", buyer.organisation)
        bid = make_bids.bid_in(rfp, vendor)
        with acting_for(vendor.owner) as owner:
            sheets.save_price(bid=bid, raw=make_bids.SHEET, version=0, actor=owner)
        make_bids.submit(bid, vendor)
        stage.vendors.append(vendor)
        stage.bids.append(bid)
    move_clock(patch, rfp.round.closes_at + rfp.round.grace * 2)
    sealing.open_envelopes(rfp, EnvelopeKind.TECHNICAL)
    stage.rfp = make.seen(stage)
    return stage


def judge(stage: make.Stage) -> None:
    """Every evaluator scored every answer of every bid, and the panel agreed on all of them."""
    buyer = stage.buyer
    people = [buyer.evaluator, buyer.evaluator2]
    people += [make.appoint(buyer, f"Evaluator {n}") for n in range(EVALUATORS - len(people))]
    make.begun(stage, *people)
    agreed = {
        (bid.pk, question.pk): rng.randint(0, 5)
        for bid in stage.bids
        for question in stage.questions.values()
    }
    with acting_for(buyer.moderator) as moderator:
        held = stage.round_for(moderator)
        common = {"organisation_id": held.organisation_id, "scoring_round": held, "version": 1}
        cells = [
            {**common, "bid_id": bid, "question_id": question, "reason": REASON}
            for bid, question in agreed
        ]
        Score.objects.bulk_create(
            [
                Score(**cell, evaluator=person, value=_near(agreed, cell))
                for cell in cells
                for person in people
            ],
            batch_size=5000,
        )
    make.in_consensus(stage)
    with acting_for(buyer.moderator) as moderator:
        Consensus.objects.bulk_create(
            [
                Consensus(
                    **cell,
                    moderator=moderator,
                    value=Decimal(agreed[cell["bid_id"], cell["question_id"]]),
                )
                for cell in cells
            ],
            batch_size=5000,
        )


def _near(agreed: dict, cell: dict) -> Decimal:
    given = agreed[cell["bid_id"], cell["question_id"]] + rng.choice((-1, 0, 0, 0, 1))
    return Decimal(min(max(given, 0), 5))


Times = tuple[float, float]  # ms on the clock, ms of this process


def timed(act: Callable[[], object]) -> Times:
    began, own = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - began) * 1e3, (time.process_time() - own) * 1e3


def line(name: str, times: Times, queries: int, size: str = "", goal: str = "") -> None:
    print(
        f"| {name} | {times[0]:,.0f} | {times[1]:,.0f} | {queries} | {size} | {goal} |", flush=True
    )


def once(name: str, act: Callable[[], object]) -> None:
    with CaptureQueriesContext(connection) as captured:
        times = timed(act)
    line(name, times, len(captured))


def measured(name: str, get: Callable[[], object], goal: int) -> None:
    times = [timed(get) for _ in range(REPEAT)]
    with CaptureQueriesContext(connection) as captured:
        answer = get()
    assert answer.status_code == 200, answer.status_code
    size = len(gzip.compress(answer.content)) / 1024
    median = statistics.median(one for one, _ in times), statistics.median(own for _, own in times)
    line(name, median, len(captured), f"{size:,.1f}", str(goal))


def lock(stage: make.Stage) -> None:
    with acting_for(stage.buyer.moderator) as moderator:
        consensus.lock(scoring_round=stage.round_for(moderator), actor=moderator)


def freeze(stage: make.Stage) -> None:
    with acting_for(stage.buyer.lead) as lead:
        freezing.freeze(scoring_round=stage.round_for(lead), actor=lead)


def main() -> None:
    clone_database("bench_matrix_page")
    with pytest.MonkeyPatch.context() as patch:
        began = time.perf_counter()
        stage = open_bids(patch)
        judge(stage)
        print(f"{VENDORS} vendors, {CRITERIA} criteria, {EVALUATORS} evaluators, made in ", end="")
        print(
            f"{time.perf_counter() - began:.0f} s\n\n| | ms | own ms | queries | KiB gzip | goal |"
        )
        print("|---|---|---|---|---|---|")
        once("lock, with the ranking on quality frozen", lambda: lock(stage))
        make.priced(stage, [str(rng.randint(900_000, 2_100_000)) for _bid in stage.bids])
        once("freeze with prices", lambda: freeze(stage))
        show(stage)


def show(stage: make.Stage) -> None:
    client = sign_in(stage.buyer.lead)
    url = reverse("matrix:ranking", args=[stage.procurement.pk])
    with acting_for(stage.buyer.lead) as lead:
        desk = selectors.desk_for(lead, procurement_id=stage.procurement.pk)
        parts = selectors.ranking_page(lead, desk).frozen.parts
    gc.collect()
    gc.freeze()

    def what_if(**headers: str):
        weights = {part.field: f"{rng.uniform(1, 10):.4f}" for part in parts}
        return client.get(url, weights, headers=headers)

    once("first what-if of a process", lambda: what_if(**{"HX-Request": "true"}))
    measured("what-if, a weight moved", lambda: what_if(**{"HX-Request": "true"}), WHAT_IF)
    measured("matrix page", lambda: client.get(url), PAGE)
    measured("matrix page with weights tried, no script", what_if, PAGE)


if __name__ == "__main__":
    main()
