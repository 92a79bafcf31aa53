"""Writes results of the pricing engine as plain data: every figure a string or a whole number."""

from collections.abc import Iterable
from decimal import Decimal

from apps.engine.money import MINOR_UNITS
from apps.engine.numbers import round_half_up, text
from apps.engine.pricing.cost import Part
from apps.engine.pricing.staffed import Level, StaffedQueue
from apps.engine.pricing.tco import Line, TotalCost
from apps.engine.reading import Json

SHARE_DECIMALS = 6
HOUR_DECIMALS = 2
UNIT_DECIMALS = 4
ZERO = Decimal(0)


def money(amount: Decimal | float, currency: str) -> str:
    """An amount with all decimals of its currency: 12.50."""
    return format(round_half_up(amount, MINOR_UNITS.get(currency, 2)), "f")


def moneys(amounts: Iterable[Decimal | float], currency: str) -> list[str]:
    return [money(amount, currency) for amount in amounts]


def shares(value: float | Decimal) -> str:
    return text(value, SHARE_DECIMALS)


def hours(value: float | Decimal) -> str:
    return text(value, HOUR_DECIMALS)


def level(found: Level | None) -> Json:
    if found is None:
        return None
    return {
        "service_level": shares(found.service_level),
        "abandonment": shares(found.abandonment),
        "mean_wait_s": text(found.asa_s, 3),
    }


def queue(found: StaffedQueue) -> dict[str, Json]:
    return {
        "name": found.name,
        "contacts": hours(found.contacts),
        "load_peak": text(found.load_peak, UNIT_DECIMALS),
        "agents_peak": text(found.agents_peak, UNIT_DECIMALS),
        "agents_mean": text(found.agents_mean, UNIT_DECIMALS),
        "handled_hours": hours(found.handled_hours),
        "logged_in_hours": hours(found.logged_in_hours),
        "occupancy": shares(found.occupancy),
        "erlang_c": level(found.erlang_c),
        "erlang_a": level(found.erlang_a),
    }


def staffing(cost: TotalCost, queues: Iterable[StaffedQueue]) -> dict[str, Json]:
    months, term = cost.demand.months, cost.demand.terms.months
    paid = sum(months.paid_hours, ZERO)
    people = list(months.fte)
    return {
        "queues": [queue(found) for found in queues],
        "shrinkage": shares(months.unavailable),
        "paid_hours": hours(paid),
        "paid_hours_per_month": hours(paid / term),
        "fte": hours(sum(people, ZERO) / term),
        "fte_peak": hours(max(people)),
    }


def line(found: Line, currency: str) -> dict[str, Json]:
    return {
        "code": found.code,
        "subject": found.subject,
        "part": found.part.value,
        "years": moneys(found.years, currency),
        "total": money(found.total, currency),
    }


def parts(cost: TotalCost, currency: str) -> dict[str, Json]:
    found = cost.parts
    return {part.value: money(found[part], currency) for part in Part if part in found}


def amounts(cost: TotalCost) -> dict[str, Json]:
    """Lines, sums and unit costs of one quote over the term."""
    currency, months = cost.demand.terms.currency, cost.demand.months
    contacts, minutes = sum(months.contacts, ZERO), sum(months.handled_minutes, ZERO)
    resolved = months.resolved
    return {
        "lines": [line(found, currency) for found in cost.lines],
        "parts": parts(cost, currency),
        "months": moneys(cost.months, currency),
        "years": moneys(cost.years, currency),
        "total": money(cost.total, currency),
        "present_value": money(cost.present_value, currency),
        "contacts": hours(contacts),
        "handled_minutes": hours(minutes),
        "cost_per_contact": text(cost.total / contacts, UNIT_DECIMALS),
        "cost_per_minute": text(cost.total / minutes, UNIT_DECIMALS),
        "cost_per_resolved_contact": (
            text(cost.total / (contacts * resolved), UNIT_DECIMALS) if resolved else None
        ),
    }
