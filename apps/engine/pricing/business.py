"""The business case of one option against today: every cost of changing, and when it is back.

The total cost of an option holds price, transition, governance and double running already; what
is given here comes on top, so that nothing is counted twice. Money is in the terms' currency,
months count from 1, shares are plain numbers (0.25, not 25).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, pairwise

from apps.engine.cashflow import MONTHS_PER_YEAR, present_value
from apps.engine.errors import InvalidInput, ScaleError
from apps.engine.money import Money
from apps.engine.pricing.cost import Part
from apps.engine.pricing.quote import OneOff, Terms
from apps.engine.pricing.tco import Line, TotalCost, dated, double_running

ZERO, ONE = Decimal(0), Decimal(1)
DOUBLE_RUNNING = "double_running"
LONGEST_CREDIT = Decimal(180)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What an award costs the buyer beside the price, and how invoices are paid.

    `severance` and `staff_transfer` fall due once, in their month. `retained_per_month` is the
    team that stays for the whole term, `stranded_per_month` what runs on without use (leases,
    licences) for the first `stranded_months`. `vat_rate` is charged on invoices and
    `vat_deductible` the share of it that comes back: a buyer with exempt turnover deducts a
    proportion only (Council Directive 2006/112/EC, articles 173 to 175). Invoices are paid
    `payment_days` after the service, 0 to 180; today's cost is paid in its month.
    """

    severance: OneOff | None = None
    staff_transfer: OneOff | None = None
    retained_per_month: Decimal = ZERO
    stranded_per_month: Decimal = ZERO
    stranded_months: Decimal = ZERO
    vat_rate: Decimal = ZERO
    vat_deductible: Decimal = ONE
    payment_days: Decimal = ZERO

    def __post_init__(self) -> None:
        once = [one_off.amount for one_off in (self.severance, self.staff_transfer) if one_off]
        monthly = (self.retained_per_month, self.stranded_per_month, self.stranded_months)
        if min(*once, *monthly) < 0:
            raise ScaleError("Give costs and months of 0 or more.")
        if not (0 <= self.vat_rate <= 1 and 0 <= self.vat_deductible <= 1):
            raise ScaleError("Give the VAT rate and its deductible share as shares from 0 to 1.")
        if not 0 <= self.payment_days <= LONGEST_CREDIT:
            raise ScaleError(f"Give 0 to {LONGEST_CREDIT} days until an invoice is paid.")

    @property
    def irrecoverable(self) -> Decimal:
        """The share of an invoice's net amount that stays with the buyer as tax."""
        return self.vat_rate * (1 - self.vat_deductible)


@dataclass(frozen=True)
class Step:
    """One bar of the bridge: what it adds, and where the total stands after it."""

    code: str
    amount: Decimal
    after: Decimal


@dataclass(frozen=True, eq=False)
class BusinessCase:
    """One option against today, over the same months of the same terms.

    `costs` is every kind of cost by month, to the cent, and adds up to `total`; `credit` is what
    later payment moves between months, and adds up to 0.
    """

    terms: Terms
    today: tuple[Decimal, ...]
    costs: tuple[tuple[str, tuple[Decimal, ...]], ...]
    credit: tuple[Decimal, ...]

    @cached_property
    def total(self) -> Decimal:
        return sum((sum(amounts, ZERO) for _, amounts in self.costs), ZERO)

    @cached_property
    def bridge(self) -> tuple[Step, ...]:
        """From the price at quoted rates to the total, kind by kind; what is 0 is left out."""
        sums = [(code, sum(amounts, ZERO)) for code, amounts in self.costs]
        kept = [(code, amount) for code, amount in sums if amount or code == Part.RUN.value]
        after = accumulate(amount for _, amount in kept)
        return tuple(
            Step(code, amount, so_far) for (code, amount), so_far in zip(kept, after, strict=True)
        )

    @cached_property
    def savings(self) -> tuple[Decimal, ...]:
        """Today's cost less what is paid for the option, month by month."""
        paid = _added(amounts for _, amounts in self.costs)
        return tuple(
            before - cost + credit
            for before, cost, credit in zip(self.today, paid, self.credit, strict=True)
        )

    @property
    def saving(self) -> Decimal:
        return sum(self.savings, ZERO)

    @cached_property
    def net_present_value(self) -> Decimal:
        """The savings at the terms' nominal rate and timing, rounded once."""
        terms = self.terms
        value = present_value(self.savings, rate=terms.nominal_discount_rate, timing=terms.timing)
        return Money(value, terms.currency).rounded().amount

    @property
    def payback_months(self) -> int | None:
        """Months until the savings have paid for the change, and stay ahead to the end.

        0 where they are never behind; None where they are behind at the end of the term. An
        early lead that a later cost takes back counts for nothing.
        """
        behind = [month for month, ahead in enumerate(accumulate(self.savings), 1) if ahead < 0]
        if not behind:
            return 0
        return None if behind[-1] == len(self.savings) else behind[-1] + 1

    @property
    def deepest(self) -> Decimal:
        """The most money that has to be put up at once, 0 or more, undiscounted."""
        return -min(ZERO, *accumulate(self.savings))


