"""What goes out as a workbook comes back as it was, whatever stands in it."""

import io
import json
import tomllib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core import seeds
from apps.core.errors import Incomplete
from apps.core.quarantine import packages
from apps.core.quarantine.reading import measured_workbook, read_workbook
from apps.rfp.selectors.reading import QUESTIONNAIRES
from apps.rfp.workbooks import entries, export, filed, phrases, reading, texts
from apps.rfp.workbooks.comparing import compare
from apps.rfp.workbooks.form import Form, Item, Part, digest_of, of_file, to_file
from tests.apps.rfp.workbooks.forms import AWKWARD, FORMULAS, conditions, forms, knockouts, marks

SHIPPED = seeds.names(QUESTIONNAIRES)
ROOT = Path(__file__).resolve().parents[4]


def back(form: Form) -> Form:
    return reading.read(read_workbook(export.write(form))).form


def one(**fields) -> Form:
    item = {"code": "1.01", "topic": "Topic", "text": "Question?", "kind": "text_long", **fields}
    return Form(parts=(Part(code="1", title="First", items=(Item(**item),)),))


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_shipped_questionnaire_comes_back_as_the_file_it_was(slug):
    path = ROOT / "apps" / QUESTIONNAIRES / f"{slug}.toml"
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    raw = export.write(of_file(content))
    workbook, usage = measured_workbook(raw)
    found = reading.read(workbook)
    assert to_file(found.form) == content
    assert found.exported.digest == digest_of(of_file(content))
    assert compare(of_file(content), found).differences == ()
    assert usage.cpu_seconds < 5


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms())
def test_any_questionnaire_survives_export_and_import_unchanged(form):
    raw = export.write(form)
    packages.check(raw)
    assert of_file(json.loads(json.dumps(to_file(form)))) == form
    found = reading.read(read_workbook(raw))
    assert found.form == form
    assert found.ignored == ()
    assert compare(form, found).differences == ()


@given(conditions, knockouts, marks)
@settings(max_examples=150, deadline=None)
def test_rules_are_read_as_they_were_written(condition, knockout, auto):
    tests = {name: value for name, value in knockout.items() if name not in {"reason", "channels"}}
    assert phrases.read_condition(phrases.write_condition(condition)) == condition
    assert phrases.read_tests(phrases.write_tests(tests)) == tests
    assert phrases.read_marks(phrases.write_marks(auto)) == [dict(rule) for rule in auto]


@given(st.lists(st.text(), max_size=4))
@settings(max_examples=150, deadline=None)
def test_options_are_read_as_they_were_written(options):
    assert entries.read_options(entries.write_options(options)) == options


@given(st.text(st.characters(codec="utf-8"), max_size=80))
@settings(max_examples=150, deadline=None)
def test_a_text_of_a_cell_is_read_as_it_was_written(text):
    assert texts.decode(texts.encode(text)) == text


YES = {"question": "1.02", "op": "equals", "value": "Yes"}
GONE = {"question": "3.04", "op": "missing"}


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        ({"question": "1.02", "op": "equals", "value": "Yes"}, 'question 1.02 equals "Yes"'),
        ({"fact": "channels", "op": "lacks", "value": "Voice"}, 'fact channels lacks "Voice"'),
        ({"question": "1.02", "op": "missing"}, "question 1.02 missing"),
        ({"any": []}, 'json {"any": []}'),
        (
            {"any": [{"all": [YES, {"not": GONE}]}, {"not": {"any": [GONE, YES]}}]},
            (
                '(question 1.02 equals "Yes" and not question 3.04 missing)'
                ' or not (question 3.04 missing or question 1.02 equals "Yes")'
            ),
        ),
    ],
)
def test_a_condition_is_written_in_words(rule, written):
    assert phrases.write_condition(rule) == written


