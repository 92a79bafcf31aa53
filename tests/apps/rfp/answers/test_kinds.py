"""What each kind of question takes, keeps and shows."""

import pytest

from apps.core.errors import Incomplete
from apps.rfp import answers
from apps.rfp.states import AnswerKind
from tests.apps.rfp.answers.asking import Ask

DIGEST = "ab" * 32
SITES = ({"name": "Site", "kind": "text_short"}, {"name": "Seats", "kind": "number"})
ASKS = {
    "text_short": Ask(),
    "text_long": Ask(kind="text_long", word_limit=5),
    "yes_no": Ask(kind="yes_no"),
    "single_choice": Ask(kind="single_choice", options=["Live", "Pilot", "None"]),
    "multi_choice": Ask(kind="multi_choice", options=["Voice", "Email", "Chat"]),
    "number": Ask(kind="number", unit="days"),
    "percent": Ask(kind="percent", unit="% of fees"),
    "currency": Ask(kind="currency", unit="per hour"),
    "date": Ask(kind="date"),
    "file": Ask(kind="file", options=["pdf", "docx"]),
    "table": Ask(kind="table", options=SITES),
    "matrix": Ask(kind="matrix", options=SITES),
    "price_table": Ask(
        kind="price_table",
        options=({"name": "Role", "kind": "text_short"}, {"name": "Rate", "kind": "currency"}),
    ),
    "date_range": Ask(kind="date_range"),
    "group": Ask(
        kind="group",
        options=(
            {"name": "Client", "kind": "text_short"},
            {"name": "What was done", "kind": "text_long"},
            {"name": "Channel", "kind": "single_choice", "options": ["Voice", "Chat"]},
        ),
        limits={"least": "1", "most": "2"},
    ),
}
CLIENT = {"Client": "A", "What was done": "Much.", "Channel": "Chat"}


SMALL = Ask(kind="number", limits={"least": "-2", "most": "10.5", "whole": True})


@pytest.mark.parametrize(
    ("question", "raw", "stored", "shown"),
    [
        (
            ASKS["date_range"],
            {"from": " 2027-01-01", "to": "2027-03-31"},
            {"from": "2027-01-01", "to": "2027-03-31"},
            "1 January 2027 to 31 March 2027",
        ),
        (ASKS["date_range"], {"from": "", "to": " "}, "", "Not answered"),
        (ASKS["group"], [CLIENT, {}], [CLIENT], "Client: A; What was done: Much.; Channel: Chat"),
        (ASKS["group"], [], [], "Not answered"),
        (SMALL, "-2", "-2", "-2"),
        (SMALL, "7.0", "7.0", "7.0"),
        (Ask(kind="percent", unit="%", limits={"most": "40"}), "40", "40", "40%"),
        (
            Ask(allows_na=True),
            {"not_applicable": " No voice. "},
            {"not_applicable": "No voice."},
            "Not applicable: No voice.",
        ),
    ],
)
def test_limits_ranges_groups_and_not_applicable(question, raw, stored, shown) -> None:
    assert answers.parse(question, raw) == stored
    assert answers.show(question, stored) == shown
    assert answers.parse(question, stored) == stored


@pytest.mark.parametrize(
    ("question", "raw", "sentence"),
    [
        (ASKS["date_range"], "2027-01-01", "Give two dates: from and to."),
        (ASKS["date_range"], {"from": "2027-01-01", "to": ""}, "Give both dates, from and to."),
        (
            ASKS["date_range"],
            {"from": "2027-03-31", "to": "2027-01-01"},
            "Let the dates end on the day they begin, or later.",
        ),
        (ASKS["group"], [CLIENT] * 3, "Keep to 2 rows; there are 3."),
        (
            ASKS["group"],
            [{**CLIENT, "Channel": "Fax"}],
            "Row 1, Channel: Choose one of: Voice, Chat.",
        ),
        (SMALL, "-3", "Give a number of -2 or more."),
        (SMALL, "11", "Give a number of 10.5 or less."),
        (SMALL, "1.5", "Give a whole number."),
        (
            Ask(),
            {"not_applicable": "No voice."},
            "Answer this question; it may not be left out as not applicable.",
        ),
        (
            Ask(allows_na=True),
            {"not_applicable": "  "},
            "Say in one sentence why this does not apply to you.",
        ),
    ],
)
def test_what_lies_outside_of_them_is_refused(question, raw, sentence) -> None:
    assert sentence_of(question, raw) == sentence


def test_a_file_says_until_when_it_is_valid() -> None:
    question = Ask(kind="file")
    facts = {"name": "soc2.pdf", "sha256": DIGEST, "size": 9, "expires": "2027-03-31"}
    assert answers.parse(question, [facts]) == [facts]
    assert answers.show(question, [facts]) == "soc2.pdf (expires 31 March 2027)"


