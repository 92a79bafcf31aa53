"""Questions are put in order with the keyboard and with the mouse, and the server keeps it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys import small
from tests.journeys.browser import Window, Windows
from tests.journeys.chapters import LEAD
from tests.journeys.small import Tools

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]


def order(window: Window) -> list[str]:
    rows = window.page.locator("[data-question]").element_handles()
    return [str(row.get_attribute("data-code")) for row in rows]


def after(window: Window, act: Callable[[], object]) -> list[str]:
    """The order that the page shows once the server has answered, which is what it keeps."""
    with window.page.expect_response("**/rfp/questions/move/"):
        act()
    shown = order(window)
    window.page.reload()
    assert order(window) == shown
    return shown


def test_questions_are_arranged_by_key_by_button_and_by_hand(tools: Tools, windows: Windows):
    pk = small.draft(tools.lead, "Order of questions")
    lead = windows.open(LEAD)
    page = lead.go(f"/p/{pk}/rfp/?section=4")
    first, second = order(lead)
    page.get_by_role("link", name=first).focus()
    with page.expect_response("**/rfp/questions/move/"):
        page.keyboard.press("Alt+ArrowDown")
    said = page.locator("[data-arrange-said]").inner_text()
    assert said == f"Question {first} is now number 2 of 2."

    up = page.get_by_role("button", name=f"Move question {first} up")
    assert after(lead, up.click) == [first, second]

    grip = page.locator(f'[data-code="{first}"] [data-grip]')
    below = page.locator(f'[data-code="{second}"]')

    def drag() -> None:
        grip.hover()
        page.mouse.down()
        box = below.bounding_box() or {}
        page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 8, steps=8)
        page.mouse.up()

    assert after(lead, drag) == [second, first]
    lead.close()


def test_a_wording_is_changed_where_it_stands(tools: Tools, windows: Windows):
    pk = small.draft(tools.lead, "Wording of questions")
    lead = windows.open(LEAD)
    page = lead.go(f"/p/{pk}/rfp/?section=4")
    first = order(lead)[0]
    row = page.locator(f'[data-code="{first}"]')
    before = row.locator("[data-wording]").inner_text()

    row.get_by_role("button", name="Wording of question").click()
    row.get_by_role("textbox").fill("Forget this.")
    page.keyboard.press("Escape")
    assert row.locator("[data-wording]").inner_text() == before

    row.get_by_role("button", name="Wording of question").click()
    row.get_by_role("textbox").fill("")
    with lead.refused(422), page.expect_response("**/api/**"):
        page.keyboard.press("Enter")
    expect(row.get_by_role("alert")).to_have_text("Write the question.")
    row.get_by_role("textbox").fill("What share of calls do you answer in 20 seconds?")
    with page.expect_response("**/api/**"):
        page.keyboard.press("Enter")
    page.reload()
    assert row.locator("[data-wording]").inner_text().startswith("What share of calls")
    lead.close()
