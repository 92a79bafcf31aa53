"""Final offers of a tender with lots by API: the same choice of lots, and no more to be seen."""

import datetime as dt

import pytest

from apps.core import clock
from tests.conftest import acting_for, sign_in
from tests.factories import lot_offers as make
from tests.factories import lots

JSON = "application/json"
LOW = "0.6113"


@pytest.fixture
def asked(may_offer):
    return make.asked(may_offer)


def case(stage):
    return f"/api/v1/procurements/{stage.procurement.pk}/final-offers/"


def own(stage, place, rest=""):
    return f"/api/v1/bids/{stage.bids[place].pk}/final-offer/{rest}"


def test_the_lead_names_lots_and_who_is_left_out_of_which(may_offer):
    client = sign_in(may_offer.buyer.lead)
    candidates = client.get(case(may_offer)).json()["candidates"]
    assert len(candidates) == 5
    body = {
        "closes_at": (clock.now() + dt.timedelta(days=3)).isoformat(),
        "reason": "Volumes are firmer.",
        "lots": ["B"],
        "left_out": [{"bid": str(may_offer.bids[2].pk), "lot": "B", "reason": "Too dear."}],
    }
    assert (
        client.post(case(may_offer), {**body, "lots": ["Q"]}, content_type=JSON).status_code == 422
    )
    made = client.post(case(may_offer), body, content_type=JSON)
    assert made.status_code == 201, made.json()
    rows = made.json()["request"]["bids"]
    assert {one["lot"] for one in rows} == {"B"}
    assert [one["asked"] for one in rows].count(False) == 1


def test_a_vendor_saves_and_submits_lot_by_lot(asked, set_clock):
    client = sign_in(asked.vendors[0].owner)
    shown = client.get(own(asked, 0)).json()
    assert [one["lot"] for one in shown["lots"]] == ["A", "B"]
    assert "first" not in shown
    given = {"sheet": lots.sheet(LOW), "version": 0}
    assert client.put(own(asked, 0), given, content_type=JSON).status_code == 422  # no lot named
    for code in "AB":
        saved = client.put(own(asked, 0), {**given, "lot": code}, content_type=JSON)
        assert saved.json() == {"version": 1}
    strange = sign_in(asked.vendors[2].owner)
    assert strange.put(own(asked, 2), {**given, "lot": "A"}, content_type=JSON).status_code == 404
    assert {one["lot"] for one in strange.get(own(asked, 2)).json()["lots"]} == {"B"}
    wrong = client.post(own(asked, 0, "submit/"), {"lots": ["Q"]}, content_type=JSON)
    assert wrong.status_code == 422
    made = client.post(own(asked, 0, "submit/"), {"lots": ["A"]}, content_type=JSON)
    assert made.status_code == 201, made.json()
    assert made.json()["lots"] == ["A"]
    shown = client.get(own(asked, 0)).json()
    assert shown["submitted"]["lots"] == ["A"]
    assert {one["lot"]: one["unsent"] for one in shown["lots"]} == {"A": False, "B": True}
    set_clock(make.after_closing(asked))
    make.open_all(asked)
    rows = sign_in(asked.buyer.lead).get(case(asked)).json()["offers"]
    assert {(one["bid"], one["lot"]) for one in rows if one["answered"]} == {
        (str(asked.bids[0].pk), "A")
    }
    same = [one for one in rows if not one["answered"]]
    assert len(same) == 4
    assert all(one["first"] == one["final"] for one in same)


def test_before_the_opening_the_answer_to_the_buyer_does_not_change(asked):
    lead = sign_in(asked.buyer.lead)
    before = lead.get(case(asked)).content
    make.offer(asked, 0, A=LOW, B=LOW)
    make.withdraw(asked, 0)
    assert lead.get(case(asked)).content == before
    with acting_for(asked.buyer.lead):
        assert make.held(asked).state == "running"
