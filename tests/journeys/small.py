"""A small tender made by API in a second or two, for tests that need a round of their own."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from tests.journeys.api import Answer, Caller
from tests.journeys.authoring import DAY, OWN_TEAM, REASON
from tests.journeys.bidding import link_of
from tests.journeys.product import Product

KEPT = ["4.02", "4.15", "16.13"]
WEEK = [[str(calls) for calls in DAY]] * 5 + [["0"] * len(DAY)] * 2
WORKLOAD = {
    "interval_minutes": 30,
    "growth_per_year": "0",
    "queues": [
        {
            "name": "voice-en",
            "channel": "voice",
            "aht_s": "300",
            "patience_s": "120",
            "max_occupancy": "0.85",
            "service_level": {"share": "0.80", "seconds": 20, "definition": "offered"},
            "week": WEEK,
        }
    ],
}
TERMS = {
    "introduction": "Calls of tenants on weekdays, by day.",
    "quality_weight": "60",
    "price_weight": "40",
    "price_formula": "absolute-linear",
    "price_params": {"floor": "150000", "cap": "900000"},
    "pricing_models": ["per_contact"],
    "term_months": 24,
    "needs_review": False,  # one lead alone
}
RATE = "4.10"
SHEET = {
    "model": "per_contact",
    "shrinkage": {"base": "additive", "parts": [{"name": "Leave", "share": "0.30"}]},
    "promised_fte": "12",
}


@dataclass(frozen=True)
class Tools:
    """The product and its lead's session: what a test needs to make a tender of its own."""

    product: Product
    lead: Caller
    openers: Mapping[str, Caller]  # by address: two people, each with a session of their own


Codes = dict[str, dict[str, str]]  # opener's address → kind of envelope → code


@dataclass(frozen=True)
class Bidder:
    """A vendor's owner and the bid: everything is answered, nothing submitted."""

    caller: Caller
    bid: str

    def submit(self, headers: dict[str, str] | None = None) -> Answer:
        kind = {"Content-Type": "application/json"}
        return self.caller.send(
            "POST", f"/api/v1/bids/{self.bid}/submit/", b"{}", kind | (headers or {})
        )


def done(answer: Answer) -> Answer:
    assert answer.status < 400, (answer.status, answer.text[:500])
    return answer


def draft(
    lead: Caller, title: str = "Daytime calls, by API", *, evidence: Mapping[str, str] | None = None
) -> str:
    """Open a procurement and write its RFP, all but the deadline; return its identifier.

    `evidence` gives further questions with the weight of their section, taken from section 4.
    """
    evidence = evidence or {}
    weights = {code.split(".")[0]: weight for code, weight in evidence.items()}
    rest = str(100 - sum(map(int, weights.values())))
    reference = f"API-{secrets.token_hex(4)}"
    given = {"title": title, "reference": reference, "currency": "GBP"}
    pk = str(done(lead.call("POST", "procurements/", given)).json["id"])
    rfp = f"procurements/{pk}/rfp/"
    done(lead.call("POST", rfp, {"questionnaire": "bpo_voice_support"}))
    done(lead.call("PUT", rfp + "kept/", {"codes": [*KEPT, *evidence]}))
    done(lead.call("PUT", rfp + "weights/", {"weights": {"4": rest, **weights}}))
    done(lead.call("PATCH", rfp, TERMS))
    workload = {"content": WORKLOAD, "in_house": OWN_TEAM, "source": "A generated week."}
    done(lead.call("PUT", rfp + "workload/", workload))
    return pk


def hold_keys(tools: Tools, pk: str) -> Codes:
    """Appoint two openers; each collects and proves their keys, the lead the spare's."""
    place, codes = f"procurements/{pk}/rfp/keys/", {}
    for address, opener in tools.openers.items():
        done(
            tools.lead.call(
                "POST", f"procurements/{pk}/panel/", {"email": address, "role": "opener"}
            )
        )
        codes[address] = dict(done(opener.call("POST", place, {})).json["codes"])
        done(opener.call("POST", place + "proof/", {"codes": codes[address]}))
    spare = done(tools.lead.call("POST", place, {"spare": True})).json["codes"]
    done(tools.lead.call("POST", place + "proof/", {"codes": spare, "spare": True}))
    return codes


def publish(tools: Tools, pk: str, closes_at: dt.datetime) -> Codes:
    """Set the deadline, accept what the linter warns of, hold the keys, publish."""
    lead, rfp = tools.lead, f"procurements/{pk}/rfp/"
    codes = hold_keys(tools, pk)
    done(
        lead.call("PUT", rfp + "deadline/", {"closes_at": closes_at.isoformat(), "zone": "Etc/UTC"})
    )
    for finding in done(lead.call("GET", rfp + "publication/")).json["findings"]:
        if finding["severity"] == "warning":
            done(lead.call("POST", rfp + "findings/", {"code": finding["code"], "reason": REASON}))
    done(lead.call("POST", rfp + "publication/", {}))
    return codes


def extend(lead: Caller, opener: Caller, pk: str, closes_at: dt.datetime) -> None:
    """Ask for a later deadline; the opener, a second person, confirms it."""
    given = {"closes_at": closes_at.isoformat(), "reason": "The service was slow."}
    asked = done(lead.call("POST", f"procurements/{pk}/rfp/deadline/", given)).json["extension"]
    done(opener.call("POST", f"procurements/{pk}/rfp/extensions/{asked}/confirmation/", {}))


def invite(tools: Tools, pk: str, vendor: str) -> str:
    """Invite a vendor of a new name; return the address that the link is mailed to."""
    address = f"owner-{secrets.token_hex(4)}@{vendor.split(maxsplit=1)[0].lower()}.example"
    given = {"vendor_name": vendor, "contact": "Sam Vale", "email": address}
    done(tools.lead.call("POST", f"procurements/{pk}/invitations/", given))
    return address


def bidder(tools: Tools, pk: str, vendor: str, rate: str = RATE) -> Bidder:
    """Invite a vendor of a new name; accept its mailed link; answer everything."""
    address = invite(tools, pk, vendor)
    caller = Caller(tools.product)
    accepted = caller.post_form(link_of(tools.product, address), name="Sam Vale")
    assert accepted.status == 302, accepted.text[:500]
    bid = accepted.headers["Location"].strip("/").split("/")[1]
    answer(caller, bid, rate)
    return Bidder(caller, bid)


def answer(caller: Caller, bid: str, rate: str) -> None:
    for code, value in (
        ("4.02", "12.5"),
        ("4.15", "Agents stay named in a case."),
        ("16.13", "30"),
    ):
        done(caller.call("PUT", f"bids/{bid}/answers/{code}/", {"answer": value, "version": 0}))
    rates = {"counted": "handled", "tiering": "graduated", "tiers": [{"rate": rate}]}
    given = {"sheet": {**SHEET, "rates": rates}, "version": 0}
    done(caller.call("PUT", f"bids/{bid}/price/", given))
