import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Incomplete
from apps.core.forms import Form
from apps.decision.selectors.offered_rows import Obligation
from apps.decision.selectors.schedule import in_words
from apps.decision.types import Asked, Picks
from apps.rfp.answers import figures
from apps.rfp.forms.questions import unmarked

HUNDRED = Decimal(100)


class StatementForm(Form):
    """One fact that people state: its answer and what shows it."""

    evidence = forms.CharField(
        label=_("What shows it?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A document, a figure or a resolution, and whose it is."),
        error_messages={"required": _("Say what shows it: a document, a figure, a resolution.")},
    )

    def __init__(self, data: Any = None, *, asked: Asked) -> None:
        self.asked = asked
        initial = {"value": _in_percent(asked), "evidence": asked.evidence}
        super().__init__(data, initial=initial, prefix=asked.fact)
        self.fields["value"] = _answer(asked)
        self.order_fields(["value", "evidence"])

    def clean_value(self) -> str:
        """Return the value as the tree takes it: a percentage becomes a share, exactly."""
        typed = str(self.cleaned_data["value"])
        if self.asked.options:
            return typed
        try:
            number = figures.read(typed)
        except Incomplete as error:
            raise forms.ValidationError(error.sentence) from None
        if not self.asked.percent:
            return number
        if not 0 <= Decimal(number) <= HUNDRED:
            raise forms.ValidationError(_("Give a percentage from 0 to 100."))
        return f"{Decimal(number) / HUNDRED:f}"

    def statement(self) -> dict[str, str]:
        given = self.checked()
        return {"fact": self.asked.fact, "value": given["value"], "evidence": given["evidence"]}


def _answer(asked: Asked) -> forms.Field:
    if asked.options:
        return forms.ChoiceField(
            label=asked.question,
            help_text=asked.hint,
            choices=asked.options,
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choose one of the answers to this question."),
                "invalid_choice": _("Choose one of the answers to this question."),
            },
        )
    return forms.CharField(
        label=asked.question,
        help_text=asked.hint,
        max_length=30,
        error_messages={"required": _("Give a figure.")},
    )


def _in_percent(asked: Asked) -> str:
    if not asked.percent or not asked.value:
        return asked.value
    text = format(Decimal(asked.value) * HUNDRED, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class ProposeForm(Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        help_text=_("Another outcome than the recommended one is marked as an override."),
        error_messages={
            "required": _("Choose one of the outcomes."),
            "invalid_choice": _("Choose one of the outcomes."),
        },
    )
    rationale = forms.CharField(
        label=_("Reason for the decision"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is printed on the report. An override needs its reason here."),
        error_messages={
            "required": _("Give the reason for the decision; it is printed on the report.")
        },
    )

    conditions = forms.CharField(
        label=_("Conditions of the award"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What has to be met before or in the contract. They are printed on the reports; no vendor is told them."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        outcomes: Any,
        recommended: str,
        picks: Picks | None = None,
        backup: str = "",
    ) -> None:
        super().__init__(data, initial={"outcome": recommended, "backup": backup})
        if picks and picks.winners:
            self.fields["winner"] = _pick(_("Who of the tied bids wins?"), _("None"), picks.winners)
        if picks and picks.backups:
            self.fields["backup"] = _pick(_("Back-up"), _("No back-up"), picks.backups)
        field: Any = self.fields["outcome"]
        field.choices = [
            (slug, f"{name} ({_('recommended')})" if slug == recommended else name)
            for slug, name in sorted(outcomes, key=lambda pair: pair[0] != recommended)
        ]

    def proposal(self) -> dict[str, Any]:
        """Return what is proposed: outcome, reason, and what a person says of the award."""
        given = self.checked()
        named = {
            name: uuid.UUID(given[name]) if given.get(name) else None
            for name in ("winner", "backup")
        }
        terms = {**named, "conditions": given["conditions"]}
        return {"outcome": given["outcome"], "rationale": given["rationale"], "terms": terms}


def _pick(label: Any, nobody: Any, choices: Any) -> forms.Field:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", nobody), *choices],
        error_messages={"invalid_choice": _("Choose one of the bids that may stand here.")},
    )


@dataclass(frozen=True)
class ScheduleLine:
    """One row of a schedule with its fields; `take` and `value` where it is offered."""

    row: Obligation
    take: forms.BoundField | None
    value: forms.BoundField | None
    due: forms.BoundField
    reports: forms.BoundField

    @property
    def words(self) -> str:
        return in_words(self.row.value, self.row.unit)


class ContractForm(Form):
    signed_on = forms.DateField(
        label=_("Day on which the contract was signed"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": _("Give the day on which it was signed."),
            "invalid": _("Write the day as year, month, day, for example 2027-03-31."),
        },
    )


class ScheduleForm(ContractForm):
    """The day of the contract, and its rows: which offered ones stand, when each is due, who reports."""

    def __init__(self, data: Any = None, *, rows: Sequence[Obligation]) -> None:
        super().__init__(data)
        self.rows = rows
        for row in rows:
            if row.offered:
                self.fields[row.key] = forms.BooleanField(
                    label=row.name, help_text=row.wording, required=False
                )
                self.fields[f"{row.key}-value"] = forms.CharField(
                    label=format_lazy(_("Target, {unit}"), unit=row.unit),
                    required=False,
                    initial=row.value,
                )
            for name, label in (("due", _("Due")), ("reports", _("Who reports"))):
                self.fields[f"{row.key}-{name}"] = forms.CharField(
                    label=label, required=False, initial=getattr(row, name)
                )
        unmarked(self, *(name for name in self.fields if name != "signed_on"))

    def lines(self) -> list[ScheduleLine]:
        """Return each row with its fields, for the page."""
        return [
            ScheduleLine(
                row=row,
                take=self[row.key] if row.offered else None,
                value=self[f"{row.key}-value"] if row.offered else None,
                due=self[f"{row.key}-due"],
                reports=self[f"{row.key}-reports"],
            )
            for row in self.rows
        ]

    def contract(self) -> dict[str, Any]:
        """Return what `record_contract` takes; a target without its tick is refused, not dropped."""
        given = self.checked()
        found: dict[str, dict[str, str]] = {}
        wrong: dict[str, str] = {}
        for row in self.rows:
            typed = {name: given.get(f"{row.key}-{name}", "") for name in ("due", "reports")}
            if not row.offered:
                found[row.key] = typed
            elif given[row.key]:
                found[row.key] = {**typed, "value": given[f"{row.key}-value"]}
            elif given[f"{row.key}-value"] not in ("", row.value):
                wrong[row.key] = gettext("Tick this row to take it, or clear its target.")
        if wrong:
            raise Incomplete(gettext("Some rows need another look."), fields=wrong)
        return {"signed_on": given["signed_on"], "schedule": found}


class SendBackForm(Form):
    reason = forms.CharField(
        label=_("What has to change?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The proposer reads it on this page."),
        error_messages={"required": _("Say what has to change before you approve.")},
    )
