"""The inspector of the builder: four small forms, each for some fields of one question."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.rfp.models import Question
from apps.rfp.states import AnswerKind, ScoringMode
from apps.rfp.types import Fact

TABLES = (AnswerKind.TABLE, AnswerKind.MATRIX, AnswerKind.PRICE_TABLE)
DOMAINS = (
    ("", _("None")),
    ("technology", _("Technology")),
    ("scalability", _("Scalability and standing")),
    ("security", _("Security and legal")),
    ("analytics", _("Analytics")),
    ("culture", _("Culture")),
    ("commercial", _("Commercial")),
)


def written(options: list[Any]) -> str:
    """Write options as a person edits them: one a line, a column as `Name | kind`."""
    return "\n".join(
        f"{one['name']} | {one['kind']}" if isinstance(one, dict) else str(one) for one in options
    )


def read_options(kind: str, text: str) -> list[Any]:
    """Read options back; a column without a kind holds short text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if kind not in TABLES:
        return lines
    pairs = [line.partition("|") for line in lines]
    return [
        {"name": name.strip(), "kind": kind.strip() or AnswerKind.TEXT_SHORT.value}
        for name, _bar, kind in pairs
    ]


def unmarked(form: Form, *names: str) -> None:
    """Leave "(optional)" out where another field decides whether this one is needed."""
    for name in names or tuple(form.fields):
        field: Any = form.fields[name]
        field.unmarked = True


class QuestionForm(Form):
    """What is asked and how it is answered."""

    topic = forms.CharField(
        label=_("Topic"),
        error_messages={"required": _("Give the question a topic of one to three words.")},
    )
    text = forms.CharField(
        label=_("Question"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the question.")},
    )
    kind = forms.ChoiceField(label=_("Answer"), choices=AnswerKind.choices)
    options = forms.CharField(
        label=_("Choices, columns or file types"),
        help_text=_("One a line. A column of a table: Name | number."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    unit = forms.CharField(label=_("Unit"), required=False, help_text=_("Such as days or %"))
    word_limit = forms.IntegerField(
        label=_("Word limit"),
        required=False,
        error_messages={"invalid": _("Give a whole number of words, or none.")},
    )
    required = forms.BooleanField(label=_("An answer is required"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self, "options")

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        return {
            **{
                name: getattr(question, name)
                for name in ("topic", "text", "kind", "unit", "word_limit", "required")
            },
            "options": written(question.options),
        }

    def changes(self) -> dict[str, Any]:
        given = self.checked()
        return {**given, "options": read_options(given["kind"], given["options"])}


class EvidenceForm(Form):
    evidence = forms.CharField(
        label=_("Evidence to attach"), required=False, help_text=_("Such as an audit report")
    )
    evidence_required = forms.BooleanField(
        label=_("A bid without it cannot be submitted"), required=False
    )

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        return {
            "evidence": question.evidence,
            "evidence_required": question.evidence_required,
        }

    def changes(self) -> dict[str, Any]:
        return self.checked()


class AddQuestionForm(QuestionForm):
    """A new question is information until its scoring is written."""

    def values(self) -> dict[str, Any]:
        return {**self.changes(), "mode": ScoringMode.INFO.value, "weight": "0"}


def fact_value(facts: tuple[Fact, ...], key: str, text: str) -> Any:
    """Read what a condition compares a fact with: yes and no where the fact is one of them."""
    kind = next((fact.kind for fact in facts if fact.key == key), "")
    if kind == "bool":
        return {"yes": True, "no": False}.get(text.strip().lower(), text)
    return text


def fact_text(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value)
