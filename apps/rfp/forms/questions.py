"""The inspector of the builder: four small forms, each for some fields of one question."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, Incomplete
from apps.core.forms import Form
from apps.rfp import answers
from apps.rfp.models import Question
from apps.rfp.states import AnswerKind, EvidenceClass, ScoringMode
from apps.rfp.types import Fact

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
    """Write options as a person edits them: one a line, a column as `Name | kind | choices`."""
    return "\n".join(_line(one) if isinstance(one, dict) else str(one) for one in options)


def _line(column: dict[str, Any]) -> str:
    line = f"{column['name']} | {column['kind']}"
    choices = [str(one) for one in column.get("options", ())]
    if not choices:
        return line
    plain = all(one == one.strip() and ";" not in one for one in choices) and choices[0][0] != "["
    return f"{line} | {'; '.join(choices) if plain else json.dumps(choices, ensure_ascii=False)}"


def read_options(kind: str, text: str) -> list[Any]:
    """Read options back; a column without a kind holds short text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [_column(line) for line in lines] if kind in answers.TABLES else lines


def _column(line: str) -> dict[str, Any]:
    name, kind, choices = (part.strip() for part in (*line.split("|", 2), "", "")[:3])
    column = {"name": name, "kind": kind or AnswerKind.TEXT_SHORT.value}
    return {**column, "options": _choices(choices)} if choices else column


def _choices(text: str) -> list[str]:
    if text.startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = []
        return [str(one) for one in found] if isinstance(found, list) else []
    return [one.strip() for one in text.split(";") if one.strip()]


LIMITS = ("least", "most", "whole")


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
        help_text=_(
            "One a line. A column of a table or group: Name | number, or Name | single_choice |"
            " first; second."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    unit = forms.CharField(label=_("Unit"), required=False, help_text=_("Such as days or %"))
    word_limit = forms.IntegerField(
        label=_("Word limit"),
        required=False,
        error_messages={"invalid": _("Give a whole number of words, or none.")},
    )
    least = forms.CharField(
        label=_("At least"), required=False, help_text=_("Of a figure, or of rows of a table")
    )
    most = forms.CharField(label=_("At most"), required=False)
    whole = forms.BooleanField(label=_("Whole numbers only"), required=False)
    required = forms.BooleanField(label=_("An answer is required"), required=False)
    allows_na = forms.BooleanField(
        label=_("“Not applicable” is an answer, with a reason"),
        required=False,
        help_text=_(
            "It does not count for that vendor: the rest of the section counts in its place."
        ),
    )
    commitment = forms.BooleanField(
        label=_("The answer becomes a contract row"),
        required=False,
        help_text=_("Vendors read this beside the question."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self, "options", "least", "most")

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        return {
            **{
                name: getattr(question, name)
                for name in (
                    *("topic", "text", "kind", "unit", "word_limit", "required"),
                    *("allows_na", "commitment"),
                )
            },
            "least": question.limits.get("least", ""),
            "most": question.limits.get("most", ""),
            "whole": question.limits.get("whole", False),
            "options": written(question.options),
        }

    def changes(self) -> dict[str, Any]:
        given = self.checked()
        ends = {name: given.pop(name) for name in LIMITS}
        return {
            **given,
            "options": read_options(given["kind"], given["options"]),
            "limits": {name: end for name, end in ends.items() if end},
        }

    def carry(self, error: DomainError) -> None:
        """Show what is wrong with the limits beside the first of them."""
        fields = {"least" if name == "limits" else name: t for name, t in error.fields.items()}
        super().carry(Incomplete(error.sentence, fields=fields))


class EvidenceForm(Form):
    evidence = forms.CharField(
        label=_("Evidence to attach"), required=False, help_text=_("Such as an audit report")
    )
    evidence_class = forms.ChoiceField(
        label=_("What it proves"),
        required=False,
        choices=[("", _("Not said")), *EvidenceClass.choices],
    )
    evidence_required = forms.BooleanField(
        label=_("A bid without it cannot be submitted"), required=False
    )
    evidence_expires = forms.BooleanField(
        label=_("Ask until when each file is valid"), required=False
    )

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        names = ("evidence", "evidence_class", "evidence_required", "evidence_expires")
        return {name: getattr(question, name) for name in names}

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
