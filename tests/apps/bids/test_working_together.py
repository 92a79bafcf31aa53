"""Several people on one bid: merges, presence, marks, rows from a spreadsheet."""

import datetime as dt

import pytest
from django.urls import reverse

from apps.bids import selectors
from apps.bids.forms.pasting import understood
from apps.bids.models import AnswerVersion, SectionVisit
from apps.bids.services import answering, visiting
from apps.core import clock
from apps.core.errors import Conflict
from tests.apps.bids.test_answering import save, value
from tests.apps.bids.test_portal_pages import autosave, section, text
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(vendor_a):
    return sign_in(vendor_a.owner), sign_in(vendor_a.respondent)


@pytest.fixture
def raced(tender, bid_a, vendor_a):
    """Both wrote on version 1; the respondent was faster."""
    save(bid_a, tender, vendor_a.owner, "1.01", "We train agents.")
    save(bid_a, tender, vendor_a.respondent, "1.01", "We train agents twice.", 1)
    return bid_a


# The loser of a race


def test_the_loser_gets_both_texts_and_what_stood_before(raced, tender, pair):
    given = {"v-1.01": "1", "a-1.01": "We train agents well."}
    page = text(pair[0].post(section(raced), given))
    assert "We train agents well.</textarea>" in page
    assert '<p class="pre">We train agents twice.</p>' in page
    assert '<p class="pre mt-1">We train agents.</p>' in page
    assert "<ins> twice</ins>" in page
    assert 'name="v-1.01" value="2"' in page


def test_the_loser_keeps_theirs_or_saves_a_text_of_both_and_nothing_is_lost(
    raced, tender, vendor_a, pair
):
    theirs = {"v-1.01": "2", "a-1.01": "Mine.", "t-1.01": "1"}
    assert pair[0].post(section(raced), theirs).status_code == 302
    assert value(raced, vendor_a.owner, "1.01") == "We train agents twice."
    merged = {"v-1.01": "2", "a-1.01": "We train agents twice, and well."}
    assert pair[0].post(section(raced), merged).status_code == 302
    assert value(raced, vendor_a.owner, "1.01") == "We train agents twice, and well."
    with acting_for(vendor_a.owner):
        assert AnswerVersion.objects.count() == 3


def test_a_script_and_a_program_get_both_and_the_ancestor(raced, tender, pair):
    page = autosave(pair[0], tender, raced, "1.01", {"a-1.01": "Mine."}, 1)
    place = f"/api/v1/bids/{raced.pk}/answers/1.01/"
    sent = {"answer": "Mine.", "version": 1}
    program = pair[0].put(place, sent, content_type="application/json")
    for answer in (page, program):
        current = answer.json()["current"]
        assert (answer.status_code, current["version"]) == (412, 2)
        assert current["answer"] == "We train agents twice."
        assert current["base"]["answer"] == "We train agents."


def test_the_first_two_answers_have_no_ancestor(tender, bid_a, vendor_a):
    save(bid_a, tender, vendor_a.respondent, "1.01", "Theirs.")
    with pytest.raises(Conflict) as refused:
        save(bid_a, tender, vendor_a.owner, "1.01", "Mine.")
    assert refused.value.current["base"] is None


def test_restoring_replaces_nothing_that_was_saved_since_the_history_was_read(
    raced, tender, pair, vendor_a
):
    url = reverse("bids:restore", args=[raced.pk, tender.questions["1.01"].pk])
    assert pair[0].post(url, {"version": "1", "instead_of": "1"}).status_code == 412
    assert value(raced, vendor_a.owner, "1.01") == "We train agents twice."
    assert pair[0].post(url, {"version": "1", "instead_of": "2"}).status_code == 302
    assert value(raced, vendor_a.owner, "1.01") == "We train agents."


# Who is where, and what is new


def test_colleagues_see_where_each_other_works_for_a_minute(
    tender, bid_a, vendor_a, pair, set_clock
):
    here = reverse("bids:here", args=[bid_a.pk, "1"])
    assert pair[1].post(here, {"place": "1.02"}).json() == {"here": []}
    assert pair[0].post(here, {"place": "1.01"}).json() == {
        "here": ["Velora Connect Respondent (1.02)"]
    }
    assert "Velora Connect Owner (1.01)" in text(pair[1].get(section(bid_a)))
    set_clock(clock.now() + dt.timedelta(seconds=61))
    assert pair[0].post(here, {"place": "1.01"}).json() == {"here": []}


def test_nobody_outside_learns_where_a_team_works(tender, bid_a, vendor_a, vendor_b, buyer, pair):
    pair[0].post(reverse("bids:here", args=[bid_a.pk, "1"]), {"place": "1.01"})
    for stranger in (vendor_b.owner, buyer.lead):
        url = reverse("bids:here", args=[bid_a.pk, "1"])
        assert sign_in(stranger).post(url).status_code == 404
        with acting_for(stranger):
            assert SectionVisit.objects.count() == 0
    with acting_for(vendor_a.owner):
        assert SectionVisit.objects.count() == 1


