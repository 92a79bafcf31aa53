"""Questionnaires as other people lay them out: what is found, what is taken, what is told."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from apps.core.quarantine.reading import measured_workbook, read_workbook
from apps.rfp.workbooks import export, foreign, proposing, reading
from apps.rfp.workbooks.foreign import Layout
from apps.rfp.workbooks.form import Form
from apps.rfp.workbooks.numbering import joined
from apps.rfp.workbooks.proposals import Proposal
from apps.rfp.workbooks.vocabulary import Role

ESPD = (
    Path(__file__).resolve().parents[5]
    / "shared/data/questionnaires/espd/ESPD-criterion_v4.1.0.xlsx"
)
HEADER = ("No", "Question", "Answer type", "Options", "Weight", "Mandatory")


def workbook(*sheets: tuple[str, list], after: Callable[[xlsxwriter.Workbook], object] = id):
    """Read a workbook of these rows; cells that begin with `=` are formulas with a last value."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"strings_to_formulas": False})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for at, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str) and cell.startswith("="):
                    formula, _sign, value = cell.partition("→")
                    sheet.write_formula(at, column, formula, None, value)
                elif cell is not None:
                    sheet.write(at, column, cell)
    after(book)
    book.close()
    return read_workbook(held.getvalue())


def taken(book) -> Proposal:
    return proposing.propose(book, foreign.suggest(book))


def asked(proposal: Proposal) -> list[tuple[str, str]]:
    return [(part.title, item.text) for part, item in proposal.form.items]


def reasons(proposal: Proposal) -> list[tuple[str, str]]:
    return [(remark.place, remark.reason) for remark in proposal.remarks]


def test_headings_say_which_column_is_what():
    book = workbook(("Q", [["Supplier questionnaire"], [], HEADER, [1, "Who owns you?", "Text"]]))
    [layout] = foreign.suggest(book)
    assert layout == Layout(
        "Q",
        2,
        {
            Role.QUESTION: 1,
            Role.KIND: 2,
            Role.OPTIONS: 3,
            Role.WEIGHT: 4,
            Role.REQUIRED: 5,
            Role.CODE: 0,
        },
        questions=1,
    )


def test_without_headings_the_content_says_where_the_questions_are():
    rows = [["A.1", f"What is your plan for site number {n}?", "x"] for n in range(4)]
    [layout] = foreign.suggest(workbook(("Q", rows)))
    assert (layout.header, layout.columns) == (None, {Role.QUESTION: 1})


def test_the_content_outweighs_a_heading_that_misleads():
    rows = [
        ["Description", "Text of it"],
        *[["Ops", f"How do you run site {n}?"] for n in range(9)],
    ]
    [layout] = foreign.suggest(workbook(("Q", rows)))
    assert layout.columns[Role.QUESTION] == 1


def test_a_sheet_without_questions_is_not_suggested():
    book = workbook(("Prices", [["Item", "Price"], ["Agent", 12]]), ("Q", [HEADER, [1, "Who?"]]))
    assert [layout.sheet for layout in foreign.suggest(book)] == ["Q"]
    assert ("Prices", "This sheet was not chosen.") in reasons(taken(book))


@pytest.mark.parametrize(
    ("kind", "options", "wanted"),
    [
        ("Free text", None, ("text_long", ())),
        ("Short text", None, ("text_short", ())),
        ("Yes/No", None, ("yes_no", ())),
        (None, "Yes/No", ("yes_no", ())),
        ("Dropdown", "Yes; No", ("yes_no", ())),
        ("Dropdown", "Red\nGreen\nBlue", ("single_choice", ("Red", "Green", "Blue"))),
        ("Multiple choice", "Red | Green", ("multi_choice", ("Red", "Green"))),
        (None, "Red, Green", ("single_choice", ("Red", "Green"))),
        ("Number", None, ("number", ())),
        ("Percentage", None, ("percent", ())),
        ("Currency", None, ("currency", ())),
        ("Date", None, ("date", ())),
        ("Attachment", None, ("file", ())),
    ],
)
def test_kinds_and_choices_are_recognised(kind, options, wanted):
    proposal = taken(workbook(("Q", [HEADER, [1, "Which one?", kind, options]])))
    [(_part, item)] = proposal.form.items
    assert (item.kind, item.options) == wanted
    assert proposal.remarks == ()


