"""Questions come and go in the vendor's browser as their conditions are answered."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.journeys import bidding, small
from tests.journeys.browser import Windows
from tests.journeys.small import Tools

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

# Asked unless the first answer is known to be 10 or less.
RULE = {"not": {"any": [{"question": "4.02", "op": "at_most", "value": "10"}]}}


def test_a_question_appears_is_announced_and_its_answer_is_kept_while_it_is_hidden(
    tools: Tools, windows: Windows
):
    pk = small.draft(tools.lead, "Daytime calls, with a condition")
    rfp = small.done(tools.lead.call("GET", f"procurements/{pk}/rfp/")).json
    asked = {one["code"]: one["id"] for part in rfp["sections"] for one in part["questions"]}
    place = f"procurements/{pk}/rfp/questions/{asked['4.15']}/"
    small.done(tools.lead.call("PATCH", place, {"condition": RULE}))
    small.publish(tools, pk, tools.product.now() + dt.timedelta(hours=2))
    window = windows.open()
    bid = bidding.accept(
        window, bidding.link_of(tools.product, small.invite(tools, pk, "Now Voice"))
    )
    page = window.go(f"{bid}sections/4/")
    first, second = (page.get_by_role("textbox", name=code) for code in ("4.02", "4.15"))
    said = page.locator("[data-asked-said]")

    expect(second).to_be_hidden()
    first.fill("12.5")
    expect(second).to_be_visible()
    expect(said).to_have_text("Now asked too: 4.15.")
    second.fill(bidding.VALUES)
    bidding.saved(window)
    first.fill("8")
    expect(second).to_be_hidden()
    expect(said).to_have_text("Not asked any more: 4.15.")
    window.press("Save this section")
    page.reload()
    expect(second).to_be_hidden()
    first.fill("12.5")
    expect(second).to_be_visible()
    assert second.input_value() == bidding.VALUES
    bidding.saved(window)
    window.close()
