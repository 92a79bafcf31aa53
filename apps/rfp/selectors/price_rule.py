"""The price of record: which model, volume, extra costs and discount rate decide the price points."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.engine.errors import InvalidInput
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.pricing.models import PRICING_MODELS
from apps.rfp.models import Rfp
from apps.rfp.types import plain

AS_BID: Final = "as_bid"
BASE: Final = "base"
MINUS: Final = "\u2212"
# What a price can hold beyond the service itself, by the part of a quote that carries it.
ADDERS: Mapping[str, Promise] = MappingProxyType(
    {
        "one_offs": gettext_lazy("one-off charges such as transition, technology and travel"),
        "training": gettext_lazy("training of new agents"),
        "exit": gettext_lazy("exit at the end of the term"),
        "governance": gettext_lazy("what the buyer spends each month to govern the contract"),
        "double_running": gettext_lazy("the buyer's own team while both run in parallel"),
    }
)
BASES: Mapping[str, Promise] = MappingProxyType(
    {"nominal": gettext_lazy("nominal"), "real": gettext_lazy("real, over inflation")}
)
DEFAULT: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "scenario": {"name": BASE, "change": "0"},
        "adders": list(ADDERS),
        "discount": {"rate": "0.05", "basis": "nominal"},
    }
)


@dataclass(frozen=True)
class PriceRule:
    """The rule as published. `change` is the share by which volumes differ from the workload."""

    model: str
    scenario: str
    change: Decimal
    adders: tuple[str, ...]
    discount: Mapping[str, str]

    @property
    def factor(self) -> Decimal:
        return 1 + self.change

    def content(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "scenario": {"name": self.scenario, "change": format(self.change, "f")},
            "adders": list(self.adders),
            "discount": dict(self.discount),
        }


def price_rule(rfp: Rfp) -> PriceRule | None:
    """Return the rule of an RFP; None while several models may be bid and nothing was said.

    With one model there is nothing to choose: its workload as it stands, every extra cost, 5% a
    year. Publication writes that down.
    """
    held = rfp.price_of_record
    if not held:
        if len(rfp.pricing_models) != 1:
            return None
        held = {**DEFAULT, "model": rfp.pricing_models[0]}
    return PriceRule(
        model=held["model"],
        scenario=held["scenario"]["name"],
        change=Decimal(held["scenario"]["change"]),
        adders=tuple(held["adders"]),
        discount=dict(held["discount"]),
    )


def published_rule(rfp: Rfp) -> PriceRule | None:
    """Return the rule that a comparison has to follow; None where none was published."""
    return price_rule(rfp) if rfp.price_of_record else None


def models_to_bid(rfp: Rfp) -> tuple[str, ...]:
    """Return the pricing models that a price sheet may use: the one of record, where one decides."""
    rule = price_rule(rfp)
    if rule is None or rule.model == AS_BID:
        return tuple(rfp.pricing_models)
    return (rule.model,)


def price_rule_fault(rfp: Rfp) -> str:
    """Say what is missing of the price of record; empty when it is complete."""
    rule = price_rule(rfp)
    if rule is None:
        return _(
            "Say which price earns the points when vendors may offer several pricing models: the"
            " model, the volume, the extra costs and the discount rate."
        )
    if rule.model != AS_BID and rule.model not in rfp.pricing_models:
        return _("The model that decides the price points is not one that vendors may bid.")
    return ""


def rule_sentences(rfp: Rfp) -> tuple[str, ...]:
    """Say the rule to vendors and panel alike, a sentence for each part."""
    rule = price_rule(rfp)
    if rule is None:
        return (price_rule_fault(rfp),)
    return (_model(rfp, rule), _volume(rule), _adders(rule), _discount(rule))


def _model(rfp: Rfp, rule: PriceRule) -> str:
    if rule.model == AS_BID:
        return _("Each bid is priced by the pricing model that it offers.")
    name = PRICING_MODELS[rule.model].name
    if len(rfp.pricing_models) == 1:
        return _("Every bid is priced by one model: {name}.").format(name=name)
    return _(
        "The price sheet takes one model, {name}: it alone earns points. A vendor may describe"
        " another model in its commercial answers; it earns none."
    ).format(name=name)


def _volume(rule: PriceRule) -> str:
    if not rule.change:
        return _("It is priced on the workload of this tender as it stands.")
    return _("It is priced on the scenario “{name}”: the workload of this tender {change}.").format(
        name=rule.scenario, change=signed(rule.change)
    )


def signed(change: Decimal) -> str:
    """Write a share as a change of volume: +20% or -15%."""
    sign = "+" if change > 0 else MINUS
    return f"{sign}{percent(abs(change))}"


def percent(share: Decimal | str) -> str:
    """Write a share in percent with every digit that was published: 0.0475 becomes 4.75%."""
    return f"{plain(Decimal(share) * 100)}%"


def _adders(rule: PriceRule) -> str:
    counted = [str(ADDERS[name]) for name in rule.adders]
    left = [str(text) for name, text in ADDERS.items() if name not in rule.adders]
    said = (
        _("Beside usage and indexation it counts: {counted}.").format(counted="; ".join(counted))
        if counted
        else _("It counts usage and indexation alone.")
    )
    return f"{said} {_('Not counted: {left}.').format(left='; '.join(left))}" if left else said


def _discount(rule: PriceRule) -> str:
    basis = rule.discount["basis"]
    inflation = rule.discount.get("inflation")
    said = _(
        "The cost of each month is discounted at {rate} a year ({basis}) for all bids."
    ).format(rate=percent(rule.discount["rate"]), basis=str(BASES[basis]))
    if inflation:
        added = _("Inflation is taken as {rate} a year.").format(rate=percent(inflation))
        return f"{said} {added}"
    return said


def price_fault(slug: str, params: dict[str, str]) -> str:
    """Return why a formula cannot score prices with these parameters; empty when it can."""
    formula = PRICE_FORMULAE[slug]
    read: dict[str, float] = {}
    for one in formula.fields:
        if not params.get(one.name):
            if not one.required:
                continue
            label = one.name.replace("_", " ")
            return _("give the {label}. {help}").format(label=label, help=one.help)
        try:
            read[one.name] = float(one.read(params.get(one.name)))
        except InvalidInput as error:
            label = one.name.replace("_", " ")
            return _("{label}: {sentence}").format(label=label, sentence=error.sentence)
    try:
        formula.score([1.0], params=read, quality=[100.0])
    except InvalidInput as error:
        return error.sentence
    return ""