def test_a_kind_that_is_not_known_is_told():
    proposal = taken(workbook(("Q", [HEADER, [1, "Which one?", "Likert scale"]])))
    assert reasons(proposal) == [
        ("Q!C2", "“Likert scale” is no kind of answer that is known here; it was made a text.")
    ]


def test_weights_stay_as_they_are_and_what_is_none_is_told():
    rows = [HEADER, [1, "One?", None, None, 12.5], [2, "Two?", None, None, "high"], [3, "Three?"]]
    proposal = taken(workbook(("Q", rows)))
    found = [(item.weight, item.mode) for _part, item in proposal.form.items]
    assert found == [("12.5", "manual"), ("0", "info"), ("0", "info")]
    assert reasons(proposal) == [("Q!E3", "This is no weight; the question counts 0.")]


def test_mandatory_is_read_and_doubt_is_told():
    rows = [
        HEADER,
        *[[n, "One?", None, None, None, said] for n, said in enumerate(("M", "O", None, "maybe"))],
    ]
    proposal = taken(workbook(("Q", rows)))
    assert [item.required for _part, item in proposal.form.items] == [True, False, False, True]
    assert [place for place, _reason in reasons(proposal)] == ["Q!F5"]


def test_the_old_number_stays_in_the_topic():
    [(_part, item)] = taken(workbook(("Q", [HEADER, ["A.1.3", "Who owns you?"]]))).form.items
    assert item.topic == "A.1.3 Who owns you?"


def test_merged_cells_make_sections_and_speak_for_their_rows():
    def merge(book):
        sheet = book.get_worksheet_by_name("Q")
        sheet.merge_range(1, 0, 1, 5, "Part A: People")
        sheet.merge_range(4, 2, 5, 2, "Number")

    rows = [HEADER, [], [1, "One?"], ["Part B"], [2, "Two?"], [3, "Three?"]]
    proposal = taken(workbook(("Q", rows), after=merge))
    assert asked(proposal) == [
        ("Part A: People", "One?"),
        ("Part B", "Two?"),
        ("Part B", "Three?"),
    ]
    assert [item.kind for _part, item in proposal.form.items] == ["text_long", "number", "number"]


def test_a_question_merged_over_rows_is_one_question():
    rows = [HEADER, [1, None, "Text"], [None, None], [2, "Two?", "Text"]]
    book = workbook(
        ("Q", rows),
        after=lambda made: made.get_worksheet_by_name("Q").merge_range(1, 1, 2, 1, "One?"),
    )
    assert [text for _title, text in asked(taken(book))] == ["One?", "Two?"]


def test_hidden_rows_and_sheets_are_not_taken_and_told():
    def hide(book):
        book.get_worksheet_by_name("Q").set_row(2, None, None, {"hidden": True})
        book.get_worksheet_by_name("Old").hide()

    book = workbook(
        ("Q", [HEADER, [1, "One?"], [2, "Two?"]]), ("Old", [HEADER, [1, "Gone?"]]), after=hide
    )
    assert [layout.hidden for layout in foreign.suggest(book)] == [False, True]
    proposal = proposing.propose(book, foreign.suggest(book)[:1])
    assert asked(proposal) == [("Q", "One?")]
    assert reasons(proposal) == [
        ("Q!B3", "This row is hidden."),
        ("Old", "This sheet is hidden."),
    ]


def hide_columns(columns):
    return lambda made: made.get_worksheet_by_name("Q").set_column(
        columns, None, None, {"hidden": 1}
    )


