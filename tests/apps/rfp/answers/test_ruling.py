"""Conditions, knock-outs and marks by rule."""

from decimal import Decimal

import pytest

from apps.core.errors import Incomplete
from apps.rfp import answers
from apps.rfp.answers import auto_level, knocked_out
from tests.apps.rfp.answers.asking import Ask

REPORTING = Ask(
    code="11.14",
    kind="number",
    knockout={"op": "greater_than", "value": "72", "reason": "Within 72 hours."},
)
SHARES = Ask(
    kind="percent",
    auto=[
        {"level": 5, "op": "between", "value": ["78", "84"]},
        {"level": 4, "op": "between", "value": ["84", "88"]},
        {"level": 2, "op": "at_least", "value": "60"},
        {"level": 1, "op": "greater_than", "value": "50"},
        {"level": 0, "op": "otherwise"},
    ],
)
CHANNELS = Ask(
    kind="multi_choice",
    options=["Voice", "Email", "Chat"],
    auto=[
        {"level": 5, "op": "includes_fact", "value": "channels"},
        {"level": 3, "op": "includes", "value": ["Voice", "Email"]},
        {"level": 1, "op": "count_at_least", "value": "2"},
        {"level": 0, "op": "otherwise"},
    ],
)


def test_a_question_without_a_condition_is_always_asked() -> None:
    assert answers.asked(Ask(), {}, {}) is True


@pytest.mark.parametrize(
    ("rule", "given", "facts", "asked"),
    [
        ({"fact": "crm", "op": "equals", "value": "Zendesk"}, {}, {"crm": "Zendesk"}, True),
        ({"fact": "crm", "op": "equals", "value": "Zendesk"}, {}, {"crm": "Other"}, False),
        ({"fact": "regulated", "op": "equals", "value": True}, {}, {"regulated": True}, True),
        ({"fact": "regulated", "op": "equals", "value": True}, {}, {}, False),
        ({"fact": "regulated", "op": "missing"}, {}, {}, True),
        ({"question": "3.03", "op": "greater_than", "value": "0"}, {"3.03": "0.5"}, {}, True),
        ({"question": "3.03", "op": "greater_than", "value": "0"}, {"3.03": "0"}, {}, False),
        ({"question": "3.03", "op": "greater_than", "value": "0"}, {}, {}, False),
        ({"question": "8.01", "op": "lacks", "value": "Chat"}, {"8.01": ["Voice"]}, {}, True),
    ],
)
def test_a_condition_asks_for_a_fact_or_another_answer(
    rule: dict, given: dict, facts: dict, *, asked: bool
) -> None:
    assert answers.asked(Ask(condition=rule), given, facts) is asked


def test_a_question_without_a_knockout_excludes_nobody() -> None:
    assert knocked_out(Ask(), {"1.01": "No"}, {}) is False


@pytest.mark.parametrize(
    ("answer", "out"), [("72", False), ("72.0", False), ("72.5", True), ("", None), (None, None)]
)
def test_a_limit_excludes_above_it_and_waits_for_an_answer(
    answer: str | None, *, out: bool | None
) -> None:
    assert knocked_out(REPORTING, {} if answer is None else {"11.14": answer}, {}) is out


@pytest.mark.parametrize(
    ("op", "value", "answer", "out"),
    [
        ("equals", "No", "No", True),
        ("equals", "No", "Yes", False),
        ("not_equals", "ISO 27001", "None", True),
        ("less_than", "5", "4.99", True),
        ("lacks", "Identity", ["Work permit"], True),
        ("lacks", "Identity", ["Identity"], False),
        ("missing", None, "", True),
        ("missing", None, "Ana Pires", False),
    ],
)
def test_each_comparison_of_a_knockout(
    op: str, value: object, answer: object, *, out: bool
) -> None:
    question = Ask(knockout={"op": op, "value": value, "reason": "Because."})
    assert knocked_out(question, {"1.01": answer}, {}) is out
    assert answers.reason_of(question) == "Because."


def test_a_missing_file_excludes_and_an_attached_one_does_not() -> None:
    plan = Ask(kind="file", knockout={"op": "missing", "reason": "A plan has to be attached."})
    assert knocked_out(plan, {}, {}) is True
    attached = [{"name": "plan.pdf", "sha256": "ab" * 32, "size": 1}]
    assert knocked_out(plan, {"1.01": attached}, {}) is False


