"""The pages of a tender with lots: one lot at a time, chosen in the address."""

import json

import pytest
from django.urls import reverse

from apps.bids.selectors.workbook import beside_of
from apps.reports.models import Report
from apps.rfp import selectors
from tests.conftest import acting_for
from tests.factories import bids as make_bids
from tests.factories import lots as make
from tests.factories.rfp import make_rfp

WEIGHTS = {"w-1": "10", "w-2": "10", "w-5": "60", "w-price": "20"}


def at(name, case, **query):
    found = reverse(name, args=[case.pk])
    return found + (
        "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""
    )


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_lead_makes_lots_on_their_page(buyer, client_for):
    with acting_for(buyer.lead) as lead:
        rfp = make_rfp(buyer.procurement, lead)
    client, case = client_for(buyer.lead), buyer.procurement
    assert "No lots" in text(client.get(at("rfp:lots", case)))
    assert client.post(at("rfp:add-lot", case), {"name": ""}).status_code == 422
    for name in ("Voice", "Chat"):
        assert client.post(at("rfp:add-lot", case), {"name": name}).status_code == 302
    assert client.post(at("rfp:add-lot", case), {"name": "Again", "code": "1"}).status_code == 422
    given = {"lot-1": "", "lot-2": "2", "lot-3": ""}
    assert client.post(at("rfp:assign-lots", case), given).status_code == 302
    assert client.post(at("rfp:limit-lots", case), {"most_lots": "1"}).status_code == 302
    page = text(client.get(at("rfp:lots", case)))
    assert "Weights total 60%" in page
    assert "Weights total 100%" in page
    with acting_for(buyer.lead):
        first, second = selectors.lots_of(rfp)
    edit = reverse("rfp:edit-lot", args=[case.pk, first.pk])
    figures = {"param-floor": "9", "param-cap": "1"}
    assert client.post(edit, {"name": "Voice", **figures}).status_code == 422
    figures = {"param-floor": "1000", "param-cap": "9000", "least_contacts": "12000"}
    assert client.post(edit, {"name": "Calls", **figures}).status_code == 302
    assert "12,000 contacts a month" in text(client.get(at("rfp:lots", case)))
    remove = reverse("rfp:remove-lot", args=[case.pk, second.pk])
    assert client.post(remove).status_code == 409
    assert "Lot 1: Calls" in text(client.get(at("rfp:workload", case)))


def test_other_roles_read_lots_and_write_none(buyer, other_buyer, vendor_a, client_for):
    with acting_for(buyer.lead) as lead:
        rfp = make.make_lots_rfp(buyer.procurement, lead)
        held = make.lot(rfp, "A")
    case = buyer.procurement
    urls = [at(f"rfp:{name}", case) for name in ("add-lot", "assign-lots", "limit-lots")]
    urls += [reverse(f"rfp:{name}", args=[case.pk, held.pk]) for name in ("edit-lot", "remove-lot")]
    for person, status in ((buyer.evaluator, 403), (other_buyer.lead, 404), (vendor_a.owner, 404)):
        client = client_for(person)
        assert [client.post(url, {}).status_code for url in urls] == [status] * len(urls)


def test_pages_cost_the_same_for_two_lots_and_for_four(buyer, client_for):
    with acting_for(buyer.lead) as lead:
        rfp = make.make_lots_rfp(buyer.procurement, lead)
    client, case = client_for(buyer.lead), buyer.procurement
    urls = [at(f"rfp:{name}", case) for name in ("lots", "builder", "publish", "preview")]
    once = [make_bids.queries(client, url) for url in urls]
    with acting_for(buyer.lead) as lead:
        for name in ("Letters", "Visits"):
            make.authoring.add_lot(rfp=rfp, name=name, actor=lead)
    assert [make_bids.queries(client, url) for url in urls] == once


@pytest.mark.parametrize("name", ["matrix:ranking", "pricing:comparison"])
def test_a_page_shows_one_lot_and_no_vendor_of_another(two_lots, client_for, name):
    own = {"A": "Castellan CX", "B": "Tamarind Global"}
    client, case = client_for(two_lots.buyer.lead), two_lots.procurement
    for code, away in (("A", "B"), ("B", "A")):
        page = text(client.get(at(name, case, lot=code)))
        main = page[page.index("<main") : page.index("</main>")]
        assert own[code] in main
        assert own[away] not in main
        assert f"Lot {code}: {make.NAMES[code]}" in main
    assert own["A"] in text(client.get(at(name, case)))
    assert client.get(at(name, case, lot="Z")).status_code == 404