def business_case(*, option: TotalCost, today: TotalCost, change: Change) -> BusinessCase:
    """Return what the option costs and saves against today's cost.

    An option of the buyer's own has no invoices, so neither tax nor credit applies to it. Raises
    InvalidInput where the two were priced under different terms: another currency, term, rate.
    """
    terms = option.demand.terms
    if today.demand.terms != terms:
        raise InvalidInput("Price the option and today's cost under the same terms.")
    invoiced = _invoiced(option)
    tax = _rounded([amount * change.irrecoverable for amount in invoiced], terms)
    costs = [*_by_kind(option.lines), *_added_by(change, terms), ("irrecoverable_vat", tax)]
    owed = [net + kept for net, kept in zip(invoiced, tax, strict=True)]
    credit = _credit(owed, days=change.payment_days, terms=terms)
    return BusinessCase(terms, today.months, tuple(costs), credit)


def _invoiced(option: TotalCost) -> tuple[Decimal, ...]:
    """What the vendor charges by month; governance and double running are paid to nobody else."""
    nothing = (ZERO,) * len(option.months)
    if option.demand.quote.in_house:
        return nothing
    charged = [
        line.amounts
        for line in option.lines
        if line.part is not Part.GOVERNANCE and line.code != DOUBLE_RUNNING
    ]
    return _added([nothing, *charged])


def _by_kind(lines: Iterable[Line]) -> list[tuple[str, tuple[Decimal, ...]]]:
    """Lines added up by part, the price at quoted rates first and double running by itself."""
    kinds: dict[str, list[tuple[Decimal, ...]]] = {Part.RUN.value: []}
    for line in lines:
        kind = DOUBLE_RUNNING if line.code == DOUBLE_RUNNING else line.part.value
        kinds.setdefault(kind, []).append(line.amounts)
    return [(kind, _added(amounts)) for kind, amounts in kinds.items() if amounts]


def _added_by(change: Change, terms: Terms) -> list[tuple[str, tuple[Decimal, ...]]]:
    once = (("severance", change.severance), ("staff_transfer", change.staff_transfer))
    costs = [(code, _rounded(dated(one, terms.months), terms)) for code, one in once if one]
    retained = [change.retained_per_month] * terms.months
    running_on = double_running(change.stranded_months, terms.months)
    stranded = [share * change.stranded_per_month for share in running_on]
    return [
        *costs,
        ("retained_team", _rounded(retained, terms)),
        ("stranded_cost", _rounded(stranded, terms)),
    ]


def _credit(owed: Sequence[Decimal], *, days: Decimal, terms: Terms) -> tuple[Decimal, ...]:
    """What later payment keeps in hand in each month: the change of what is owed at its end.

    Owed at the end of a month is what was served in the last `days`. All of it is settled in the
    last month, so credit moves money in time and adds none.
    """
    lasting = days * MONTHS_PER_YEAR / terms.days_per_year
    open_ = [
        sum(
            (owed[month - back] * min(max(lasting - back, ZERO), ONE) for back in range(month + 1)),
            ZERO,
        )
        for month in range(len(owed) - 1)
    ]
    balances = [ZERO, *_rounded(open_, terms), ZERO]
    return tuple(later - earlier for earlier, later in pairwise(balances))


def _added(columns: Iterable[Sequence[Decimal]]) -> tuple[Decimal, ...]:
    return tuple(sum(month, ZERO) for month in zip(*columns, strict=True))


def _rounded(amounts: Iterable[Decimal], terms: Terms) -> tuple[Decimal, ...]:
    return tuple(Money(amount, terms.currency).rounded().amount for amount in amounts)