def test_a_table_is_compared_by_its_number_of_rows() -> None:
    referees = Ask(kind="table", knockout={"op": "less_than", "value": "2", "reason": "Two."})
    assert knocked_out(referees, {"1.01": [{"Client": "A"}]}, {}) is True
    assert knocked_out(referees, {"1.01": [{"Client": "A"}, {"Client": "B"}]}, {}) is False
    assert knocked_out(referees, {"1.01": []}, {}) is None


@pytest.mark.parametrize(
    ("scope", "out"), [(["Voice", "Chat"], True), (["Chat"], False), ([], False)]
)
def test_a_knockout_about_channels_counts_only_while_one_of_them_is_in_scope(
    scope: list[str], *, out: bool
) -> None:
    rule = {"op": "lacks", "value": "Voice", "channels": ["Voice"], "reason": "Voice is in scope."}
    assert knocked_out(Ask(knockout=rule), {"1.01": ["Email"]}, {"channels": scope}) is out


def test_a_question_that_is_not_asked_excludes_nobody() -> None:
    card = Ask(
        condition={"fact": "cards", "op": "equals", "value": True},
        knockout={"op": "equals", "value": "No", "reason": "PCI."},
    )
    assert knocked_out(card, {"1.01": "No"}, {"cards": False}) is False
    assert knocked_out(card, {"1.01": "No"}, {"cards": True}) is True


@pytest.mark.parametrize(
    ("given", "out"),
    [
        ({"11.01": "No", "11.02": "No"}, True),
        ({"11.01": "No", "11.02": "Yes"}, False),
        ({"11.01": "Yes"}, False),
        ({"11.01": "No"}, None),
        ({}, None),
    ],
)
def test_a_knockout_over_two_answers_needs_both(given: dict, *, out: bool | None) -> None:
    rule = {
        "all": [
            {"question": "11.01", "op": "equals", "value": "No"},
            {"question": "11.02", "op": "equals", "value": "No"},
        ],
        "reason": "Neither certificate is held.",
    }
    assert knocked_out(Ask(code="11.01", knockout=rule), given, {}) is out


@pytest.mark.parametrize(
    ("answer", "level"),
    [("84", "5"), ("84.01", "4"), ("88", "4"), ("88.01", "2"), ("77.99", "2"), ("60", "2"),
     ("59.99", "1"), ("50", "0"), ("0", "0")],
)  # fmt: skip
def test_a_figure_between_two_anchors_gets_the_lower_level(answer: str, level: str) -> None:
    assert auto_level(SHARES, answer) == Decimal(level)


@pytest.mark.parametrize(
    ("ticked", "level"),
    [
        (["Voice", "Chat"], "5"),
        (["Voice", "Email"], "3"),
        (["Email", "Chat"], "1"),
        (["Chat"], "0"),
    ],
)
def test_choices_are_marked_by_what_is_ticked(ticked: list[str], level: str) -> None:
    assert auto_level(CHANNELS, ticked, {"channels": ["Voice", "Chat"]}) == Decimal(level)


POINTS = [{"op": "points", "value": {"Voice": "3", "Email": "1.5", "Chat": "2"}}]


@pytest.mark.parametrize(
    ("kind", "value", "level"),
    [
        ("multi_choice", ["Email"], "1.5"),
        ("multi_choice", ["Email", "Chat"], "3.5"),
        ("multi_choice", ["Voice", "Email", "Chat"], "5"),
        ("single_choice", "Chat", "2"),
    ],
)
def test_points_of_options_add_up_to_the_top_of_the_scale(kind, value, level) -> None:
    question = Ask(kind=kind, options=["Voice", "Email", "Chat"], auto=POINTS)
    assert auto_level(question, value) == Decimal(level)
    assert auto_level(question, []) is None
    assert auto_level(question, {"not_applicable": "None of it."}) is None


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([{"op": "points", "value": {"Voice": "3"}}], "Give points to each choice"),
        ([{"op": "points", "value": {"Voice": "3", "Fax": "1"}}], "Give points to each choice"),
        ([{"op": "points", "value": {"Voice": "3", "Chat": "6"}}], "Give levels from 0 to 5."),
        ([{"op": "points", "value": {"Voice": "3", "Chat": "x"}}], "Give levels from 0 to 5."),
        ([{"op": "points", "value": "3"}], "Give points to each choice"),
    ],
)
def test_points_that_do_not_fit_the_choices_are_refused(rules, sentence) -> None:
    given = {"lowest": Decimal(0), "highest": Decimal(5), "facts": set()}
    fields = sentence_of(answers.check_auto, rules, options=["Voice", "Chat"], **given)
    assert fields["auto"].startswith(sentence)
    both = [{"op": "points", "value": {"Voice": "3", "Chat": "0"}}]
    answers.check_auto(both, options=["Voice", "Chat"], **given)
    assert "each choice" in sentence_of(answers.check_auto, both, **given)["auto"]


