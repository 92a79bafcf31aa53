"""The price comparison in the words and figures of paper."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.bids.types.offering import Change
from apps.engine.pricing.models import PRICING_MODELS
from apps.pricing.selectors import words
from apps.reports.selectors.decision_case import IN_HOUSE, Case
from apps.reports.selectors.paper import DASH, Plain, money, points, vendor, whole


def block(case: Case) -> dict[str, Any]:
    """Return the price sections: every offer, the parts of the first, and today beside it."""
    months = case.rfp.term_months
    offered = _offered(case)
    models = [slug for slug in PRICING_MODELS if slug in {quote["model"] for quote in offered}]
    return {
        "title": _("Cost over {months} months under each pricing model").format(months=months),
        "note": _("{code}, one workload for all: {contacts} contacts").format(
            code=case.currency, contacts=whole(case.first["contacts"])
        ),
        "sentence": _("{name} costs {total} over the term, {value} in present value.").format(
            name=case.first["vendor"],
            total=money(case.first["total"], case.currency),
            value=money(case.first["present_value"], case.currency),
        ),
        "models": [str(words.MODELS[slug]) for slug in models],
        "rows": [*(_row(case, quote, models) for quote in offered), *_house(case)],
        "parts": [str(label) for label, _parts in words.STACK],
        "reason": _reason(case),
        "bridge": _bridge(case),
        "today": _today(case),
        "point": _point(case),
        **_offers(case),
    }


def _offers(case: Case) -> dict[str, Any]:
    """Name both offers of each bid, where final ones were opened; the comparison is of the final."""
    if not case.changes:
        return {}
    return {
        "offers": {
            "title": _("First and final offers"),
            "note": _(
                "Over {months} months on the workload of the tender, before indexation and"
                " discounting. Prices above are of the final offer; without one, of the first."
            ).format(months=case.rfp.term_months),
            "rows": [_change(case, one) for one in case.changes],
        }
    }


def _change(case: Case, one: Change) -> dict[str, Any]:
    answered = one.answered and one.difference is not None
    kept = _("not asked") if one.asked.left_out_because else _("kept its first offer")
    return {
        "vendor": vendor(one.asked.letter, one.asked.name, str(one.asked.bid_id)),
        "first": money(str(one.first), case.currency),
        "final": money(str(one.final), case.currency) if answered else kept,
        "difference": money(str(one.difference), case.currency) if answered else DASH,
    }


def _offered(case: Case) -> list[dict[str, Any]]:
    """Return the bids' quotes, cheapest in present value first."""
    quotes = sorted(case.cost["quotes"], key=lambda quote: int(quote["place"]))
    return [quote for quote in quotes if quote["id"] != IN_HOUSE]


def _reason(case: Case) -> str:
    order = _("In the order of present value.")
    if case.winner is None:
        return order
    return _("Marked: the offer this decision awards.") + f" {order}"


def _row(case: Case, quote: Plain, models: Sequence[str]) -> dict[str, Any]:
    chosen = quote["id"] == case.winner
    cells = [
        {"amount": money(quote["total"], case.currency), "chosen": chosen}
        if slug == quote["model"]
        else {"amount": DASH, "chosen": False}
        for slug in models
    ]
    return {"vendor": _named(case, quote), "single": "", "cells": cells}


def _named(case: Case, quote: Plain) -> dict[str, str]:
    admitted = {row["id"] for row in case.ranked.placed}
    name = quote["vendor"]
    if quote["id"] not in admitted:
        name = _("{name}, not admitted").format(name=name)
    return vendor(case.ranked.letters.get(quote["id"], ""), name, quote["id"])


def _house(case: Case) -> list[dict[str, Any]]:
    if case.house is None:
        return []
    amount = money(case.house["total"], case.currency)
    return [
        {
            "vendor": vendor("", case.house["vendor"]),
            "single": _("{amount} at this volume").format(amount=amount),
            "cells": [],
        }
    ]


def _bridge(case: Case) -> dict[str, Any]:
    parts = case.first["parts"]
    return {
        "title": _("What the total is made of"),
        "rows": [
            {"label": str(label), "amount": money(parts[code], case.currency)}
            for code, label in words.PARTS.items()
            if Decimal(parts.get(code, "0")) != 0
        ],
        "total": {
            "label": _offer(case),
            "amount": money(case.first["total"], case.currency),
        },
    }


def _offer(case: Case) -> str:
    return f"{case.first['vendor']}, {words.MODELS[case.first['model']]}"


def _today(case: Case) -> dict[str, Any]:
    saving = case.saving(case.first["id"])
    if case.house is None or saving is None:
        return {"rows": [], "total": {"label": _("No in-house cost was given"), "amount": DASH}}
    amount = Decimal(saving["saving"])
    words = _("Saved over the term") if amount >= 0 else _("Dearer over the term")
    return {
        "rows": [
            {
                "label": case.house["vendor"],
                "amount": money(case.house["total"], case.currency),
            },
            {"label": _offer(case), "amount": money(case.first["total"], case.currency)},
        ],
        "total": {"label": words, "amount": money(abs(amount), case.currency)},
    }


def _point(case: Case) -> str:
    """Say what one more point of quality costs against the best rival that is cheaper for it."""
    value = case.ranked.result.get("value_of_quality") or {"rivals": []}
    rivals = {rival["id"]: rival for rival in value["rivals"]}
    for row in case.others:
        rival = rivals.get(row["id"])
        if rival and rival["paid"] is not None and Decimal(rival["paid"]) > 0:
            return _(
                "Against {name} one more point of quality costs {paid}: {gap} for {points} points."
            ).format(
                name=row["name"],
                paid=money(rival["paid"], case.currency),
                gap=money(rival["price_gap"], case.currency),
                points=points(rival["quality_gap"]),
            )
    return ""
