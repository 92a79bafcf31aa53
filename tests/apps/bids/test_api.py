"""The same acts by API: JSON in and out, the same refusals as problem+json."""

import pytest

from apps.bids import selectors
from apps.bids.models import Invitation, Submission
from apps.rfp.states import EnvelopeKind
from tests.apps.bids.conftest import fresh
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make
from tests.factories import sealing

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def vendor(vendor_a):
    return sign_in(vendor_a.owner)


def put(client, bid, rest, body):
    return client.put(f"/api/v1/bids/{bid.pk}/{rest}/", body, content_type=JSON)


def test_a_vendor_reads_answers_and_submits_its_bid(vendor, tender, bid_a, vendor_a):
    assert [one["id"] for one in vendor.get("/api/v1/bids/").json()] == [str(bid_a.pk)]
    saved = put(vendor, bid_a, "answers/1.02", {"answer": "Yes", "version": 0})
    assert (saved.status_code, saved.json()) == (200, {"version": 1})
    state = vendor.get(f"/api/v1/bids/{bid_a.pk}/").json()
    assert state["answers"]["1.02"] == {"answer": "Yes", "version": 1}
    assert {"code": "1.01", "detail": "1.01 Approach: not answered"} in state["missing"]
    assert put(vendor, bid_a, "price", {"sheet": make.SHEET, "version": 0}).json() == {"version": 1}
    early = vendor.post(f"/api/v1/bids/{bid_a.pk}/submit/", {}, content_type=JSON)
    assert early.status_code == 422
    assert early.json()["fields"]["2.01"] == "2.01 Certificate: attach a file"
    make.fill(bid_a, tender, vendor_a)
    done = vendor.post(f"/api/v1/bids/{bid_a.pk}/submit/", {}, content_type=JSON)
    assert done.status_code == 201
    with acting_for(vendor_a.owner):
        assert done.json()["manifest_digest"] == Submission.objects.get().manifest_digest
    for act, state in (("withdraw", "withdrawn"), ("reopen", "draft")):
        answer = vendor.post(f"/api/v1/bids/{bid_a.pk}/{act}/", {}, content_type=JSON)
        assert answer.json() == {"state": state}


@pytest.mark.parametrize(
    ("rest", "body", "status"),
    [
        ("answers/1.02", {"answer": "Perhaps", "version": 0}, 422),
        ("answers/1.02", {"answer": 5, "version": 0}, 422),
        ("answers/1.02", {"answer": {"a": []}, "version": 0}, 422),
        ("answers/1.02", {"answer": "Yes"}, 422),
        ("answers/1.02", {"answer": "Yes", "version": -1}, 422),
        ("answers/1.02", {"answer": "Yes", "version": 0, "vendor": "x"}, 422),
        ("answers/1.02", {"answer": "Yes", "version": 3}, 412),
        ("answers/1.05", {"answer": [{"Year": 2025}], "version": 0}, 200),
        ("answers/9.99", {"answer": "Yes", "version": 0}, 404),
        ("price", {"sheet": None, "version": 0}, 422),
        ("price", {"sheet": {**make.SHEET, "promised_fte": 9.5}, "version": 0}, 422),
        ("price", {"sheet": [], "version": 0}, 422),
        ("price", [], 422),
    ],
)
def test_input_of_the_wrong_shape_gets_a_sentence(vendor, bid_a, rest, body, status):
    answer = put(vendor, bid_a, rest, body)
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"]


def test_an_unknown_act_is_not_found(vendor, bid_a):
    answer = vendor.post(f"/api/v1/bids/{bid_a.pk}/award/", {}, content_type=JSON)
    assert answer.status_code == 404


def test_the_lead_invites_and_reads_states_of_invitations_alone(buyer, tender):
    client = sign_in(buyer.lead)
    url = f"/api/v1/procurements/{buyer.procurement.pk}/invitations/"
    body = {"vendor_name": "Velora", "contact": "H. Sloane", "email": "h@velora.example"}
    made = client.post(url, body, content_type=JSON)
    assert made.status_code == 201
    assert "token" not in made.content.decode()
    assert [one["state"] for one in client.get(url).json()] == ["sent"]
    assert client.post(url, {**body, "state": "accepted"}, content_type=JSON).status_code == 422
    assert client.post(url, {**body, "email": "h"}, content_type=JSON).status_code == 422
    with acting_for(buyer.lead):
        assert Invitation.objects.count() == 1


