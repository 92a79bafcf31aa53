"""A bid is answered, priced and submitted in a browser that runs no scripts."""

import datetime as dt
from pathlib import Path

import pytest

from cceval.demo import content
from tests.journeys import bidding, small
from tests.journeys.browser import Window, Windows
from tests.journeys.small import Tools

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

ANSWERS = {"4.02": "12.5", "4.15": bidding.VALUES}


def save_section(window: Window, bid: str, code: str, answers: dict[str, str]) -> None:
    page = window.go(f"{bid}sections/{code}/")
    for question, text in answers.items():
        page.get_by_role("textbox", name=question).fill(text)
    window.press("Save this section")


def test_a_bid_is_answered_priced_and_submitted_without_scripts(
    tools: Tools, windows: Windows, tmp_path: Path
):
    plan = tmp_path / "continuity-plan.pdf"
    plan.write_bytes(content.pdf("Continuity plan", "Two sites; last exercised in March."))
    pk = small.draft(tools.lead, "Daytime calls, without scripts", evidence={"12.01": "40"})
    small.publish(tools, pk, tools.product.now() + dt.timedelta(hours=2))
    address = small.invite(tools, pk, "Plain Voice")
    window = windows.open(scripts=False)
    bid = bidding.accept(window, bidding.link_of(tools.product, address))

    with window.refused(422):
        save_section(window, bid, "4", {**ANSWERS, "4.02": "a few"})
    assert "Write a number with digits only" in window.text
    field = window.page.get_by_role("textbox", name="4.02")
    assert field.input_value() == "a few"  # what was typed is there to be mended

    save_section(window, bid, "4", ANSWERS)
    window.go(f"{bid}sections/4/")
    assert window.page.get_by_role("textbox", name="4.15").input_value() == bidding.VALUES
    bidding.section(window, bid, "12")
    bidding.attach(window, "12.01", plan)
    save_section(window, bid, "16", {"16.13": "30"})
    bidding.price(window, bid, rate="4.10")
    assert "comes to £506,672.16 over the term" in window.text
    bidding.submit(window, bid)
    assert "Your bid has been received" in window.text
    window.close()
