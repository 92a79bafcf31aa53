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


class NeedsReviewForm(Form):
    needs_review = forms.BooleanField(
        label=_("A second person approves this RFP before it is published"), required=False
    )
