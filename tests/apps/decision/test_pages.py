"""The decision page and its API: path, statements, proposal, approval."""

import hashlib
import re
from html import unescape

import pytest
from django.urls import reverse

from apps.core.errors import Incomplete
from apps.decision.models import Decision, Statement
from apps.workspace.states import Role
from tests.conftest import seat
from tests.factories import bids as bid_factory
from tests.factories import decision, pricing

pytestmark = pytest.mark.usefixtures("db")
JSON = "application/json"
RATIONALE = "The bids are priced soundly."


def url(found, name="walk", *rest):
    return reverse(f"decision:{name}", args=[found.rfp.procurement_id, *rest])


def text_of(response):
    """The words of a page, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_the_page_goes_from_the_walk_to_the_approved_record(ready, buyer, client_for, acting):
    lead, approver = client_for(buyer.lead), client_for(buyer.approver)
    page = lead.get(url(ready))
    words = text_of(page)
    assert "10 questions lead to one recommendation:" in words
    assert "Castellan CX leads the ranking" in words
    # the recommended outcome is preselected
    assert re.search(r'value="outsource"[^>]*checked', page.content.decode())
    sent = {"outcome": "outsource", "rationale": RATIONALE}
    assert lead.post(url(ready, "propose"), sent).status_code == 302
    words = text_of(approver.get(url(ready)))
    assert "Proposed, waiting for approval:" in words
    assert "Approve the decision" in words
    with acting(buyer.lead):
        made = Decision.objects.get()
    assert approver.post(url(ready, "approve", made.pk)).status_code == 302
    words = text_of(client_for(buyer.auditor).get(url(ready)))
    assert "Decided: Outsource to the leader under its pricing model" in words
    assert f"{made.digest[:32]} {made.digest[32:]}" in words
    assert "Ines Kovac" in words
    assert "Paul Adeyemi" in words
    assert RATIONALE in words
    raw = client_for(buyer.executive).get(url(ready, "record", made.pk))
    assert hashlib.sha256(raw.content).hexdigest() == made.digest


def test_each_answer_shows_its_source_and_the_digest_of_its_record(ready, buyer, client_for):
    page = client_for(buyer.approver).get(url(ready)).content.decode()
    words = unescape(page)
    for source in (
        "Readiness assessment 1",
        "Ranking 1, quality and price",
        "Price comparison 1",
        "Stated by Ines Kovac: Simon Whitlock, board minute 2026-14",
    ):
        assert source in words
    assert len(set(re.findall(r'title="([0-9a-f]{64})"', page))) == 3


def test_a_fact_is_stated_through_the_page(buyer, client_for, acting):
    found = pricing.sealed(buyer, ())
    sent = {
        "fact": "build.able",
        "build.able-value": "no",
        "build.able-evidence": "Board minute 2026-14.",
    }
    answer = client_for(buyer.lead).post(url(found, "state"), sent)
    assert answer["Location"] == f"{url(found)}#h-state"
    with acting(buyer.lead):
        row = Statement.objects.get()
    assert (row.fact, row.value, row.evidence) == ("build.able", "no", "Board minute 2026-14.")


def test_a_share_is_stated_in_percent_and_kept_exactly(buyer, client_for, acting):
    found = pricing.sealed(buyer, ())
    sent = {
        "tree": "operating_model",
        "fact": "contacts.routine_share",
        "contacts.routine_share-value": "55.5",
        "contacts.routine_share-evidence": "Contact reasons of October.",
    }
    client = client_for(buyer.lead)
    assert client.post(url(found, "state"), sent).status_code == 302
    with acting(buyer.lead):
        assert Statement.objects.get().value == "0.555"
    page = client.get(f"{url(found)}?tree=operating_model").content.decode()
    assert 'name="contacts.routine_share-value" value="55.5"' in page


WRONG = (
    ("build.able", "", "A paper.", "Choose one of the answers to this question."),
    ("build.able", "maybe", "A paper.", "Choose one of the answers to this question."),
    ("build.able", "yes", "", "Say what shows it: a document, a figure, a resolution."),
    ("contacts.routine_share", "1,250", "A count.", "1,250 can be read in two ways."),
    ("contacts.routine_share", "140", "A count.", "Give a percentage from 0 to 100."),
)


def test_a_wrong_statement_is_shown_beside_its_field(buyer, client_for, acting):
    found = pricing.sealed(buyer, ())
    for fact, value, evidence, sentence in WRONG:
        tree = "operating_model" if fact.startswith("contacts") else ""
        sent = {"tree": tree, "fact": fact, f"{fact}-value": value, f"{fact}-evidence": evidence}
        answer = client_for(buyer.lead).post(url(found, "state"), sent)
        assert answer.status_code == 422
        assert "<title>Error: Decision tree" in answer.content.decode()
        words = text_of(answer)
        assert "There is a problem" in words
        assert words.count(sentence) == 2, sentence  # in the summary and beside the field
    with acting(buyer.lead):
        assert Statement.objects.count() == 0


def test_a_fact_no_tree_asks_people_for_does_not_exist(buyer, client_for):
    found = pricing.sealed(buyer, ())
    client = client_for(buyer.lead)
    assert client.post(url(found, "state"), {"fact": "readiness.score"}).status_code == 404
    assert client.get(f"{url(found)}?tree=nothing").status_code == 404


def test_an_incomplete_proposal_keeps_what_was_typed(sole, buyer, client_for, acting):
    answer = client_for(buyer.lead).post(
        url(sole, "propose"), {"outcome": "moon", "rationale": "Typed by me."}
    )
    assert answer.status_code == 422
    assert "Choose one of the outcomes." in text_of(answer)
    assert "Typed by me." in text_of(answer)
    with acting(buyer.lead):
        assert Decision.objects.count() == 0


def test_an_override_is_labelled_as_one(sole, buyer, client_for):
    decision.propose(sole, "re_tender", "One bid is no competition.")
    words = text_of(client_for(buyer.approver).get(url(sole)))
    assert "Override" in words
    assert "The tree recommends: Outsource to the sole remaining bidder" in words


def test_sending_back_needs_a_reason_that_the_lead_then_reads(sole, buyer, client_for):
    made = decision.propose(sole)
    approver = client_for(buyer.approver)
    empty = approver.post(url(sole, "send_back", made.pk), {"reason": " "})
    assert empty.status_code == 422
    assert "Say what has to change before you approve." in text_of(empty)
    sent = {"reason": "Name the exit risk."}
    assert approver.post(url(sole, "send_back", made.pk), sent).status_code == 302
    words = text_of(client_for(buyer.lead).get(url(sole)))
    assert "Sent back by Paul Adeyemi" in words
    assert "Name the exit risk." in words
    assert "Propose the decision" in words


def test_the_proposer_gets_a_403_with_a_sentence(sole, buyer, client_for, acting):
    made = decision.propose(sole)
    with acting(buyer.lead):
        seat(buyer, buyer.lead, Role.APPROVER)
    client = client_for(buyer.lead)
    assert "You proposed this decision yourself." in text_of(client.get(url(sole)))
    for name in ("approve", "send_back"):
        answer = client.post(url(sole, name, made.pk), {"reason": "x"})
        assert answer.status_code == 403
        assert "You proposed this decision yourself." in text_of(answer)


def test_who_may_not_gets_403_and_a_stranger_404(sole, buyer, other_buyer, client_for):
    made = decision.propose(sole)
    for user in (buyer.evaluator, buyer.opener):
        assert client_for(user).get(url(sole)).status_code == 403
    for user in (buyer.moderator, buyer.executive, buyer.auditor):
        client = client_for(user)
        assert client.get(url(sole)).status_code == 200
        assert client.post(url(sole, "state")).status_code == 403
        assert client.post(url(sole, "propose")).status_code == 403
        assert client.post(url(sole, "approve", made.pk)).status_code == 403
        assert client.post(url(sole, "send_back", made.pk)).status_code == 403
    for stranger in (other_buyer.lead, sole.vendors["velora"].owner):
        client = client_for(stranger)
        assert client.get(url(sole)).status_code == 404
        assert client.post(url(sole, "propose")).status_code == 404
        assert client.post(url(sole, "approve", made.pk)).status_code == 404
        assert client.get(url(sole, "record", made.pk)).status_code == 404


def test_approving_twice_is_a_409(sole, buyer, client_for):
    made = decision.propose(sole)
    client = client_for(buyer.approver)
    assert client.post(url(sole, "approve", made.pk)).status_code == 302
    assert client.post(url(sole, "approve", made.pk)).status_code == 409
    assert (
        client_for(buyer.lead)
        .post(url(sole, "propose"), {"outcome": "outsource", "rationale": "x"})
        .status_code
        == 409
    )


def test_before_the_opening_the_page_holds_no_price_and_no_vendor(buyer, client_for):
    found = pricing.sealed(buyer, ("velora",))
    for user in (buyer.lead, buyer.approver, buyer.executive, buyer.auditor):
        page = client_for(user).get(url(found)).content.decode()
        assert "Velora" not in page
        assert "£" not in page


def test_the_page_costs_the_same_queries_after_one_proposal_and_after_three(
    sole, buyer, client_for
):
    client = client_for(buyer.lead)
    decision.send_back(sole, decision.propose(sole))
    count = bid_factory.queries(client, url(sole))
    for _turn in range(2):
        decision.send_back(sole, decision.propose(sole))
    assert bid_factory.queries(client, url(sole)) == count


# By API


def at(sole, rest):
    return f"/api/v1/procurements/{sole.rfp.procurement_id}/{rest}"


def test_the_api_states_walks_proposes_and_approves(sole, buyer, client_for):
    lead, approver = client_for(buyer.lead), client_for(buyer.approver)
    stated = lead.post(
        at(sole, "statements/"),
        {"fact": "build.able", "value": "no", "evidence": "Board minute."},
        content_type=JSON,
    )
    assert (stated.status_code, stated.json()["number"]) == (201, 2)
    walk = lead.get(at(sole, "walk/")).json()
    assert walk["result"]["recommendation"] == "outsource_sole"
    assert lead.get(at(sole, "decision/")).status_code == 404
    made = lead.post(
        at(sole, "decision/"),
        {"outcome": "outsource_sole", "rationale": RATIONALE},
        content_type=JSON,
    )
    assert made.status_code == 201
    place = f"decision/{made.json()['id']}"
    refused = lead.post(at(sole, f"{place}/approve/"), {}, content_type=JSON)
    assert refused.status_code == 403
    approved = approver.post(at(sole, f"{place}/approve/"), {}, content_type=JSON).json()
    assert (approved["state"], approved["approved_by"]) == ("approved", "Paul Adeyemi")
    assert hashlib.sha256(approved["record"].encode()).hexdigest() == approved["digest"]


def test_the_api_sends_back_with_a_reason(sole, buyer, client_for):
    made = decision.propose(sole)
    client = client_for(buyer.approver)
    place = at(sole, f"decision/{made.pk}/send-back/")
    assert client.post(place, {}, content_type=JSON).status_code == 422
    back = client.post(place, {"reason": "Name the risk."}, content_type=JSON).json()
    assert (back["state"], back["sent_back_reason"]) == ("draft", "Name the risk.")


def test_the_api_refuses_as_the_page_does(sole, buyer, other_buyer, client_for):
    wrong = client_for(buyer.lead).post(
        at(sole, "statements/"),
        {"fact": "readiness.score", "value": "99", "evidence": "x"},
        content_type=JSON,
    )
    assert wrong.status_code == 422
    assert list(wrong.json()["fields"]) == ["fact"]
    for rest in ("walk/", "decision/"):
        assert client_for(buyer.evaluator).get(at(sole, rest)).status_code == 403
        assert client_for(other_buyer.lead).get(at(sole, rest)).status_code == 404


def test_the_result_of_a_diagnostic_is_stated_on_the_page_and_walked_with(
    buyer, client_for, acting
):
    found = pricing.sealed(buyer, ())
    for fact in ("experience.drives_revenue", "build.able", "location.capability_and_cost"):
        decision.state(found, fact, "no")
    client = client_for(buyer.lead)
    before = client.get(url(found)).content.decode()
    assert 'id="f-recovery.rate"' in before
    assert 'id="f-location.cheapest"' in before
    assert "0.4 when support recovers 40% of its own cost" in unescape(before)
    assert 'href="#f-location.cheapest"' in before  # the road from what is not shown yet
    # what people state of their own knowledge is asked apart from what a calculation shows
    assert before.index("What only people can state") < before.index("What a calculation shows")
    for fact, value in (("recovery.rate", "0.12"), ("location.cheapest", "in_house")):
        sent = {"fact": fact, f"{fact}-value": value, f"{fact}-evidence": "Calculation of October."}
        assert client.post(url(found, "state"), sent).status_code == 302
    with acting(buyer.lead):
        kept = {row.fact: row.value for row in Statement.objects.all()}
    assert (kept["recovery.rate"], kept["location.cheapest"]) == ("0.12", "in_house")
    page = client.get(url(found)).content.decode()
    assert "Stated by Ines Kovac: Calculation of October." in page
    assert 'name="recovery.rate-value" value="0.12"' in page
    assert "Keep in-house and invest" in page
    auditor = text_of(client_for(buyer.auditor).get(url(found)))
    assert "Calculation of October." in auditor


def test_a_diagnostic_that_no_tree_asks_for_is_not_stated(buyer, client_for):
    found = pricing.sealed(buyer, ())
    with pytest.raises(Incomplete, match="The trees ask people for no such fact"):
        decision.state(found, "leakage.total", "12000")
