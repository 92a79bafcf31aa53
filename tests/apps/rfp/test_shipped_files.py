"""Every shipped questionnaire and pack, read as the file it is: a slip here reaches every RFP."""

import itertools
import re
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.core import files
from apps.rfp import answers
from apps.rfp.services.questions import DOMAINS
from apps.rfp.states import AnswerKind
from tests.apps.rfp.answers.asking import Ask

ROOT = Path(__file__).resolve().parents[3] / "apps/rfp"
QUESTIONNAIRES = sorted((ROOT / "questionnaires").glob("*.toml"))
PACKS = sorted((ROOT / "packs").glob("*.toml"))
CONTENT: dict[str, dict[str, Any]] = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in QUESTIONNAIRES + PACKS
}
BASE = [path.stem for path in QUESTIONNAIRES]
ADDED = [path.stem for path in PACKS]
FACTS = CONTENT["bpo_voice_support"]["facts"]
TABLES, CHOICES = {"table", "matrix", "price_table"}, {"single_choice", "multi_choice"}
each = pytest.mark.parametrize("slug", CONTENT)


def questions(slug: str) -> list[dict[str, Any]]:
    return [one for section in CONTENT[slug]["sections"] for one in section["questions"]]


ALL = [(slug, one) for slug in CONTENT for one in questions(slug)]


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_the_files_are_those_that_the_start_page_promises():
    assert [
        *("ai_assisted_service", "back_office", "bpo_voice_support", "digital_and_chat"),
    ] == BASE
    assert ADDED == ["automotive", "banking", "healthcare", "retail"]


@each
def test_a_file_names_itself_its_licence_and_that_its_figures_are_defaults(slug):
    content = CONTENT[slug]
    assert (content["slug"], content["licence"]) == (slug, "Apache-2.0")
    assert "defaults" in content["note"]
    assert "not benchmarks" in content["note"]


@pytest.mark.parametrize("slug", BASE)
def test_a_questionnaire_asks_enough_and_its_weights_add_up_to_100(slug):
    sections = CONTENT[slug]["sections"]
    assert 60 <= len(questions(slug)) <= 186
    technical = [Decimal(s["weight"]) for s in sections if s["envelope"] == "technical"]
    assert sum(technical) == 100
    assert [s["weight"] for s in sections if s["envelope"] == "commercial"] == ["0"]
    assert [s["code"] for s in sections] == [str(n) for n in range(1, len(sections) + 1)]


@pytest.mark.parametrize("slug", BASE)
def test_all_questionnaires_ask_the_same_facts_so_that_every_pack_fits(slug):
    found = CONTENT[slug]["facts"]
    strip = lambda facts: {  # noqa: E731 -- one expression
        key: {name: value for name, value in one.items() if name != "default"}
        for key, one in facts.items()
    }
    assert strip(found) == strip(FACTS)
    assert set(found["channels"]["default"]) <= set(FACTS["channels"]["options"])


@pytest.mark.parametrize("slug", ADDED)
def test_a_pack_collides_with_no_questionnaire_and_no_other_pack(slug):
    assert 15 <= len(questions(slug)) <= 30
    own = {one["code"] for one in questions(slug)} | {s["code"] for s in CONTENT[slug]["sections"]}
    for other in CONTENT:
        if other != slug:
            taken = {one["code"] for one in questions(other)}
            assert not own & (taken | {s["code"] for s in CONTENT[other]["sections"]})


@each
def test_codes_run_in_order_under_their_section(slug):
    for section in CONTENT[slug]["sections"]:
        codes = [one["code"] for one in section["questions"]]
        assert codes == [f"{section['code']}.{n:02}" for n in range(1, len(codes) + 1)]
        assert max(map(len, codes)) <= 12


def test_no_two_questions_anywhere_ask_with_the_same_words():
    asked = Counter(words(one["text"]) for _slug, one in ALL)
    assert [text for text, n in asked.items() if n > 1] == []


@each
def test_topics_are_told_apart(slug):
    topics = Counter(one["topic"] for one in questions(slug))
    assert [topic for topic, n in topics.items() if n > 1] == []


@each
def test_a_question_asks_one_thing_and_carries_what_its_kind_needs(slug):
    for one in questions(slug):
        assert one["text"].endswith(("?", "."))
        assert one["text"].count("?") <= 1
        assert one["kind"] in AnswerKind.values
        assert one["domain"] in DOMAINS
        assert (one["kind"] in CHOICES | TABLES | {"file"}) == ("options" in one)
        assert (one["kind"] in {"number", "percent", "currency"}) == ("unit" in one)
        assert (one["mode"] in {"manual", "auto"}) == (Decimal(one["weight"]) > 0)
        if one["kind"] == "file":
            assert {f".{kind}" for kind in one["options"]} <= set(files.KINDS)


