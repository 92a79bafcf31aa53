"""What both reports say, against the frozen records they are written from."""

import json
from decimal import Decimal

import pytest

from apps.core import clock
from apps.core.charts.figures import currency, number
from apps.core.errors import WrongState
from apps.core.templatetags.formats import percentage
from apps.decision import selectors as decisions
from apps.decision.models import Award, Decision
from apps.matrix.models import Ranking
from apps.pricing.models import Comparison
from apps.pricing.selectors import words
from apps.reports.selectors.paper import Issue, vendors_in
from apps.reports.selectors.types import REPORT_TYPES
from tests.conftest import acting_for
from tests.factories.reports import BIDS, RATIONALE

pytestmark = pytest.mark.usefixtures("here")


def content(case, kind):
    return json.loads(getattr(case, kind).payload)


def record(case, model):
    with acting_for(case.buyer.lead):
        return json.loads(model.objects.order_by("-created_at").first().record)


def again(case, kind):
    with acting_for(case.buyer.lead) as lead:
        issue = Issue(lead, case.procurement, "R7QK-4MDX-C5LP", 2, clock.now())
        return REPORT_TYPES[kind].payload(issue)


def test_the_totals_are_those_of_the_frozen_ranking(case):
    result = record(case, Ranking)["result"]
    expected = {
        row["name"]: number(Decimal(row["total"]), decimals=1)
        for row in result["vendors"]
        if row["admitted"]
    }
    for kind in ("scorecard", "decision_report"):
        rows = content(case, kind)["ranking"]["rows"]
        assert {row["vendor"]["name"]: row["total"] for row in rows} == expected


def test_quality_and_price_add_up_to_the_total_to_the_rounding(case):
    for row in content(case, "scorecard")["ranking"]["rows"]:
        parts = Decimal(row["quality"]) + Decimal(row["price"])
        assert abs(parts - Decimal(row["total"])) <= Decimal("0.1")


def test_the_knocked_out_vendor_stands_with_its_requirement_and_its_answer(case):
    rows = content(case, "scorecard")["knockouts"]
    assert [(row["vendor"]["name"], row["requirement"], row["answer"]) for row in rows] == [
        ("Northmoor BPO", "2.01 Breach notice: Within 72 hours.", "96 hours")
    ]
    named = {row["vendor"]["name"] for row in content(case, "scorecard")["ranking"]["rows"]}
    assert named == set(BIDS) - {"Northmoor BPO"}


def test_every_vendor_keeps_the_letter_of_its_bid(case):
    with acting_for(case.buyer.lead):
        letters = {name: type(bid).objects.get(pk=bid.pk).letter for name, bid in case.bids.items()}
    for kind in ("scorecard", "decision_report"):
        shown = {
            v["name"].removesuffix(", not admitted"): v["letter"]
            for v in vendors_in(content(case, kind))
        }
        assert {name: letter for name, letter in shown.items() if letter} == letters


def test_each_criterion_shows_the_reason_the_panel_agreed_on(case):
    sections = content(case, "scorecard")["sections"]
    castellan = next(one for one in sections if one["vendor"]["name"] == "Castellan CX")
    reasons = {row["criterion"]: row["reason"] for row in castellan["criteria"]}
    assert reasons["1.02 Attrition"] == "Scored by the published rule."
    assert reasons["1.01 Ramp-up"] == "Agreed: meets anchor 4."


def test_the_costs_are_those_of_the_adopted_comparison(case):
    quotes = record(case, Comparison)["result"]["quotes"]
    expected = {
        quote["vendor"]: currency(Decimal(quote["total"]), "GBP", decimals=0) for quote in quotes
    }
    rows = content(case, "decision_report")["prices"]["rows"]
    shown = {}
    for row in rows:
        amounts = [cell["amount"] for cell in row["cells"] if cell["amount"] != "\N{EN DASH}"]
        name = row["vendor"]["name"].removesuffix(", not admitted")
        shown[name] = amounts[0] if amounts else row["single"].removesuffix(" at this volume")
    assert shown == expected


