"""A final offer in lots, saved by the script while it is typed: each lot by itself."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from tests.apps.bids.test_saving_prices import JSON, TYPED
from tests.conftest import sign_in
from tests.factories import lot_offers as make

LOW, LOWER = "0.6113", "0.5977"


@pytest.fixture
def asked(may_offer):
    return make.asked(may_offer)


def save_typed(client, bid, code, version, rate):
    url = f"{reverse('bids:save_final_offer', args=[bid.pk])}?model=per_minute&lot={code}"
    typed = {**TYPED, "rates.tiers[0].rate": rate}
    return client.post(url, typed, headers={**JSON, "If-Match": f'"{version}"'})


def test_each_lot_is_saved_by_itself(asked):
    client, bid = sign_in(asked.vendors[0].owner), asked.bids[0]
    assert save_typed(client, bid, "A", 0, LOW).json()["version"] == 1
    assert save_typed(client, bid, "B", 0, LOWER).json()["version"] == 1
    assert save_typed(client, bid, "A", 1, LOWER).json()["version"] == 2
    raced = save_typed(client, bid, "B", 0, LOW)
    assert raced.status_code == HTTPStatus.PRECONDITION_FAILED
    page = client.get(reverse("bids:final_offer", args=[bid.pk]) + "?lot=B").content.decode()
    assert 'data-version="1"' in page
    assert f'value="{LOWER}"' in page


def test_a_sheet_that_was_saved_again_since_it_was_read_is_not_submitted(asked):
    make.save(asked, 0, "A", LOW)
    make.save(asked, 0, "B", LOW)
    client = sign_in(asked.vendors[0].owner)
    url = reverse("bids:submit_final_offer", args=[asked.bids[0].pk])
    page = client.get(reverse("bids:final_offer", args=[asked.bids[0].pk])).content.decode()
    assert 'name="version-A" value="1"' in page
    make.save(asked, 0, "A", LOWER)
    read = {"by_lot": "1", "lots": ["A", "B"], "version-A": "1", "version-B": "1"}
    refused = client.post(url, read)
    assert (refused.status_code, "since you read it" in refused.content.decode()) == (412, True)
    assert client.post(url, {**read, "version-A": "2"}).status_code == 302
