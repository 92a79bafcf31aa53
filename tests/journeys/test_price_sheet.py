"""A price sheet saves itself while it is typed: half of it, without a line, on two devices, to the end."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import bidding, small
from tests.journeys.api import Caller
from tests.journeys.browser import Window, Windows
from tests.journeys.small import Tools
from tests.journeys.test_team_answers import KEPT_HERE, OFFLINE, again

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(600)]

PARTLY = re.compile(rf"Not complete yet, so not saved\. .+ {KEPT_HERE}")
SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")


def rate(page: Page) -> str:
    return page.get_by_label("Rate 1").input_value()


def leave(page: Page) -> None:
    """Leave the field and wait until nothing is on its way."""
    page.evaluate("document.activeElement.blur()")
    page.locator("html[data-saving]").wait_for(state="detached")


def says(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-save] [data-text]")).to_have_text(words)


def answers(tools: Tools, window: Window, bid: str) -> None:
    """Give the written answers by API; the price is what is typed here."""
    for code, value in (("4.02", "12.5"), ("4.15", bidding.VALUES), ("16.13", "30")):
        given = {"answer": value, "version": 0}
        small.done(caller(tools, window).call("PUT", f"{bid}answers/{code}/", given))


def caller(tools: Tools, window: Window) -> Caller:
    cookies = {one["name"]: one["value"] for one in window.context.cookies()}
    return Caller(tools.product, cookies)


def test_a_price_sheet_survives_reload_a_dropped_line_and_a_second_device(
    tools: Tools, windows: Windows
):
    pk = small.draft(tools.lead, "Daytime calls, priced while typing")
    small.publish(tools, pk, tools.product.now() + dt.timedelta(hours=2))
    window = windows.open()
    invited = small.invite(tools, pk, "Steady Voice")
    bid = bidding.accept(window, bidding.link_of(tools.product, invited))
    answers(tools, window, bid.strip("/") + "/")

    half_a_sheet_outlives_a_reload(window, bid)
    a_whole_sheet_is_saved_and_priced(window)
    window = a_line_that_drops_loses_no_figure(tools, window, bid)
    other = again(windows, window.context)
    who_was_slower_sees_both_figures_and_decides(window, other, bid)

    held = small.done(caller(tools, window).call("GET", bid.strip("/") + "/")).json["price"]
    assert (held["sheet"]["promised_fte"], held["sheet"]["rates"]["tiers"]) == (
        "13",
        [{"rate": "4.05"}],
    )
    bidding.submit(window, bid)
    assert "Your bid has been received" in window.text
    other.close()
    window.close()


def half_a_sheet_outlives_a_reload(window: Window, bid: str) -> None:
    """Nothing was refused: the page says that it is not whole, and the console is silent."""
    page = window.go(f"{bid}price/?model=per_contact")
    page.get_by_label("Rate 1").fill("4.10")
    leave(page)
    says(page, PARTLY)
    expect(page.locator("[data-total]")).to_be_hidden()
    page.reload()
    assert rate(page) == "4.10"
    says(page, PARTLY)
    window.go(f"{bid}price/")
    page = window.go(f"{bid}price/?model=per_contact")
    assert rate(page) == "4.10"


def a_whole_sheet_is_saved_and_priced(window: Window) -> None:
    page = window.page
    bidding.type_price(page, "4.10")
    leave(page)
    says(page, SAVED)
    expect(page.locator("[data-total-text]")).to_contain_text("over the term")
    page.get_by_label("Agents promised (FTE)").fill("a dozen")
    leave(page)
    says(page, PARTLY)
    expect(page.locator("[data-total]")).to_be_hidden()
    page.get_by_label("Agents promised (FTE)").fill("12")
    leave(page)
    says(page, SAVED)


def a_line_that_drops_loses_no_figure(tools: Tools, window: Window, bid: str) -> Window:
    """The page is closed while the line is down; opened again, it sends what the device kept."""
    context = window.context
    context.set_offline(True)
    window.page.get_by_label("Agents promised (FTE)").fill("13")
    window.page.evaluate("document.activeElement.blur()")
    says(window.page, KEPT_HERE)
    window.page.close()
    assert [one for one in window.forget_faults() if not OFFLINE.match(one)] == []
    context.set_offline(False)
    back = Window(context, tools.product)
    page = back.go(f"{bid}price/")
    expect(page.get_by_label("Agents promised (FTE)")).to_have_value("13")
    leave(page)
    page.reload()
    says(page, re.compile("Saved by Sam Vale"))
    expect(page.get_by_label("Agents promised (FTE)")).to_have_value("13")
    return back


def who_was_slower_sees_both_figures_and_decides(window: Window, other: Window, bid: str) -> None:
    there = other.go(f"{bid}price/")
    there.get_by_label("Rate 1").fill("4.20")
    leave(there)
    says(there, SAVED)
    page, conflict = window.page, window.page.locator("div[data-conflict]")
    with window.refused(412):
        page.get_by_label("Rate 1").fill("4.05")
        leave(page)
    expect(conflict).to_be_visible()
    expect(conflict).to_contain_text("Rate: 4.2 by Sam Vale, 4.05 by you")
    conflict.get_by_role("button", name="Replace it with mine").click()
    leave(page)
    says(page, SAVED)
    expect(conflict).to_be_hidden()
