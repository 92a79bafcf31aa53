"""The bids of the demo case and their scores, read without any loader."""

import re
from decimal import Decimal
from typing import Any

import pytest

from apps.engine.pricing.models import PRICING_MODELS
from tests.cceval.demo_files import (
    ADMITTED,
    ASKED,
    CASE,
    EVALUATORS,
    MANUAL,
    PEOPLE,
    QUESTION,
    SCORES,
    SECTION_OF,
    VENDORS,
    fits,
    knocked_out,
)


def answers_of_the_demo() -> list[tuple[str, str]]:
    return [(key, code) for key, vendor in VENDORS.items() for code in vendor["answers"]]


# --- the answers ---


def test_every_vendor_answers_every_question_asked_and_no_other() -> None:
    for vendor in VENDORS.values():
        assert list(vendor["answers"]) == ASKED


@pytest.mark.parametrize(("vendor", "code"), answers_of_the_demo())
def test_an_answer_is_of_the_kind_its_question_asks_for(vendor: str, code: str) -> None:
    assert fits(QUESTION[code], VENDORS[vendor]["answers"][code])


@pytest.mark.parametrize(
    ("vendor", "code"),
    [(v, c) for v, c in answers_of_the_demo() if QUESTION[c]["kind"] == "text_long"],
)
def test_a_long_answer_has_40_to_120_words_and_keeps_the_limit(vendor: str, code: str) -> None:
    words = len(VENDORS[vendor]["answers"][code].split())
    assert 40 <= words <= min(120, QUESTION[code]["word_limit"])


def test_no_two_vendors_give_the_same_long_answer() -> None:
    for code in ASKED:
        if QUESTION[code]["kind"] == "text_long":
            assert len({vendor["answers"][code] for vendor in VENDORS.values()}) == 4


def test_required_evidence_is_there() -> None:
    for vendor in VENDORS.values():
        shown = {piece["question"] for piece in vendor["evidence"]}
        asked = {code for code in ASKED if QUESTION[code]["evidence_required"]}
        assert asked <= shown <= set(ASKED)


def test_file_names_are_unique_within_a_bid() -> None:
    for vendor in VENDORS.values():
        files = [answer for answer in vendor["answers"].values() if isinstance(answer, dict)]
        names = [file["name"] for file in (*files, *vendor["evidence"])]
        assert len(set(names)) == len(names)


def test_only_northmoor_is_knocked_out_and_only_by_its_breach_notice() -> None:
    found = {key: knocked_out(vendor) for key, vendor in VENDORS.items()}
    assert found == {"velora": [], "castellan": [], "tamarind": [], "northmoor": ["11.14"]}


def test_clarifications_are_asked_by_vendors_and_answered_by_the_lead() -> None:
    for item in CASE["clarifications"]:
        askers = {person["key"] for person in VENDORS[item["vendor"]]["people"]}
        assert item["asked_by"] in askers
        assert PEOPLE[item["answered_by"]]["roles"] == ["lead"]


# --- the prices ---


def test_each_vendor_quotes_under_another_pricing_model() -> None:
    models = [vendor["price_sheet"]["model"] for vendor in VENDORS.values()]
    assert sorted(models) == sorted(CASE["rfp"]["pricing_models"])


@pytest.mark.parametrize("sheet", [v["price_sheet"] for v in VENDORS.values()] + [CASE["in_house"]])
def test_the_engine_reads_the_rates(sheet: dict[str, Any]) -> None:
    model = PRICING_MODELS[sheet["model"]]
    assert set(sheet["rates"]) <= {field.name for field in model.fields}
    model.read_rates(sheet["rates"])


@pytest.mark.parametrize("sheet", [v["price_sheet"] for v in VENDORS.values()] + [CASE["in_house"]])
def test_shrinkage_has_a_base_and_stays_below_half(sheet: dict[str, Any]) -> None:
    parts = [Decimal(part["share"]) for part in sheet["shrinkage"]["parts"]]
    assert sheet["shrinkage"]["base"] in {"additive", "sequential"}
    assert Decimal("0.2") <= sum(parts) <= Decimal("0.5")


def test_the_shrinkage_of_a_quote_is_the_one_the_bid_states() -> None:
    for vendor in VENDORS.values():
        stated = [(row["Part"], Decimal(row["Share"])) for row in vendor["answers"]["6.03"]]
        quoted = [
            (part["name"], Decimal(part["share"]) * 100)
            for part in vendor["price_sheet"]["shrinkage"]["parts"]
        ]
        assert stated == quoted


def test_the_buyer_states_its_assumptions_for_every_vendor() -> None:
    assert set(CASE["assumptions"]["vendors"]) == set(VENDORS)
    assert CASE["assumptions"]["months"] == CASE["rfp"]["term_months"]


# --- the scores ---


def test_every_manual_question_of_every_admitted_bid_is_scored_once() -> None:
    cells = [(cell["question"], cell["vendor"]) for cell in SCORES["cells"]]
    assert cells == [(code, vendor) for code in MANUAL for vendor in ADMITTED]


@pytest.mark.parametrize("cell", SCORES["cells"], ids=lambda c: f"{c['question']}-{c['vendor']}")
def test_a_cell_has_a_score_with_a_reason_from_each_assigned_evaluator(
    cell: dict[str, Any],
) -> None:
    section = SECTION_OF[cell["question"]]["code"]
    assigned = [key for key in EVALUATORS if section in PEOPLE[key]["sections"]]
    assert [score["evaluator"] for score in cell["scores"]] == assigned
    for score in (*cell["scores"], cell["consensus"]):
        assert score["value"] in range(6)
        assert len(score["reason"].split()) >= 3
        assert score["reason"].endswith(".")


@pytest.mark.parametrize("cell", SCORES["cells"], ids=lambda c: f"{c['question']}-{c['vendor']}")
def test_a_consensus_lies_within_what_the_evaluators_gave(cell: dict[str, Any]) -> None:
    given = [score["value"] for score in cell["scores"]]
    assert min(given) <= cell["consensus"]["value"] <= max(given)
    assert len({score["reason"] for score in cell["scores"]}) == len(given)


def test_evaluators_differ_often_enough_to_need_a_moderator() -> None:
    differing = [c for c in SCORES["cells"] if len({s["value"] for s in c["scores"]}) > 1]
    assert len(SCORES["cells"]) == 72
    assert len(differing) == 21


def test_no_reason_compares_bids_or_names_a_vendor() -> None:
    names = re.compile(
        r"velora|castellan|tamarind|northmoor|\bbid [a-d]\b|other bid", re.IGNORECASE
    )
    reasons = [s["reason"] for c in SCORES["cells"] for s in (*c["scores"], c["consensus"])]
    assert [reason for reason in reasons if names.search(reason)] == []
