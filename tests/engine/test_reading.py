"""Plain data is read strictly, and every refusal names the place."""

from decimal import Decimal

import pytest

from apps.engine.errors import ConventionRequired, InvalidInput
from apps.engine.reading import LONGEST_TEXT, Outcome, Reader, located, parse_figure


def refused(call):
    with pytest.raises(InvalidInput) as caught:
        call()
    return caught.value.path, caught.value.sentence


@pytest.mark.parametrize(
    ("raw", "figure"),
    [("12.50", "12.50"), (12, "12"), (" 3 ", "3"), ("-0.5", "-0.5"), (Decimal("1E+2"), "100")],
)
def test_a_figure_is_exact(raw, figure):
    assert parse_figure(raw) == Decimal(figure)


@pytest.mark.parametrize("raw", [1.5, True, None, [], {}, b"1"])
def test_only_text_and_whole_numbers_are_figures(raw):
    assert refused(lambda: parse_figure(raw, "rate")) == (
        "rate",
        'Write this number as text in quotes, for example "12.50".',
    )


@pytest.mark.parametrize(
    "raw",
    [
        "1e3", "NaN", "Infinity", "1_000", "1,000.00", "", ".5", "5.", "+1", "\u0661", "0x10",
        "1" * 19, "0." + "1" * 19, "--1", Decimal("NaN"),
    ],
)  # fmt: skip
def test_a_figure_is_digits_and_a_point(raw):
    assert refused(lambda: parse_figure(raw, "rate")) == (
        "rate",
        'Write digits with a point for decimals, for example "1250.75".',
    )


def test_a_path_leads_through_objects_and_lists():
    reader = Reader({"quotes": [{}, {"rates": {"hourly": "x"}}]})
    hourly = reader.key("quotes").items()[1].key("rates").key("hourly")
    assert refused(hourly.decimal)[0] == "quotes[1].rates.hourly"


def test_what_goes_wrong_is_placed_where_it_happens_or_where_it_is_asked_for():
    def fail(path):
        with located("quotes[0]"):
            raise InvalidInput("Give more.", path=path)

    assert refused(lambda: fail(None))[0] == "quotes[0]"
    assert refused(lambda: fail("quotes[0].rates"))[0] == "quotes[0].rates"


def test_a_missing_value_is_named():
    assert refused(lambda: Reader({}, "terms").key("months")) == (
        "terms.months",
        "Add this value; it is missing.",
    )
    assert refused(lambda: Reader({"months": None}).key("months"))[0] == "months"


def test_an_optional_value_may_be_absent_or_null():
    assert Reader({}).optional("a") is None
    assert Reader({"a": None}).optional("a") is None
    assert Reader({"a": 0}).optional("a").raw == 0


def test_an_unknown_name_is_refused():
    reader = Reader({"mnths": 1, "rate": 2}, "terms")
    assert refused(lambda: reader.only("months", "rate")) == (
        "terms.mnths",
        "Remove this name or correct it; known: months, rate.",
    )
    assert reader.only("mnths", "rate") is reader


def test_a_convention_left_out_is_an_error_of_its_own():
    with pytest.raises(ConventionRequired) as caught:
        Reader({}, "terms").convention("timing", ["end", "t0"])
    assert str(caught.value) == "terms.timing: Name the convention used here: end, t0."
    assert Reader({"timing": "t0"}).convention("timing", ["end", "t0"]) == "t0"


def test_a_choice_is_one_of_its_options():
    assert Reader("a").choice("ab") == "a"
    assert refused(lambda: Reader("c", "x").choice("ab")) == ("x", "Choose one of: a, b.")
    assert refused(lambda: Reader(1, "x").choice("ab"))[0] == "x"


def test_objects_and_lists_are_told_apart():
    assert refused(lambda: Reader([], "x").key("a")) == (
        "x",
        "Give an object with named values here.",
    )
    assert refused(lambda: Reader({1: 2}, "x").mapping())[1].startswith("Use text")
    for raw in ("text", b"bytes", {}, None, 3):
        assert refused(lambda raw=raw: Reader(raw, "x").items()) == ("x", "Give a list here.")


def test_entries_carry_their_paths():
    assert [(name, child.path) for name, child in Reader({"a": 1}, "x").entries()] == [("a", "x.a")]


def test_a_list_has_a_least_and_a_largest_length():
    assert [item.path for item in Reader(["a", "b"], "x").items(least=2, most=2)] == [
        "x[0]",
        "x[1]",
    ]
    assert "at least 1" in refused(lambda: Reader([]).items(least=1))[1]
    assert "at most 1" in refused(lambda: Reader([1, 2]).items(most=1))[1]


def test_numbers_keep_their_bounds():
    assert Reader("5").decimal(5, 5) == 5
    assert refused(lambda: Reader("4.9", "x").decimal(5)) == ("x", "Give 5 or more; this is 4.9.")
    assert refused(lambda: Reader("5.1", "x").decimal(None, 5))[1] == (
        "Give 5 or less; this is 5.1."
    )
    assert Reader("7.0").integer() == 7
    assert refused(lambda: Reader("7.5", "x").integer())[1] == "Give a whole number; this is 7.5."


def test_text_and_flags():
    assert Reader("a").text() == "a"
    assert Reader(False).flag() is False  # noqa: FBT003 -- the value under test
    assert refused(lambda: Reader(" ", "x").text())[1] == "Give text here."
    assert refused(lambda: Reader(5, "x").text())[1] == "Give text here."
    assert "Shorten" in refused(lambda: Reader("a" * (LONGEST_TEXT + 1)).text())[1]
    assert refused(lambda: Reader("true", "x").flag())[1] == "Answer true or false."


def test_an_outcome_has_neither_seed_nor_warnings_unless_they_are_given():
    outcome = Outcome(result={}, method={})
    assert (outcome.seed, outcome.warnings) == (None, ())
