"""Charts of a comparison: the record's figures handed to the drawings, and the same as tables."""

from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.charts import figures
from apps.core.charts.break_even import BreakEven, CostLine
from apps.core.charts.break_even import Crossing as Ring
from apps.core.charts.cost_stack import CostBar, CostStack
from apps.core.charts.svg import Vendor
from apps.core.charts.tornado import Tornado, TornadoBar
from apps.core.charts.total_ranges import TotalRange, TotalRanges
from apps.core.templatetags import formats
from apps.engine.money import Money
from apps.pricing.selectors import words
from apps.pricing.selectors.reading import Result
from apps.pricing.types import (
    Chance,
    Crossing,
    Lever,
    Part,
    Point,
    Quote,
    Range,
    Uncertain,
    Volumes,
)

THOUSAND = 1000
LEAST_CHANCE = Decimal("0.0001")


def stack(result: Result) -> CostStack:
    return CostStack(
        title=_("Cost over {months} months by part").format(months=result.months),
        parts=tuple(str(label) for label, _parts in words.STACK),
        bars=tuple(
            CostBar(
                label=quote.name,
                parts=tuple(float(_together(quote, parts)) for _label, parts in words.STACK),
                note=str(words.MODELS[quote.model]),
                letter=quote.letter,
            )
            for quote in result.quotes()
        ),
        currency=result.currency,
    )


def _together(quote: Quote, parts: tuple[str, ...]) -> Decimal:
    return sum((quote.parts[part].amount for part in parts if part in quote.parts), Decimal(0))


def parts(result: Result) -> tuple[Part, ...]:
    """Return every cost part that occurs, with its amount in each quote."""
    quotes = result.quotes()
    zero = Money.zero(result.currency)
    return tuple(
        Part(str(label), tuple(quote.parts.get(part, zero) for quote in quotes))
        for part, label in words.PARTS.items()
        if any(part in quote.parts for quote in quotes)
    )


def volumes(result: Result) -> Volumes:
    found, quotes = result.plain["volumes"], tuple(result.by_id.values())
    points = tuple(
        Point(Decimal(point["contacts_per_month"]), tuple(map(result.money, point["costs"])))
        for point in found["points"]
    )
    crossings = tuple(
        Crossing(
            contacts=Decimal(one["contacts_per_month"]),
            cost=result.money(one["cost"]),
            below=result.by_id[one["cheaper_below"]],
            above=result.by_id[one["cheaper_above"]],
            jump=one["jump"],
        )
        for one in found["crossings"]
    )
    forecast = Decimal(found["forecast_contacts_per_month"])
    return Volumes(
        chart=_lines(result, quotes, points, crossings, forecast),
        forecast=forecast,
        crossings=crossings,
        ranges=tuple(
            Range(
                Decimal(one["from"]["contacts_per_month"]),
                Decimal(one["to"]["contacts_per_month"]),
                result.by_id[one["quote"]],
            )
            for one in found["cheapest"]
        ),
        points=points,
    )


def _lines(
    result: Result,
    quotes: tuple[Quote, ...],
    points: tuple[Point, ...],
    crossings: tuple[Crossing, ...],
    forecast: Decimal,
) -> BreakEven:
    low, high = _band(result)
    return BreakEven(
        title=_("Present value over {months} months by volume").format(months=result.months),
        lines=tuple(
            CostLine(
                name=quote.name,
                points=tuple(
                    (float(point.contacts), float(point.costs[place].amount)) for point in points
                ),
                letter=quote.letter,
            )
            for place, quote in enumerate(quotes)
        ),
        crossings=tuple(
            Ring(float(one.contacts), float(one.cost.amount), formats.number(one.contacts))
            for one in crossings
        ),
        currency=result.currency,
        forecast=float(forecast),
        low=float(forecast * low),
        high=float(forecast * high),
        band_word=_("Forecast P10 to P90") if low != high else _("Forecast"),
        x_word=_("contacts a month"),
        y_word=_("present value"),
    )


