"""The case `price`: one workload under every quote. Schema: docs/engine/case-price.md."""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal, localcontext

from apps.engine.numbers import text
from apps.engine.pricing import case_output as write
from apps.engine.pricing import case_study as study
from apps.engine.pricing import findings
from apps.engine.pricing.demand import Demand
from apps.engine.pricing.evaluate import Evaluator
from apps.engine.pricing.quote import Quote, Terms
from apps.engine.pricing.read_quote import read_quote
from apps.engine.pricing.read_terms import read_terms
from apps.engine.pricing.read_uncertainty import read_uncertainty
from apps.engine.pricing.read_workload import read_workload
from apps.engine.pricing.realism import Truth, sla
from apps.engine.pricing.scenarios import Scenarios
from apps.engine.pricing.staffed import staffed
from apps.engine.pricing.tco import TotalCost, total_cost
from apps.engine.pricing.uncertainty import HIGH, LOW, Uncertainty, draw, simulate, tornado
from apps.engine.pricing.volumes import study as study_volumes
from apps.engine.pricing.workload import Workload
from apps.engine.reading import Json, Outcome, Reader, located

VERSION = "1"
PRECISION = 40
MOST_QUOTES = 40


def run(case: Mapping[str, Json]) -> Outcome:
    """Compare the quotes of a case; raise InvalidInput with the path of the wrong field."""
    with localcontext(Context(prec=PRECISION)):  # whatever the caller's context may be
        return _run(case)


def costs_of(case: Mapping[str, Json]) -> tuple[TotalCost, ...]:
    """Price every quote of a case over its term, in their order, as `run` does; no study of them."""
    with localcontext(Context(prec=PRECISION)):
        return tuple(_read(case)[2])


def _read(case: Mapping[str, Json]) -> tuple[Workload, Terms, list[TotalCost], Uncertainty | None]:
    reader = Reader(case).only("workload", "terms", "quotes", "uncertainty")
    workload = read_workload(reader.key("workload"))
    terms = read_terms(reader.key("terms"))
    quotes = read_quotes(reader.key("quotes"), workload, terms)
    asked = reader.optional("uncertainty")
    uncertainty = None if asked is None else read_uncertainty(asked)
    costs = [_priced(quote, workload, terms, place) for place, quote in enumerate(quotes)]
    return workload, terms, costs, uncertainty


def _run(case: Mapping[str, Json]) -> Outcome:
    workload, terms, costs, uncertainty = _read(case)
    quotes = [cost.demand.quote for cost in costs]
    demands = [cost.demand for cost in costs]
    with located("uncertainty"):
        scenarios = None if uncertainty is None else draw(uncertainty, demands)
        uncertain = _uncertain(uncertainty, scenarios, demands)
    truths = [sla(cost, scenarios) for cost in costs]
    with located("terms.volume_range"):
        volumes = study_volumes(demands, terms)
    ids, places = [quote.id for quote in quotes], ranked(costs)
    order = [name for _, name in sorted(zip(places, ids, strict=True), key=lambda entry: entry[0])]
    facts = [fact for pair in zip(costs, truths, strict=True) for fact in findings.of_quote(*pair)]
    return Outcome(
        result={
            "currency": terms.currency,
            "order": order,
            "quotes": [_quote(*found) for found in zip(costs, truths, places, strict=True)],
            "baseline": study.baseline(costs),
            "volumes": study.volumes(volumes, ids, _forecast(workload, terms), terms.currency),
            "uncertainty": uncertain,
            "facts": findings.of_comparison(costs, order, volumes),
        },
        method=_method(terms, workload),
        seed=None if uncertainty is None else uncertainty.seed,
        warnings=tuple(facts),
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
    with located(f"quotes[{place}]"):
        return total_cost(quote, workload, terms)


def ranked(costs: Sequence[TotalCost]) -> list[int]:
    """Return places by rounded amounts, cheapest first; equal amounts share the better place."""
    keys = [findings.sort_key(cost) for cost in costs]
    return [1 + sum(other < key for other in keys) for key in keys]


def _quote(cost: TotalCost, truth: Truth, place: int) -> dict[str, Json]:
    quote = cost.demand.quote
    return {
        "id": quote.id,
        "vendor": quote.vendor,
        "model": quote.model.slug,
        "place": place,
        **write.amounts(cost),
        "staffing": write.staffing(cost, [staffed(queue) for queue in cost.demand.queues]),
        "realism": study.truth(truth),
        "profile": {
            "volume_risk": quote.model.volume_risk.value,
            "best_for": list(quote.model.best_for),
            "watch": list(quote.model.watch),
        },
    }


def _forecast(workload: Workload, terms: Terms) -> Decimal:
    """Contacts (or issues) of the average month, before a vendor's repeats."""
    factors = workload.volume_factors(terms.months)
    weekly = sum((queue.weekly_contacts for queue in workload.queues), Decimal(0))
    return weekly * terms.weeks_per_month * sum(factors, Decimal(0)) / len(factors)


def _uncertain(
    uncertainty: Uncertainty | None, scenarios: Scenarios | None, demands: Sequence[Demand]
) -> Json:
    if uncertainty is None or scenarios is None:
        return None
    terms, ids = demands[0].terms, [demand.quote.id for demand in demands]
    evaluator = Evaluator(demands, scenarios)
    simulated = simulate(evaluator.costs, scenarios)
    bars = tornado(evaluator.costs, uncertainty, demands)
    return {
        "draws": uncertainty.draws,
        **study.simulation(simulated, ids, terms.currency),
        "tornado": study.tornado(bars, ids, terms.currency),
    }


def _method(terms: Terms, workload: Workload) -> dict[str, Json]:
    """Return every convention behind the figures, by name."""
    return {
        "name": "price",
        "version": VERSION,
        "order_by": terms.order_by.value,
        "timing": terms.timing.value,
        "discount_rate_nominal": text(terms.nominal_discount_rate, 12),
        "weeks_per_month": text(terms.weeks_per_month, 12),
        "staffing": "erlang_c_in_every_interval",
        "handle_time": workload.handle_time.value,
        "rounding": "each_line_each_month_half_up",
        "indexation": "from_the_second_contract_year",
        "quantiles": "linear",
        "generator": "SFC64",
        "tornado": [text(LOW, 2), text(HIGH, 2)],
    }
