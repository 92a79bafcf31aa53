"""The pages of the RFP, as people use them: forms in, redirects out, sentences beside fields."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.rfp.models import OwnCost, Question, Rfp, Section
from apps.rfp.services import authoring, publishing
from apps.rfp.states import RfpState
from tests.conftest import acting_for
from tests.factories.rfp import ANCHORS, CODES, accept_all, approve, make_rfp, question, workload


@pytest.fixture
def browser(client_for, buyer):
    return client_for(buyer.lead)


def made(buyer, *, published: bool = False) -> Rfp:
    with acting_for(buyer.lead) as lead:
        return make_rfp(buyer.procurement, lead, published=published)


def url(name: str, rfp_or_case, *more) -> str:
    return reverse(
        f"rfp:{name}", args=[getattr(rfp_or_case, "procurement_id", rfp_or_case.pk), *more]
    )


def fresh(buyer, rfp) -> Rfp:
    with acting_for(buyer.lead):
        return Rfp.objects.select_related("round", "workload").get(pk=rfp.pk)


GETS = ("builder", "terms", "workload", "publish", "preview")


@pytest.mark.parametrize("published", [False, True])
def test_every_page_opens_for_every_role_of_the_panel(buyer, client_for, published):
    rfp = made(buyer, published=published)
    for role in ("lead", "evaluator", "auditor"):
        client = client_for(getattr(buyer, role))
        for name in GETS:
            assert (role, name, client.get(url(name, rfp)).status_code) == (role, name, 200)


def test_every_page_is_404_for_strangers(buyer, other_buyer, vendor_a, client_for):
    rfp = made(buyer)
    for stranger in (other_buyer.lead, vendor_a.owner):
        client = client_for(stranger)
        for name in (*GETS, "start", "choose", "content"):
            assert (name, client.get(url(name, rfp)).status_code) == (name, 404)


POSTS = (
    *("weights", "share-out", "arrange", "add-section", "deadline", "accept", "extend"),
    *("cancel", "start", "choose"),
)


def test_writing_is_403_for_everybody_but_the_lead(buyer, client_for):
    rfp = made(buyer)
    client = client_for(buyer.evaluator)
    for name in POSTS:
        assert (name, client.post(url(name, rfp), {}).status_code) == (name, 403)
    with acting_for(buyer.lead):
        section = Section.objects.get(rfp=rfp, code="1")
        asked = question(rfp, "1.01")
    for name, pk in (
        *((name, section.pk) for name in ("section", "move-section", "remove-section")),
        *((name, asked.pk) for name in ("question", "remove-question")),
        ("add-question", section.pk),
    ):
        assert (name, client.post(url(name, rfp, pk), {}).status_code) == (name, 403)
    for name, data in (("terms", terms_of(rfp)), ("workload", week_form()), ("publish", {})):
        assert (name, client.post(url(name, rfp), data).status_code) == (name, 403)
    assert fresh(buyer, rfp).state == RfpState.DRAFT


def test_writing_does_not_answer_a_get(buyer, browser):
    rfp = made(buyer)
    for name in ("weights", "share-out", "arrange", "add-section", "deadline", "accept"):
        assert browser.get(url(name, rfp)).status_code == 405


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


def form_of(client, rfp, code: str, tab: str) -> dict:
    """The values a tab's form would send back unchanged."""
    page = client.get(url("builder", rfp), {"question": code, "tab": tab})
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value is not None}
    return {name: value for name, value in sent.items() if value is not False} | {"tab": tab}


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


def terms_of(_rfp, **changes) -> dict:
    return {
        "introduction": "Bids wanted.",
        "term_months": "24",
        "quality_weight": "70",
        "price_weight": "30",
        "price_formula": "absolute-linear",
        "absolute-linear.cap": "2000000",
        "absolute-linear.floor": "900000",
        "pricing_models": ["per_fte"],
        "envelope_order": "technical_first",
        "missing_policy": "zero",
        "hidden_counts": "unanswered",
        "fact-regulated": "yes",
        "fact-takes_card_payments": "no",
        "fact-handles_health_data": "no",
        "fact-crm": "Zendesk",
        "fact-vertical": "General",
        "fact-channels": ["Voice", "Chat"],
        **changes,
    }


