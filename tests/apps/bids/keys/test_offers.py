"""The key of a final offer goes to the vendor as that of the bid did, and comes back as it does."""

import pytest
from django.urls import reverse

from apps.bids import adapters, selectors
from apps.bids.models import KeptKey, PriceSheet
from apps.bids.selectors import kept_keys
from apps.bids.services import final_offers
from apps.bids.states import Offer
from apps.core import keystore
from tests.apps.bids.keys.conftest import code_in
from tests.conftest import acting_for, sign_in
from tests.factories import offers


def see(client, name, bid):
    return client.get(reverse(f"bids:{name}", args=[bid.pk]), follow=True).content.decode()


@pytest.fixture
def offered(offers_asked, settled):
    """The first vendor of three has sent its final offer from a browser of its own."""
    bid, owner = offers_asked.bids[0], offers_asked.vendors[0].owner
    browser = sign_in(owner)
    with acting_for(owner):
        final_offers.save(bid=bid, raw=offers.sheet("0.70"), version=0, actor=owner)
    browser.get(reverse("bids:final_offer", args=[bid.pk]))
    with settled():
        browser.post(reverse("bids:submit_final_offer", args=[bid.pk]))
    return offers_asked, bid, owner, browser


def test_a_sent_offer_is_sealed_and_changed_by_the_browser_that_sent_it(offered, settled):
    _found, bid, owner, browser = offered
    assert not keystore.exists(adapters.draft_key(bid.pk, Offer.FINAL))
    assert 'value="0.7"' in see(browser, "final_offer", bid)
    elsewhere = see(sign_in(owner), "final_offer", bid)
    assert "0.70" not in elsewhere
    assert "Begin with the first offer" in elsewhere
    with adapters.in_hand(brought(bid, owner, browser)), acting_for(owner), settled():
        final_offers.save(bid=bid, raw=offers.sheet("0.65"), version=1, actor=owner)
    with settled():
        browser.post(reverse("bids:submit_final_offer", args=[bid.pk]))
    with acting_for(owner):
        assert bid.submissions.filter(offer_round__isnull=False).count() == 2
    other = sign_in(owner)
    url = reverse("bids:unlock", args=[bid.pk])
    other.post(url, {"code": code_in(browser), "to": "final_offer"})
    assert 'value="0.65"' in see(other, "final_offer", bid)


def brought(bid, owner, browser):
    with acting_for(owner):
        return kept_keys.keys_under(bid.pk, kept_keys.read_typed(code_in(browser)))


def test_without_the_code_another_offer_begins_with_the_first_as_a_new_version(offered, settled):
    _found, bid, owner, _browser = offered
    other = sign_in(owner)
    with settled():
        other.post(reverse("bids:start_offer_again", args=[bid.pk]))
    assert 'value="0.91"' in see(other, "final_offer", bid)
    with acting_for(owner):
        assert PriceSheet.objects.get(bid=bid, offer=Offer.FINAL).version == 2
        assert not KeptKey.objects.filter(bid=bid, offer=Offer.FINAL).exists()
        final_offers.save(bid=bid, raw=offers.sheet("0.60"), version=2, actor=owner)
    with settled():
        other.post(reverse("bids:submit_final_offer", args=[bid.pk]))
    with acting_for(owner):  # no click was taken for a repeated one
        sent = bid.submissions.filter(offer_round__isnull=False).order_by("number")
        assert [one.sheets for one in sent] == [{"": 1}, {"": 3}]
    again = reverse("bids:start_offer_again", args=[bid.pk])
    assert other.post(again).status_code == 409  # the browser that sent it can read it
    assert sign_in(owner).post(again).status_code == 302


def test_an_opened_offer_is_read_without_a_code(offered, set_clock):
    found, bid, owner, _browser = offered
    set_clock(offers.after_closing(found))
    offers.open_all(found)
    assert "0.70" in see(sign_in(owner), "final_offer", bid)
    with acting_for(owner):
        assert (
            selectors.price_of(bid, offer=Offer.FINAL).sheet["rates"]["tiers"][0]["rate"] == "0.70"
        )
