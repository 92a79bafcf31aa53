"""What is typed when the course of an evaluation changes: scores re-opened, evaluators replaced."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from apps.core.forms import Form
from apps.rfp.forms.questions import unmarked
from apps.workspace.models import User

COUNT, LEAVE_OUT = "count", "leave out"


class ReopenForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Why are the locked scores agreed anew?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept on record and printed on every report."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self)


class DropForm(Form):
    answer = forms.CharField(
        label=gettext_lazy("Why does the lock stand?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed for somebody else's request; printed on every report."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self)


class SubstituteForm(Form):
    """What becomes of the scores of one who left; a form for each of them, told by its prefix."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Scores of the sections they finished"),
        choices=(
            (COUNT, gettext_lazy("They count")),
            (LEAVE_OUT, gettext_lazy("They are left out of every figure")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether these scores count.")},
    )
    substitute = forms.TypedChoiceField(
        label=gettext_lazy("Substitute"),
        coerce=uuid.UUID,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("Scores every answer of the sections that do not count, alone."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, evaluators: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self, "reason")
        people: Any = self.fields["substitute"]
        people.choices = [
            ("", gettext_lazy("Nobody")),
            *((str(one.pk), one.name) for one in evaluators),
        ]

    def decided(self) -> dict[str, Any]:
        """Return what the service takes."""
        given = self.checked()
        return {
            "counts": given["choice"] == COUNT,
            "substitute": given["substitute"],
            "reason": given["reason"],
        }
