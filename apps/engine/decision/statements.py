"""States what the results of the other calculators show, as evidence for a walk.

A result states only what it really holds: an open band, a shared first place or a price without
a baseline gives no fact, and the walk will say that it is not shown.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from apps.engine.decision.evidence import Evidence, Shown
from apps.engine.decision.facts import FACTS, PILLARS, Kind
from apps.engine.errors import InvalidInput
from apps.engine.fields import ZERO
from apps.engine.reading import Json, Reader

# What a statement is made of: plain values by fact; None where the result does not show it.
Found = Mapping[str, Json]

READINESS = "outsourcing_readiness"


def statements(
    kind: str, result: Mapping[str, Json], *, source: str, digest: str, about: str = ""
) -> Evidence:
    """Read the facts out of one result.

    `kind` is that of its record; `about` names the framework or diagnostic of a score, and the
    quote of the leader in a price comparison. Raise InvalidInput where the result is of another
    shape.
    """
    if kind not in READERS:
        raise InvalidInput(f"Choose one of: {', '.join(READERS)}.", path="kind")
    found = READERS[kind](Reader(result, "result"), about)
    return {
        slug: Shown(
            fact=FACTS[slug],
            value=FACTS[slug].read(Reader(value, slug)),
            source=source,
            digest=digest,
        )
        for slug, value in found.items()
        if value is not None
    }


def _score(result: Reader, about: str) -> Found:
    if about == READINESS:
        return _readiness(result)
    return _diagnostic(result, about)


def _readiness(result: Reader) -> Found:
    band, step = result.optional("band"), result.optional("next_band")
    pillars = {
        item.key("dimension").text(): item.key("lo").text()
        for item in result.key("dimensions").items()
    }
    return {
        "readiness.score": result.key("total").key("lo").text(),
        "readiness.band": None if band is None else band.text(),
        "readiness.gaps": 0 if step is None else len(step.key("close").items()),
        **{f"readiness.{slug}": pillars.get(slug) for slug, _ in PILLARS},
    }


DIAGNOSED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "revenue_recovery": ("recovery.rate", "value"),
        "revenue_leakage": ("leakage.total", "value"),
        "ai_efficiency": ("ai_efficiency.index", "value"),
        "roi": ("roi.percent", "value"),
        "location_comparison": ("location.cheapest", "band"),
    }
)


def _diagnostic(result: Reader, about: str) -> Found:
    if about not in DIAGNOSED:
        return {}
    fact, name = DIAGNOSED[about]
    value = result.optional(name)
    if value is None:
        return {}
    # a loss may be estimated below 0; as a fact it is none
    low = FACTS[fact].minimum
    if FACTS[fact].kind is Kind.NUMBER and low is not None and value.decimal() < low:
        return {fact: str(low)}
    return {fact: value.text()}


def _ranking(result: Reader, _about: str) -> Found:
    admitted = [item for item in result.key("vendors").items() if item.key("admitted").flag()]
    winners = [item.text() for item in result.key("winners").items()]
    if len(winners) != 1:
        return {"bids.admitted": len(admitted)}
    (leader,) = [item for item in admitted if item.key("id").text() == winners[0]]
    return {
        "bids.admitted": len(admitted),
        "ranking.leader": leader.key("name").text(),
        "ranking.lead": _lead(result),
        "ranking.first_share": _first_share(result, winners[0]),
    }


def _lead(result: Reader) -> str | None:
    """Points of 100; a ranking by adjusted price has no points to lead by."""
    margin = result.optional("margin")
    if margin is None or result.key("basis").key("total").text() != "points":
        return None
    return margin.key("gap").text()


def _first_share(result: Reader, leader: str) -> str | None:
    """From the weightings around the published one, where they were simulated."""
    smaa = result.optional("smaa")
    if smaa is None:
        return None
    vendors = smaa.key("around_published").key("vendors").items()
    (share,) = [item.key("first").text() for item in vendors if item.key("id").text() == leader]
    return share


def _comparison(result: Reader, about: str) -> Found:
    quotes = {item.key("id").text(): item for item in result.key("quotes").items()}
    if about not in quotes:
        raise InvalidInput(f"Name one of the quotes compared: {', '.join(quotes)}.", path="about")
    return {
        "pricing.model": quotes[about].key("model").text(),
        "pricing.saving_share": _saving_share(result, about),
        **_staffing(quotes[about]),
    }


def _saving_share(result: Reader, quote: str) -> str | None:
    baseline = result.optional("baseline")
    if baseline is None:
        return None
    shares = {
        item.key("id").text(): item.key("saving_share").text()
        for item in baseline.key("quotes").items()
    }
    return shares.get(quote)


def _staffing(quote: Reader) -> Found:
    realism = quote.key("realism")
    paid, needed = realism.optional("agents_paid_for"), realism.optional("agents_needed")
    if paid is None or needed is None:
        return {}
    short = max(ZERO, needed.decimal() - paid.decimal())
    return {
        "staffing.price_pays_for_service": short == ZERO,
        "staffing.agents_short": format(short, "f"),
    }


READERS: Mapping[str, Callable[[Reader, str], Found]] = MappingProxyType(
    {"score": _score, "rank": _ranking, "price": _comparison}
)
