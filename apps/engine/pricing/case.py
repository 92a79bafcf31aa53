"""The case `price`: one workload under every quote. Schema: docs/engine/case-price.md."""

from collections.abc import Mapping, Sequence

from apps.engine.errors import InvalidInput
from apps.engine.pricing import case_output as write
from apps.engine.pricing.quote import OrderBy, Quote, Terms
from apps.engine.pricing.read_quote import read_quote
from apps.engine.pricing.read_terms import read_terms
from apps.engine.pricing.read_workload import read_workload
from apps.engine.pricing.staffed import staffed
from apps.engine.pricing.tco import TotalCost, total_cost
from apps.engine.pricing.workload import Workload
from apps.engine.reading import Json, Outcome, Reader

MOST_QUOTES = 60


def run(case: Mapping[str, Json]) -> Outcome:
    """Compare the quotes of a case; raise InvalidInput with the path of the wrong field."""
    reader = Reader(case).only("workload", "terms", "quotes", "uncertainty")
    workload = read_workload(reader.key("workload"))
    terms = read_terms(reader.key("terms"))
    quotes = read_quotes(reader.key("quotes"), workload, terms)
    costs = [_priced(quote, workload, terms, place) for place, quote in enumerate(quotes)]
    places = ranked(costs)
    results = [
        {
            "id": cost.demand.quote.id,
            "vendor": cost.demand.quote.vendor,
            "model": cost.demand.quote.model.slug,
            "place": place,
            **write.amounts(cost),
            "staffing": write.staffing(cost, [staffed(q) for q in cost.demand.queues]),
        }
        for cost, place in zip(costs, places, strict=True)
    ]
    return Outcome(
        result={
            "currency": terms.currency,
            "quotes": results,
            "order": [
                q.id for _, q in sorted(zip(places, quotes, strict=True), key=lambda x: x[0])
            ],
        },
        method={"timing": terms.timing.value, "order_by": terms.order_by.value},
    )


def read_quotes(reader: Reader, workload: Workload, terms: Terms) -> tuple[Quote, ...]:
    items = reader.items(least=1, most=MOST_QUOTES)
    quotes = tuple(read_quote(item, workload, terms) for item in items)
    if len({quote.id for quote in quotes}) != len(quotes):
        raise reader.error("Give every quote an id of its own.")
    if sum(quote.in_house for quote in quotes) > 1:
        raise reader.error("Mark one quote at most as in-house.")
    return quotes


def _priced(quote: Quote, workload: Workload, terms: Terms, place: int) -> TotalCost:
    try:
        return total_cost(quote, workload, terms)
    except InvalidInput as error:
        raise error.at(f"quotes[{place}]") from None


def ranked(costs: Sequence[TotalCost]) -> list[int]:
    """Return places by rounded amounts, cheapest first; equal amounts share the better place."""
    keys = [
        cost.present_value if cost.demand.terms.order_by is OrderBy.PRESENT_VALUE else cost.total
        for cost in costs
    ]
    return [1 + sum(other < key for other in keys) for key in keys]