@pytest.mark.parametrize("name", ["terms", "publish"])
def test_the_lead_reads_which_price_earns_the_points(buyer, browser, name):
    page = browser.get(url(name, made(buyer))).content.decode()
    assert "is the present value of what the bid costs the buyer over the term of 36" in page
    assert "discounted at 5% a year (nominal) for all bids" in page
    assert "Each bid is priced by the pricing model that it offers." in page


def title(answer) -> str:
    return re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)[1]


def test_the_title_says_error_where_a_form_is_wrong_and_nowhere_else(buyer, browser):
    rfp = made(buyer)
    for name in GETS:
        assert not title(browser.get(url(name, rfp))).startswith("Error"), name
    for tab in ("question", "scoring", "evidence", "logic"):
        page = browser.get(url("builder", rfp), {"question": "1.02", "tab": tab})
        assert title(page).startswith("Questionnaire: "), tab
    for name, sent in (
        ("weights", {"weight-1": "x"}),
        ("add-section", {"title": ""}),
        ("deadline", {"day": "", "time": ""}),
        ("terms", terms_of(rfp, quality_weight="most")),
    ):
        answer = browser.post(url(name, rfp), sent)
        assert (name, answer.status_code) == (name, 422)
        assert title(answer).startswith("Error: "), name
        assert title(answer).count("Error") == 1


def test_terms_are_saved_from_the_page(buyer, browser):
    rfp = made(buyer)
    assert browser.post(url("terms", rfp), terms_of(rfp)).url == url("terms", rfp)
    stored = fresh(buyer, rfp)
    assert (stored.quality_weight, stored.term_months) == (70, 24)
    assert stored.price_params == {"cap": "2000000", "floor": "900000"}
    assert stored.facts["regulated"] is True
    assert stored.facts["channels"] == ["Voice", "Chat"]


def test_a_formula_that_depends_on_other_bids_is_warned_about(buyer, browser):
    rfp = made(buyer)
    browser.post(url("terms", rfp), terms_of(rfp, price_formula="min-max"))
    page = browser.get(url("terms", rfp)).content.decode()
    assert "a bid that cannot win may decide the award" in page


