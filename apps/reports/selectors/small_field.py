"""One or two admitted bids on paper: no claim of robustness; the cap or the in-house case instead."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.reports.selectors.paper import money, price_formula
from apps.reports.selectors.ranking import Ranked

CAP = "cap"


def key(ranked: Ranked) -> str:
    """Say that so few bids make no field; it stands where a share of weightings would."""
    count = len(ranked.placed)
    words = ngettext(
        "{count} bid is admitted, too few to say how firm that is",
        "{count} bids are admitted, too few to say how firm that is",
        count,
    )
    return words.format(count=count)


def fact(ranked: Ranked) -> tuple[str, str, str]:
    """Return what stands where the share of first places would."""
    return _("Admitted bids"), str(len(ranked.placed)), _("too few for a claim of robustness")


def sentences(ranked: Ranked, savings: Mapping[str, str] | None) -> str:
    """Say what the first costs beside the cap or the in-house case, and what price points are worth.

    `savings` are amounts by vendor below the in-house cost; None where there is no such case.
    """
    held = [_comparison(ranked, savings), _relative(ranked)]
    return " ".join(sentence for sentence in held if sentence)


def _comparison(ranked: Ranked, savings: Mapping[str, str] | None) -> str:
    block: dict[str, Any] = ranked.case.get("price") or {}
    leader = ranked.leader
    cap, price = block.get("params", {}).get(CAP), block.get("prices", {}).get(leader["id"])
    if cap is not None and price is not None:
        distance = Decimal(cap) - Decimal(price)
        words = (
            _("The price of {name} is {amount} below the published cap.")
            if distance >= 0
            else _("The price of {name} is {amount} above the published cap.")
        )
    elif savings and leader["id"] in savings:
        distance = Decimal(savings[leader["id"]])
        words = (
            _("{name} costs {amount} less than the in-house case.")
            if distance >= 0
            else _("{name} costs {amount} more than the in-house case.")
        )
    else:
        return _("There is no published cap and no in-house case to hold its price to.")
    return words.format(name=leader["name"], amount=money(abs(distance), block["currency"]))


def _relative(ranked: Ranked) -> str:
    block: dict[str, Any] = ranked.case.get("price") or {}
    if not block or not PRICE_FORMULAE[block["formula"]].depends_on_others:
        return ""
    return _(
        "Price points by {formula} are relative to the other bids: of so few they say nothing of value."
    ).format(formula=price_formula(ranked.plain))
