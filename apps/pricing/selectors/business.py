"""The business case: every opened bid against today's cost, with what changing costs beside the price."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.access import can
from apps.core.errors import Incomplete
from apps.core.templatetags import formats
from apps.engine.errors import InvalidInput
from apps.engine.money import Money
from apps.engine.pricing.business import BusinessCase, Change, business_case
from apps.engine.pricing.case import costs_of
from apps.engine.pricing.quote import OneOff
from apps.pricing.models import ChangeCosts
from apps.pricing.selectors import comparing, words
from apps.rfp.models import Lot
from apps.rfp.selectors import is_decided, lots_in, own_cost_of
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HUNDRED: Final = Decimal(100)
STEPS: Final[Mapping[str, "StrOrPromise"]] = {
    "double_running": gettext_lazy("Double running"),
    "severance": gettext_lazy("Severance"),
    "staff_transfer": gettext_lazy("Staff transfer"),
    "retained_team": gettext_lazy("Retained team"),
    "stranded_cost": gettext_lazy("Stranded cost"),
    "irrecoverable_vat": gettext_lazy("VAT that does not come back"),
}
DECIDED: Final = frozenset({Phase.DECIDED, Phase.CLOSED})


@dataclass(frozen=True)
class Changed:
    """What changing costs, as it was entered last; number 0 stands for nothing entered."""

    figures: Mapping[str, str]
    source: str = ""
    number: int = 0
    by: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True)
class Bar:
    """One step of the bridge over all bids; None where a bid has none of it."""

    label: str
    amounts: tuple[Money | None, ...]


@dataclass(frozen=True)
class Option:
    """One bid against today, over the term, in the comparison's currency."""

    name: str
    total: Money
    saving: Money
    present: Money
    deepest: Money
    payback: str


@dataclass(frozen=True)
class BusinessPage:
    """The page; without options it says what is missing: open prices, or today's cost."""

    options: tuple[Option, ...]
    bars: tuple[Bar, ...]
    today: Money | None
    months: int
    changed: Changed
    finding: str
    sealed: bool
    may_set: bool
    lots: tuple[Lot, ...]
    lot: Lot | None


def changed_of(procurement: Procurement, lot: Lot | None = None) -> Changed:
    """Return what was entered last, of a lot its own."""
    found = (
        ChangeCosts.objects.filter(procurement=procurement, lot=lot)
        .select_related("set_by")
        .order_by("-number")
        .first()
    )
    if found is None:
        return Changed({})
    return Changed(found.figures, found.source, found.number, found.set_by.name, found.created_at)


def change_of(figures: Mapping[str, str], months: int) -> Change:
    """Read the figures for the engine; Incomplete beside the field that it refuses."""

    def of(name: str, default: str = "0") -> Decimal:
        return Decimal(figures.get(name) or default)

    def once(name: str, label: str) -> OneOff | None:
        month = of(f"{name}_month", "1")
        if not of(name):
            return None
        if month != int(month) or not 1 <= month <= months:
            sentence = _("Give a month from 1 to {months}.").format(months=months)
            raise Incomplete(sentence, fields={f"{name}_month": sentence})
        return OneOff(name=label, amount=of(name), month=int(month))

    severance = once("severance", "severance")
    transfer = once("staff_transfer", "staff transfer")
    try:
        return Change(
            severance=severance,
            staff_transfer=transfer,
            retained_per_month=of("retained_per_month"),
            stranded_per_month=of("stranded_per_month"),
            stranded_months=of("stranded_months"),
            vat_rate=of("vat_rate") / HUNDRED,
            vat_deductible=of("vat_deductible", "100") / HUNDRED,
            payment_days=of("payment_days"),
        )
    except InvalidInput as error:
        raise Incomplete(str(error)) from None


def business_page(user: User, procurement: Procurement, lot: Lot | None = None) -> BusinessPage:
    """Return every opened bid against today's cost, in the order of letters."""
    rfp = comparing.tender_of(procurement)
    changed = changed_of(procurement, lot)
    opened = comparing.quotes_of(user, rfp, lot)
    own = own_cost_of(rfp, lot) if rfp else None
    cases: list[tuple[str, BusinessCase]] = []
    today: Money | None = None
    if rfp and opened and own:
        costs = costs_of(
            _without_draws(comparing.case_of(user, procurement, quotes=opened, lot=lot))
        )
        change = change_of(changed.figures, rfp.term_months)
        base = costs[-1]
        today = Money(base.total, procurement.currency)
        cases = [
            (cost.demand.quote.vendor, business_case(option=cost, today=base, change=change))
            for cost in costs[:-1]
        ]
    options = tuple(_option(name, one) for name, one in cases)
    undecided = procurement.phase not in DECIDED and not is_decided(lot)
    return BusinessPage(
        options=options,
        bars=_bars([one for _name, one in cases]),
        today=today,
        months=rfp.term_months if rfp else 0,
        changed=changed,
        finding=_finding(options),
        sealed=not opened,
        may_set=undecided and rfp is not None and can(user, "pricing.set_assumptions", procurement),
        lots=lots_in(procurement),
        lot=lot,
    )


def _without_draws(case: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in case.items() if name != "uncertainty"}


def _option(name: str, case: BusinessCase) -> Option:
    def money(amount: Decimal) -> Money:
        return Money(amount, case.terms.currency)

    return Option(
        name=name,
        total=money(case.total),
        saving=money(case.saving),
        present=money(case.net_present_value),
        deepest=money(case.deepest),
        payback=_payback(case.payback_months),
    )


def _payback(months: int | None) -> str:
    if months is None:
        return _("not within the term")
    if months == 0:
        return _("at once")
    return ngettext("after {n} month", "after {n} months", months).format(n=months)


def _bars(cases: list[BusinessCase]) -> tuple[Bar, ...]:
    """Return the steps from the price at quoted rates to the total, each bid's beside the others'."""
    order: dict[str, None] = {}
    for case in cases:
        order |= dict.fromkeys(step.code for step in case.bridge)
    held = [{step.code: step.amount for step in case.bridge} for case in cases]
    return tuple(
        Bar(
            str(STEPS.get(code) or words.PARTS[code]),
            tuple(
                Money(steps[code], case.terms.currency) if code in steps else None
                for steps, case in zip(held, cases, strict=True)
            ),
        )
        for code in order
    )


def _finding(options: tuple[Option, ...]) -> str:
    if not options:
        return ""
    best = max(options, key=lambda one: one.present.amount)
    amount = formats.money(Money(abs(best.present.amount), best.present.currency), 0)
    if best.present.amount <= 0:
        return _(
            "No bid is worth the change: the best, {vendor}, costs {amount} more than today."
        ).format(vendor=best.name, amount=amount)
    return _(
        "{vendor} saves {amount} against today in present value; the money is back {payback}."
    ).format(vendor=best.name, amount=amount, payback=best.payback)
