"""The code of a key: read as it is typed, never shown again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form


class TurnForm(Form):
    code = forms.CharField(
        label=_("Your code for this envelope"),
        max_length=120,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("14 groups of four letters and digits, from your sheet."),
        error_messages={"required": _("Type the code from your sheet.")},
    )

    def forget(self) -> None:
        """Keep nothing of what was typed: the page is drawn again without it."""
        self.data = {}
