"""Sharing the work of a bid: choices of the team page as identifiers, and the form of a comment."""

import uuid

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.bids.states import SignOffPart
from apps.core.errors import Incomplete
from apps.core.forms import Form

SECTION = "section-"  # followed by the code of the section


class CommentForm(Form):
    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Your team reads it. The buyer never does."),
        error_messages={
            "required": gettext_lazy("Write what you want to say."),
            "max_length": gettext_lazy("Keep a comment under 2000 characters."),
        },
    )


def shares_from(data: QueryDict) -> dict[str, uuid.UUID | None]:
    """Return who was chosen for which section; None where nobody was."""
    return {
        name.removeprefix(SECTION): _person(str(value)) if value else None
        for name, value in data.items()
        if name.startswith(SECTION)
    }


def people_from(data: QueryDict, name: str) -> list[uuid.UUID]:
    return [_person(value) for value in data.getlist(name)]


def duties_from(data: QueryDict) -> dict[SignOffPart, list[uuid.UUID]]:
    return {part: people_from(data, f"sign-{part.value}") for part in SignOffPart}


def _person(value: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError:
        sentence = _("Choose somebody of your team. Invite them first if they are not in it.")
        raise Incomplete(sentence, fields={"people": sentence}) from None
