"""The demo's answers under the product's own reading of answers, knock-outs and marks by rule."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from apps.core.errors import Incomplete
from apps.rfp.answers.kinds import parse
from apps.rfp.answers.ruling import (
    auto_level,
    check_auto,
    check_condition,
    check_knockout,
    knocked_out,
)
from apps.rfp.answers.values import Question, Value
from tests.cceval.demo_files import (
    ADMITTED,
    ASKED,
    CASE,
    QUESTION,
    QUESTIONNAIRE,
    SECOND,
    VENDORS,
)

FACTS = CASE["rfp"]["facts"]


def as_question(code: str) -> Question:
    """A question of the file in the shape the product reads."""
    raw = QUESTION[code]
    names = ("code", "kind", "knockout", "auto")
    known = {name: raw[name] for name in names if name in raw}
    empty = {"knockout": {}, "auto": ()}
    return cast(
        "Question",
        SimpleNamespace(
            options=raw.get("options", ()),
            unit=raw.get("unit", ""),
            word_limit=raw.get("word_limit"),
            limits=raw.get("limits", {}),
            allows_na=raw.get("allows_na", False),
            condition=raw.get("show_if", {}),
            **{**empty, **known},
        ),
    )


def as_answer(code: str, raw: Any) -> Value:
    """What is stored; of a file its facts, since its bytes are made by the seeder."""
    if QUESTION[code]["kind"] == "file":
        return parse(as_question(code), [{"name": raw["name"], "sha256": "0" * 64, "size": 1}])
    return parse(as_question(code), raw)


def answers(vendor: str) -> dict[str, Value]:
    return {code: as_answer(code, raw) for code, raw in VENDORS[vendor]["answers"].items()}


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_product_stores_every_answer_as_it_was_written(vendor: str) -> None:
    for code, raw in VENDORS[vendor]["answers"].items():
        stored = as_answer(code, raw)
        if QUESTION[code]["kind"] == "multi_choice":
            assert set(stored) == set(raw)
        elif QUESTION[code]["kind"] != "file":
            assert stored == (raw.strip() if isinstance(raw, str) else raw)


def test_the_product_knocks_out_northmoor_alone() -> None:
    found = {
        vendor: [c for c in ASKED if knocked_out(as_question(c), answers(vendor), FACTS)]
        for vendor in VENDORS
    }
    assert found == {"velora": [], "castellan": [], "tamarind": [], "northmoor": ["11.14"]}


def test_a_bid_without_voice_is_not_knocked_out_where_voice_is_out_of_scope() -> None:
    bid = {code: as_answer(code, raw) for code, raw in SECOND["vendors"][0]["answers"].items()}
    asked = [code for code in SECOND["rfp"]["questions"] if code in bid]
    facts = SECOND["rfp"]["facts"]
    assert [code for code in asked if knocked_out(as_question(code), bid, facts)] == []
    assert knocked_out(as_question("8.01"), bid, FACTS) is True


# Levels by hand from the anchors of the questionnaire.
LEVELS = {
    "1.04": (4, 5, 3),
    "3.06": (5, 5, 5),
    "4.08": (4, 4, 3),
    "4.11": (3, 5, 1),
    "5.14": (5, 5, 0),
    "6.01": (4, 5, 3),
    "7.12": (1, 5, 3),
    "8.01": (5, 5, 5),
    "9.02": (4, 5, 1),
    "10.06": (5, 3, 3),
    "11.01": (1, 5, 5),
    "11.02": (5, 5, 5),
    "11.09": (5, 5, 5),
    "11.14": (5, 5, 3),
    "13.03": (4, 3, 2),
}


def test_marks_by_rule_are_the_levels_of_the_anchors() -> None:
    automatic = [code for code in ASKED if QUESTION[code]["mode"] == "auto"]
    found = {
        code: tuple(
            auto_level(as_question(code), answers(vendor)[code], FACTS) for vendor in ADMITTED
        )
        for code in automatic
    }
    assert found == LEVELS


def check_rules(question: Question) -> None:
    codes, facts = set(QUESTION), set(QUESTIONNAIRE["facts"])
    if question.condition:
        check_condition(question.condition, codes=codes, facts=facts)
    if question.knockout:
        check_knockout(question.knockout, code=question.code, codes=codes, facts=facts)
    if question.auto:
        check_auto(question.auto, lowest=Decimal(0), highest=Decimal(5), facts=facts)


def test_every_rule_of_the_questionnaire_is_one_the_product_can_keep() -> None:
    refused = []
    for code in QUESTION:
        try:
            check_rules(as_question(code))
        except Incomplete as error:
            refused.append((code, str(error)))
    assert refused == []
