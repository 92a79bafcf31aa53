"""The decision page and its API: path, statements, proposal, approval."""

import hashlib
import re
from html import unescape

import pytest
from django.urls import reverse

from apps.decision.models import Decision, Statement
from apps.workspace.models import PanelMember
from apps.workspace.states import Role
from tests.factories import bids as bid_factory
from tests.factories import decision, pricing

pytestmark = pytest.mark.django_db
JSON = "application/json"
RATIONALE = "The bids are priced soundly."


def url(found, name="walk", *rest):
    return reverse(f"decision:{name}", args=[found.rfp.procurement_id, *rest])


def text_of(response):
    """The words of a page, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_the_page_goes_from_the_walk_to_the_approved_record(buyer, set_clock, client_for, acting):
    found = decision.ready(buyer, set_clock)
    lead, approver = client_for(buyer.lead), client_for(buyer.approver)
    page = lead.get(url(found))
    words = text_of(page)
    assert "9 questions lead to one recommendation:" in words
    assert "Castellan CX leads the ranking" in words
    # the recommended outcome is preselected
    assert re.search(r'value="outsource"[^>]*checked', page.content.decode())
    sent = {"outcome": "outsource", "rationale": RATIONALE}
    assert lead.post(url(found, "propose"), sent).status_code == 302
    words = text_of(approver.get(url(found)))
    assert "Proposed, waiting for approval:" in words
    assert "Approve the decision" in words
    with acting(buyer.lead):
        made = Decision.objects.get()
    assert approver.post(url(found, "approve", made.pk)).status_code == 302
    words = text_of(client_for(buyer.auditor).get(url(found)))
    assert "Decided: Outsource to the leader under its pricing model" in words
    assert f"{made.digest[:32]} {made.digest[32:]}" in words
    assert "Ines Kovac" in words
    assert "Paul Adeyemi" in words
    assert RATIONALE in words
    raw = client_for(buyer.executive).get(url(found, "record", made.pk))
    assert hashlib.sha256(raw.content).hexdigest() == made.digest


def test_each_answer_shows_its_source_and_the_digest_of_its_record(buyer, set_clock, client_for):
    found = decision.ready(buyer, set_clock)
    page = client_for(buyer.approver).get(url(found)).content.decode()
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


def test_an_incomplete_proposal_keeps_what_was_typed(buyer, set_clock, client_for, acting):
    found = decision.ready(buyer, set_clock, "velora")
    answer = client_for(buyer.lead).post(
        url(found, "propose"), {"outcome": "moon", "rationale": "Typed by me."}
    )
    assert answer.status_code == 422
    assert "Choose one of the outcomes." in text_of(answer)
    assert "Typed by me." in text_of(answer)
    with acting(buyer.lead):
        assert Decision.objects.count() == 0


def test_an_override_is_labelled_as_one(buyer, set_clock, client_for):
    found = decision.ready(buyer, set_clock, "velora")
    decision.propose(found, "re_tender", "One bid is no competition.")
    words = text_of(client_for(buyer.approver).get(url(found)))
    assert "Override" in words
    assert "The tree recommends: Outsource to the sole remaining bidder" in words


def test_sending_back_needs_a_reason_that_the_lead_then_reads(buyer, set_clock, client_for):
    found = decision.ready(buyer, set_clock, "velora")
    made = decision.propose(found)
    approver = client_for(buyer.approver)
    empty = approver.post(url(found, "send_back", made.pk), {"reason": " "})
    assert empty.status_code == 422
    assert "Say what has to change before you approve." in text_of(empty)
    sent = {"reason": "Name the exit risk."}
    assert approver.post(url(found, "send_back", made.pk), sent).status_code == 302
    words = text_of(client_for(buyer.lead).get(url(found)))
    assert "Sent back by Paul Adeyemi" in words
    assert "Name the exit risk." in words
    assert "Propose the decision" in words


def test_the_proposer_gets_a_403_with_a_sentence(buyer, set_clock, client_for, acting):
    found = decision.ready(buyer, set_clock, "velora")
    made = decision.propose(found)
    with acting(buyer.lead):
        PanelMember.objects.create(
            organisation=buyer.organisation,
            procurement=buyer.procurement,
            user=buyer.lead,
            role=Role.APPROVER,
        )
    client = client_for(buyer.lead)
    assert "You proposed this decision yourself." in text_of(client.get(url(found)))
    for name in ("approve", "send_back"):
        answer = client.post(url(found, name, made.pk), {"reason": "x"})
        assert answer.status_code == 403
        assert "You proposed this decision yourself." in text_of(answer)


def test_who_may_not_gets_403_and_a_stranger_404(buyer, other_buyer, set_clock, client_for):
    found = decision.ready(buyer, set_clock, "velora")
    made = decision.propose(found)
    for user in (buyer.evaluator, buyer.opener):
        assert client_for(user).get(url(found)).status_code == 403
    for user in (buyer.moderator, buyer.executive, buyer.auditor):
        client = client_for(user)
        assert client.get(url(found)).status_code == 200
        assert client.post(url(found, "state")).status_code == 403
        assert client.post(url(found, "propose")).status_code == 403
        assert client.post(url(found, "approve", made.pk)).status_code == 403
        assert client.post(url(found, "send_back", made.pk)).status_code == 403
    for stranger in (other_buyer.lead, found.vendors["velora"].owner):
        client = client_for(stranger)
        assert client.get(url(found)).status_code == 404
        assert client.post(url(found, "propose")).status_code == 404
        assert client.post(url(found, "approve", made.pk)).status_code == 404
        assert client.get(url(found, "record", made.pk)).status_code == 404


def test_approving_twice_is_a_409(buyer, set_clock, client_for):
    found = decision.ready(buyer, set_clock, "velora")
    made = decision.propose(found)
    client = client_for(buyer.approver)
    assert client.post(url(found, "approve", made.pk)).status_code == 302
    assert client.post(url(found, "approve", made.pk)).status_code == 409
    assert (
        client_for(buyer.lead)
        .post(url(found, "propose"), {"outcome": "outsource", "rationale": "x"})
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
    buyer, set_clock, client_for
):
    found = decision.ready(buyer, set_clock, "velora")
    client = client_for(buyer.lead)
    decision.send_back(found, decision.propose(found))
    count = bid_factory.queries(client, url(found))
    for _turn in range(2):
        decision.send_back(found, decision.propose(found))
    assert bid_factory.queries(client, url(found)) == count


# By API


def at(found, rest):
    return f"/api/v1/procurements/{found.rfp.procurement_id}/{rest}"


def test_the_api_states_walks_proposes_and_approves(buyer, set_clock, client_for):
    found = decision.ready(buyer, set_clock, "velora")
    lead, approver = client_for(buyer.lead), client_for(buyer.approver)
    stated = lead.post(
        at(found, "statements/"),
        {"fact": "build.able", "value": "no", "evidence": "Board minute."},
        content_type=JSON,
    )
    assert (stated.status_code, stated.json()["number"]) == (201, 2)
    walk = lead.get(at(found, "walk/")).json()
    assert walk["result"]["recommendation"] == "outsource_sole"
    assert lead.get(at(found, "decision/")).status_code == 404
    made = lead.post(
        at(found, "decision/"),
        {"outcome": "outsource_sole", "rationale": RATIONALE},
        content_type=JSON,
    )
    assert made.status_code == 201
    place = f"decision/{made.json()['id']}"
    refused = lead.post(at(found, f"{place}/approve/"), {}, content_type=JSON)
    assert refused.status_code == 403
    approved = approver.post(at(found, f"{place}/approve/"), {}, content_type=JSON).json()
    assert (approved["state"], approved["approved_by"]) == ("approved", "Paul Adeyemi")
    assert hashlib.sha256(approved["record"].encode()).hexdigest() == approved["digest"]


def test_the_api_sends_back_with_a_reason(buyer, set_clock, client_for):
    found = decision.ready(buyer, set_clock, "velora")
    made = decision.propose(found)
    client = client_for(buyer.approver)
    place = at(found, f"decision/{made.pk}/send-back/")
    assert client.post(place, {}, content_type=JSON).status_code == 422
    back = client.post(place, {"reason": "Name the risk."}, content_type=JSON).json()
    assert (back["state"], back["sent_back_reason"]) == ("draft", "Name the risk.")


def test_the_api_refuses_as_the_page_does(buyer, other_buyer, set_clock, client_for):
    found = decision.ready(buyer, set_clock, "velora")
    wrong = client_for(buyer.lead).post(
        at(found, "statements/"),
        {"fact": "readiness.score", "value": "99", "evidence": "x"},
        content_type=JSON,
    )
    assert wrong.status_code == 422
    assert list(wrong.json()["fields"]) == ["fact"]
    for rest in ("walk/", "decision/"):
        assert client_for(buyer.evaluator).get(at(found, rest)).status_code == 403
        assert client_for(other_buyer.lead).get(at(found, rest)).status_code == 404
