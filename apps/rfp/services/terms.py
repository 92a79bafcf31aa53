"""The terms of a draft: how quality and price decide, and what may be bid."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.engine.errors import InvalidInput
from apps.engine.matrix.inputs import Missing
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.pricing.models import PRICING_MODELS
from apps.proof.sealing import MOST_OPENERS
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors.awarding import may_publish_names
from apps.rfp.selectors.price_rule import price_fault
from apps.rfp.selectors.reading import facts_of
from apps.rfp.services import informing, price_rule
from apps.rfp.services.drafting import minimum_of, open_draft, record, refuse, text_of, weight_of
from apps.rfp.states import EnvelopeOrder, FinalOffers, HiddenCounts
from apps.rfp.types import Fact
from apps.workspace.models import User

LONGEST_TERM = 120
MOST_CONTACTS = 100_000_000
MOST_DECIMALS = 12
MOST_POINT_DECIMALS = 4
MOST_QUESTION_DAYS = 60


def read_volume(raw: Any) -> int | None:
    """Return a minimum volume in contacts a month, None for none; refused beside its field."""
    return _none_or(_whole("least_contacts", 1, MOST_CONTACTS))(raw)


def _one_of(field: str, known: Callable[[], Iterable[str]], sentence: str) -> Callable[[Any], str]:
    def read(raw: Any) -> str:
        if raw not in set(known()):
            raise refuse(field, _(sentence))
        return str(raw)

    return read


def _whole(field: str, least: int, most: int) -> Callable[[Any], int]:
    def read(raw: Any) -> int:
        if isinstance(raw, int) and not isinstance(raw, bool) and least <= raw <= most:
            return raw
        sentence = _("Give a whole number from {least} to {most}.")
        raise refuse(field, sentence.format(least=least, most=most))

    return read


def _none_or(read: Callable[[Any], int]) -> Callable[[Any], int | None]:
    return lambda raw: None if raw is None else read(raw)


def _flag(field: str) -> Callable[[Any], bool]:
    def read(raw: Any) -> bool:
        if not isinstance(raw, bool):
            raise refuse(field, _("Say yes or no."))
        return raw

    return read


def _pricing_models(raw: Any) -> list[str]:
    if not isinstance(raw, list | tuple) or not set(raw) <= set(PRICING_MODELS):
        raise refuse("pricing_models", _("Choose from the pricing models in the list."))
    return [slug for slug in PRICING_MODELS if slug in raw]


def _award_methods() -> list[str]:
    return [slug for slug, method in METHODS.items() if method.award_rule]


READ: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "quality_weight": lambda raw: weight_of(raw, "quality_weight"),
        "price_weight": lambda raw: weight_of(raw, "price_weight"),
        "quality_minimum": lambda raw: minimum_of(raw, "quality_minimum"),
        "scoring_method": _one_of("scoring_method", _award_methods, "Choose a scoring method."),
        "price_formula": _one_of(
            "price_formula", lambda: PRICE_FORMULAE, "Choose one of the price formulae."
        ),
        "price_params": lambda raw: raw,  # read together with the formula
        "price_decimals": _none_or(_whole("price_decimals", 0, MOST_POINT_DECIMALS)),
        "pricing_models": _pricing_models,
        "price_of_record": price_rule.read,
        "missing_policy": _one_of(
            "missing_policy",
            lambda: [policy.value for policy in Missing],
            "Choose what a missing answer counts.",
        ),
        "hidden_counts": _one_of(
            "hidden_counts",
            lambda: HiddenCounts.values,
            "Choose what a hidden question counts.",
        ),
        "award_decimals": _whole("award_decimals", 0, MOST_DECIMALS),
        "facts": lambda raw: raw,  # read together with the questionnaire
        "term_months": _whole("term_months", 1, LONGEST_TERM),
        "least_contacts": read_volume,
        "envelope_order": _one_of(
            "envelope_order", lambda: EnvelopeOrder.values, "Choose when prices are opened."
        ),
        "final_offers": _one_of(
            "final_offers",
            lambda: FinalOffers.values,
            "Choose whether best and final offers may be requested.",
        ),
        "explains": lambda raw: None if raw is None else _flag("explains")(raw),
        "names_published": _flag("names_published"),
        "asks_cost_floor": _flag("asks_cost_floor"),
        "keys_needed": _whole("keys_needed", 1, MOST_OPENERS - 1),
        "spare_key": _flag("spare_key"),
        "introduction": lambda raw: text_of(raw, "introduction", 10_000),
        "needs_review": _flag("needs_review"),
        "question_days": _whole("question_days", 0, MOST_QUESTION_DAYS),
        "shortlist": informing.read_rule,
    }
)


def read_params(slug: str, raw: Any) -> dict[str, str]:
    """Read a formula's parameters: exactly its own fields, kept as the decimal text they are."""
    formula = PRICE_FORMULAE[slug]
    names = [one.name for one in formula.fields]
    given = {} if raw is None else raw
    if not isinstance(given, Mapping) or not set(given) <= set(names):
        known = ", ".join(names) or _("none")
        raise refuse("price_params", _("This formula takes: {names}.").format(names=known))
    given = {name: value for name, value in given.items() if value not in (None, "")}
    wrong = {}
    for one in formula.fields:
        if not one.required and one.name not in given:
            continue
        try:
            one.read(given.get(one.name))
        except InvalidInput as error:
            wrong[f"param-{one.name}"] = error.sentence
    if wrong:
        raise Incomplete(_("Some parameters of the price formula need another look."), fields=wrong)
    kept = {name: str(given[name]).strip() for name in names if name in given}
    if fault := price_fault(slug, kept):
        raise refuse("price_params", fault)
    return kept


