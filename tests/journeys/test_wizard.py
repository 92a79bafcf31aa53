"""A messy workbook of somebody's own becomes a questionnaire: mapped, compared, confirmed."""

import io

import pytest
import xlsxwriter

from tests.journeys import small
from tests.journeys.browser import Window, Windows
from tests.journeys.chapters import LEAD
from tests.journeys.small import Tools

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]
HEADINGS = ("Ref", "Question", "Max words", "Internal weight")


def messy() -> bytes:
    """A sheet as people keep them: a title, merged cells, headings twice, hidden rows and sheets."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held)
    old = book.add_worksheet("Old round")
    old.write_row(0, 0, HEADINGS)
    old.write_row(1, 0, ("1", "Who answered the phone last year?"))
    sheet = book.add_worksheet("Questions 2027")
    sheet.activate()
    sheet.set_first_sheet()
    old.hide()
    sheet.merge_range("A1:D1", "Vendor questionnaire, confidential")
    sheet.write_row(2, 0, HEADINGS)
    sheet.merge_range("A4:D4", "People")
    sheet.write_row(4, 0, ("P1", "How do you recruit and train new agents?", "300", "40"))
    sheet.merge_range("B6:B7", "Which languages do your agents speak at work?")
    sheet.write_row(7, 0, HEADINGS)
    sheet.merge_range("A9:D9", "Security")
    sheet.write_row(9, 0, ("S1", "Where is our data kept, and who can read it?", "200", "60"))
    sheet.write_row(10, 0, ("S2", "A question that was struck out?"))
    sheet.set_row(10, None, None, {"hidden": True})
    sheet.set_column("D:D", None, None, {"hidden": True})
    book.close()
    return held.getvalue()


def brought(lead: Window, pk: str) -> None:
    page = lead.go(f"/p/{pk}/rfp/import/")
    page.get_by_label("File").set_input_files(
        {"name": "Vendors.xlsx", "mimeType": "application/octet-stream", "buffer": messy()}
    )
    lead.press("Read this file")


def test_a_messy_workbook_is_mapped_compared_and_imported(tools: Tools, windows: Windows):
    pk = small.draft(tools.lead, "A workbook of our own")
    lead = windows.open(LEAD)
    brought(lead, pk)
    page = lead.page
    assert "Hidden sheet" in lead.text
    assert page.get_by_role("checkbox", name="Questions 2027").is_checked()
    assert not page.get_by_role("checkbox", name="Old round").is_checked()
    weight = page.get_by_label("Weight", exact=True)
    assert weight.input_value() == "", "a hidden column is offered, and chosen by nobody"
    assert "D: Internal weight (hidden)" in weight.inner_text()
    assert "Column D is hidden and was not taken over" in lead.text
    weight.select_option(label="D: Internal weight (hidden)")
    lead.press("Read it like this")
    assert "This column is hidden in the file; it was taken." in lead.text

    lead.press("Compare with the draft")
    assert "Not taken over" in lead.text
    lead.press("Import this")
    assert lead.path == f"/p/{pk}/rfp/"
    assert "People" in lead.text
    assert "Security" in lead.text
    assert "workbook imported" in lead.text

    page.locator("summary", has_text="More").click()
    assert page.get_by_role("link", name="Excel and files").is_visible()
    page.keyboard.press("Escape")
    lead.press("Undo")
    assert "Security" not in lead.page.locator(".outline").inner_text()
    lead.close()


def test_the_publish_page_says_what_blocks_and_what_it_asks_of_everybody(
    tools: Tools, windows: Windows
):
    pk = small.draft(tools.lead, "Looked at before publication")
    lead = windows.open(LEAD)
    lead.go(f"/p/{pk}/publish/")
    assert "Set the deadline for bids." in lead.text
    assert "A vendor needs about" in lead.text
    assert "Settle the list first." in lead.text
    lead.close()
