"""A bid is answered and submitted on a phone's width with the keyboard alone, each page checked."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import bidding, small
from tests.journeys.browser import PHONE, Window, Windows
from tests.journeys.small import Tools
from tests.journeys.test_every_page import EVERYTHING, violations, wider_than_the_screen

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

FAR = 80  # tabs after which a control counts as out of reach


def reach(page: Page, role: str, name: str) -> None:
    """Press Tab until the control with this role and name has the focus."""
    wanted = page.get_by_role(role, name=name).first  # type: ignore[arg-type]
    for _press in range(FAR):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{FAR} tabs do not reach the {role} {name!r}")


def sound(window: Window) -> None:
    assert violations(window, dict(EVERYTHING)) == []
    assert not wider_than_the_screen(window)


def accept(window: Window, link: str) -> str:
    page = window.go(link)
    reach(page, "link", "Bid or no bid: weights")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bid or no bid")
    sound(window)
    reach(page, "link", "Accept or decline")
    page.keyboard.press("Enter")
    reach(page, "button", "Accept and start the bid")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bids/**")
    return window.path


def answer(window: Window, bid: str) -> None:
    page = window.go(f"{bid}sections/4/")
    reach(page, "textbox", "4.02")
    page.keyboard.type("12.5")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("textbox", name="4.15")).to_be_focused()
    page.keyboard.type(bidding.VALUES)
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("textbox", name="4.02")).to_be_focused()
    bidding.saved(window)
    sound(window)
    page = window.go(f"{bid}sections/16/")
    reach(page, "textbox", "16.13")
    page.keyboard.type("30")
    reach(page, "button", "Save and back to all sections")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{bid}")


def submit(window: Window) -> None:
    page = window.page
    sound(window)
    reach(page, "link", "Check your bid")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not submitted")
    sound(window)
    reach(page, "button", "Submit the bid")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("received")
    sound(window)


def test_a_bid_is_answered_and_submitted_by_keyboard_alone(tools: Tools, windows: Windows):
    pk = small.draft(tools.lead, "Daytime calls, by keyboard")
    small.publish(tools, pk, tools.product.now() + dt.timedelta(hours=2))
    address = small.invite(tools, pk, "Quiet Voice")
    window = windows.open(size=PHONE)
    bid = accept(window, bidding.link_of(tools.product, address))
    bidding.price(window, bid, rate="4.10")
    answer(window, bid)
    submit(window)
    window.close()