def _fact(fact: Fact, raw: Any) -> Any:
    field = f"fact-{fact.key}"
    if fact.kind == "bool":
        if not isinstance(raw, bool):
            raise refuse(field, _("Say yes or no."))
        return raw
    if fact.kind == "single_choice":
        if raw not in fact.options:
            raise refuse(field, _("Choose one of the list."))
        return raw
    if not isinstance(raw, list | tuple) or not raw or not set(raw) <= set(fact.options):
        raise refuse(field, _("Choose at least one of the list."))
    return [option for option in fact.options if option in raw]


def read_facts(questionnaire: str, held: Mapping[str, Any], raw: Any) -> dict[str, Any]:
    known = {fact.key: fact for fact in facts_of(questionnaire)}
    if not isinstance(raw, Mapping) or not set(raw) <= set(known):
        raise refuse("facts", _("These facts are asked: {names}.").format(names=", ".join(known)))
    return {**held, **{key: _fact(known[key], value) for key, value in raw.items()}}


@transaction.atomic
def set_terms(*, rfp: Rfp, actor: User, **terms: Any) -> Rfp:
    """Set any of the terms; each is checked by itself, the whole again before publication.

    A new price formula needs its own parameters in the same call.
    """
    open_draft(rfp, actor)
    if unknown := sorted(set(terms) - set(READ)):
        raise Incomplete(
            _("Remove the fields that are not known here."),
            fields=dict.fromkeys(unknown, _("This field is not known here.")),
        )
    informing.refuse_foreign_terms(rfp, terms)
    wrong: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, raw in terms.items():
        try:
            values[name] = READ[name](raw)
        except Incomplete as refused:
            wrong |= refused.fields
    wrong |= _read_together(rfp, terms, values, wrong)
    if wrong:
        raise Incomplete(_("Some terms need another look."), fields=wrong)
    if values.get("price_formula", rfp.price_formula) != rfp.price_formula:
        Lot.objects.filter(rfp=rfp).update(price_params={})  # figures of the formula that went
    for name, value in values.items():
        setattr(rfp, name, value)
    rfp.save(update_fields=list(values))
    record(rfp, "set_terms", actor, **values)
    return rfp


def _read_together(
    rfp: Rfp, terms: Mapping[str, Any], values: dict[str, Any], wrong: Mapping[str, str]
) -> dict[str, str]:
    """Read what depends on something else: parameters on the formula, facts on the file, names on the preset."""
    found: dict[str, str] = {}
    if values.get("names_published") and not may_publish_names(rfp):
        found["names_published"] = _("Only a public tender may show vendors each other's names.")
    if {"price_formula", "price_params"} & set(terms) and "price_formula" not in wrong:
        slug = values.get("price_formula", rfp.price_formula)
        values["price_formula"] = slug
        try:
            values["price_params"] = read_params(slug, terms.get("price_params"))
        except Incomplete as refused:
            found |= refused.fields
    if "facts" in terms:
        try:
            values["facts"] = read_facts(rfp.questionnaire, rfp.facts, terms["facts"])
        except Incomplete as refused:
            found |= refused.fields
    return found
