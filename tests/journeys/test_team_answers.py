"""A team of three answers 150 questions at once: races, a line that drops, a reload, a second device.

Whatever the server acknowledged is found again at the end, version by version; what it did not
acknowledge is found in the field it was typed into. Nobody is overwritten without seeing it.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.journeys import bidding, small
from tests.journeys.api import Caller
from tests.journeys.browser import Window, Windows
from tests.journeys.product import wait_for
from tests.journeys.small import Tools

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(600)]

QUESTIONS = 150
A_MINUTE = 60_000.0  # milliseconds; a busy machine, alone it takes a tenth of it
JOIN = re.compile(r"https?://\S+?(/join/\S+)")
OFFLINE = re.compile(r"console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED")
KEPT_HERE = "Kept on this device, not yet sent"


# Tells what the server acknowledged at the moment the page learns it: the form sent, the version.
LISTEN = """
const ask = window.fetch;
window.fetch = async (url, how) => {
  const answer = await ask(url, how);
  if (answer.ok && String(url).includes("/answers/")) {
    acknowledged(String(how.body), (await answer.clone().json()).version);
  }
  return answer;
};
"""


@dataclass
class Record:
    """What the server acknowledged: question and version → the text that was sent."""

    held: dict[tuple[str, int], str] = field(default_factory=dict)

    def listen(self, window: Window) -> Window:
        window.context.expose_function("acknowledged", self._heard)
        window.context.add_init_script(LISTEN)
        return window

    def _heard(self, body: str, version: int) -> None:
        sent = dict(parse_qsl(body, keep_blank_values=True))
        code = next(name for name in sent if name.startswith("a-")).removeprefix("a-")
        self.held[code, version] = sent[f"a-{code}"]

    def last(self) -> dict[str, tuple[int, str]]:
        newest: dict[str, tuple[int, str]] = {}
        for (code, version), text in self.held.items():
            newest[code] = max(newest.get(code, (0, "")), (version, text))
        return newest

    def has(self, code: str) -> bool:
        return any(asked == code for asked, _version in self.held)


@dataclass
class Desk:
    """One person's window on the section, and how they type."""

    window: Window
    path: str

    def open(self) -> "Desk":
        self.window.go(self.path)
        return self

    def box(self, code: str) -> Locator:
        return self.window.page.locator(f'[name="a-{code}"]')

    def unit(self, code: str) -> Locator:
        return self.window.page.locator(f'[data-unit="{code}"]')

    def type(self, code: str, text: str) -> None:
        self.box(code).fill(text)

    def settle(self) -> None:
        """Leave the field and wait until nothing is on its way."""
        self.window.page.evaluate("document.activeElement.blur()")
        expect(self.window.page.locator("html[data-saving]")).to_have_count(0, timeout=A_MINUTE)

    def says(self, words: str | re.Pattern[str]) -> None:
        expect(self.window.page.locator("[data-save] [data-text]")).to_have_text(words)


def ask(tools: Tools) -> tuple[str, list[str]]:
    """Publish an RFP with 150 questions in one section; return it and their codes."""
    pk = small.draft(tools.lead, "Many questions")
    rfp = small.done(tools.lead.call("GET", f"procurements/{pk}/rfp/")).json
    section = next(one for one in rfp["sections"] if one["code"] == "4")
    codes = [one["code"] for one in section["questions"] if one["code"] != "4.02"]
    place = f"procurements/{pk}/rfp/sections/{section['id']}/questions/"
    while len(codes) < QUESTIONS:
        number = len(codes) + 1
        given = {"topic": f"Point {number}", "text": f"Tell us about point {number}."}
        given |= {"kind": "text_short", "mode": "info", "required": False, "weight": "0"}
        codes.append(small.done(tools.lead.call("POST", place, given)).json["code"])
    small.publish(tools, pk, tools.product.now() + dt.timedelta(hours=2))
    return pk, codes


def team_of(tools: Tools, windows: Windows, pk: str) -> tuple[str, list[Window]]:
    """Let a vendor accept, invite two colleagues who join; return the bid and three windows."""
    owner = windows.open()
    bid = bidding.accept(owner, bidding.link_of(tools.product, small.invite(tools, pk, "Trio CX")))
    team = [owner]
    for name in ("Ben Two", "Cleo Three"):
        address = f"{name.split()[0].lower()}-{bid.strip('/')[-6:]}@trio.example"
        page = owner.go(f"{bid}team/")
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("E-mail address").fill(address)
        owner.press("Send the invitation")
        mails = wait_for(lambda to=address: tools.product.mails_to(to), f"the mail to {address}")
        link = JOIN.search(mails[-1].get_body(("plain",)).get_content())[1]
        colleague = windows.open()
        colleague.go(link)
        colleague.press("Join")
        team.append(colleague)
    return bid, team


def again(windows: Windows, context: BrowserContext) -> Window:
    """Open a window of the same person on another device: the session, and nothing kept."""
    found = windows.open()
    found.context.add_cookies(context.cookies())
    return found


