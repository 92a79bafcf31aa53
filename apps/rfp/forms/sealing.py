"""Who opens the bids, and the codes of the keys as they are typed back."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.proof.sealing import MOST_OPENERS
from apps.rfp.states import KeyKind


class OpeningForm(Form):
    keys_needed = forms.TypedChoiceField(
        label=_("Keys that open"),
        coerce=int,
        choices=[(number, str(number)) for number in range(1, MOST_OPENERS)],
        help_text=_("So many openers turn their keys together. With 1, one person opens alone."),
    )
    spare_key = forms.BooleanField(
        label=_("Keep a spare key"),
        required=False,
        help_text=_("Its codes are kept offline, in a sealed envelope, for a key that was lost."),
    )


class CodesForm(Form):
    """One field for each kind of envelope; nothing that was typed is shown again."""

    def __init__(self, data: Any = None, *, kinds: Iterable[KeyKind], prefix: str = "") -> None:
        super().__init__(data, prefix=prefix or None)
        for kind in kinds:
            self.fields[kind.value] = forms.CharField(
                label=kind.label,
                max_length=120,
                error_messages={"required": _("Type the code from your sheet.")},
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    def forget(self) -> None:
        """Keep nothing of what was typed: the page is drawn again without it."""
        self.data = {}
