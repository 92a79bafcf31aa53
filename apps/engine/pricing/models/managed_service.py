"""Managed service: a flat monthly fee for a band of contacts, more above it, a credit below."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from apps.engine.errors import InvalidInput
from apps.engine.fields import Field, Unit, read_values
from apps.engine.pricing.cost import (
    CostBreakdown,
    CostLine,
    Months,
    Part,
    PricingModel,
    Risk,
    multiples,
)
from apps.engine.pricing.erlang_b import Floats
from apps.engine.reading import Reader

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, kw_only=True)
class Rates:
    fee: Decimal
    band_from: Decimal
    band_to: Decimal
    overage_rate: Decimal
    true_down_rate: Decimal = ZERO
    true_down_cap: Decimal = ONE

    def __post_init__(self) -> None:
        if min(self.fee, self.band_from, self.overage_rate, self.true_down_rate) < 0:
            raise InvalidInput("Give fee, band and rates of 0 or more.")
        if self.band_to < self.band_from:
            raise InvalidInput("Let the band end where it begins or above.")
        if not 0 <= self.true_down_cap <= 1:
            raise InvalidInput("Give the largest credit as a share of the fee from 0 to 1.")


FIELDS = (
    Field("fee", Unit.MONEY, ZERO, None, "Flat fee for a month inside the band."),
    Field("band_from", Unit.RATIO, ZERO, None, "Contacts a month at which the band begins."),
    Field("band_to", Unit.RATIO, ZERO, None, "Contacts a month at which the band ends."),
    Field("overage_rate", Unit.MONEY, ZERO, None, "Price of each contact above the band."),
    Field(
        "true_down_rate", Unit.MONEY, ZERO, None,
        "Credit for each contact below the band.", required=False,
    ),
    Field(
        "true_down_cap", Unit.SHARE, ZERO, ONE,
        "Largest credit, as a share of the fee.", required=False,
    ),
)  # fmt: skip


def read_rates(raw: object, path: str = "rates") -> Rates:
    values = read_values(FIELDS, Reader(raw, path))
    try:
        return Rates(
            fee=values.number("fee"),
            band_from=values.number("band_from"),
            band_to=values.number("band_to"),
            overage_rate=values.number("overage_rate"),
            true_down_rate=values.number("true_down_rate", ZERO),
            true_down_cap=values.number("true_down_cap", ONE),
        )
    except InvalidInput as error:
        raise error.at(path) from None


def cost(months: Months, rates: Rates) -> CostBreakdown:
    of, nothing, contacts = months.of, months.of(ZERO), months.contacts
    lines = [CostLine(code="fee", part=Part.RUN, amount=months.flat(rates.fee))]
    if rates.overage_rate:
        above = np.maximum(contacts - of(rates.band_to), nothing)
        amount = above * of(rates.overage_rate)
        lines.append(CostLine(code="overage", part=Part.RUN, amount=amount))
    if rates.true_down_rate:
        below = np.maximum(of(rates.band_from) - contacts, nothing)
        credit = np.minimum(below * of(rates.true_down_rate), of(_largest_credit(rates)))
        lines.append(CostLine(code="true_down", part=Part.RUN, amount=-credit))
    return CostBreakdown(tuple(lines))


def _largest_credit(rates: Rates) -> Decimal:
    return rates.fee * rates.true_down_cap


def breaks(months: Months, rates: Rates) -> Floats:
    points = [rates.band_to]
    if rates.true_down_rate:
        points += [rates.band_from, rates.band_from - _largest_credit(rates) / rates.true_down_rate]
    return multiples([point for point in points if point > 0], months.contacts)


MANAGED_SERVICE = PricingModel(
    slug="managed_service",
    name="Managed service",
    fields=FIELDS,
    read_rates=read_rates,
    cost=cost,
    breaks=breaks,
    volume_risk=Risk.VENDOR,
    best_for=("hands_off_operation",),
    watch=("needs_trust", "needs_a_rigorous_service_level_agreement", "hidden_contingency"),
)
