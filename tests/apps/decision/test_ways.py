"""Ways to award side by side: the published one first, each with its cost and difference."""

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.decision.selectors.ways import Field, Offer, ways
from tests.apps.decision.test_pages import text_of
from tests.conftest import make_buyer, sign_in
from tests.factories import decision


def offer(bid, rank, price, points="80"):
    return Offer(bid, f"{bid.title()} Ltd", bid[0].upper(), rank, points, price and Decimal(price))


def field(code, *offers, decided=None):
    return Field(code, f"Lot {code}", offers, decided)


VOICE = field("A", offer("arbour", 1, "900"), offer("birch", 2, "700"), offer("cedar", 3, "650"))
CHAT = field("B", offer("arbour", 1, "300"), offer("birch", 2, "340"))


def given_of(fields, limit=None, agreed=None):
    """Each way by its title: who gets what, and what it costs."""
    return {
        one.title: ([share.offer.bid if share.offer else None for share in one.shares], one.cost)
        for one in ways(fields, limit, agreed or {})
    }


def test_a_tender_without_lots_shows_its_first_its_next_and_the_cheapest():
    found = given_of([field("", *VOICE.offers)])
    assert found == {
        "As published": (["arbour"], 900),
        "Without Arbour Ltd": (["birch"], 700),
        "Lowest price": (["cedar"], 650),
    }
    assert next(iter(found)) == "As published"
    every = ways([field("", *VOICE.offers)], None, {})
    assert [one.backup for one in every] == ["", "birch", ""]


def test_lots_show_what_the_limit_costs_and_one_vendor_for_everything():
    """Limit of one: A to Arbour, B to Birch: 900 + 340. Without it both to Arbour: 900 + 300."""
    found = given_of([VOICE, CHAT], limit=1)
    assert found == {
        "As published": (["arbour", "birch"], 1240),
        "Without the limit of lots": (["arbour", "arbour"], 1200),
        "Without Arbour Ltd": (["birch", None], None),
        "Without Birch Ltd": (["arbour", None], None),
        "Everything to Birch Ltd": (["birch", "birch"], 1040),
        "Lowest price": (["cedar", "arbour"], 950),
    }


def test_ways_that_come_to_the_same_are_one_row_that_names_both():
    every = ways([field("", offer("arbour", 1, "5"), offer("birch", 2, "9"))], None, {})
    assert [one.title for one in every] == ["As published", "Without Arbour Ltd"]
    assert every[0].text.endswith("The same as: Lowest price.")


def test_a_tie_shows_the_cheaper_and_says_that_a_person_chooses():
    tied = field("", offer("arbour", 1, "9"), offer("birch", 1, "7"), offer("cedar", 3, "1"))
    first = ways([tied], None, {})[0]
    assert first.shares[0].offer.bid == "birch"
    assert "a person chooses" in first.text


def test_a_lot_that_was_awarded_stays_as_it_was_approved_and_counts_toward_the_limit():
    decided = field("A", *VOICE.offers, decided="birch")
    assert given_of([decided, CHAT], limit=1)["As published"] == (["birch", "arbour"], 1000)
    nobody = field("A", *VOICE.offers, decided="")
    assert given_of([nobody, CHAT])["As published"] == ([None, "arbour"], None)


def test_a_bid_without_a_price_makes_no_sum():
    assert given_of([field("", offer("arbour", 1, None))])["As published"] == (["arbour"], None)


@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from("abcdef"), st.integers(0, 999)),
            min_size=1,
            max_size=6,
            unique_by=lambda pair: pair[0],
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([None, 1, 2, 3]),
)
def test_no_vendor_gets_more_than_the_limit_and_nothing_is_cheaper_than_the_cheapest(drawn, limit):
    fields = [
        field(str(at), *(offer(bid, rank, str(price)) for rank, (bid, price) in enumerate(lot, 1)))
        for at, lot in enumerate(drawn)
    ]
    every = ways(fields, limit, {})
    assert every[0].published
    assert [one.published for one in every[1:]] == [False] * (len(every) - 1)
    held = [share.offer.bid for share in every[0].shares if share.offer]
    assert all(held.count(bid) <= (limit or len(fields)) for bid in held)
    least = sum(min(Decimal(price) for _bid, price in lot) for lot in drawn)
    assert all(one.cost is None or one.cost >= least for one in every)
    assert len({one.given for one in every}) == len(every)


def test_the_page_gives_the_prices_that_were_adopted_and_leads_to_the_proposal(
    ready, buyer, client_for
):
    place = reverse("decision:scenarios", args=[ready.rfp.procurement_id])
    page = client_for(buyer.lead).get(place)
    words = text_of(page)
    assert "As published Can be awarded" in words
    assert "Castellan CX" in words
    assert "Without Castellan CX" in words
    backup = ready.id_of("velora")
    assert f"?backup={backup}#h-prop" in page.content.decode()
    walk = reverse("decision:walk", args=[ready.rfp.procurement_id])
    shown = client_for(buyer.lead).get(walk, {"backup": backup}).content.decode()
    assert f'<option value="{backup}" selected>' in shown
    for foreign in ("nothing", ready.id_of("castellan")):
        shown = client_for(buyer.lead).get(walk, {"backup": foreign})
        assert shown.status_code == 200
        assert f'<option value="{foreign}" selected>' not in shown.content.decode()
    assert "#h-prop" not in client_for(buyer.executive).get(place).content.decode()


def test_who_may_not_read_every_bid_finds_no_such_page(ready, buyer, client_for):
    place = reverse("decision:scenarios", args=[ready.rfp.procurement_id])
    assert client_for(buyer.evaluator).get(place).status_code == 403
    vendor = ready.vendors["velora"].owner
    assert client_for(vendor).get(place).status_code == 404


def count_of(found, client):
    place = reverse("decision:scenarios", args=[found.rfp.procurement_id])
    client.get(place)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(place).status_code == 200
    return len(seen)


def test_more_bids_need_no_more_queries(set_clock):
    counts = []
    for keys in (("velora",), ("velora", "castellan", "tamarind")):
        buyer = make_buyer()
        found = decision.ready(buyer, set_clock, *keys)
        counts.append(count_of(found, sign_in(buyer.lead)))
    assert counts[0] == counts[1]
