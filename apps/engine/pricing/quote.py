"""One bid: its pricing model with rates, its people, and everything around the run price."""

from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import Enum
from typing import Any

from apps.engine.cashflow import MONTHS_PER_YEAR, Timing, nominal_rate
from apps.engine.errors import CurrencyMismatch, InvalidInput, ScaleError
from apps.engine.money import Money
from apps.engine.pricing.cost import PricingModel
from apps.engine.pricing.staffing import ShrinkageBase, shrinkage

ZERO, ONE, HALF = Decimal(0), Decimal(1), Decimal("0.5")
LONGEST_TERM = 120
HIGHEST_ATTRITION = 5
_DIGITS = Decimal("1e-12")


class OrderBy(Enum):
    PRESENT_VALUE = "present_value"
    TOTAL = "total"


class RateBasis(Enum):
    """Amounts here are nominal; a real discount rate is raised by inflation first."""

    NOMINAL = "nominal"
    REAL = "real"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What every quote is compared under."""

    currency: str
    months: int
    discount_rate: Decimal
    rate_basis: RateBasis
    inflation: Decimal = ZERO
    timing: Timing = Timing.MID_MONTH
    indexation: Decimal = ZERO
    days_per_year: Decimal = Decimal(365)
    order_by: OrderBy = OrderBy.PRESENT_VALUE
    volume_low: Decimal = HALF
    volume_high: Decimal = Decimal("1.5")
    capability_value: Decimal = ZERO

    def __post_init__(self) -> None:
        Money.zero(self.currency)
        if not 1 <= self.months <= LONGEST_TERM:
            raise ScaleError(f"Give a term of 1 to {LONGEST_TERM} months.")
        if min(self.discount_rate, self.inflation, self.indexation) <= -1:
            raise ScaleError("Give rates above -1.")
        if not 0 < self.volume_low < self.volume_high:
            raise ScaleError("Let the volume range begin above 0 and end higher.")
        if not Decimal(360) <= self.days_per_year <= Decimal(366):
            raise ScaleError("Give a year of 360 to 366 days.")

    @property
    def nominal_discount_rate(self) -> Decimal:
        if self.rate_basis is RateBasis.NOMINAL:
            return self.discount_rate
        return nominal_rate(self.discount_rate, self.inflation)

    @property
    def weeks_per_month(self) -> Decimal:
        return self.days_per_year / (MONTHS_PER_YEAR * 7)


@dataclass(frozen=True, kw_only=True)
class Ramp:
    """Productivity after go-live: 1 - (1 - start)·e^(-t/months), or a table by month."""

    start: Decimal = ONE
    months: Decimal = ONE
    table: tuple[Decimal, ...] = ()

    def __post_init__(self) -> None:
        if self.months <= 0 or any(not 0 < share <= 1 for share in (self.start, *self.table)):
            raise ScaleError("Give productivity above 0 and up to 1, over more than 0 months.")

    def productivity(self, months: int) -> tuple[Decimal, ...]:
        """Each month's, taken at its middle: t = month - 1/2 after go-live."""
        if self.table:
            return tuple((*self.table, *[ONE] * months)[:months])
        with localcontext(prec=40):
            return tuple(
                (1 - (1 - self.start) * (-(month + HALF) / self.months).exp()).quantize(_DIGITS)
                for month in range(months)
            )


class ChargedFor(Enum):
    GROWTH = "growth"  # the first team, and every agent the headcount grows by
    ATTRITION = "attrition"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Training:
    hours_per_hire: Decimal
    rate: Decimal
    charged_for: ChargedFor


@dataclass(frozen=True, kw_only=True)
class OneOff:
    name: str
    amount: Decimal
    month: int


class IndexKind(Enum):
    NONE = "none"
    FIXED = "fixed"  # rises by the rate every contract year
    INDEX = "index"  # rises with the terms' index, at most by the rate