def _band(result: Result) -> tuple[Decimal, Decimal]:
    """Return the P10 and P90 of volume as multiples of the forecast; 1 and 1 where it is certain."""
    uncertainty = result.plain["uncertainty"] or {"tornado": []}
    for quote in uncertainty["tornado"][:1]:
        for bar in quote["bars"]:
            if bar["input"] == "volume":
                return Decimal(bar["low_input"]), Decimal(bar["high_input"])
    return Decimal(1), Decimal(1)


def uncertain(result: Result) -> Uncertain | None:
    found = result.plain["uncertainty"]
    if found is None:
        return None
    rows = {row["id"]: row for row in found["quotes"]}
    chances = tuple(
        Chance(
            quote=quote,
            p5=result.money(rows[quote.id]["p5"]),
            p50=result.money(rows[quote.id]["p50"]),
            p95=result.money(rows[quote.id]["p95"]),
            tail=result.money(rows[quote.id]["cvar95"]),
            cheapest=_chance(rows[quote.id]["chance_cheapest"]),
            regret_expected=result.money(rows[quote.id]["regret_expected"]),
            regret_largest=result.money(rows[quote.id]["regret_largest"]),
            least_regret=quote.id == found["minimax_regret"],
        )
        for quote in result.quotes()
    )
    about = result.quotes()[0]
    return Uncertain(
        draws=found["draws"],
        seed=result.seed,
        rows=chances,
        ranges=_ranges(result, chances),
        tornado=_tornado(result, about),
        about=about,
        levers=_levers(result),
    )


def _chance(share: str) -> str:
    """Write a chance from draws: none of ten thousand is still no proof of never."""
    bounded = min(max(Decimal(share), LEAST_CHANCE), 1 - LEAST_CHANCE)
    return figures.share(bounded, locale=formats.current_locale())


def _ranges(result: Result, chances: tuple[Chance, ...]) -> TotalRanges:
    """Draw bids alone: the mark of a vendor is its letter, and the own centre has none."""
    return TotalRanges(
        title=_("Present value in thousand {currency}, P5 to P95").format(currency=result.currency),
        rows=tuple(
            TotalRange(
                vendor=Vendor(row.quote.letter, row.quote.name),
                low=_thousands(row.p5),
                total=_thousands(row.p50),
                high=_thousands(row.p95),
            )
            for row in chances
            if row.quote.letter
        ),
        decimals=0,
    )


def _thousands(amount: Money) -> float:
    return float(amount.amount / THOUSAND)


def _tornado(result: Result, about: Quote) -> Tornado:
    bars = next(row for row in result.plain["uncertainty"]["tornado"] if row["id"] == about.id)
    return Tornado(
        title=_("What moves the cost of {name}").format(name=about.name),
        base=float(about.present_value.amount),
        bars=tuple(
            TornadoBar(
                label=str(words.INPUTS[bar["input"]]),
                at_low=float(bar["low"]),
                at_high=float(bar["high"]),
                low_input=formats.percentage(bar["low_input"], _decimals(bar["input"])),
                high_input=formats.percentage(bar["high_input"], _decimals(bar["input"])),
            )
            for bar in bars["bars"]
            if bar["low"] != bar["high"]  # what moves nothing has no bar; the table has it
        ),
        currency=result.currency,
        low_word=_("at its P10"),
        high_word=_("at its P90"),
    )


def _levers(result: Result) -> tuple[Lever, ...]:
    rows = {
        row["id"]: {bar["input"]: bar for bar in row["bars"]}
        for row in result.plain["uncertainty"]["tornado"]
    }
    quotes = result.quotes()
    return tuple(
        Lever(
            label=str(label),
            low_input=formats.percentage(rows[quotes[0].id][name]["low_input"], _decimals(name)),
            high_input=formats.percentage(rows[quotes[0].id][name]["high_input"], _decimals(name)),
            costs=tuple(
                (
                    quote,
                    result.money(rows[quote.id][name]["low"]),
                    result.money(rows[quote.id][name]["high"]),
                )
                for quote in quotes
            ),
        )
        for name, label in words.INPUTS.items()
        if name in rows[quotes[0].id]
    )


def _decimals(name: str) -> int:
    return 1 if name == "index" else 0