def test_and_binds_closer_than_or_and_brackets_around_one_test_say_nothing():
    a, b, c = (f"question {code} missing" for code in ("1.01", "1.02", "1.03"))
    x, y, z = ({"question": code, "op": "missing"} for code in ("1.01", "1.02", "1.03"))
    assert phrases.read_condition(f"{a} or {b} and {c}") == {"any": [x, {"all": [y, z]}]}
    assert phrases.read_condition(f"({a} or {b}) and ({c})") == {"all": [{"any": [x, y]}, z]}
    assert phrases.read_tests("not missing") == {"not": {"op": "missing"}}
    assert phrases.read_tests(a) == {"all": [x]}


def test_points_limits_and_columns_are_written_in_words():
    points = [{"op": "points", "value": {"Voice": "3", "Chat": "1.5"}}]
    assert phrases.write_marks(points) == 'points {"Chat": "1.5", "Voice": "3"}'
    limits = {"least": "0", "most": "100", "whole": True}
    assert entries.write_limits(limits) == 'at_least "0" at_most "100" whole'
    columns = [
        {"name": "Site", "kind": "text_short"},
        {"name": "Owned", "kind": "single_choice", "options": ["Own", "Rented"]},
    ]
    written = entries.write_options(columns)
    assert written == 'Site :: text_short\nOwned :: single_choice :: ["Own", "Rented"]'
    assert entries.read_options(written) == columns


def test_knock_outs_and_marks_are_written_in_words():
    both = [
        {"question": "11.01", "op": "equals", "value": "No"},
        {"question": "11.02", "op": "missing"},
    ]
    written = phrases.write_tests({"all": both})
    assert written == 'question 11.01 equals "No" and question 11.02 missing'
    rules = [{"level": 5, "op": "between", "value": ["1", "2"]}, {"level": 0, "op": "otherwise"}]
    assert phrases.write_marks(rules) == '5 if between ["1", "2"]\n0 otherwise'


@pytest.mark.parametrize(
    ("read", "text", "sentence"),
    [
        (phrases.read_condition, "question 1.02 equals Yes", "Join tests by"),
        (phrases.read_condition, "question", "Name the question"),
        (phrases.read_tests, 'equals "No" missing', "Join tests by"),
        (phrases.read_condition, "(question 1.02 missing", "Close every bracket"),
        (phrases.read_condition, "(" * 60 + "question 1.02 missing", "Set fewer brackets"),
        (phrases.read_condition, "not " * 60 + "question 1.02 missing", "Set fewer brackets"),
        (phrases.read_marks, 'points {"A": "1"} 5', "Write one mark on a line"),
        (entries.read_limits, "at_least 3 at_least 4", "Write limits as"),
        (entries.read_limits, "some", "Write limits as"),
        (phrases.read_marks, "5 when missing", "Write each mark"),
        (phrases.read_marks, "five if missing", "Write the value"),
        (phrases.read_condition, "json {", "Write this as JSON"),
        (phrases.read_condition, "json []", "Write the rule as a JSON object"),
    ],
)
def test_a_rule_that_cannot_be_read_is_explained(read, text, sentence):
    with pytest.raises(phrases.Unclear, match=sentence):
        read(text)


@pytest.mark.parametrize("field", ["topic", "text", "unit", "evidence"])
def test_no_payload_becomes_a_formula_in_any_text_column(field):
    """The file is read by another library as well, which tells formulas from texts."""
    items = tuple(
        Item(code=f"1.{at:02}", kind="text_long", **{"topic": "a", "text": "b", field: payload})
        for at, payload in enumerate(AWKWARD, start=1)
    )
    form = Form(
        head={"title": FORMULAS[0]}, parts=(Part(code="1", title=FORMULAS[1], items=items),)
    )
    raw = export.write(form)
    book = openpyxl.load_workbook(io.BytesIO(raw))
    kinds = {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line}
    assert kinds <= {"s", "n", "inlineStr"}
    assert b"<f>" not in raw
    assert back(form) == form


