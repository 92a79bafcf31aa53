"""A vendor and its own submitted bid: the device that submitted, another device, no scripts at all."""

import datetime as dt
import re
from pathlib import Path

import pytest

from cceval.demo import content
from tests.journeys import bidding, small
from tests.journeys.browser import PHONE, Window, Windows
from tests.journeys.small import Tools

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){13}[0-9A-Z]{4}\b")


def answer(window: Window, bid: str, plan: Path) -> None:
    for code, answers in (
        ("4", {"4.02": "12.5", "4.15": bidding.VALUES}),
        ("16", {"16.13": "30"}),
    ):
        page = window.go(f"{bid}sections/{code}/")
        for question, text in answers.items():
            page.get_by_role("textbox", name=question).fill(text)
        window.press("Save this section")
    bidding.section(window, bid, "12")
    bidding.attach(window, "12.01", plan)
    bidding.price(window, bid, rate="4.10")


def begin(tools: Tools, windows: Windows, plan: Path) -> tuple[Window, str, str]:
    """A vendor without scripts submits; its window, its bid, its address."""
    plan.write_bytes(content.pdf("Continuity plan", "Two sites; last exercised in March."))
    pk = small.draft(tools.lead, "Daytime calls, read again", evidence={"12.01": "40"})
    small.publish(tools, pk, tools.product.now() + dt.timedelta(hours=2))
    address = small.invite(tools, pk, "Twice Voice")
    first = windows.open(scripts=False)
    bid = bidding.accept(first, bidding.link_of(tools.product, address))
    windows.keep(address, first)  # who is signed in; what belongs to the device comes later
    answer(first, bid, plan)
    bidding.submit(first, bid)
    return first, bid, address


def read_elsewhere(other: Window, bid: str, code: str) -> None:
    """Another device asks for the code, refuses a slip, and takes it however it is typed."""
    other.go(f"{bid}check/")
    assert bidding.VALUES not in other.text
    with other.refused(422):
        other.page.get_by_label("Recovery code").fill(code[:-1])
        other.press("Read with the recovery code")
    assert "14 groups of four letters" in other.text
    other.page.get_by_label("Recovery code").fill(code.lower().replace("-", " "))
    other.press("Read with the recovery code")
    other.go(f"{bid}check/")
    assert bidding.VALUES in other.text


def start_again(strange: Window, bid: str) -> None:
    """A device without the code takes the bid back and begins with an empty draft."""
    strange.go(f"{bid}change/")
    strange.press("Withdraw the bid")
    strange.follow("Start again")
    strange.press("Empty the draft and start again")
    strange.go(f"{bid}sections/4/")
    assert strange.page.get_by_role("textbox", name="4.15").input_value() == ""


def test_one_click_on_the_same_device_and_the_code_on_another(
    tools: Tools, windows: Windows, tmp_path: Path
):
    first, bid, address = begin(tools, windows, tmp_path / "continuity-plan.pdf")
    assert "Your bid has been received" in first.text
    code = CODE.search(first.text)[0]
    other = windows.open(address, size=PHONE)  # with scripts
    read_elsewhere(other, bid, code)

    first.go(f"{bid}change/")
    first.press("Reopen the bid")
    first.go(f"{bid}sections/4/")
    assert first.page.get_by_role("textbox", name="4.15").input_value() == bidding.VALUES
    bidding.submit(first, bid)
    assert code in first.text  # from the same device the same code for the bid

    strange = windows.open(address, scripts=False)  # a third device, and the code is lost
    start_again(strange, bid)
    for window in (first, other, strange):
        window.close()
