"""Recorded intervals from a file: the file, how its times are meant, how new queues are answered."""

from typing import Any, Final

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form, LongSelect
from apps.rfp.forms.publishing import zones
from apps.rfp.forms.questions import unmarked
from apps.rfp.forms.workload import WorkloadForm
from apps.rfp.workbooks.stamps import Order
from apps.rfp.workbooks.understanding import Asked

ORDERS = (
    (Order.UNSAID.value, _("The file shows it")),
    (Order.DAY.value, _("Day first: 31/03/2025")),
    (Order.MONTH.value, _("Month first: 03/31/2025")),
)
OF_THE_FILE: Final = ("week", "interval_minutes", "growth", "seasonality", "source")


class IntervalsForm(WorkloadForm):
    """How queues are answered is asked once, for those that the workload does not have yet."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader says it better
        error_messages={"required": _("Choose a file.")},
    )
    zone = forms.ChoiceField(
        label=_("Time zone of the centre"),
        help_text=_("Times without an offset are taken to be of this clock."),
        initial="Europe/London",
        widget=LongSelect,
    )
    order = forms.ChoiceField(label=_("Dates"), choices=ORDERS, required=False)
    first_month = forms.TypedChoiceField(
        label=_("First month of the contract"),
        coerce=int,
        help_text=_("Seasons are counted from it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in OF_THE_FILE:
            del self.fields[name]
        unmarked(self, "order", "aht_s")
        self.fields["name"].required = self.fields["aht_s"].required = False
        self.fields["name"].help_text = _("Where the file has no column of queues.")
        self.fields["aht_s"].help_text = _("Where the file has none; mean, with work after it.")
        choices: Any = self.fields["zone"]
        choices.choices = zones()
        months: Any = self.fields["first_month"]
        months.choices = [(str(at), name) for at, name in MONTHS.items()]

    def asked(self) -> Asked:
        given = self.checked()
        queue = {name: value for name, value in self.answered(given).items() if value != ""}
        return Asked(
            zone=given["zone"],
            order=Order(given["order"]),
            first_month=given["first_month"],
            queue=queue,
        )


class TakeForm(Form):
    token = forms.CharField(widget=forms.HiddenInput)
