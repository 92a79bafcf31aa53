"""Scores held for want of evidence: what counts, what is shown, and that what was given stays."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.bids.types.evidence import OpenedFile
from apps.core import clock
from apps.core.models import AuditEvent
from apps.matrix import selectors
from apps.matrix.models import Score
from apps.matrix.selectors.holding import hold_on, holds_of
from apps.matrix.types import Hold
from apps.rfp.models import Question
from tests.conftest import acting_for, make_buyer, make_vendor
from tests.factories import matrix as make
from tests.scenes import scene

CERTIFIED = {
    **make.SITES,
    "evidence": "The certificate",
    "evidence_class": "iso_27001",
    "evidence_expires": True,
    "held_at": "3",
}
GIVEN = {"1.04": (5, 5, 4)}
FILES = {0: {"1.04": 0}, 1: {"1.04": -1}}  # valid on the closing day, ended the day before, none
EXPIRED = "held at 3: ISO/IEC 27001 expired on"
MISSING = "held at 3: no evidence beside the answer (ISO/IEC 27001)"
CLOSED = dt.date(2026, 10, 2)


@scene
def held(move):
    """Three bids, scored above the level, agreed and locked: two lack the certificate."""
    buyer = make_buyer()
    vendors = [make_vendor(n, buyer.organisation) for n in ("Velora", "Castellan", "Tamarind")]
    stage = make.opened(buyer, vendors, move, extra=(("1", CERTIFIED),), files=FILES)
    return make.to_lock(stage, GIVEN)


@scene
def held_scoring(move):
    """Two bids of the same tender while evaluators score; the second one's certificate had ended."""
    buyer = make_buyer()
    vendors = [make_vendor(name, buyer.organisation) for name in ("Velora", "Castellan")]
    stage = make.opened(buyer, vendors, move, extra=(("1", CERTIFIED),), files=FILES)
    return make.scored(make.begun(stage), GIVEN)


def frozen_of(stage):
    with acting_for(stage.buyer.executive) as user:
        return selectors.latest_ranking(user, stage.procurement)


def test_the_ranking_counts_the_level_and_the_given_scores_stay(held):
    case = json.loads(frozen_of(held).record)["case"]
    ids = [str(bid.pk) for bid in held.bids]
    assert [case["scores"][one]["1.04"] for one in ids] == ["5", "3", "3"]
    for sheet in case["individual"].values():
        assert [sheet[one]["1.04"] for one in ids] == ["5", "3", "3"]
    with acting_for(held.buyer.lead) as lead:
        rows = selectors.current_consensus(held.round_for(lead)).filter(question__code="1.04")
        assert {str(one.bid_id): one.value for one in rows} == dict(
            zip(ids, map(Decimal, (5, 5, 4)), strict=True)
        )
        scored = Score.objects.filter(question__code="1.04")
        assert sorted(scored.values_list("value", flat=True)) == [4, 4, 5, 5, 5, 5]


def test_the_frozen_ranking_and_the_log_say_what_was_held(held):
    frozen = frozen_of(held)
    by_bid = {one["bid"]: one for one in frozen.held}
    assert set(by_bid) == {str(held.bids[1].pk), str(held.bids[2].pk)}
    second, third = by_bid[str(held.bids[1].pk)], by_bid[str(held.bids[2].pk)]
    assert (second["question"], second["level"], second["agreed"]) == ("1.04", "3", "5")
    assert (bool(second["expired"]), third["expired"], third["agreed"]) == (True, "", "4")
    with acting_for(held.buyer.lead):
        event = AuditEvent.objects.get(action="ranking.freeze")
        assert json.loads(event.payload)["details"]["held"] == frozen.held


def test_the_matrix_and_the_api_say_what_is_held(held, client_for):
    client = client_for(held.buyer.lead)
    page = client.get(reverse("matrix:ranking", args=[held.procurement.pk])).content.decode()
    assert f"Castellan. Agreed 5, {EXPIRED}" in page
    assert f"Tamarind. Agreed 4, {MISSING}." in page
    assert "Velora. Agreed" not in page
    answer = client.get(f"/api/v1/procurements/{held.procurement.pk}/ranking/")
    assert answer.json()["held"] == frozen_of(held).held


def test_an_evaluator_reads_at_what_a_score_is_held_before_giving_it(held_scoring, client_for):
    client = client_for(held_scoring.buyer.evaluator)
    at = [held_scoring.procurement.pk, "1.04"]
    page = client.get(reverse("matrix:question", args=at)).content.decode()
    assert page.count("A score above it is held at 3") == 1
    assert EXPIRED in page
    assert "Castellan" not in page  # names stay hidden
    other = client.get(reverse("matrix:question", args=[at[0], "1.01"])).content.decode()
    assert "held at" not in other


def test_the_consensus_shows_what_an_agreed_score_counts_as(held_scoring, client_for):
    make.in_consensus(held_scoring)
    client = client_for(held_scoring.buyer.moderator)
    url = reverse("matrix:agreeing", args=[held_scoring.procurement.pk, "1.04"])
    page = client.get(url).content.decode()
    assert page.count("Counts as held at 3") == 1


def test_an_expiry_is_judged_on_the_closing_day_and_not_today(held_scoring, set_clock):
    set_clock(clock.now() + dt.timedelta(days=400))
    with acting_for(held_scoring.buyer.evaluator) as user:
        board = selectors.board(user, held_scoring.round_for(user))
        found = holds_of(user, board)
    assert {bid for bid, _question in found} == {held_scoring.bids[1].pk}


scores = st.one_of(st.none(), st.decimals(0, 5, places=2))
days = st.one_of(st.just(""), st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)).map(str))
kinds = st.sampled_from(["iso_27001", "pci_dss", ""])
file = st.builds(
    lambda kind, expires: OpenedFile("1.04", "a.pdf", 1, "0" * 64, expires, kind), kinds, days
)


@given(scores, st.decimals("0.01", "4.99", places=2), st.lists(file, max_size=4))
def test_holding_never_raises_a_score_and_evidence_gives_it_back(value, level, files):
    question = Question(held_at=level, evidence_class="iso_27001")
    hold = hold_on(question, files, CLOSED)
    if hold is not None:
        counts = hold.counts(value)
        assert (counts is None) == (value is None)
        assert counts is None or (counts <= value and counts <= level)
        assert counts is None or counts in {value, level}
    there = OpenedFile("1.04", "b.pdf", 1, "1" * 64, CLOSED.isoformat(), "iso_27001")
    assert hold_on(question, [*files, there], CLOSED) is None
    assert hold_on(Question(held_at=None, evidence_class="iso_27001"), files, CLOSED) is None


@pytest.mark.parametrize(
    ("files", "expired"),
    [
        ([("pci_dss", "2030-01-01")], ""),
        ([("iso_27001", "2026-10-01"), ("iso_27001", "2025-01-01")], "2026-10-01"),
    ],
)
def test_a_hold_names_the_latest_file_of_its_own_class(files, expired):
    beside = [OpenedFile("1.04", "a.pdf", 1, "0" * 64, day, kind) for kind, day in files]
    question = Question(held_at=Decimal(3), evidence_class="iso_27001")
    assert hold_on(question, beside, CLOSED) == Hold(Decimal(3), "iso_27001", expired)
