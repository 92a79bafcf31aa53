"""Ways to award a tender with lots, from its frozen rankings, prices and verdicts."""

from decimal import Decimal

from django.urls import reverse

from apps.decision.selectors import scenarios_page
from tests.apps.decision.test_pages import text_of
from tests.apps.lots.test_rulings import built, rule
from tests.conftest import acting_for, sign_in
from tests.factories import lots as make
from tests.factories import reports as make_reports


def ways_of(stage):
    with acting_for(stage.buyer.lead) as lead:
        return scenarios_page(lead, make.case_of(stage))


def shown_to(stage, person):
    return sign_in(person).get(reverse("decision:scenarios", args=[stage.procurement.pk]))


def test_each_lot_stands_with_its_vendor_and_everything_to_one_beside_it(two_lots):
    page = ways_of(two_lots)
    by_title = {row.scenario.title: row for row in page.rows}
    published, whole = by_title["As published"], by_title["Without Castellan CX"]
    assert [one.offer.name for one in published.scenario.shares] == [
        "Castellan CX",
        "Velora Connect",
    ]
    assert published.difference == 0
    assert "The same as: Everything to Velora Connect." in whole.scenario.text
    assert whole.difference == whole.scenario.cost - published.scenario.cost
    assert whole.scenario.shares[1].offer == published.scenario.shares[1].offer
    words = text_of(shown_to(two_lots, two_lots.buyer.lead))
    assert "A Voice: Castellan CX" in words
    assert "B Chat: Velora Connect" in words
    assert "Everything to Velora Connect" in words


def test_until_every_lot_is_ranked_with_prices_the_missing_ones_are_named(buyer, set_clock):
    stage = make.locked(buyer, set_clock)
    make.rank(stage, "A")
    page = ways_of(stage)
    assert (page.rows, page.waiting) == ((), ("B Chat",))
    assert "Missing: B Chat" in text_of(shown_to(stage, buyer.lead))


def test_amounts_of_verdicts_stand_beside_the_cost_and_never_in_it(buyer, set_clock):
    stage = built(buyer, set_clock)
    before = ways_of(stage)
    rule(stage, 0, 2, "priced", amount="32400")
    after = ways_of(stage)
    assert [row.scenario.cost for row in after.rows] == [row.scenario.cost for row in before.rows]
    amounts = {row.scenario.title: row.scenario.priced for row in after.rows}
    assert amounts["As published"] == Decimal("32400.00")  # Velora wins lot B
    assert amounts["Without Velora Connect"] == 0


def test_an_awarded_lot_stays_with_whom_it_was_awarded_to(two_lots):
    make_reports.assess(two_lots)
    make.decide(two_lots, "A", outcome="keep_in_house")
    published = ways_of(two_lots).rows[0].scenario
    assert [share.offer and share.offer.name for share in published.shares] == [
        None,
        "Velora Connect",
    ]
