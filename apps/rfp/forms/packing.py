"""The data pack: a file to add, a note to release with."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form


class PackFileForm(Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the service says it, in the words of every other refusal
        error_messages={"required": _("Choose a file first.")},
    )


class ReleaseForm(Form):
    note = forms.CharField(
        label=_("What is new"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Every vendor reads it."),
        error_messages={"required": _("Say in a sentence what is new.")},
    )
