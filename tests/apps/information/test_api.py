"""A request for information by API: started, given its rule, listed, confirmed, followed."""

import pytest

from apps.bids.models import Shortlist
from apps.rfp.models import Rfp
from tests.conftest import acting_for, sign_in

JSON = "application/json"


def at(stage_or_case, rest):
    case = getattr(stage_or_case, "procurement", stage_or_case)
    return f"/api/v1/procurements/{case.pk}/{rest}"


def send(client, address, body=None):
    return client.post(address, body or {}, content_type=JSON)


def test_it_is_started_and_given_its_rule(buyer):
    client, address = sign_in(buyer.lead), at(buyer, "rfp/")
    made = send(client, address, {"questionnaire": "empty", "kind": "information"})
    assert made.status_code == 201
    assert (made.json()["kind"], made.json()["price_weight"]) == ("information", "0")
    rule = {"rule": "minimum", "least": "62.50"}
    told = client.patch(address, {"shortlist": rule}, content_type=JSON).json()
    assert told["shortlist"] == {"rule": "minimum", "least": "62.5"}
    for wrong in ({"shortlist": {"rule": "luck"}}, {"price_weight": "40"}, {"shortlist": 3}):
        refused = client.patch(address, wrong, content_type=JSON)
        assert refused.status_code == 422, wrong
    essential = {"questionnaire": "empty", "kind": "information", "preset": "essential"}
    assert send(client, address, essential).status_code == 422
    assert send(client, address, {"questionnaire": "empty", "kind": "auction"}).status_code == 422


def test_the_list_from_the_rule_to_the_tender(information_locked, buyer):
    stage = information_locked
    lead, opener = sign_in(buyer.lead), sign_in(buyer.opener)
    before = lead.get(at(stage, "shortlist/")).json()
    assert before["shortlist"] is None
    assert [one["verdict"] for one in before["bids"]] == ["taken", "taken", "left"]
    assert send(opener, at(stage, "shortlist/")).status_code == 403
    chosen = {"chosen": [str(stage.bids[2].pk)], "reason": "I like them."}
    assert send(lead, at(stage, "shortlist/"), chosen).status_code == 422
    made = send(lead, at(stage, "shortlist/"))
    assert made.status_code == 201
    held = made.json()["shortlist"]
    assert held["state"] == "requested"
    assert send(lead, at(stage, f"shortlist/{held['id']}/")).status_code == 403
    early = {"reference": "T-2", "title": "The tender"}
    assert send(lead, at(stage, "shortlist/tender/"), early).status_code == 404
    done = send(opener, at(stage, f"shortlist/{held['id']}/"))
    assert done.json() == {"state": "confirmed", "digest": held["digest"]}
    assert opener.delete(at(stage, f"shortlist/{held['id']}/")).status_code == 409
    assert send(lead, at(stage, "shortlist/")).status_code == 409
    started = send(lead, at(stage, "shortlist/tender/"), early)
    assert started.status_code == 201
    same = send(lead, at(stage, "shortlist/tender/"), early)
    assert same.status_code == 422  # the reference is taken
    with acting_for(buyer.lead):
        made = Rfp.objects.get(pk=started.json()["rfp"])
        assert made.follows_id == stage.rfp.pk
        path = f"/api/v1/procurements/{made.procurement_id}/invitations/shortlisted/"
    assert send(lead, path).status_code == 409  # it is not published yet


def test_a_proposal_is_dropped_before_anybody_is_told(information_locked, buyer):
    lead = sign_in(buyer.lead)
    held = send(lead, at(information_locked, "shortlist/")).json()["shortlist"]
    assert lead.delete(at(information_locked, f"shortlist/{held['id']}/")).status_code == 204
    assert lead.get(at(information_locked, "shortlist/")).json()["shortlist"] is None
    with acting_for(buyer.lead):
        assert Shortlist.objects.get().state == "dropped"


@pytest.mark.parametrize("body", [{"chosen": "all"}, {"chosen": ["x"]}, {"who": []}])
def test_input_of_the_wrong_shape_gets_a_sentence(information_locked, buyer, body):
    answer = send(sign_in(buyer.lead), at(information_locked, "shortlist/"), body)
    assert answer.status_code == 422
    with acting_for(buyer.lead):
        assert not Shortlist.objects.exists()


def test_a_tender_has_no_list(buyer, information_locked, other_buyer):
    assert sign_in(other_buyer.lead).get(at(information_locked, "shortlist/")).status_code == 404
    empty = sign_in(other_buyer.lead).get(at(other_buyer, "shortlist/")).json()
    assert empty == {"rule": "", "places": 0, "bids": [], "shortlist": None}
