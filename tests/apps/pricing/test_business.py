"""The business case: bids against today's cost, with what changing costs; nobody else's to read."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core import tenancy
from apps.core.errors import Conflict, Incomplete, NotAllowed
from apps.core.models import AuditEvent
from apps.pricing import selectors, services
from apps.pricing.models import ChangeCosts
from tests.apps.pricing.test_pages import text_of, url
from tests.conftest import make_buyer
from tests.factories import pricing

pytestmark = pytest.mark.usefixtures("db")
FIGURES = {
    "severance": "240000",
    "severance_month": "4",
    "retained_per_month": "6000",
    "vat_rate": "20",
    "vat_deductible": "75",
    "payment_days": "30",
}
SOURCE = "HR, redundancy plan of 4 May."


def acting(found, person=None):
    user = person or found.buyer.lead
    return tenancy.acting_as(person=user.pk, organisation=found.buyer.organisation.pk)


def enter(found, figures=FIGURES, source=SOURCE, person=None, **more):
    with acting(found, person):
        return services.set_change(
            procurement=found.procurement,
            figures=figures,
            source=source,
            actor=person or found.buyer.lead,
            **more,
        )


def page_of(found, person=None):
    with acting(found, person):
        return selectors.business_page(person or found.buyer.lead, found.procurement)


def test_without_change_the_saving_is_the_comparison_s(demo):
    page = page_of(demo)
    with acting(demo):
        compared = selectors.price_page(demo.buyer.lead, demo.procurement).compared
    bids = {one.name: one for one in compared.quotes if not one.in_house}
    assert [one.name for one in page.options] == [
        one for one in (option.name for option in page.options) if one in bids
    ]
    assert len(page.options) == len(bids) == 4
    for one in page.options:
        assert one.total == bids[one.name].total
        assert one.saving == page.today - one.total
    assert {bar.label for bar in page.bars}.isdisjoint({"Severance", "Retained team"})


def test_what_was_entered_is_added_once_and_the_bridge_adds_up_to_the_cent(demo):
    before = {one.name: one for one in page_of(demo).options}
    assert enter(demo).number == 1
    page = page_of(demo)
    assert (page.changed.number, page.changed.source) == (1, SOURCE)
    bars = {bar.label: bar.amounts for bar in page.bars}
    for at, one in enumerate(page.options):
        steps = [amounts[at].amount for amounts in bars.values() if amounts[at] is not None]
        assert sum(steps) == one.total.amount
        added = one.total.amount - before[one.name].total.amount
        tax = bars["VAT that does not come back"][at].amount
        assert added == Decimal(240000) + 6000 * page.months + tax
        assert one.saving.amount == before[one.name].saving.amount - added
    assert [one.amount for one in bars["Severance"]] == [Decimal(240000)] * 4


def test_a_version_has_its_source_and_stays(demo, client_for):
    lead = client_for(demo.buyer.lead)
    assert "nothing is entered yet" in text_of(lead.get(url(demo, "business")))
    sent = {**FIGURES, "source": SOURCE, "based_on": "0"}
    answer = lead.post(url(demo, "change"), sent)
    assert (answer.status_code, answer.url) == (302, url(demo, "business"))
    words = text_of(lead.get(url(demo, "business")))
    assert "version 1, Ines Kovac" in words
    assert "Severance £240,000.00" in words
    assert lead.post(url(demo, "change"), sent).status_code == 412
    assert enter(demo, {"severance": "1"}).number == 2
    with acting(demo):
        assert ChangeCosts.objects.count() == 2
        event = AuditEvent.objects.filter(action="pricing.change").order_by("seq").first()
        assert SOURCE in event.payload
        with pytest.raises(DatabaseError), transaction.atomic():
            ChangeCosts.objects.update(source="Else.")


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        ({"severance": "-1"}, "severance"),
        ({"vat_rate": "120"}, "vat_rate"),
        ({"payment_days": "181"}, "payment_days"),
        ({"stranded_per_month": "1,250"}, "stranded_per_month"),
        ({"severance": "5", "severance_month": "400"}, "severance_month"),
        ({"severance": "5", "severance_month": "37"}, "severance_month"),
        ({"severance": "5", "severance_month": "1.5"}, "severance_month"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_beside_it_and_nothing_is_kept(
    demo, client_for, figures, field
):
    sent = {**figures, "source": SOURCE, "based_on": "0"}
    answer = client_for(demo.buyer.lead).post(url(demo, "change"), sent)
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    with acting(demo):
        assert not ChangeCosts.objects.exists()


def test_figures_without_a_source_or_by_others_are_refused(demo):
    with pytest.raises(Incomplete) as refused:
        enter(demo, source=" ")
    assert set(refused.value.fields) == {"source"}
    with pytest.raises(NotAllowed):
        enter(demo, person=demo.buyer.executive)
    enter(demo)
    with pytest.raises(Conflict):
        enter(demo, based_on=0)


def test_sealed_prices_are_on_no_business_case(buyer, set_clock, client_for):
    found = pricing.sealed(buyer, ())
    pricing.add_priced(found, "canary", rate="29.1371", one_off="41393.17", training="7.313")
    for person in (buyer.lead, buyer.executive, buyer.auditor):
        page = client_for(person).get(url(found, "business")).content.decode()
        assert "Prices are sealed" in page
        assert "41393.17" not in page
        assert "41,393.17" not in page


def test_a_vendor_reads_neither_page_nor_row(demo, client_for):
    enter(demo)
    vendor = demo.vendors["velora"]
    answer = client_for(vendor.owner).get(url(demo, "business"))
    assert answer.status_code == 404
    with tenancy.acting_as(person=vendor.owner.pk, organisation=vendor.organisation.pk):
        assert not ChangeCosts.objects.exists()


def test_without_today_s_cost_the_page_says_what_is_missing(buyer, set_clock, client_for):
    found = pricing.opened(buyer, set_clock, own=False)
    words = text_of(client_for(buyer.lead).get(url(found, "business")))
    assert "Today's cost is missing" in words
    assert (
        reverse("rfp:own-cost", args=[found.rfp.procurement_id])
        in client_for(buyer.lead).get(url(found, "business")).content.decode()
    )


def test_more_bids_need_no_more_queries(set_clock, client_for):
    counts = []
    for keys in (("velora",), ("velora", "castellan", "tamarind")):
        found = pricing.opened(make_buyer(), set_clock, *keys)
        client = client_for(found.buyer.lead)
        client.get(url(found, "business"))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url(found, "business")).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