def test_records_and_weights_stay_with_their_lot(two_lots, client_for):
    client, case = client_for(two_lots.buyer.lead), two_lots.procurement
    names = {
        code: {
            one["name"]
            for one in json.loads(client.get(at("matrix:record", case, lot=code)).content)["case"][
                "vendors"
            ]
        }
        for code in "AB"
    }
    assert names["A"] != names["B"]
    tried = text(client.get(at("matrix:ranking", case, lot="B", **WEIGHTS)))
    assert "would lead by" in tried
    prices = json.loads(client.get(at("pricing:record", case, lot="B")).content)
    assert prices["case"]["workload"]["queues"][0]["name"] == "chat-en"


def test_decision_and_reports_are_asked_for_lot_by_lot(two_lots, client_for):
    client, case = client_for(two_lots.buyer.lead), two_lots.procurement
    page = text(client.get(at("decision:walk", case, lot="B")))
    assert "Lot B: Chat" in page
    asked = client.get(at("decision:walk", case)).context["statement_forms"]
    fact = next(form.asked for form in asked if form.asked.options)
    given = {"fact": fact.fact, f"{fact.fact}-value": fact.options[0][0]}
    given[f"{fact.fact}-evidence"] = "Board minute."
    assert client.post(at("decision:state", case, lot="B"), given).status_code == 302
    for code, stated in (("A", False), ("B", True)):
        page = text(client.get(at("decision:walk", case, lot=code)))
        assert ("Board minute." in page) is stated
    library = text(client.get(at("reports:library", case)))
    assert "Scorecard, lot A" in library
    assert client.post(at("reports:request", case), {"kind": "scorecard"}).status_code == 422
    answer = client.post(at("reports:request", case, lot="B"), {"kind": "scorecard"})
    assert answer.status_code == 302
    with acting_for(two_lots.buyer.lead):
        assert Report.objects.get().lot.code == "B"


def test_the_overview_names_the_first_of_each_lot(two_lots, client_for):
    page = text(
        client_for(two_lots.buyer.lead).get(at("workspace:procurement", two_lots.procurement))
    )
    assert "First in the ranking, lot A" in page
    assert "First in the ranking, lot B" in page
    assert "Propose the decision, lot A" in page


def test_answers_go_into_a_workbook_with_prices_by_lot(two_lots, client_for):
    client = client_for(two_lots.buyer.lead)
    answer = client.get(at("bids:answers_workbook", two_lots.procurement))
    assert answer.status_code == 200
    with acting_for(two_lots.buyer.lead) as lead:
        lines = [one.label for one in beside_of(lead, two_lots.rfp).prices]
    assert any(one.startswith("Lot A: Voice · rates") for one in lines)
    assert any(one.startswith("Lot B: Chat · rates") for one in lines)


def test_by_api_an_act_on_a_tender_with_lots_names_one(two_lots, client_for):
    client = client_for(two_lots.buyer.lead)
    base = f"/api/v1/procurements/{two_lots.procurement.pk}/"
    for path in ("ranking/", "comparison/", "comparison/adopted/", "assumptions/", "walk/"):
        assert client.get(base + path).status_code == 422, path
        assert client.get(f"{base}{path}?lot=A").status_code == 200, path
    shown = client.get(f"{base}rfp/").json()
    assert [one["code"] for one in shown["lots"]] == ["A", "B"]
    assert {one["code"]: one["lot"] for one in shown["sections"]}["5"] == "B"
    assert shown["workload"] is None


def test_by_api_lots_are_written(buyer, client_for):
    with acting_for(buyer.lead) as lead:
        make_rfp(buyer.procurement, lead)
    client = client_for(buyer.lead)
    base = f"/api/v1/procurements/{buyer.procurement.pk}/rfp/lots/"

    def send(method, path, body):
        return getattr(client, method)(base + path, body, content_type="application/json")

    made = send("post", "", {"name": "Voice", "code": "V"})
    assert (made.status_code, made.json()["code"]) == (201, "V")
    one = f"{made.json()['id']}/"
    load = send("put", f"{one}workload/", {"content": make.workload(), "source": "Records"})
    assert load.json()["workload_source"] == "Records"
    assert send("put", "sections/", {"sections": {"1": "V"}}).json()["sections"][0]["lot"] == "V"
    assert send("put", "limit/", {"most_lots": 0}).status_code == 422
    assert send("put", "limit/", {"most_lots": 1}).json()["most_lots"] == 1
    assert send("delete", one, {}).status_code == 409
    assert send("put", one, {"name": "Calls"}).json()["name"] == "Calls"
    assert [lot["code"] for lot in client.get(base).json()] == ["V"]
