"""One tender from its first page to its signed report, in five chapters of an evaluation.

Each chapter acts through pages alone and returns what was seen on the way; the tests judge it.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from pathlib import Path

from cceval.demo import content
from tests.journeys import authoring, bidding, deciding, evaluating
from tests.journeys.api import Caller
from tests.journeys.authoring import Tender
from tests.journeys.browser import Windows
from tests.journeys.product import wait_for

LEAD = "i.kovac@weirvalley.example"
AISHA, JONAS = "a.rahman@weirvalley.example", "j.berg@weirvalley.example"
MODERATOR, OPENER = "s.marin@weirvalley.example", "t.lindqvist@weirvalley.example"
SECOND_OPENER = "d.oyelaran@weirvalley.example"
OPENERS = (OPENER, SECOND_OPENER)
APPROVER = "p.hargreave@weirvalley.example"
OLD_VENDOR, OLD_OWNER = "Castellan CX", "p.wrona@castellan.example"
DEADLINE = dt.timedelta(days=1)


@dataclass(frozen=True)
class Published:
    """A published tender with two invited vendors, one of them new to the product."""

    tender: Tender
    reference: str
    newcomer: str  # the address of the new vendor's owner


@dataclass(frozen=True)
class Answered:
    """What the new vendor saw while it answered, and both bids."""

    tender: Tender
    refusal: str
    field_after_refusal: str
    saved_after_refusal: str
    kept_after_reload: str
    priced: str
    receipt: str
    receipt_mail: str
    bids: tuple[str, str]


def publish(windows: Windows) -> Published:
    """Author, have it approved, publish and invite: the lead's window, and the approver's once."""
    reference = f"J-{secrets.token_hex(3)}"
    lead = windows.open(LEAD)
    pk = authoring.open_case(lead, "Daytime calls", reference)
    authoring.appoint(lead, pk, authoring.PANEL)
    authoring.declare(lead, pk)
    authoring.choose_questions(lead, pk)
    authoring.set_terms(lead, pk)
    authoring.set_workload(lead, pk)
    authoring.give_own_cost(Caller(windows.product, windows.cookies_of(LEAD)), pk)
    closes_at = (windows.product.now() + DEADLINE).replace(second=0, microsecond=0)
    authoring.prepare(lead, pk, closes_at)
    approver = windows.open(APPROVER)
    authoring.declare(approver, pk)
    authoring.approve(approver, pk)
    approver.close()
    codes = {address: _hold_key(windows, address, pk) for address in OPENERS}
    authoring.hold_key(lead, pk)  # the spare
    authoring.publish(lead, pk)
    tender = Tender(pk, closes_at, codes)
    newcomer = f"g.lane-{reference.lower()}@harbourvoice.example"
    authoring.invite(lead, tender, "Harbour Voice", "Grace Lane", newcomer)
    authoring.invite(lead, tender, OLD_VENDOR, "Piotr Wrona", OLD_OWNER)
    lead.close()
    return Published(tender, reference, newcomer)


def _hold_key(windows: Windows, address: str, pk: str) -> dict[str, str]:
    opener = windows.open(address)
    codes = authoring.hold_key(opener, pk)
    opener.close()
    return codes


def turn_keys(windows: Windows, tender: Tender, button: str, envelope: str) -> str:
    """Each opener turns a key, in a window of their own; return what the last one reads then."""
    for address in OPENERS:
        opener = windows.open(address)
        windows.product.age_session(windows.cookies_of(address)["session"])
        code = tender.codes[address][envelope]
        evaluating.turn_key(opener, address, tender, button, code)
        text = opener.text
        opener.close()
    return text


def answer(windows: Windows, published: Published, folder: Path) -> Answered:
    """Accept the mailed links, answer with autosave, attach, price, submit, read the receipt."""
    plan = folder / "continuity-plan.pdf"
    plan.write_bytes(content.pdf("Continuity plan", "Two sites; last exercised in March."))
    product = windows.product
    new = windows.open()
    bid = bidding.accept(new, bidding.link_of(product, published.newcomer))
    windows.keep(published.newcomer, new)
    with new.refused(422):
        refusal = bidding.refused_answer(new, bid, "4", "4.02", "a few")
    bidding.section(new, bid, "4")
    field = new.page.get_by_role("textbox", name="4.02").input_value()
    own = bid.rstrip("/").rpartition("/")[2]
    saved = product.sql(f"SELECT count(*) FROM bids_answer WHERE bid_id = '{own}'")
    bidding.answer_all(new, bid, plan, early_leavers="12.5")
    bidding.section(new, bid, "4")
    kept = new.page.get_by_role("textbox", name="4.02").input_value()
    bidding.price(new, bid, rate="4.10")
    priced = new.text
    bidding.submit(new, bid)
    receipt = new.text
    mail = wait_for(
        lambda: [
            m
            for m in product.mails_to(published.newcomer)
            if m["subject"].startswith("Bid received")
        ],
        "the receipt's mail",
    )[0]
    new.close()
    other = _answer_second(windows, plan)
    text = mail.get_body(("plain",)).get_content()
    return Answered(
        published.tender, refusal, field, saved, kept, priced, receipt, text, (bid, other)
    )


def _answer_second(windows: Windows, plan: Path) -> str:
    old = windows.open(OLD_OWNER)
    bid = bidding.accept(old, bidding.link_of(windows.product, OLD_OWNER))
    bidding.answer_all(old, bid, plan, early_leavers="18")
    bidding.price(old, bid, rate="3.90")
    bidding.submit(old, bid)
    old.close()
    return bid


@dataclass(frozen=True)
class Evaluated:
    """What was seen from the deadline to the lock."""

    too_early: str
    too_late: str
    opened: str
    alone: str  # Aisha's page of the first question, which Jonas has scored too
    consensus: str
    ranking: str
    prices: str
    locked: str

    @property
    def before(self) -> tuple[str, ...]:
        """Return what Aisha could see before the consensus was opened."""
        return (self.alone, self.consensus, self.ranking, self.prices)


DIGITS = {
    AISHA: {"4.15": (4, 3), "7.04": (4, 4), "12.01": (3, 2)},
    JONAS: {"4.15": (3, 3), "7.04": (5, 3), "12.01": (4, 2)},
}
AGREED = {"4.15": (4, 3), "7.04": (4, 3), "12.01": (3, 2)}
REASONS = {
    AISHA: "Names the practice and one example, without a figure over a year.",
    JONAS: "An example is given and dated; what happened afterwards is not said.",
}


def evaluate(windows: Windows, answered: Answered) -> Evaluated:
    """Let the deadline pass, open, score alone, agree, lock."""
    tender, product = answered.tender, windows.product
    opener = windows.open(OPENER)
    too_early = opener.go(f"{tender.path}/opening/").locator("main").inner_text()
    product.pass_deadline(tender.closes_at)
    too_late = _try_to_change(windows, answered.bids[1])
    opened = turn_keys(windows, tender, "Turn your key", "Quality")
    lead = windows.open(LEAD)
    evaluating.begin_scoring(lead, tender)
    for address in (JONAS, AISHA):
        evaluator = windows.open(address)
        authoring.declare(evaluator, tender.pk)
        evaluating.score_by_keyboard(evaluator, tender, DIGITS[address], REASONS[address])
        evaluating.finish_sections(evaluator, tender)
        evaluator.close()
    seen = {page: _seen(windows, AISHA, f"{tender.path}/{page}/") for page in BEFORE}
    locked = _agree_and_lock(windows, tender)
    opener.close()
    lead.close()
    return Evaluated(too_early, too_late, opened, *seen.values(), locked)


BEFORE = ("scoring/4.15", "consensus", "ranking", "pricing")


def _seen(windows: Windows, address: str, path: str) -> str:
    """Return all that a page holds, also what it does not show."""
    window = windows.open(address)
    html = window.go(path).content()
    window.close()
    return html


def _try_to_change(windows: Windows, bid: str) -> str:
    """Open the page for changing a submitted bid, and press what is left to press."""
    vendor = windows.open(OLD_OWNER)
    with vendor.refused(409):
        vendor.go(f"{bid}change/")
    text = vendor.text
    vendor.close()
    return text


def _agree_and_lock(windows: Windows, tender: Tender) -> str:
    moderator = windows.open(MODERATOR)
    authoring.declare(moderator, tender.pk)
    evaluating.open_consensus(moderator, tender)
    for code, values in AGREED.items():
        evaluating.agree(moderator, tender, code, values)
    evaluating.lock(moderator, tender)
    text = moderator.text
    moderator.close()
    return text


@dataclass(frozen=True)
class Compared:
    """What the pages showed of prices and of the ranking that they led to."""

    opened: str
    comparison: str
    quotes: list[list[str]]
    ranking: str
    matrix: list[list[str]]
    prices: list[list[str]]


def compare(windows: Windows, tender: Tender) -> Compared:
    """Open the price envelopes, adopt the comparison, freeze the ranking with it."""
    lead = windows.open(LEAD)
    opened = turn_keys(windows, tender, "Turn your key for the prices", "Price")
    deciding.adopt_prices(lead, tender, lowest_hour="14")
    comparison, quotes = lead.text, lead.table("All quotes on one workload")
    deciding.freeze_ranking(lead, tender)
    matrix, prices = lead.table("Points by section"), lead.table("Price points")
    ranking = lead.text
    lead.close()
    return Compared(opened, comparison, quotes, ranking, matrix, prices)


@dataclass(frozen=True)
class Decided:
    """What the lead and the approver saw of the decision."""

    assessed: str
    facts: int
    walked: str
    proposed: str
    own_approval: int  # what the proposer's attempt to approve was answered with
    approved: str


RATIONALE = "The bids are sound and the leader's lead stands at every weight that was tried."


def decide(windows: Windows, tender: Tender) -> Decided:
    """Score readiness, state what only people know, walk the tree, propose; another approves."""
    lead = windows.open(LEAD)
    deciding.assess(lead, tender, level=4)
    assessed = lead.text
    facts = deciding.state_facts(lead, tender)
    walked = lead.go(f"{tender.path}/decision/").locator("main").inner_text()
    deciding.propose(lead, tender, RATIONALE)
    proposed = lead.text
    lead.close()
    approver = windows.open(APPROVER)
    action = deciding.approval_of(approver, tender)
    refused = Caller(windows.product, windows.cookies_of(LEAD)).send("POST", action)
    deciding.approve(approver, tender)
    approved = approver.text
    approver.close()
    return Decided(assessed, facts, walked, proposed, refused.status, approved)


@dataclass(frozen=True)
class Reported:
    """The signed files, and every stage that the page showed while they were made."""

    stages: frozenset[str]
    scorecard: Path
    decision_report: Path


NAMES = {"scorecard": "Scorecard", "decision_report": "Decision report"}


def report(windows: Windows, tender: Tender, folder: Path) -> Reported:
    """Request both reports, watch the page that follows them by itself, download."""
    lead = windows.open(LEAD)
    stages = deciding.follow_reports(lead, windows.product, tender, NAMES.values())
    files = {kind: deciding.download(lead, name, folder) for kind, name in NAMES.items()}
    lead.close()
    return Reported(stages, **files)
