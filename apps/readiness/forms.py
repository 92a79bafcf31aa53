from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.forms import Form
from apps.readiness.types import AnswerPage, Asked, Given, ReadinessPage

UNANSWERED = ""


class BeginForm(Form):
    framework = forms.ChoiceField(label=_("Framework"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, page: ReadinessPage) -> None:
        super().__init__(data, initial={"framework": page.framework.slug})
        field: Any = self.fields["framework"]
        field.choices = [(one.slug, one.name) for one in (page.framework, *page.others)]


class PillarForm(Form):
    """The questions of one pillar: a level by its anchor, and what shows it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, page: AnswerPage) -> None:
        self.questions = page.pillar.questions
        initial: dict[str, Any] = {"seen": page.seen}
        for one in self.questions:
            initial |= {f"level-{one.slug}": one.level, f"evidence-{one.slug}": one.evidence}
        super().__init__(data, initial=initial)
        for one in self.questions:
            self.fields[f"level-{one.slug}"] = _level(one)
            self.fields[f"evidence-{one.slug}"] = _evidence(one)

    def pairs(self) -> list[tuple[str, BoundField, BoundField, str]]:
        """Return each question's slug, its two fields, and who answered last."""
        return [
            (one.slug, self[f"level-{one.slug}"], self[f"evidence-{one.slug}"], one.by)
            for one in self.questions
        ]

    def answers(self) -> dict[str, Given]:
        given = self.checked()
        return {
            one.slug: Given(given[f"level-{one.slug}"], given[f"evidence-{one.slug}"])
            for one in self.questions
        }

    def carry(self, error: DomainError) -> None:
        """Show the service's sentences, named `question.part`, beside their fields."""
        moved = {
            "-".join(reversed(name.rsplit(".", 1))) if "." in name else name: sentence
            for name, sentence in error.fields.items()
        }
        super().carry(type(error)(error.sentence, fields=moved) if moved else error)


def _level(one: Asked) -> forms.Field:
    field: Any = forms.TypedChoiceField(
        label=one.text,
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        choices=[
            *((str(at), f"{at}. {text}") for at, text in one.anchors),
            (UNANSWERED, _("Not answered yet")),
        ],
        error_messages={"invalid_choice": _("Choose one of the levels.")},
    )
    field.unmarked = True  # leaving a question open is an answer of its own, not an option
    return cast("forms.Field", field)


def _evidence(one: Asked) -> forms.Field:
    field: Any = forms.CharField(
        label=_("What shows it?"),
        help_text=one.hint,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field.unmarked = True  # asked for with every level
    return cast("forms.Field", field)
