"""What vendors learn of one another: the list of names, and the selected tender in a letter."""

import datetime as dt
import html
import json

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.bids.models import Bid, Invitation, NameList
from apps.core.models import AuditEvent
from apps.rfp.services import authoring
from tests.apps.lots.test_awarding import page_of, ranked, text_of
from tests.conftest import acting_for, make_vendor, sign_in
from tests.factories import bids as make_bids
from tests.factories import lots as make

LONG = dt.timedelta(days=60)
SENTENCE = "every vendor that submitted reads the names of all that did"
SORTED = ["Castellan CX", "Tamarind Global", "Velora Connect"]


def portal_of(stage, place):
    client = sign_in(stage.vendors[place].owner)
    return client.get(reverse("bids:portal", args=[stage.bids[place].pk]))


def by_api(stage, bid, person):
    return sign_in(person).get(f"/api/v1/bids/{bid.pk}/names/")


def test_after_the_opening_each_vendor_that_submitted_reads_the_names_and_nothing_else(
    buyer, set_clock
):
    stage = make.opened(buyer, set_clock, procedure="open", closes_in=LONG, names=True)
    for place, bid in enumerate(stage.bids):
        owner = stage.vendors[place].owner
        found = by_api(stage, bid, owner)
        assert found.json() == {"names": SORTED}
        with acting_for(owner):
            assert list(NameList.objects.values_list("bid_id", "names")) == [(bid.pk, SORTED)]
            assert list(Bid.objects.values_list("pk", flat=True)) == [bid.pk]
        for rival in {0, 1, 2} - {place}:
            assert by_api(stage, stage.bids[rival], owner).status_code == 404
    with acting_for(buyer.lead):
        said = AuditEvent.objects.get(action="bids.publish_names")
        assert not [name for name in SORTED if name in json.dumps(said.payload)]


def test_the_names_stand_on_the_page_of_the_bid_and_of_the_result(buyer, set_clock):
    stage = ranked(buyer, set_clock, procedure="open", closes_in=LONG, names=True)
    make.decide(stage, "A")
    shown = text_of(page_of(stage, 0))
    assert "Vendors that submitted" in shown
    assert all(name in shown for name in SORTED)
    assert "The places of the bids are told to nobody." in shown
    assert "How many bids there were" not in shown


def test_before_the_opening_and_without_a_submission_there_is_no_name(buyer, set_clock):
    stage = make.published(buyer, procedure="open", closes_in=LONG, names=True)
    vendors = [make_vendor(name, buyer.organisation) for name in ("Velora Connect", "Castellan CX")]
    bids = [make.answer(stage, vendor, "A") for vendor in vendors]
    make_bids.submit(bids[0], vendors[0])
    stage.vendors, stage.bids = vendors, bids
    for place in (0, 1):
        assert by_api(stage, bids[place], vendors[place].owner).status_code == 404
        assert "Vendors that submitted" not in portal_of(stage, place).content.decode()
    set_clock(stage.rfp.round.closes_at + stage.rfp.round.grace + dt.timedelta(seconds=1))
    make.open_quality(stage)
    assert by_api(stage, bids[0], vendors[0].owner).json() == {"names": ["Velora Connect"]}
    assert by_api(stage, bids[1], vendors[1].owner).status_code == 404
    assert "Vendors that submitted" not in portal_of(stage, 1).content.decode()
    with acting_for(vendors[1].owner):
        assert not NameList.objects.exists()


@pytest.mark.parametrize("procedure", ["", "open"])
def test_where_it_is_off_nothing_is_written_and_nothing_shown(buyer, set_clock, procedure):
    stage = make.opened(buyer, set_clock, procedure=procedure, closes_in=LONG)
    assert by_api(stage, stage.bids[0], stage.vendors[0].owner).status_code == 404
    assert "Vendors that submitted" not in portal_of(stage, 0).content.decode()
    with acting_for(buyer.lead):
        assert not NameList.objects.exists()
        assert not AuditEvent.objects.filter(action="bids.publish_names").exists()


def test_a_list_of_names_stays_as_it_was(buyer, set_clock):
    make.opened(buyer, set_clock, procedure="open", closes_in=LONG, names=True)
    with acting_for(buyer.lead):
        for change in (
            lambda: NameList.objects.update(names=[]),
            lambda: NameList.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_the_vendor_reads_beforehand_what_it_will_learn_and_what_others_will(buyer):
    stage = make.published(buyer, procedure="open", closes_in=LONG, names=True)
    vendor = make_vendor("Velora Connect", buyer.organisation)
    bid = make_bids.bid_in(stage.rfp, vendor)
    client = sign_in(vendor.owner)
    page = html.unescape(client.get(reverse("bids:about", args=[bid.pk])).content.decode())
    assert SENTENCE in page
    assert "2014/24/EU, Article 55(2)" in page
    told = client.get(f"/api/v1/bids/{bid.pk}/about/").json()["told_of_others"]
    assert len(told) == 2
    with acting_for(buyer.lead):
        assert Invitation.objects.filter(vendor=vendor.organisation).exists()


def test_a_private_tender_that_published_it_names_the_selected_and_says_no_law(buyer, set_clock):
    stage = ranked(buyer, set_clock, explains=True)
    make.decide(stage, "A")
    shown = text_of(page_of(stage, 1))
    assert "Velora Connect" in shown
    assert "Its tender earned more points on: 1.01" in shown
    about = sign_in(stage.vendors[1].owner).get(reverse("bids:about", args=[stage.bids[1].pk]))
    assert "are told the name of the one that is" in about.content.decode()
    assert "2014/24" not in about.content.decode()


def test_a_public_tender_that_switched_it_off_names_nobody(buyer, set_clock, monkeypatch):
    publish = make.publish

    def silent(rfp, actor):
        authoring.set_terms(rfp=rfp, explains=False, actor=actor)
        return publish(rfp, actor)

    monkeypatch.setattr(make, "publish", silent)
    stage = ranked(buyer, set_clock, procedure="open", closes_in=LONG)
    make.decide(stage, "A")
    shown = text_of(page_of(stage, 1))
    assert "Not selected" in shown
    assert "Velora" not in shown
