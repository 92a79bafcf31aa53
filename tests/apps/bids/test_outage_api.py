"""After an outage, by API: asked, confirmed, dropped; the refusals of the page, no more to be seen."""

import datetime as dt
import uuid

import pytest

from tests.conftest import acting_for, sign_in

JSON = "application/json"
PATH = "/api/v1/outages/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def out(offers_asked, set_clock):
    """The platform was out while final offers closed; what a program sends about it."""
    with acting_for(offers_asked.buyer.lead):
        closes_at = offers_asked.held().closes_at
    set_clock(closes_at + 2 * HOUR)
    return {
        "begins_at": (closes_at - HOUR).isoformat(),
        "ends_at": (closes_at + HOUR).isoformat(),
        "hours": 24,
        "reason": "No power.",
    }


def test_one_person_asks_and_another_confirms(offers_asked, out):
    lead, opener = sign_in(offers_asked.buyer.lead), sign_in(offers_asked.buyer.opener)
    made = lead.post(PATH, out, content_type=JSON)
    assert made.status_code == 201, made.json()
    assert [one["of"] for one in made.json()["deadlines"]] == ["final_offers"]
    one = f"{PATH}{made.json()['id']}/"
    assert lead.post(one, {}, content_type=JSON).status_code == 403
    assert opener.post(one, {"quickly": True}, content_type=JSON).status_code == 422
    assert [held["may_confirm"] for held in opener.get(PATH).json()] == [True]
    assert opener.post(one, {}, content_type=JSON).json() == {"moved": 1}
    assert opener.post(one, {}, content_type=JSON).status_code == 404
    assert opener.get(PATH).json() == []


def test_a_request_can_be_dropped(offers_asked, out):
    lead = sign_in(offers_asked.buyer.lead)
    one = f"{PATH}{lead.post(PATH, out, content_type=JSON).json()['id']}/"
    assert lead.delete(one).status_code == 204
    assert lead.delete(one).status_code == 404
    with acting_for(offers_asked.buyer.lead):
        assert not offers_asked.held().extensions.filter(state="confirmed").exists()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"hours": 0}, 422),
        ({"hours": 337}, 422),
        ({"hours": "soon"}, 422),
        ({"hours": 1}, 422),  # the deadline would still lie in the past
        ({"reason": " "}, 422),
        ({"begins_at": "yesterday"}, 422),
        ({"ends_at": "2999-01-01T00:00:00Z"}, 422),
        ({"begins_at": "2001-01-01T00:00:00Z", "ends_at": "2001-01-02T00:00:00Z"}, 409),
        ({"quickly": True}, 422),
    ],
)
def test_input_that_does_not_hold_together_asks_for_nothing(offers_asked, out, changes, status):
    lead = sign_in(offers_asked.buyer.lead)
    answer = lead.post(PATH, {**out, **changes}, content_type=JSON)
    assert answer.status_code == status, answer.json()
    assert lead.get(PATH).json() == []


def test_only_who_conducts_tenders_of_the_house_gets_an_answer(offers_asked, out, other_buyer):
    made = sign_in(offers_asked.buyer.lead).post(PATH, out, content_type=JSON).json()
    one = f"{PATH}{made['id']}/"
    for person, status in (
        (offers_asked.buyer.evaluator, 403),
        (offers_asked.vendors[0].owner, 404),
    ):
        client = sign_in(person)
        assert client.get(PATH).status_code == status
        assert client.post(PATH, out, content_type=JSON).status_code == status
        assert client.post(one, {}, content_type=JSON).status_code == status
        assert client.delete(one).status_code == status
    stranger = sign_in(other_buyer.lead)
    assert stranger.get(PATH).json() == [] or stranger.get(PATH).status_code == 403
    assert stranger.post(one, {}, content_type=JSON).status_code in {403, 404}
    opener = sign_in(offers_asked.buyer.opener)
    assert opener.post(f"{PATH}{uuid.uuid4()}/", {}, content_type=JSON).status_code == 404
