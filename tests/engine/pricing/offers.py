"""A small case: one voice queue in hours, two quotes; and its engine values."""

import copy
from decimal import Decimal

from apps.engine.pricing.case import read_quotes
from apps.engine.pricing.read_terms import read_terms
from apps.engine.pricing.read_workload import read_workload
from apps.engine.pricing.tco import total_cost
from apps.engine.reading import Reader

OPEN_DAY = ["0"] * 8 + ["40", "60", "90", "110", "100", "80", "70", "90", "60", "30"] + ["0"] * 6
CLOSED_DAY = ["0"] * 24

QUEUE = {
    "name": "voice",
    "channel": "voice",
    "week": [OPEN_DAY] * 5 + [CLOSED_DAY] * 2,
    "aht_s": "300",
    "service_level": {"share": "0.8", "seconds": "20", "definition": "offered"},
    "max_occupancy": "0.9",
}

SHRINKAGE = {"base": "additive", "parts": [{"name": "all", "share": "0.3"}]}

PER_CONTACT = {
    "id": "contact",
    "vendor": "Orbis",
    "model": "per_contact",
    "rates": {"counted": "handled", "tiering": "graduated", "tiers": [{"rate": "2.00"}]},
    "shrinkage": SHRINKAGE,
}

PER_HOUR = {
    "id": "hour",
    "vendor": "Castellan",
    "model": "per_fte",
    "rates": {"unit": "hour", "billable_hour": "paid", "rate": "15.00"},
    "shrinkage": SHRINKAGE,
}

CASE = {
    "workload": {"interval_minutes": 60, "queues": [QUEUE]},
    "terms": {
        "currency": "EUR",
        "months": 24,
        "discount": {"rate": "0.08", "basis": "nominal"},
    },
    "quotes": [PER_CONTACT, PER_HOUR],
}

WEEKS = Decimal(365) / 84
WEEKLY_CONTACTS = 730 * 5


def case(**changes):
    """The case with other parts: workload and terms are merged, the rest replaced."""
    built = copy.deepcopy(CASE)
    for name in ("workload", "terms"):
        built[name] |= changes.pop(name, {})
    return copy.deepcopy(built | changes)


def quote(base=PER_HOUR, **changes):
    return copy.deepcopy({**base, **changes})


def values(raw):
    """Workload, terms and quotes of a case as engine values."""
    reader = Reader(raw)
    workload, terms = read_workload(reader.key("workload")), read_terms(reader.key("terms"))
    return workload, terms, read_quotes(reader.key("quotes"), workload, terms)


def costs(raw):
    workload, terms, quotes = values(raw)
    return [total_cost(quote, workload, terms) for quote in quotes]
