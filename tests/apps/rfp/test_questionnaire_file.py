"""The shipped questionnaire, read as the file it is: a slip here reaches every RFP made from it."""

import tomllib
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from apps.core import files

FILE = Path(__file__).resolve().parents[3] / "apps/rfp/questionnaires/bpo_voice_support.toml"
CONTENT: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
SECTIONS: list[dict[str, Any]] = CONTENT["sections"]
QUESTIONS: list[dict[str, Any]] = list(chain.from_iterable(s["questions"] for s in SECTIONS))
BY_CODE = {question["code"]: question for question in QUESTIONS}
FACTS: dict[str, dict[str, Any]] = CONTENT["facts"]

DOMAINS = {"technology", "scalability", "security", "analytics", "culture"}
KINDS = {
    *("text_short", "text_long", "yes_no", "single_choice", "multi_choice", "number", "percent"),
    *("currency", "date", "file", "table", "matrix", "price_table"),
}
TABLES = {"table", "matrix", "price_table"}
CHOICES = {"single_choice", "multi_choice"}
LEVELS = ["0", "1", "2", "3", "4", "5"]
KNOCKOUT_OPS = {"equals", "not_equals", "less_than", "greater_than", "missing", "lacks"}
AUTO_OPS = {
    *("equals", "less_than", "at_most", "greater_than", "at_least", "between"),
    *("includes", "includes_fact", "count_at_least", "otherwise"),
}
NUMERIC = {"number", "percent"}

# What the product asks beyond the 150 topics it started from, by the framework that asks for it.
ADDED = {
    "4.15": "Culture and values",
    "5.12": "Incubation sandbox",
    "5.13": "Parallel pilot",
    "5.15": "Daily calibration",
    "5.16": "Knowledge cleansing",
    "5.17": "Documentation first",
    "5.18": "Transformation charter",
    "7.12": "Contacts analysed by software",
    "7.13": "Sentiment on every contact",
    "7.14": "Revenue quota",
    "7.15": "Revenue recovered",
    "7.16": "Save desk",
    "9.14": "Context at the desk",
    "11.18": "Zero-trust access",
    "11.19": "Thin clients",
    "11.20": "No data at rest locally",
    "11.21": "Entry to the production floor",
    "11.22": "View of security posture",
    "11.23": "Voice biometrics",
}


def choices_of(question: dict[str, Any]) -> list[str]:
    return ["Yes", "No"] if question["kind"] == "yes_no" else question["options"]