def test_an_evaluator_reads_no_list_of_vendors(buyer, tender):
    url = f"/api/v1/procurements/{buyer.procurement.pk}/invitations/"
    assert sign_in(buyer.evaluator).get(url).status_code == 403


def test_opening_by_api_asks_for_a_fresh_second_factor(buyer, tender, bid_a, vendor_a, after_grace):
    make.fill(bid_a, tender, vendor_a)
    make.submit(bid_a, vendor_a)
    after_grace()
    url = f"/api/v1/procurements/{buyer.procurement.pk}/opening/"
    first, second = (
        {"kind": "technical", "code": sealing.code_of(tender.rfp, EnvelopeKind.TECHNICAL, one.pk)}
        for one in (buyer.opener, buyer.opener2)
    )
    body = first
    stale = sign_in(buyer.opener).post(url, body, content_type=JSON)
    assert stale.status_code == 401
    assert sign_in(buyer.lead).post(url, body, content_type=JSON).status_code == 403
    turned = fresh(buyer.opener).post(url, first, content_type=JSON)
    assert (turned.status_code, turned.json()) == (200, {"turned": 1, "needed": 2, "opened": None})
    opened = fresh(buyer.opener2).post(url, second, content_type=JSON)
    assert (opened.status_code, opened.json()) == (200, {"turned": 2, "needed": 2, "opened": 1})
    shown = sign_in(buyer.evaluator).get(url).json()
    assert [(one["letter"], one["name"]) for one in shown["bids"]] == [("A", "Bid A")]


def test_the_page_too_asks_for_a_fresh_second_factor(buyer, tender, bid_a, after_grace):
    after_grace()
    url = f"/p/{buyer.procurement.pk}/opening/quality/"
    stale = sign_in(buyer.opener).post(url)
    assert stale.status_code == 302
    assert "reauthenticate" in stale.headers["Location"]
    code = {"code": sealing.code_of(tender.rfp, EnvelopeKind.TECHNICAL, buyer.opener.pk)}
    done = fresh(buyer.opener).post(url, code)
    assert done.headers["Location"] == f"/p/{buyer.procurement.pk}/opening/"


def test_prices_are_opened_on_the_page_once_scores_are_locked(buyer, opened):
    url = f"/p/{buyer.procurement.pk}/opening/prices/"
    first, second = (
        {"code": sealing.code_of(opened.rfp, EnvelopeKind.COMMERCIAL, one.pk)}
        for one in (buyer.opener, buyer.opener2)
    )
    assert fresh(buyer.opener).post(url, first).status_code == 409
    with acting_for(buyer.lead):
        type(buyer.procurement).objects.update(phase="commercial")
    page = sign_in(buyer.opener).get(f"/p/{buyer.procurement.pk}/opening/").content.decode()
    assert "Turn your key for the prices" in page
    assert fresh(buyer.opener).post(url, first).status_code == 302
    assert fresh(buyer.opener2).post(url, second).status_code == 302
    with acting_for(buyer.lead):
        assert len(selectors.quotes_for(buyer.lead, make.read(opened))) == 2


def test_the_opening_page_shows_each_bid_with_its_digest_to_who_may_know(buyer, opened):
    page = sign_in(buyer.auditor).get(f"/p/{buyer.procurement.pk}/opening/").content.decode()
    assert "2 bids were opened" in page
    assert "Velora Connect" in page
    assert "Digest matches" in page
    blind = sign_in(buyer.evaluator).get(f"/p/{buyer.procurement.pk}/opening/").content.decode()
    assert "Bid A" in blind
    assert "Digest matches" not in blind


def test_an_opened_bid_is_read_with_its_files(buyer, opened, bid_a):
    client = sign_in(buyer.evaluator)
    base = f"/p/{buyer.procurement.pk}/bids/{bid_a.pk}/"
    page = client.get(base).content.decode()
    assert "New agents train for six weeks. amber" in page
    with acting_for(buyer.evaluator):
        held = selectors.attachments_of(buyer.evaluator, opened.rfp)[bid_a.pk]["2.01"][0]
    file = client.get(f"{base}files/{held.sha256}/")
    assert file.content == make.PDF + b"amber"
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client.get(f"{base}files/{'0' * 64}/").status_code == 404
