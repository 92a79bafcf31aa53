"""What changing costs, as fields: amounts in the tender's currency, shares in percent."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Incomplete
from apps.core.forms import Form
from apps.pricing.selectors.business import Changed
from apps.rfp.answers import figures
from apps.rfp.forms.questions import unmarked

MONEY, MONTH, MONTHS, SHARE, DAYS = "money", "month", "months", "share", "days"
# Name, label, help, unit, most (None: any amount).
FIGURES = (
    ("severance", _("Severance"), _("Paid once to people who leave."), MONEY, None),
    ("severance_month", _("Severance is paid in"), _("The first month of the term is 1."), MONTH, 120),
    ("staff_transfer", _("Staff transfer"), _("Consultation, pensions, indemnities."), MONEY, None),
    ("staff_transfer_month", _("Staff transfer is paid in"), _("The first month of the term is 1."), MONTH, 120),
    ("stranded_per_month", _("Stranded cost a month"), _("Leases and licences that run on without use."), MONEY, None),
    ("stranded_months", _("Stranded cost runs for"), _("From the start of the term."), MONTHS, 120),
    ("vat_rate", _("VAT on invoices"), _("The rate on what the vendor bills."), SHARE, 100),
    ("vat_deductible", _("Of it you deduct"), _("100 unless part of your turnover is exempt."), SHARE, 100),
    ("retained_per_month", _("Retained team a month"), _("Manages the vendor; governance is not in it."), MONEY, None),
    ("payment_days", _("Invoices are paid after"), _("From the invoice to the payment."), DAYS, 180),
)  # fmt: skip
UNITS = {MONTH: _("month"), MONTHS: _("months"), SHARE: "%", DAYS: _("days")}


class ChangeForm(Form):
    source = forms.CharField(
        label=_("Where the figures come from"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whose they are and of which day, for example: HR, redundancy plan of 4 May."),
        error_messages={"required": _("Say where the figures come from.")},
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, changed: Changed, currency: str) -> None:
        initial = {**changed.figures, "source": changed.source, "based_on": changed.number}
        super().__init__(data, initial=initial)
        self.currency = currency
        for name, label, hint, _unit, _most in FIGURES:
            self.fields[name] = forms.CharField(label=label, help_text=hint, required=False)
        self.order_fields([*(one[0] for one in FIGURES), "source", "based_on"])
        unmarked(self, *(one[0] for one in FIGURES))

    def clean(self) -> dict[str, Any]:
        for name, _label, _hint, _unit, most in FIGURES:
            typed = str(self.cleaned_data.get(name, "") or "").strip()
            try:
                self.cleaned_data[name] = figures.read_between(typed, 0, most) if typed else ""
            except Incomplete as error:
                self.add_error(name, error.sentence)
        return self.cleaned_data

    def rows(self) -> list[tuple[BoundField, str]]:
        """Return each figure with its unit, for the page."""
        return [(self[one[0]], str(UNITS.get(one[3], self.currency))) for one in FIGURES]

    def change(self) -> dict[str, Any]:
        """Return what `set_change` takes."""
        given = self.checked()
        return {
            "figures": {one[0]: given[one[0]] for one in FIGURES if given[one[0]]},
            "source": given["source"],
            "based_on": given["based_on"],
        }
