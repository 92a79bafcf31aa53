"""Revenue leakage (F5): contribution margin lost and cost wasted in a period.

Abandonment  sum of abandons (over 5 s) * (1 - recovered within 24 h) * margin, by cause
Resolution   (q_fail - q_ok) * failed contacts * lifetime margin, q the share that cancels within
             14 days after a failed contact and after a matched success; negative stays negative
Opportunity  eligible (satisfied) contacts * (attainable rate - observed rate)+ * margin
Operational  wasted hours * cost per productive hour + (contacts - issues) * cost per contact
Each contact belongs to one class: resolution before abandonment before opportunity. The guide
counts every abandon, every cancellation and every missed offer as lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from apps.engine.diagnostics.diagnostic import (
    Diagnostic,
    Figure,
    Finding,
    Interval,
    all_or_none,
    part_of,
    warning,
)
from apps.engine.diagnostics.intervals import difference_of_shares, wilson
from apps.engine.diagnostics.leakage_fields import LEAKAGE_FIELDS
from apps.engine.errors import InvalidInput
from apps.engine.fields import ZERO, Unit, Values
from apps.engine.reading import Json

MONEY = Unit.MONEY.value
MINUTES_PER_HOUR = Decimal(60)
CAUSES = ("abandoned_waiting", "abandoned_ivr", "abandoned_chatbot")
MARGIN_PARTS = ("abandonment", "resolution", "opportunity")
COST_PARTS = ("operational",)
RESOLUTION_FIELDS = (
    "failed",
    "failed_followed",
    "failed_cancelled",
    "resolved_followed",
    "resolved_cancelled",
    "lifetime_margin",
)
OPPORTUNITY_FIELDS = ("eligible", "accepted", "attainable_rate", "offer_margin")


@dataclass(frozen=True)
class Part:
    """One class of loss: estimate, its interval, what the guide would count, further figures."""

    value: Decimal
    interval: Interval
    guide: Decimal
    figures: Mapping[str, Figure]


def leakage(values: Values) -> Finding:
    shown = {
        "abandonment": _abandonment(values),
        "resolution": _resolution(values),
        "opportunity": _opportunity(values),
        "operational": _operational(values),
    }
    parts = {name: part for name, part in shown.items() if part is not None}
    if not parts:
        raise InvalidInput("Give the figures of at least one kind of loss.")
    return Finding(
        value=sum((part.value for part in parts.values()), ZERO),
        unit=MONEY,
        interval=_total_interval(shown),
        figures={
            **_group("margin_lost", [parts[name] for name in MARGIN_PARTS if name in parts]),
            **_group("cost_wasted", [parts[name] for name in COST_PARTS if name in parts]),
            **_part_figures(parts),
            **_against_fixing(values, parts),
            **_churn(values),
        },
        guide=Figure(sum((part.guide for part in parts.values()), ZERO), MONEY),
        warnings=_warnings(shown),
    )


def repeat_contacts(
    issues: Decimal, unresolved_share: Decimal, extra_each: Decimal
) -> tuple[Decimal, Decimal]:
    """Unresolved issues, and the further contacts they bring."""
    unresolved = issues * unresolved_share
    return unresolved, unresolved * extra_each


def ranked(parts: Mapping[str, Part]) -> list[str]:
    """Kinds of loss, the dearest first."""
    return sorted(parts, key=lambda name: parts[name].value, reverse=True)


# The four parts; None where a part is not given


def _abandonment(values: Values) -> Part | None:
    causes = [name for name in CAUSES if values.given(name)]
    if not causes:
        return None
    lost, low, high, gross = {}, ZERO, ZERO, ZERO
    for cause in causes:
        lost[cause] = ZERO
        for row in values.rows(cause):
            worth = row.number("contacts") * row.number("margin")
            back = row.number("recovered")
            least, most = wilson(back, max(1, int(row.number("contacts"))))
            lost[cause] += worth * (1 - back)
            low, high, gross = low + worth * (1 - most), high + worth * (1 - least), gross + worth
    figures = {cause: Figure(amount, MONEY) for cause, amount in lost.items()}
    return Part(sum(lost.values(), ZERO), Interval(low, high), gross, MappingProxyType(figures))


def _resolution(values: Values) -> Part | None:
    if not all_or_none(values, *RESOLUTION_FIELDS):
        return None
    bad, bad_n = part_of(values, "failed_cancelled", "failed_followed")
    good, good_n = part_of(values, "resolved_cancelled", "resolved_followed")
    shares = (Decimal(bad) / bad_n, Decimal(good) / good_n)
    worth = values.number("failed") * values.number("lifetime_margin")
    low, high = difference_of_shares(shares, (bad_n, good_n))
    return Part(
        (shares[0] - shares[1]) * worth,
        Interval(low * worth, high * worth),
        shares[0] * worth,
        MappingProxyType(
            {
                "cancelled_after_failure": Figure(shares[0], Unit.SHARE.value),
                "cancelled_after_success": Figure(shares[1], Unit.SHARE.value),
            }
        ),
    )


def _opportunity(values: Values) -> Part | None:
    if not all_or_none(values, *OPPORTUNITY_FIELDS):
        return None
    accepted, eligible = part_of(values, "accepted", "eligible")
    observed, attainable = Decimal(accepted) / eligible, values.number("attainable_rate")
    worth = eligible * values.number("offer_margin")
    low, high = wilson(observed, eligible)
    return Part(
        worth * max(ZERO, attainable - observed),
        Interval(worth * max(ZERO, attainable - high), worth * max(ZERO, attainable - low)),
        worth * (1 - observed),
        MappingProxyType({"offer_rate": Figure(observed, Unit.SHARE.value)}),
    )


def _operational(values: Values) -> Part | None:
    manual, repeats = _manual(values), _repeats(values)
    if manual is None and repeats is None:
        return None
    figures = {} if manual is None else {"manual_work": Figure(manual, MONEY)}
    cost = manual or ZERO
    if repeats is not None:
        unresolved, extra, repeated = repeats
        cost += repeated
        figures["repeat_contacts"] = Figure(extra, Unit.COUNT.value)
        figures["repeat_cost"] = Figure(repeated, MONEY)
        figures["unresolved_issues"] = Figure(unresolved, Unit.COUNT.value)
    return Part(cost, Interval(cost, cost), cost, MappingProxyType(figures))


def _manual(values: Values) -> Decimal | None:
    if not all_or_none(values, "wasted_minutes", "hour_cost"):
        return None
    return values.number("wasted_minutes") / MINUTES_PER_HOUR * values.number("hour_cost")


def _repeats(values: Values) -> tuple[Decimal | None, Decimal, Decimal] | None:
    """Unresolved issues (where estimated), repeat contacts, and their cost."""
    if not all_or_none(values, "issues", "contact_cost"):
        return None
    issues = values.number("issues")
    estimated = all_or_none(values, "unresolved_share", "extra_each")
    if estimated == values.given("contacts"):
        raise InvalidInput(
            "Give either the contacts counted, or the unresolved share with the further contacts "
            "each brings.",
            path="contacts",
        )
    unresolved = None
    if estimated:
        unresolved, extra = repeat_contacts(
            issues, values.number("unresolved_share"), values.number("extra_each")
        )
    else:
        part_of(values, "issues", "contacts")
        extra = values.number("contacts") - issues
    return unresolved, extra, extra * values.number("contact_cost")


# What is told about the parts


def _total_interval(parts: Mapping[str, Part | None]) -> Interval:
    """Ends of the parts' intervals added up: too wide rather than too narrow.

    A part that is not given may be anything: no loss is below 0, except that of resolution,
    where customers may stay after a failure more often than after a success.
    """
    known = [part.interval for part in parts.values() if part is not None]
    low = sum((interval.lo or ZERO for interval in known), ZERO)
    high = sum((interval.hi or ZERO for interval in known), ZERO)
    return Interval(
        low if parts["resolution"] is not None else None,
        high if len(known) == len(parts) else None,
    )


def _group(name: str, parts: Sequence[Part]) -> dict[str, Figure]:
    """The sum of the parts that are given, with its interval; nothing where none is."""
    if not parts:
        return {}
    return {
        name: Figure(sum((part.value for part in parts), ZERO), MONEY),
        f"{name}_low": Figure(sum((part.interval.lo or ZERO for part in parts), ZERO), MONEY),
        f"{name}_high": Figure(sum((part.interval.hi or ZERO for part in parts), ZERO), MONEY),
    }


def _part_figures(parts: Mapping[str, Part]) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for place, name in enumerate(ranked(parts), start=1):
        part = parts[name]
        figures[name] = Figure(max(ZERO, part.value), MONEY)
        figures[f"{name}_estimate"] = Figure(part.value, MONEY)
        figures[f"{name}_low"] = Figure(part.interval.lo, MONEY)
        figures[f"{name}_high"] = Figure(part.interval.hi, MONEY)
        figures[f"{name}_rank"] = Figure(Decimal(place), Unit.COUNT.value)
        figures.update(part.figures)
    return figures


def _against_fixing(values: Values, parts: Mapping[str, Part]) -> dict[str, Figure]:
    """What is left of each loss after the cost of fixing it."""
    return {
        f"{name}_after_fixing": Figure(part.value - values.number(f"fix_{name}"), MONEY)
        for name, part in parts.items()
        if values.given(f"fix_{name}")
    }


def _churn(values: Values) -> dict[str, Figure]:
    """Recurring revenue lost with an open ticket; the share among those who stayed beside it."""
    if not all_or_none(values, "revenue_lost", "revenue_lost_open_ticket"):
        return {}
    part_of(values, "revenue_lost_open_ticket", "revenue_lost")
    lost = values.number("revenue_lost")
    share = values.number("revenue_lost_open_ticket") / lost if lost else None
    return {
        "open_ticket_share_of_lost_revenue": Figure(share, Unit.SHARE.value),
        "open_ticket_share_of_stayers": Figure(
            values.maybe("open_ticket_share_of_stayers"), Unit.SHARE.value
        ),
    }


def _warnings(parts: Mapping[str, Part | None]) -> tuple[Json, ...]:
    found: list[Json] = []
    for name, part in parts.items():
        if part is None:
            found.append(warning("part_not_shown", part=name))
        elif part.value < ZERO:
            found.append(warning("negative_estimate_shown_as_zero", part=name))
    return tuple(found)


REVENUE_LEAKAGE = Diagnostic(
    slug="revenue_leakage",
    name="Revenue leakage",
    version="1",
    fields=LEAKAGE_FIELDS,
    compute=leakage,
)
