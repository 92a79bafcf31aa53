"""Final offers by API: asked, confirmed, answered, opened; the refusals of the pages, no more to be seen."""

import datetime as dt

import pytest
from django.urls import reverse

from apps.bids.models import OfferRound, Submission
from apps.core import clock
from apps.rfp.selectors.sealing import openers_of
from apps.rfp.states import KeyKind
from tests.apps.bids.conftest import fresh
from tests.conftest import acting_for, sign_in
from tests.factories import offers as make
from tests.factories.sealing import code_of

JSON = "application/json"
LOW = "0.7713"


@pytest.fixture
def priced(offers_priced):
    return offers_priced


@pytest.fixture
def asked(offers_asked):
    return offers_asked


def case(found, rest=""):
    return f"/api/v1/procurements/{found.buyer.procurement.pk}/final-offers/{rest}"


def own(found, place, rest=""):
    return f"/api/v1/bids/{found.bids[place].pk}/final-offer/{rest}"


def body(**changes):
    closes = (clock.now() + dt.timedelta(days=3)).isoformat()
    return {"closes_at": closes, "reason": "Volumes are firmer.", "left_out": [], **changes}


def save(client, found, place, rate=LOW, version=0):
    given = {"sheet": make.sheet(rate), "version": version}
    return client.put(own(found, place), given, content_type=JSON)


def test_one_person_asks_another_confirms_and_a_third_bid_is_left_out(priced):
    lead, opener = sign_in(priced.buyer.lead), sign_in(priced.buyer.opener)
    out = [{"bid": str(priced.bids[2].pk), "reason": "Far above the others."}]
    made = lead.post(case(priced), body(left_out=out), content_type=JSON)
    assert made.status_code == 201, made.json()
    shown = made.json()["request"]
    assert shown["state"] == "requested"
    assert [one["asked"] for one in shown["bids"]].count(False) == 1
    assert lead.post(case(priced, f"{shown['id']}/"), {}, content_type=JSON).status_code == 403
    vendor = sign_in(priced.vendors[0].owner)
    assert vendor.get(own(priced, 0)).status_code == 404  # nobody is told before
    done = opener.post(case(priced, f"{shown['id']}/"), {}, content_type=JSON)
    assert done.json() == {"state": "running"}
    assert vendor.get(own(priced, 0)).json()["open"]
    assert sign_in(priced.vendors[2].owner).get(own(priced, 2)).status_code == 404
    again = lead.post(case(priced), body(), content_type=JSON)
    assert again.status_code == 409


def test_a_request_can_be_dropped_before_anybody_is_told(priced):
    lead = sign_in(priced.buyer.lead)
    held = lead.post(case(priced), body(), content_type=JSON).json()["request"]
    assert lead.delete(case(priced, f"{held['id']}/")).status_code == 204
    assert lead.get(case(priced)).json()["request"] is None


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"closes_at": "2020-01-01T00:00:00Z"}, 422),
        ({"reason": ""}, 422),
        ({"left_out": [{"bid": "01a202fc-1f29-71eb-b889-687896223356", "reason": "x"}]}, 422),
        ({"left_out": ["Velora"]}, 422),
        ({"quickly": True}, 422),
    ],
)
def test_input_that_does_not_hold_together_asks_nobody(priced, changes, status):
    answer = sign_in(priced.buyer.lead).post(case(priced), body(**changes), content_type=JSON)
    assert answer.status_code == status, answer.json()
    with acting_for(priced.buyer.lead):
        assert not OfferRound.objects.exists()


def test_a_vendor_saves_and_submits_and_the_page_s_receipt_is_named(asked):
    client = sign_in(asked.vendors[0].owner)
    assert client.post(own(asked, 0, "submit/"), {}, content_type=JSON).status_code == 422
    assert save(client, asked, 0).json() == {"version": 1}
    assert client.get(own(asked, 0)).json()["unsent"]
    made = client.post(own(asked, 0, "submit/"), {}, content_type=JSON)
    assert made.status_code == 201
    assert client.get(made.json()["receipt"]).status_code == 200
    shown = client.get(own(asked, 0)).json()
    assert shown["submitted"]["manifest_digest"] == made.json()["manifest_digest"]
    assert shown["first"]["sheet"] != shown["price"]["sheet"]
    assert save(client, asked, 0, "0.70", version=0).status_code == 412
    assert save(client, asked, 0, "many", version=1).status_code == 422


