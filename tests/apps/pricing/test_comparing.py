"""A comparison from sealed bids to an adopted record, with the demo's figures."""

import hashlib
import json
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from apps.bids.models import EvaluatedPrice
from apps.bids.selectors import evaluated_prices
from apps.core.errors import Conflict, Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent
from apps.engine import cases
from apps.pricing import selectors, services
from apps.pricing.models import Assumptions, Comparison
from apps.rfp.states import EnvelopeOrder
from apps.workspace.models import Procurement
from apps.workspace.states import Phase
from tests.factories import pricing

pytestmark = pytest.mark.usefixtures("db")


def page_for(acting, user, found, **options):
    with acting(user):
        return selectors.price_page(user, found.procurement, **options)


def test_the_demos_bids_cost_what_the_engine_says_to_the_penny(demo, acting, buyer):
    page = page_for(acting, buyer.lead, demo)
    # cceval/demo/case.toml run through `python -m apps.engine price`
    assert {quote.name: quote.total.amount for quote in page.compared.quotes} == {
        "Velora Connect": Decimal("1480827.70"),
        "Castellan CX": Decimal("1579246.28"),
        "Tamarind Global": Decimal("1101946.29"),
        "Northmoor BPO": Decimal("1591109.21"),
        "In-house team": Decimal("2048863.73"),
    }


def test_the_headline_names_the_cheapest_the_difference_and_the_missing_agents(demo, acting, buyer):
    page = page_for(acting, buyer.lead, demo)
    assert page.compared.finding.text == (
        "Tamarind Global costs least over 36 months, £352,223 less than Velora Connect in present "
        "value, but its price pays for 8 of the 11.4 agents it needs."
    )
    assert page.compared.finding.key == "its price pays for 8 of the 11.4 agents it needs"


def test_a_card_says_for_each_bid_whether_its_price_pays_for_the_service(demo, acting, buyer):
    page = page_for(acting, buyer.lead, demo)
    cards = {card.quote.name: card for card in page.compared.realities}
    assert sorted(cards) == ["Castellan CX", "Northmoor BPO", "Tamarind Global", "Velora Connect"]
    assert cards["Tamarind Global"].tone == "warn"
    assert cards["Tamarind Global"].notes == (
        "The bid promises 8 agents. Ask for its staffing plan.",
        "Queue voice-en: 62% answered in time instead of 80%; 77% if some callers give up waiting.",
        "The price leaves £12.75 for a paid agent hour; the lowest defensible cost is £6.80.",
    )


def test_what_stands_out_becomes_questions_that_tell_a_vendor_nothing_of_others(
    demo, acting, buyer
):
    page = page_for(acting, buyer.lead, demo)
    cards = {card.quote.name: card for card in page.compared.realities}
    assert cards["Tamarind Global"].questions == (
        (
            "Your bid names 8 agents; by the published workload the promised service level needs "
            "11.4. Show the staffing by half-hour, with shrinkage and occupancy, that keeps it."
        ),
        (
            "For the queue voice-en you promise that 80% are answered in time. With the agents of "
            "your price we expect 62%. Which volume, handle time, patience and occupancy do you "
            "reckon with?"
        ),
    )
    for card in cards.values():
        asked = " ".join(card.questions)
        assert not [name for name in cards if name in asked]
        assert "6.80" not in asked  # the buyer's own floor stays its own
    assert cards["Velora Connect"].tone == "ok"
    assert cards["Velora Connect"].sentence == (
        "The price pays for 16.4 agents; the promised service level needs 15.7."
    )


def test_a_price_below_the_lowest_agent_hour_is_said(two, acting, buyer):
    own = {**pricing.demo_assumptions(two)["bids"]}
    velora = two.id_of("velora")
    own[velora] = {**own[velora], "floor_cost_per_paid_hour": "14.50"}
    pricing.assume(two, {"bids": own})
    page = page_for(acting, buyer.lead, two)
    card = next(one for one in page.compared.realities if one.quote.id == velora)
    assert card.tone == "warn"
    assert (
        "The price leaves £14.23 for a paid agent hour, below the lowest defensible cost of £14.50."
        in card.notes
    )


