"""What one saved answer costs: it is the most frequent request of the portal's last day."""

from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.bids.forms.answers import name_of
from apps.bids.models import AnswerVersion
from tests.conftest import acting_for
from tests.factories import bids as make

# The session, its person and the membership; the bid, the question, the moment and what stands;
# one statement that writes. The rest opens, names and closes the transaction: as the tests run
# inside another one, four here where the product has two.
STATEMENTS = 13


@pytest.fixture
def save(tender, bid_a, vendor_a, client_for):
    """Save an answer as the page's script does; returns the response."""
    client = client_for(vendor_a.owner)

    def post(code, text, version):
        question = tender.questions[code]
        url = reverse("bids:answer", args=[bid_a.pk, question.pk])
        return client.post(url, {name_of(question): text}, headers={"If-Match": f'"v{version}"'})

    return post


def test_a_save_costs_the_same_few_statements_first_and_later(save, bid_a, vendor_a):
    costs = []
    for version in range(3):
        with CaptureQueriesContext(connection) as captured:
            answer = save("1.01", f"New agents train for {version} weeks.", version)
        assert (answer.status_code, answer.json()["version"]) == (HTTPStatus.OK, version + 1)
        costs.append(len(captured))
    assert costs == [STATEMENTS] * 3
    with acting_for(vendor_a.owner):
        kept = AnswerVersion.objects.filter(bid=bid_a).order_by("version")
        assert list(kept.values_list("version", flat=True)) == [1, 2, 3]


def test_a_question_that_conditions_ask_about_says_what_is_asked_now(save):
    assert "asked" not in save("1.01", "Six weeks.", 0).json()
    assert "1.03" in save("1.02", "Yes", 0).json()["asked"]
    assert "1.03" not in save("1.02", "No", 1).json()["asked"]


@pytest.fixture
def grouped(monkeypatch):
    """The tender's one condition, inside two groups and about another question."""
    rule = {"question": "1.01", "op": "equals", "value": "Six weeks."}
    deep = {"condition": {"all": [{"not": rule}]}}
    asked = tuple({**one, **(deep if one["code"] == "1.03" else {})} for one in make.QUESTIONS)
    monkeypatch.setattr(make, "QUESTIONS", asked)


def test_a_condition_inside_groups_is_found_too(grouped, save):
    assert "1.03" not in save("1.01", "Six weeks.", 0).json()["asked"]
    assert "1.03" in save("1.01", "Seven weeks.", 1).json()["asked"]
    assert "asked" not in save("1.02", "Yes", 0).json()
