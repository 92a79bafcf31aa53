"""The terms of a request for information."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.rfp.forms.questions import unmarked
from apps.rfp.forms.terms import MISSING, fact_field
from apps.rfp.models import Rfp
from apps.rfp.states import HiddenCounts, ShortlistRule
from apps.rfp.types import Fact, least

PLAIN = ("introduction", "missing_policy", "hidden_counts")


class InformationForm(Form):
    introduction = forms.CharField(
        label=_("Introduction for vendors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What you want to know, and what may come after it."),
    )
    rule = forms.ChoiceField(
        label=_("Who is taken"),
        required=False,
        choices=ShortlistRule.choices,
        widget=forms.RadioSelect,
        help_text=_("Vendors read it before they answer. A second person confirms the list."),
    )
    most = forms.IntegerField(
        label=_("How many are taken"),
        required=False,
        help_text=_("For the best ones."),
        error_messages={"invalid": _("Give a whole number.")},
    )
    least = forms.CharField(
        label=_("Minimum score"),
        required=False,
        help_text=_("For a minimum, in quality points of 100."),
    )
    quality_minimum = forms.CharField(
        label=_("Minimum quality"),
        required=False,
        help_text=_("Percent of the quality points; answers below are excluded."),
    )
    missing_policy = forms.ChoiceField(label=_("A missing answer counts"), choices=MISSING)
    hidden_counts = forms.ChoiceField(
        label=_("A scored question that a vendor's own answers hide counts"),
        choices=HiddenCounts.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, facts: tuple[Fact, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = facts
        for fact in facts:
            self.fields[f"fact-{fact.key}"] = fact_field(fact)
        unmarked(self, "introduction", "rule", "most", "least", "quality_minimum")

    @staticmethod
    def initial_of(rfp: Rfp, facts: tuple[Fact, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {name: getattr(rfp, name) for name in PLAIN}
        found |= {name: rfp.shortlist.get(name, "") for name in ("rule", "most", "least")}
        found["quality_minimum"] = least(rfp.quality_minimum) or ""
        for fact in facts:
            value = rfp.facts.get(fact.key)
            found[f"fact-{fact.key}"] = ("yes" if value else "no") if fact.kind == "bool" else value
        return found

    def fact_fields(self) -> list[BoundField]:
        return [self[f"fact-{fact.key}"] for fact in self.facts]

    def terms(self) -> dict[str, Any]:
        """Return what `set_terms` takes: of the rule only what belongs to the one chosen."""
        given = self.checked()
        rule: dict[str, Any] = {"rule": given["rule"]} if given["rule"] else {}
        if given["rule"] == ShortlistRule.BEST:
            rule["most"] = given["most"]
        elif given["rule"] == ShortlistRule.MINIMUM:
            rule["least"] = given["least"]
        return {
            **{name: given[name] for name in (*PLAIN, "quality_minimum")},
            "shortlist": rule,
            "facts": {fact.key: self._fact(fact, given) for fact in self.facts},
        }

    @staticmethod
    def _fact(fact: Fact, given: dict[str, Any]) -> Any:
        value = given[f"fact-{fact.key}"]
        return value == "yes" if fact.kind == "bool" else value
