"""Every letter word for word, before the award is approved and after: who reads them, and who not."""

import html

import pytest
from django.urls import reverse

from apps.bids.models import Result
from tests.conftest import acting_for, sign_in
from tests.factories import decision
from tests.factories.bids import queries

QUERIES = 16
pytestmark = pytest.mark.usefixtures("db")


def address(found, made):
    return reverse("decision:letters", args=[found.rfp.procurement_id, made.pk])


def test_the_approver_reads_every_letter_before_it_is_told_with_the_digest_that_will_be(
    ready, buyer
):
    made = decision.propose(ready)
    shown = sign_in(buyer.approver).get(address(ready, made))
    page = html.unescape(shown.content.decode())
    assert "Not told yet" in page
    assert "Castellan CX: Selected" in page
    assert page.count("Your points by criterion") == 3
    decision.approve(ready, made)
    with acting_for(buyer.approver):
        digests = set(Result.objects.values_list("digest", flat=True))
    assert digests
    assert all(one[:8] in page for one in digests)
    after = sign_in(buyer.approver).get(address(ready, made)).content.decode()
    assert "Not told yet" not in after


def test_who_does_not_read_the_decision_reads_no_letter(ready, buyer):
    made = decision.propose(ready)
    for person in (buyer.lead, buyer.moderator, buyer.executive, buyer.auditor):
        assert sign_in(person).get(address(ready, made)).status_code == 200
    for person in (buyer.evaluator, buyer.opener):
        assert sign_in(person).get(address(ready, made)).status_code == 403
    for vendor in ready.vendors.values():
        assert sign_in(vendor.owner).get(address(ready, made)).status_code == 404


def cost_of(found, outcome):
    made = decision.propose(found, outcome)
    return queries(sign_in(found.buyer.approver), address(found, made))


def test_the_page_of_one_letter_costs_this_much(sole):
    assert cost_of(sole, "outsource_sole") == QUERIES


def test_the_page_of_three_letters_costs_no_more(ready):
    assert cost_of(ready, "outsource") == QUERIES
