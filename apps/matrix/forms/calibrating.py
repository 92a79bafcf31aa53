"""What is typed to write a mock bid."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.forms import Form, LongSelect
from apps.matrix.forms.judging import JudgementForm
from apps.rfp.models import Question


class MockAnswerForm(Form):
    """One answer of the mock bid; `questions` are those it does not answer yet."""

    question = forms.ChoiceField(
        label=gettext_lazy("Question"),
        widget=LongSelect,
        error_messages={"required": gettext_lazy("Choose the question that is answered.")},
    )
    text = forms.CharField(
        label=gettext_lazy("What the mock bid answers"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Write it yourself, as a bidder might: neither the best nor the worst. Take it from no"
            " bid."
        ),
        error_messages={"required": gettext_lazy("Write what the mock bid answers.")},
    )

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [("", _("Choose a question"))]
        found += [(one.code, f"{one.code} {one.topic or one.text}") for one in questions]
        self.fields["question"].choices = found  # type: ignore[attr-defined]


class MockTextForm(Form):
    """An answer of the mock bid that is changed before anybody scores it."""

    text = forms.CharField(
        label=gettext_lazy("What the mock bid answers"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Write what the mock bid answers.")},
    )


class TrialForm(JudgementForm):
    """What an evaluator gives one mock answer: the prefix is the question's code."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Give a reason: what in the answer meets which anchor.")
        },
    )
    version = marks = None  # type: ignore[assignment]  # none of its fields: only what stands is kept
    abstains = False
