"""An answer as an evaluator reads it."""

import pytest

from apps.bids.models import Bid
from apps.bids.selectors.opened import OpenedFile
from apps.matrix.selectors.reading import Passage, read
from apps.rfp.models import Question
from apps.workspace.models import Organisation


def reading(value, *, kind="text_long", vendor="Tamarind Global", hide=True, files=(), options=()):
    question = Question(code="1.01", kind=kind, options=list(options))
    bid = Bid(letter="B", vendor=Organisation(name=vendor))
    return read(question, bid, value, files, hide=hide)


def test_paragraphs_and_words_are_kept_as_given():
    seen = reading("First line.\nStill first.\n\nSecond <b>.")
    assert seen.paragraphs == (
        (Passage("First line.\nStill first."),),
        (Passage("Second <b>."),),
    )
    assert (seen.words, seen.blank) == (6, False)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("At Tamarind Global we train.", "At [vendor] we train."),
        ("TAMARIND GLOBAL trains.", "[vendor] trains."),
        ("Tamarind hires; tamarind trees grow.", "[vendor] hires; tamarind trees grow."),
        ("Global reach. Tamarinds.", "Global reach. Tamarinds."),
    ],
)
def test_a_vendor_s_name_is_hidden_where_letters_stand_for_vendors(text, shown):
    pieces = reading(text).paragraphs[0]
    assert "".join(piece.text for piece in pieces) == shown


def test_a_name_made_of_words_of_the_trade_is_hidden_in_full_only():
    pieces = reading("Contact us. Contact Point is us.", vendor="Contact Point").paragraphs[0]
    assert "".join(piece.text for piece in pieces) == "Contact us. [vendor] is us."


def test_after_the_lock_nothing_is_hidden():
    assert reading("We are Tamarind.", hide=False).paragraphs == ((Passage("We are Tamarind."),),)


def test_a_table_keeps_its_columns_and_rows():
    seen = reading(
        [{"Site": "Leeds", "Seats": "120"}, {"Site": "Tamarind House", "Seats": ""}],
        kind="table",
        options=[{"name": "Site", "kind": "text_short"}, {"name": "Seats", "kind": "number"}],
    )
    assert seen.paragraphs == ()
    assert seen.table is not None
    assert seen.table.columns == ("Site", "Seats")
    assert seen.table.rows[1] == (
        (Passage("[vendor]", hidden=True, size=8), Passage(" House")),
        (),
    )


def test_files_lose_their_names_until_the_lock():
    files = [
        OpenedFile("1.01", "Tamarind BCP.PDF", 2048, "a" * 64),
        OpenedFile("1.01", "x", 1, "b" * 64),
    ]
    hidden = reading([], kind="file", files=files)
    assert [one.label for one in hidden.files] == ["File 1 (PDF)", "File 2"]
    shown = reading([], kind="file", files=files, hide=False)
    assert [one.label for one in shown.files] == ["Tamarind BCP.PDF", "x"]
    assert (hidden.blank, reading([], kind="file").blank) == (False, True)
