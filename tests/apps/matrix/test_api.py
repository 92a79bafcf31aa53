"""The evaluation by API: the same acts, the same refusals as problem+json."""

import hashlib
import json

import pytest

from apps.engine.cases import canonical
from apps.matrix.models import Ranking
from tests.conftest import acting_for
from tests.factories import matrix as make


class Api:
    """A signed-in client that speaks JSON to one procurement."""

    def __init__(self, client, stage):
        self.client = client
        self.base = f"/api/v1/procurements/{stage.procurement.pk}"

    def get(self, path):
        return self.client.get(f"{self.base}/{path}/")

    def post(self, path, given=None):
        return self.client.post(
            f"{self.base}/{path}/", json.dumps(given or {}), content_type="application/json"
        )


@pytest.fixture
def api(client_for, opened):
    return lambda user: Api(client_for(user), opened)


def judgement(stage, place=0, **changes):
    return {
        "question": "1.01",
        "bid": stage.bid(place).letter,
        "value": "3",
        "reason": "Meets anchor 3.",
        "version": 0,
        **changes,
    }


def test_the_whole_evaluation_runs_by_api(opened, buyer, api):
    people = [str(buyer.evaluator.pk)]
    begun = api(buyer.lead).post("scoring", {"assignments": {"1": people, "2": people}})
    assert (begun.status_code, begun.json()) == (201, {"phase": "independent"})
    evaluator, moderator = api(buyer.evaluator), api(buyer.moderator)
    for place in (0, 1):
        for code in ("1.01", "1.04", "2.02"):
            saved = evaluator.post("scoring/scores", judgement(opened, place, question=code))
            assert (saved.status_code, saved.json()["version"]) == (200, 1)
    for section in ("1", "2"):
        assert evaluator.post("scoring/finished", {"section": section}).status_code == 200
    assert moderator.post("consensus/open").json() == {"phase": "consensus"}
    assert moderator.post("consensus/unanimous").json() == {"adopted": 6}
    changed = moderator.post(
        "consensus", judgement(opened, value="4", reason="Agreed: anchor 4.", version=1)
    )
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert len(moderator.get("consensus").json()) == 6
    locked = moderator.post("consensus/lock")
    assert (locked.status_code, locked.json()["stage"]) == (200, "quality")
    told = api(buyer.executive).get("ranking").json()
    assert hashlib.sha256(canonical(told["record"])).hexdigest() == told["digest"]
    make.priced(opened)
    full = api(buyer.lead).post("ranking")
    assert (full.status_code, full.json()["stage"]) == (201, "full")
    with acting_for(buyer.lead):
        assert Ranking.objects.filter(digest=full.json()["digest"]).exists()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"value": "6"}, "value", "Choose a score from 0 to 5."),
        ({"value": "NaN"}, "value", "A valid number is required."),
        ({"reason": ""}, "reason", "Give a reason: what in the answer meets which anchor."),
        ({"colour": "red"}, "colour", "This field is not known here."),
    ],
)
def test_a_wrong_judgement_is_a_problem_with_a_sentence_per_field(changes, field, sentence, opened, buyer, api):  # fmt: skip
    make.begun(opened)
    refused = api(buyer.evaluator).post("scoring/scores", judgement(opened, **changes))
    assert refused.status_code == 422
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["fields"] == {field: sentence}
    assert api(buyer.evaluator).get("scoring/scores").json() == []


