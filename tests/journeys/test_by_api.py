"""The same line by API: the services behind the pages, and their refusals as problem+json."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
import rfc8785

from tests.journeys import paper, small
from tests.journeys.api import Caller
from tests.journeys.browser import Windows
from tests.journeys.by_api import PANEL, Case
from tests.journeys.small import Bidder, Codes, Tools, done

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]


@pytest.fixture
def case(tools: Tools, windows: Windows) -> Case:
    product = tools.product
    panel = {address: Caller(product, windows.cookies_of(address)) for address in PANEL}
    return Case(product, small.draft(tools.lead), tools.lead, panel)


def two_sealed_bids(tools: Tools, case: Case) -> tuple[tuple[Bidder, Bidder], Codes]:
    """Publish, let two vendors submit, and let the deadline pass; the openers' codes with it."""
    closes_at = tools.product.now() + dt.timedelta(hours=1)
    codes = small.publish(tools, case.pk, closes_at)
    dear, cheap = (
        small.bidder(tools, case.pk, name, rate)
        for name, rate in (("North Voice", "4.10"), ("South Voice", "3.90"))
    )
    for bidder in (dear, cheap):
        assert bidder.submit().status == 201
    tools.product.pass_deadline(closes_at)
    return (dear, cheap), codes


def test_a_tender_is_decided_and_reported_by_api_alone(tools: Tools, case: Case, tmp_path: Path):
    case.appoint()
    bidders, codes = two_sealed_bids(tools, case)
    for address, opener in tools.openers.items():
        tools.product.age_session(opener.cookies["session"])
        given = {"kind": "technical", "code": codes[address]["technical"]}
        asked = opener.call("POST", case.path("opening/"), given)
        assert (asked.status, asked.headers["Content-Type"]) == (401, "application/problem+json")
        case.confirm(address, opener)
    opened = {"turned": 2, "needed": 2, "opened": 2}
    assert case.turn(tools.openers, codes, "technical") == opened
    case.score()
    assert case.turn(tools.openers, codes, "commercial") == opened
    case.compare(bidders)
    case.assess()
    assert case.decide()["state"] == "approved"

    found = case.signed(case.ask("decision_report")["id"])
    content = case.pdf_of(found)
    assert hashlib.sha256(content).hexdigest() == found["signed_sha256"]
    known = Caller(tools.product).call("POST", "verify/", {"sha256": found["signed_sha256"]}).json
    assert (known["known"], known["reference"]) == (True, found["reference"])

    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    assert "Signature Validation: Signature is Valid." in paper.signature_of(file)
    ranking = done(tools.lead.call("GET", case.path("ranking/"))).json
    assert hashlib.sha256(rfc8785.dumps(ranking["record"])).hexdigest() == ranking["digest"]
    quotes = done(tools.lead.call("GET", case.path("comparison/"))).json["result"]["quotes"]
    # 237 * 5 * 365 / 84 = 5,149.107 calls a month; £21,111.34 and £20,081.52 a month, 24 months
    assert {
        quote["id"]: quote["parts"]["run"] for quote in quotes if quote["id"] != "in-house"
    } == {
        bidders[0].bid: "506672.16",
        bidders[1].bid: "481956.48",
    }
