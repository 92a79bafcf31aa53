"""Service quality (F8): a gate, not an average.

Passed if uptime is 99.99 % or more, the audit scores 100 and no breach is confirmed. Any
deviation fails it, whatever else is missing; otherwise a missing input leaves it not shown. The
penalty is the sum of the credits up to their cap, and is separate from the gate.
"""

from decimal import Decimal

from apps.engine.diagnostics.diagnostic import (
    Diagnostic,
    Figure,
    Finding,
    all_or_none,
    part_of,
    printed,
    warning,
)
from apps.engine.errors import InvalidInput
from apps.engine.fields import ONE, ZERO, Field, Table, Unit, Values
from apps.engine.reading import Json

UPTIME, AUDIT = Decimal("0.9999"), Decimal(100)
MINUTES_OF_30_DAYS = Decimal(43_200)
SLOWEST_PROBE, FEWEST_PLACES = Decimal(60), Decimal(2)
RULE_OF_THREE = Decimal(3)  # no event in n months bounds the monthly rate at 3/n with 95 %
PASSED, FAILED, NOT_SHOWN = "passed", "failed", "not_shown"


def gate(values: Values) -> Finding:
    uptime = _uptime(values)
    checks = {
        "uptime": None if uptime is None else printed(uptime) >= UPTIME,
        "audit": _holds(values, "audit_score", AUDIT),
        "breaches": _holds(values, "breaches", ZERO),
    }
    figures = {
        "uptime": Figure(uptime, Unit.SHARE.value),
        "minutes_allowed_in_30_days": Figure(MINUTES_OF_30_DAYS * (1 - UPTIME), Unit.MINUTES.value),
        "penalty": Figure(_penalty(values), Unit.MONEY.value),
        "breaches_a_month_at_most": Figure(_breach_rate(values), Unit.RATIO.value),
    }
    band = _verdict(tuple(checks.values()))
    return Finding(
        value=None,
        unit="gate",
        band=band,
        figures=figures,
        guide=None,
        warnings=(*_open_checks(checks), *_doubts(values)),
    )


def _uptime(values: Values) -> Decimal | None:
    if not all_or_none(values, "period_minutes", "down_minutes"):
        return None
    down, period = values.number("down_minutes"), values.number("period_minutes")
    if down > period:
        raise InvalidInput(
            f"Give at most {period}, the minutes of the period.", path="down_minutes"
        )
    return 1 - down / period


def _holds(values: Values, name: str, wanted: Decimal) -> bool | None:
    figure = values.maybe(name)
    return None if figure is None else figure == wanted


def _verdict(checks: tuple[bool | None, ...]) -> str:
    if False in checks:
        return FAILED
    return NOT_SHOWN if None in checks else PASSED


def _penalty(values: Values) -> Decimal | None:
    if not values.given("credits"):
        return None
    total = sum(
        (row.number("count") * row.number("credit") for row in values.rows("credits")), ZERO
    )
    cap = values.maybe("penalty_cap")
    return total if cap is None else min(cap, total)


def _breach_rate(values: Values) -> Decimal | None:
    months = values.maybe("months_observed")
    if months is None or values.maybe("breaches") != ZERO:
        return None
    return RULE_OF_THREE / months


def _open_checks(checks: dict[str, bool | None]) -> tuple[Json, ...]:
    failed = (warning("check_failed", check=name) for name, held in checks.items() if held is False)
    unseen = (
        warning("check_not_shown", check=name) for name, held in checks.items() if held is None
    )
    return (*failed, *unseen)


def _doubts(values: Values) -> tuple[Json, ...]:
    """What weakens the figures without changing the gate."""
    found: list[Json] = []
    if values.number("breaches", ZERO) > ZERO:
        found.append(warning("breach_gives_right_to_terminate"))
    probe, places = values.maybe("probe_seconds"), values.maybe("probe_places")
    if probe is None or probe > SLOWEST_PROBE:
        found.append(warning("probe_slower_than_60_seconds_or_not_named"))
    if places is None or places < FEWEST_PLACES:
        found.append(warning("probed_from_fewer_than_2_places_or_not_named"))
    if not values.given("controls_tested"):
        found.append(warning("audit_without_number_of_controls"))
    elif values.given("controls"):
        tested, controls = part_of(values, "controls_tested", "controls")
        found.append(warning("controls_tested", tested=tested, of=controls))
    return tuple(found)


SERVICE_QUALITY = Diagnostic(
    slug="service_quality",
    name="Service quality gate",
    version="1",
    bands=(FAILED, NOT_SHOWN, PASSED),
    fields=(
        Field(
            "period_minutes",
            Unit.MINUTES,
            ONE,
            None,
            "Minutes of the period, without the exclusions that the contract names.",
            required=False,
        ),
        Field("down_minutes", Unit.MINUTES, ZERO, None, "Minutes out of service.", required=False),
        Field("audit_score", Unit.POINTS, ZERO, AUDIT, "Compliance audit score.", required=False),
        Field("breaches", Unit.COUNT, ZERO, None, "Confirmed breaches.", required=False),
        Field(
            "months_observed",
            Unit.COUNT,
            ONE,
            None,
            "Months in which breaches were counted.",
            required=False,
        ),
        Field(
            "controls_tested", Unit.COUNT, ZERO, None, "Controls the audit tested.", required=False
        ),
        Field("controls", Unit.COUNT, ONE, None, "Controls in scope of the audit.", required=False),
        Field(
            "probe_seconds",
            Unit.SECONDS,
            ZERO,
            None,
            "Seconds between two probes of the service.",
            required=False,
        ),
        Field(
            "probe_places",
            Unit.COUNT,
            ONE,
            None,
            "Places from which the service is probed.",
            required=False,
        ),
        Table(
            "credits",
            (
                Field("count", Unit.COUNT, ZERO, None, "Deviations of this severity."),
                Field("credit", Unit.MONEY, ZERO, None, "Credit for each of them."),
            ),
            "Penalty schedule: one row for each severity.",
            required=False,
        ),
        Field(
            "penalty_cap", Unit.MONEY, ZERO, None, "Most that credits add up to.", required=False
        ),
    ),
    compute=gate,
)