def sentence_of(question: Ask, raw: object) -> str:
    with pytest.raises(Incomplete) as refused:
        answers.parse(question, raw)
    assert refused.value.fields == {"answer": refused.value.sentence}
    return refused.value.sentence


def test_every_kind_of_the_product_can_be_answered() -> None:
    assert set(answers.KINDS) == set(AnswerKind.values) == set(ASKS)


@pytest.mark.parametrize(
    ("kind", "raw", "stored", "shown"),
    [
        ("text_short", "  Velora Connect OÜ ", "Velora Connect OÜ", "Velora Connect OÜ"),
        ("text_long", "One\r\ntwo", "One\ntwo", "One\ntwo"),
        ("yes_no", "Yes", "Yes", "Yes"),
        ("single_choice", "Pilot", "Pilot", "Pilot"),
        ("multi_choice", ["Chat", "Voice", "Chat"], ["Voice", "Chat"], "Voice, Chat"),
        ("multi_choice", "Email", ["Email"], "Email"),
        ("number", "12500,5", "12500.5", "12,500.5 days"),
        ("number", 30, "30", "30 days"),
        ("percent", " 99.95 ", "99.95", "99.95% of fees"),
        ("currency", "23.10", "23.10", "23.10 per hour"),
        ("date", "2026-03-31", "2026-03-31", "31 March 2026"),
        (
            "file",
            [{"name": "plan.PDF", "sha256": DIGEST, "size": 9}],
            [{"name": "plan.PDF", "sha256": DIGEST, "size": 9}],
            "plan.PDF",
        ),
        (
            "table",
            [{"Site": "Tallinn", "Seats": "140"}, {"Site": " ", "Seats": ""}, {"Site": "Gdynia"}],
            [{"Site": "Tallinn", "Seats": "140"}, {"Site": "Gdynia", "Seats": ""}],
            "Site: Tallinn; Seats: 140\nSite: Gdynia",
        ),
        (
            "matrix",
            [{"Site": "Voice", "Seats": "0"}],
            [{"Site": "Voice", "Seats": "0"}],
            "Site: Voice; Seats: 0",
        ),
        (
            "price_table",
            [{"Role": "Agent", "Rate": "2150,00"}],
            [{"Role": "Agent", "Rate": "2150.00"}],
            "Role: Agent; Rate: 2,150.00",
        ),
    ],
)
def test_an_answer_is_stored_as_plain_json_shown_to_people_and_read_again_unchanged(
    kind: str, raw: object, stored: object, shown: str
) -> None:
    question = ASKS[kind]
    value = answers.parse(question, raw)
    assert value == stored
    assert answers.show(question, value) == shown
    assert answers.parse(question, value) == stored


@pytest.mark.parametrize(
    ("typed", "read"),
    [("7", "7"), ("1234.5", "1234.5"), ("1234,567", "1234.567"), ("0,125", "0.125"),
     ("0.125", "0.125"), ("12,50", "12.50"), ("1.1250", "1.1250"), ("1234567", "1234567")],
)  # fmt: skip
def test_a_number_that_can_be_read_in_one_way_is_read(typed: str, read: str) -> None:
    assert answers.parse(ASKS["number"], typed) == read


@pytest.mark.parametrize(
    ("typed", "whole", "part"),
    [("1,250", "1250", "1.2500"), ("1.250", "1250", "1.2500"), ("12.345", "12345", "12.3450"),
     ("999,999", "999999", "999.9990")],
)  # fmt: skip
def test_a_number_that_can_be_read_in_two_ways_is_asked_back(
    typed: str, whole: str, part: str
) -> None:
    assert (
        sentence_of(ASKS["number"], typed)
        == f"{typed} can be read in two ways. Write {whole} or {part}."
    )
    assert answers.parse(ASKS["number"], whole) == whole
    assert answers.parse(ASKS["number"], part) == part


@pytest.mark.parametrize(
    "typed",
    ["1,234.5", "1.234,5", "1 000", "1e3", "NaN", "Infinity", "٣", "12%", "£5", "--1", ".5", "5.",
     "1234567890123456", "0.1234567", "1_000"],
)  # fmt: skip
def test_anything_else_than_one_plain_number_is_refused(typed: str) -> None:
    assert sentence_of(ASKS["number"], typed) == (
        "Write a number with digits only, for example 1234.5."
        " Leave out spaces, thousands separators and units."
    )


@pytest.mark.parametrize("raw", [1.5, True, {"a": 1}, ["1"]])
def test_a_number_is_never_taken_from_a_float_or_another_type(raw: object) -> None:
    assert sentence_of(ASKS["number"], raw) == "Write the number as text, for example 12.5."


@pytest.mark.parametrize("kind", ["number", "percent", "currency"])
def test_figures_below_nought_are_refused(kind: str) -> None:
    assert sentence_of(ASKS[kind], "-1") == "Give a number of 0 or more."


def test_a_percentage_has_an_upper_end() -> None:
    assert answers.parse(ASKS["percent"], "1000") == "1000"
    assert sentence_of(ASKS["percent"], "1000.01") == "Give a number of 1000 or less."


