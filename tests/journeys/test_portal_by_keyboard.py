"""The rest of the portal on a phone's width with the keyboard alone, each page checked.

Evidence is kept, a team is put together, an addendum is read, a final offer is made and taken back.
"""

import datetime as dt
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import bidding, small
from tests.journeys.api import Caller
from tests.journeys.browser import PHONE, Window, Windows
from tests.journeys.by_api import PANEL, Case
from tests.journeys.product import wait_for
from tests.journeys.small import Tools, done
from tests.journeys.test_by_keyboard import FAR, accept, choose, press, reach, sound, write
from tests.journeys.test_price_sheet import SAVED, caller
from tests.journeys.test_team_answers import JOIN

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
LETTERS = ("North Voice", "South Voice")


def choose_file(page: Page, label: str, file: Path) -> None:
    """Press Tab until the field has the focus; the dialog behind it is the system's own."""
    wanted = page.get_by_label(label)
    for _press in range(FAR):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            page.locator("input[type=file]:focus").set_input_files(file)
            return
    raise AssertionError(f"{FAR} tabs do not reach the file field {label!r}")


def follow(page: Page, name: str, heading: str | re.Pattern[str]) -> None:
    reach(page, "link", name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def overwrite(page: Page, name: str, text: str) -> None:
    reach(page, "textbox", name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def begin(tools: Tools, windows: Windows, title: str, vendor: str) -> tuple[str, Window, str]:
    """A published tender, and a vendor that accepted: its case, window and bid."""
    pk = small.draft(tools.lead, title)
    small.publish(tools, pk, tools.product.now() + dt.timedelta(days=20))
    address = small.invite(tools, pk, vendor)
    window = windows.open(size=PHONE)
    return pk, window, accept(window, bidding.link_of(tools.product, address))


def keep_evidence(window: Window, bid: str, folder: Path) -> None:
    file = folder / "certificate.pdf"
    file.write_bytes(PDF)
    page = window.go(bid)
    follow(page, "Evidence", "Evidence")
    sound(window)
    choose_file(page, "Choose a file", file)
    choose(page, "What it proves", "ISO/IEC 27001")
    write(page, "Valid until", "01012031")  # the first of January in any order
    press(page, "Keep this file")
    expect(page.get_by_role("heading", level=1)).to_have_text("certificate.pdf")
    sound(window)


def put_a_team_together(tools: Tools, windows: Windows, window: Window, bid: str) -> None:
    """Invite a colleague who joins; give them a section, then the price."""
    address = f"mate-{bid.strip('/').rsplit('/', 1)[-1]}@quiet.example"
    page = window.go(f"{bid}team/")
    write(page, "Name", "Mara Lind")
    write(page, "E-mail address", address)
    press(page, "Send the invitation")
    page.wait_for_url("**invited=1")
    mails = wait_for(lambda: tools.product.mails_to(address), f"the mail to {address}")
    colleague = windows.open(size=PHONE)
    theirs = colleague.go(JOIN.search(mails[-1].get_body(("plain",)).get_content())[1])
    sound(colleague)
    press(theirs, "Join")
    theirs.wait_for_url(lambda url: "/join/" not in url)
    assert colleague.go(f"{bid}team/").get_by_text("not shown").count() == 1
    page = window.go(f"{bid}team/")
    sound(window)
    choose(page, "4 ", "Mara Lind")
    press(page, "Share the sections")
    page.wait_for_url("**saved=1")
    reach(page, "checkbox", "Mara Lind")
    page.keyboard.press("Space")
    press(page, "Save who sees the price")
    page.wait_for_url("**saved=1")
    expect(page.get_by_text("not shown")).to_have_count(0)
    sound(window)
    colleague.go(f"{bid}price/")
    expect(colleague.page.get_by_role("heading", level=1)).to_have_text("Price sheet")
    sound(colleague)
    colleague.close()


def amend(lead: Caller, pk: str) -> None:
    """The buyer publishes an addendum by API."""
    place = f"procurements/{pk}/rfp/addenda/"
    held = done(lead.call("POST", place, {})).json["id"]
    change = {"change": "introduction", "text": "Calls of tenants on weekdays, from eight to six."}
    done(lead.call("POST", f"{place}{held}/changes/", change))
    given = {"reason": "The hours are put more precisely.", "consequence": "stands"}
    done(lead.call("POST", f"{place}{held}/publication/", given))


def read_the_addendum(tools: Tools, window: Window, pk: str, bid: str) -> None:
    amend(tools.lead, pk)
    page = window.go(bid)
    sound(window)
    follow(page, "Changes", "What changed")
    expect(page.get_by_role("insertion").filter(has_text="eight to six")).to_be_visible()
    sound(window)
    press(page, "Acknowledge")
    expect(page.get_by_text(re.compile("Acknowledged by")).first).to_be_visible()
    sound(window)


def test_evidence_a_team_and_an_addendum_by_keyboard_alone(
    tools: Tools, windows: Windows, tmp_path: Path
):
    pk, window, bid = begin(tools, windows, "Daytime calls, with a team", "Hushed Voice")
    keep_evidence(window, bid, tmp_path)
    put_a_team_together(tools, windows, window, bid)
    read_the_addendum(tools, window, pk, bid)
    window.close()


def asked_for_a_final_offer(tools: Tools, windows: Windows) -> tuple[Window, str]:
    """Two bids are opened and scored, and final offers are asked for; one vendor's window and bid."""
    product, lead = tools.product, tools.lead
    pk = small.draft(lead, "Daytime calls, with final offers")
    done(lead.call("PATCH", f"procurements/{pk}/rfp/", {"final_offers": "once"}))
    panel = {address: Caller(product, windows.cookies_of(address)) for address in PANEL}
    case = Case(product, pk, lead, panel)
    case.appoint()
    closes_at = product.now() + dt.timedelta(hours=1)
    codes = small.publish(tools, pk, closes_at)
    window = windows.open(size=PHONE)
    own, rival = LETTERS
    bid = accept(window, bidding.link_of(product, small.invite(tools, pk, own)))
    vendor = caller(tools, window)
    small.answer(vendor, bid.strip("/").split("/")[-1], "4.10")
    done(vendor.call("POST", f"{bid.strip('/')}/submit/", {}))
    assert small.bidder(tools, pk, rival, "3.90").submit().status == 201
    product.pass_deadline(closes_at)
    for address, opener in tools.openers.items():
        product.age_session(opener.cookies["session"])
        case.confirm(address, opener)
    case.turn(tools.openers, codes, "technical")
    case.score()
    case.turn(tools.openers, codes, "commercial")
    given = {
        "closes_at": (product.now() + dt.timedelta(days=2)).isoformat(),
        "reason": "The volumes of the first year were put more precisely.",
        "left_out": [],
    }
    request = case.post(lead, "final-offers/", given)["request"]["id"]
    case.post(next(iter(tools.openers.values())), f"final-offers/{request}/", {})
    return window, bid


def make_an_offer(window: Window, bid: str) -> None:
    """Type a lower rate; it saves itself; compare, submit."""
    page = window.go(bid)
    follow(page, "Final offer", "Final offer")
    sound(window)
    overwrite(page, "Rate 1", "3.95")
    page.keyboard.press("Tab")
    expect(page.locator("[data-save] [data-text]")).to_have_text(SAVED)
    sound(window)
    reach(page, "link", "Compare it with your first offer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved, not submitted").first).to_be_visible()
    sound(window)
    press(page, "Submit the final offer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("received")
    sound(window)


def take_the_offer_back(window: Window, bid: str) -> None:
    page = window.go(f"{bid}final-offer/")
    sound(window)
    press(page, "Withdraw the final offer")
    expect(page.get_by_text("Withdrawn: your first offer stands again").first).to_be_visible()
    sound(window)


def test_a_final_offer_is_made_and_taken_back_by_keyboard_alone(tools: Tools, windows: Windows):
    window, bid = asked_for_a_final_offer(tools, windows)
    make_an_offer(window, bid)
    take_the_offer_back(window, bid)
    window.close()
