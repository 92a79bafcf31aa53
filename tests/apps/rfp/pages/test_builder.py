"""The builder as people use it: forms in, redirects out, sentences beside fields."""

import pytest

from apps.rfp.models import Question, Section
from tests.apps.rfp.pages.visiting import form_of, made, url
from tests.conftest import acting_for
from tests.factories.rfp import ANCHORS, CODES, question


def test_the_lead_starts_from_the_shipped_questionnaire_and_chooses(buyer, browser, procurement):
    answer = browser.get(url("builder", procurement))
    assert answer.url == url("start", procurement)
    page = browser.get(answer.url).content.decode()
    assert "16 sections, 186 questions: 162 scored, 20 with a knock-out." in page
    answer = browser.post(url("start", procurement), {"questionnaire": "bpo_voice_support"})
    assert answer.url == url("choose", procurement)
    answer = browser.post(answer.url, {"codes": ["4.08", "11.14"]})
    assert answer.url == url("builder", procurement)
    with acting_for(buyer.lead):
        assert sorted(Question.objects.values_list("code", flat=True)) == ["11.14", "4.08"]


def test_starting_without_a_choice_says_what_to_do(browser, procurement):
    answer = browser.post(url("start", procurement), {"questionnaire": ""})
    assert answer.status_code == 422
    assert "Choose the questionnaire to start from." in answer.content.decode()


def test_others_read_that_nothing_is_started(buyer, client_for, procurement):
    client = client_for(buyer.evaluator)
    for name in ("builder", "terms", "workload", "publish"):
        assert "Not started yet" in client.get(url(name, procurement)).content.decode()
    assert client.get(url("start", procurement)).status_code == 403


def test_the_builder_shows_section_question_and_what_is_special_about_it(buyer, browser):
    rfp = made(buyer)
    page = browser.get(url("builder", rfp), {"section": "2", "question": "2.01"}).content.decode()
    assert "Weights total 100%" in page
    assert "Within how many hours of a suspected breach would you tell us?" in page
    # 60% quality x 40% section x 5 of 10 points
    assert "5 points, 12.0% of the award" in page
    assert "Knock-out" in page
    assert "Question 2.01" in page


def test_weights_that_miss_100_are_saved_and_said(buyer, browser):
    rfp = made(buyer)
    answer = browser.post(url("weights", rfp), {"weight-1": "55", "weight-2": "40", "section": "2"})
    assert answer.url == url("builder", rfp) + "?section=2"
    page = browser.get(answer.url).content.decode()
    assert "Section weights add up to 95; they must add up to 100. Give out 5 more." in page
    answer = browser.post(url("share-out", rfp), {"section": "2"})
    assert "Weights total 100%" in browser.get(answer.url).content.decode()


