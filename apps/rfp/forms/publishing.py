"""The deadline and the acts around publication."""

import datetime as dt
import zoneinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form, LongSelect
from apps.rfp.models import Round


@cache
def zones() -> list[tuple[str, str]]:
    """Return the places people know; offsets and abbreviations are left out."""
    known = sorted(
        name
        for name in zoneinfo.available_timezones()
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))
    )
    return [(name, name.replace("_", " ")) for name in ["UTC", *known]]


class DeadlineForm(Form):
    day = forms.DateField(
        label=_("Bids close on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Give the day."),
            "invalid": _("Write the day as year, month, day, for example 2027-03-31."),
        },
    )
    time = forms.TimeField(
        label=_("at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Give the time."),
            "invalid": _("Write the time as hours and minutes, for example 15:00."),
        },
    )
    zone = forms.ChoiceField(label=_("Time zone"), initial="Europe/London", widget=LongSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["zone"]
        field.choices = zones()

    @staticmethod
    def initial_of(held: Round | None) -> dict[str, Any]:
        if held is None:
            return {"time": dt.time(12, 0), "zone": "Europe/London"}
        local = held.closes_at.astimezone(ZoneInfo(held.zone))
        return {"day": local.date(), "time": local.time(), "zone": held.zone}

    def clean(self) -> dict[str, Any]:
        """Put day, time and zone together; a time that a clock change skips or repeats is asked back."""
        given: dict[str, Any] = super().clean() or {}
        if not {"day", "time", "zone"} <= set(given):
            return given
        local = dt.datetime.combine(given["day"], given["time"], ZoneInfo(given["zone"]))
        if local.utcoffset() != local.replace(fold=1).utcoffset():
            self.add_error(
                "time", _now("The clocks change at this time. Choose another hour of that day.")
            )
            return given
        given["closes_at"] = local
        return given


class ExtendForm(DeadlineForm):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Every vendor and the panel read it."),
        error_messages={"required": _("Say why; every vendor will read it.")},
    )


class CancelForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the RFP is cancelled.")},
    )


class AcceptForm(Form):
    code = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason to accept it"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason in a sentence.")},
    )
