"""Who judges reads a whole bid, its workbook and its files without the vendor's name."""

import html
import io

import openpyxl
import pytest
from django.urls import reverse

from apps.bids import selectors as bids
from tests.conftest import acting_for
from tests.factories import matrix as make

SAID = "Velora Connect hires early, and Velora trains."


@pytest.fixture
def signed(buyer, vendor_a, vendor_b, set_clock):
    """Two opened bids; the first vendor names itself in a text, in a table and in a file's name."""
    sites = [{"Site": "Velora House", "Seats": "120"}]
    return make.opened(
        buyer, [vendor_a, vendor_b], set_clock, answers={0: {"1.01": SAID, "1.04": sites}}
    )


def read(client, stage):
    case = [stage.procurement.pk]
    pages = [
        client.get(reverse("bids:opened_bid", args=[*case, bid.pk])).content.decode()
        for bid in stage.bids
    ]
    book = client.get(reverse("bids:answers_workbook", args=case)).content
    cells = [
        str(cell.value)
        for sheet in openpyxl.load_workbook(io.BytesIO(book))
        for row in sheet.iter_rows()
        for cell in row
    ]
    return html.unescape("\n".join([*pages, *cells]))


def file_of(client, stage, user):
    with acting_for(user):
        [held] = bids.attachments_of(user, stage.rfp)[stage.bids[0].pk]["2.02"]
    args = [stage.procurement.pk, stage.bids[0].pk, held.sha256]
    return client.get(reverse("bids:opened_file", args=args))["Content-Disposition"]


@pytest.mark.parametrize("role", ["evaluator", "moderator", "approver", "executive"])
def test_before_the_lock_no_name_stands_in_a_bid_its_workbook_or_its_files(
    signed, buyer, client_for, role
):
    client = client_for(getattr(buyer, role))
    shown = read(client, signed)
    assert "Velora" not in shown
    assert "[vendor] hires early, and [vendor] trains." in shown
    assert "[vendor] House" in shown
    letter = signed.bid(0).letter
    assert file_of(client, signed, getattr(buyer, role)) == (
        f'attachment; filename="bid-{letter}-2.02-1.pdf"'
    )


def test_who_knows_the_vendors_reads_it_as_it_was_written(signed, buyer, client_for):
    client = client_for(buyer.lead)
    shown = read(client, signed)
    assert SAID in shown
    assert "Velora House" in shown
    assert "Velora Connect continuity.pdf" in file_of(client, signed, buyer.lead)
