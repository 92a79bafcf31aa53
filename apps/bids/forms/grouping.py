"""What is typed about the groups of a panel."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from apps.core.forms import Form
from apps.rfp.forms.questions import unmarked
from apps.rfp.models import Section
from apps.workspace.models import User


def _boxes(label: Any, wrong: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label,
        coerce=uuid.UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": wrong},
    )


class SeatsForm(Form):
    """The members of one group; the prefix is the group's place where a page holds several."""

    members = _boxes(gettext_lazy("Members"), gettext_lazy("Choose evaluators of this panel."))

    def __init__(self, *args: Any, evaluators: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["members"]
        people.choices = [(str(one.pk), one.name) for one in evaluators]
        unmarked(self)


class GroupForm(SeatsForm):
    """A group to add after the others."""

    name = forms.CharField(label=gettext_lazy("Name of the group"), required=False)
    sections = _boxes(
        gettext_lazy("Sections"), gettext_lazy("Choose sections that are in no group yet.")
    )
    field_order = ("name", "sections", "members")

    def __init__(self, *args: Any, sections: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes: Any = self.fields["sections"]
        boxes.choices = [(str(one.pk), f"{one.code} {one.title}") for one in sections]
        unmarked(self)


class ReleaseForm(Form):
    note = forms.CharField(
        label=gettext_lazy("Why does this group read from now on?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept on record."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self)
