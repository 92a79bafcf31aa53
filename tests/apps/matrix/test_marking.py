"""Evidence marked in an answer: kept with the score, where it lies in what the vendor wrote."""

import html
import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import Conflict, Incomplete
from apps.core.models import AuditEvent
from apps.matrix.forms.judging import JudgementForm
from apps.matrix.models import Score
from apps.matrix.selectors.marking import MOST, Passage, marked, placed, quotes, written
from apps.matrix.types import Mark
from tests.apps.matrix.test_scoring import give
from tests.conftest import acting_for
from tests.factories import matrix as make

# "At Tamarind Global we train." with the name hidden: 3 characters, 15 that read [vendor], 10 more.
NAMED = ((Passage("At "), Passage("[vendor]", hidden=True, size=15), Passage(" we train.")),)
PLAIN = ((Passage("We hire in waves."),), (Passage("Each wave has an owner."),))


def text_of(passages) -> str:
    return "".join(one.text for one in passages)


def shown_at(stage, user, client_for, code="1.01"):
    url = reverse("matrix:question", args=[stage.procurement.pk, code])
    return client_for(user).get(url).content.decode()


@pytest.mark.parametrize(
    ("made", "kept"),
    [
        (Mark(0, 0, 2), Mark(0, 0, 2)),
        (Mark(0, 12, 20), Mark(0, 19, 27)),  # after the name: as many letters further on
        (Mark(0, 5, 6), Mark(0, 3, 18)),  # inside what hides the name: all of the name
        (Mark(0, 1, 14), Mark(0, 1, 21)),
        (Mark(0, 0, 21), Mark(0, 0, 28)),
    ],
)
def test_a_mark_is_kept_where_it_lies_in_what_the_vendor_wrote(made, kept):
    assert placed(NAMED, [made]) == (kept,)


def test_marks_that_touch_are_one_and_they_stand_in_order():
    made = [Mark(1, 5, 9), Mark(0, 8, 16), Mark(0, 3, 8), Mark(1, 0, 4)]
    assert placed(PLAIN, made) == (Mark(0, 3, 16), Mark(1, 0, 4), Mark(1, 5, 9))


@pytest.mark.parametrize(
    "made", [Mark(2, 0, 1), Mark(0, 0, 18), Mark(0, 4, 4), Mark(0, 9, 3), Mark(1, 20, 24)]
)
def test_a_passage_that_is_not_in_the_answer_is_refused_with_what_to_do(made):
    with pytest.raises(Incomplete, match="Reload the page and mark again") as refused:
        placed(PLAIN, [made])
    assert set(refused.value.fields) == {"marks"}


def test_an_answer_takes_forty_marks_and_no_more():
    long = ((Passage("x" * 200),),)
    made = [Mark(0, 2 * place, 2 * place + 1) for place in range(MOST + 1)]
    assert len(placed(long, made[:-1])) == MOST
    with pytest.raises(Incomplete, match="Mark 40 passages at most"):
        placed(long, made)


@given(st.data())
def test_what_is_marked_on_the_page_is_marked_there_again(data):
    """From the page to what is kept and back: the same stretches, a hidden name always whole."""
    runs = data.draw(
        st.lists(
            st.one_of(
                st.text("abc é🙂", min_size=1, max_size=9).map(Passage),
                st.integers(1, 20).map(lambda size: Passage("[vendor]", hidden=True, size=size)),
            ),
            min_size=1,
            max_size=6,
        )
    )
    length = len(text_of(runs))
    ends = st.tuples(st.integers(0, length - 1), st.integers(1, length))
    spans = data.draw(st.lists(ends.filter(lambda pair: pair[0] < pair[1]), max_size=5))
    page = (tuple(runs),)
    again = marked(page[0], placed(page, [Mark(0, *span) for span in spans]))
    assert text_of(again) == text_of(runs)
    covered = {place for start, end in spans for place in range(start, end)}
    at = 0
    for run in runs:
        here = set(range(at, at + len(run.text)))
        if run.hidden and here & covered:
            covered |= here
        at += len(run.text)
    seen = {
        place for one in written((again,)).split() for place in range(*map(int, one.split("-")[1:]))
    }
    assert seen == covered
    assert "".join(map(text_of, quotes((again,)))) == "".join(
        text_of(runs)[place] for place in sorted(covered)
    )


