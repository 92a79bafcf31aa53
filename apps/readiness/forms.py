from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.readiness.types import Asked

UNANSWERED = ""


class AnswerForm(Form):
    """One question: the level its anchors describe, and what shows it."""

    level = forms.TypedChoiceField(
        label="",
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    evidence = forms.CharField(
        label=_("What shows it?"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, asked: Asked) -> None:
        initial = {"level": asked.level, "evidence": asked.evidence}
        super().__init__(data, initial=initial, prefix=asked.slug)
        self.asked = asked
        level: Any = self.fields["level"]
        level.label = asked.text
        level.choices = [
            *((str(at), f"{at}. {text}") for at, text in asked.anchors),
            (UNANSWERED, _("Not answered yet")),
        ]
        self.fields["evidence"].help_text = asked.hint


class BeginForm(Form):
    framework = forms.ChoiceField(label=_("Framework"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, frameworks: Any) -> None:
        super().__init__(data, initial={"framework": frameworks[0][0]})
        field: Any = self.fields["framework"]
        field.choices = frameworks
