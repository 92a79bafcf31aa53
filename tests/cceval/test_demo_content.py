"""The demo case, read without any loader: who, what and how much has to be whole before it is seeded."""

from decimal import Decimal
from itertools import pairwise

import pytest

from apps.engine.decision.facts import FACTS
from apps.engine.pricing.models import PRICING_MODELS
from tests.cceval.demo_files import (
    ASKED,
    CASE,
    DEMO,
    EVALUATORS,
    FRAMEWORK,
    MANUAL,
    PEOPLE,
    QUESTION,
    QUESTIONNAIRE,
    SCORED,
    SECOND,
    SECTION_OF,
    TREE,
    VENDORS,
    contacts,
    fits,
)

# --- the questions asked ---


def test_every_code_asked_exists_and_stands_in_the_order_of_the_questionnaire() -> None:
    order = list(QUESTION)
    places = [order.index(code) for code in ASKED]
    assert all(before < after for before, after in pairwise(places))


def test_about_44_quality_questions_cover_all_15_sections_with_two_or_more_each() -> None:
    quality = [code for code in ASKED if SECTION_OF[code]["envelope"] == "technical"]
    per_section = {
        section["code"]: sum(SECTION_OF[code] is section for code in quality)
        for section in QUESTIONNAIRE["sections"]
        if section["envelope"] == "technical"
    }
    assert 40 <= len(quality) <= 48
    assert min(per_section.values()) >= 2
    assert {SECTION_OF[code]["code"] for code in SCORED} == set(per_section)


def test_every_domain_of_the_vendor_matrix_is_scored() -> None:
    domains = {QUESTION[code]["domain"] for code in SCORED}
    assert domains == {"technology", "scalability", "security", "analytics", "culture"}


def test_the_weights_are_those_of_the_public_notice() -> None:
    assert [line["weight"] for line in CASE["source"]["criteria"]] == ["60", "40"]
    assert (CASE["rfp"]["quality_weight"], CASE["rfp"]["price_weight"]) == ("60", "40")
    assert (CASE["rfp"]["term_months"], CASE["rfp"]["extension_months"]) == (36, 24)


def test_the_file_names_its_source_and_says_what_is_fictional() -> None:
    assert CASE["source"]["ocid"] == "ocds-h6vhtk-02bdcf"
    assert CASE["source"]["reference"] == "MT Ref 223158"
    assert CASE["source"]["licence"] == "Open Government Licence v3.0"
    assert "fictional" in CASE["source"]["note"]
    for path in DEMO.glob("vendors_*.toml"):
        assert "fictional" in path.read_text(encoding="utf-8").splitlines()[0]


def test_facts_are_among_the_options_of_the_questionnaire() -> None:
    assert list(CASE["rfp"]["facts"]) == list(QUESTIONNAIRE["facts"])
    for key, value in CASE["rfp"]["facts"].items():
        options = QUESTIONNAIRE["facts"][key].get("options", [True, False])
        assert set(value if isinstance(value, list) else [value]) <= set(options)


# --- the people ---


def test_every_role_is_held_and_two_people_open() -> None:
    held = [role for person in PEOPLE.values() for role in person["roles"]]
    assert set(held) == {
        *("lead", "evaluator", "moderator", "opener", "approver", "executive", "auditor"),
    }
    assert held.count("evaluator") == 3
    assert held.count("opener") == CASE["rfp"]["opening_shares"] == 2


def test_proposer_and_approver_are_different_people_with_the_right_roles() -> None:
    assert PEOPLE[CASE["decision"]["proposed_by"]]["roles"] == ["lead"]
    assert PEOPLE[CASE["decision"]["approved_by"]]["roles"] == ["approver"]


def test_every_scored_section_has_at_least_two_evaluators() -> None:
    for section in {SECTION_OF[code]["code"] for code in MANUAL}:
        assert sum(section in PEOPLE[key]["sections"] for key in EVALUATORS) >= 2


def test_addresses_are_unique_and_under_a_reserved_name() -> None:
    bidders = [person for vendor in VENDORS.values() for person in vendor["people"]]
    addresses = [person["email"] for person in (*CASE["people"], *bidders)]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith(".example") for address in addresses)
    assert all(person["email"].endswith("@weirvalley.example") for person in CASE["people"])