@each
def test_a_question_scored_by_hand_has_six_different_anchors(slug):
    for one in questions(slug):
        if one["mode"] != "manual":
            continue
        assert list(one["rubric"]) == list("012345")
        assert len(set(one["rubric"].values())) == 6
        assert all(anchor.endswith(".") for anchor in one["rubric"].values())


@each
def test_rules_of_automatic_scoring_reach_from_0_to_5(slug):
    for one in questions(slug):
        if one["mode"] != "auto":
            continue
        levels = [rule["level"] for rule in one["auto"]]
        assert one["auto"][-1] == {"level": 0, "op": "otherwise"}
        assert {0, 5} <= set(levels) <= set(range(6))
        for rule in one["auto"]:
            if rule["op"] == "equals":
                given = ["Yes", "No"] if one["kind"] == "yes_no" else one["options"]
                assert rule["value"] in given
            if rule["op"] == "count_at_least":
                assert 1 <= int(rule["value"]) <= len(one["options"])
        bounds = [
            (rule["op"], Decimal(rule["value"]))
            for rule in one["auto"]
            if rule["op"] in {"less_than", "at_most", "greater_than", "at_least"}
        ]
        for (op, here), (_op, there) in itertools.pairwise(bounds):
            rising = op in {"less_than", "at_most"}
            assert here <= there if rising else here >= there


@each
def test_a_knock_out_gives_its_reason_and_a_condition_asks_about_something_known(slug):
    for one in questions(slug):
        rule = one.get("knockout")
        if rule:
            assert rule["reason"].endswith(".")
        condition = one.get("show_if")
        if condition and "fact" in condition:
            assert condition["value"] in FACTS[condition["fact"]].get("options", [True, False])
        elif condition:
            assert condition["question"] in {other["code"] for other in questions(slug)}


def fires_and_passes(test: dict[str, Any], asked: dict[str, Any]) -> tuple[Any, Any]:
    """An answer for which a knock-out holds, and one for which it does not."""
    op, value = test["op"], test.get("value")
    if op in {"less_than", "greater_than"}:
        limit = int(value)
        wrong = limit - 1 if op == "less_than" else limit + 1
        if asked["kind"] in TABLES:
            return [{"Row": "x"}] * wrong, [{"Row": "x"}] * limit
        return str(wrong), str(limit)
    if op == "missing":
        return None, [{"name": "plan.pdf"}]
    if op == "lacks":
        return [one for one in asked["options"] if one != value], [value]
    given = ["Yes", "No"] if asked["kind"] == "yes_no" else asked["options"]
    other = next(one for one in given if one != value)
    return (value, other) if op == "equals" else (other, value)


@each
def test_a_knock_out_excludes_when_it_should_and_only_then(slug):
    for one in questions(slug):
        if "knockout" not in one:
            continue
        known = {other["code"]: other for other in questions(slug)}
        tests = one["knockout"].get("all", [{"question": one["code"], **one["knockout"]}])
        pairs = {
            test["question"]: fires_and_passes(test, known[test["question"]]) for test in tests
        }
        ask = Ask(
            code=one["code"],
            kind=one["kind"],
            options=one.get("options", ()),
            knockout=one["knockout"],
            condition={},
        )
        facts = {"channels": FACTS["channels"]["options"]}
        wrong = {code: pair[0] for code, pair in pairs.items()}
        assert answers.knocked_out(ask, wrong, facts)
        for code, pair in pairs.items():
            assert not answers.knocked_out(ask, {**wrong, code: pair[1]}, facts)


@pytest.mark.parametrize("slug", BASE)
def test_what_essential_asks_is_30_scored_questions_and_at_most_6_knock_outs(slug):
    marked = CONTENT[slug]["essential"]
    known = {one["code"]: one for one in questions(slug)}
    kept = [known[code] for code in marked["codes"]]
    assert len(set(marked["codes"])) == len(kept)
    scored = [one for one in kept if one["mode"] in {"manual", "auto"}]
    assert len(scored) == 30
    assert 1 <= sum("knockout" in one for one in kept) <= 6
    for one in kept:
        tests = [one.get("show_if", {}), *one.get("knockout", {}).get("all", [])]
        assert {t["question"] for t in tests if "question" in t} <= set(marked["codes"])
    weighed = {one["code"].split(".")[0] for one in scored}
    assert set(marked["weights"]) == weighed
    assert sum(map(Decimal, marked["weights"].values())) == 100
