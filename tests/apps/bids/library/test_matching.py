"""Three hundred questions as buyers would ask them, against a library of 115 answers.

`entries.csv` is a vendor's library; `asked.csv` names, for each rephrased question, the entry that
answers it. The synonyms were tuned on the first, third, fifth … question alone and the others were
left unseen, so that the second half says what to expect. Measured: 89% of the first half and 88% of
the second are among the best three; before any tuning 57% of the first half were.
"""

import csv
from pathlib import Path

import pytest

from apps.bids.types.matching import Index, Text
from apps.bids.types.words import stem, terms

HERE = Path(__file__).parent
LEAST = 0.80


def rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture(scope="module")
def library():
    return Index(
        [
            Text(one["id"], one["question"], one["topic"], one["answer"])
            for one in rows("entries.csv")
        ]
    )


def share_found(library, asked):
    found = [one["id"] in [m.item for m in library.best(one["asked"])] for one in asked]
    return sum(found) / len(found)


def test_the_labelled_set_is_what_it_claims():
    entries, asked = rows("entries.csv"), rows("asked.csv")
    ids = {one["id"] for one in entries}
    questions = {one["question"].casefold() for one in entries}
    assert (len(entries), len(ids), len(asked)) == (115, 115, 300)
    assert {one["id"] for one in asked} <= ids
    assert len({one["asked"] for one in asked}) == 300
    assert not [one for one in asked if one["asked"].casefold() in questions]


@pytest.mark.parametrize(("half", "measured"), [(0, 0.88), (1, 0.87)])
def test_four_of_five_questions_find_their_answer_among_the_best_three(library, half, measured):
    share = share_found(library, rows("asked.csv")[half::2])
    assert share >= LEAST
    assert share >= measured, "the search became worse than it was measured"


def test_a_question_that_shares_no_word_finds_nothing(library):
    assert library.best("Zzz qqq?") == []
    assert Index([]).best("Do you hold ISO 27001?") == []


def test_the_order_of_equals_is_the_order_of_the_library():
    twins = Index([Text(name, "Do you hold ISO/IEC 27001?") for name in ("first", "second")])
    assert [match.item for match in twins.best("ISO 27001")] == ["first", "second"]


@pytest.mark.parametrize(
    ("words", "one"),
    [
        (("recruit", "recruits", "recruiting", "recruited"), "recruit"),
        (("plan", "plans", "planned", "planning"), "plan"),
        (("country", "countries"), "country"),
        (("career",), "career"),
        (("gas",), "gas"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(words, one):
    assert {stem(word) for word in words} == {one}


def test_a_phrase_counts_by_its_meaning_and_by_its_words():
    asked, held = set(terms("What is your staff turnover?")), set(terms("State agent attrition."))
    assert {term for term in asked & held if term.startswith("=")}
