"""The workload's form: one queue at a time, built into what the engine's parser reads."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, Incomplete
from apps.core.forms import Form
from apps.rfp.forms.questions import unmarked

DAYS = 7
MONTHS = 12
HUNDRED = Decimal(100)
DEFINITIONS = (
    ("offered", _("of all contacts offered")),
    ("answered", _("of the contacts answered")),
    ("offered_less_short_abandons", _("of those offered, short hang-ups left out")),
)
SEPARATORS = re.compile(r"[\s;]+")
# Fields of the engine's parser, as this form names them.
PLACES = {
    "name": "name", "aht_s": "aht_s", "max_occupancy": "max_occupancy", "week": "week",
    "patience_s": "patience_s", "concurrency": "concurrency", "share": "share",
    "seconds": "seconds", "minimum_seats": "minimum_seats", "seasonality": "seasonality",
    "growth_per_year": "growth", "interval_minutes": "interval_minutes", "queues": "name",
}  # fmt: skip


def share(percent: str) -> str:
    """Turn what was typed as percent into the share the engine reads: 80 becomes 0.8."""
    try:
        figure = Decimal(percent.strip()) / HUNDRED
    except InvalidOperation:
        return percent  # the engine's own sentence says what to write
    return f"{figure.normalize():f}"


def percent(text: object) -> str:
    return f"{(Decimal(str(text)) * HUNDRED).normalize():f}"


class WorkloadForm(Form):
    name = forms.CharField(label=_("Queue"), help_text=_("Such as voice-en; bids refer to it."))
    channel = forms.CharField(label=_("Channel"), required=False, help_text=_("Such as voice"))
    language = forms.CharField(label=_("Language"), required=False, help_text=_("Such as en"))
    interval_minutes = forms.ChoiceField(
        label=_("Interval in minutes"),
        choices=[("15", "15"), ("30", "30"), ("60", "60")],
        initial="30",
    )
    week = forms.CharField(
        label=_("Contacts of a typical week"),
        help_text=_(
            "Seven lines, Monday first; 48 numbers a line for half-hours. Paste from a spreadsheet,"
            " or separate with spaces or semicolons; decimals with a point."
        ),
        widget=forms.Textarea(attrs={"rows": 7, "wrap": "off", "spellcheck": "false"}),
        error_messages={"required": _("Paste the contacts of a typical week.")},
    )
    aht_s = forms.CharField(
        label=_("Handle time"), help_text=_("Mean, with work after the contact")
    )
    deferred = forms.BooleanField(
        label=_("This work can wait, such as e-mail: no service level"), required=False
    )
    share = forms.CharField(label=_("Service level"), required=False, initial="80")
    seconds = forms.CharField(label=_("Answered within"), required=False, initial="20")
    definition = forms.ChoiceField(label=_("Share taken"), choices=DEFINITIONS)
    max_occupancy = forms.CharField(label=_("Highest occupancy"), initial="85")
    minimum_seats = forms.IntegerField(
        label=_("Least agents while open"), required=False, initial=0
    )
    patience_s = forms.CharField(
        label=_("Patience"), required=False, help_text=_("Mean time until a caller hangs up")
    )
    concurrency = forms.IntegerField(
        label=_("Contacts at a time"), required=False, initial=1, help_text=_("More than 1 in chat")
    )
    growth = forms.CharField(label=_("Growth a year"), initial="0")
    seasonality = forms.CharField(
        label=_("Seasons"),
        required=False,
        help_text=_("Twelve factors on the typical week, first month of the contract first."),
    )
    source = forms.CharField(
        label=_("Source of the figures"), required=False, help_text=_("Vendors read it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self, "share", "seconds", "minimum_seats", "concurrency")

    @staticmethod
    def initial_of(content: dict[str, Any], at: int, source: str) -> dict[str, Any]:
        queue = content["queues"][at]
        level = queue.get("service_level") or {}
        found = {
            name: queue[name]
            for name in (
                *("name", "channel", "language", "aht_s", "deferred", "minimum_seats"),
                *("patience_s", "concurrency"),
            )
            if queue.get(name) is not None
        }
        found |= {
            "interval_minutes": str(content["interval_minutes"]),
            "week": "\n".join(" ".join(map(str, day)) for day in queue["week"]),
            "max_occupancy": percent(queue["max_occupancy"]),
            "growth": percent(content.get("growth_per_year") or "0"),
            "seasonality": " ".join(map(str, content.get("seasonality") or ())),
            "source": source,
        }
        if level:
            found |= {
                "share": percent(level["share"]),
                "seconds": level["seconds"],
                "definition": level["definition"],
            }
        return found

    def content(self, held: dict[str, Any] | None, at: int) -> dict[str, Any]:
        """Return the whole workload with this queue in it, at its place or at the end."""
        given = self.checked()
        queues = list(held["queues"]) if held else []
        before = queues[at] if at < len(queues) else {}
        queues[at : at + 1] = [self._queue(given, before)]
        content: dict[str, Any] = {
            **(held or {}),
            "interval_minutes": int(given["interval_minutes"]),
            "queues": queues,
            "growth_per_year": share(given["growth"]),
        }
        content.pop("seasonality", None)
        factors = [one for one in SEPARATORS.split(given["seasonality"].strip()) if one]
        return {**content, "seasonality": factors} if factors else content

    @classmethod
    def _queue(cls, given: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
        return {
            **{name: before[name] for name in ("open",) if name in before},
            **cls.answered(given),
            "week": _week(given["week"]),
        }

    @staticmethod
    def answered(given: dict[str, Any]) -> dict[str, Any]:
        """Return a queue without its week: what it is called, and how it is to be answered."""
        queue: dict[str, Any] = {
            "name": given["name"].strip(),
            "aht_s": given["aht_s"].strip(),
            "max_occupancy": share(given["max_occupancy"]),
            "minimum_seats": given["minimum_seats"] or 0,
            "concurrency": given["concurrency"] or 1,
        }
        for name in ("channel", "language", "patience_s"):
            if given[name].strip():
                queue[name] = given[name].strip()
        if given["deferred"]:
            return {**queue, "deferred": True}
        level = {
            "share": share(given["share"]),
            "seconds": given["seconds"].strip(),
            "definition": given["definition"],
        }
        return {**queue, "service_level": level}

    def carry(self, error: DomainError) -> None:
        """Show the engine's sentence beside the field of this form that its path is about."""
        path, _colon, rest = error.fields.get("content", "").partition(": ")
        names = [part.split("[")[0] for part in reversed(path.split("."))]
        field = next((PLACES[name] for name in names if name in PLACES), None)
        if rest and field:
            error = Incomplete(rest, fields={field: rest})
        super().carry(error)


def _week(text: str) -> list[list[str]]:
    """Read seven lines of numbers; the engine checks how many there are and each of them."""
    days = [[one for one in SEPARATORS.split(line.strip()) if one] for line in text.splitlines()]
    days = [day for day in days if day]
    if len(days) != DAYS:
        sentence = _now("Give seven lines, Monday first; there are {lines}.").format(
            lines=len(days)
        )
        raise Incomplete(sentence, fields={"week": sentence})
    return days
