"""The pricing page: sealed, compared, tried, adopted; who gets which answer; what it costs."""

import hashlib
import re
from html import unescape

import pytest
from django.urls import reverse

from apps.core.templatetags import formats
from apps.engine.money import Money
from apps.pricing import selectors
from apps.pricing.models import Assumptions, Comparison
from tests.factories import bids as bid_factory
from tests.factories import pricing

pytestmark = pytest.mark.usefixtures("db")

FORM = {
    "basis": "nominal",
    "timing": "end",
    "discount_rate": "4.5",
    "indexation": "2",
    "range_low": "60",
    "range_high": "140",
    "volume_low": "90",
    "volume_likely": "100",
    "volume_high": "110",
}


def url(found, name="comparison"):
    return reverse(f"pricing:{name}", args=[found.rfp.procurement_id])


def text_of(response):
    """The words of a page, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def form_of(found, **changes):
    """What the form sends when every own figure is left empty."""
    return {**FORM, **changes}


def test_before_the_prices_are_open_no_page_holds_one(buyer, set_clock, client_for):
    canaries = ("29.1371", "41393.17", "7.313", "5931.71")
    found = pricing.sealed(buyer, ())
    pricing.add_priced(found, "canary", rate=canaries[0], one_off=canaries[1], training=canaries[2])
    people = [buyer.lead, buyer.evaluator, buyer.moderator, buyer.approver, buyer.executive]
    for moment in ("submitted", "technical", "locked"):
        if moment == "technical":
            pricing.open_technical(found, set_clock)
        if moment == "locked":
            pricing.lock_scores(found)
        for user in [*people, buyer.auditor]:
            page = client_for(user).get(url(found))
            assert page.status_code == 200
            words = page.content.decode()
            assert "Prices are sealed" in words
            assert [canary for canary in canaries if canary in words] == []
            assert found.vendors["canary"].organisation.name not in words
    pricing.open_prices(found)
    assert "Nobody" not in text_of(client_for(buyer.lead).get(url(found)))


def test_a_sealed_page_says_what_opens_the_prices(buyer, client_for):
    found = pricing.sealed(buyer, ("velora",))
    words = text_of(client_for(buyer.lead).get(url(found)))
    assert "The moderator locks the quality scores." in words
    assert "An opener opens the price envelopes." in words


def test_every_figure_of_the_table_is_the_records(opened, buyer, client_for, acting):
    with acting(buyer.lead):
        result = selectors.comparison(buyer.lead, opened.procurement).to_plain()["result"]
    words = text_of(client_for(buyer.lead).get(url(opened)))
    assert "Not adopted yet" in words
    shown = []
    for quote in result["quotes"]:
        shown += [quote["total"], quote["present_value"], *quote["parts"].values()]
    for point in result["volumes"]["points"]:
        shown += point["costs"]
    missing = [amount for amount in shown if formats.in_currency(amount, "GBP") not in words]
    assert missing == []
    drawn = [
        row[name]
        for row in result["uncertainty"]["quotes"]
        for name in ("p5", "p50", "p95", "cvar95", "regret_largest")
    ]  # of random draws: pence would claim too much
    assert [one for one in drawn if formats.money(Money.of(one, "GBP"), 0) not in words] == []
    for crossing in result["volumes"]["crossings"]:
        assert formats.number(crossing["contacts_per_month"]) in words


def test_assumptions_are_saved_through_the_form(opened, buyer, client_for, acting):
    sent = form_of(opened, based_on="0")
    answer = client_for(buyer.lead).post(url(opened, "assume"), sent)
    assert answer.status_code == 302
    assert answer["Location"].startswith(url(opened))
    with acting(buyer.lead):
        held = selectors.assumptions_of(opened.procurement)
    assert held.number == 1
    assert held.terms == {
        "discount": {"rate": "0.045", "basis": "nominal"},
        "timing": "end",
        "indexation": "0.02",
        "volume_range": {"low": "0.6", "high": "1.4"},
    }
    assert held.uncertainty == {
        "volume": {"shape": "pert", "low": "0.9", "likely": "1", "high": "1.1"}
    }


def test_what_is_added_to_a_bid_reaches_its_quote(opened, buyer, client_for, acting):
    with acting(buyer.lead):
        bidders = selectors.price_page(buyer.lead, opened.procurement).bidders
    place = [bidder.name for bidder in bidders].index("Velora Connect")
    sent = form_of(opened, **{f"bid-{place}-governance": "900", f"bid-{place}-floor": "13.60"})
    client_for(buyer.lead).post(url(opened, "assume"), sent)
    with acting(buyer.lead):
        case = selectors.case_of(buyer.lead, opened.procurement)
    velora = next(quote for quote in case["quotes"] if quote["vendor"] == "Velora Connect")
    assert velora["buyer_costs"] == {"governance_per_month": "900"}
    assert velora["floor_cost_per_paid_hour"] == "13.60"


def test_the_kpis_of_a_bid_can_be_estimated_and_come_back_as_typed(
    buyer, set_clock, client_for, acting
):
    found = pricing.opened(buyer, set_clock, "northmoor")
    sent = form_of(
        found,
        **{"kpi-0-0-low": "0.74", "kpi-0-0-likely": "0.80", "kpi-0-0-high": "0.84"},
    )
    assert client_for(buyer.lead).post(url(found, "assume"), sent).status_code == 302
    with acting(buyer.lead):
        held = selectors.assumptions_of(found.procurement)
    assert held.bids[found.id_of("northmoor")]["performance"] == [
        {"kpi": "service_level", "low": "0.74", "likely": "0.80", "high": "0.84"}
    ]
    page = client_for(buyer.lead).get(url(found)).content.decode()
    assert 'name="kpi-0-0-low" value="0.74"' in page


def test_an_estimate_without_its_other_ends_is_named_by_its_own_kpi(buyer, set_clock, client_for):
    found = pricing.opened(buyer, set_clock, "northmoor")
    answer = client_for(buyer.lead).post(
        url(found, "assume"), form_of(found, **{"kpi-0-1-low": "0.68"})
    )
    assert answer.status_code == 422
    assert 'id="id_kpi-0-1-likely_error"' in answer.content.decode()


def test_assumptions_set_by_api_survive_the_form(opened, buyer, client_for, acting):
    pricing.assume(
        opened,
        {
            "uncertainty": {"attrition": {"shape": "lognormal", "median": "1", "sigma": "0.2"}},
            "terms": {"discount": {"rate": "0.1", "basis": "nominal"}, "days_per_year": "364"},
        },
    )
    client_for(buyer.lead).post(url(opened, "assume"), form_of(opened))
    with acting(buyer.lead):
        held = selectors.assumptions_of(opened.procurement)
    assert held.uncertainty["attrition"] == {"shape": "lognormal", "median": "1", "sigma": "0.2"}
    assert held.terms["days_per_year"] == "364"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"discount_rate": "1,250"}, "1,250 can be read in two ways. Write 1250 or 1.2500."),
        ({"discount_rate": ""}, "Discount rate a year: give a figure."),
        ({"discount_rate": "five"}, "Write a number with digits only"),
        ({"inflation": "2"}, "Leave inflation out with a nominal rate"),
        ({"volume_low": "120"}, "Give low, likely and high in this order."),
        ({"volume_likely": ""}, "Add this value; it is missing."),
        ({"basis": "guess"}, "Select a valid choice"),
    ],
)
def test_a_wrong_figure_gets_a_sentence_and_nothing_is_saved(
    buyer, client_for, acting, changes, sentence
):
    found = pricing.sealed(buyer, ())
    answer = client_for(buyer.lead).post(url(found, "assume"), form_of(found, **changes))
    assert answer.status_code == 422
    words = text_of(answer)
    assert "There is a problem" in words
    assert sentence in words
    with acting(buyer.lead):
        assert Assumptions.objects.count() == 0


def test_a_sentence_of_the_engine_stands_beside_the_field_of_its_bid(opened, buyer, client_for):
    answer = client_for(buyer.lead).post(
        url(opened, "assume"), form_of(opened, **{"bid-1-governance": "-1"})
    )
    assert answer.status_code == 422
    assert 'id="id_bid-1-governance_error"' in answer.content.decode()


def test_saving_over_newer_assumptions_shows_what_was_typed(opened, buyer, client_for, acting):
    pricing.assume(opened, {"terms": {"discount": {"rate": "0.1", "basis": "nominal"}}})
    answer = client_for(buyer.lead).post(
        url(opened, "assume"), form_of(opened, based_on="0", discount_rate="7.25")
    )
    assert answer.status_code == 412
    assert "The assumptions were changed meanwhile." in text_of(answer)
    assert 'value="7.25"' in answer.content.decode()
    with acting(buyer.lead):
        assert Assumptions.objects.count() == 1


def test_a_what_if_is_shown_and_never_saved(opened, buyer, client_for, acting):
    answer = client_for(buyer.lead).post(
        url(opened, "try"), form_of(opened, discount_rate="0", indexation="0")
    )
    words = text_of(answer)
    assert answer.status_code == 200
    assert "What if, not saved" in words
    assert "Adopt comparison" not in words
    with acting(buyer.lead):
        assert Assumptions.objects.count() == 0
    saved = text_of(client_for(buyer.lead).get(url(opened)))
    assert "What if, not saved" not in saved


def test_a_what_if_the_engine_refuses_gets_its_sentence(opened, buyer, client_for):
    answer = client_for(buyer.lead).post(
        url(opened, "try"), form_of(opened, range_low="140", range_high="60")
    )
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)


def test_adopting_freezes_the_record_that_is_handed_out(opened, buyer, client_for, acting):
    client = client_for(buyer.lead)
    assert client.get(url(opened, "record")).status_code == 404
    assert client.post(url(opened, "adopt")).status_code == 302
    words = text_of(client.get(url(opened)))
    with acting(buyer.lead):
        adopted = Comparison.objects.get()
    assert "Comparison 1, adopted by Ines Kovac" in words
    assert adopted.digest[:32] in words
    raw = client.get(url(opened, "record"))
    assert raw["Content-Disposition"] == ('attachment; filename="price-comparison-1.record.json"')
    assert hashlib.sha256(raw.content).hexdigest() == adopted.digest


def test_a_second_adoption_without_a_reason_is_asked_for_it(opened, buyer, client_for):
    client = client_for(buyer.lead)
    client.post(url(opened, "adopt"))
    client.post(url(opened, "assume"), form_of(opened))
    answer = client.post(url(opened, "adopt"))
    assert answer.status_code == 422
    assert "Say why the adopted comparison is replaced." in text_of(answer)
    assert client.post(url(opened, "adopt"), {"reason": "A new base rate."}).status_code == 302
    assert "A new base rate." in text_of(client.get(url(opened)))


def test_who_may_not_gets_403_and_a_stranger_404(opened, buyer, other_buyer, client_for):
    for name in ("assume", "try", "adopt"):
        for user in (buyer.evaluator, buyer.approver, buyer.executive, buyer.auditor):
            assert client_for(user).post(url(opened, name)).status_code == 403
        assert client_for(other_buyer.lead).post(url(opened, name)).status_code == 404
        assert client_for(opened.vendors["velora"].owner).post(url(opened, name)).status_code == 404
    assert client_for(buyer.opener).get(url(opened)).status_code == 403
    assert client_for(other_buyer.lead).get(url(opened)).status_code == 404
    assert client_for(opened.vendors["velora"].owner).get(url(opened)).status_code == 404


def test_an_evaluator_in_conflict_reads_no_prices(opened, buyer, client_for):
    pricing.declare_conflict(opened, buyer.evaluator)
    assert client_for(buyer.evaluator).get(url(opened)).status_code == 403
    assert client_for(buyer.evaluator2).get(url(opened)).status_code == 200


def test_adopting_at_the_wrong_moment_is_a_409(buyer, set_clock, client_for):
    found = pricing.sealed(buyer, ("velora",))
    pricing.open_technical(found, set_clock)
    assert client_for(buyer.lead).post(url(found, "adopt")).status_code == 409


def test_who_may_not_change_assumptions_reads_them(opened, buyer, client_for):
    words = text_of(client_for(buyer.executive).get(url(opened)))
    assert "Discount rate 5.0% nominal, inflation included" in words
    assert "Save assumptions" not in words


def test_before_a_tender_is_begun_the_page_says_so(buyer, client_for):
    answer = client_for(buyer.lead).get(reverse("pricing:comparison", args=[buyer.procurement.pk]))
    assert answer.status_code == 200
    assert "There is no tender yet." in text_of(answer)


def test_the_page_costs_the_same_queries_for_one_bid_and_for_three(buyer, set_clock, client_for):
    one = pricing.opened(buyer, set_clock, "velora")
    count = bid_factory.queries(client_for(buyer.lead), url(one))
    other = pricing.second_buyer()
    three = pricing.opened(other, set_clock, "velora", "castellan", "tamarind")
    assert bid_factory.queries(client_for(other.lead), url(three)) == count
