"""One judgement as it is typed, or the panel's: a score, its reason and the passages marked for it."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.forms import Form
from apps.matrix.selectors.rubric import ABSTAIN
from apps.matrix.types import Mark

# Paragraph, first character and the one after the last, of each marked passage.
MARKS = re.compile(r"\d{1,4}-\d{1,6}-\d{1,6}( \d{1,4}-\d{1,6}-\d{1,6})*", re.ASCII)


class JudgementForm(Form):
    """A score with its reason, for one bid: the prefix is the bid's letter."""

    value = forms.CharField(required=False, max_length=12)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    marks = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    abstains = True

    def __init__(self, *args: Any, scale: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = tuple(scale)

    @property
    def touched(self) -> bool:
        """Whether anything was typed or chosen for this bid."""
        return any(self.data.get(self.add_prefix(name)) for name in ("value", "reason"))

    def clean_marks(self) -> tuple[Mark, ...] | None:
        """Return the marked passages as the page counts them; None where the page has none to give."""
        if self.add_prefix("marks") not in self.data:
            return None
        given = self.cleaned_data["marks"]
        if given and not MARKS.fullmatch(given):
            raise forms.ValidationError(_("Reload the page and mark the passages again."))
        return tuple(Mark(*map(int, one.split("-"))) for one in given.split())

    def clean_value(self) -> Decimal | None:
        given = self.cleaned_data["value"]
        if given in self.scale:
            return Decimal(given)
        if given == ABSTAIN and self.abstains:
            return None
        low, high = self.scale[0], self.scale[-1]
        sentence = (
            _("Choose a score from {low} to {high}, or abstain.")
            if self.abstains
            else _("Choose a score from {low} to {high}.")
        )
        raise forms.ValidationError(sentence.format(low=low, high=high))


class AgreedForm(JudgementForm):
    """What the panel agreed on for one bid; a panel does not abstain."""

    abstains = False