def test_a_mark_that_needs_a_fact_is_never_given_without_it() -> None:
    with pytest.raises(LookupError):
        auto_level(CHANNELS, ["Voice"])


def test_no_answer_has_no_level() -> None:
    assert auto_level(SHARES, "") is None
    assert auto_level(CHANNELS, []) is None
    assert auto_level(SHARES, None) is None


def test_no_rule_that_matches_has_no_level() -> None:
    assert auto_level(Ask(auto=[{"level": 1, "op": "equals", "value": "Yes"}]), "No") is None


def sentence_of(check, *args, **kwargs) -> dict[str, str]:
    with pytest.raises(Incomplete) as refused:
        check(*args, **kwargs)
    return refused.value.fields


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"question": "1.01", "op": "like"}, "Choose how each test compares."),
        (
            {"op": "equals", "value": "x"},
            "Let each test ask about one fact or about one other question.",
        ),
        (
            {"question": "9.99", "op": "equals", "value": "x"},
            "9.99 is not among the facts and questions of this RFP. Choose another.",
        ),
        ({"fact": "crm", "op": "equals", "value": ""}, "Say which answer the rule looks for."),
        (
            {"question": "1.01", "op": "less_than", "value": "many"},
            "Give the limit of the rule as a number, for example 72.",
        ),
    ],
)
def test_a_condition_that_cannot_be_asked_is_refused(rule: dict, sentence: str) -> None:
    fields = sentence_of(answers.check_condition, rule, codes={"1.01"}, facts={"crm"})
    assert fields == {"condition": sentence}


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"op": "missing"}, "Write the reason that an excluded bidder will read."),
        ({"op": "like", "reason": "R."}, "Choose how each test compares."),
        ({"op": "lacks", "reason": "R."}, "Say which answer the rule looks for."),
        (
            {"all": [{"question": "9.99", "op": "missing"}], "reason": "R."},
            "9.99 is not among the facts and questions of this RFP. Choose another.",
        ),
    ],
)
def test_a_knockout_that_cannot_be_decided_is_refused(rule: dict, sentence: str) -> None:
    fields = sentence_of(answers.check_knockout, rule, code="1.01", codes={"1.01"}, facts=set())
    assert fields == {"knockout": sentence}


OTHER = {"level": 0, "op": "otherwise"}


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([], "End the rules with the level for every other answer."),
        ([{"level": 5, "op": "equals", "value": "Yes"}],
         "End the rules with the level for every other answer."),
        ([{"level": 6, "op": "equals", "value": "Yes"}, OTHER], "Give levels from 0 to 5."),
        ([{"level": "x", "op": "equals", "value": "Yes"}, OTHER], "Give levels from 0 to 5."),
        ([{"level": 5, "op": "near", "value": "1"}, OTHER], "Choose how each rule compares."),
        ([{"level": 5, "op": "between", "value": ["9", "1"]}, OTHER],
         "Give the lower and the higher end of the range, for example 78 to 84."),
        ([{"level": 5, "op": "between", "value": "9"}, OTHER],
         "Give the lower and the higher end of the range, for example 78 to 84."),
        ([{"level": 5, "op": "includes", "value": []}, OTHER],
         "Name the choices that have to be ticked."),
        ([{"level": 5, "op": "includes_fact", "value": "crm"}, OTHER],
         "Name a fact of this RFP that lists choices."),
    ],
)  # fmt: skip
def test_rules_that_give_no_sound_mark_are_refused(rules: list, sentence: str) -> None:
    fields = sentence_of(
        answers.check_auto, rules, lowest=Decimal(0), highest=Decimal(5), facts={"channels"}
    )
    assert fields == {"auto": sentence}


def test_sound_rules_are_taken() -> None:
    answers.check_auto(CHANNELS.auto, lowest=Decimal(0), highest=Decimal(5), facts={"channels"})
    answers.check_auto(SHARES.auto, lowest=Decimal(0), highest=Decimal(5), facts=set())
    answers.check_knockout(REPORTING.knockout, code="11.14", codes=set(), facts=set())
    answers.check_condition({}, codes=set(), facts=set())
    answers.check_knockout({}, code="1.01", codes=set(), facts=set())
