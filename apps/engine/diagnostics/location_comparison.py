"""Location comparison (F12): what a resolved contact costs in each place.

rate * handle time / 3600 / (occupancy * (1 - shrinkage)) / FCR, the rate per paid hour, plus
governance and currency as shares of it and the transition spread over the resolved contacts.
An hourly rate 60 % lower leaves 43 % once contacts last 20 % longer, resolution falls from .75
to .68 and 8 % goes into governance. "Offshore 40 to 60 % below" and "8 to 15 USD an hour" are
dated priors: what lies outside is flagged, never refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.engine.diagnostics.diagnostic import (
    PERCENT,
    Diagnostic,
    Figure,
    Finding,
    printed,
    warning,
)
from apps.engine.errors import InvalidInput
from apps.engine.fields import ONE, ZERO, Choice, Field, Table, Unit, Values
from apps.engine.reading import Json

HUNDRED, SECONDS_PER_HOUR = Decimal(100), Decimal(3600)
MONEY = Unit.MONEY.value
LOCATIONS = ("in_house", "onshore", "nearshore", "offshore")
LEAST_SHARE, MOST_SHRINKAGE = Decimal("0.01"), Decimal("0.9")
# Dated priors of the guide of 2026, in per cent below the onshore rate
OFFSHORE_PRIOR = (Decimal(40), Decimal(60))


@dataclass(frozen=True)
class Place:
    rate: Decimal
    resolved_contact: Decimal


def compare(values: Values) -> Finding:
    places = _places(values)
    if len(places) < 2:
        raise InvalidInput("Give at least two locations to compare.", path="locations")
    baseline = values.text("baseline")
    if baseline not in places:
        raise InvalidInput(
            f"Name one of the locations given: {', '.join(places)}.", path="baseline"
        )
    best = min(places, key=lambda name: printed(places[name].resolved_contact))
    return Finding(
        value=places[best].resolved_contact,
        unit=MONEY,
        band=best,
        figures=_figures(places, places[baseline]),
        guide=_headline(places, baseline),
        warnings=_warnings(places),
    )


def _places(values: Values) -> dict[str, Place]:
    """Costs by location, in the order of LOCATIONS: ties go to the nearest."""
    found: dict[str, Place] = {}
    for place, row in enumerate(values.rows("locations")):
        if row.text("location") in found:
            raise InvalidInput("Give each location once.", path=f"locations[{place}].location")
        found[row.text("location")] = _place(row, values.number("resolved_contacts"))
    return {name: found[name] for name in LOCATIONS if name in found}


def _place(row: Values, resolved_contacts: Decimal) -> Place:
    rate = row.number("hourly_rate")
    handling = rate * row.number("handle_seconds") / SECONDS_PER_HOUR
    contact = handling / (row.number("occupancy") * (1 - row.number("shrinkage")))
    running = contact / row.number("resolution")
    extra = running * (row.number("governance") + row.number("currency_cost"))
    transition = row.number("transition") / resolved_contacts
    return Place(rate, running + extra + transition)


def _figures(places: Mapping[str, Place], baseline: Place) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for name, place in places.items():
        figures[f"{name}_per_resolved_contact"] = Figure(place.resolved_contact, MONEY)
        figures[f"{name}_saving"] = Figure(
            _below(place.resolved_contact, baseline.resolved_contact), PERCENT
        )
        figures[f"{name}_headline_saving"] = Figure(_below(place.rate, baseline.rate), PERCENT)
    return figures


def _below(amount: Decimal, reference: Decimal) -> Decimal | None:
    """Per cent by which an amount lies below another; None where that one is 0."""
    return (1 - amount / reference) * HUNDRED if reference else None


def _headline(places: Mapping[str, Place], baseline: str) -> Figure:
    """The guide compares hourly rates: the lowest of them against the baseline."""
    lowest = min(place.rate for place in places.values())
    return Figure(_below(lowest, places[baseline].rate), PERCENT)


def _warnings(places: Mapping[str, Place]) -> tuple[Json, ...]:
    if "offshore" not in places or "onshore" not in places:
        return ()
    headline = _below(places["offshore"].rate, places["onshore"].rate)
    low, high = OFFSHORE_PRIOR
    if headline is None or low <= headline <= high:
        return ()
    return (warning("offshore_rate_outside_dated_prior", low=str(low), high=str(high)),)


COLUMNS = (
    Choice("location", LOCATIONS, "Where the contacts are answered."),
    Field("hourly_rate", Unit.MONEY, ZERO, None, "Price of a paid hour."),
    Field("handle_seconds", Unit.SECONDS, ONE, None, "Handle time of a contact."),
    Field("occupancy", Unit.SHARE, LEAST_SHARE, ONE, "Share of logged-in time spent on contacts."),
    Field("shrinkage", Unit.SHARE, ZERO, MOST_SHRINKAGE, "Share of paid time not logged in."),
    Field("resolution", Unit.SHARE, LEAST_SHARE, ONE, "First-contact resolution."),
    Field("governance", Unit.SHARE, ZERO, None, "Governance and travel over the running cost."),
    Field("currency_cost", Unit.SHARE, ZERO, None, "Cost of currency over the running cost."),
    Field("transition", Unit.MONEY, ZERO, None, "One-off cost of moving there."),
)

LOCATION_COMPARISON = Diagnostic(
    slug="location_comparison",
    name="Location comparison",
    version="1",
    bands=LOCATIONS,
    fields=(
        Table("locations", COLUMNS, "One row for each location.", most=len(LOCATIONS)),
        Choice("baseline", LOCATIONS, "The location that the others are compared with."),
        Field(
            "resolved_contacts",
            Unit.COUNT,
            ONE,
            None,
            "Resolved contacts over the term, to spread the transition over.",
        ),
    ),
    compute=compare,
)
