"""Every page that a request for information shares with a tender works for it, and asks no price."""

from django.urls import reverse

from tests.conftest import acting_for, sign_in
from tests.factories import information as make

OF_BUYERS = (
    *("rfp:builder", "rfp:choose", "rfp:terms", "rfp:publish", "rfp:preview", "rfp:preset"),
    *("rfp:review", "rfp:pack", "rfp:undertakings", "rfp:addenda", "rfp:lots", "rfp:balance"),
    *("rfp:templates", "rfp:bank", "rfp:import", "workspace:panel", "workspace:procurement"),
    *("workspace:record", "bids:vendors", "bids:readers", "bids:clarifications", "bids:stages"),
    *("bids:opening", "matrix:scoring", "matrix:consensus", "matrix:ranking", "matrix:offers"),
    *("matrix:shortlist", "pricing:comparison", "readiness:assessment", "decision:walk"),
    *("reports:library", "bids:answers_workbook"),
)
OF_VENDORS = (
    *("portal", "about", "undertakings", "team", "check", "notices", "questions", "data"),
    *("assumptions", "evidence", "library", "passport", "receipt", "change"),
)


def fine(client, address):
    answer = client.get(address)
    assert answer.status_code in {200, 302, 403, 404, 405, 409}, (address, answer.status_code)
    return answer


def look(stage, people):
    case = stage.procurement.pk
    for person in people:
        client = sign_in(person)
        for name in OF_BUYERS:
            fine(client, reverse(name, args=[case]))
        for bid in stage.bids[:1]:
            fine(client, reverse("bids:opened_bid", args=[case, bid.pk]))
    vendor = sign_in(stage.vendors[0].owner)
    for name in OF_VENDORS:
        fine(vendor, reverse(f"bids:{name}", args=[stage.bids[0].pk]))
    assert vendor.get(reverse("bids:price", args=[stage.bids[0].pk])).status_code == 404
    assert vendor.get(reverse("bids:final_offer", args=[stage.bids[0].pk])).status_code == 404
    return sign_in(stage.buyer.lead)


def test_pages_after_the_opening(information_opened, buyer):
    look(information_opened, [buyer.lead, buyer.evaluator, buyer.moderator])


def test_pages_after_the_shortlist(information_decided, buyer):
    client = look(information_decided, [buyer.lead, buyer.auditor, buyer.executive])
    case = information_decided.procurement.pk
    shown = client.get(reverse("workspace:procurement", args=[case])).content.decode()
    assert "Choose the shortlist" in shown
    assert "Compare prices" not in shown
    record = client.get(reverse("workspace:record", args=[case])).content.decode()
    assert "Confirmed the shortlist" in record


def test_pages_of_a_request_that_is_only_read(information_read, buyer):
    look(information_read, [buyer.lead])


def test_pages_of_a_draft(buyer):
    with acting_for(buyer.lead):
        make.draft(buyer)
    client = sign_in(buyer.lead)
    for name in OF_BUYERS:
        fine(client, reverse(name, args=[buyer.procurement.pk]))
