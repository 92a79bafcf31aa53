"""One "subject to" as it is typed, and the mark of a confidential answer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bids.states import AssumptionKind, EffectUnit
from apps.bids.types.assumptions import (
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_WORDING,
    Row,
)
from apps.core.forms import Form
from apps.rfp.models import Question


class AssumptionForm(Form):
    """The service reads the fields: its sentences come back to them."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=AssumptionKind.choices,
        initial=AssumptionKind.ASSUMPTION,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what this is: an assumption or a change to the contract."),
        },
    )
    place = forms.CharField(
        label=_("Clause or question"),
        max_length=LONGEST_PLACE,
        error_messages={"required": _("Name the clause or the question this is about.")},
        help_text=_("For example: clause 14.2, or question 3.05."),
    )
    wording = forms.CharField(
        label=_("Wording"),
        max_length=LONGEST_WORDING,
        error_messages={"required": _("Write the wording that would stand.")},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "What your bid is subject to, or the wording you propose. It is read with the quality"
            " envelope: say below what it does to your price, not here."
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed for a change to the contract."),
    )
    amount = forms.CharField(
        label=_("Effect on the price"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_(
            "More with a plus, less with a minus. It goes into the price envelope. Empty: no effect."
        ),
    )
    unit = forms.ChoiceField(
        label=_("Unit of the effect"), required=False, choices=[("", ""), *EffectUnit.choices]
    )
    is_confidential = forms.BooleanField(label=_("Confidential"), required=False)
    confidential = forms.CharField(
        label=_("Why it is confidential"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("The panel reads it. Letters, exports and public records leave it out."),
    )


def initial_of(row: Row) -> dict[str, Any]:
    """Return a row as the form shows it."""
    return {
        **row.without_price(),
        "amount": row.effect.amount if row.effect else "",
        "unit": row.effect.unit if row.effect else "",
        "is_confidential": bool(row.confidential),
    }


class ConfidentialForm(Form):
    question = forms.ChoiceField(
        label=_("Answer"), error_messages={"required": _("Choose an answer.")}
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("For example: trade secret, named employees, security of a site."),
        error_messages={"required": _("Say why this is confidential, for example a trade secret.")},
    )

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", ""),
            *((str(one.pk), f"{one.code} {one.topic}") for one in questions),
        ]
