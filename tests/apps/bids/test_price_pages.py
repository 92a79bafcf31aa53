"""The price sheet's pages in HTTP: a form built from the model's fields, and what it refuses."""

import pytest
from django.urls import reverse

from apps.bids import selectors
from tests.apps.bids.test_portal_pages import text
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(vendor_a):
    return sign_in(vendor_a.owner)


# The price sheet


PRICE = {
    "model": "per_minute",
    "version": "0",
    "rates.increment_s": "0",
    "rates.tiering": "graduated",
    "rates.tiers[0].up_to": "20000",
    "rates.tiers[0].rate": "0.91",
    "rates.tiers[2].rate": "0.83",
    "shrinkage.base": "additive",
    "shrinkage.parts[0].name": "Leave",
    "shrinkage.parts[0].share": "12",
    "promised_fte": "9.5",
    "attrition_per_year": "25",
    "one_offs[0].name": "Transition",
    "one_offs[0].amount": "26000",
    "one_offs[0].month": "1",
}


def test_the_price_form_builds_itself_from_the_models_fields(client, bid_a):
    url = reverse("bids:price", args=[bid_a.pk])
    empty = text(client.get(url))
    assert "Per minute" in empty
    assert "rates.increment_s" not in empty
    shown = text(client.get(url, {"model": "per_fte"}))
    assert 'name="rates.billable_hour"' in shown
    assert 'name="aht_s.voice-en"' in shown
    assert "rates." not in text(client.get(url, {"model": "managed_service"}))


def test_a_price_is_typed_in_percent_saved_and_shown_back(client, bid_a, vendor_a):
    url = reverse("bids:price", args=[bid_a.pk])
    assert client.post(url, PRICE).headers["Location"] == f"{url}?saved=1"
    with acting_for(vendor_a.owner):
        assert selectors.price_of(bid_a).sheet == make.SHEET
    page = text(client.get(url))
    assert "£732,778.64" in page
    assert 'name="shrinkage.parts[0].share" value="12"' in page
    assert 'name="rates.tiers[1].rate" value="0.83"' in page


def test_every_figure_that_cannot_be_read_is_named_and_kept_as_typed(client, bid_a, vendor_a):
    url = reverse("bids:price", args=[bid_a.pk])
    wrong = {**PRICE, "rates.tiers[0].rate": "cheap", "shrinkage.parts[0].share": "120"}
    answer = client.post(url, wrong)
    page = text(answer)
    assert answer.status_code == 422
    assert 'href="#p-rates-tiers-0-rate"' in page
    assert 'href="#p-shrinkage-parts-0-share"' in page
    assert 'value="cheap"' in page
    assert 'value="120"' in page
    assert "Give a percentage from 0 to 99.99, digits only." in page
    with acting_for(vendor_a.owner):
        assert selectors.price_of(bid_a) is None


def test_what_the_engine_refuses_stands_at_its_place(client, bid_a):
    url = reverse("bids:price", args=[bid_a.pk])
    answer = client.post(url, {**PRICE, "rates.tiering": ""})
    assert answer.status_code == 422
    assert 'href="#p-rates-tiering"' in text(answer)


def test_the_parts_of_a_hybrid_offer_show_their_own_fields_before_saving(client, bid_a, vendor_a):
    url = reverse("bids:price", args=[bid_a.pk])
    parts = {
        "model": "hybrid",
        "version": "0",
        "rates.parts[0].model": "per_minute",
        "rates.parts[0].share": "60",
        "rates.parts[1].model": "per_fte",
        "rates.parts[1].share": "40",
        "shrinkage.base": "additive",
        "shrinkage.parts[0].name": "Leave",
        "shrinkage.parts[0].share": "12",
    }
    shown = text(client.post(url, {**parts, "show": "1"}))
    assert 'name="rates.parts[0].rates.increment_s"' in shown
    assert 'name="rates.parts[1].rates.billable_hour"' in shown
    filled = {
        **parts,
        "rates.parts[0].rates.increment_s": "0",
        "rates.parts[0].rates.tiering": "graduated",
        "rates.parts[0].rates.tiers[0].rate": "0.9",
        "rates.parts[1].rates.unit": "hour",
        "rates.parts[1].rates.billable_hour": "paid",
        "rates.parts[1].rates.rate": "20",
    }
    assert client.post(url, filled).status_code == 302
    with acting_for(vendor_a.owner):
        sheet = selectors.price_of(bid_a).sheet
    assert [part["share"] for part in sheet["rates"]["parts"]] == ["0.6", "0.4"]
    check = text(client.get(reverse("bids:check", args=[bid_a.pk])))
    assert "Part 2" in check
    assert "What a billable hour is: Paid hour" in check


def test_a_colleagues_newer_sheet_is_not_overwritten(client, bid_a, vendor_a):
    url = reverse("bids:price", args=[bid_a.pk])
    client.post(url, PRICE)
    late = client.post(url, {**PRICE, "promised_fte": "11"})
    assert late.status_code == 412
    assert 'name="version" value="1"' in text(late)
    assert 'value="11"' in text(late)


def test_too_few_agents_for_the_promise_are_told_to_the_vendor_with_figures(client, bid_a):
    url = reverse("bids:price", args=[bid_a.pk])
    client.post(url, PRICE)
    assert "Worth a second look" not in text(client.get(url))
    client.post(url, {**PRICE, "version": "1", "promised_fte": "5"})
    page = text(client.get(url))
    assert (
        "you plan 5.0 agents; what the tender asks for needs 5.7 on its workload, with your"
        " shrinkage and handle times." in page
    )
    saved = client.post(
        reverse("bids:save_price", args=[bid_a.pk]) + "?model=per_minute",
        {**PRICE, "version": "2", "promised_fte": "4"},
        headers={"If-Match": '"2"'},
    ).json()
    assert "you plan 4.0 agents" in saved["doubts"]
    assert "In voice-en these agents answer" in saved["doubts"]
