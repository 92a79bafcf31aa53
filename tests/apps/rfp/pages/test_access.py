"""Who opens and who writes the pages of the RFP; what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.rfp.models import Section
from apps.rfp.services import authoring, publishing
from apps.rfp.states import RfpState
from tests.apps.rfp.pages.visiting import GETS, fresh, made, terms_of, url, week_form
from tests.conftest import acting_for
from tests.factories.rfp import question


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
    *("cancel", "start", "choose", "add-lot", "assign-lots", "limit-lots"),
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