def test_every_crossing_and_the_cheapest_model_per_range_are_the_records(demo, acting, buyer):
    page = page_for(acting, buyer.lead, demo)
    found = page.compared.record.to_plain()["result"]["volumes"]
    shown = page.compared.volumes
    assert [(format(one.contacts, "f"), one.below.id, one.above.id) for one in shown.crossings] == [
        (one["contacts_per_month"], one["cheaper_below"], one["cheaper_above"])
        for one in found["crossings"]
    ]
    assert len(shown.chart.crossings) == len(found["crossings"]) == 3
    assert [(one.quote.name, one.low, one.high) for one in shown.ranges] == [
        ("Tamarind Global", Decimal("3108.7"), Decimal("9326.1"))
    ]
    (remark,) = page.compared.remarks
    assert {"Castellan CX", "Northmoor BPO"} == set(
        remark.partition(" cross 2 times")[0].split(" and ")
    )


def test_the_parts_of_every_quote_add_up_to_its_total(demo, acting, buyer):
    page = page_for(acting, buyer.lead, demo)
    for place, quote in enumerate(page.compared.quotes):
        parts = sum(part.amounts[place].amount for part in page.compared.parts)
        assert parts == quote.total.amount, quote.name
        assert sum(page.compared.stack.bars[place].parts) == pytest.approx(float(parts))


def test_the_seed_comes_from_the_published_rfp(two, acting, buyer):
    page = page_for(acting, buyer.lead, two)
    # the first 12 hexadecimal digits of the SHA-256 of the RFP's digest
    expected = int(hashlib.sha256(("5e" * 32).encode()).hexdigest()[:12], 16)
    assert page.compared.uncertain.seed == expected
    assert page.compared.uncertain.draws == 10_000


def test_a_knocked_out_quote_stays_in_the_table_and_is_called_excluded(buyer, set_clock, acting):
    found = pricing.opened(buyer, set_clock, "velora", "tamarind", refuses="tamarind")
    page = page_for(acting, buyer.lead, found)
    tamarind = next(one for one in page.compared.quotes if one.name == "Tamarind Global")
    assert tamarind.excluded == ("1.01: Every hour has to be staffed.",)
    assert page.compared.finding.key == "a knock-out excludes it"


def test_a_sole_quote_is_called_the_only_one(buyer, set_clock, acting):
    found = pricing.opened(buyer, set_clock, "velora", own=False)
    page = page_for(acting, buyer.lead, found)
    assert page.compared.finding.text.startswith("Velora Connect is the only quote: £1,3")
    assert page.compared.quotes[0].saving is None


def test_equal_quotes_share_the_headline(buyer, set_clock, acting):
    found = pricing.sealed(buyer, ("velora",), own=False)
    pricing.add_bid(found, "second", "Second house", sheet="velora")
    pricing.open_technical(found, set_clock)
    pricing.lock_scores(found)
    pricing.open_prices(found)
    page = page_for(acting, buyer.lead, found)
    assert " and " in page.compared.finding.text
    assert "cost the same over 36 months: £1,3" in page.compared.finding.text
    assert {quote.place for quote in page.compared.quotes} == {1}


# Assumptions


def test_assumptions_are_versions_and_the_newest_stands(two, acting, buyer):
    pricing.assume(two, {"terms": {"discount": {"rate": "0", "basis": "nominal"}}})
    with acting(buyer.lead):
        held = selectors.assumptions_of(two.procurement)
        assert (held.number, held.by) == (2, "Ines Kovac")
        assert list(Assumptions.objects.order_by("number").values_list("number", flat=True)) == [
            1,
            2,
        ]
    page = page_for(acting, buyer.lead, two)
    for quote in page.compared.quotes:  # at a rate of zero the present value is the sum
        assert quote.present_value == quote.total


def test_what_a_vendor_stated_cannot_be_overwritten_as_an_assumption(two, acting, buyer):
    velora = two.id_of("velora")
    with pytest.raises(Incomplete) as refused:
        pricing.assume(two, {"bids": {velora: {"promised_fte": "40", "rates": {}}}})
    assert sorted(refused.value.fields) == [f"bids.{velora}.promised_fte", f"bids.{velora}.rates"]


