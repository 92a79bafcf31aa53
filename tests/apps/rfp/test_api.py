"""The RFP by API: the same services, problem+json for every refusal."""

import datetime as dt
import hashlib
import json

import pytest

from apps.core import clock
from apps.rfp.models import Question, Rfp
from apps.rfp.states import RfpState
from tests.conftest import acting_for, sign_in
from tests.factories import sealing as keys
from tests.factories.rfp import accept_all, make_rfp, question, workload


@pytest.fixture
def api(client_for, buyer):
    return Api(client_for(buyer.lead), buyer.procurement.pk)


class Api:
    """JSON in, JSON out, under one procurement."""

    def __init__(self, client, procurement) -> None:
        self.client, self.base = client, f"/api/v1/procurements/{procurement}/rfp/"

    def __call__(self, method: str, path: str = "", data: object = None):
        send = getattr(self.client, method)
        if method == "get":
            return send(self.base + path)
        return send(self.base + path, json.dumps(data or {}), content_type="application/json")


def made(buyer, **given) -> Rfp:
    with acting_for(buyer.lead) as lead:
        return make_rfp(buyer.procurement, lead, **given)


def approve_by_api(api, buyer):
    review = api("post", "reviews/", {"note": "Look at the weights."}).json()["id"]
    approver = sign_in(buyer.approver)
    path = f"/api/v1/procurements/{buyer.procurement.pk}/rfp/reviews/{review}/approval/"
    assert api("post", f"reviews/{review}/approval/").status_code == 403
    answer = approver.post(path, {}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "approved")


def test_a_later_deadline_takes_two_persons(api, buyer):
    rfp = made(buyer, published=True)
    later = (clock.database_now() + dt.timedelta(days=30)).isoformat()
    asked = api("post", "deadline/", {"closes_at": later, "reason": "More sites."})
    assert (asked.status_code, asked.json()["state"]) == (202, "requested")
    path = f"extensions/{asked.json()['extension']}/confirmation/"
    assert api("post", path).status_code == 403
    url = f"/api/v1/procurements/{rfp.procurement_id}/rfp/{path}"
    answer = sign_in(buyer.opener).post(url, {}, content_type="application/json")
    assert answer.status_code == 200
    assert dt.datetime.fromisoformat(answer.json()["closes_at"]) == dt.datetime.fromisoformat(later)


def test_the_lead_writes_and_publishes_an_rfp(api, buyer):
    assert api("post", data={"questionnaire": "bpo_voice_support"}).status_code == 201
    assert api("put", "kept/", {"codes": ["4.08", "11.14", "16.13"]}).status_code == 200
    answer = api("put", "weights/", {"weights": {"4": "60", "11": "40"}})
    assert [one["weight"] for one in answer.json()["sections"]] == ["60", "40", "0"]
    terms = {
        "quality_weight": "60",
        "price_weight": "40",
        "price_formula": "absolute-linear",
        "price_params": {"cap": "2200000", "floor": "800000"},
        "pricing_models": ["per_fte"],
    }
    assert api("patch", data=terms).json()["price_params"] == terms["price_params"]
    assert api("put", "workload/", {"content": workload(), "source": "Records"}).status_code == 200
    closes_at = (clock.database_now() + dt.timedelta(days=9)).isoformat()
    api("put", "deadline/", {"closes_at": closes_at, "zone": "Europe/London"})
    state = api("get", "publication/").json()
    assert [one["code"] for one in state["blockers"]] == ["review", "keys"]
    approve_by_api(api, buyer)
    with acting_for(buyer.lead):
        keys.prove_all(Rfp.objects.select_related("procurement").get())
    assert api("get", "publication/").json()["blockers"] == []
    answer = api("post", "publication/")
    assert (answer.status_code, answer.json()["state"]) == (200, "published")
    content = api("get", "content/").json()
    assert content["digest"] == hashlib.sha256(content["content"].encode()).hexdigest()


def test_questions_are_added_changed_and_removed(api, buyer):
    rfp = made(buyer)
    section = api("post", "sections/", {"title": "Culture"}).json()
    values = {"topic": "Values", "text": "Which values?", "kind": "text_short", "mode": "info"}
    added = api("post", f"sections/{section['id']}/questions/", values)
    assert (added.status_code, added.json()["code"]) == (201, "4.01")
    path = f"questions/{added.json()['id']}/"
    assert api("patch", path, {"topic": "Beliefs"}).json()["topic"] == "Beliefs"
    assert api("delete", path).status_code == 204
    with acting_for(buyer.lead):
        assert not Question.objects.filter(rfp=rfp, code="4.01").exists()


def test_an_rfp_starts_with_packs_and_moves_to_a_preset(api, procurement):
    given = {"questionnaire": "back_office", "packs": ["banking"], "preset": "essential"}
    made_rfp = api("post", "", given).json()
    assert (made_rfp["preset"], made_rfp["packs"]) == ("essential", ["banking"])
    why = {"days": 15, "reason": "Accelerated, Article 27(3)."}
    wanted = {"preset": "public", "procedure": "open", "periods": {"tender": why}}
    moved = api("put", "preset/", wanted).json()
    assert (moved["preset"], moved["periods"]) == ("public", {"tender": why})
    refused = api("put", "preset/", {"preset": "public", "periods": {"tender": {"days": 15}}})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["procedure"])


