"""A file of recorded intervals at the pages and by API: shown first, then taken as it was shown."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core.models import AuditEvent
from apps.rfp.services import authoring
from tests.apps.rfp.pages.visiting import fresh, made, url
from tests.apps.rfp.recorded.conftest import QUEUE, lines, office
from tests.conftest import acting_for
from tests.factories.rfp import workload

FORM = {
    "zone": "Europe/London",
    "first_month": "1",
    "name": "voice-en",
    "aht_s": "300",
    "share": "80",
    "seconds": "20",
    "definition": "offered",
    "max_occupancy": "85",
}


def sent(*rows, called="calls.csv", **changes) -> dict:
    return {**FORM, **changes, "file": SimpleUploadedFile(called, lines(*rows))}


def taken(browser, rfp, page):
    token = page.context["proposal"].token
    return browser.post(url("take-workload", rfp), {"token": token})


def test_a_file_is_shown_before_it_is_taken(buyer, browser):
    rfp = made(buyer)
    before = fresh(buyer, rfp).workload.content
    page = browser.post(url("workload-file", rfp), sent(*office(), called="calls 2025.csv"))
    assert page.status_code == 200
    text = page.content.decode()
    assert "960 contacts a week" in text
    assert "160 rows, 30 minutes each" in text
    assert fresh(buyer, rfp).workload.content == before, "nothing is saved by looking"
    answer = taken(browser, rfp, page)
    assert answer.url == url("workload", rfp)
    held = fresh(buyer, rfp).workload
    assert held.content == page.context["proposal"].content
    assert held.content["queues"][0]["week"][0][18:34] == ["12"] * 16
    assert held.source.startswith("Recorded from 2025-03-03 to 2025-03-14 (Europe/London), 10 days")
    assert "calls 2025.csv" in held.source
    with acting_for(buyer.lead):
        event = AuditEvent.objects.filter(action="rfp.set_workload").latest("seq")
    assert held.source in event.payload


def test_the_own_cost_beside_the_workload_stays(buyer, browser):
    rfp = made(buyer)
    own = {
        "model": "per_fte",
        "rates": {"unit": "fte_month", "rate": "4000"},
        "shrinkage": {"base": "additive", "parts": []},
    }
    with acting_for(buyer.lead) as lead:
        authoring.set_workload(rfp=rfp, actor=lead, content=workload(), in_house=own)
    taken(browser, rfp, browser.post(url("workload-file", rfp), sent(*office())))
    with acting_for(buyer.lead):
        assert fresh(buyer, rfp).own_cost.quote["rates"]["rate"] == "4000"


def test_what_cannot_be_read_stands_beside_its_field(buyer, browser):
    rfp = made(buyer)
    for given, field in (
        (sent("start,calls", "soon,4"), "file"),
        ({**FORM}, "file"),
        (sent(*office(), max_occupancy="150", name="new"), "max_occupancy"),
        (sent(*office(), zone="Mars/Olympus"), "zone"),
        (sent(*office(), called="calls.pdf"), "file"),
        (sent("start,calls,queue", "2025-03-03 09:30,4,new", aht_s=""), "aht_s"),
    ):
        page = browser.post(url("workload-file", rfp), given)
        assert (page.status_code, list(page.context["form"].errors)) == (422, [field]), (
            page.context["form"].errors
        )
    assert fresh(buyer, rfp).workload.content == workload()


def test_a_preview_that_is_behind_is_not_taken(buyer, browser):
    rfp = made(buyer)
    page = browser.post(url("workload-file", rfp), sent(*office()))
    changed = workload(aht_s="301")
    with acting_for(buyer.lead) as lead:
        authoring.set_workload(rfp=rfp, actor=lead, content=changed)
    answer = taken(browser, rfp, page)
    assert answer.status_code == 409
    assert "has changed since you compared it" in answer.content.decode()
    assert fresh(buyer, rfp).workload.content == changed


def test_a_preview_is_of_one_draft_and_cannot_be_made_up(buyer, browser):
    rfp = made(buyer)
    for token in ("", "made-up", "e30:1abc:def"):
        assert browser.post(url("take-workload", rfp), {"token": token}).status_code == 422
    assert fresh(buyer, rfp).workload.content == workload()


def test_a_published_workload_takes_no_file(buyer, browser):
    rfp = made(buyer, published=True)
    assert (
        "frozen with the published RFP" in browser.get(url("workload-file", rfp)).content.decode()
    )
    assert browser.post(url("workload-file", rfp), sent(*office())).status_code == 409


@pytest.mark.parametrize("name", ["workload-file", "take-workload"])
def test_the_lead_alone_brings_a_file(buyer, client_for, name):
    rfp = made(buyer)
    assert client_for(buyer.evaluator).post(url(name, rfp), sent(*office())).status_code == 403


def test_a_year_of_half_hours_of_a_busy_queue_is_read(buyer, browser):
    rfp = made(buyer)
    rows = ["start,calls"]
    for line in office(365, start="2025-01-01")[1:]:
        day = line.split(" ")[0]
        if line.endswith("09:00,12"):
            rows += [f"{day} {half // 2:02}:{half % 2 * 30:02},9" for half in range(48)]
    page = browser.post(url("workload-file", rfp), sent(*rows, zone="UTC"))
    assert page.status_code == 200
    assert page.context["page"].rows == 261 * 48
    assert len(page.context["proposal"].content["seasonality"]) == 12


def test_the_same_by_api(buyer, client_for):
    rfp = made(buyer)
    client = client_for(buyer.lead)
    path = f"/api/v1/procurements/{rfp.procurement_id}/rfp/workload/intervals/"
    queue = {name: value for name, value in QUEUE.items() if name != "name"}
    given = {
        "file": SimpleUploadedFile("calls.csv", lines(*office())),
        "zone": "Europe/London",
        "queue": json.dumps({"name": "sales", **queue}),
    }
    answer = client.post(path, given)
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert shown["most_agents_at_once"]["sales"] > 2
    assert [one["name"] for one in shown["content"]["queues"]] == ["voice-en", "sales"]
    kept = client.put(path, {"token": shown["token"]}, content_type="application/json")
    assert kept.json()["workload"] == shown["content"]
    assert client.post(path, {"zone": "Europe/London"}).status_code == 422
