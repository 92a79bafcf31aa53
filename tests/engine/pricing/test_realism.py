"""The staffing truth test, and the cost floor."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from apps.engine.pricing import erlang
from apps.engine.pricing.evaluate import Evaluator
from apps.engine.pricing.realism import Roster, Source, sla
from apps.engine.pricing.scenarios import Scenarios
from apps.engine.pricing.staffed import staffed
from tests.engine.pricing.offers import PER_CONTACT, PER_HOUR, QUEUE, case, costs, quote

PATIENT = {"queues": [{**QUEUE, "patience_s": "120"}]}
SPREAD = Scenarios.of(
    volume=np.linspace(0.8, 1.2, 41)[:, None].repeat(5, axis=1).ravel(),
    handle=np.tile(np.linspace(0.95, 1.05, 5), 41),
)


def truth(raw, scenarios=None, **changes):
    (cost,) = costs(case(quotes=[raw], **changes))
    return sla(cost, scenarios)


def needed(raw=PER_HOUR):
    return truth(raw).funding.needed_fte


def test_the_need_is_the_hours_of_the_average_month():
    (cost,) = costs(case(quotes=[PER_HOUR]))
    assert needed() == pytest.approx(cost.demand.months.fte[0])


def test_a_bid_without_promise_or_floor_is_not_judged():
    found = truth(PER_HOUR)
    assert found.funding.paid_fte is None
    assert not found.funding.short
    assert not found.funding.below_floor
    assert (found.queues, found.reached) == ((), None)


def test_a_bid_that_promises_what_is_needed_keeps_its_level():
    found = truth(quote(promised_fte=str(round(needed(), 9) + Decimal("0.000001"))))
    (queue,) = found.queues
    assert queue.erlang_c >= 0.8
    assert not found.funding.short
    assert (queue.erlang_a, queue.reached, queue.reached_a, found.reached) == (None,) * 4


def test_too_few_agents_miss_the_level_and_callers_patience_hides_a_part_of_it():
    found = truth(quote(promised_fte=str(round(needed() * Decimal("0.85"), 6))), workload=PATIENT)
    (queue,) = found.queues
    assert found.funding.short
    assert found.funding.source is Source.PROMISE
    assert queue.erlang_c < queue.erlang_a
    assert queue.erlang_c < queue.promised == 0.8


def test_the_price_pays_for_income_over_the_floor():
    found = truth(quote(floor_cost_per_paid_hour="30.00"))
    funding = found.funding
    assert funding.source is Source.PRICE
    assert float(funding.price_fte) == pytest.approx(float(funding.needed_fte) / 2, rel=1e-6)
    assert float(funding.price_per_paid_hour) == pytest.approx(15, rel=1e-6)
    assert funding.below_floor
    assert funding.short


def test_the_fewer_agents_of_promise_and_price_count():
    raw = quote(floor_cost_per_paid_hour="30.00", promised_fte="500")
    assert truth(raw).funding.source is Source.PRICE
    raw = quote(floor_cost_per_paid_hour="1.00", promised_fte="5")
    assert truth(raw).funding.source is Source.PROMISE
    assert truth(raw).funding.paid_fte == 5


def test_a_foreign_price_is_held_against_a_floor_in_its_own_currency():
    raw = quote(currency="USD", fx={"rate": "0.5"}, floor_cost_per_paid_hour="15.00")
    assert float(truth(raw).funding.price_per_paid_hour) == pytest.approx(15, rel=1e-6)


def test_the_chance_of_the_promise_falls_with_the_agents_paid_for():
    chances = []
    for share in ("0.9", "1", "1.1", "1.4"):
        raw = quote(promised_fte=str(round(needed() * Decimal(share), 6)))
        found = truth(raw, SPREAD, workload=PATIENT)
        (queue,) = found.queues
        assert found.reached == queue.reached
        assert queue.reached <= queue.reached_a
        chances.append(found.reached)
    assert chances == sorted(chances)
    assert chances[0] < 0.5
    assert chances[-1] == 1


def test_the_interpolated_level_is_close_to_the_level_itself():
    (cost,) = costs(case(quotes=[quote(promised_fte="18")], workload=PATIENT))
    roster = Roster(cost.demand.queues[0], 0.97)
    for model in erlang.Model:
        kept = roster.keeps(SPREAD, model)
        exact = roster.level(SPREAD.volume, SPREAD.handle, model) >= roster.promised
        assert (kept == exact).mean() > 0.97


def test_a_promise_has_to_be_kept_in_every_queue():
    chat = {**QUEUE, "name": "chat", "service_level": {**QUEUE["service_level"], "share": "0.85"}}
    workload = {"queues": [QUEUE, chat]}
    (cost,) = costs(case(quotes=[quote()], workload=workload))
    share = sla(cost).funding.needed_fte
    found = truth(quote(promised_fte=str(round(share, 6))), SPREAD, workload=workload)
    assert found.reached <= min(queue.reached for queue in found.queues)


def test_work_that_can_wait_breaks_no_promise():
    post = {**QUEUE, "deferred": True, "service_level": None}
    found = truth(quote(promised_fte="1"), SPREAD, workload={"queues": [post]})
    assert (found.queues, found.reached) == ((), None)
    assert found.funding.short


# Staffing summed up


def test_a_staffed_queue_sums_up_the_term():
    (cost,) = costs(case(quotes=[PER_HOUR], workload=PATIENT))
    found = staffed(cost.demand.queues[0])
    assert found.agents_peak == 13
    assert found.load_peak == pytest.approx(110 * 300 / 3600)
    assert found.contacts == pytest.approx(sum(cost.demand.months.contacts))
    assert float(found.occupancy) == pytest.approx(
        float(sum(cost.demand.months.productive_hours) / sum(cost.demand.months.logged_in_hours))
    )
    assert 0.8 <= found.erlang_c.service_level <= 1
    assert found.erlang_c.abandonment == 0
    assert found.erlang_a.service_level > found.erlang_c.service_level
    assert 0 < found.erlang_a.abandonment < 0.1


def test_a_queue_that_can_wait_shows_no_level():
    post = {**QUEUE, "deferred": True, "service_level": None}
    (cost,) = costs(case(quotes=[PER_HOUR], workload={"queues": [post]}))
    found = staffed(cost.demand.queues[0])
    assert (found.erlang_c, found.erlang_a) == (None, None)
    assert float(found.occupancy) == pytest.approx(0.9)


def test_quotes_with_equal_quantities_share_them():
    found = costs(
        case(quotes=[PER_HOUR, quote(id="b"), PER_CONTACT, quote(id="c", aht_s={"voice": "310"})])
    )
    evaluator = Evaluator([cost.demand for cost in found], Scenarios.of())
    assert len(evaluator.curves) == 2
    first, second, *_ = evaluator.costs(Scenarios.of())[:, 0]
    assert first == second


def test_a_demand_is_worked_out_once():
    (cost,) = costs(case(quotes=[PER_HOUR]))
    assert cost.demand.months is cost.demand.months
    assert replace(cost.demand).months is not cost.demand.months