def test_marks_come_with_the_score_and_another_mark_is_another_version(begun, buyer):
    first = give(begun, buyer.evaluator, marks=[Mark(1, 0, 9)])
    again = give(begun, buyer.evaluator, marks=[Mark(1, 0, 9)], version=1)
    other = give(begun, buyer.evaluator, marks=[Mark(0, 3, 7)], version=1)
    left = give(begun, buyer.evaluator, value="4", version=2)  # a paste of scores names no marks
    none = give(begun, buyer.evaluator, value="4", marks=[], version=3)
    assert (first.marks, again.pk, other.marks) == ([[1, 0, 9]], first.pk, [[0, 3, 7]])
    assert [one.version for one in (first, other, left, none)] == [1, 2, 3, 4]
    assert (left.marks, none.marks) == ([[0, 3, 7]], [])
    with pytest.raises(Conflict):
        give(begun, buyer.evaluator, marks=[Mark(0, 0, 2)], version=2)


def test_a_wrong_mark_keeps_the_whole_judgement_back(begun, buyer):
    with pytest.raises(Incomplete, match="mark again"):
        give(begun, buyer.evaluator, marks=[Mark(7, 0, 3)])
    with pytest.raises(Incomplete, match="mark again"):  # a table has no running text
        give(begun, buyer.evaluator, code="1.04", marks=[Mark(0, 0, 3)])
    with acting_for(buyer.evaluator):
        assert not Score.objects.exists()


def test_the_log_tells_of_the_score_and_not_of_the_words(begun, buyer):
    give(begun, buyer.evaluator, marks=[Mark(1, 0, 9)])
    with acting_for(buyer.evaluator):
        told = AuditEvent.objects.get(action="scoring.score").payload
    assert '"version":1' in told
    assert "mark" not in told
    assert "Each wave" not in told


def test_the_page_saves_and_shows_one_s_own_marks_and_nobody_else_s(begun, buyer, client_for):
    letter = begun.bid(0).letter
    url = reverse("matrix:save", args=[begun.procurement.pk, "1.01", letter])
    typed = {"value": "4", "reason": "Meets anchor 4.", "version": "0", "marks": "1-0-9 0-3-7"}
    data = {f"{letter}-{name}": value for name, value in typed.items()}
    answer = client_for(buyer.evaluator).post(url, data, headers={"If-Match": '"0"'})
    assert answer.json()["version"] == 1
    mine = shown_at(begun, buyer.evaluator, client_for)
    assert re.findall(r"<mark>(.+?)</mark>", mine) == ["hire", "Each wave"]
    assert f'name="{letter}-marks" value="0-3-7 1-0-9"' in mine
    for person in (buyer.evaluator2, buyer.lead, buyer.moderator, buyer.auditor):
        assert "<mark>" not in shown_at(begun, person, client_for)


def test_marks_that_no_page_writes_are_refused_by_name(begun, buyer, client_for):
    letter = begun.bid(0).letter
    url = reverse("matrix:save", args=[begun.procurement.pk, "1.01", letter])
    for wrong in ("all of it", "0-1", "0-1-2,1-1-2", "-1-2-3"):
        typed = {"value": "4", "reason": "Meets anchor 4.", "marks": wrong}
        data = {f"{letter}-{name}": value for name, value in typed.items()}
        answer = client_for(buyer.evaluator).post(url, data, headers={"Accept": "application/json"})
        assert answer.status_code == 422
        assert "mark the passages again" in answer.content.decode()


def test_a_form_without_marks_leaves_them(begun):
    form = JudgementForm({"A-value": "3", "A-reason": "Why."}, prefix="A", scale=("0", "3"))
    assert form.checked()["marks"] is None


def test_the_consensus_shows_what_each_marked_with_names_hidden(
    buyer, vendor_a, vendor_b, set_clock, client_for
):
    stage = make.opened(
        buyer, [vendor_a, vendor_b], set_clock, answers={0: {"1.01": "Velora Connect hires early."}}
    )
    make.begun(stage)
    # "[vendor] hires" on the page is "Velora Connect hires" in the answer.
    score = give(stage, buyer.evaluator, marks=[Mark(0, 2, 14)])
    assert score.marks == [[0, 0, 20]]
    make.in_consensus(make.scored(stage))
    url = reverse("matrix:agreeing", args=[stage.procurement.pk, "1.01"])
    page = client_for(buyer.moderator).get(url).content.decode()
    said = re.findall(r"Marked: <q><mark>(.*?)</mark></q>", page, re.DOTALL)
    assert [re.sub(r"<[^>]+>|\s+$", "", one) for one in said] == ["[vendor] hires"]
    assert "Velora" not in html.unescape(page)
    assert "<mark>" not in client_for(vendor_a.owner).get(url).content.decode()