def knockout_parts() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every single knock-out test with the question whose answer it reads."""
    parts = []
    for question in QUESTIONS:
        rule = question.get("knockout")
        if rule is None:
            continue
        tests = rule.get("all", [{"question": question["code"], **rule}])
        parts += [(test, BY_CODE[test["question"]]) for test in tests]
    return parts


def with_mode(mode: str) -> list[dict[str, Any]]:
    return [question for question in QUESTIONS if question["mode"] == mode]


def test_the_slug_is_the_file_name() -> None:
    assert CONTENT["slug"] == FILE.stem


def test_the_file_calls_its_figures_defaults_and_names_its_licence() -> None:
    assert "defaults" in CONTENT["note"]
    assert "not benchmarks" in CONTENT["note"]
    assert CONTENT["licence"] == "Apache-2.0"


def test_section_weights_add_up_to_exactly_100_without_the_priced_section() -> None:
    technical = [s["weight"] for s in SECTIONS if s["envelope"] == "technical"]
    commercial = [s["weight"] for s in SECTIONS if s["envelope"] == "commercial"]
    assert sum(map(int, technical)) == 100
    assert commercial == ["0"]


def test_there_are_16_sections_and_at_least_150_questions() -> None:
    assert [section["code"] for section in SECTIONS] == [str(n) for n in range(1, 17)]
    assert len(QUESTIONS) >= 150


def test_no_code_occurs_twice_and_each_stands_in_order_under_its_section() -> None:
    for section in SECTIONS:
        codes = [question["code"] for question in section["questions"]]
        numbers = [int(code.removeprefix(f"{section['code']}.")) for code in codes]
        assert numbers == list(range(1, len(numbers) + 1))


def test_no_two_questions_ask_the_same() -> None:
    assert [text for text, n in Counter(q["text"] for q in QUESTIONS).items() if n > 1] == []


def test_every_question_has_a_known_kind_and_mode_and_a_domain_of_the_vendor_matrix() -> None:
    assert {question["kind"] for question in QUESTIONS} == KINDS
    assert {question["mode"] for question in QUESTIONS} == {"manual", "auto", "info", "price"}
    for section in SECTIONS:
        allowed = {"commercial"} if section["envelope"] == "commercial" else DOMAINS
        assert {section["domain"], *(q["domain"] for q in section["questions"])} <= allowed


def test_every_domain_of_the_vendor_matrix_is_asked_about() -> None:
    assert {question["domain"] for question in QUESTIONS} >= DOMAINS


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q["code"])
def test_a_question_carries_what_its_kind_and_mode_need(question: dict[str, Any]) -> None:
    assert question["text"].endswith(("?", "."))
    assert (question["kind"] in CHOICES | TABLES | {"file"}) == ("options" in question)
    assert (question["kind"] in NUMERIC | {"currency"}) == ("unit" in question)
    assert question["kind"] in {"text_short", "text_long"} or "word_limit" not in question
    assert (question["mode"] == "auto") == ("auto" in question)
    assert (question["mode"] in {"manual", "auto"}) == (int(question["weight"]) > 0)
    assert isinstance(question["required"], bool)
    assert isinstance(question["evidence_required"], bool)


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if q["kind"] in TABLES], ids=lambda q: q["code"]
)
def test_a_table_names_its_columns_with_a_kind(question: dict[str, Any]) -> None:
    names = [column["name"] for column in question["options"]]
    assert len(set(names)) == len(names) >= 2
    assert {column["kind"] for column in question["options"]} <= KINDS - TABLES | {"year"}
    years = [column["kind"] for column in question["options"] if "year" in column["name"].split()]
    assert set(years) <= {"year"}


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if q["kind"] == "file"], ids=lambda q: q["code"]
)
def test_a_file_question_asks_for_kinds_that_the_portal_takes(question: dict[str, Any]) -> None:
    assert {f".{kind}" for kind in question["options"]} <= set(files.KINDS)


@pytest.mark.parametrize("question", with_mode("manual"), ids=lambda q: q["code"])
def test_a_manual_question_has_six_different_anchors(question: dict[str, Any]) -> None:
    rubric = question["rubric"]
    assert list(rubric) == LEVELS
    assert len(set(rubric.values())) == 6
    assert all(anchor.endswith(".") for anchor in rubric.values())


@pytest.mark.parametrize("question", with_mode("auto"), ids=lambda q: q["code"])
def test_automatic_rules_cover_the_scale(question: dict[str, Any]) -> None:
    rules = question["auto"]
    levels = {rule["level"] for rule in rules}
    assert {rule["op"] for rule in rules} <= AUTO_OPS
    assert levels <= set(range(6))
    assert {0, 5} <= levels
    assert [rule["op"] for rule in rules].count("otherwise") == 1
    assert rules[-1] == {"level": 0, "op": "otherwise"}


def test_automatic_rules_on_choices_name_choices_that_exist() -> None:
    for question in with_mode("auto"):
        for rule in question["auto"]:
            if rule["op"] == "equals":
                assert rule["value"] in choices_of(question)
            if rule["op"] == "includes":
                assert set(rule["value"]) <= set(choices_of(question))
            if rule["op"] == "includes_fact":
                assert FACTS[rule["value"]]["options"] == question["options"]


def test_automatic_rules_on_figures_use_figures() -> None:
    for question in with_mode("auto"):
        for rule in question["auto"]:
            if rule["op"] in {"less_than", "at_most", "greater_than", "at_least"}:
                assert question["kind"] in NUMERIC
                assert float(rule["value"]) >= 0
            if rule["op"] == "between":
                low, high = map(float, rule["value"])
                assert low < high


def test_every_condition_refers_to_a_question_or_a_fact_that_exists() -> None:
    for question in QUESTIONS:
        rule = question.get("show_if")
        if rule is None:
            continue
        if "fact" in rule:
            fact = FACTS[rule["fact"]]
            allowed = fact.get("options", [True, False])
            assert rule["value"] in allowed
        else:
            codes = list(BY_CODE)
            assert codes.index(rule["question"]) < codes.index(question["code"])


def test_every_knock_out_refers_to_an_answer_that_can_be_given() -> None:
    for rule, asked in knockout_parts():
        assert rule["op"] in KNOCKOUT_OPS
        if rule["op"] in {"equals", "lacks"}:
            assert rule["value"] in choices_of(asked)
        if rule["op"] in {"less_than", "greater_than"}:
            assert float(rule["value"]) > 0


def test_every_knock_out_gives_a_reason() -> None:
    reasons = [q["knockout"]["reason"] for q in QUESTIONS if "knockout" in q]
    assert len(reasons) == 20
    assert all(reason.endswith(".") for reason in reasons)


def test_voice_not_offered_excludes_only_where_voice_is_in_scope() -> None:
    assert BY_CODE["8.01"]["knockout"]["channels"] == ["Voice"]
    assert set(BY_CODE["8.01"]["knockout"]["channels"]) <= set(FACTS["channels"]["options"])


def test_neither_soc_2_nor_iso_27001_is_one_knock_out_over_two_answers() -> None:
    assert BY_CODE["11.01"]["knockout"]["all"] == [
        {"question": "11.01", "op": "equals", "value": "No"},
        {"question": "11.02", "op": "equals", "value": "No"},
    ]


def test_the_ramp_question_asks_for_50_agents_sourced_vetted_and_trained_in_30_days() -> None:
    text = BY_CODE["5.01"]["text"]
    assert "50 full-time agents sourced, vetted and trained within 30 days" in text


@pytest.mark.parametrize(("code", "topic"), ADDED.items())
def test_a_topic_the_frameworks_ask_for_is_present(code: str, topic: str) -> None:
    assert BY_CODE[code]["topic"] == topic


def test_voice_biometrics_are_asked_only_where_the_industry_asks_for_them() -> None:
    assert BY_CODE["11.23"]["show_if"] == {
        "fact": "vertical",
        "op": "equals",
        "value": "Banking and financial services",
    }


def test_facts_have_a_kind_and_a_default_among_their_options() -> None:
    assert list(FACTS) == [
        *("regulated", "takes_card_payments", "handles_health_data"),
        *("crm", "vertical", "channels"),
    ]
    for fact in FACTS.values():
        if fact["kind"] == "bool":
            assert fact["default"] is False
        elif fact["kind"] == "single_choice":
            assert fact["default"] in fact["options"]
        else:
            assert fact["kind"] == "multi_choice"
            assert set(fact["default"]) <= set(fact["options"])
