"""What a vendor says about a file, the file itself, and which questions it is for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.rfp.models import Question
from apps.rfp.states import EvidenceClass


class AboutForm(Form):
    kind = forms.ChoiceField(
        label=_("What it proves"),
        choices=EvidenceClass.choices,
        initial=EvidenceClass.OTHER,
        error_messages={"invalid_choice": _("Choose what the file proves.")},
    )
    issued = forms.CharField(
        label=_("Issued on"),
        required=False,
        max_length=10,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    expires = forms.CharField(
        label=_("Valid until"),
        required=False,
        max_length=10,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class EvidenceForm(AboutForm):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the service says it, in the words of every other refusal
        error_messages={"required": _("Choose a file first.")},
    )


class AnnouncedForm(AboutForm):
    """A file that comes in pieces: what is said of it before the first one."""

    name = forms.CharField(max_length=400)
    size = forms.IntegerField(min_value=0)
    sha256 = forms.CharField(max_length=64)


class AttachForm(Form):
    questions = forms.MultipleChoiceField(
        label=_("Questions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one or more questions that take a file.")},
    )

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["questions"].choices = [  # type: ignore[attr-defined]  # a choice field
            (one.code, f"{one.code} {one.topic}") for one in questions
        ]
