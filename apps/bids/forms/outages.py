"""When the platform was out, and by how much every deadline in that time moves."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.forms import Form, LongSelect
from apps.rfp.forms.publishing import zones

ZONE = "Europe/London"
MOST_HOURS = 14 * 24
LIKELY = dt.timedelta(hours=4)  # how long before now the form begins


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Give day and time."),
            "invalid": _("Write day and time, for example 2027-03-31 15:00."),
        },
    )


class OutageForm(Form):
    begins = _moment(_("Out from"))
    ends = _moment(_("Until"))
    zone = forms.ChoiceField(label=_("Time zone"), initial=ZONE, widget=LongSelect)
    hours = forms.IntegerField(
        label=_("Every deadline moves by"),
        initial=24,
        min_value=1,
        max_value=MOST_HOURS,
        error_messages={
            "invalid": _("Give whole hours."),
            "required": _("Give whole hours."),
            "min_value": _("Give more than 0 hours, at most 14 days."),
            "max_value": _("Give more than 0 hours, at most 14 days."),
        },
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Every vendor and the panel read it."),
        error_messages={"required": _("Say what was out; vendors read it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["zone"]
        field.choices = zones()

    @staticmethod
    def just_now() -> dict[str, Any]:
        """Return the first values: the hours before now."""
        now = clock.now().astimezone(ZoneInfo(ZONE)).replace(second=0, microsecond=0, tzinfo=None)
        return {"begins": now - LIKELY, "ends": now}

    def clean(self) -> dict[str, Any]:
        """Put times and zone together; a time that a clock change repeats or skips is asked back."""
        given: dict[str, Any] = super().clean() or {}
        if not {"begins", "ends", "zone"} <= set(given):
            return given
        for name in ("begins", "ends"):
            local = given[name].replace(tzinfo=ZoneInfo(given["zone"]))
            if local.utcoffset() != local.replace(fold=1).utcoffset():
                self.add_error(
                    name, _now("The clocks change at this time. Choose another hour of that day.")
                )
            given[name] = local
        return given

    def window(self) -> dict[str, Any]:
        """Return what `services.outages.ask` takes."""
        given = self.checked()
        return {
            "begins_at": given["begins"],
            "ends_at": given["ends"],
            "by": dt.timedelta(hours=given["hours"]),
            "reason": given["reason"],
        }

    def carry(self, error: Any) -> None:
        """Show a refusal of the service beside the field of this form."""
        error.fields = {name.removesuffix("_at"): text for name, text in error.fields.items()}
        super().carry(error)
