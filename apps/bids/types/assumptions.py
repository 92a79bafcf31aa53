"""What a bid is subject to: assumptions, changes to the contract, and what is confidential.

Wording and reason go into the quality envelope, a price effect into the price envelope under the
same number, so that opening quality tells nothing about the price.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.bids.states import AssumptionKind, EffectUnit
from apps.core.errors import Incomplete
from apps.rfp.answers import figures

LONGEST_PLACE: Final = 120
LONGEST_WORDING: Final = 4000
LONGEST_REASON: Final = 2000
LARGEST: Final = 10**12
LARGEST_PERCENT: Final = 100


@dataclass(frozen=True)
class Effect:
    """What an assumption does to the price: more where the amount is positive."""

    amount: str  # a decimal string with its sign
    unit: str  # an EffectUnit

    def words(self, currency: str) -> str:
        """Write it for people: + 1,200.50 GBP a month."""
        sign = "\N{MINUS SIGN}" if self.amount.startswith("-") else "+"
        figure = figures.grouped(self.amount.removeprefix("-"))
        label = str(EffectUnit(self.unit).label)
        if self.unit == EffectUnit.PERCENT:
            return f"{sign}{figure}{label}"
        return f"{sign}{figure} {currency} {label}"


@dataclass(frozen=True)
class Row:
    """One "subject to". `confidential` is the reason for the mark, empty where there is none."""

    kind: str
    place: str
    wording: str
    reason: str = ""
    confidential: str = ""
    effect: Effect | None = None

    @property
    def label(self) -> str:
        return str(AssumptionKind(self.kind).label)

    @property
    def is_deviation(self) -> bool:
        return self.kind == AssumptionKind.DEVIATION

    def plain(self) -> dict[str, Any]:
        effect = {"amount": self.effect.amount, "unit": self.effect.unit} if self.effect else None
        return {**self.without_price(), "effect": effect}

    def without_price(self) -> dict[str, Any]:
        return {
            "confidential": self.confidential,
            "kind": self.kind,
            "place": self.place,
            "reason": self.reason,
            "wording": self.wording,
        }


def row_of(plain: Mapping[str, Any], effect: Mapping[str, Any] | None) -> Row:
    """Read back what `plain` or `without_price` wrote."""
    texts = {name: plain[name] for name in ("kind", "place", "wording", "reason", "confidential")}
    return Row(**texts, effect=Effect(effect["amount"], effect["unit"]) if effect else None)


@dataclass(frozen=True)
class DraftRow:
    """A row of the draft with what a form needs to change it."""

    id: uuid.UUID
    version: int
    row: Row
    saved_by: str


@dataclass(frozen=True)
class Reservations:
    """Everything a bid is subject to, in order, and its confidential answers by question code."""

    rows: tuple[DraftRow, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)  # code → reason


def parse(raw: Mapping[str, Any]) -> Row:
    """Read a row as it was typed; Incomplete with a sentence per field."""
    given = {name: str(raw.get(name) or "").strip() for name in NAMES}
    wrong = dict(_wrong_texts(given))
    effect: Effect | None = None
    try:
        effect = _effect(given["amount"], given["unit"])
    except Incomplete as error:
        wrong["unit" if "unit" in error.fields else "amount"] = error.sentence
    if given["is_confidential"] and not given["confidential"]:
        wrong["confidential"] = _("Say why this is confidential, for example a trade secret.")
    if wrong:
        raise Incomplete(next(iter(wrong.values())), fields=wrong)
    secret = given["confidential"] if given["is_confidential"] else ""
    texts = (given["kind"], given["place"], given["wording"], given["reason"])
    return Row(*texts, confidential=secret, effect=effect)


NAMES: Final = (
    *("kind", "place", "wording", "reason", "amount", "unit"),
    *("is_confidential", "confidential"),
)
LONGEST: Final = {
    "place": LONGEST_PLACE,
    "wording": LONGEST_WORDING,
    "reason": LONGEST_REASON,
    "confidential": LONGEST_REASON,
}


def _wrong_texts(given: Mapping[str, str]) -> Any:
    if given["kind"] not in AssumptionKind.values:
        yield "kind", _("Choose what this is: an assumption or a change to the contract.")
    if not given["place"]:
        yield "place", _("Name the clause or the question this is about.")
    if not given["wording"]:
        yield "wording", _("Write the wording that would stand.")
    if given["kind"] == AssumptionKind.DEVIATION and not given["reason"]:
        yield "reason", _("Give the reason for the change. Buyers accept changes they understand.")
    for name, most in LONGEST.items():
        if len(given[name]) > most:
            yield name, _("Shorten this to {most} characters.").format(most=most)


def _effect(amount: str, unit: str) -> Effect | None:
    if not amount:
        return None
    if unit not in EffectUnit.values:
        sentence = _("Say what the amount is measured in.")
        raise Incomplete(sentence, fields={"unit": sentence})
    most = LARGEST_PERCENT if unit == EffectUnit.PERCENT else LARGEST
    figure = figures.read_between(amount.replace("\N{MINUS SIGN}", "-").lstrip("+"), -most, most)
    if not figures.decimal(figure):
        sentence = _("An effect of nothing is none. Leave the amount empty.")
        raise Incomplete(sentence, fields={"amount": sentence})
    return Effect(figure, unit)
