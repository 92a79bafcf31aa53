"""Prices by API: the same services, refusals as problem+json."""

import hashlib

import pytest

from apps.pricing.models import Assumptions
from tests.factories import pricing

pytestmark = pytest.mark.usefixtures("db")
JSON = "application/json"


def at(found, rest):
    return f"/api/v1/procurements/{found.rfp.procurement_id}/{rest}"


def test_assumptions_are_put_and_read_back(opened, buyer, client_for):
    client = client_for(buyer.lead)
    assert client.get(at(opened, "assumptions/")).json()["number"] == 0
    terms = {"discount": {"rate": "0.035", "basis": "real", "inflation": "0.02"}}
    answer = client.put(
        at(opened, "assumptions/"), {"terms": terms, "based_on": 0}, content_type=JSON
    )
    assert answer.status_code == 200
    read = client_for(buyer.auditor).get(at(opened, "assumptions/")).json()
    assert (read["number"], read["set_by"], read["terms"]) == (1, "Ines Kovac", terms)


def test_what_the_engine_refuses_names_its_place(opened, buyer, client_for, acting):
    velora = opened.id_of("velora")
    wrong = {"bids": {velora: {"floor_cost_per_paid_hour": "free"}}}
    answer = client_for(buyer.lead).put(at(opened, "assumptions/"), wrong, content_type=JSON)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["fields"]) == [f"bids.{velora}.floor_cost_per_paid_hour"]
    with acting(buyer.lead):
        assert Assumptions.objects.count() == 0


def test_a_field_nobody_knows_is_refused(opened, buyer, client_for):
    answer = client_for(buyer.lead).put(at(opened, "assumptions/"), {"seed": 1}, content_type=JSON)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["seed"]


def test_the_comparison_is_the_engines_record(opened, buyer, client_for):
    answer = client_for(buyer.moderator).get(at(opened, "comparison/"))
    assert answer.status_code == 200
    assert answer.json()["kind"] == "price"
    assert len(answer.json()["result"]["quotes"]) == 3


def test_a_comparison_is_adopted_and_its_text_has_the_digest(opened, buyer, client_for):
    client = client_for(buyer.lead)
    assert client.get(at(opened, "comparison/adopted/")).status_code == 404
    made = client.post(at(opened, "comparison/adopted/"), {}, content_type=JSON)
    assert made.status_code == 201
    read = client_for(buyer.executive).get(at(opened, "comparison/adopted/")).json()
    assert read["number"] == 1
    assert hashlib.sha256(read["record"].encode()).hexdigest() == read["digest"]


def test_sealed_prices_are_a_409_that_says_what_opens_them(buyer, client_for):
    found = pricing.sealed(buyer, ("velora",))
    answer = client_for(buyer.lead).get(at(found, "comparison/"))
    assert answer.status_code == 409
    assert "sealed until the quality scores are locked" in answer.json()["detail"]


def test_wrong_roles_and_strangers(opened, buyer, other_buyer, client_for):
    for user, status in ((buyer.executive, 403), (other_buyer.lead, 404)):
        client = client_for(user)
        put = client.put(at(opened, "assumptions/"), {}, content_type=JSON)
        post = client.post(at(opened, "comparison/adopted/"), {}, content_type=JSON)
        assert (put.status_code, post.status_code) == (status, status)
    for rest in ("assumptions/", "comparison/", "comparison/adopted/"):
        assert client_for(buyer.opener).get(at(opened, rest)).status_code == 403
        assert client_for(other_buyer.lead).get(at(opened, rest)).status_code == 404
