"""A typical week worked out from a month, for whoever has no recorded intervals."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.engine.errors import InvalidInput
from apps.engine.numbers import text
from apps.engine.pricing.profile import Hours, Shape, typical_week
from apps.engine.pricing.workload import MINUTES_PER_DAY
from apps.rfp.forms.questions import unmarked

SHAPES = (
    (Shape.TWO_PEAKS.value, _("Two peaks, mid-morning and afternoon")),
    (Shape.ONE_PEAK.value, _("One peak, mid-morning")),
    (Shape.EVEN.value, _("Evenly")),
)
DAYS = (
    ("weekdays", _("Monday to Friday"), 5),
    ("saturday", _("Saturday"), 1),
    ("sunday", _("Sunday"), 1),
)

PLACES = {"contacts_per_month": "contacts", "hours": "weekdays_from"}  # of the engine's refusals


def _time(label: Any, initial: dt.time | None = None) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        initial=initial,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write the time as hours and minutes, for example 15:00.")},
    )


class MonthForm(Form):
    """Contacts of a month and when it is open; midnight as closing time is the day's end."""

    contacts = forms.DecimalField(
        label=_("Contacts a month"),
        max_digits=12,
        decimal_places=3,
        error_messages={
            "required": _("Give the contacts of an average month."),
            "invalid": _("Write digits, with a point for decimals."),
        },
    )
    shape = forms.ChoiceField(label=_("How a day runs"), choices=SHAPES)
    weekdays_from = _time(_("Monday to Friday from"), dt.time(9))
    weekdays_to = _time(_("to"), dt.time(17))
    saturday_from = _time(_("Saturday from"))
    saturday_to = _time(_("to"))
    sunday_from = _time(_("Sunday from"))
    sunday_to = _time(_("to"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self, *(f"{name}_{end}" for name, *_rest in DAYS for end in ("from", "to")))

    def queue(self) -> dict[str, Any]:
        """Return the first values of a queue's form: the week and where it comes from.

        Empty where something does not fit; the form then says what.
        """
        if not self.is_valid():
            return {}
        given = self.cleaned_data
        try:
            week = typical_week(
                contacts_per_month=given["contacts"],
                hours=self._hours(given),
                shape=Shape(given["shape"]),
            )
        except InvalidInput as error:
            self.add_error(PLACES[error.path or "hours"], error.sentence)
            return {}
        return {
            "week": "\n".join(" ".join(map(text, day)) for day in week),
            "interval_minutes": "30",
            "source": self._source(given),
        }

    @staticmethod
    def _hours(given: dict[str, Any]) -> list[Hours]:
        found: list[Hours] = []
        for name, _label, days in DAYS:
            opens, closes = given[f"{name}_from"], given[f"{name}_to"]
            one = None
            if opens or closes:
                one = _minutes(opens), _minutes(closes) or MINUTES_PER_DAY
            found += [one] * days
        return found

    @staticmethod
    def _source(given: dict[str, Any]) -> str:
        """Say that the week is an assumption, and of what."""
        hours = ", ".join(
            f"{label} {_clock(given[f'{name}_from'])}-{_clock(given[f'{name}_to'])}"
            for name, label, _days in DAYS
            if given[f"{name}_from"] or given[f"{name}_to"]
        )
        return _now("Assumed, not recorded: {contacts} contacts a month; {hours}; {shape}.").format(
            contacts=f"{given['contacts'].normalize():f}",
            hours=hours,
            shape=str(dict(SHAPES)[given["shape"]]).lower(),
        )


def _minutes(time: dt.time | None) -> int:
    return time.hour * 60 + time.minute if time else 0


def _clock(time: dt.time | None) -> str:
    return f"{time:%H:%M}" if time else "00:00"
