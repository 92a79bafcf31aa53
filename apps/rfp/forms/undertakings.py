"""The texts that vendors are asked to agree to."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.rfp.states import UndertakingKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _text(kind: UndertakingKind, help_text: "StrOrPromise") -> forms.CharField:
    return forms.CharField(
        label=kind.label,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=help_text,
    )


class UndertakingsForm(Form):
    intent = _text(
        UndertakingKind.INTENT,
        _("For example: we intend to bid, and tell you at once if that changes."),
    )
    nda = _text(
        UndertakingKind.NDA,
        _("The data pack is shown to a vendor once its owner has agreed to this."),
    )
    conduct = _text(UndertakingKind.CONDUCT, _("The text itself, or where it is published."))