def test_hidden_columns_are_not_proposed_and_told():
    rows = [HEADER, [1, "One?", "Text", "", "30", "Yes"], [2, "Two?", "Text", "", "70", "Yes"]]
    book = workbook(("Q", rows), after=hide_columns("E:E"))
    [layout] = foreign.suggest(book)
    assert Role.WEIGHT not in layout.columns
    proposal = taken(book)
    assert [item.weight for _part, item in proposal.form.items] == ["0", "0"]
    assert reasons(proposal) == [("Q!E", "Column E is hidden and was not taken over: 2 cells.")]


def test_a_hidden_column_that_a_person_chooses_is_taken_and_told():
    rows = [HEADER, [1, "One?", "Text", "", "30", "Yes"]]
    book = workbook(("Q", rows), after=hide_columns("E:E"))
    [layout] = foreign.suggest(book)
    chosen = replace(layout, columns={**layout.columns, Role.WEIGHT: 4})
    proposal = proposing.propose(book, [chosen])
    assert [item.weight for _part, item in proposal.form.items] == ["30"]
    assert [(one.place, one.text, one.reason, one.taken) for one in proposal.remarks] == [
        ("Q!E", "Weight", "This column is hidden in the file; it was taken.", True)
    ]


def test_hidden_questions_are_proposed_to_nobody():
    rows = [
        ["Question", "Draft"],
        ["Who owns you?", "Who is your owner?"],
        ["Where?", "Where now?"],
    ]
    book = workbook(("Q", rows), after=hide_columns("A:A"))
    assert [layout.columns for layout in foreign.suggest(book)] == [{Role.QUESTION: 1}]


def test_text_that_a_formula_makes_is_taken_with_its_last_value():
    rows = [HEADER, [1, '="Who owns "&A1&"?"→Who owns Acme?'], [2, "Two?"]]
    proposal = taken(workbook(("Q", rows)))
    assert asked(proposal)[0] == ("Q", "Who owns Acme?")
    assert [(one.place, one.taken) for one in proposal.remarks] == [("Q!B2", True)]


def test_a_formula_without_a_text_is_not_taken():
    rows = [HEADER, [1, "=1/0→#DIV/0!"], [2, "Two?"]]
    proposal = taken(workbook(("Q", rows)))
    assert asked(proposal) == [("Q", "Two?")]
    assert ("Q!B2", "The cell holds an error.") in reasons(proposal)


def test_repeated_headings_are_told():
    rows = [HEADER, [1, "One?"], HEADER, [2, "Two?"]]
    proposal = taken(workbook(("Q", rows)))
    assert [text for _title, text in asked(proposal)] == ["One?", "Two?"]
    assert reasons(proposal) == [("Q!B3", "The headings are repeated here.")]


def test_what_stands_above_beside_and_between_is_told():
    rows = [
        ["Read this first"],
        (*HEADER, "Supplier response"),
        [1, "One?", None, None, None, None, "here"],
        [None, None, None, None, "see", "there"],
    ]
    assert reasons(taken(workbook(("Q", rows)))) == [
        ("Q!B1", "This stands above the questions."),
        ("Q!B4", "This row has no text in the question column."),
        ("Q!G", "Column G was not taken over: 1 cells."),
    ]


def test_a_text_of_2000_characters_is_taken_and_a_longer_one_is_told():
    rows = [HEADER, [1, "a" * 1999 + "?"], [2, "b" * 2000 + "?"]]
    proposal = taken(workbook(("Q", rows)))
    assert [len(text) for _title, text in asked(proposal)] == [2000]
    assert reasons(proposal) == [
        ("Q!B3", "The question has 2001 characters; 2000 are possible. Shorten it.")
    ]


def test_more_choices_than_a_question_takes_are_told():
    options = "\n".join(f"Choice {n}" for n in range(61))
    proposal = taken(workbook(("Q", [HEADER, [1, "Which?", "Dropdown", options], [2, "Two?"]])))
    assert asked(proposal) == [("Q", "Two?")]
    assert reasons(proposal) == [("Q!B2", "It offers 61 choices; from 2 to 60 are possible.")]


