from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bids.states import Verdict
from apps.core.forms import Form


class RulingForm(Form):
    """A verdict on one row; the row's number travels with it."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=Verdict.choices,
        error_messages={
            "required": _("Choose accepted, rejected or priced."),
            "invalid_choice": _("Choose accepted, rejected or priced."),
        },
    )
    amount = forms.CharField(
        label=_("Worth over the term"),
        required=False,
        max_length=30,
        help_text=_("Where you price it. Kept on record: it moves no price and no rank."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The vendor reads it with its result."),
        error_messages={"required": _("Say why; the vendor reads it with its result.")},
    )
