"""How quality and price decide, what may be bid, and the facts of the tender."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, Incomplete
from apps.core.forms import Form
from apps.engine.fields import Unit
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.pricing.models import PRICING_MODELS
from apps.rfp.forms import disclosing, record
from apps.rfp.forms.questions import unmarked
from apps.rfp.models import Rfp
from apps.rfp.selectors.price_rule import ADDERS, AS_BID, BASES
from apps.rfp.selectors.wording import FORMULAE, MODELS
from apps.rfp.states import EnvelopeOrder, FinalOffers, HiddenCounts
from apps.rfp.types import Fact, least, plain

MISSING = (
    ("zero", _("No points: the vendor did not answer")),
    ("exclude", _("Left out for every vendor")),
    ("block", _("No ranking until it is scored")),
)
RECORD_MODELS = [
    ("", _("Not said yet")),
    (AS_BID, _("The model each vendor bids")),
    *((slug, MODELS.get(slug, slug)) for slug in PRICING_MODELS),
]
YES_NO = (("yes", _("Yes")), ("no", _("No")))


RECORD = (
    *("record_model", "record_change", "record_scenario", "record_adders"),
    *("record_rate", "record_basis", "record_inflation"),
)


@dataclass(frozen=True)
class Formula:
    """One price formula on the page: `fields` are its own parameters."""

    slug: str
    name: str
    text: str
    depends_on_others: bool
    chosen: bool
    fields: list[tuple[BoundField, bool]]  # and whether it is an amount of money


class TermsForm(Form):
    introduction = forms.CharField(
        label=_("Introduction for vendors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What you buy, from when, and what every bid has to know."),
    )
    term_months = forms.IntegerField(
        label=_("Term"), error_messages={"invalid": _("Give the term in whole months.")}
    )
    asks_cost_floor = disclosing.cost_floor()
    least_contacts = forms.IntegerField(
        label=_("Minimum volume"),
        required=False,
        min_value=1,
        help_text=_(
            "What you commit to over the whole tender. Empty commits to none: vendors are told that"
            " volumes are an estimate."
        ),
        error_messages={
            "invalid": _("Give the contacts of a month as a whole number, or leave this empty."),
            "min_value": _("Give one contact or more, or leave this empty."),
        },
    )
    quality_weight = forms.CharField(label=_("Weight of quality"))
    price_weight = forms.CharField(label=_("Weight of price"))
    quality_minimum = forms.CharField(
        label=_("Minimum quality"),
        required=False,
        help_text=_("Percent of the quality points; a bid below is excluded. Empty asks for none."),
    )
    price_formula = forms.ChoiceField(label=_("How prices become points"))
    price_decimals = forms.TypedChoiceField(
        label=_("Price points are rounded"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("Not rounded: every difference in price counts")),
            (0, _("To whole points")),
            (1, _("To one decimal")),
            (2, _("To two decimals")),
            (3, _("To three decimals")),
            (4, _("To four decimals")),
        ],
        help_text=_("Half up, before they are added to the quality points. Rounding makes ties."),
    )
    pricing_models = forms.MultipleChoiceField(
        label=_("Pricing models vendors may bid"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(slug, MODELS.get(slug, slug)) for slug in PRICING_MODELS],
        help_text=_("All are compared on your one workload."),
    )
    record_model = forms.ChoiceField(
        label=_("Model that earns the points"), required=False, choices=RECORD_MODELS
    )
    record_change = forms.CharField(
        label=_("Change of volume"),
        required=False,
        help_text=_("0 for the workload as it stands; 20 or -15 for a scenario."),
    )
    record_scenario = forms.CharField(
        label=_("Name of the scenario"), required=False, help_text=_("Such as High season.")
    )
    record_adders = forms.MultipleChoiceField(
        label=_("Extra costs that count"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(name, capfirst(str(text))) for name, text in ADDERS.items()],
    )
    record_rate = forms.CharField(label=_("Discount rate a year"), required=False)
    record_basis = forms.ChoiceField(
        label=_("Kind of rate"),
        required=False,
        choices=lambda: [(name, capfirst(str(text))) for name, text in BASES.items()],
    )
    record_inflation = forms.CharField(
        label=_("Inflation a year"), required=False, help_text=_("Only with a real rate.")
    )
    envelope_order = forms.ChoiceField(
        label=_("When prices are opened"),
        choices=EnvelopeOrder.choices,
        widget=forms.RadioSelect,
    )
    final_offers = forms.ChoiceField(
        label=_("Best and final offers"),
        required=False,
        choices=FinalOffers.choices,
        widget=forms.RadioSelect,
        help_text=_("Vendors read it before they bid. What is not published cannot be asked for."),
    )
    missing_policy = forms.ChoiceField(label=_("A missing answer counts"), choices=MISSING)
    hidden_counts = forms.ChoiceField(
        label=_("A scored question that a bid's own answers hide counts"),
        choices=HiddenCounts.choices,
        widget=forms.RadioSelect,
        help_text=_("“Not applicable”, where a question allows it, never counts against a vendor."),
    )

    def __init__(self, *args: Any, facts: tuple[Fact, ...], preset: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts, self.preset = facts, preset
        self.fields.update(disclosing.fields_for(preset))
        unmarked(self, "quality_minimum")
        field: Any = self.fields["price_formula"]
        field.choices = [(slug, one.name) for slug, one in PRICE_FORMULAE.items()]
        for slug, formula in PRICE_FORMULAE.items():
            for one in formula.fields:
                self.fields[f"{slug}.{one.name}"] = forms.CharField(
                    label=one.name.replace("_", " ").capitalize(),
                    help_text=one.help,
                    required=False,
                )
        for fact in facts:
            self.fields[f"fact-{fact.key}"] = fact_field(fact)
        own = [f"{slug}.{one.name}" for slug, f in PRICE_FORMULAE.items() for one in f.fields]
        unmarked(self, "pricing_models", *RECORD, *own)

    @staticmethod
    def initial_of(rfp: Rfp, facts: tuple[Fact, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {
            name: getattr(rfp, name)
            for name in (
                *("introduction", "term_months", "least_contacts"),
                *("price_formula", "price_decimals", "pricing_models"),
                *("envelope_order", "final_offers", "missing_policy", "hidden_counts"),
            )
        }
        found["asks_cost_floor"] = "yes" if rfp.asks_cost_floor else "no"
        found["quality_weight"] = plain(rfp.quality_weight)
        found["price_weight"] = plain(rfp.price_weight)
        found["quality_minimum"] = least(rfp.quality_minimum) or ""
        found |= record.initial_of(rfp) | disclosing.initial_of(rfp)
        found |= {f"{rfp.price_formula}.{name}": text for name, text in rfp.price_params.items()}
        for fact in facts:
            value = rfp.facts.get(fact.key)
            if fact.kind == "bool":
                value = "yes" if value else "no"
            found[f"fact-{fact.key}"] = value
        return found

    def formulae(self) -> list[Formula]:
        chosen = self["price_formula"].value()
        return [
            Formula(
                slug=slug,
                name=one.name,
                text=str(FORMULAE.get(slug, "")),
                depends_on_others=one.depends_on_others,
                chosen=slug == chosen,
                fields=[
                    (self[f"{slug}.{part.name}"], part.unit is Unit.MONEY) for part in one.fields
                ],
            )
            for slug, one in PRICE_FORMULAE.items()
        ]

    def switches(self) -> list[BoundField]:
        return [self[name] for name in disclosing.fields_for(self.preset)]

    def fact_fields(self) -> list[BoundField]:
        return [self[f"fact-{fact.key}"] for fact in self.facts]

    def carry(self, error: DomainError) -> None:
        """Show a parameter's sentence beside the field of the formula that was chosen."""
        slug = self.data.get("price_formula", "")
        fields = {
            f"{slug}.{name.removeprefix('param-')}" if name.startswith("param-") else name: text
            for name, text in error.fields.items()
        }
        super().carry(Incomplete(error.sentence, fields=fields))

    def terms(self) -> dict[str, Any]:
        """Return what `set_terms` takes; the parameters of other formulae are left out."""
        given = self.checked()
        slug = given["price_formula"]
        return {
            **{
                name: given[name]
                for name in (
                    *("introduction", "term_months", "quality_weight", "price_weight"),
                    "least_contacts",
                    "quality_minimum",
                    *("price_formula", "price_decimals", "pricing_models", "envelope_order"),
                    *("missing_policy", "hidden_counts"),
                )
            },
            **({"final_offers": given["final_offers"]} if given["final_offers"] else {}),
            **({"asks_cost_floor": said == "yes"} if (said := given["asks_cost_floor"]) else {}),
            **disclosing.given(self.preset, given),
            "price_params": {
                one.name: given[f"{slug}.{one.name}"].strip() for one in PRICE_FORMULAE[slug].fields
            },
            "price_of_record": record.given(given),
            "facts": {fact.key: self._fact(fact, given) for fact in self.facts},
        }

    @staticmethod
    def _fact(fact: Fact, given: dict[str, Any]) -> Any:
        value = given[f"fact-{fact.key}"]
        return value == "yes" if fact.kind == "bool" else value


def fact_field(fact: Fact) -> forms.Field:
    choices = [(option, option) for option in fact.options]
    texts: dict[str, Any] = {"label": fact.label, "help_text": fact.help}
    if fact.kind == "bool":
        return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **texts)
    if fact.kind == "single_choice":
        return forms.ChoiceField(choices=choices, **texts)
    return forms.MultipleChoiceField(
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one of the list.")},
        **texts,
    )