def test_of_24_languages_one_is_taken_and_the_others_are_told():
    codes = [
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fi",
        "fr",
        "ga",
        "hr",
        "hu",
        "it",
        "lt",
        "lv",
        "mt",
        "nl",
        "pl",
        "pt",
        "ro",
        "sk",
        "sl",
        "sv",
    ]
    rows = [["Code", *codes], ["q1", *[f"Who owns you, in {code}?" for code in codes]]]
    proposal = taken(workbook(("Q", rows)))
    assert asked(proposal) == [("Q", "Who owns you, in en?")]
    assert len([1 for _place, reason in reasons(proposal) if "was not taken over" in reason]) == 24


def test_styled_columns_far_out_are_no_columns():
    def style(book):
        book.get_worksheet_by_name("Q").write_blank(0, 1030, None, book.add_format({"bold": True}))

    proposal = taken(workbook(("Q", [HEADER, [1, "One?"]]), after=style))
    assert proposal.remarks == ()


BRACKETS = [
    ["", "", "", "Name", "Description", "PropertyDataType", "Rule"],
    ["{CRITERION", "", "", "Bankruptcy", "Is the bidder bankrupt?"],
    ["", "{QUESTION_GROUP", "", "", "", "", "ON*"],
    ["", "", "{QUESTION}", "", "Your answer", "INDICATOR"],
    ["", "{QUESTION_SUBGROUP", "", "", "", "", "ONTRUE"],
    ["", "", "{QUESTION}", "", "Describe them", "DESCRIPTION"],
    ["", "", "{QUESTION}", "", "Was it in this year?", "INDICATOR"],
    ["", "{QUESTION_SUBGROUP", "", "", "", "", "ONFALSE"],
    ["", "", "{QUESTION}", "", "In which year was it?", "DATE"],
    ["", "QUESTION_SUBGROUP}"],
    ["", "QUESTION_SUBGROUP}"],
    ["", "{QUESTION_SUBGROUP", "", "", "", "0..n", "ONFALSE"],
    ["", "", "{QUESTION}", "", "Who confirms it?", "DESCRIPTION"],
    ["", "QUESTION_SUBGROUP}"],
    ["", "QUESTION_GROUP}"],
    ["CRITERION}"],
]


def test_brackets_say_what_a_row_is_and_after_which_answer_it_is_asked():
    proposal = taken(workbook(("Q", BRACKETS)))
    items = [item for _part, item in proposal.form.items]
    assert asked(proposal) == [
        ("Bankruptcy", "Is the bidder bankrupt?\n\nYour answer"),
        ("Bankruptcy", "Describe them"),
        ("Bankruptcy", "Was it in this year?"),
        ("Bankruptcy", "In which year was it?"),
        ("Bankruptcy", "Who confirms it?"),
    ]
    first, third = items[0].code, items[2].code
    after = {"question": first, "op": "equals", "value": "Yes"}
    assert [item.condition for item in items] == [
        {},
        after,
        after,
        {"all": [after, {"question": third, "op": "equals", "value": "No"}]},
        {"question": first, "op": "equals", "value": "No"},
    ]
    told = dict(reasons(proposal))
    assert "Q!E9" not in told
    assert told["Q!E12"] == "This group may be answered 0..n times; here it is asked once."


@pytest.mark.skipif(not ESPD.exists(), reason="the ESPD workbook may not ship (EUPL, test input)")
def test_the_espd_workbook_gives_each_of_its_questions_and_goes_round():
    workbook_, usage = measured_workbook(ESPD.read_bytes())
    proposal = taken(workbook_)
    assert sum(1 for _one in proposal.form.items) == 511
    assert len(proposal.form.parts) == 62
    assert len(proposal.left_out) > 500
    assert (usage.peak_mib < 600, usage.cpu_seconds < 15) == (True, True)
    form = joined(Form(), proposal.form)
    assert reading.read(read_workbook(export.write(form))).form.parts == form.parts