def test_a_wrong_weight_comes_back_beside_its_field_and_nothing_is_saved(buyer, browser):
    rfp = made(buyer)
    answer = browser.post(url("weights", rfp), {"weight-1": "lots", "weight-2": "40"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="lots" aria-invalid="true"' in page
    assert "Give a weight from 0 to 100, with at most four decimals." in page
    with acting_for(buyer.lead):
        assert Section.objects.get(rfp=rfp, code="1").weight == 60


def test_sections_are_added_renamed_moved_and_removed(buyer, browser):
    rfp = made(buyer)
    answer = browser.post(url("add-section", rfp), {"title": "Culture", "envelope": "technical"})
    assert answer.url == url("builder", rfp) + "?section=4"
    with acting_for(buyer.lead):
        pk = Section.objects.get(rfp=rfp, code="4").pk
    browser.post(url("section", rfp, pk), {"title": "Culture and values", "weight": "0"})
    browser.post(url("move-section", rfp, pk), {"way": "up"})
    with acting_for(buyer.lead):
        order = Section.objects.filter(rfp=rfp).order_by("position")
        assert [one.title for one in order][-2:] == ["Culture and values", "Commercial"]
    browser.post(url("remove-section", rfp, pk))
    with acting_for(buyer.lead):
        assert Section.objects.filter(rfp=rfp).count() == 3


def test_a_section_without_a_title_is_shown_again(buyer, browser):
    rfp = made(buyer)
    answer = browser.post(url("add-section", rfp), {"title": "", "envelope": "technical"})
    assert answer.status_code == 422
    assert "Give the section a title." in answer.content.decode()
    with acting_for(buyer.lead):
        pk = Section.objects.get(rfp=rfp, code="1").pk
    answer = browser.post(url("section", rfp, pk), {"title": "", "weight": "60"})
    assert answer.status_code == 422


def test_saving_a_tab_unchanged_changes_nothing(buyer, browser):
    rfp = made(buyer)
    for code in CODES:
        for tab in ("question", "scoring", "evidence", "logic"):
            with acting_for(buyer.lead):
                before = Question.objects.values().get(rfp=rfp, code=code)
            sent = form_of(browser, rfp, code, tab)
            answer = browser.post(url("question", rfp, before["id"]), sent)
            assert (code, tab, answer.status_code) == (code, tab, 302)
            with acting_for(buyer.lead):
                after = Question.objects.values().get(rfp=rfp, code=code)
            for rule in (*before["auto"], *after["auto"]):
                rule["level"] = str(rule["level"])  # a score typed as text is the same score
            assert after == before


def test_a_rubric_is_written_and_a_gap_in_it_is_said(buyer, browser):
    rfp = made(buyer)
    with acting_for(buyer.lead):
        pk = question(rfp, "1.01").pk
    sent = form_of(browser, rfp, "1.01", "scoring")
    answer = browser.post(url("question", rfp, pk), {**sent, "rubric-3": ""})
    assert answer.status_code == 422
    assert "Write what earns the score: 3." in answer.content.decode()
    browser.post(url("question", rfp, pk), {**sent, "rubric-3": "Better.", "weight": "8"})
    with acting_for(buyer.lead):
        assert question(rfp, "1.01").rubric == {**ANCHORS, "3": "Better."}
        assert question(rfp, "1.01").weight == 8


def test_logic_is_written_as_condition_and_knockout_of_two_tests(buyer, browser):
    rfp = made(buyer)
    with acting_for(buyer.lead):
        pk = question(rfp, "2.02").pk
    browser.post(
        url("question", rfp, pk),
        {
            "tab": "logic",
            "asked_on": "fact:regulated",
            "asked_op": "equals",
            "asked_value": "No",
            "out_op": "missing",
            "also_question": "2.01",
            "also_op": "greater_than",
            "also_value": "24",
            "channels": ["Voice"],
            "reason": "A plan or a quick notice is needed.",
        },
    )
    with acting_for(buyer.lead):
        stored = question(rfp, "2.02")
    assert stored.condition == {"fact": "regulated", "op": "equals", "value": False}
    assert stored.knockout == {
        "all": [
            {"question": "2.02", "op": "missing"},
            {"question": "2.01", "op": "greater_than", "value": "24"},
        ],
        "channels": ["Voice"],
        "reason": "A plan or a quick notice is needed.",
    }


def test_questions_are_added_moved_and_removed(buyer, browser):
    rfp = made(buyer)
    with acting_for(buyer.lead):
        section = Section.objects.get(rfp=rfp, code="1")
        pk = question(rfp, "1.01").pk
    answer = browser.post(
        url("add-question", rfp, section.pk),
        {
            "topic": "Sites",
            "text": "List sites.",
            "kind": "table",
            "options": "Site\nSeats | number",
            "required": "on",
        },
    )
    assert "question=1.04" in answer.url
    browser.post(url("arrange", rfp), {"down": str(pk)})
    with acting_for(buyer.lead):
        order = Question.objects.filter(section=section).order_by("position")
        assert [one.code for one in order] == ["1.02", "1.01", "1.03", "1.04"]
        assert order[3].options == [
            {"name": "Site", "kind": "text_short"},
            {"name": "Seats", "kind": "number"},
        ]
        added = order[3].pk
    browser.post(url("remove-question", rfp, added))
    with acting_for(buyer.lead):
        assert Question.objects.filter(section=section).count() == 3


def test_moving_what_is_not_there_is_404(buyer, browser):
    rfp = made(buyer)
    for wrong in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        assert browser.post(url("arrange", rfp), {"up": wrong}).status_code == 404


def test_a_dragged_question_is_kept_where_it_was_dropped(buyer, browser):
    rfp = made(buyer)
    with acting_for(buyer.lead):
        moved = Question.objects.get(rfp=rfp, code="1.03").pk
    answer = browser.post(url("arrange", rfp), {"question": str(moved), "place": "1"})
    assert "question=1.03" in answer.url
    browser.post(url("arrange", rfp), {"question": str(moved), "section": "2"})
    with acting_for(buyer.lead):
        order = Question.objects.filter(rfp=rfp).order_by("section__position", "position")
        assert [one.code for one in order] == ["1.01", "1.02", "2.01", "2.02", "1.03", "3.01"]


ODD_PLACES = (
    ({"place": "0"}, "Count places from 1."),
    ({"place": "first"}, "Count places from 1."),
    ({"section": "9"}, "Select a valid choice"),
    ({"section": "3"}, "Commercial answers are opened after quality is scored."),
)


@pytest.mark.parametrize(("where", "sentence"), ODD_PLACES)
def test_a_place_that_is_none_is_refused_with_a_sentence(buyer, browser, where, sentence):
    rfp = made(buyer)
    with acting_for(buyer.lead):
        moved = Question.objects.get(rfp=rfp, code="1.01").pk
    answer = browser.post(url("arrange", rfp), {"question": str(moved), **where})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
