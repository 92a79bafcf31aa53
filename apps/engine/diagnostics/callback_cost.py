"""Callback multiplier (F14): what an issue costs when unresolved customers call again.

Per issue, with q = returning * (1 - resolved_first): cost = contact_cost * (1 + multiple * q) and
minutes = contact_minutes + callback_minutes * q. Where callbacks fail too, q is divided by
1 - returning * (1 - resolved_callback), the sum of the geometric series of further callbacks.
Counts issues: a historic volume of contacts already contains the repeats.
"""

from decimal import Decimal

from apps.engine.diagnostics.diagnostic import Diagnostic, Figure, Finding, Interval, warning
from apps.engine.diagnostics.intervals import Span, wilson
from apps.engine.errors import InvalidInput
from apps.engine.fields import ONE, ZERO, Field, Unit, Values
from apps.engine.reading import Json

# The guide's example: a 4-minute call brings an 8-minute callback at three times the cost.
MULTIPLE, MINUTES, CALLBACK_MINUTES = Decimal(3), Decimal(4), Decimal(8)


def cost_per_issue(values: Values) -> Finding:
    cost, resolved = values.number("contact_cost"), values.number("resolved_first")
    multiple = values.number("multiple", MULTIPLE)
    again = callbacks(values, resolved)
    hidden = cost * multiple * again
    figures = {
        "callbacks_per_issue": Figure(again, Unit.RATIO.value),
        "cost_multiple": Figure(1 + multiple * again, Unit.RATIO.value),
        "hidden_cost_per_issue": Figure(hidden, Unit.MONEY.value),
        "minutes_per_issue": Figure(_minutes(values, again), Unit.MINUTES.value),
    }
    issues = values.maybe("issues")
    if issues is not None:
        figures["hidden_cost"] = Figure(hidden * issues, Unit.MONEY.value)
    return Finding(
        value=cost + hidden,
        unit=Unit.MONEY.value,
        interval=_interval(values, cost, multiple),
        figures=figures,
        guide=Figure(cost * (1 + MULTIPLE * (1 - resolved)), Unit.MONEY.value),
        warnings=_warnings(values),
    )


def callbacks(values: Values, resolved: Decimal) -> Decimal:
    """Callbacks for each issue."""
    returning, second = values.number("returning"), values.number("resolved_callback", ONE)
    stays_open = returning * (1 - second)
    if stays_open == ONE:
        raise InvalidInput(
            "Give a share above 0, or a share of returning customers below 1: as it stands nobody "
            "is ever served.",
            path="resolved_callback",
        )
    return returning * (1 - resolved) / (1 - stays_open)


def _minutes(values: Values, again: Decimal) -> Decimal:
    first = values.number("contact_minutes", MINUTES)
    return first + values.number("callback_minutes", CALLBACK_MINUTES) * again


def _interval(values: Values, cost: Decimal, multiple: Decimal) -> Interval | None:
    span = _resolved_span(values)
    if span is None:
        return None
    low, high = span
    ends = (cost * (1 + multiple * callbacks(values, share)) for share in (high, low))
    return Interval(*ends)


def _resolved_span(values: Values) -> Span | None:
    """95 % bounds of the share resolved at once, from the number of issues it was measured on."""
    sample = values.maybe("sample")
    return None if sample is None else wilson(values.number("resolved_first"), int(sample))


def _warnings(values: Values) -> tuple[Json, ...]:
    found: list[Json] = []
    if not values.given("resolved_callback"):
        found.append(warning("callbacks_taken_as_resolved"))
    if not values.given("sample"):
        found.append(warning("interval_needs_sample", field="sample"))
    return tuple(found)


CALLBACK_COST = Diagnostic(
    slug="callback_cost",
    name="Callback cost",
    version="1",
    fields=(
        Field("contact_cost", Unit.MONEY, ZERO, None, "Loaded cost of one first contact."),
        Field("resolved_first", Unit.SHARE, ZERO, ONE, "Share of issues resolved at once."),
        Field("returning", Unit.SHARE, ZERO, ONE, "Share of unresolved issues that call again."),
        Field(
            "multiple",
            Unit.RATIO,
            ONE,
            None,
            "Cost of a callback over that of a first contact; 3 where left empty.",
            required=False,
        ),
        Field(
            "resolved_callback",
            Unit.SHARE,
            ZERO,
            ONE,
            "Share of callbacks that resolve the issue; all of them where left empty.",
            required=False,
        ),
        Field(
            "contact_minutes",
            Unit.MINUTES,
            ZERO,
            None,
            "Minutes of a first contact; 4 where left empty.",
            required=False,
        ),
        Field(
            "callback_minutes",
            Unit.MINUTES,
            ZERO,
            None,
            "Minutes of a callback; 8 where left empty.",
            required=False,
        ),
        Field(
            "issues",
            Unit.COUNT,
            ZERO,
            None,
            "Issues in the period (not contacts, which count repeats again).",
            required=False,
        ),
        Field(
            "sample",
            Unit.COUNT,
            ONE,
            None,
            "Issues on which the share resolved at once was measured.",
            required=False,
        ),
    ),
    compute=cost_per_issue,
)
