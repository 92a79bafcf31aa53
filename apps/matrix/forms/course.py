"""What is typed when the course of an evaluation changes: scores re-opened, evaluators replaced."""

from django import forms
from django.utils.translation import gettext_lazy

from apps.core.forms import Form


class ReopenForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Why are the locked scores agreed anew?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept on record and printed on every report."),
    )


class DropForm(Form):
    answer = forms.CharField(
        label=gettext_lazy("Why does the lock stand?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed for somebody else's request; printed on every report."),
    )
