"""What a comparison says, in sentences made from its typed facts. Each fact has a code and figures."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.finding import Finding
from apps.core.templatetags import formats
from apps.engine.money import Money
from apps.pricing.selectors import asking
from apps.pricing.selectors.reading import Result
from apps.pricing.selectors.words import agents, kpi_name
from apps.pricing.types import Quote, Reality

Fact = Mapping[str, Any]


def finding(result: Result) -> Finding:
    """Say who is cheapest over the term, by how much, and what stands against it."""
    quotes = result.quotes()
    said = _said(result, quotes)
    caveat = _caveat(quotes[0])
    return Finding(_("{said}, but ").format(said=said), caveat) if caveat else Finding(said)


def _said(result: Result, quotes: tuple[Quote, ...]) -> str:
    first = quotes[0]
    if len(quotes) == 1:
        return _("{name} is the only quote: {amount} in present value over {months} months").format(
            name=first.name, amount=formats.money(first.present_value, 0), months=result.months
        )
    lead = result.money((result.fact("cheapest") or {})["lead"])
    if not lead.amount:
        return _tie(result, quotes)
    return _(
        "{name} costs least over {months} months, {lead} less than {second} in present value"
    ).format(
        name=first.name, months=result.months, lead=formats.money(lead, 0), second=quotes[1].name
    )


def _tie(result: Result, quotes: tuple[Quote, ...]) -> str:
    names = [quote.name for quote in quotes if quote.place == 1]
    return _("{names} cost the same over {months} months: {amount}").format(
        names=_(" and ").join(names),
        months=result.months,
        amount=formats.money(quotes[0].present_value, 0),
    )


def _caveat(quote: Quote) -> str:
    """Say why the cheapest price is not the answer yet: excluded, or too few agents paid for."""
    if quote.excluded:
        return _("a knock-out excludes it")
    if quote.short:
        return _("its price pays for {paid} of the {needed} agents it needs").format(
            paid=agents(quote.paid), needed=agents(quote.needed)
        )
    return ""


def realities(result: Result) -> tuple[Reality, ...]:
    """Return one card for each bid; the in-house quote promises nobody anything."""
    return tuple(_reality(result, quote) for quote in result.quotes() if not quote.in_house)


def _reality(result: Result, quote: Quote) -> Reality:
    facts = result.warnings_of(quote)
    codes = {fact["code"] for fact in facts}
    serious = codes & {
        "price_pays_for_too_few_agents",
        "service_level_not_reached",
        "price_below_cost_floor",
        "kpi_not_estimated",
    }
    return Reality(
        quote=quote,
        tone="warn" if quote.short or serious else "ok",
        sentence=_paid(quote),
        notes=tuple(
            filter(None, (*(_note(fact, result) for fact in facts), _floor(result, quote)))
        ),
        questions=asking.drafts(result, quote),
    )


def _paid(quote: Quote) -> str:
    needed = agents(quote.needed)
    if quote.paid is None:
        return _(
            "The promised service level needs {needed} agents. The bid does not say how many it staffs."
        ).format(needed=needed)
    return _("The price pays for {paid} agents; the promised service level needs {needed}.").format(
        paid=agents(quote.paid), needed=needed
    )


def _note(fact: Fact, result: Result) -> str:
    writer = NOTES.get(fact["code"])
    return writer(fact, result) if writer else ""


def _short(fact: Fact, result: Result) -> str:
    quote = result.by_id[fact["quote"]]
    if fact["source"] == "promise":
        return _("The bid promises {promised} agents. Ask for its staffing plan.").format(
            promised=agents(quote.promised)
        )
    return _(
        "At the lowest defensible cost the price pays for {price} agents. Ask how it is calculated."
    ).format(price=agents(quote.price_pays))


def _level(fact: Fact, _result: Result) -> str:
    text = _("Queue {queue}: {reached} answered in time instead of {promised}").format(
        queue=fact["queue"],
        reached=formats.percentage(fact["erlang_c"]),
        promised=formats.percentage(fact["promised"]),
    )
    if fact["erlang_a"] is None:
        return f"{text}."
    patient = _("{share} if some callers give up waiting").format(
        share=formats.percentage(fact["erlang_a"])
    )
    return f"{text}; {patient}."


def _below_floor(fact: Fact, _result: Result) -> str:
    return _(
        "The price leaves {price} for a paid agent hour, below the lowest defensible cost of {floor}."
    ).format(
        price=formats.money(Money.of(fact["price_per_paid_hour"], fact["currency"])),
        floor=formats.money(Money.of(fact["floor_per_paid_hour"], fact["currency"])),
    )


def _minimum(fact: Fact, result: Result) -> str:
    return _("The minimum commitment adds {amount} for contacts that do not come.").format(
        amount=formats.money(result.money(fact["amount"]), 0)
    )


def _not_estimated(fact: Fact, _result: Result) -> str:
    return _("{kpi} is assumed at {value}. Estimate it below: the price depends on it.").format(
        kpi=kpi_name(fact["kpi"]), value=fact["assumed"]
    )


def _falls(_fact: Fact, _result: Result) -> str:
    return _("At a tier's edge one more unit lowers the whole bill: all units take the new price.")


def _first_tier(fact: Fact, _result: Result) -> str:
    return _(
        "The minimum of {minimum} lies above the first tier, whose price is never paid."
    ).format(minimum=formats.number(fact["minimum"]))


NOTES = {
    "price_pays_for_too_few_agents": _short,
    "service_level_not_reached": _level,
    "price_below_cost_floor": _below_floor,
    "minimum_commitment_binds": _minimum,
    "kpi_not_estimated": _not_estimated,
    "all_units_price_falls": _falls,
    "minimum_above_first_tier": _first_tier,
}


def _floor(result: Result, quote: Quote) -> str:
    """Say what the price leaves for an agent hour, where the buyer entered a floor and it holds."""
    row = next(row for row in result.plain["quotes"] if row["id"] == quote.id)["realism"]
    if row["floor_per_paid_hour"] is None:
        return _("No lowest cost of an agent hour is entered for this bid.")
    if row["below_cost_floor"]:
        return ""
    return _(
        "The price leaves {price} for a paid agent hour; the lowest defensible cost is {floor}."
    ).format(
        price=formats.money(result.money(row["price_per_paid_hour"])),
        floor=formats.money(result.money(row["floor_per_paid_hour"])),
    )


def remarks(result: Result) -> tuple[str, ...]:
    """Say what only the quotes together show."""
    found = []
    for fact in result.plain["facts"]:
        writer = REMARKS.get(fact["code"])
        if writer:
            found.append(writer(fact, result))
    return tuple(found)


def _timing(_fact: Fact, _result: Result) -> str:
    return _("The order changes with the discount rate: by plain totals another quote is cheapest.")


def _several(fact: Fact, result: Result) -> str:
    first, second = (quote.name for quote in result.of(fact["between"]))
    return ngettext(
        "{first} and {second} cross {count} time within the volumes searched.",
        "{first} and {second} cross {count} times within the volumes searched.",
        fact["count"],
    ).format(first=first, second=second, count=fact["count"])


def _changes(fact: Fact, _result: Result) -> str:
    multiples = [formats.percentage(at) for at in fact["changes_at"]]
    return _("The cheapest quote changes at {volumes} of the forecast volume.").format(
        volumes=", ".join(multiples)
    )


REMARKS = {
    "timing_decides": _timing,
    "several_break_evens": _several,
    "cheapest_depends_on_volume": _changes,
}
