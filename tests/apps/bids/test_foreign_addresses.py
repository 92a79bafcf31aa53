"""Somebody else's identifier in the address: whatever the page and the method, there is nothing here.

The addresses come from the site map, so a page that is added tomorrow is asked as well.
"""

import json
import re
from functools import partial

import pytest

from apps.core import tenancy
from apps.core.middleware import RECORDED
from apps.core.models import AuditEvent
from apps.rfp.models import Question, Section
from tests.apps.bids.conftest import fresh
from tests.architecture.test_pages import PUBLIC_PAGES, ours
from tests.conftest import acting_for

pytestmark = pytest.mark.django_db
PART = re.compile(r"<(?P<kind>\w+):(?P<name>\w+)>")
JSON = "application/json"
NOT_FOR_YOU = {404, 405}  # nothing here, or the address never takes this method


def filled(known, part):
    """What stands for one placeholder of an address."""
    others = {"uuid": known["bid_id"], "int": 1}
    return str(known.get(part["name"], others.get(part["kind"], "1")))


def addresses(known):
    """Every address in a procurement or a bid, with the identifiers of things that are there."""
    for name, entry in ours():
        asked = entry.pattern.converters
        if name in PUBLIC_PAGES or not {"procurement_id", "bid_id"} & asked.keys():
            continue
        path = PART.sub(partial(filled, known), str(entry.pattern))
        view = getattr(entry.callback, "cls", None)  # of the API: the methods that it takes
        if view:
            yield name, f"/api/v1/{path}", {one: {"content_type": JSON} for one in view.permissions}
        else:
            yield name, f"/{path}", {"get": {}, "post": {}}


def asked_by(person, known):
    """Ask at every address in every way: what was answered, by name, method, address and status."""
    client = fresh(person)
    return [
        (name, method, url, getattr(client, method)(url, **more).status_code)
        for name, url, methods in addresses(known)
        for method, more in methods.items()
    ]


def found_in(answers):
    return [one for one in answers if one[-1] not in NOT_FOR_YOU]


@pytest.fixture
def known(opened, bid_a, procurement):
    """What one vendor's bid and one buyer's procurement hold, by the names addresses use."""
    with tenancy.acting_as(organisation=procurement.organisation_id):
        question = Question.objects.get(rfp=opened.rfp, code="1.01")
        section = Section.objects.get(rfp=opened.rfp, code="1")
    with tenancy.acting_as(organisation=bid_a.vendor_id):
        return {
            "procurement_id": procurement.pk,
            "bid_id": bid_a.pk,
            "question_id": question.pk,
            "section_id": section.pk,
            "code": "1",
            "attachment_id": bid_a.attachments.first().pk,
            "submission_id": bid_a.submissions.first().pk,
        }


def test_the_site_map_has_addresses_to_ask(known):
    asked = [name for name, *_more in addresses(known)]
    assert {"bids:portal", "bids:evidence", "rfp:builder", "matrix:ranking"} <= set(asked)


def test_the_buyer_finds_no_page_of_a_vendor(known, buyer):
    elsewhere = {**known, "procurement_id": known["bid_id"]}
    assert found_in(asked_by(buyer.lead, elsewhere)) == []


# T-ATTEMPT: who is refused leaves one trace, in the own house's record


def refusals(person):
    with acting_for(person):
        held = AuditEvent.objects.filter(actor=person, refused=True)
        return sorted((json.loads(one.payload)["details"]["path"]) for one in held)


def each_is_one_event(person, answers):
    refused = sorted(url for *_more, url, status in answers if status in RECORDED)
    assert len(refused) > 100
    assert refusals(person) == refused


def test_another_buyers_lead_finds_nothing_and_every_try_is_one_event(known, other_buyer):
    answers = asked_by(other_buyer.lead, known)
    assert found_in(answers) == []
    each_is_one_event(other_buyer.lead, answers)


def test_another_vendor_finds_nothing_and_every_try_is_one_event(known, vendor_b):
    answers = asked_by(vendor_b.owner, known)
    assert found_in(answers) == []
    each_is_one_event(vendor_b.owner, answers)


def test_what_an_evaluator_is_refused_is_one_event_and_no_more(known, buyer):
    each_is_one_event(buyer.evaluator, asked_by(buyer.evaluator, known))