def test_refusals_keep_their_kinds(opened, buyer, other_buyer, vendor_a, api):
    assert api(buyer.evaluator).get("scoring/scores").status_code == 404  # not begun
    make.begun(opened)
    evaluator = api(buyer.evaluator)
    assert api(buyer.lead).post("scoring/scores", judgement(opened)).status_code == 403
    assert api(buyer.executive).get("scoring").status_code == 403
    assert evaluator.post("consensus/open").status_code == 403
    for stranger in (other_buyer.evaluator, vendor_a.owner):
        assert api(stranger).post("scoring/scores", judgement(opened)).status_code == 404
    assert evaluator.post("scoring/scores", judgement(opened, bid="Z")).status_code == 404
    assert evaluator.post("scoring/scores", judgement(opened, question="1.02")).status_code == 404
    assert evaluator.post("scoring/scores", judgement(opened)).status_code == 200
    stale = evaluator.post("scoring/scores", judgement(opened, value="5"))
    assert (stale.status_code, stale.json()["current"]) == (412, {"version": 1})
    unknown = api(buyer.lead).post("scoring", {"assignments": {"9": []}})
    assert unknown.status_code == 422
    early = api(buyer.moderator).post("consensus/lock")
    assert early.status_code == 409
    assert early.json()["detail"] == "Scores can be locked from the consensus, once."
    assert api(buyer.moderator).post("consensus/open", {"force": True}).status_code == 422
    assert api(buyer.lead).post("ranking").status_code == 409


def test_a_vendor_is_asked_and_answers_by_api(opened, buyer, api, client_for):
    make.begun(opened)
    evaluator, lead = api(buyer.evaluator), api(buyer.lead)
    asked = {"question": "1.01", "bid": opened.bid(0).letter, "text": "Which wave?"}
    drafted = [evaluator.post("scoring/vendor-questions", asked).json()["id"] for _ in range(2)]
    send = f"scoring/vendor-questions/{drafted[0]}/send"
    assert evaluator.post(send, {"text": "Which wave?", "days": 3}).status_code == 403
    assert lead.post(send, {"text": "Which wave?", "days": 90}).status_code == 422
    assert lead.post(send, {"text": "Which wave?", "days": 3}).status_code == 201
    aside = f"scoring/vendor-questions/{drafted[1]}/shelve"
    assert lead.post(aside, {"reason": "Asked twice."}).status_code == 201
    assert lead.post(aside, {"reason": "Asked twice."}).status_code == 409

    bid = opened.bid(0)
    owner = client_for(next(v for v in opened.vendors if v.organisation.pk == bid.vendor_id).owner)
    (put,) = owner.get(f"/api/v1/bids/{bid.pk}/put-to-us/").json()
    assert (put["text"], put["open"], put["answer"]) == ("Which wave?", True, None)
    url = f"/api/v1/bids/{bid.pk}/put-to-us/{put['id']}/"
    said = json.dumps({"text": "The second."})
    assert owner.post(url, said, content_type="application/json").status_code == 201
    assert owner.post(url, said, content_type="application/json").status_code == 409
    told = {one["id"]: one for one in lead.get("scoring/vendor-questions").json()}
    assert told[drafted[0]]["sent"]["answer"] == "The second."
    assert told[drafted[1]]["set_aside"] == "Asked twice."
    assert [one["id"] for one in api(buyer.evaluator2).get("scoring/vendor-questions").json()] == [
        drafted[0]
    ]


def test_a_mock_bid_is_scored_by_api(opened, buyer, api):
    lead, evaluator, other = api(buyer.lead), api(buyer.evaluator), api(buyer.evaluator2)
    for code in ("1.01", "1.04"):
        mock = {"question": code, "text": "In waves."}
        assert lead.post("scoring/calibration", mock).status_code == 201
    assert evaluator.post("scoring/calibration", mock).status_code == 403
    gone = lead.client.delete(f"{lead.base}/scoring/calibration/1.04/")
    assert gone.status_code == 204
    assert lead.post("scoring/calibration/start").json() == {"state": "scoring"}
    tried = {"question": "1.01", "value": "2", "reason": "Level 2."}
    assert evaluator.post("scoring/calibration/scores", tried).json() == {"value": "2"}
    for wrong in ({"value": "9"}, {"reason": ""}, {"question": "1.04"}):
        assert other.post("scoring/calibration/scores", {**tried, **wrong}).status_code == 422
    (seen,) = other.get("scoring/calibration").json()
    assert (seen["answers"][0]["own"], seen["answers"][0]["scores"]) == (None, [])
    assert lead.post("scoring/calibration/show").json() == {"state": "shown"}
    (seen,) = other.get("scoring/calibration").json()
    assert [one["value"] for one in seen["answers"][0]["scores"]] == ["2"]