def test_a_change_in_a_column_may_fall() -> None:
    surge = Ask(kind="table", options=({"name": "Price effect", "kind": "percent"},))
    value = answers.parse(surge, [{"Price effect": "-2.5"}])
    assert value == [{"Price effect": "-2.5"}]
    assert answers.show(surge, value) == "Price effect: -2.5%"


@pytest.mark.parametrize(
    ("kind", "raw", "sentence"),
    [
        ("text_short", "x" * 501, "Shorten the answer to 500 characters; it has 501."),
        ("text_short", ["x"], "Answer with text."),
        ("text_long", "x" * 20_001, "Shorten the answer to 20000 characters; it has 20001."),
        ("text_long", "one two three four five six", "Shorten the answer to 5 words; it has 6."),
        ("yes_no", "yes", "Choose one of: Yes, No."),
        ("yes_no", True, "Choose one of: Yes, No."),
        ("single_choice", "Maybe", "Choose one of: Live, Pilot, None."),
        ("multi_choice", ["Voice", "Fax"], "Choose from: Voice, Email, Chat."),
        ("multi_choice", 7, "Choose from: Voice, Email, Chat."),
        ("file", "plan.pdf", "Attach a file here."),
        ("file", [{"name": "plan.pdf"}], "Attach a file here."),
        (
            "file",
            [{"name": "plan.exe", "sha256": DIGEST, "size": 1}],
            "Attach one of these kinds of file: pdf, docx.",
        ),
        (
            "file",
            [{"name": "plan.pdf", "sha256": "x", "size": 1}],
            "Attach the file again; its facts did not arrive.",
        ),
        ("table", "Tallinn", "Fill in the table row by row."),
        ("table", ["Tallinn"], "Row 1: use the columns Site, Seats."),
        ("table", [{"Site": "Tallinn", "Desks": "1"}], "Row 1: use the columns Site, Seats."),
        (
            "table",
            [{"Site": "A", "Seats": "3"}, {"Site": "B", "Seats": "1.200"}],
            "Row 2, Seats: 1.200 can be read in two ways. Write 1200 or 1.2000.",
        ),
        ("table", [{"Site": "A"}] * 61, "Keep to 60 rows; there are 61."),
    ],
)
def test_what_cannot_be_taken_is_refused_with_what_to_do(
    kind: str, raw: object, sentence: str
) -> None:
    assert sentence_of(ASKS[kind], raw) == sentence


@pytest.mark.parametrize(
    "raw", ["31.03.2026", "2026-3-31", "2026-02-30", "20260331", "1066-10-14", 5]
)
def test_a_date_is_written_one_way(raw: object) -> None:
    assert sentence_of(ASKS["date"], raw) == (
        "Write the date as year, month, day, for example 2027-03-31."
    )


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f"])
def test_control_characters_are_refused(sign: str) -> None:
    assert sentence_of(ASKS["text_short"], f"a{sign}b") == (
        "The text holds control characters. Type it here, or paste it as plain text."
    )


@pytest.mark.parametrize("kind", list(ASKS))
@pytest.mark.parametrize("raw", ["", None, "  \n", []])
def test_a_blank_clears_any_answer(kind: str, raw: object) -> None:
    value = answers.parse(ASKS[kind], raw)
    assert answers.is_blank(value)
    assert value == (
        [] if kind in {"multi_choice", "file", "table", "matrix", "price_table", "group"} else ""
    )
    assert answers.show(ASKS[kind], value) == "Not answered"


@pytest.mark.parametrize(
    ("value", "blank"),
    [("0", False), ("No", False), ([], True), (None, True), ([{"Site": "", "Seats": ""}], True),
     ([{"Site": "", "Seats": "0"}], False), (["Voice"], False)],
)  # fmt: skip
def test_nought_and_no_are_answers_and_empty_rows_are_none(value: object, *, blank: bool) -> None:
    assert answers.is_blank(value) == blank


ACCOUNTS = Ask(
    kind="table",
    options=[{"name": "Year", "kind": "year"}, {"name": "Revenue", "kind": "currency"}],
)


def test_a_year_is_never_written_with_a_thousands_separator():
    kept = answers.parse(ACCOUNTS, [{"Year": "2024", "Revenue": "1250000"}])
    assert answers.show(ACCOUNTS, kept) == "Year: 2024; Revenue: 1,250,000"
    year = answers.columns_of(ACCOUNTS)[0]
    assert answers.show(year, "2024") == "2024"  # as the evaluator's table asks, cell by cell


@pytest.mark.parametrize("wrong", ["24", "2024.5", "2,024", "2024/25", "1899", "2201", "last"])
def test_a_year_has_four_digits(wrong):
    with pytest.raises(Incomplete, match="Row 1, Year: Write the year with four digits"):
        answers.parse(ACCOUNTS, [{"Year": wrong, "Revenue": "1"}])
