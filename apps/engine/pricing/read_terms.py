"""Reads the terms under which quotes are compared."""

from decimal import Decimal

from apps.engine.cashflow import Timing
from apps.engine.errors import InvalidInput
from apps.engine.pricing.quote import HALF, LONGEST_TERM, OrderBy, RateBasis, Terms
from apps.engine.pricing.read_quote import currency
from apps.engine.pricing.read_workload import figure
from apps.engine.reading import Reader

ZERO = Decimal(0)
ABOVE_MINUS_ONE = Decimal("-0.9999")
LEAST_VOLUME = Decimal("0.01")


def read_terms(reader: Reader) -> Terms:
    reader.only(
        "currency", "months", "discount", "timing", "indexation", "days_per_year", "order_by",
        "volume_range", "capability_value",
    )  # fmt: skip
    rate, basis, inflation = _discount(reader.key("discount"))
    low, high = _range(reader.optional("volume_range"))
    timing, order = reader.optional("timing"), reader.optional("order_by")
    try:
        return Terms(
            currency=currency(reader.key("currency")),
            months=reader.key("months").integer(1, LONGEST_TERM),
            discount_rate=rate,
            rate_basis=basis,
            inflation=inflation,
            timing=Timing(timing.choice([t.value for t in Timing]) if timing else "mid_month"),
            indexation=figure(reader, "indexation", ZERO, ABOVE_MINUS_ONE, 10),
            days_per_year=figure(reader, "days_per_year", Decimal(365), 360, 366),
            order_by=OrderBy(
                order.choice([o.value for o in OrderBy]) if order else "present_value"
            ),
            volume_low=low,
            volume_high=high,
            capability_value=figure(reader, "capability_value", ZERO, None),
        )
    except InvalidInput as error:
        raise error.at(reader.path) from None


def _discount(reader: Reader) -> tuple[Decimal, RateBasis, Decimal]:
    """Read the discount rate; amounts are nominal, so it is stated which kind the rate is."""
    reader.only("rate", "basis", "inflation")
    basis = RateBasis(reader.convention("basis", [member.value for member in RateBasis]))
    rate = reader.key("rate").decimal(ABOVE_MINUS_ONE, 10)
    if basis is RateBasis.REAL:
        return rate, basis, reader.key("inflation").decimal(ABOVE_MINUS_ONE, 10)
    if reader.optional("inflation") is not None:
        raise reader.error("Leave inflation out with a nominal rate; it holds it already.")
    return rate, basis, ZERO


def _range(reader: Reader | None) -> tuple[Decimal, Decimal]:
    if reader is None:
        return HALF, 1 + HALF
    reader.only("low", "high")
    return reader.key("low").decimal(LEAST_VOLUME, 100), reader.key("high").decimal(
        LEAST_VOLUME, 100
    )
