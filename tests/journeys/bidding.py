"""What a vendor does: accept the mailed link, answer, price, check, submit."""

import re
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.browser import Window
from tests.journeys.product import Product, wait_for

LINK = re.compile(r"https?://\S+?(/invitation/\S+)")
VALUES = (
    "Each value is a fifth of every quality score. The agent who takes a case stays named in it"
    " until it is closed; supervisors read one case a day aloud to the team."
)
RESOLUTION = (
    "No contact by the same household about the same matter within seven days: 74% over the last"
    " twelve months, measured on every call."
)


def link_of(product: Product, address: str) -> str:
    """Return the path of the newest invitation mailed to an address, as its reader would find it."""
    mails = wait_for(lambda: product.mails_to(address), f"the invitation to {address}")
    text = mails[-1].get_body(("plain",)).get_content()
    return LINK.search(text)[1]


def accept(window: Window, link: str) -> str:
    """Open the mailed link and accept; return the address of the bid."""
    window.go(link)
    window.press("Accept and start the bid")
    return window.path


def section(window: Window, bid: str, code: str) -> Window:
    window.go(f"{bid}sections/{code}/")
    return window


def saved(window: Window) -> None:
    """Wait until the page says that what was typed is saved."""
    window.page.locator("[data-save][data-state=saved] [data-text]").filter(
        has_text=re.compile(r"Saved \d\d:\d\d:\d\d")
    ).wait_for()


def type_answer(window: Window, code: str, text: str) -> None:
    """Type into a question, leave it, and let the page save by itself."""
    field = window.page.get_by_role("textbox", name=code)
    with window.page.expect_response(lambda answer: "/answers/" in answer.url):
        field.fill(text)
        field.blur()


def refused_answer(window: Window, bid: str, section_code: str, code: str, text: str) -> str:
    """Type what cannot be an answer; return the sentence that the page shows."""
    section(window, bid, section_code)
    type_answer(window, code, text)
    line = window.page.locator("[data-save] [data-text]")
    line.filter(has_text=re.compile(r"\w")).wait_for()
    return line.inner_text()


def tick(window: Window, *options: str) -> None:
    for option in options:
        with window.page.expect_response(lambda answer: "/answers/" in answer.url):
            window.page.get_by_label(option, exact=True).check()


def attach(window: Window, code: str, file: Path) -> None:
    window.page.get_by_label(f"{code} Choose a file").set_input_files(file)
    attach_button = window.page.get_by_role("button", name=f"Attach {code}")
    if attach_button.is_visible():
        attach_button.click()
    window.page.get_by_role("link", name=file.name).wait_for()


def answer_all(window: Window, bid: str, plan: Path, early_leavers: str) -> None:
    """Answer the seven questions of the small tender, each section saving as it is typed."""
    section(window, bid, "4")
    type_answer(window, "4.02", early_leavers)
    type_answer(window, "4.15", VALUES)
    section(window, bid, "7")
    type_answer(window, "7.04", RESOLUTION)
    type_answer(window, "7.12", "100")
    tick(section(window, bid, "8"), "Voice", "Email")
    attach(section(window, bid, "12"), "12.01", plan)
    section(window, bid, "16")
    type_answer(window, "16.13", "30")


def price(window: Window, bid: str, rate: str) -> None:
    """Bid one price for each contact handled."""
    page = window.go(f"{bid}price/?model=per_contact")
    type_price(page, rate)
    page.get_by_label("Agents promised (FTE)").blur()
    page.locator("html[data-saving]").wait_for(state="detached")
    window.press("Save the price sheet")


def type_price(page: Page, rate: str) -> None:
    """Fill in the fields of a whole sheet: one price for each contact handled."""
    page.get_by_label("Contacts that are billed").select_option(label="Every contact handled")
    page.get_by_label("Tiering").select_option(label="Graduated: each unit at its own tier")
    page.get_by_label("Rate 1").fill(rate)
    page.get_by_label("How the parts add up").select_option(index=1)
    page.get_by_label("Name 1").first.fill("Leave and training")
    page.get_by_label("Share 1").fill("30")
    page.get_by_label("Agents promised (FTE)").fill("12")


def submit(window: Window, bid: str) -> None:
    window.go(f"{bid}check/")
    window.press("Submit the bid")
