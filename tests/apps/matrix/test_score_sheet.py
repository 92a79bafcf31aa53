"""A score sheet of a buyer's own, entered as it stands: eight weights of a hundred, price 40."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from apps.bids.services import answering, sheets
from apps.matrix import selectors
from apps.matrix.services import ranking
from apps.rfp.models import Question
from apps.rfp.selectors import builder, desk_for
from apps.rfp.services import authoring
from apps.rfp.states import EnvelopeKind
from tests.conftest import acting_for, make_vendor
from tests.factories import bids as make_bids
from tests.factories import matrix as make
from tests.factories import rfp as make_rfps
from tests.factories import sealing
from tests.factories.keys import installation_key

pytestmark = pytest.mark.django_db
WEIGHTS = ("5.5", "10", "10", "7.5", "4", "7.5", "7.5", "8")


@pytest.fixture
def sheet(buyer):
    """The published tender: one technical section, eight questions scored by hand, a price."""
    installation_key()
    with acting_for(buyer.lead) as lead:
        rfp = make_rfps.make_rfp(buyer.procurement, lead, quality_weight="60", price_weight="40")
        Question.objects.filter(rfp=rfp).delete()
        rfp.sections.filter(code__in=("2", "3")).delete()
        section = rfp.sections.get(code="1")
        section.rfp = rfp
        authoring.edit_section(
            rfp=rfp, section=section, title="Our score sheet", weight="100", actor=lead
        )
        for number, weight in enumerate(WEIGHTS, start=1):
            authoring.add_question(
                section=section,
                actor=lead,
                topic=f"Criterion {number}",
                text=f"What do you offer for criterion {number}?",
                kind="text_long",
                weight=weight,
                mode="manual",
                rubric=make_rfps.ANCHORS,
            )
        rfp = make_rfps.publish(rfp, lead)
        asked = {one.code: one for one in Question.objects.filter(rfp=rfp)}
    return make.Stage(buyer, rfp, asked)


@pytest.fixture
def ranked(sheet, buyer, set_clock):
    """Three vendors: two with the same scores and prices, one weaker and dearer."""
    for name in ("Velora Connect", "Castellan CX", "Tamarind Global"):
        vendor = make_vendor(name, buyer.organisation)
        sheet.vendors.append(vendor)
        sheet.bids.append(submitted(sheet, vendor))
    set_clock(sheet.rfp.round.closes_at + sheet.rfp.round.grace + dt.timedelta(seconds=1))
    sealing.open_envelopes(sheet.rfp, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.lead):
        sheet.rfp = make.fresh(sheet)
    scores = dict.fromkeys(sheet.questions, (4, 4, 3))
    make.priced(make.to_lock(sheet, scores), ("1500000", "1500000", "1800000"))
    with acting_for(buyer.lead) as lead:
        ranking.freeze(scoring_round=sheet.round_for(lead), reason="", actor=lead)
    return sheet


def submitted(sheet, vendor):
    bid = make_bids.bid_in(sheet.rfp, vendor)
    with acting_for(vendor.owner) as owner:
        for question in sheet.questions.values():
            answering.save_answer(
                bid=bid, question=question, raw="As agreed.", version=0, actor=owner
            )
        sheets.save_price(bid=bid, raw=make_bids.SHEET, version=0, actor=owner)
    make_bids.submit(bid, vendor)
    return bid


def test_the_weights_are_published_as_they_were_entered_and_are_shares_of_the_award(sheet, buyer):
    with acting_for(buyer.lead) as lead:
        desk = desk_for(lead, procurement_id=sheet.procurement.pk)
        rows = builder(lead, desk, section="1").rows
        frozen = json.loads(desk.rfp.frozen)
    assert [row.points for row in rows] == list(WEIGHTS)
    assert [row.award * 100 for row in rows] == [Decimal(weight) for weight in WEIGHTS]
    (section,) = frozen["sections"]
    assert [one["points"] for one in section["questions"]] == list(WEIGHTS)


def test_equal_totals_share_the_first_place_and_the_next_is_third(ranked, buyer):
    """60 * 4/5 = 48 of 60; (2,200,000 - 1,500,000) / 1,400,000 = 1/2 of 40: 68 of 100."""
    with acting_for(buyer.lead) as lead:
        held = json.loads(selectors.latest_ranking(lead, ranked.procurement).record)
    rows = {row["id"]: row for row in held["result"]["vendors"]}
    first, second, third = (rows[str(bid.pk)] for bid in ranked.bids)
    assert (first["rank"], second["rank"], third["rank"]) == (1, 1, 3)
    assert (first["total"], second["total"]) == ("68", "68")
    assert first["contributions"]["1.01"] == "4.4"  # 5.5 * 4/5
