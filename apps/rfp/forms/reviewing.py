"""The review of a draft: sending, commenting, returning; and whether there has to be one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form


class AskReviewForm(Form):
    note = forms.CharField(
        label=_("Note for the reviewer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example what you are least sure of."),
    )


class CommentForm(Form):
    place = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Comment"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what should change here.")},
    )

    def __init__(self, *args: Any, places: tuple[tuple[str, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.choices = [("", _("The RFP as a whole")), *places]


class ReturnForm(Form):
    verdict = forms.CharField(
        label=_("What has to change"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Comments above are returned with it."),
    )


class RulesForm(Form):
    needs_review = forms.BooleanField(
        label=_("A second person approves this RFP before it is published"), required=False
    )
    question_days = forms.IntegerField(
        label=_("Vendors may ask until so many days before the deadline"),
        min_value=0,
        max_value=60,
        error_messages={
            "required": _("Give the number of days, 0 for up to the deadline."),
            "invalid": _("Give a whole number of days."),
            "min_value": _("Give a number from 0 to 60."),
            "max_value": _("Give a number from 0 to 60."),
        },
    )
