"""Opened answers and prices as a workbook: to whom the pages show them, under the names they show."""

import io

import openpyxl
import pytest
from django.urls import reverse

from apps.core.models import AuditEvent
from apps.core.quarantine.reading import read_workbook
from apps.rfp.selectors.workbook import form_of
from apps.rfp.states import EnvelopeKind
from apps.rfp.workbooks import reading
from apps.workspace.models import PanelMember, Procurement
from apps.workspace.states import Interest, Phase
from tests.apps.bids.conftest import open_as
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db


def taken(person, buyer):
    return sign_in(person).get(reverse("bids:answers_workbook", args=[buyer.procurement.pk]))


def texts(content: bytes) -> dict[str, list[list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        sheet.title: [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
        for sheet in book
    }


def words(content: bytes) -> str:
    return "\n".join("|".join(row) for rows in texts(content).values() for row in rows)


def open_prices(buyer, tender) -> None:
    with acting_for(buyer.moderator):
        Procurement.objects.filter(pk=buyer.procurement.pk).update(phase=Phase.COMMERCIAL)
    open_as(buyer, tender, EnvelopeKind.COMMERCIAL)


def test_before_the_opening_there_is_nothing_for_anybody(buyer, tender, both):
    for bid, vendor, mark in both:
        make.fill(bid, tender, vendor, mark=mark)
        make.submit(bid, vendor)
    for role in ("lead", "opener", "auditor", "evaluator"):
        answer = taken(getattr(buyer, role), buyer)
        assert answer.status_code == 409
        assert "There is no opened bid." in answer.content.decode()


def test_each_opened_bid_has_a_column_beside_the_questions(buyer, opened):
    answer = taken(buyer.lead, buyer)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    found = words(answer.content)
    assert "New agents train for six weeks. amber" in found
    assert "New agents train for six weeks. basalt" in found
    assert "Year | Revenue" in found
    with acting_for(buyer.lead):
        event = AuditEvent.objects.get(action="bids.export")
    assert (event.actor_id, event.procurement_id) == (buyer.lead.pk, buyer.procurement.pk)


def test_prices_come_with_their_envelopes_and_not_before(buyer, opened):
    before = taken(buyer.lead, buyer).content
    assert "Prices" not in texts(before)
    assert not any(rate in words(before) for rate in ("0.91", "26000"))
    open_prices(buyer, opened)
    sheets = texts(taken(buyer.lead, buyer).content)
    assert sheets["Prices"][0] == ["Price sheet", "Castellan CX", "Velora Connect"]
    assert ["rates · tiers 1 · rate", "0.91", "0.91"] in sheets["Prices"]


def test_who_judges_sees_letters_and_nobody_else_does(buyer, opened):
    for role, seen, hidden in (
        ("evaluator", "Bid A", "Velora Connect"),
        ("moderator", "Bid B", "Castellan CX"),
        ("lead", "Velora Connect", "Bid A"),
        ("auditor", "Castellan CX", "Bid B"),
    ):
        found = words(taken(getattr(buyer, role), buyer).content)
        assert (role, seen in found, hidden in found) == (role, True, False)


def test_columns_of_names_do_not_stand_in_the_order_of_letters(buyer, opened):
    rows = texts(taken(buyer.lead, buyer).content)
    [first, *_rest] = [name for name in rows if name.startswith("1 ")]
    assert rows[first][6][-2:] == ["Castellan CX", "Velora Connect"]


@pytest.mark.parametrize("interest", [Interest.CONFLICT, Interest.UNDECLARED])
def test_an_evaluator_in_conflict_or_undeclared_takes_nothing(buyer, opened, interest):
    with acting_for(buyer.lead):
        PanelMember.objects.filter(user=buyer.evaluator).update(interest=interest)
    assert taken(buyer.evaluator, buyer).status_code == 403


def test_an_opener_reads_answers_and_no_price(buyer, opened):
    open_prices(buyer, opened)
    assert "Prices" not in texts(taken(buyer.opener, buyer).content)


def test_it_is_404_for_strangers_and_vendors(buyer, other_buyer, opened, vendor_a):
    for person in (other_buyer.lead, vendor_a.owner):
        assert taken(person, buyer).status_code == 404


def test_the_workbook_still_reads_as_the_questionnaire_it_is(buyer, opened):
    content = taken(buyer.lead, buyer).content
    with acting_for(buyer.lead):
        assert reading.read(read_workbook(content)).form.parts == form_of(opened.rfp).parts


def test_an_answer_that_looks_like_a_formula_is_a_text(buyer, tender, both, after_grace):
    formula = "=HYPERLINK(\"http://host.example\")+cmd|'/c calc'!A0"
    for bid, vendor, _mark in both:
        make.fill(bid, tender, vendor, mark=formula)
        make.submit(bid, vendor)
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    book = openpyxl.load_workbook(io.BytesIO(taken(buyer.lead, buyer).content))
    kinds = {
        cell.data_type
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert kinds <= {"s", "n"}


def test_the_api_gives_the_same_workbook(buyer, opened):
    url = f"/api/v1/procurements/{buyer.procurement.pk}/opening/workbook/"
    assert words(sign_in(buyer.lead).get(url).content) == words(taken(buyer.lead, buyer).content)
    assert sign_in(buyer.lead).get(url, headers={"Accept": "application/json"}).status_code == 200


def test_the_page_of_the_opening_offers_it_to_who_may_read(buyer, opened):
    client, case = sign_in(buyer.lead), buyer.procurement.pk
    page = client.get(reverse("bids:opening", args=[case])).content.decode()
    assert reverse("bids:answers_workbook", args=[case]) in page