def test_the_price_is_for_owners_and_for_whom_they_name(asked):
    vendor = asked.vendors[0]
    respondent = sign_in(vendor.respondent)
    assert respondent.get(own(asked, 0)).status_code == 404
    assert save(respondent, asked, 0).status_code == 404
    assert respondent.post(own(asked, 0, "submit/"), {}, content_type=JSON).status_code == 404
    rival = sign_in(asked.vendors[1].owner)
    for place in ("", "submit/"):
        assert rival.post(own(asked, 0, place), {}, content_type=JSON).status_code in {403, 404}
    assert rival.get(own(asked, 0)).status_code == 404
    assert sign_in(asked.buyer.lead).get(own(asked, 0)).status_code == 404


def test_before_the_opening_the_buyer_reads_no_offer_and_no_count(asked):
    for place in (0, 1):
        client = sign_in(asked.vendors[place].owner)
        lead = sign_in(asked.buyer.lead)
        before = lead.get(case(asked)).content
        save(client, asked, place)
        assert client.post(own(asked, place, "submit/"), {}, content_type=JSON).status_code == 201
        assert lead.get(case(asked)).content == before


def test_opening_asks_for_a_fresh_second_factor_and_waits_for_the_grace(asked, set_clock):
    client = sign_in(asked.vendors[0].owner)
    save(client, asked, 0)
    made = client.post(own(asked, 0, "submit/"), {}, content_type=JSON).json()
    with acting_for(asked.buyer.opener):
        held = asked.held()
        openers = openers_of(asked.tender.rfp)[: asked.tender.rfp.keys_needed]
    address = case(asked, f"{held.pk}/opening/")
    given = {one.pk: {"code": code_of(asked.tender.rfp, KeyKind.FINAL, one.pk)} for one in openers}
    mine = given[asked.buyer.opener.pk]
    assert sign_in(asked.buyer.opener).post(address, mine, content_type=JSON).status_code == 401
    assert fresh(asked.buyer.opener).post(address, mine, content_type=JSON).status_code == 409
    assert sign_in(asked.buyer.lead).post(address, mine, content_type=JSON).status_code == 403
    set_clock(make.after_closing(asked))
    turned = [fresh(one).post(address, given[one.pk], content_type=JSON).json() for one in openers]
    assert [one["opened"] for one in turned] == [None] * (len(openers) - 1) + [1]
    rows = sign_in(asked.buyer.lead).get(case(asked)).json()["offers"]
    assert [one["answered"] for one in rows].count(True) == 1
    assert all("first" in one for one in rows)
    again = client.post(own(asked, 0, "submit/"), {}, content_type=JSON).json()
    assert again["submission"] == made["submission"]  # pressed twice: nothing new
    with acting_for(asked.vendors[0].owner):
        assert Submission.objects.filter(offer_round__isnull=False).count() == 1
    assert save(client, asked, 0, "0.60", version=1).status_code == 409


def test_who_reads_no_prices_gets_none(asked, set_clock):
    client = sign_in(asked.vendors[0].owner)
    save(client, asked, 0)
    client.post(own(asked, 0, "submit/"), {}, content_type=JSON)
    set_clock(make.after_closing(asked))
    make.open_all(asked)
    rows = sign_in(asked.buyer.opener).get(case(asked)).json()["offers"]
    assert rows
    assert all(set(one) == {"bid", "answered"} for one in rows)


def test_another_tenant_and_the_vendors_find_nothing(asked, other_buyer):
    with acting_for(asked.buyer.opener):
        held = asked.held()
    for person in (other_buyer.lead, asked.vendors[0].owner):
        client = sign_in(person)
        assert client.get(case(asked)).status_code == 404
        for place in (f"{held.pk}/", f"{held.pk}/opening/"):
            assert client.post(case(asked, place), {}, content_type=JSON).status_code == 404
    assert reverse("api-offers", args=[asked.buyer.procurement.pk]) == case(asked)
