"""What people do to a workbook: each change is told, each slip is refused with its cell."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest

from apps.core.errors import Incomplete
from apps.core.quarantine.reading import read_workbook
from apps.rfp.workbooks import export, reading
from apps.rfp.workbooks.comparing import Change, compare, differences
from apps.rfp.workbooks.form import Form, Item, Part

HEADINGS = {
    "action": "B",
    "order": "C",
    "code": "D",
    "topic": "E",
    "text": "F",
    "kind": "G",
    "options": "H",
    "unit": "I",
    "required": "K",
    "mode": "M",
    "weight": "N",
    "minimum": "O",
    "condition": "P",
    "knockout": "Q",
    "reason": "R",
    "channels": "S",
    "auto": "T",
    "anchor 0": "U",
    "anchor 5": "Z",
    "evidence": "AA",
    "evidence_required": "AB",
    "word_limit": "AF",
}
FIRST, SECOND, FREE = 8, 9, 11  # rows of 1.01, 1.02 and the first free one


def item(code: str, **fields) -> Item:
    given = {"topic": f"Topic {code}", "text": f"Question {code}?", "kind": "text_long", **fields}
    return Item(code=code, **given)


DRAFT = Form(
    head={"title": "A title", "rfp": "one"},
    parts=(
        Part(
            code="1",
            title="People",
            weight="60",
            items=(
                item("1.01", weight="5", mode="manual", rubric={"0": "None.", "5": "All."}),
                item("1.02", kind="yes_no", knockout={"op": "equals", "value": "No", "reason": "It has to be."}),
                item("1.03", condition={"question": "1.02", "op": "equals", "value": "Yes"}),
            ),
        ),
        Part(code="2", title="Security", weight="40", items=(item("2.01", word_limit=200),)),
    ),
)  # fmt: skip
RAW = export.write(DRAFT)


def edited(change: Callable[[openpyxl.Workbook], object]) -> reading.Read:
    """Read the workbook after a person changed it."""
    book = openpyxl.load_workbook(io.BytesIO(RAW))
    change(book)
    held = io.BytesIO()
    book.save(held)
    return reading.read(read_workbook(held.getvalue()))


def set_cells(sheet: str = "1 People", **cells: object) -> Callable[[openpyxl.Workbook], object]:
    def change(book):
        for name, value in cells.items():
            book[sheet][name].value = value

    return change


def told(read: reading.Read, draft: Form = DRAFT) -> list[tuple]:
    found = compare(draft, read).differences
    return [(one.change, one.what, one.code, one.field, one.before, one.after) for one in found]


def place(column: str, row: int) -> str:
    return f"{HEADINGS[column]}{row}"


def test_a_workbook_saved_by_another_program_has_no_difference():
    assert told(edited(lambda _book: None)) == []


@pytest.mark.parametrize(
    ("column", "value", "field", "before", "after"),
    [
        ("topic", "New topic", "topic", "Topic 1.01", "New topic"),
        ("text", "=1+1 as a text", "text", "Question 1.01?", "=1+1 as a text"),
        ("kind", "Short text", "kind", "Long text", "Short text"),
        ("mode", "Information, not scored", "mode", "Scored by evaluators", "Information, not scored"),
        ("weight", 7.25, "weight", "5", "7.25"),
        ("weight", "7.5", "weight", "5", "7.5"),
        ("required", "No", "required", "Yes", "No"),
        ("required", False, "required", "Yes", "No"),
        ("unit", 24, "unit", "", "24"),
        ("word_limit", 250, "word_limit", "", "250"),
        ("minimum", 3, "minimum", "", "3"),
        ("condition", "fact regulated equals true", "condition", "", "fact regulated equals true"),
        ("anchor 5", "More.", "rubric.5", "All.", "More."),
        ("anchor 0", None, "rubric.0", "None.", ""),
    ],
)  # fmt: skip
def test_a_changed_cell_is_one_difference(column, value, field, before, after):
    def change(book):
        cell = book["1 People"][place(column, FIRST)]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # as Excel keeps it in a cell of text

    assert told(edited(change)) == [(Change.CHANGED, "question", "1.01", field, before, after)]


def test_reason_and_test_of_a_knock_out_change_apart():
    read = edited(set_cells(R9="Another reason.", Q9="missing"))
    assert told(read) == [
        (Change.CHANGED, "question", "1.02", "knockout", 'equals "No"', "missing"),
        (Change.CHANGED, "question", "1.02", "knockout.reason", "It has to be.", "Another reason."),
    ]


def test_title_and_weight_of_a_section_are_differences_and_nothing_is_rescaled():
    read = edited(set_cells(F2="Persons", F3=70))
    assert told(read) == [
        (Change.CHANGED, "section", "1", "title", "People", "Persons"),
        (Change.CHANGED, "section", "1", "weight", "60", "70"),
    ]
    assert [part.weight for part in read.form.parts] == ["70", "40"]


def test_an_added_row_gets_the_next_number_and_says_where_it_stands():
    cells = {place("topic", FREE): "More", place("text", FREE): "And more?"}
    read = edited(set_cells(**cells))
    [difference] = compare(DRAFT, read).differences
    assert (difference.change, difference.code) == (Change.ADDED, "1.04")
    added = compare(DRAFT, read).target.parts[0].items[-1]
    assert added == Item(code="1.04", topic="More", text="And more?", kind="text_long")


def test_a_number_that_was_used_is_not_given_again():
    draft = replace(DRAFT, parts=(DRAFT.parts[0], replace(DRAFT.parts[1], items=())))
    read = edited(set_cells("2 Security", **{place("text", SECOND): "Another?"}))
    target = compare(draft, read).target
    assert [one.code for one in target.parts[1].items] == ["2.01", "2.02"]


def test_a_row_marked_remove_is_removed():
    read = edited(set_cells(**{place("action", SECOND): "Remove"}))
    assert told(read) == [(Change.REMOVED, "question", "1.02", "", "", "")]


def test_a_row_that_was_cleared_is_refused_rather_than_removed_in_silence():
    """Its number stays in the hidden column: an empty question is a slip until somebody says Remove."""

    def change(book):
        for column in "CDEFGHIJKLMNOPQRSTUVWXYZ":
            book["1 People"][f"{column}{SECOND}"].value = None

    with pytest.raises(Incomplete, match="The number of a question stays"):
        edited(change)


def test_an_order_changed_is_one_move():
    read = edited(set_cells(**{place("order", FIRST): 3.5}))
    assert told(read) == [(Change.MOVED, "question", "1.01", "order", "first", "after 1.03")]


def test_a_sheet_moved_is_one_move_of_a_section():
    read = edited(lambda book: book.move_sheet("2 Security", -1))
    assert told(read) == [(Change.MOVED, "section", "2", "order", "after 1", "first")]


def test_a_renamed_sheet_is_still_its_section():
    def change(book):
        book["1 People"].title = "Staff"

    assert told(edited(change)) == []


def test_a_deleted_sheet_removes_its_section():
    read = edited(lambda book: book.remove(book["2 Security"]))
    assert [(one[0], one[1], one[2]) for one in told(read)] == [
        (Change.REMOVED, "section", "2"),
        (Change.REMOVED, "question", "2.01"),
    ]


def test_the_spare_sheet_adds_a_section():
    read = edited(set_cells("New section", F2="Ethics", F3=5, F8="Do you pay a living wage?"))
    found = told(read)
    assert found == [
        (Change.ADDED, "section", "3", "", "", ""),
        (Change.ADDED, "question", "3.01", "", "", ""),
    ]


def test_a_sheet_of_somebody_is_named_as_ignored():
    read = edited(lambda book: book.create_sheet("Notes").append(["call them"]))
    assert compare(DRAFT, read).ignored == ("Notes",)


def test_a_draft_that_moved_on_is_told_and_keeps_what_is_new():
    newer = replace(
        DRAFT,
        parts=(
            replace(DRAFT.parts[0], items=(*DRAFT.parts[0].items, item("1.09"))),
            *DRAFT.parts[1:],
            Part(code="7", title="Late", items=(item("7.01"),)),
        ),
    )
    found = compare(newer, edited(lambda _book: None))
    assert (found.stale, found.kept, found.differences) == (True, ("1.09", "7.01"), ())
    assert found.target == newer


def test_a_workbook_of_another_questionnaire_is_told():
    other = replace(DRAFT, head={"rfp": "two"})
    assert compare(other, edited(lambda _book: None)).other is True


def test_a_question_in_another_section_is_moved():
    before = DRAFT
    first, second = DRAFT.parts
    after = replace(
        DRAFT,
        parts=(
            replace(first, items=first.items[:2]),
            replace(second, items=(*second.items, first.items[2])),
        ),
    )
    found = [(one.change, one.code, one.before, one.after) for one in differences(before, after)]
    assert found == [(Change.MOVED, "1.03", "1", "2")]


@pytest.mark.parametrize(
    ("cell", "value", "sentence"),
    [
        (place("weight", FIRST), "7,5", "Give a number from 0"),
        (place("weight", FIRST), 0.12345, "Give a number from 0"),
        (place("weight", FIRST), -1, "Give a number from 0"),
        (place("weight", FIRST), 1e308, "Give a number from 0"),
        (place("weight", FIRST), dt.date(2026, 1, 2), "Give a number from 0"),
        (place("kind", FIRST), "Essay", "Essay is not in the list"),
        (place("required", FIRST), "Perhaps", "Perhaps is not in the list"),
        (place("topic", FIRST), dt.date(2026, 1, 2), "Excel made a date of this"),
        (place("text", FIRST), "=1+1", "This is a formula"),
        (place("word_limit", FIRST), 2.5, "Give the word limit as a whole number"),
        (place("condition", FIRST), "if yes", "Join tests by"),
        (place("auto", FIRST), "5", "Write each mark"),
        (place("code", FIRST), "9.99", "The number of a question stays"),
        (place("code", FREE), "1.02", "This is here twice"),
        ("F3", "sixty", "Give a number from 0"),
        ("F5", "half", "Give a number from 0"),
    ],
)
def test_a_slip_is_refused_with_its_cell(cell, value, sentence):
    with pytest.raises(Incomplete) as refused:
        edited(set_cells(**{cell: value}))
    [(where, said)] = refused.value.fields.items()
    wanted = "D11" if sentence == "This is here twice" else cell
    assert where == f"1 People!{wanted}"
    assert said.startswith(f"Sheet “1 People”, cell {wanted}: {sentence}")


def test_an_error_in_a_cell_is_refused():
    def change(book):
        book["1 People"]["F8"].value = "#DIV/0!"
        book["1 People"]["F8"].data_type = "e"

    with pytest.raises(Incomplete, match="cell F8: The cell holds an error"):
        edited(change)


def test_a_copied_sheet_is_refused_with_both_places():
    with pytest.raises(Incomplete) as refused:
        edited(lambda book: book.copy_worksheet(book["2 Security"]))
    assert "it stands in 2 Security!" in next(iter(refused.value.fields.values()))


def test_a_lost_hidden_row_is_refused():
    with pytest.raises(Incomplete, match="The hidden column A was changed"):
        edited(set_cells(A6=None))


def test_a_lost_column_is_refused():
    with pytest.raises(Incomplete, match="Columns are missing or here twice"):
        edited(set_cells(H6=None))


@pytest.mark.parametrize(
    "cells",
    [
        {"A3": "{"},
        {"A3": "{}"},
        {"A3": None},
        {"C1": None},
        {
            "A3": '{"codes":[],"head":{},"more":{},"scales":{"1.01":["x","5"]},"section_more":{},"sections":[]}'
        },
        {
            "A3": '{"codes":[],"head":{},"more":{"1.01":1},"scales":{},"section_more":{},"sections":[]}'
        },
    ],
)
def test_a_changed_hidden_sheet_is_refused(cells):
    with pytest.raises(Incomplete, match="The hidden sheet of this workbook was changed"):
        edited(set_cells("cceval", **cells))


def test_another_version_is_refused():
    with pytest.raises(Incomplete, match="was not exported by this version"):
        edited(set_cells("cceval", A1="cceval.questionnaire.0"))


def test_a_workbook_of_ours_is_known():
    assert reading.is_ours(read_workbook(RAW)) is True
