"""Small values the pages of every app share."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest

from apps.workspace.models import Organisation, User


@dataclass(frozen=True)
class Todo:
    """One thing that needs a person now: what, why, where. `tone` is "", "warn", "seal" or "ok"."""

    title: str
    text: str
    url: str
    action: str
    icon: str = "check"
    tone: str = ""


@dataclass(frozen=True)
class Stage:
    label: str
    note: str
    state: str  # done, now, todo


class Visit(HttpRequest):
    """A request of a signed-in person, as views behind `@page` receive it."""

    user: User
    organisation: Organisation | None
    arrival: dt.datetime