def test_who_does_not_see_the_price_does_not_see_who_works_on_it(tender, bid_a, vendor_a, pair):
    pair[0].post(reverse("bids:here", args=[bid_a.pk, "3"]), {"place": "3.01"})
    said = pair[1].post(reverse("bids:here", args=[bid_a.pk, "1"]), {}).json()
    assert said == {"here": []}
    assert pair[1].post(reverse("bids:here", args=[bid_a.pk, "3"])).status_code == 404


def test_a_place_that_is_no_question_of_the_section_is_not_kept(tender, bid_a, vendor_a, pair):
    pair[0].post(reverse("bids:here", args=[bid_a.pk, "1"]), {"place": "<b>2.01"})
    with acting_for(vendor_a.owner):
        assert SectionVisit.objects.get().place == ""


def test_what_colleagues_changed_since_the_last_visit_is_marked(
    tender, bid_a, vendor_a, pair, set_clock
):
    save(bid_a, tender, vendor_a.respondent, "1.02", "Yes")
    assert "New since your last visit" not in text(pair[0].get(section(bid_a)))
    start = clock.now()
    save(bid_a, tender, vendor_a.respondent, "1.01", "Changed.")
    save(bid_a, tender, vendor_a.owner, "1.03", "3")
    set_clock(start + visiting.A_VISIT + dt.timedelta(minutes=1))
    for _look in range(2):
        assert text(pair[0].get(section(bid_a))).count("New since your last visit") == 1
    set_clock(start + dt.timedelta(hours=3))
    assert "New since your last visit" not in text(pair[0].get(section(bid_a)))


# Rows from a spreadsheet


def paste(bid, tender, client, rows, code="1.05", **more):
    url = reverse("bids:paste", args=[bid.pk, tender.questions[code].pk])
    return client.post(url, {"rows": rows, **more})


@pytest.mark.parametrize(
    "rows",
    [
        "2023\t1000\n2024\t2000.50\n",
        "Revenue\tYear\r\n1000\t2023\r\n2000.50\t2024\r\n",
        '"2023"\t"1000"\t\t\n\n"2024"\t2000.50\n',
    ],
)
def test_rows_of_a_spreadsheet_are_shown_then_saved(rows, tender, bid_a, vendor_a, pair):
    page = text(paste(bid_a, tender, pair[0], rows))
    assert "<td>2023</td><td>1000</td>" in page
    assert value(bid_a, vendor_a.owner, "1.05") is None, "nothing is saved by looking"
    assert paste(bid_a, tender, pair[0], rows, put="1", version="0").status_code == 302
    assert value(bid_a, vendor_a.owner, "1.05") == [
        {"Year": "2023", "Revenue": "1000"},
        {"Year": "2024", "Revenue": "2000.50"},
    ]
    more = "2025\t3000"
    assert paste(bid_a, tender, pair[0], more, below="1", version="1").status_code == 302
    assert [row["Year"] for row in value(bid_a, vendor_a.owner, "1.05")] == ["2023", "2024", "2025"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("2023\tmuch", "Row 1, Revenue: "),
        ("2023\t1\nlater\t2", "Row 2, Year: "),
        ("2023\t1\t5", "Row 1 has 3 cells; the table has 2: Year, Revenue."),
        ("", "There is no row here."),
        ("2023\t1\n" * 61, "Keep to 60 rows; there are 61."),
        ("x" * 200_001, "This is more than one table holds."),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_saved(rows, sentence, tender, bid_a, vendor_a, pair):
    answer = paste(bid_a, tender, pair[0], rows, put="1", version="0")
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert value(bid_a, vendor_a.owner, "1.05") is None


def test_rows_replace_no_newer_table_unseen(tender, bid_a, vendor_a, pair):
    save(bid_a, tender, vendor_a.respondent, "1.05", [{"Year": "2020", "Revenue": "1"}])
    answer = paste(bid_a, tender, pair[0], "2023\t1", put="1", version="0")
    assert answer.status_code == 422
    assert "changed this answer while you were writing" in text(answer)
    assert value(bid_a, vendor_a.owner, "1.05") == [{"Year": "2020", "Revenue": "1"}]


def test_only_a_table_takes_rows(tender, bid_a, pair):
    assert paste(bid_a, tender, pair[0], "a\tb", code="1.01").status_code == 404


def test_a_cell_with_a_line_break_in_it_stays_one_cell(tender):
    read = understood(tender.questions["1.05"], '"2023\nand on"\t1')
    assert (len(read.rows), read.rows[0]["Year"]) == (1, "2023\nand on")


def test_a_section_costs_the_same_for_one_answer_and_for_all(tender, bid_a, vendor_a, pair):
    save(bid_a, tender, vendor_a.owner, "1.01", "One.")
    before = make.queries(pair[0], section(bid_a))
    for code, raw in (("1.02", "Yes"), ("1.03", "12"), ("1.04", ["Identity"])):
        save(bid_a, tender, vendor_a.respondent, code, raw)
    with acting_for(vendor_a.owner):
        held = selectors.history_of(bid_a, tender.questions["1.01"])
        assert [one.version for one in held] == [1]
        assert answering.restore(
            bid=bid_a, question=tender.questions["1.01"], version=1, actor=vendor_a.owner
        )
    assert make.queries(pair[0], section(bid_a)) == before