def test_no_payload_becomes_a_formula_in_rules_and_choices():
    form = one(
        options=FORMULAS[:10],
        rubric={"0": FORMULAS[0], "5": FORMULAS[4]},
        knockout={"op": "equals", "value": FORMULAS[0], "reason": FORMULAS[1], "channels": list(FORMULAS[:2])},
    )  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(export.write(form)))
    assert "f" not in {
        cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line
    }
    assert back(form) == form


def test_a_text_that_no_cell_can_hold_is_refused_with_its_question():
    with pytest.raises(Incomplete, match=r"1\.01: A cell of Excel holds 32,767 characters"):
        export.write(one(text="a" * 32_768))


def test_more_sections_than_a_workbook_takes_are_refused():
    parts = tuple(Part(code=str(n), title="t") for n in range(121))
    with pytest.raises(Incomplete, match="A workbook holds 120 sections at most"):
        export.write(Form(parts=parts))


def test_the_most_sections_a_workbook_takes_come_back():
    parts = tuple(Part(code=str(n), title="One name / for: all?") for n in range(1, 121))
    assert back(Form(parts=parts)).parts == parts


@pytest.mark.parametrize(
    "title", ["🎉" * 31, "'" * 40, "History", "cceval", "[]:*?/", "\x01", "a" * 120]
)
def test_any_title_makes_a_name_that_excel_takes(title):
    parts = tuple(Part(code=code, title=title) for code in ("1", "2"))
    assert back(Form(parts=parts)).parts == parts


def test_a_thousand_questions_come_back():
    item = (
        one(rubric={str(n): "Some sentence of usual length." for n in range(6)}).parts[0].items[0]
    )
    parts = tuple(
        Part(
            code=str(section),
            title=f"Section {section}",
            items=tuple(
                Item(**{**item.__dict__, "code": f"{section}.{at:02}"}) for at in range(1, 51)
            ),
        )
        for section in range(1, 21)
    )
    raw = export.write(Form(parts=parts))
    workbook, usage = measured_workbook(raw)
    assert reading.read(workbook).form.parts == parts
    assert usage.peak_mib < 600


def test_structure_is_locked_and_content_is_not():
    book = openpyxl.load_workbook(io.BytesIO(export.write(one())))
    sheet = book["1 First"]
    assert sheet.protection.sheet is True
    assert [sheet["D8"].protection.locked, sheet["E8"].protection.locked] == [True, False]
    assert sheet.column_dimensions["A"].hidden is True
    assert book["cceval"].sheet_state == "veryHidden"
    assert len(sheet.data_validations.dataValidation) == 10
    assert [one.title for one in book] == ["Instructions", "1 First", "New section", "cceval"]


def nested(depth: int) -> dict:
    test = {"question": "1.01", "op": "equals", "value": "Yes"}
    return {"all": [test, {"not": nested(depth - 1)}]} if depth > 1 else test


def test_a_questionnaire_file_keeps_every_field_on_its_way_through_json():
    asked = Item(
        code="1.02",
        topic="Drills",
        text="How often do you rehearse a breach?",
        kind="number",
        unit="times a year",
        weight="2.5",
        minimum="3",
        mode="manual",
        rubric={"0": "Never.", "5": "Every quarter."},
        condition=nested(8),
        evidence="Minutes",
        evidence_class="policy",
        evidence_expires=True,
        held_at="3",
        limits={"least": "0", "most": "52", "whole": True},
        allows_na=True,
        commitment=True,
    )
    first = Item(code="1.01", topic="Duty", text="Are you regulated?", kind="yes_no")
    form = Form(
        head={"title": "Own"},
        parts=(
            Part(code="1", title="Security", weight="100", minimum="55.5", items=(first, asked)),
        ),
    )
    content = json.loads(json.dumps(to_file(form)))
    read = filed.propose(content)
    assert read.form == form
    assert read.remarks == ()