REFUSED = (
    ({"terms": {"months": 12}}, "terms.months"),
    ({"terms": {"currency": "EUR"}}, "terms.currency"),
    ({"uncertainty": {"seed": 7}}, "uncertainty.seed"),
    ({"uncertainty": {"draws": 100}}, "uncertainty.draws"),
    ({"quotes": []}, "quotes"),
    ({"terms": []}, "terms"),
    ({"bids": {"somebody": {}}}, "bids.somebody"),
    ({"terms": {"discount": {"rate": 0.05, "basis": "nominal"}}}, "terms.discount.rate"),
    ({"terms": {"discount": {"rate": "x", "basis": "nominal"}}}, "terms.discount.rate"),
    (
        {"uncertainty": {"volume": {"shape": "pert", "low": "0", "likely": "1", "high": "2"}}},
        "uncertainty.volume.low",
    ),
)


def test_assumptions_the_engine_refuses_are_not_saved(two, acting, buyer):
    for given, field in REFUSED:
        with pytest.raises(Incomplete) as refused:
            pricing.assume(two, given)
        assert list(refused.value.fields) == [field]
    with acting(buyer.lead):
        assert Assumptions.objects.count() == 1


def test_a_wrong_figure_of_a_bid_is_named_by_the_bid(two):
    velora = two.id_of("velora")
    with pytest.raises(Incomplete) as refused:
        pricing.assume(two, {"bids": {velora: {"buyer_costs": {"governance_per_month": "-1"}}}})
    assert list(refused.value.fields) == [f"bids.{velora}.buyer_costs.governance_per_month"]


def test_terms_are_checked_while_prices_are_sealed_too(buyer):
    found = pricing.sealed(buyer, ())
    with pytest.raises(Incomplete) as refused:
        pricing.assume(found, {"terms": {"discount": {"rate": "0.05", "basis": "guess"}}})
    assert list(refused.value.fields) == ["terms.discount.basis"]
    assert pricing.assume(found, {"terms": {"discount": {"rate": "0.04", "basis": "nominal"}}})


def test_assumptions_set_with_the_prices_on_the_table_are_marked(buyer, set_clock, acting):
    found = pricing.sealed(buyer, ("velora",))
    pricing.assume(found, {"terms": {"discount": {"rate": "0.04", "basis": "nominal"}}})
    pricing.open_technical(found, set_clock)
    pricing.lock_scores(found)
    pricing.open_prices(found)
    assert page_for(acting, buyer.lead, found).after_opening is False
    pricing.backdate_opening(found)  # the test's clock ran ahead: bring the opening before now
    pricing.assume(found, {"terms": {"discount": {"rate": "0.09", "basis": "nominal"}}})
    assert page_for(acting, buyer.lead, found).after_opening is True


def test_saving_over_newer_assumptions_is_a_conflict(two, acting, buyer):
    with acting(buyer.lead), pytest.raises(Conflict) as refused:
        services.set_assumptions(
            procurement=two.procurement, terms={}, based_on=0, actor=buyer.lead
        )
    assert refused.value.current == {"number": 1}


def test_only_the_lead_sets_assumptions_and_adopts(two, acting, buyer):
    for user in (buyer.evaluator, buyer.moderator, buyer.approver, buyer.executive, buyer.auditor):
        with acting(user):
            with pytest.raises(NotAllowed):
                services.set_assumptions(procurement=two.procurement, terms={}, actor=user)
            with pytest.raises(NotAllowed):
                services.adopt(procurement=two.procurement, actor=user)


# Adopting


def test_an_adopted_record_is_the_engines_bytes_and_replays_the_same(two, acting, buyer):
    adopted = pricing.adopt(two)
    with acting(buyer.lead):
        kept = Comparison.objects.get(pk=adopted.pk)
    raw = kept.record.encode()
    assert hashlib.sha256(raw).hexdigest() == kept.digest
    record = cases.Record.from_bytes(raw)
    assert record.to_bytes() == raw
    assert cases.replay(record).same
    assert (kept.number, kept.adopted_by_id) == (1, buyer.lead.pk)


def test_adopting_gives_every_bid_its_present_value_as_evaluated_price(demo, acting, buyer):
    adopted = pricing.adopt(demo)
    quotes = json.loads(adopted.record)["result"]["quotes"]
    expected = {
        one["id"]: Decimal(one["present_value"]) for one in quotes if one["id"] != "in-house"
    }
    with acting(buyer.lead):
        prices = evaluated_prices(buyer.lead, demo.rfp)
        digests = set(EvaluatedPrice.objects.values_list("comparison_digest", flat=True))
    assert {str(bid): amount for bid, amount in prices.items()} == expected
    assert digests == {adopted.digest}
    assert prices[demo.bids["tamarind"].pk] == Decimal("1018414.79")


