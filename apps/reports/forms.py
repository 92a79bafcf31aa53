"""What people send: the kind of a report, a PDF to verify, a reference read from paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.reports.selectors.types import REPORT_TYPES


class RequestForm(Form):
    kind = forms.ChoiceField(
        choices=lambda: [(slug, entry.name) for slug, entry in REPORT_TYPES.items()],
        error_messages={
            "required": _("Choose one of the report types."),
            "invalid_choice": _("Choose one of the report types."),
        },
    )


class UploadForm(Form):
    file = forms.FileField(
        label=_("PDF file"),
        error_messages={
            "required": _("Choose the PDF file to check."),
            "empty": _("The file is empty. Choose another one."),
            "invalid": _("Choose the PDF file to check."),
            "missing": _("Choose the PDF file to check."),
        },
    )


class ReferenceForm(Form):
    reference = forms.CharField(
        label=_("Reference"),
        max_length=20,
        help_text=_("Twelve letters and digits, for example R7QK-4MDX-C5LP."),
        error_messages={"required": _("Type the reference printed on the report.")},
    )