def test_the_parts_of_the_cost_add_up_to_its_total(case):
    bridge = content(case, "decision_report")["prices"]["bridge"]

    def amount(text):
        sign = -1 if "\N{MINUS SIGN}" in text else 1
        return sign * int("".join(sign for sign in text if sign.isdigit()))

    parts = sum(amount(row["amount"]) for row in bridge["rows"])
    assert abs(parts - amount(bridge["total"]["amount"])) <= len(bridge["rows"])


def test_a_point_of_quality_is_priced_against_the_best_cheaper_rival(case):
    result = record(case, Ranking)["result"]
    paid = {one["id"]: one["paid"] for one in result["value_of_quality"]["rivals"]}
    placed = sorted(
        (row for row in result["vendors"] if row["admitted"]), key=lambda row: row["rank"]
    )
    rivals = [row["name"] for row in placed[1:] if Decimal(paid[row["id"]] or 0) > 0]
    said = content(case, "decision_report")["prices"]["point"]
    assert said.startswith(f"Against {rivals[0]} ") if rivals else said == ""


def test_the_scorecard_names_the_model_and_the_price_that_earned_the_points(case):
    prices = {
        row["id"]: row["price"] for row in record(case, Ranking)["result"]["price"]["vendors"]
    }
    for row in content(case, "scorecard")["prices"]["rows"]:
        amount = currency(Decimal(prices[row["vendor"]["id"]]), "GBP", decimals=0)
        assert (row["cost"], row["model"] != "") == (amount, True)


def test_the_decision_names_both_people_and_its_rationale(case):
    report = content(case, "decision_report")
    people = [(row["name"], row["act"].split()[0]) for row in report["approvals"]]
    assert people == [(case.buyer.lead.name, "Proposed"), (case.buyer.approver.name, "Approved")]
    assert report["asked"]["title"] == "Decision taken"
    assert report["asked"]["text"].endswith(RATIONALE)


def test_the_path_is_the_walk_of_the_frozen_decision_with_its_conditions(case):
    walk = record(case, Decision)["result"]
    path = content(case, "decision_report")["path"]
    assert [step["question"] for step in path["steps"]] == [
        step["question"] for step in walk["path"]
    ]
    assert path["outcome"] == walk["name"]
    assert len(path["conditions"]) == len(walk["conditions"])
    assert not [text for text in path["conditions"] if "{" in text]


def test_the_readiness_is_that_of_the_signed_off_assessment(case):
    report = content(case, "decision_report")
    fact = next(one for one in report["facts"] if one["label"] == "Our readiness")
    assert (fact["value"], fact["note"]) == ("80", "of 100, Ready")
    assert [pillar["score"] for pillar in report["readiness"]["pillars"]] == ["20 of 25"] * 4


def test_a_payload_names_exactly_the_records_it_was_written_from(case):
    files = [row["file"] for row in content(case, "decision_report")["records"]]
    assert files == [
        "ranking.record.json", "prices.record.json", "decision.record.json", "readiness.record.json",
    ]  # fmt: skip


def test_both_reports_print_the_award_that_was_approved(case):
    with acting_for(case.buyer.lead):
        award = Award.objects.get()
    walk = content(case, "decision_report")["award"]
    assert walk == content(case, "scorecard")["award"]
    assert (walk["title"], walk["digest"]) == ("Award", award.digest)
    assert award.winner_id is None  # the demo's readiness asks for something else first
    assert [row["value"] for row in walk["rows"]] == ["None: the tender ends without an award."]
    digests = {row["file"]: row["digest"] for row in content(case, "decision_report")["records"]}
    assert walk["ranking"] == digests["ranking.record.json"]
    assert walk["decision"] == digests["decision.record.json"]


# When a decision report cannot be made


def decided_again(case, **values):
    """A later decision on the same evidence, not approved yet."""
    with acting_for(case.buyer.lead):
        row = Decision.objects.get()
        row.pk, row.number, row.approved_by, row.approved_at = None, row.number + 1, None, None
        for name, value in values.items():
            setattr(row, name, value)
        row.save(force_insert=True)


