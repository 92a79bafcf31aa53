"""Months and rates for the tests of pricing models, exact and as floats."""

from decimal import Decimal

import numpy as np
from hypothesis import strategies as st

from apps.engine.numbers import snap
from apps.engine.pricing.cost import Months, QueueMonths
from apps.engine.pricing.workload import HandleTime

SHRINKAGE = Decimal("0.3")
FTE_HOURS = Decimal(160)
RESOLVED = Decimal("0.75")


def column(figures, *, exact):
    return np.array([Decimal(str(figure)) if exact else float(figure) for figure in figures])


def months(contacts, *, aht_s=300, exact=True, kpis=None, handle_time=HandleTime.EXPONENTIAL):
    """One queue whose agents are busy 80 % of their logged-in time."""
    contacts = column(contacts, exact=exact)
    aht = column([aht_s] * len(contacts), exact=exact)
    busy = Decimal("0.8") if exact else 0.8
    queue = QueueMonths(
        name="voice",
        contacts=contacts,
        aht_s=aht,
        concurrency=1,
        handle_time=handle_time,
        staffed=lambda: contacts * aht / (3600 * busy),
    )
    return Months(
        queues=(queue,),
        exact=exact,
        unavailable=SHRINKAGE,
        fte_hours=FTE_HOURS,
        resolved=RESOLVED,
        kpis=kpis or {},
        expected=(lambda values: snap(float(np.mean(values)))) if exact else np.mean,
    )


def money(most=500):
    return st.decimals(0, most, places=4).map(str)


@st.composite
def tiers(draw, tiering=("graduated", "all_units")):
    edges = sorted(draw(st.sets(st.integers(1, 50_000), max_size=3)))
    rows = [{"up_to": str(edge), "rate": draw(money())} for edge in edges]
    return {
        "tiering": draw(st.sampled_from(tiering)),
        "tiers": [*rows, {"rate": draw(money())}],
    }


@st.composite
def per_fte(draw):
    by_hour = draw(st.booleans())
    rates = {"unit": "hour" if by_hour else "fte_month", "rate": draw(money())}
    if by_hour:
        rates["billable_hour"] = draw(st.sampled_from(["paid", "logged_in", "productive"]))
    else:
        rates["fte_counting"] = draw(st.sampled_from(["exact", "whole"]))
    if draw(st.booleans()):
        rates["minimum_quantity"] = draw(money(5_000))
    if draw(st.booleans()):
        rates["roles"] = [{"name": "team leader", "agents_per_role": "12", "rate": draw(money())}]
    return rates


@st.composite
def per_minute(draw):
    rates = {"increment_s": draw(st.sampled_from(["0", "1", "30", "60"])), **draw(tiers())}
    if draw(st.booleans()):
        rates["minimum_s"] = draw(st.sampled_from(["0", "30", "45", "120"]))
    if draw(st.booleans()):
        rates["minimum_minutes"] = draw(money(60_000))
    return rates


@st.composite
def per_contact(draw):
    rates = {"counted": draw(st.sampled_from(["handled", "resolved"])), **draw(tiers())}
    if draw(st.booleans()):
        rates["minimum_contacts"] = draw(money(60_000))
    return rates


@st.composite
def outcome_based(draw):
    rates = {"fee": draw(money(100_000)), "rate": draw(money(20))}
    if draw(st.booleans()):
        rates |= {"outcome": "sales", "outcome_rate": draw(money(50))}
    if draw(st.booleans()):
        rates["kpis"] = [
            {"kpi": "csat", "target": "4.2", "slope_above": "0.2", "slope_below": "0.3"}
        ]
        rates |= {"floor": "-0.1", "cap": "0.05"}
    return rates


@st.composite
def managed_service(draw):
    low, high = sorted(draw(st.tuples(*[st.integers(0, 50_000)] * 2)))
    rates = {
        "fee": draw(money(200_000)),
        "band_from": str(low),
        "band_to": str(high),
        "overage_rate": draw(money(20)),
    }
    if draw(st.booleans()):
        rates |= {"true_down_rate": draw(money(20)), "true_down_cap": "0.25"}
    return rates


SIMPLE = {
    "per_fte": per_fte(),
    "per_minute": per_minute(),
    "per_contact": per_contact(),
    "outcome_based": outcome_based(),
    "managed_service": managed_service(),
}


@st.composite
def hybrid(draw):
    share = draw(st.sampled_from(["0.25", "0.5", "0.9"]))
    slugs = [draw(st.sampled_from(sorted(SIMPLE))) for _ in range(2)]
    return {
        "parts": [
            {"share": part, "model": slug, "rates": draw(SIMPLE[slug])}
            for part, slug in zip((share, str(1 - Decimal(share))), slugs, strict=True)
        ]
    }


RATES = {**SIMPLE, "hybrid": hybrid()}

CSAT = np.linspace(3.8, 4.6, 101)
KPIS = {"csat": CSAT, "sales": np.linspace(0.02, 0.06, 101)}