def test_adopting_twice_the_same_changes_nothing(two, acting, buyer):
    first = pricing.adopt(two)
    assert pricing.adopt(two).pk == first.pk
    with acting(buyer.lead):
        assert EvaluatedPrice.objects.count() == 2
        assert AuditEvent.objects.filter(action="pricing.adopt").count() == 1


def test_a_second_adoption_needs_a_reason_and_keeps_the_first(two, acting, buyer):
    first = pricing.adopt(two)
    pricing.assume(two, {"terms": {"discount": {"rate": "0.06", "basis": "nominal"}}})
    with pytest.raises(Incomplete) as refused:
        pricing.adopt(two)
    assert list(refused.value.fields) == ["reason"]
    second = pricing.adopt(two, "The Green Book changed its rate.")
    assert (second.number, second.supersedes_id) == (2, first.pk)
    with acting(buyer.lead):
        assert Comparison.objects.count() == 2
        assert selectors.latest_comparison(buyer.lead, two.procurement).pk == second.pk


def test_the_page_shows_the_adopted_record_and_says_that_assumptions_changed(two, acting, buyer):
    adopted = pricing.adopt(two)
    pricing.assume(two, {"terms": {"discount": {"rate": "0.06", "basis": "nominal"}}})
    page = page_for(acting, buyer.lead, two)
    assert (page.kind, page.outdated) == ("adopted", True)
    assert page.compared.record.digest == adopted.digest
    current = page_for(acting, buyer.lead, two, current=True)
    assert (current.kind, current.outdated) == ("current", True)
    assert current.compared.record.digest != adopted.digest


def test_nothing_is_adopted_while_prices_are_sealed_or_scores_are_open(buyer, set_clock):
    found = pricing.sealed(buyer, ("velora",))
    with pytest.raises(WrongState):
        pricing.adopt(found)
    pricing.open_technical(found, set_clock)
    with pytest.raises(WrongState):
        pricing.adopt(found)
    pricing.lock_scores(found)
    with pytest.raises(WrongState, match="Prices are sealed"):
        pricing.adopt(found)


def test_prices_opened_together_are_adopted_only_after_the_lock(buyer, set_clock):
    found = pricing.sealed(buyer, ("velora",), order=EnvelopeOrder.TOGETHER)
    pricing.open_technical(found, set_clock)
    with pytest.raises(WrongState, match="once the quality scores are locked"):
        pricing.adopt(found)
    pricing.lock_scores(found)
    assert pricing.adopt(found).number == 1


def test_after_the_decision_neither_assumptions_nor_comparison_change(two, acting, buyer):
    with acting(buyer.lead):
        Procurement.objects.filter(pk=two.rfp.procurement_id).update(phase=Phase.DECIDED)
    with pytest.raises(WrongState):
        pricing.adopt(two)
    with pytest.raises(WrongState):
        pricing.assume(two, {})


@pytest.mark.parametrize("table", ["pricing_comparison", "pricing_assumptions"])
def test_records_and_assumptions_cannot_be_rewritten(two, acting, buyer, table):
    pricing.adopt(two)
    model = Comparison if table == "pricing_comparison" else Assumptions
    with acting(buyer.lead):
        for change in (
            lambda: model.objects.update(number=9),
            lambda: model.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_the_lead_is_asked_to_compare_until_a_comparison_is_adopted(two, acting, buyer):
    with acting(buyer.lead):
        (todo,) = selectors.todos(buyer.lead, two.procurement)
        assert todo.title == "Compare the prices"
    with acting(buyer.approver):
        assert selectors.todos(buyer.approver, two.procurement) == []
    pricing.adopt(two)
    with acting(buyer.lead):
        assert selectors.todos(buyer.lead, two.procurement) == []


def test_an_opener_has_no_latest_comparison(two, acting, buyer):
    pricing.adopt(two)
    with acting(buyer.opener):
        assert selectors.latest_comparison(buyer.opener, two.procurement) is None