def test_a_proposal_that_was_sent_back_is_not_reported(case):
    decided_again(case, state="draft")
    with pytest.raises(WrongState, match="Propose the decision first"):
        again(case, "decision_report")


def test_a_proposal_is_reported_as_a_decision_asked_for(case):
    decided_again(case, state="proposed")
    report = again(case, "decision_report")
    assert report["asked"]["title"] == "Decision asked for"
    assert len(report["approvals"]) == 1


def test_a_decision_against_the_tree_says_so(case):
    decided_again(case, state="proposed", outcome="re_tender")
    report = again(case, "decision_report")
    assert report["finding"] == "Re-tender"
    assert report["asked"]["text"].startswith("The tree recommends otherwise: ")
    marked = [cell for row in report["prices"]["rows"] for cell in row["cells"] if cell["chosen"]]
    assert marked == []
    assert "Marked" not in report["prices"]["reason"]


def replaced(case, model, change):
    """A later row of the same kind, as if it had been frozen after the decision."""
    with acting_for(case.buyer.lead):
        row = model.objects.order_by("-created_at").first()
        plain = json.loads(row.record)
        change(plain)
        row.pk, row.number = None, row.number + 1
        row.record, row.digest = json.dumps(plain), "f" * 64
        row.save(force_insert=True)


def test_a_ranking_frozen_after_the_proposal_needs_a_new_proposal(case):
    replaced(case, Ranking, lambda plain: plain["warnings"].clear())
    with pytest.raises(WrongState, match="Send it back and propose again"):
        again(case, "decision_report")


def test_a_ranking_with_other_prices_than_the_adopted_ones_is_not_reported(case):
    def dearer(plain):
        plain["result"]["quotes"][0]["present_value"] = "1.00"

    replaced(case, Comparison, dearer)
    with pytest.raises(WrongState, match="Freeze it again"):
        again(case, "decision_report")


def test_where_nobody_is_admitted_there_is_nothing_to_report(case):
    replaced(case, Ranking, lambda plain: plain["result"]["winners"].clear())
    for kind in ("scorecard", "decision_report"):
        with pytest.raises(WrongState, match="No bid is admitted"):
            again(case, kind)


# The words of paper are the words of the page


def page_of(case):
    with acting_for(case.buyer.lead) as lead:
        return decisions.walk_page(lead, case.procurement)


def test_the_path_on_paper_shows_the_figures_of_the_page(case):
    page, path = page_of(case), content(case, "decision_report")["path"]
    assert [(one["answer"], one["value"], one["other"]) for one in path["steps"]] == [
        (step.answer, step.value, step.other[0]) for step in page.steps
    ]
    assert "80 points" in [one["value"] for one in path["steps"]]  # with its unit, as on the page
    assert path["conditions"] == list(page.conditions)
    assert path["recommendation"].endswith(page.reason)


def test_what_would_change_the_answer_is_the_same_on_paper_and_on_the_page(case):
    rows = content(case, "decision_report")["changes"]
    facts = [row for row in rows if not row["fact"].startswith("Weight of ")]
    assert [(row["fact"], row["now"], row["threshold"], row["then"]) for row in facts] == [
        (one.fact, one.now, one.to, one.then)
        for one in (*page_of(case).changes, *page_of(case).if_shown)
    ]


def first(case):
    return next(row for row in record(case, Ranking)["result"]["vendors"] if row["rank"] == 1)


def baseline(case):
    return record(case, Comparison)["result"]["baseline"]["quotes"]


def test_the_saving_and_the_parts_of_cost_read_as_on_the_page_of_prices(case):
    report = content(case, "decision_report")
    saving = next(one["saving_share"] for one in baseline(case) if one["id"] == first(case)["id"])
    titles = [entry["title"] for entry in report["reasons_for"]["entries"]]
    assert f"{percentage(saving, 1)} below today's cost" in titles
    assert set(report["prices"]["parts"]) == {str(label) for label, _parts in words.STACK}
    labels = [row["label"] for row in report["prices"]["bridge"]["rows"]]
    assert labels == [str(name) for name in words.PARTS.values() if str(name) in labels]
