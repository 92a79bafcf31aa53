"""Addenda and the wish for a later deadline by API."""

import datetime as dt

import pytest

from apps.core import clock
from apps.rfp.models import Rfp
from tests.apps.rfp.test_api_library import Api
from tests.conftest import acting_for
from tests.factories.rfp import make_rfp

REASON = {"reason": "Vendors asked.", "consequence": "stands"}


@pytest.fixture
def published(buyer):
    with acting_for(buyer.lead) as lead:
        return make_rfp(buyer.procurement, lead, published=True)


@pytest.fixture
def api(buyer):
    return Api(buyer.lead, buyer.procurement.pk)


def changed(api, path, **change):
    return api("post", f"{path}changes/", change)


def test_an_addendum_is_drafted_looked_at_and_published(api, buyer, published):
    path = f"addenda/{api('post', 'addenda/').json()['id']}/"
    assert changed(api, path, change="introduction", text="Now with chat.").status_code == 201
    assert (
        changed(api, path, change="question", code="1.01", text="Describe it.").status_code == 201
    )
    more = {"topic": "Chat", "text": "Do you offer chat?", "kind": "yes_no", "weight": "5"}
    assert changed(api, path, change="add", section="1", **more).status_code == 422
    draft = api("get", path).json()
    assert [one["number"] for one in draft["changes"]] == [1, 2]
    assert api("delete", f"{path}changes/1/").status_code == 204
    assert [one["place"] for one in api("get", path).json()["differences"]] == ["1.01"]
    done = api("post", f"{path}publication/", REASON)
    assert (done.status_code, done.json()["version"]) == (200, 2)
    (listed,) = api("get", "addenda/").json()["results"]
    assert (listed["version"], listed["differences"][0]["after"]) == (2, "Describe it.")
    with acting_for(buyer.lead):
        assert Rfp.objects.get(pk=published.pk).digest != published.digest


def test_a_question_is_added_and_another_withdrawn(api, published):
    path = f"addenda/{api('post', 'addenda/').json()['id']}/"
    asked = {"topic": "Chat", "text": "Do you offer chat?", "kind": "yes_no"}
    made = changed(api, path, change="add", section="1", **asked)
    assert made.status_code == 201, made.json()
    assert changed(api, path, change="withdraw", code="1.03").status_code == 201
    assert [one["kind"] for one in api("get", path).json()["differences"]] == ["added", "removed"]
    assert api("delete", path).status_code == 204
    assert api("get", path).json()["state"] == "discarded"


BAD = (
    ({"change": "colour"}, 422),
    ({"change": "introduction"}, 422),
    ({"change": "introduction", "text": "A", "more": 1}, 422),
    ({"change": "question", "code": "9.99", "text": "A"}, 404),
    ({"change": "question", "code": "1.01", "weight": "9"}, 422),
    ({"change": "withdraw", "code": "1.01"}, 422),
    ({"change": "add", "section": "77", "topic": "A", "text": "B"}, 422),
)


def test_what_an_addendum_may_not_change_is_refused(api, published):
    path = f"addenda/{api('post', 'addenda/').json()['id']}/"
    for change, status in BAD:
        answer = api("post", f"{path}changes/", change)
        assert (change, answer.status_code) == (change, status)
    assert api("get", path).json()["changes"] == []
    wrong = {**REASON, "weights": {}}
    assert api("post", f"{path}publication/", wrong).status_code == 422


def test_a_later_deadline_is_asked_for_listed_and_dropped(api, buyer, published):
    later = (clock.database_now() + dt.timedelta(days=30)).isoformat()
    asked = api("post", "deadline/", {"closes_at": later, "reason": "More sites."}).json()
    (waiting,) = api("get", "extensions/").json()
    assert (waiting["id"], waiting["may_confirm"]) == (asked["extension"], False)
    evaluator = Api(buyer.evaluator, buyer.procurement.pk)
    assert evaluator("delete", f"extensions/{waiting['id']}/").status_code == 403
    assert api("delete", f"extensions/{waiting['id']}/").status_code == 204
    assert api("get", "extensions/").json() == []
