"""Switches of a tender's terms: what vendors learn of one another, and what they show the buyer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.rfp.models import Rfp
from apps.rfp.selectors.awarding import explains, explains_by_preset
from apps.rfp.states import Preset

YES_NO = (("yes", _("Yes")), ("no", _("No")))


def cost_floor() -> forms.Field:
    """Return the switch for the vendors' own worksheet of their lowest cost."""
    return forms.ChoiceField(
        label=_("Vendors show their lowest cost of an agent hour"),
        required=False,
        choices=YES_NO,
        widget=forms.RadioSelect,
        help_text=_(
            "A worksheet in the price sheet: wage, contributions, workplace, overhead. It is opened"
            " with the price, and the comparison says where a price does not cover it."
        ),
    )


def fields_for(preset: str) -> dict[str, forms.Field]:
    """Return the switches a preset offers; the list of names is a public tender's alone."""
    found: dict[str, forms.Field] = {
        "explains": forms.ChoiceField(
            label=_("Letters name the selected vendor and where its tender was stronger"),
            required=False,
            choices=YES_NO,
            widget=forms.RadioSelect,
            help_text=_("Public buyers owe it to a vendor that asks (2014/24/EU, Article 55(2)).")
            if preset == Preset.PUBLIC
            else _("Vendors read it before they bid. No score and no price of another is told."),
        )
    }
    if preset == Preset.PUBLIC:
        found["names_published"] = forms.ChoiceField(
            label=_("Vendors that submitted read each other's names after the opening"),
            required=False,
            choices=YES_NO,
            widget=forms.RadioSelect,
            help_text=_("Names alone, in the order of the alphabet: no price, no time, no place."),
        )
    return found


def initial_of(rfp: Rfp) -> dict[str, str]:
    held = {"explains": explains(rfp), "names_published": rfp.names_published}
    return {name: "yes" if on else "no" for name, on in held.items()}


def given(preset: str, data: dict[str, Any]) -> dict[str, bool | None]:
    """Return what was said; what is the preset's own answer follows the preset later on too."""
    found: dict[str, bool | None] = {}
    if data.get("explains"):
        said = data["explains"] == "yes"
        found["explains"] = None if said == explains_by_preset(preset) else said
    if data.get("names_published"):
        found["names_published"] = data["names_published"] == "yes"
    return found
