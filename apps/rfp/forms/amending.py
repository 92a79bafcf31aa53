"""Addenda: one small form for each kind of change, and one to publish."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.rfp.forms.terms import fact_field
from apps.rfp.models import Question, Rfp
from apps.rfp.states import AnswerKind, Consequence
from apps.rfp.types import Chapter, Fact

KINDS = (
    *(AnswerKind.TEXT_SHORT, AnswerKind.TEXT_LONG, AnswerKind.YES_NO, AnswerKind.NUMBER),
    *(AnswerKind.PERCENT, AnswerKind.DATE, AnswerKind.SINGLE_CHOICE, AnswerKind.MULTI_CHOICE),
)


class IntroductionForm(Form):
    introduction = forms.CharField(
        label=_("Introduction for vendors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class FactsForm(Form):
    def __init__(self, *args: Any, facts: tuple[Fact, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = facts
        for fact in facts:
            self.fields[f"fact-{fact.key}"] = fact_field(fact)

    @staticmethod
    def initial_of(rfp: Rfp, facts: tuple[Fact, ...]) -> dict[str, Any]:
        found = {}
        for fact in facts:
            value = rfp.facts.get(fact.key)
            plain = {True: "yes", False: "no"}.get(value) if fact.kind == "bool" else value
            found[f"fact-{fact.key}"] = plain
        return found

    def given(self) -> dict[str, Any]:
        found = {}
        for fact in self.facts:
            value = self.cleaned_data[f"fact-{fact.key}"]
            found[fact.key] = value == "yes" if fact.kind == "bool" else value
        return found


class ChangeQuestionForm(Form):
    """Topic, text and evidence of one question."""

    topic = forms.CharField(label=_("Topic"), max_length=120)
    text = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 4}))
    evidence = forms.CharField(label=_("Evidence asked for"), max_length=200, required=False)

    @staticmethod
    def initial_of(question: Question) -> dict[str, str]:
        return {name: getattr(question, name) for name in ("topic", "text", "evidence")}


class PickForm(Form):
    question = forms.ChoiceField(
        label=_("Question"), error_messages={"required": _("Choose the question.")}
    )

    def __init__(self, *args: Any, questions: tuple[Question, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["question"]
        field.choices = [("", _("Choose")), *((q.code, f"{q.code} {q.topic}") for q in questions)]


class AddQuestionForm(Form):
    section = forms.ChoiceField(label=_("Section"))
    topic = forms.CharField(
        label=_("Topic"), max_length=120, error_messages={"required": _("Name the topic.")}
    )
    text = forms.CharField(
        label=_("Question"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the question.")},
    )
    kind = forms.ChoiceField(
        label=_("Answered by"), choices=[(one.value, one.label) for one in KINDS]
    )
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, for one or any of several."),
    )
    unit = forms.CharField(label=_("Unit"), max_length=60, required=False)
    required = forms.BooleanField(label=_("Every bid has to answer it"), required=False)

    def __init__(self, *args: Any, chapters: tuple[Chapter, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.choices = [
            (str(one.section.pk), f"{one.section.code} {one.section.title}") for one in chapters
        ]

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given.pop("section")
        lines = given.pop("choices").splitlines()
        given["options"] = [line.strip() for line in lines if line.strip()]
        return given


class PublishAddendumForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Every vendor and the panel read it."),
        error_messages={"required": _("Say why; every vendor will read it.")},
    )
    consequence = forms.ChoiceField(
        label=_("For bids that were submitted"),
        choices=Consequence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it means for a bid that was submitted.")},
    )
    late_reason = forms.CharField(
        label=_("Why the time is enough"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when the deadline is near and does not move with the addendum."),
    )
