"""Asking, answering and refusing to answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bids.forms.evidence import AboutForm
from apps.core.forms import Form
from apps.rfp.forms.questions import unmarked


class AskForm(Form):
    place = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Your question"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Every vendor reads it with the answer, nobody who asked. Leave out names, prices and"
            " pieces of your bid: such a question is held back until the buyer's lead decides."
        ),
        error_messages={"required": _("Write your question.")},
    )

    def __init__(self, *args: Any, places: tuple[tuple[str, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.choices = [("", _("The tender as a whole")), *places]


class AnswerForm(Form):
    question = forms.CharField(
        label=_("The question as every vendor will read it"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Take out whatever tells who asked. The original is kept, for you alone."),
        error_messages={"required": _("Write the question as every vendor will read it.")},
    )
    answer = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write the answer.")},
    )


class RefuseForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The vendor that asked reads it, nobody else."),
        error_messages={"required": _("Say why; the vendor that asked reads it.")},
    )


class ExplainForm(AboutForm):
    field_order = ("text", "file", "kind", "issued", "expires")
    text = forms.CharField(
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "It explains your bid and stands beside it; it changes neither the bid nor a price. It"
            " can be sent once."
        ),
        error_messages={"required": _("Write your answer.")},
    )
    file = forms.FileField(
        label=_("A file that shows it"),
        required=False,
        allow_empty_file=True,  # the service says it, in the words of every other refusal
        help_text=_(
            "Not needed for an explanation. It counts as evidence where it was issued before bids"
            " closed and was valid on that day."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].required = False
        unmarked(self, "kind", "issued")  # needed with a file, and not without one
