"""Writes what-if results of the pricing engine as plain data: volumes, chance, truth, baseline."""

from collections.abc import Sequence
from decimal import Decimal

from apps.engine.numbers import text
from apps.engine.pricing import finance
from apps.engine.pricing.case_output import SHARE_DECIMALS, hours, money, moneys, shares
from apps.engine.pricing.realism import Truth
from apps.engine.pricing.tco import TotalCost
from apps.engine.pricing.uncertainty import Bar, Simulation
from apps.engine.pricing.volumes import VolumeStudy
from apps.engine.reading import Json

COST_DECIMALS = 4


def truth(found: Truth) -> dict[str, Json]:
    funding = found.funding
    return {
        "agents_needed": hours(funding.needed_fte),
        "agents_promised": _maybe(funding.promised_fte),
        "agents_price_pays_for": _maybe(funding.price_fte),
        "agents_paid_for": _maybe(funding.paid_fte),
        "source": None if funding.paid_fte is None else funding.source.value,
        "price_per_paid_hour": text(funding.price_per_paid_hour, COST_DECIMALS),
        "floor_per_paid_hour": (
            None
            if funding.floor_per_paid_hour is None
            else text(funding.floor_per_paid_hour, COST_DECIMALS)
        ),
        "below_cost_floor": funding.below_floor,
        "chance_of_promise": None if found.reached is None else shares(found.reached),
        "queues": [
            {
                "name": queue.name,
                "promised": shares(queue.promised),
                "erlang_c": shares(queue.erlang_c),
                "erlang_a": _share(queue.erlang_a),
                "chance_erlang_c": _share(queue.reached),
                "chance_erlang_a": _share(queue.reached_a),
            }
            for queue in found.queues
        ],
    }


def _maybe(fte: Decimal | None) -> Json:
    return None if fte is None else hours(fte)


def _share(value: float | None) -> Json:
    return None if value is None else shares(value)


def volumes(
    found: VolumeStudy, ids: Sequence[str], forecast: Decimal, currency: str
) -> dict[str, Json]:
    """Write multiples of the forecast, and contacts a month beside them."""

    def at(multiple: float) -> dict[str, Json]:
        contacts = float(forecast) * multiple
        return {"multiple": text(multiple, SHARE_DECIMALS), "contacts_per_month": hours(contacts)}

    return {
        "forecast_contacts_per_month": hours(forecast),
        "points": [
            {**at(float(multiple)), "costs": moneys(found.costs[:, place], currency)}
            for place, multiple in enumerate(found.shown)
        ],
        "crossings": [
            {
                **at(crossing.volume),
                "until_multiple": text(crossing.until, SHARE_DECIMALS),
                "cheaper_below": (ids[a], ids[b])[crossing.cheaper_below],
                "cheaper_above": (ids[a], ids[b])[crossing.cheaper_above],
                "cost": money(crossing.cost, currency),
                "jump": crossing.jump,
            }
            for a, b, crossing in found.crossings
        ],
        "cheapest": [
            {"from": at(range_.low), "to": at(range_.high), "quote": ids[range_.cheapest]}
            for range_ in found.ranges
        ],
        "map": {
            "handle_time_multiples": [text(handle, SHARE_DECIMALS) for handle in found.handles],
            "volume_multiples": [text(multiple, SHARE_DECIMALS) for multiple in found.shown],
            "cheapest": [[ids[place] for place in row] for row in found.cheapest],
        },
    }


def simulation(found: Simulation, ids: Sequence[str], currency: str) -> dict[str, Json]:
    return {
        "quotes": [
            {
                "id": name,
                "mean": money(found.mean[place], currency),
                "standard_error": money(found.standard_error[place], currency),
                "p5": money(found.p5[place], currency),
                "p50": money(found.p50[place], currency),
                "p95": money(found.p95[place], currency),
                "cvar95": money(found.cvar95[place], currency),
                "chance_cheapest": shares(found.cheapest[place]),
                "chance_cheapest_error": shares(found.cheapest_error[place]),
                "regret_expected": money(found.regret.expected[place], currency),
                "regret_largest": money(found.regret.largest[place], currency),
            }
            for place, name in enumerate(ids)
        ],
        "minimax_regret": ids[found.regret.minimax],
    }


def tornado(bars: Sequence[Bar], ids: Sequence[str], currency: str) -> list[Json]:
    """Write each quote's bars, the longest first."""
    return [
        {
            "id": name,
            "bars": [
                {
                    "input": bar.name,
                    "low_input": text(bar.low_input, SHARE_DECIMALS),
                    "high_input": text(bar.high_input, SHARE_DECIMALS),
                    "low": money(bar.low[place], currency),
                    "high": money(bar.high[place], currency),
                }
                for bar in sorted(
                    bars, key=lambda bar: (-abs(bar.high[place] - bar.low[place]), bar.name)
                )
            ],
        }
        for place, name in enumerate(ids)
    ]


def baseline(costs: Sequence[TotalCost]) -> Json:
    """Compare every quote with the in-house one, over the term and undiscounted."""
    own = next((cost for cost in costs if cost.demand.quote.in_house), None)
    if own is None:
        return None
    terms = own.demand.terms
    return {
        "quote": own.demand.quote.id,
        "capability_value": money(terms.capability_value, terms.currency),
        "quotes": [_against(cost, own) for cost in costs if cost is not own],
    }


def _against(cost: TotalCost, own: TotalCost) -> dict[str, Json]:
    terms, saving = own.demand.terms, own.total - cost.total
    internal, outsourced, value = (
        float(own.total), float(cost.total), float(terms.capability_value),
    )  # fmt: skip
    return {
        "id": cost.demand.quote.id,
        "saving": money(saving, terms.currency),
        "saving_present_value": money(own.present_value - cost.present_value, terms.currency),
        "saving_share": shares(saving / own.total) if own.total > 0 else None,
        "roi": shares(finance.roi(internal, outsourced, value)) if outsourced > 0 else None,
        "roi_without_capability_value": (
            shares(finance.roi(internal, outsourced)) if outsourced > 0 else None
        ),
    }
