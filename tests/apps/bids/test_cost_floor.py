"""The vendor's own cost floor: asked for by the RFP, sealed with the price, beside it afterwards."""

from decimal import Decimal

import pytest
from django.urls import reverse

from apps.bids import selectors
from apps.bids.selectors.quotes import quotes_for
from apps.bids.services import sheets
from apps.bids.types.cost_floor import floor_of, for_engine
from apps.core.errors import Incomplete
from apps.engine.errors import InvalidInput
from apps.rfp.selectors.freezing import content_of
from apps.rfp.states import EnvelopeKind, EnvelopeOrder
from tests.apps.bids.test_portal_pages import text
from tests.conftest import acting_for, make_buyer, make_vendor, sign_in
from tests.factories import bids as make
from tests.factories import sealing

FLOOR = {"wage": "12", "contributions": "0.20", "seat": "2", "overhead": "0.10"}


@pytest.mark.parametrize(
    ("left_out", "comes_to"),
    [((), "18.04"), (("seat",), "15.84"), (("overhead",), "16.4"), (("seat", "overhead"), "14.4")],
)
def test_wage_contributions_workplace_and_overhead_make_the_floor(left_out, comes_to):
    """12 and a fifth, and 2 for the seat, and a tenth of both: and without what may be left out."""
    given = {name: value for name, value in FLOOR.items() if name not in left_out}
    assert floor_of(given) == Decimal(comes_to)
    assert for_engine({"model": "hourly", "cost_floor": given}) == {
        "model": "hourly",
        "floor_cost_per_paid_hour": format(floor_of(given), "f"),
    }


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"wage": "0"}, "cost_floor.wage"),
        ({"contributions": ""}, "cost_floor.contributions"),
        ({"overhead": "-0.1"}, "cost_floor.overhead"),
        ({"margin": "1"}, "cost_floor.margin"),
    ],
)
def test_a_wrong_figure_is_named_by_its_place(changes, path):
    with pytest.raises(InvalidInput) as refused:
        floor_of({**FLOOR, **changes})
    assert refused.value.path == path


@pytest.fixture
def asked(db):
    buyer = make_buyer()
    vendor = make_vendor("Velora Connect", buyer.organisation)
    tender = make.tender(buyer, order=EnvelopeOrder.TOGETHER, asks_cost_floor=True)
    bid = make.bid_in(tender.rfp, vendor)
    return buyer, vendor, tender, bid


def save(bid, vendor, sheet, version=0):
    with acting_for(vendor.owner) as owner:
        return sheets.save_price(bid=bid, raw=sheet, version=version, actor=owner)


def test_where_it_is_asked_for_a_sheet_without_it_is_not_complete(asked):
    _buyer, vendor, _tender, bid = asked
    with pytest.raises(Incomplete) as refused:
        save(bid, vendor, make.SHEET)
    assert refused.value.fields == {
        "cost_floor.wage": "The buyer asks for your cost floor. Fill it in."
    }
    save(bid, vendor, {**make.SHEET, "cost_floor": FLOOR})


def test_where_it_is_not_asked_for_it_has_no_place(bid_a, vendor_a):
    with pytest.raises(Incomplete, match="a price sheet does not have it"):
        save(bid_a, vendor_a, {**make.SHEET, "cost_floor": FLOOR})
    page = text(sign_in(vendor_a.owner).get(reverse("bids:price", args=[bid_a.pk])))
    assert "cost floor" not in page


def test_the_page_asks_in_percent_and_says_where_the_price_does_not_cover_it(asked):
    _buyer, vendor, _tender, bid = asked
    client, url = sign_in(vendor.owner), reverse("bids:price", args=[bid.pk])
    assert "The price sheet asks for your cost floor" in text(
        client.get(reverse("bids:about", args=[bid.pk]))
    )
    save(bid, vendor, {**make.SHEET, "cost_floor": FLOOR})
    page = text(client.get(url))
    assert 'name="cost_floor.contributions" value="20"' in page
    assert "below your own cost floor" not in page
    save(bid, vendor, {**make.SHEET, "cost_floor": {**FLOOR, "wage": "30"}}, version=1)
    assert "£19.88, below your own cost floor of £41.80." in text(client.get(url))


def test_the_buyer_reads_the_floor_with_the_price_and_not_before(asked, set_clock, monkeypatch):
    buyer, vendor, tender, bid = asked
    monkeypatch.setattr(make, "SHEET", {**make.SHEET, "cost_floor": FLOOR})
    make.fill(bid, tender, vendor)
    make.submit(bid, vendor)
    with acting_for(buyer.lead) as lead:
        assert quotes_for(lead, tender.rfp) == []
    set_clock(tender.rfp.round.closes_at + make.GRACE)
    sealing.open_envelopes(tender.rfp, EnvelopeKind.TECHNICAL)  # both are opened together
    with acting_for(buyer.lead) as lead:
        (quote,) = quotes_for(lead, make.read(tender))
    assert Decimal(quote["floor_cost_per_paid_hour"]) == Decimal("18.04")
    assert "cost_floor" not in quote


def test_what_vendors_are_asked_is_published_where_it_is_on(asked, tender):
    with acting_for(asked[0].lead):
        assert content_of(asked[2].rfp)["asks_cost_floor"] is True
    with acting_for(asked[1].owner):
        assert selectors.basis_of(asked[2].rfp).asks_cost_floor
    assert "asks_cost_floor" not in content_of(tender.rfp)