def test_every_vendor_has_one_owner_and_a_respondent() -> None:
    for vendor in VENDORS.values():
        assert [person["role"] for person in vendor["people"]] == ["owner", "respondent"]


# --- the workload ---


def test_the_workload_is_closed_in_office_hours_and_open_at_night_and_at_weekends() -> None:
    week = contacts()
    closed = [index for index, volume in enumerate(week) if volume == 0]
    assert closed == [day * 48 + half for day in range(5) for half in range(18, 34)]


def test_the_week_holds_1400_contacts_with_its_peak_on_weekday_evenings() -> None:
    week = contacts()
    assert abs(sum(week) - 1400) < Decimal("0.5")
    assert week.index(max(week)) == 35
    assert week[35] == Decimal("17.89")


def test_winter_months_carry_most_and_the_factors_average_one() -> None:
    factors = [Decimal(factor) for factor in CASE["workload"]["seasonality"]]
    assert len(factors) == 12
    assert abs(sum(factors) / 12 - 1) < Decimal("0.005")
    assert max(range(12), key=factors.__getitem__) == 9  # the tenth month from April: January


# --- readiness and decision ---


def test_every_question_of_the_readiness_framework_is_answered_with_evidence() -> None:
    asked = {q["slug"]: q for d in FRAMEWORK["dimensions"] for q in d["questions"]}
    answers = CASE["readiness"]["answers"]
    assert CASE["readiness"]["framework"] == FRAMEWORK["slug"]
    assert {answer["question"] for answer in answers} == set(asked)
    assert len(answers) == len(asked)
    for answer in answers:
        assert 0 <= answer["level"] < len(asked[answer["question"]]["levels"])
        assert answer["evidence"].endswith(".")


def test_statements_name_facts_that_a_person_may_state_with_their_source() -> None:
    assert CASE["decision"]["tree"] == TREE["slug"]
    for statement in CASE["decision"]["statements"]:
        assert FACTS[statement["fact"]].origin.value == "statement"
        assert statement["source"].endswith(".")


# --- the other procurements ---


def test_the_second_procurement_has_weights_of_100_over_the_sections_it_asks() -> None:
    rfp = SECOND["rfp"]
    sections = {
        SECTION_OF[code]["code"]
        for code in rfp["questions"]
        if SECTION_OF[code]["envelope"] == "technical"
    }
    assert set(rfp["section_weights"]) == sections
    assert sum(map(int, rfp["section_weights"].values())) == 100


def test_the_first_bid_of_the_second_procurement_is_complete() -> None:
    bid = SECOND["vendors"][0]
    assert (bid["key"], bid["state"]) == ("castellan", "submitted")
    assert list(bid["answers"]) == SECOND["rfp"]["questions"]


def test_the_other_bid_is_about_60_per_cent_drafted_with_one_answer_to_correct() -> None:
    bid, asked = SECOND["vendors"][1], SECOND["rfp"]["questions"]
    wrong = bid["invalid"][0]
    assert (bid["key"], bid["state"]) == ("northmoor", "draft")
    assert len(bid["answers"]) / len(asked) == pytest.approx(0.6, abs=0.05)
    assert set(bid["answers"]) < set(asked)
    assert wrong["question"] in asked
    assert wrong["question"] not in bid["answers"]
    assert not fits(QUESTION[wrong["question"]], wrong["raw"])


def test_answers_of_the_second_procurement_are_of_their_kind_and_nobody_is_excluded() -> None:
    for bid in SECOND["vendors"]:
        for code, raw in bid["answers"].items():
            assert fits(QUESTION[code], raw)
    channels = set(SECOND["rfp"]["facts"]["channels"])
    assert channels.isdisjoint(QUESTION["8.01"]["knockout"]["channels"])


def test_the_price_of_the_second_procurement_is_read_by_the_engine() -> None:
    sheet = SECOND["vendors"][0]["price_sheet"]
    assert sheet["model"] in SECOND["rfp"]["pricing_models"]
    PRICING_MODELS[sheet["model"]].read_rates(sheet["rates"])


def test_the_draft_has_weights_that_do_not_yet_add_up() -> None:
    rfp = SECOND["draft"]["rfp"]
    assert rfp["state"] == "draft"
    assert sum(map(int, rfp["section_weights"].values())) == 95
    assert set(rfp["questions"]) <= set(QUESTION)
