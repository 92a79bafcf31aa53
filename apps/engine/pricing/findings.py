"""What stands out in a comparison, as typed facts: a code and its numbers, no sentences."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from apps.engine.numbers import text
from apps.engine.pricing.case_output import hours, money, shares
from apps.engine.pricing.cost import Fact, Part
from apps.engine.pricing.quote import OrderBy
from apps.engine.pricing.realism import Truth
from apps.engine.pricing.tco import TotalCost
from apps.engine.pricing.volumes import VolumeStudy

ZERO = Decimal(0)


def of_quote(cost: TotalCost, truth: Truth) -> list[Fact]:
    """Return the facts of one quote; each names it."""
    quote, terms = cost.demand.quote, cost.demand.terms
    found = [*cost.facts]
    shortfall = cost.parts.get(Part.SHORTFALL, ZERO)
    if shortfall:
        paid = money(shortfall, terms.currency)
        found.append({"code": "minimum_commitment_binds", "amount": paid})
    return [{**fact, "quote": quote.id} for fact in [*found, *_of_staffing(cost, truth)]]


def _of_staffing(cost: TotalCost, truth: Truth) -> list[Fact]:
    funding, found = truth.funding, list[Fact]()
    if funding.below_floor and funding.floor_per_paid_hour is not None:
        found.append(
            {
                "code": "price_below_cost_floor",
                "currency": cost.demand.quote.currency,
                "price_per_paid_hour": text(funding.price_per_paid_hour, 4),
                "floor_per_paid_hour": text(funding.floor_per_paid_hour, 4),
            }
        )
    if funding.short and funding.paid_fte is not None:
        found.append(
            {
                "code": "price_pays_for_too_few_agents",
                "source": funding.source.value,
                "agents_paid_for": hours(funding.paid_fte),
                "agents_needed": hours(funding.needed_fte),
            }
        )
    found += [
        {
            "code": "service_level_not_reached",
            "queue": queue.name,
            "promised": shares(queue.promised),
            "erlang_c": shares(queue.erlang_c),
            "erlang_a": None if queue.erlang_a is None else shares(queue.erlang_a),
        }
        for queue in truth.queues
        if queue.erlang_c < queue.promised
    ]
    return found


def of_comparison(
    costs: Sequence[TotalCost], order: Sequence[str], volumes: VolumeStudy
) -> list[Fact]:
    """Return the facts that only the quotes together show."""
    found: list[Fact] = []
    terms = costs[0].demand.terms
    if len(costs) > 1:
        keys = sorted(sort_key(cost) for cost in costs)
        lead = money(keys[1] - keys[0], terms.currency)
        found.append({"code": "cheapest", "quote": order[0], "lead": lead})
    if _winner(costs, OrderBy.TOTAL) != _winner(costs, OrderBy.PRESENT_VALUE):
        found.append({"code": "timing_decides", "order_by": terms.order_by.value})
    ids = [cost.demand.quote.id for cost in costs]
    pairs = Counter((ids[a], ids[b]) for a, b, _ in volumes.crossings)
    found += [
        {"code": "several_break_evens", "between": list(pair), "count": count}
        for pair, count in sorted(pairs.items())
        if count > 1
    ]
    if len(volumes.ranges) > 1:
        changes = [text(found.low, 6) for found in volumes.ranges[1:]]
        found.append({"code": "cheapest_depends_on_volume", "changes_at": changes})
    return found


def sort_key(cost: TotalCost, order_by: OrderBy | None = None) -> Decimal:
    basis = order_by or cost.demand.terms.order_by
    return cost.present_value if basis is OrderBy.PRESENT_VALUE else cost.total


def _winner(costs: Sequence[TotalCost], order_by: OrderBy) -> str:
    return min(costs, key=lambda cost: sort_key(cost, order_by)).demand.quote.id