@dataclass(frozen=True, kw_only=True)
class Indexation:
    kind: IndexKind = IndexKind.NONE
    rate: Decimal | None = None

    def __post_init__(self) -> None:
        if self.kind is IndexKind.FIXED and self.rate is None:
            raise InvalidInput("Give the yearly rate of a fixed indexation.")

    def yearly(self, index: Decimal) -> Decimal:
        """Return the rise of one year when the index rises by `index`."""
        if self.kind is IndexKind.NONE:
            return ZERO
        if self.kind is IndexKind.FIXED or self.rate is None:
            return index if self.rate is None else self.rate
        return min(index, self.rate)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """Terms' currency for one unit of the quote's; `yearly` is a scenario by contract year."""

    rate: Decimal = ONE
    yearly: tuple[Decimal, ...] = ()
    volatility: Decimal = ZERO

    def __post_init__(self) -> None:
        if min(self.rate, *self.yearly, ONE) <= 0 or self.volatility < 0:
            raise ScaleError("Give exchange rates above 0 and a volatility of 0 or more.")

    def monthly(self, months: int) -> tuple[Decimal, ...]:
        """The rate of each month; the last year given lasts."""
        if not self.yearly:
            return (self.rate,) * months
        last = len(self.yearly) - 1
        return tuple(self.yearly[min(m // MONTHS_PER_YEAR, last)] for m in range(months))


@dataclass(frozen=True, kw_only=True)
class BuyerCosts:
    """What the award costs the buyer itself, in the terms' currency."""

    governance_per_month: Decimal = ZERO
    double_running_months: Decimal = ZERO
    internal_cost_per_month: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What the buyer expects of a KPI, as a PERT distribution."""

    kpi: str
    low: Decimal
    likely: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise ScaleError("Give low, likely and high in this order.")


@dataclass(frozen=True, kw_only=True)
class Quote:
    id: str
    vendor: str
    model: PricingModel
    rates: Any
    currency: str
    shrinkage_parts: tuple[tuple[str, Decimal], ...]
    shrinkage_base: ShrinkageBase | None
    in_house: bool = False
    fx: Exchange | None = None
    aht_s: tuple[tuple[str, Decimal], ...] = ()
    contract_hours_per_week: Decimal = Decimal(40)
    inefficiency: Decimal = ONE
    first_contact_resolution: Decimal | None = None
    promised_fte: Decimal | None = None
    floor_cost_per_paid_hour: Decimal | None = None
    ramp: Ramp = Ramp()
    attrition_per_year: Decimal = ZERO
    training: Training | None = None
    one_offs: tuple[OneOff, ...] = ()
    exit: OneOff | None = None
    indexation: Indexation = Indexation()
    buyer_costs: BuyerCosts = BuyerCosts()
    performance: tuple[Expectation, ...] = ()
    unavailable: Decimal = field(init=False)

    def __post_init__(self) -> None:
        Money.zero(self.currency)
        parts = [share for _, share in self.shrinkage_parts]
        object.__setattr__(self, "unavailable", shrinkage(parts, base=self.shrinkage_base))
        if self.contract_hours_per_week <= 0 or self.inefficiency < 1:
            raise ScaleError("Give contract hours above 0 and an inefficiency of 1 or more.")
        if not 0 <= self.attrition_per_year <= HIGHEST_ATTRITION:
            raise ScaleError(f"Give attrition from 0 to {HIGHEST_ATTRITION} a year.")
        if len({expectation.kpi for expectation in self.performance}) != len(self.performance):
            raise InvalidInput("Name each KPI once.")

    def handle_time(self, queue: str, otherwise: Decimal) -> Decimal:
        return dict(self.aht_s).get(queue, otherwise)

    @property
    def exchange(self) -> Exchange:
        return self.fx or Exchange()

    def convertible_to(self, currency: str) -> None:
        """Refuse a foreign quote without an exchange rate, and a rate that converts nothing."""
        if self.currency != currency and self.fx is None:
            raise CurrencyMismatch(
                f"Give the exchange rate from {self.currency} to {currency} for this quote."
            )
        if self.currency == currency and self.fx is not None:
            raise CurrencyMismatch(f"Leave fx out; this quote is in {currency} already.")
