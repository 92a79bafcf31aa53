"""What the tree is walked with, and what it recommends, with the demo's figures."""

from decimal import Decimal

import pytest

from apps.core.errors import WrongState
from apps.decision import services
from apps.pricing.selectors import latest_comparison
from apps.readiness.selectors import latest_assessment
from tests.factories import decision, pricing
from tests.factories.decision import evidence_of, page_for

pytestmark = pytest.mark.usefixtures("db")


def test_the_demos_evidence_comes_from_its_frozen_records(ready, buyer, acting):
    held = evidence_of(acting, buyer.lead, ready)
    values = {fact: shown["value"] for fact, shown in held.items()}
    assert values["readiness.score"] == "72"
    assert values["readiness.band"] == "hybrid"
    assert values["readiness.gaps"] == "4"
    assert values["bids.admitted"] == "3"
    assert values["ranking.leader"] == "Castellan CX"
    assert values["pricing.model"] == "managed_service"
    # 469,617.45 saved of 2,048,863.73: `python -m apps.engine price` on cceval/demo/case.toml
    assert values["pricing.saving_share"] == "0.229209"
    assert values["staffing.price_pays_for_service"] is True
    assert values["experience.drives_revenue"] is False
    assert values["contacts.routine_share"] == "0.55"
    with acting(buyer.lead):
        digests = {
            "readiness.score": latest_assessment(buyer.lead, buyer.procurement).digest,
            "pricing.model": latest_comparison(buyer.lead, ready.procurement).digest,
        }
    assert {fact: held[fact]["digest"] for fact in digests} == digests


def test_the_tree_recommends_the_award_and_says_on_what_conditions(ready, buyer, acting):
    page = page_for(acting, buyer.lead, ready)
    assert page.finding.text == (
        "10 questions lead to one recommendation: Outsource to the leader under its pricing model."
    )
    assert page.reason == (
        "Castellan CX leads the ranking, its price pays for the service it promises, and under "
        "managed service it saves 22.9% of the in-house cost over the term."
    )
    assert [text.split(",")[0] for text in page.conditions] == [
        "Offshore capability arbitrage: contract for capability and cost together",
        "Onboard in hybrid form",
        "Hold 30 days of simulated incubation before live operation",
    ]
    assert "readiness score of 72 reaches 80" in page.conditions[1]


def test_a_leader_that_pays_for_too_few_agents_is_asked_to_explain_its_price(
    buyer, set_clock, acting
):
    found = decision.ready(buyer, set_clock, "tamarind", "velora", tamarind="5", velora="1")
    page = page_for(acting, buyer.lead, found)
    assert page.recommended == "clarify_price"
    # 11.37 agents needed, 8 paid for
    assert page.reason == (
        "The price of Tamarind Global leaves 3.37 agents unpaid that its promised service level "
        "needs."
    )


def test_a_sole_remaining_bid_is_called_that(sole, buyer, acting):
    page = page_for(acting, buyer.lead, sole)
    assert page.recommended == "outsource_sole"
    assert page.notes == ("One bid is left: nothing was ranked against it.",)
    assert any("is the sole remaining bid" in text for text in page.conditions)


def test_what_changes_the_answer_is_said_nearest_first_and_does_change_it(ready, buyer, acting):
    page = page_for(acting, buyer.lead, ready)
    assert [(one.fact, one.now, one.to, one.then) for one in page.changes[:1]] == [
        ("Readiness score", "72 points", "below 50 points", "Prepare first")
    ]
    stated = [
        one
        for one in page.changes
        if one.fact == "The company can build technology and team itself"
    ]
    assert [(one.now, one.to, one.then) for one in stated] == [
        ("no", "yes", "Keep in-house and invest")
    ]
    decision.state(ready, "build.able", "yes")
    assert page_for(acting, buyer.lead, ready).recommended == "keep_in_house"


def test_without_evidence_the_tree_stops_and_says_what_shows_the_facts(buyer, acting):
    found = pricing.sealed(buyer, ())
    page = page_for(acting, buyer.lead, found)
    assert page.finding.text == (
        "The tree stops at question 1. Not shown yet: Customer experience drives measurable revenue."
    )
    shown_by = {gap.fact: (gap.shown_by, gap.url) for gap in page.missing}
    case = buyer.procurement.pk
    assert shown_by["Readiness score"] == (
        "The signed-off readiness assessment",
        f"/p/{case}/readiness/",
    )
    assert shown_by["Admitted bids"] == ("The ranking with prices", f"/p/{case}/ranking/")
    assert shown_by["Saving against the own centre"] == (
        "The adopted price comparison",
        f"/p/{case}/pricing/",
    )
    assert [gap.stops for gap in page.missing].count(True) == 1
    with acting(buyer.lead), pytest.raises(WrongState):
        services.propose(
            procurement=found.procurement, outcome="outsource", rationale="x", actor=buyer.lead
        )


def test_a_ranking_on_other_prices_than_the_adopted_ones_shows_nothing(ready, buyer, acting):
    pricing.assume(ready, {"terms": {"discount": {"rate": "0.08", "basis": "nominal"}}})
    again = pricing.adopt(ready, "A new base rate.")
    held = evidence_of(acting, buyer.lead, ready)
    assert "ranking.leader" not in held
    page = page_for(acting, buyer.lead, ready)
    assert page.notes == (
        "The ranking was frozen on other prices than those adopted since. Freeze it again.",
    )
    decision.rank(ready, again)
    assert evidence_of(acting, buyer.lead, ready)["ranking.leader"]["value"] == "Castellan CX"


def test_other_shipped_trees_are_walked_with_the_same_evidence(ready, buyer, acting):
    page = page_for(acting, buyer.lead, ready, tree="operating_model")
    # no rule asks for a person, much is at stake, 55 % routine: hybrid
    assert page.recommended == "hybrid"
    assert page.may_propose is False


def test_the_saving_on_the_page_is_the_records(sole, buyer, acting):
    page = page_for(acting, buyer.lead, sole)
    saving = evidence_of(acting, buyer.lead, sole)["pricing.saving_share"]["value"]
    (step,) = [one for one in page.steps if one.question.endswith("own centre?")]
    percent = (Decimal(saving) * 100).quantize(Decimal("0.1"))
    assert step.value == f"{percent}%"
