import pytest

from apps.reports.adapters.wording import CUT, LONGEST_TEXT, MOST_LINES, Cleaner, drawable


def test_plain_text_stays_as_it_is(font_set):
    text = "Kraków, Łódź: €36,740,000 \N{MINUS SIGN}5.1 % … “fix first”\n\tЖЩЮ ΨΩ مرحبا"
    assert drawable(text, font_set.coverage) == text


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("ze\u200bro\u2060wid\ufeffth", "zerowidth"),
        ("a\u2066b\u2069c\u200ed", "abcd"),
        ("nul\x00 bell\x07 del\x7f", "nul bell del"),
        ("private \ue000\U000f0000 tag \U000e0041", "private  tag "),
        ("line\r\nend\rend", "line\nend\nend"),
        ("e\u0301", "é"),
        ("Z" + "\u0301" * 40, "Ź" + "\u0301" * 4),
        ("shaking 🫨 face", "shaking □ face"),
    ],
)
def test_what_cannot_or_should_not_be_drawn_is_taken_out_or_boxed(font_set, text, drawn):
    assert drawable(text, font_set.coverage) == drawn


def test_the_box_is_a_question_mark_where_no_font_holds_it():
    assert drawable("a☃b", frozenset(map(ord, "ab?"))) == "a?b"


def test_plain_data_is_cleaned_wherever_text_stands_in_it(font_set):
    cleaner = Cleaner(font_set.coverage)
    value = {"rows": [{"name": "A\u202eB", "chosen": True, "count": 3}], "raw": b"x", "none": None}
    assert cleaner.clean(value) == {
        "rows": [{"name": "AB", "chosen": True, "count": 3}],
        "raw": b"x",
        "none": None,
    }
    assert (cleaner.replaced, cleaner.cut) == (set(), False)


def test_what_was_replaced_is_remembered(font_set):
    cleaner = Cleaner(font_set.coverage)
    assert cleaner.clean(["🫨 and 🫥", "fine"]) == ["□ and □", "fine"]
    assert cleaner.replaced == {"🫨", "🫥"}


def test_long_texts_are_cut_and_say_so(font_set):
    cleaner = Cleaner(font_set.coverage)
    assert cleaner.clean("x" * 1_000_000) == "x" * LONGEST_TEXT + CUT
    assert cleaner.cut
    lines = Cleaner(font_set.coverage)
    assert lines.clean("a\n" * 5000) == "\n".join(["a"] * MOST_LINES) + CUT
    assert lines.cut
