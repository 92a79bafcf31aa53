"""A bid is answered, priced and submitted on a phone's width with the keyboard alone, each page checked.

So is what stands around it: asking, assuming, the library, and taking a bid back.
"""

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


def choose(page: Page, name: str, option: str) -> None:
    """Choose from a closed list as people do: by typing how the option begins."""
    reach(page, "combobox", name)
    page.keyboard.type(option)
    chosen = page.evaluate("document.activeElement.selectedOptions[0].text")
    assert chosen.startswith(option), (name, chosen)


def write(page: Page, name: str, text: str) -> None:
    reach(page, "textbox", name)
    page.keyboard.type(text)


def press(page: Page, name: str) -> None:
    reach(page, "button", name)
    page.keyboard.press("Enter")


def price(window: Window, bid: str) -> None:
    page = window.go(bid)
    reach(page, "link", "Price sheet")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Price sheet")
    sound(window)
    choose(page, "Contacts that are billed", "Every contact handled")
    choose(page, "Tiering", "Graduated")
    write(page, "Rate 1", "4.10")
    choose(page, "How the parts add up", "Additive")
    write(page, "Name 1", "Leave and training")
    write(page, "Share 1", "30")
    write(page, "Agents promised (FTE)", "12")
    press(page, "Save the price sheet")
    page.wait_for_url("**saved=1")
    expect(page.locator("[data-total-text]")).to_contain_text("over the term")
    sound(window)


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
    price(window, bid)
    answer(window, bid)
    submit(window)
    window.close()


def ask(window: Window, bid: str) -> None:
    page = window.go(bid)
    reach(page, "link", "Questions")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Questions and answers")
    write(page, "Your question", "Is the week of Easter part of the volume?")
    press(page, "Send the question")
    page.wait_for_url("**asked=sent")
    sound(window)


def assume(window: Window, bid: str) -> None:
    page = window.go(f"{bid}assumptions/")
    write(page, "Clause or question", "Clause 4")
    write(page, "Wording", "Volumes stay within a tenth of the forecast.")
    press(page, "Add the row")
    expect(page.get_by_text("Volumes stay within a tenth of the forecast.").first).to_be_visible()
    sound(window)


def remember(window: Window, bid: str) -> None:
    """Bring earlier answers as text, look at them, save them."""
    page = window.go(f"{bid}library/")
    write(page, "Text of a document", "Q: Who owns your company?\nA: Two founders.")
    press(page, "Read the text")
    page.wait_for_url("**/imports/**")
    sound(window)
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("Library")
    sound(window)


def take_back(window: Window, bid: str) -> None:
    page = window.go(bid)
    reach(page, "link", "Change or withdraw")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change or withdraw the bid")
    sound(window)
    press(page, "Reopen")
    page.wait_for_url(f"**{bid}")
    sound(window)


def test_what_stands_around_a_bid_is_done_by_keyboard_alone(tools: Tools, windows: Windows):
    pk = small.draft(tools.lead, "Daytime calls, around the bid")
    small.publish(tools, pk, tools.product.now() + dt.timedelta(days=20))
    address = small.invite(tools, pk, "Silent Voice")
    window = windows.open(size=PHONE)
    bid = accept(window, bidding.link_of(tools.product, address))
    ask(window, bid)
    assume(window, bid)
    remember(window, bid)
    price(window, bid)
    answer(window, bid)
    submit(window)
    take_back(window, bid)
    submit(window)
    window.close()
