"""What is typed to ask one vendor about its own bid."""

from django import forms
from django.utils.translation import gettext_lazy

from apps.core.forms import Form
from apps.matrix.services.asking import MOST_DAYS


class DraftForm(Form):
    text = forms.CharField(
        label=gettext_lazy("What should the vendor explain?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Ask what the answer means, never for another offer or price. Name no other bid. A"
            " lead reads it before it is sent."
        ),
        error_messages={"required": gettext_lazy("Write the question.")},
    )


class SendForm(Form):
    text = forms.CharField(
        label=gettext_lazy("The question as the vendor reads it"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write the question.")},
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days to answer"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=5,
        error_messages={
            "required": gettext_lazy("Say how many days the vendor has."),
            "invalid": gettext_lazy("Give whole days."),
        },
    )


class ShelveForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is not sent"),
        error_messages={"required": gettext_lazy("Say why it is not sent.")},
    )