def test_three_people_answer_150_questions_and_nothing_is_lost(tools: Tools, windows: Windows):
    pk, codes = ask(tools)
    bid, team = team_of(tools, windows, pk)
    record = Record()
    anna, ben, cleo = (Desk(record.listen(one), f"{bid}sections/4/").open() for one in team)
    raced, dropped, expired, typed = codes[0], codes[1:11], codes[11], codes[12:]
    for place, code in enumerate(typed):
        (anna, ben, cleo)[place % 3].type(code, f"Answer to {code} by {place % 3}.")
    for desk in (anna, ben, cleo):
        desk.settle()

    who_was_slower_sees_both_texts_and_decides(anna, ben, raced)
    back = a_line_that_drops_loses_nothing(tools, cleo, record, dropped)
    a_session_that_ends_loses_nothing(ben, record, expired)
    other = Desk(record.listen(again(windows, anna.window.context)), anna.path).open()
    a_second_device_overwrites_nothing(anna, other, typed[0])

    everything_is_found_again(tools, record, back, bid, codes)
    for desk in (anna, ben, back, other):
        desk.window.close()


def who_was_slower_sees_both_texts_and_decides(anna: Desk, ben: Desk, code: str) -> None:
    anna.type(code, "Anna was faster.")
    anna.settle()
    with ben.window.refused(412):
        ben.type(code, "Ben was slower.")
        ben.settle()
    expect(ben.unit(code).locator("[data-conflict-text]")).to_have_text("Anna was faster.")
    assert ben.box(code).input_value() == "Ben was slower."
    ben.unit(code).get_by_role("button", name="Replace it with mine").click()
    expect(ben.unit(code).locator("[data-conflict]")).to_be_hidden()
    ben.settle()
    with anna.window.refused(412):
        anna.type(code, "Anna again.")
        anna.settle()
    conflict = anna.unit(code).locator("[data-conflict]")
    expect(conflict.locator("[data-conflict-text]")).to_have_text("Ben was slower.")
    assert conflict.locator("[data-conflict-base]").text_content() == "Anna was faster."
    anna.unit(code).get_by_role("link", name="Use this one").click()
    expect(anna.box(code)).to_have_value("Ben was slower.")


def a_line_that_drops_loses_nothing(
    tools: Tools, cleo: Desk, record: Record, codes: list[str]
) -> Desk:
    """The page is closed while the line is down; opened again, it sends what the device kept."""
    context = cleo.window.context
    context.set_offline(True)
    for code in codes:
        cleo.type(code, f"Typed without a line: {code}")
    cleo.window.page.evaluate("document.activeElement.blur()")
    cleo.says(KEPT_HERE)
    cleo.window.page.close()
    assert [one for one in cleo.window.forget_faults() if not OFFLINE.match(one)] == []
    assert [code for code in codes if record.has(code)] == []
    context.set_offline(False)
    back = Desk(Window(context, tools.product), cleo.path).open()
    for code in codes:
        expect(back.box(code)).to_have_value(f"Typed without a line: {code}")
    back.settle()
    assert [code for code in codes if not record.has(code)] == []
    return back


def a_session_that_ends_loses_nothing(ben: Desk, record: Record, code: str) -> None:
    cookies = ben.window.context.cookies()
    ben.window.context.clear_cookies(name=re.compile("session"))
    ben.type(code, "Typed after the session ended.")
    ben.settle()
    ben.says(re.compile(r"You are signed out, .* Kept on this device, not yet sent"))
    assert not record.has(code)
    ben.window.context.add_cookies(cookies)
    ben.open()
    expect(ben.box(code)).to_have_value("Typed after the session ended.")
    ben.settle()
    assert record.has(code)


def a_second_device_overwrites_nothing(anna: Desk, other: Desk, code: str) -> None:
    """Another device of the same person is as a colleague; a text in conflict outlives a reload."""
    other.type(code, "On the second device.")
    other.settle()
    with anna.window.refused(412):
        anna.type(code, "On the first device.")
        anna.settle()
        expect(anna.unit(code).locator("[data-conflict-text]")).to_have_text(
            "On the second device."
        )
        anna.open()
        expect(anna.unit(code).locator("[data-conflict]")).to_be_visible()
    expect(anna.box(code)).to_have_value("On the first device.")


def everything_is_found_again(
    tools: Tools, record: Record, desk: Desk, bid: str, codes: list[str]
) -> None:
    """Read the bid by API and count its versions: each acknowledged text, no other, none twice."""
    cookies = {one["name"]: one["value"] for one in desk.window.context.cookies()}
    pk = bid.strip("/").split("/")[1]
    found = small.done(Caller(tools.product, cookies).call("GET", f"bids/{pk}/")).json["answers"]
    stands = {code: (found[code]["version"], found[code]["answer"]) for code in codes}
    assert stands == record.last()
    versions = tools.product.sql(
        "SELECT q.code || ' ' || v.version FROM bids_answerversion v JOIN rfp_question q"
        f" ON q.id = v.question_id WHERE v.bid_id = '{pk}' ORDER BY 1"
    ).splitlines()
    assert versions == sorted(f"{code} {version}" for code, version in record.held)
    assert len(record.held) > QUESTIONS
