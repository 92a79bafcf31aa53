"""The price sheet while it is typed: saved by version like an answer, and never over a colleague's."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from apps.bids import selectors
from apps.bids.services import teaming
from apps.core.models import AuditEvent
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

JSON = {"Accept": "application/json"}
TYPED = {
    "model": "per_minute",
    "rates.increment_s": "0",
    "rates.tiering": "graduated",
    "rates.tiers[0].up_to": "20000",
    "rates.tiers[0].rate": "0.91",
    "rates.tiers[1].rate": "0.83",
    "shrinkage.base": "additive",
    "shrinkage.parts[0].name": "Leave",
    "shrinkage.parts[0].share": "12",
    "promised_fte": "9.5",
    "attrition_per_year": "25",
    "one_offs[0].name": "Transition",
    "one_offs[0].amount": "26000",
    "one_offs[0].month": "1",
}


@pytest.fixture
def pair(tender, bid_a, vendor_a):
    """The owner's client and that of a colleague who sees the price."""
    with acting_for(vendor_a.owner) as owner:
        teaming.name_price_readers(bid=bid_a, people=[vendor_a.respondent.pk], actor=owner)
    return sign_in(vendor_a.owner), sign_in(vendor_a.respondent)


@pytest.fixture
def save(bid_a):
    """Save as the page's script does."""

    def post(client, version, **changes):
        url = f"{reverse('bids:save_price', args=[bid_a.pk])}?model=per_minute"
        typed = {**TYPED, **changes}
        return client.post(url, typed, headers={**JSON, "If-Match": f'"{version}"'})

    return post


def held(bid, who):
    with acting_for(who):
        return selectors.price_of(bid)


def test_typing_saves_by_version_and_says_what_it_comes_to(pair, save, bid_a, vendor_a):
    answer = save(pair[0], 0).json()
    assert answer["version"] == 1
    assert "£732,778.64 over the term" in answer["total"]
    assert held(bid_a, vendor_a.owner).sheet == make.SHEET
    assert save(pair[0], 1, promised_fte="10").json()["version"] == 2
    assert save(pair[0], 1, promised_fte="10").json()["version"] == 2  # repeated: no change


def test_who_is_slower_gets_both_figures_and_decides(pair, save, bid_a, vendor_a):
    save(pair[0], 0)
    save(pair[0], 1, **{"rates.tiers[0].rate": "0.95"})
    refused = save(pair[1], 1, promised_fte="11")
    assert refused.status_code == HTTPStatus.PRECONDITION_FAILED
    current, name = refused.json()["current"], vendor_a.owner.name
    assert current["version"] == 2
    assert current["shown"].splitlines() == [
        f"Tiers 1, Rate: 0.95 by {name}, 0.91 by you",
        f"Agents promised (FTE): 9.5 by {name}, 11 by you",
    ]
    assert held(bid_a, vendor_a.owner).sheet["promised_fte"] == "9.5"
    assert save(pair[1], current["version"], promised_fte="11").json()["version"] == 3


def test_without_scripts_the_page_shows_both_and_keeps_what_was_typed(pair, save, bid_a, vendor_a):
    save(pair[0], 0)
    url = reverse("bids:price", args=[bid_a.pk])
    mine = {**TYPED, "promised_fte": "11", "version": "0"}
    page = pair[1].post(url, mine)
    text = page.content.decode()
    assert page.status_code == HTTPStatus.PRECONDITION_FAILED
    assert f"{vendor_a.owner.name} changed the price sheet meanwhile" in text
    assert '<th scope="row">Agents promised (FTE)</th>' in text
    assert '<td class="num">11</td><td class="num">9.5</td>' in text
    assert 'name="version" value="1"' in text
    assert pair[1].post(url, {**mine, "version": "1"}).status_code == HTTPStatus.FOUND
    assert held(bid_a, vendor_a.owner).sheet["promised_fte"] == "11"


def test_a_sheet_that_is_not_complete_is_not_stored_and_nobody_did_anything_wrong(
    pair, save, bid_a, vendor_a
):
    waits = save(pair[0], 0, **{"rates.tiers[1].rate": "plenty"})
    assert waits.status_code == HTTPStatus.ACCEPTED
    assert waits.json()["detail"].startswith("Not complete yet, so not saved. ")
    assert list(waits.json()["fields"]) == ["rates.tiers[1].rate"]
    assert "version" not in waits.json()
    assert held(bid_a, vendor_a.owner) is None
    with acting_for(vendor_a.owner):
        assert not AuditEvent.objects.filter(refused=True).exists()


def test_after_the_submission_nothing_is_saved(pair, save, bid_a, tender, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    make.submit(bid_a, vendor_a)
    assert save(pair[0], 1, promised_fte="11").status_code == HTTPStatus.CONFLICT
    assert held(bid_a, vendor_a.owner).version == 1


def test_the_page_gives_the_script_its_address_and_version(pair, save, bid_a):
    save(pair[0], 0)
    text = pair[0].get(reverse("bids:price", args=[bid_a.pk])).content.decode()
    address = f"{reverse('bids:save_price', args=[bid_a.pk])}?model=per_minute"
    assert f'data-autosave="{address}" data-version="1"' in text
