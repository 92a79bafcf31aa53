"""What a procurement lead does on the pages until vendors are invited."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from zoneinfo import ZoneInfo

from tests.journeys.api import Caller
from tests.journeys.browser import Window

ZONE = "Europe/London"
# Two questions that people score, three that a rule scores, one file, one of the price envelope.
KEPT = ("4.02", "4.15", "7.04", "7.12", "8.01", "12.01", "16.13")
PANEL = {
    "Aisha Rahman": "Evaluator",
    "Jonas Berg": "Evaluator",
    "Sofia Marin": "Moderator",
    "Tove Lindqvist": "Opener",
    "Dele Oyelaran": "Opener",
    "Paula Hargreave": "Approver",
    "Ana Ferreira": "Auditor",
}
EVALUATORS = ("a.rahman@weirvalley.example", "j.berg@weirvalley.example")
# Calls of one day: quiet at night, a peak in the morning and one in the afternoon.
DAY = [0] * 16 + [6, 9, 14, 18, 20, 19, 17, 15, 14, 15, 16, 17, 16, 14, 11, 8, 5, 3] + [0] * 14
OWN_TEAM = {
    "model": "per_fte",
    "rates": {"unit": "hour", "billable_hour": "paid", "rate": "19.50"},
    "shrinkage": {"base": "additive", "parts": [{"name": "Leave and training", "share": "0.32"}]},
    "contract_hours_per_week": "37.5",
}
REASON = "Kept on purpose: this small tender needs no more."


@dataclass(frozen=True)
class Tender:
    """A procurement of these tests: its identifier, its deadline, its openers' codes.

    The codes are by the opener's address and the name of the envelope.
    """

    pk: str
    closes_at: dt.datetime
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/p/{self.pk}"


def open_case(lead: Window, title: str, reference: str) -> str:
    """Open a procurement; return its identifier."""
    page = lead.go("/procurements/new/")
    page.get_by_label("What do you want to buy?").fill(title)
    page.get_by_label("Your reference").fill(reference)
    page.get_by_label("Currency of prices").fill("GBP")
    lead.press("Open the procurement")
    return lead.path.strip("/").split("/")[1]


def appoint(lead: Window, pk: str, panel: Mapping[str, str]) -> None:
    page = lead.go(f"/p/{pk}/panel/")
    for name, role in panel.items():
        page.get_by_label("Person").select_option(label=name)
        page.get_by_label("Role").select_option(label=role)
        lead.press("Appoint to the panel")


def declare(person: Window, pk: str) -> None:
    """A member of the panel says that there is no conflict of interest, and agrees to be silent."""
    person.go(f"/p/{pk}/").get_by_label("No, none").check()
    person.page.get_by_label("I agree to confidentiality").check()
    person.press("Declare")


def choose_questions(lead: Window, pk: str) -> None:
    """Start from the shipped questionnaire, keep a few questions, bring their weights to 100."""
    lead.go(f"/p/{pk}/rfp/start/").get_by_label("Contact-centre outsourcing, voice-led").check()
    lead.press("Start the questionnaire")
    page = lead.go(f"/p/{pk}/rfp/questions/")
    # A person unticks 140 boxes; here the page's own boxes are unticked at once.
    page.eval_on_selector_all(
        "input[name=codes]",
        "(boxes, kept) => boxes.forEach(box => { box.checked = kept.includes(box.value) })",
        list(KEPT),
    )
    lead.press("Ask these questions")
    lead.press("Bring to 100 in proportion")


def set_terms(lead: Window, pk: str) -> None:
    page = lead.go(f"/p/{pk}/rfp/terms/")
    page.get_by_label("Weight of quality").fill("60")
    page.get_by_label("Weight of price").fill("40")
    page.get_by_role("textbox", name="Floor").fill("150000")
    page.get_by_role("textbox", name="Cap").fill("900000")
    page.get_by_label("Introduction for vendors").fill("Calls of tenants on weekdays, by day.")
    page.get_by_label("Term", exact=True).fill("24")
    for model in ("Per FTE", "Per contact"):
        page.get_by_role("checkbox", name=model).check()
    page.get_by_label("Model that earns the points").select_option("as_bid")
    lead.press("Save terms")


def set_workload(lead: Window, pk: str) -> None:
    """Give one queue: the same calls on five days, none at the weekend."""
    page = lead.go(f"/p/{pk}/rfp/workload/")
    week = [DAY] * 5 + [[0] * len(DAY)] * 2
    page.get_by_label("Contacts of a typical week").fill(
        "\n".join(" ".join(map(str, day)) for day in week)
    )
    page.get_by_role("textbox", name="Queue").fill("voice-en")
    page.get_by_label("Channel").fill("voice")
    page.get_by_label("Handle time").fill("300")
    page.get_by_label("Patience").fill("120")
    lead.press("Save workload")


def give_own_cost(lead: Caller, pk: str) -> None:
    """Send what the buyer's own team would cost: the page says that the API takes it."""
    workload = f"procurements/{pk}/rfp/workload/"
    content = lead.call("GET", f"procurements/{pk}/rfp/").json["workload"]
    given = {"content": content, "in_house": OWN_TEAM, "source": "A typical week of October."}
    answer = lead.call("PUT", workload, given)
    assert answer.status == HTTPStatus.OK, answer.text


def prepare(lead: Window, pk: str, closes_at: dt.datetime) -> None:
    """Set the deadline, accept what the method linter says with a reason, send for review."""
    page = lead.go(f"/p/{pk}/publish/")
    local = closes_at.astimezone(ZoneInfo(ZONE))
    page.get_by_label("Bids close on").fill(local.date().isoformat())
    page.get_by_label("at", exact=True).fill(f"{local:%H:%M}")
    lead.press("Set deadline")
    while (opened := page.get_by_text("Accept with a reason", exact=True)).count():
        opened.first.click()
        page.locator("details[open] textarea").first.fill(REASON)
        page.locator("details[open]").get_by_role("button", name="Accept").first.click()
        page.wait_for_load_state()
    lead.go(f"/p/{pk}/rfp/review/")
    lead.press("Send for review")


def approve(reviewer: Window, pk: str) -> None:
    """A second person of the panel approves the draft."""
    reviewer.go(f"/p/{pk}/rfp/review/")
    reviewer.press("Approve for publication")


def hold_key(holder: Window, pk: str) -> dict[str, str]:
    """Have one's codes shown once and type them back; return them by the name of the envelope."""
    page = holder.go(f"/p/{pk}/keys/")
    holder.press("Show the codes")
    sheet = page.locator("dl.kv")
    codes = dict(
        zip(
            sheet.locator("dt").all_inner_texts()[1:],
            sheet.locator("dd.mono").all_inner_texts(),
            strict=True,
        )
    )
    page.get_by_role("link", name="I have them").click()
    for name, code in codes.items():
        page.get_by_label(name, exact=True).fill(code)
    holder.press("Check the codes")
    assert page.get_by_text("Proved", exact=True).count() >= 1, page.locator("main").inner_text()
    return codes


def publish(lead: Window, pk: str) -> None:
    lead.go(f"/p/{pk}/publish/")
    lead.press("Publish")


def invite(lead: Window, tender: Tender, vendor: str, contact: str, address: str) -> None:
    page = lead.go(f"{tender.path}/vendors/")
    page.get_by_role("textbox", name="Vendor").fill(vendor)
    page.get_by_role("textbox", name="Contact person").fill(contact)
    page.get_by_role("textbox", name="E-mail address").fill(address)
    lead.press("Send the invitation")