def test_wrong_terms_come_back_beside_their_fields(buyer, browser):
    rfp = made(buyer)
    sent = terms_of(rfp, **{"quality_weight": "most", "absolute-linear.cap": "x"})
    answer = browser.post(url("terms", rfp), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Give a weight from 0 to 100, with at most four decimals.") == 2
    assert page.count("Write digits with a point for decimals") == 2
    assert fresh(buyer, rfp).quality_weight == 60


def week_form(**changes) -> dict:
    line = " ".join(["0"] * 18 + ["10"] * 16 + ["0"] * 14)
    return {
        "queue": "0",
        "name": "voice-en",
        "interval_minutes": "30",
        "week": "\r\n".join([line] * 7),
        "aht_s": "310",
        "share": "80",
        "seconds": "20",
        "definition": "offered",
        "max_occupancy": "85",
        "minimum_seats": "2",
        "growth": "2.5",
        "source": "Call records",
        **changes,
    }


def test_a_workload_is_pasted_and_shown_by_the_hour(buyer, browser):
    rfp = made(buyer)
    assert browser.post(url("workload", rfp), week_form()).url == url("workload", rfp)
    content = fresh(buyer, rfp).workload.content
    queue = content["queues"][0]
    assert (content["growth_per_year"], queue["max_occupancy"]) == ("0.025", "0.85")
    assert queue["service_level"] == {"share": "0.8", "seconds": "20", "definition": "offered"}
    assert [len(day) for day in queue["week"]] == [48] * 7
    page = browser.get(url("workload", rfp)).content.decode()
    assert "1,120 contacts a week" in page
    assert "80% within 20 s" in page


def test_a_second_queue_is_added_beside_the_first(buyer, browser):
    rfp = made(buyer)
    sent = week_form(queue="new", name="email-en", deferred="on", patience_s="")
    browser.post(url("workload", rfp), sent)
    queues = fresh(buyer, rfp).workload.content["queues"]
    assert [one["name"] for one in queues] == ["voice-en", "email-en"]
    assert queues[0] == workload()["queues"][0]
    assert (queues[1]["deferred"], "service_level" in queues[1]) == (True, False)


def test_a_workload_saved_unchanged_stays_the_same(buyer, browser):
    rfp = made(buyer)
    form = browser.get(url("workload", rfp)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    browser.post(
        url("workload", rfp),
        {name: value for name, value in sent.items() if value is not None and value is not False},
    )
    queue = fresh(buyer, rfp).workload.content["queues"][0]
    expected = workload()["queues"][0]
    assert queue["week"] == expected["week"]
    assert (queue["aht_s"], queue["minimum_seats"]) == (expected["aht_s"], 1)


UNREADABLE = (
    ({"week": "1 2 3"}, "Give seven lines, Monday first; there are 1."),
    ({"week": "\n".join(["1 2 3"] * 7)}, "Give at least 48 here; there are 3."),
    ({"week": ""}, "Paste the contacts of a typical week."),
    ({"aht_s": "five minutes"}, "Write digits with a point for decimals"),
    ({"max_occupancy": "120"}, "Give 1 or less; this is 1.2."),
    ({"share": "most"}, "Write digits with a point for decimals"),
    ({"minimum_seats": "two"}, "Enter a whole number."),
    ({"seasonality": "1 2 3"}, "Give at least 12 here; there are 3."),
)


def test_a_workload_that_cannot_be_read_is_shown_again(buyer, browser):
    rfp = made(buyer)
    for changes, sentence in UNREADABLE:
        answer = browser.post(url("workload", rfp), week_form(**changes))
        errors = answer.context["form"].errors
        found = [field for field in errors if sentence in str(errors[field])]
        assert (changes, answer.status_code, found) == (changes, 422, [next(iter(changes))])
    assert fresh(buyer, rfp).workload.content == workload()


def test_publish_is_disabled_while_something_blocks_and_says_what(buyer, browser):
    rfp = made(buyer)
    browser.post(url("weights", rfp), {"weight-1": "55", "weight-2": "40"})
    page = browser.get(url("publish", rfp)).content.decode()
    assert "2 things block publication" in page
    assert "Section weights add up to 95; they must add up to 100. Give out 5 more." in page
    assert 'aria-disabled="true" aria-describedby="h-blocks"' in page
    answer = browser.post(url("publish", rfp))
    assert answer.status_code == 422
    assert fresh(buyer, rfp).state == RfpState.DRAFT


def test_the_lead_accepts_a_finding_and_publishes(buyer, browser):
    rfp = made(buyer)
    with acting_for(buyer.lead) as lead:
        authoring.set_terms(rfp=rfp, actor=lead, price_formula="min-max")
    answer = browser.post(url("accept", rfp), {"code": "award-depends-on-losers", "reason": ""})
    assert answer.status_code == 422
    assert "Give the reason in a sentence." in answer.content.decode()
    browser.post(
        url("accept", rfp), {"code": "award-depends-on-losers", "reason": "Required by policy."}
    )
    page = browser.get(url("publish", rfp)).content.decode()
    assert "Required by policy." in page
    with acting_for(buyer.lead) as lead:
        accept_all(rfp, lead)
        approve(rfp, lead)
    assert browser.post(url("publish", rfp)).url == url("publish", rfp)
    stored = fresh(buyer, rfp)
    assert stored.state == RfpState.PUBLISHED
    assert stored.digest[:32] in browser.get(url("publish", rfp)).content.decode()


def test_the_frozen_content_is_downloaded_byte_for_byte(buyer, browser):
    rfp = made(buyer, published=True)
    answer = browser.get(url("content", rfp))
    assert answer.content == fresh(buyer, rfp).frozen.encode()
    assert answer["Content-Type"] == "application/json"


def test_a_draft_has_no_content_to_download(buyer, browser):
    assert browser.get(url("content", made(buyer))).status_code == 404


def day_form(moment: dt.datetime, **more) -> dict:
    return {"day": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}", "zone": "UTC", **more}


def test_the_deadline_is_set_in_its_own_zone(buyer, browser):
    rfp = made(buyer)
    sent = {"day": "2031-07-01", "time": "12:00", "zone": "Europe/Lisbon"}
    browser.post(url("deadline", rfp), sent)
    held = fresh(buyer, rfp).round
    assert held.closes_at == dt.datetime(2031, 7, 1, 11, 0, tzinfo=dt.UTC)
    assert "12:00 WEST" in browser.get(url("publish", rfp)).content.decode()


NO_DEADLINE = (
    ({"day": "1 July", "time": "12:00", "zone": "UTC"}, "Write the day as year, month, day"),
    ({"day": "2031-07-01", "time": "noon", "zone": "UTC"}, "Write the time as hours"),
    ({"day": "2021-07-01", "time": "12:00", "zone": "UTC"}, "Give a deadline in the future."),
    # Clocks go back at 02:00 BST on 26 October 2031, forward at 01:00 GMT on 30 March 2031.
    ({"day": "2031-10-26", "time": "01:30", "zone": "Europe/London"}, "The clocks change"),
    ({"day": "2031-03-30", "time": "01:30", "zone": "Europe/London"}, "The clocks change"),
)


def test_a_deadline_that_cannot_be_is_shown_again(buyer, browser):
    rfp = made(buyer)
    for sent, sentence in NO_DEADLINE:
        answer = browser.post(url("deadline", rfp), sent)
        assert (sent, answer.status_code) == (sent, 422)
        assert sentence in answer.content.decode()


def test_writing_after_publication_is_409_with_a_sentence(buyer, browser):
    rfp = made(buyer, published=True)
    answer = browser.post(url("weights", rfp), {"weight-1": "50", "weight-2": "50"})
    assert answer.status_code == 409
    assert "its content is frozen" in answer.content.decode()
    assert browser.post(url("publish", rfp)).status_code == 409


def test_a_published_page_offers_no_editing(buyer, browser):
    rfp = made(buyer, published=True)
    page = browser.get(url("builder", rfp), {"question": "1.01"}).content.decode()
    assert "Save weights" not in page
    assert "Save question" not in page
    assert "The content is frozen." in page


def test_an_rfp_is_cancelled_from_the_page(buyer, browser):
    rfp = made(buyer, published=True)
    assert browser.post(url("cancel", rfp), {"reason": ""}).status_code == 422
    browser.post(url("cancel", rfp), {"reason": "No budget."})
    assert fresh(buyer, rfp).state == RfpState.CANCELLED


def test_the_preview_shows_what_vendors_read_and_no_in_house_cost(buyer, browser):
    rfp = made(buyer)
    with acting_for(buyer.lead):
        OwnCost.objects.create(
            organisation=buyer.organisation, rfp=rfp, quote={"rates": {"rate": "17.4321"}}
        )
    for name in GETS:
        page = browser.get(url(name, rfp)).content.decode()
        assert "17.4321" not in page
    page = browser.get(url("preview", rfp)).content.decode()
    assert "Excluded when the answer is more than 72 hours. Within 72 hours." in page
    assert "A plan with dates and owners." in page


@pytest.mark.parametrize("name", ["builder", "preview", "publish"])
def test_pages_need_the_same_queries_for_three_sections_and_for_five(buyer, browser, name):
    rfp = made(buyer)
    browser.get(url(name, rfp))
    with CaptureQueriesContext(connection) as few:
        browser.get(url(name, rfp))
    with acting_for(buyer.lead) as lead:
        for title in ("Fourth", "Fifth"):
            section = authoring.add_section(rfp=rfp, title=title, actor=lead)
            authoring.add_question(
                section=section, actor=lead, topic="T", text="Why?", kind="text_short", mode="info"
            )
    with CaptureQueriesContext(connection) as many:
        browser.get(url(name, rfp))
    assert len(few) == len(many)


def test_cancelled_drafts_are_read_only(buyer, browser):
    rfp = made(buyer)
    with acting_for(buyer.lead) as lead:
        publishing.cancel(rfp=rfp, reason="Not needed.", actor=lead)
    assert "Save weights" not in browser.get(url("builder", rfp)).content.decode()
    assert browser.get(url("publish", rfp)).status_code == 200


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