def test_a_refusal_is_problem_json_with_a_sentence_per_field(api, buyer):
    rfp = made(buyer)
    with acting_for(buyer.lead):
        pk = question(rfp, "1.01").pk
    answer = api("patch", f"questions/{pk}/", {"weight": "0", "rubric": {}})
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["fields"]) == (
        422,
        {
            "weight": "Give a scored question points, or make it information.",
            "rubric": "Write what earns the score: 0, 1, 2, 3, 4, 5.",
        },
    )


BAD = (
    ("patch", "", [1], 422),
    ("patch", "", {"colour": "red"}, 422),
    ("put", "weights/", {"weights": {"1": "lots"}}, 422),
    ("put", "weights/", {"weights": [1]}, 422),
    ("put", "kept/", {"codes": []}, 422),
    ("put", "workload/", {"content": {"queues": 1}}, 422),
    ("put", "workload/", {}, 422),
    ("put", "deadline/", {"closes_at": "tomorrow", "zone": "UTC"}, 422),
    ("put", "deadline/", {"closes_at": "2020-01-01T00:00:00Z", "zone": "UTC"}, 422),
    ("post", "sections/", {"title": ""}, 422),
    ("post", "findings/", {"code": "weight-zero", "reason": "Fine."}, 409),
    ("post", "deadline/", {"closes_at": "2040-01-01T00:00:00Z", "reason": "More."}, 409),
    ("post", "cancellation/", {}, 422),
    ("post", "publication/", {"force": True}, 422),
    ("get", "content/", None, 404),
    ("delete", "", None, 403),
)


def test_bad_input_is_refused_and_nothing_is_saved(api, buyer):
    rfp = made(buyer)
    with acting_for(buyer.lead):
        before = (Rfp.objects.values().get(), list(Question.objects.values().order_by("code")))
    for method, path, data, status in BAD:
        answer = api(method, path, data)
        assert (method, path, data, answer.status_code) == (method, path, data, status)
        assert answer["Content-Type"] == "application/problem+json"
    with acting_for(buyer.lead):
        after = (Rfp.objects.values().get(), list(Question.objects.values().order_by("code")))
    assert after == before
    assert rfp.state == RfpState.DRAFT


def test_floats_never_reach_a_rule(api, buyer):
    rfp = made(buyer)
    with acting_for(buyer.lead):
        pk = question(rfp, "1.02").pk
    rules = [{"level": 2.5, "op": "at_least", "value": "1"}, {"level": 0, "op": "otherwise"}]
    answer = api("patch", f"questions/{pk}/", {"auto": rules})
    assert answer.json()["fields"] == {
        "auto": "Write each value as text, for example 72 or 12.5 in quotes."
    }


def test_roles_and_strangers(buyer, other_buyer, client_for):
    rfp = made(buyer)
    panel = Api(client_for(buyer.auditor), rfp.procurement_id)
    assert panel("get").json()["quality_weight"] == "60"
    assert panel("patch", data={"term_months": 12}).status_code == 403
    assert panel("post", "publication/").status_code == 403
    stranger = Api(client_for(other_buyer.lead), rfp.procurement_id)
    for method, path in (("get", ""), ("patch", ""), ("post", "publication/"), ("get", "content/")):
        assert (path, stranger(method, path).status_code) == (path, 404)


def test_a_published_rfp_is_extended_and_cancelled_but_not_written(api, buyer):
    rfp = made(buyer, published=True)
    assert api("patch", data={"term_months": 12}).status_code == 409
    with acting_for(buyer.lead):
        later = (Rfp.objects.get(pk=rfp.pk).round.closes_at + dt.timedelta(days=1)).isoformat()
    answer = api("post", "deadline/", {"closes_at": later, "reason": "One more site."})
    assert dt.datetime.fromisoformat(answer.json()["closes_at"]) == dt.datetime.fromisoformat(later)
    assert api("post", "cancellation/", {"reason": "No budget."}).json()["state"] == "cancelled"


def test_findings_are_listed_and_accepted(api, buyer):
    rfp = made(buyer)
    api("patch", data={"price_formula": "min-max"})
    codes = {one["code"]: one["severity"] for one in api("get", "publication/").json()["findings"]}
    assert codes["award-depends-on-losers"] == "warning"
    given = {"code": "award-depends-on-losers", "reason": "Required by policy."}
    assert api("post", "findings/", given).status_code == 204
    with acting_for(buyer.lead) as lead:
        accept_all(Rfp.objects.get(pk=rfp.pk), lead)
    assert [one["code"] for one in api("get", "publication/").json()["blockers"]] == [
        "review",
        "keys",
    ]


def test_the_in_house_cost_is_never_shown(api, buyer):
    made(buyer)
    in_house = {
        "model": "per_fte",
        "rates": {"unit": "hour", "billable_hour": "paid", "rate": "17.4321"},
        "shrinkage": {"base": "additive", "parts": []},
    }
    answer = api("put", "workload/", {"content": workload(), "in_house": in_house})
    assert answer.status_code == 200
    assert "17.4321" not in answer.content.decode() + api("get").content.decode()
