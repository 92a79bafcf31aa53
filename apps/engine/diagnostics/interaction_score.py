"""Interaction score (F1), 1 to 100: revenue risk, sentiment shift, speed of resolution.

I = 1 + 99 (w_r x_r + w_s x_s + w_t x_t), weights .4, .3, .3 by default, with
x_r = 1 - p_loss * min(1, value / P95 of values): risk is a cost, so it counts reversed,
x_s = (shift + 2) / 4 for sentiment in -1..1 before and after,
x_t = clip(1.5 - t / t_intent, 0, 1), and 0 if the issue stays unresolved.
Below 40 revenue leaks. Sentiment is biased by accent and language: audit it by group.
"""

from collections.abc import Mapping
from decimal import Decimal

from apps.engine.diagnostics.diagnostic import (
    Diagnostic,
    Figure,
    Finding,
    Interval,
    all_or_none,
    printed,
    warning,
)
from apps.engine.diagnostics.intervals import clip
from apps.engine.errors import WeightsError
from apps.engine.fields import ONE, ZERO, Choice, Field, Unit, Values

WEIGHTS = {
    "risk": ("weight_risk", Decimal("0.4")),
    "sentiment": ("weight_sentiment", Decimal("0.3")),
    "speed": ("weight_speed", Decimal("0.3")),
}
LEAKING_BELOW = Decimal(40)
LEAKING, STABLE = "active_leakage", "stable"
SLACK, RANGE = Decimal("1.5"), Decimal(2)
YES, NO = "yes", "no"


def interaction(values: Values) -> Finding:
    parts = {
        "risk": _risk(values),
        "sentiment": _sentiment(values),
        "speed": _speed(values),
    }
    weights = _weights(values)
    low, high = (_score(parts, weights, absent=absent) for absent in (ZERO, ONE))
    whole = None not in parts.values()
    missing = (name for name, part in parts.items() if part is None)
    return Finding(
        value=low if whole else None,
        unit=Unit.POINTS.value,
        band=band(low) if band(low) == band(high) else None,
        interval=Interval(low, high),
        figures={name: Figure(part, Unit.SHARE.value) for name, part in parts.items()},
        warnings=tuple(warning("part_not_shown", part=name) for name in missing),
    )


def band(score: Decimal) -> str:
    return LEAKING if printed(score) < LEAKING_BELOW else STABLE


def _score(
    parts: Mapping[str, Decimal | None], weights: Mapping[str, Decimal], *, absent: Decimal
) -> Decimal:
    given = {name: absent if part is None else part for name, part in parts.items()}
    return 1 + 99 * sum((weights[name] * part for name, part in given.items()), ZERO)


def _weights(values: Values) -> dict[str, Decimal]:
    names = [field for field, _ in WEIGHTS.values()]
    if not all_or_none(values, *names):
        return {part: default for part, (_, default) in WEIGHTS.items()}
    weights = {part: values.number(field) for part, (field, _) in WEIGHTS.items()}
    total = sum(weights.values(), ZERO)
    if total != ONE:
        raise WeightsError(
            f"The three weights add up to {total}; they must add up to 1.", path=names[0]
        )
    return weights


def _risk(values: Values) -> Decimal | None:
    if not all_or_none(values, "loss_probability", "customer_value", "high_value"):
        return None
    size = min(ONE, values.number("customer_value") / values.number("high_value"))
    return 1 - values.number("loss_probability") * size


def _sentiment(values: Values) -> Decimal | None:
    if not all_or_none(values, "sentiment_before", "sentiment_after"):
        return None
    shift = values.number("sentiment_after") - values.number("sentiment_before")
    return (shift + RANGE) / (2 * RANGE)


def _speed(values: Values) -> Decimal | None:
    if not values.given("resolved"):
        return None
    if values.text("resolved") == NO:
        return ZERO
    if not all_or_none(values, "minutes", "usual_minutes"):
        return None
    return clip(SLACK - values.number("minutes") / values.number("usual_minutes"))


def _optional(name: str, unit: Unit, low: Decimal | None, high: Decimal | None, text: str) -> Field:
    return Field(name, unit, low, high, text, required=False)


LEAST_AMOUNT = Decimal("0.01")

INTERACTION_SCORE = Diagnostic(
    slug="interaction_score",
    name="Interaction score",
    version="1",
    bands=(LEAKING, STABLE),
    fields=(
        _optional("loss_probability", Unit.SHARE, ZERO, ONE, "Chance that the customer leaves."),
        _optional("customer_value", Unit.MONEY, ZERO, None, "Expected margin of the customer."),
        _optional(
            "high_value",
            Unit.MONEY,
            LEAST_AMOUNT,
            None,
            "The value that 95 % of customers stay below.",
        ),
        _optional(
            "sentiment_before", Unit.RATIO, -ONE, ONE, "Sentiment when the contact began, -1 to 1."
        ),
        _optional(
            "sentiment_after", Unit.RATIO, -ONE, ONE, "Sentiment when the contact ended, -1 to 1."
        ),
        Choice("resolved", (YES, NO), "Whether the issue was resolved.", required=False),
        _optional("minutes", Unit.MINUTES, ZERO, None, "Minutes until it was resolved."),
        _optional(
            "usual_minutes", Unit.MINUTES, LEAST_AMOUNT, None, "Usual minutes for this intent."
        ),
        _optional("weight_risk", Unit.SHARE, ZERO, ONE, "Weight of risk; 0.4 where left empty."),
        _optional(
            "weight_sentiment", Unit.SHARE, ZERO, ONE, "Weight of sentiment; 0.3 where left empty."
        ),
        _optional("weight_speed", Unit.SHARE, ZERO, ONE, "Weight of speed; 0.3 where left empty."),
    ),
    compute=interaction,
)
