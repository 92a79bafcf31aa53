"""The evaluation of a small tender by API: what a client of the product would send."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import apps.readiness
from tests.journeys.api import Caller
from tests.journeys.product import Product, wait_for
from tests.journeys.small import Bidder, Codes, done

FRAMEWORK = "outsourcing_readiness"
FRAMEWORKS = Path(apps.readiness.__file__).with_name("frameworks")
FIRST, SECOND = "a.rahman@weirvalley.example", "j.berg@weirvalley.example"
MODERATOR, OPENER = "s.marin@weirvalley.example", "t.lindqvist@weirvalley.example"
APPROVER = "p.hargreave@weirvalley.example"
PANEL = {
    FIRST: "evaluator",
    SECOND: "evaluator",
    MODERATOR: "moderator",
    APPROVER: "approver",
}
QUESTION = "4.15"  # the one that people score
REASON = "One practice is described and dated; no figure over a year."
STATEMENTS = {
    "experience.drives_revenue": "no",
    "build.able": "no",
    "location.capability_and_cost": "yes",
}


class Case:
    """A procurement and the people who evaluate it, each with a session of their own."""

    def __init__(self, product: Product, pk: str, lead: Caller, panel: dict[str, Caller]) -> None:
        self.product, self.pk, self.lead, self.panel = product, pk, lead, panel

    def path(self, tail: str) -> str:
        return f"procurements/{self.pk}/{tail}"

    def post(self, who: Caller, tail: str, given: object) -> Any:
        return done(who.call("POST", self.path(tail), given)).json

    def appoint(self) -> None:
        for address, role in PANEL.items():
            self.post(self.lead, "panel/", {"email": address, "role": role})
        for person in (self.lead, *self.panel.values()):
            self.post(person, "declaration/", {"conflict": False, "confidential": True})

    def confirm(self, address: str, opener: Caller) -> None:
        """Give the second factor once more on the website, as the API asks."""
        code = self.product.code_of(address)
        answer = opener.post_form("/accounts/2fa/reauthenticate/", code=code)
        assert answer.status == 302, answer.text[:500]

    def turn(self, openers: Mapping[str, Caller], codes: Codes, kind: str) -> Any:
        """Each opener turns a key for one kind of envelope; what the last one was answered."""
        for address, opener in openers.items():
            turned = self.post(opener, "opening/", {"kind": kind, "code": codes[address][kind]})
        return turned

    def score(self) -> None:
        """Score alone, agree, lock."""
        addresses = f"{FIRST}', '{SECOND}"
        people = self.product.sql(f"SELECT id FROM workspace_user WHERE email IN ('{addresses}')")
        self.post(self.lead, "scoring/", {"assignments": {"4": people.split()}})
        for evaluator in (self.panel[FIRST], self.panel[SECOND]):
            for bid, value in (("A", "4"), ("B", "3")):
                self.post(evaluator, "scoring/scores/", judgement(bid, value))
            self.post(evaluator, "scoring/finished/", {"section": "4"})
        self.post(self.panel[MODERATOR], "consensus/open/", {})
        for bid, value in (("A", "4"), ("B", "3")):
            self.post(self.panel[MODERATOR], "consensus/", judgement(bid, value))
        self.post(self.panel[MODERATOR], "consensus/lock/", {})

    def compare(self, bidders: tuple[Bidder, ...]) -> None:
        """Set the lowest cost of an agent hour, adopt the comparison, freeze the ranking."""
        own = {bidder.bid: {"floor_cost_per_paid_hour": "14"} for bidder in bidders}
        done(self.lead.call("PUT", self.path("assumptions/"), {"bids": own}))
        self.post(self.lead, "comparison/adopted/", {})
        self.post(self.lead, "ranking/", {})

    def assess(self) -> None:
        place = self.path(f"readiness/{FRAMEWORK}/")
        done(self.lead.call("POST", place, {}))
        framework = tomllib.loads((FRAMEWORKS / f"{FRAMEWORK}.toml").read_text())
        given = {"level": 4, "evidence": "Seen and dated by the steering group."}
        for dimension in framework["dimensions"]:
            for question in dimension["questions"]:
                done(self.lead.call("PUT", f"{place}answers/{question['slug']}/", given))
        done(self.lead.call("POST", f"{place}sign-off/", {}))

    def decide(self) -> Any:
        for fact, value in STATEMENTS.items():
            given = {"fact": fact, "value": value, "evidence": "Minutes of 14 November."}
            self.post(self.lead, "statements/", given)
        walk = done(self.lead.call("GET", self.path("walk/"))).json
        outcome = walk["result"]["recommendation"]
        given = {"outcome": outcome, "rationale": "The figures bear it out."}
        proposed = self.post(self.lead, "decision/", given)
        return self.post(self.panel[APPROVER], f"decision/{proposed['id']}/approve/", {})

    def ask(self, kind: str) -> dict[str, Any]:
        """Request a report; it is being made while this returns."""
        return dict(self.post(self.lead, "reports/", {"kind": kind}))

    def signed(self, report: str) -> dict[str, Any]:
        """Ask until a report is signed."""

        def once() -> dict[str, Any] | None:
            found = done(self.lead.call("GET", self.path(f"reports/{report}/"))).json
            assert found["state"] != "failed", found
            return found if found["state"] == "signed" else None

        return wait_for(once, f"report {report}")

    def pdf_of(self, found: dict[str, Any]) -> bytes:
        """Download a signed report."""
        return done(self.lead.send("GET", found["file"].removeprefix(self.product.url))).content


def judgement(bid: str, value: str) -> dict[str, str]:
    return {"question": QUESTION, "bid": bid, "value": value, "reason": REASON}
