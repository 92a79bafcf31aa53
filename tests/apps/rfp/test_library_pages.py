"""The pages of library, bank, presets, weights and Undo, as people use them without scripts."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core import seeds
from apps.rfp import selectors
from apps.rfp.models import Question, Rfp, Section, Template
from apps.rfp.selectors.shipping import PACKS
from apps.rfp.services import authoring
from tests.conftest import acting_for
from tests.factories.rfp import make_rfp, publish

PAGES = ("bank", "balance", "preset")
POSTS = ("undo", "add-pack", "save-template", *PAGES)
NEVER = re.compile(r"\b(SMAA|Merkle|HPKE)\b", re.IGNORECASE)


@pytest.fixture
def browser(client_for, buyer):
    return client_for(buyer.lead)


@pytest.fixture
def rfp(buyer) -> Rfp:
    with acting_for(buyer.lead) as lead:
        return make_rfp(buyer.procurement, lead)


def url(name: str, case, *more) -> str:
    return reverse(f"rfp:{name}", args=[getattr(case, "procurement_id", case.pk), *more])


def text(answer) -> str:
    return answer.content.decode()


def test_pages_open_for_the_lead_and_strangers_find_nothing(
    browser, client_for, buyer, other_buyer, vendor_a, rfp
):
    for name in (*PAGES, "templates"):
        assert (name, browser.get(url(name, rfp)).status_code) == (name, 200)
        for stranger in (other_buyer.lead, vendor_a.owner):
            assert client_for(stranger).get(url(name, rfp)).status_code == 404
    assert client_for(buyer.evaluator).get(url("templates", rfp)).status_code == 200


def test_writing_is_403_for_everybody_but_the_lead(client_for, buyer, browser, rfp):
    client = client_for(buyer.evaluator)
    for name in POSTS:
        assert (name, client.post(url(name, rfp), {}).status_code) == (name, 403)
    browser.post(url("save-template", rfp), {"name": "Housing"})
    with acting_for(buyer.lead):
        template = Template.objects.get()
    for name in ("rename-template", "delete-template"):
        assert client.post(url(name, rfp, template.pk), {"name": "Mine"}).status_code == 403


def test_a_published_rfp_refuses_every_change_with_409(buyer, browser, rfp):
    with acting_for(buyer.lead) as lead:
        publish(rfp, lead)
        section = Section.objects.get(rfp=rfp, code="1").pk
    taken = {"keys": "shipped:back_office:4.01", "section": str(section)}
    for name, data in (
        ("bank", taken),
        ("add-pack", {"pack": "retail"}),
        ("preset", {"preset": "public", "procedure": "open"}),
        ("undo", {"change": str(rfp.pk)}),
    ):
        assert (name, browser.post(url(name, rfp), data).status_code) == (name, 409)


def test_the_start_page_offers_everything_there_is_to_start_from(buyer, browser, procurement):
    page = text(browser.get(url("start", procurement)))
    for words in (
        *("Contact-centre outsourcing, voice-led", "Back-office outsourcing", "Banking and"),
        *("AI-assisted customer service", "Essential", "Assured", "Public", "Start empty"),
    ):
        assert words in page
    assert not NEVER.search(page)
    answer = browser.post(
        url("start", procurement),
        {"questionnaire": "digital_and_chat", "packs": ["retail"], "preset": "essential"},
    )
    assert answer.url == url("builder", procurement)
    with acting_for(buyer.lead):
        made = Rfp.objects.get(procurement=procurement)
    assert (made.preset, made.packs, made.questionnaire) == (
        *("essential", ["retail"], "digital_and_chat"),
    )


def test_a_newcomer_meets_no_word_of_the_method(buyer, browser, rfp):
    names = (*PAGES, "builder", "choose", "terms", "workload", "publish", "preview", "templates")
    for name in names:
        assert not NEVER.search(text(browser.get(url(name, rfp))))


def test_a_template_is_saved_renamed_and_deleted(buyer, browser, rfp):
    answer = browser.post(url("save-template", rfp), {"name": "Housing", "note": "Out of hours"})
    assert answer.url == url("templates", rfp)
    page = text(browser.get(answer.url))
    assert "Housing" in page
    assert "3 sections, 6 questions: 4 scored." in page
    again = browser.post(url("save-template", rfp), {"name": "Housing"})
    assert again.status_code == 422
    assert "There is a template called “Housing” already." in text(again)
    with acting_for(buyer.lead):
        template = Template.objects.get()
    assert browser.post(url("rename-template", rfp, template.pk), {"name": ""}).status_code == 422
    browser.post(url("rename-template", rfp, template.pk), {"name": "Homes"})
    assert "Homes" in text(browser.get(url("templates", rfp)))
    browser.post(url("delete-template", rfp, template.pk))
    assert "No templates yet" in text(browser.get(url("templates", rfp)))
    assert browser.post(url("delete-template", rfp, template.pk)).status_code == 404


def test_a_search_shows_questions_with_their_anchors_and_adds_what_is_ticked(buyer, browser, rfp):
    page = text(browser.get(url("bank", rfp), {"q": "recall", "source": "pack"}))
    assert "How do you run a recall" in page
    assert "Also completion rate shown for a recall." in page
    with acting_for(buyer.lead):
        section = Section.objects.get(rfp=rfp, code="1")
    answer = browser.post(
        url("bank", rfp) + "?q=recall",
        {"keys": ["pack:automotive:A.04"], "section": str(section.pk)},
    )
    assert answer.url.startswith(url("builder", rfp) + "?section=1&question=1.04")
    with acting_for(buyer.lead):
        assert Question.objects.get(rfp=rfp, code="1.04").topic == "Recalls"


def test_rules_that_stay_behind_are_named_on_the_page(buyer, browser, rfp):
    with acting_for(buyer.lead):
        section = Section.objects.get(rfp=rfp, code="2")
    answer = browser.post(
        url("bank", rfp),
        {"keys": ["shipped:bpo_voice_support:11.01"], "section": str(section.pk)},
    )
    assert answer.status_code == 200
    assert "2.03: the knock-out" in text(answer)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Tick at least one question."),
        ({"keys": ["pack:automotive:A.04"]}, "Choose the section."),
    ],
)
def test_the_bank_says_what_is_missing(browser, rfp, data, sentence):
    answer = browser.post(url("bank", rfp), data)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_weights_are_previewed_then_saved_and_undone(buyer, browser, rfp):
    typed = {"weight-1": "70", "weight-2": "40", "section": ""}
    page = text(browser.post(url("balance", rfp), typed))
    assert 'name="next-2" value="30"' in page
    with acting_for(buyer.lead):
        assert Section.objects.get(rfp=rfp, code="1").weight == 60
    seen = {"seen-1": "60", "seen-2": "40", "next-1": "70", "next-2": "30", "save": "1"}
    assert browser.post(url("balance", rfp), {**typed, **seen}).status_code == 302
    page = text(browser.get(url("builder", rfp)))
    assert "weights rebalanced" in page
    change = re.search(r'name="change" value="([^"]+)"', page)[1]
    assert browser.post(url("undo", rfp), {"change": change}).status_code == 302
    with acting_for(buyer.lead):
        assert Section.objects.get(rfp=rfp, code="1").weight == 60
    assert browser.post(url("undo", rfp), {"change": change}).status_code == 412
    assert browser.post(url("undo", rfp), {"change": "x"}).status_code == 404


def test_a_lock_is_kept_on_the_page_and_an_impossible_wish_is_explained(browser, rfp):
    answer = browser.post(url("balance", rfp), {"weight-1": "70", "weight-2": "40", "lock-2": "on"})
    assert answer.status_code == 422
    assert "adds up to 110, more than 100. Lower one." in text(answer)
    assert re.search(r'name="lock-2" checked', text(answer))


def test_points_of_a_section_have_a_page_of_their_own(browser, rfp):
    page = text(browser.get(url("balance", rfp), {"section": "1"}))
    assert "Points of section 1, Service and people: 10 in all" in page
    page = text(
        browser.post(url("balance", rfp), {"weight-1.01": "7", "weight-1.02": "4", "section": "1"})
    )
    assert 'name="next-1.02" value="3"' in page


def test_the_preset_page_publishes_periods_with_reasons(buyer, browser, rfp):
    answer = browser.post(url("preset", rfp), {"preset": "public"})
    assert answer.status_code == 422
    assert "Choose the procedure: open, restricted or negotiated." in text(answer)
    given = {"preset": "public", "procedure": "open", "tender_days": "15"}
    answer = browser.post(url("preset", rfp), given)
    assert "Say why 15 days apply and not 35; it is published." in text(answer)
    answer = browser.post(url("preset", rfp), {**given, "tender_reason": "Accelerated."})
    assert answer.url == url("publish", rfp)
    page = text(browser.get(answer.url))
    assert "Open procedure: at least 15 days between publication and deadline" in page
    assert "Accelerated." in page


def test_the_publish_page_says_what_the_rfp_asks_of_everybody(browser, rfp):
    page = text(browser.get(url("publish", rfp)))
    assert "A vendor needs about 3 hours to answer" in page
    assert "starting points, no benchmarks" in page


def test_the_terms_page_reads_and_refuses_the_price_of_record(buyer, browser, rfp):
    page = text(browser.get(url("terms", rfp)))
    assert "Each bid is priced by the pricing model that it offers." in page
    form = dict(re.findall(r'name="(record_[a-z]+)"[^>]* value="([^"]*)"', page))
    assert form["record_rate"] == "5"


def count(browser, address) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", ["templates", "bank"])
def test_a_list_asks_the_database_the_same_with_one_row_and_with_three(buyer, browser, rfp, name):
    counts = []
    for number in range(3):
        with acting_for(buyer.lead) as lead:
            authoring.save_template(rfp=rfp, name=f"Template {number}", actor=lead)
        counts.append(count(browser, url(name, rfp)))
    assert len(set(counts)) == 1


def test_a_pack_is_added_to_a_draft_and_its_weight_shared_out_next(browser, rfp):
    page = text(browser.get(url("choose", rfp)))
    assert "Add a pack" in page
    assert 'value="retail"' in page
    answer = browser.post(url("add-pack", rfp), {"pack": "retail"})
    assert answer.url == url("balance", rfp)
    assert "Retail and e-commerce" in text(browser.get(answer.url))
    assert 'value="retail"' not in text(browser.get(url("choose", rfp)))


def test_every_pack_can_be_added_from_the_start_page():
    assert [one.slug for one in selectors.packs()] == seeds.names(PACKS)


def test_the_preset_page_takes_when_vendors_could_ask_to_take_part(browser, rfp):
    given = {"preset": "public", "procedure": "restricted", "request_notice_on": "2026-03-02"}
    answer = browser.post(url("preset", rfp), given)
    assert "Give both days, or neither." in text(answer)
    answer = browser.post(url("preset", rfp), {**given, "request_until": "2026-04-01"})
    assert answer.url == url("publish", rfp)
    page = text(browser.get(url("preset", rfp)))
    assert 'value="2026-03-02"' in page
    assert 'value="2026-04-01"' in page
