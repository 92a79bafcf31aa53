from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.decision.types import Asked


class StatementForm(Form):
    """One fact that people state: its answer and what shows it."""

    fact = forms.CharField(widget=forms.HiddenInput)
    evidence = forms.CharField(
        label=_("What shows it?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A document, a figure or a resolution, and whose it is."),
        error_messages={"required": _("Say what shows it: a document, a figure, a resolution.")},
    )

    def __init__(self, data: Any = None, *, asked: Asked) -> None:
        initial = {"fact": asked.fact, "value": asked.value, "evidence": asked.evidence}
        super().__init__(data, initial=initial, prefix=asked.fact)
        self.asked = asked
        if asked.options:
            self.fields["value"] = forms.ChoiceField(
                label=asked.question,
                choices=asked.options,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one of the answers to this question.")},
            )
        else:
            self.fields["value"] = forms.CharField(label=asked.question, max_length=40)
        self.order_fields(["fact", "value", "evidence"])


class ProposeForm(Form):
    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    rationale = forms.CharField(
        label=_("Reason for the decision"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "It is printed on the report. An outcome other than the recommended one needs its reason here."
        ),
        error_messages={
            "required": _("Give the reason for the decision; it is printed on the report.")
        },
    )

    def __init__(self, data: Any = None, *, outcomes: Any, recommended: str) -> None:
        super().__init__(data, initial={"outcome": recommended})
        field: Any = self.fields["outcome"]
        field.choices = [
            (slug, f"{name} ({_('recommended')})" if slug == recommended else name)
            for slug, name in outcomes
        ]


class SendBackForm(Form):
    reason = forms.CharField(
        label=_("What has to change?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what has to change before you approve.")},
    )
