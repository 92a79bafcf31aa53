"""Today's in-house cost as people know it: built into a quote that the engine reads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, Incomplete
from apps.core.forms import Form
from apps.rfp.forms.questions import unmarked
from apps.rfp.forms.workload import percent, share

AWAY: Final = (_("Leave"), _("Sickness"), _("Training and coaching"), _("Breaks"), "")
ONE_OFFS: Final = 3
TYPED: Final = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)
UNITS: Final = (
    ("paid", _("a paid hour")),
    ("logged_in", _("a logged-in hour")),
    ("productive", _("an hour of handling contacts")),
    ("fte_month", _("a full-time agent for a month")),
)
BASES: Final = (
    ("additive", _("each a share of paid time")),
    ("sequential", _("each a share of what is left")),
)
TRAINED: Final = (
    ("all", _("everyone who starts")),
    ("growth", _("the first team and growth")),
    ("attrition", _("who replaces leavers")),
)


@dataclass(frozen=True)
class Plain:
    """One figure with a field of its own: where it stands in the quote."""

    name: str
    path: tuple[str, ...]
    label: Any
    hint: Any = ""
    is_share: bool = False
    default: str = ""


FIGURES: Final = (
    Plain("hours_week", ("contract_hours_per_week",), _("Paid hours a week"), _("Of one full-time agent"), default="40"),
    Plain("resolution", ("first_contact_resolution",), _("Resolved at first contact"), is_share=True),
    Plain("attrition", ("attrition_per_year",), _("Leavers a year"), is_share=True),
    Plain("governance", ("buyer_costs", "governance_per_month"), _("Management and premises a month"), _("What no agent hour holds: rooms, licences, planning, quality")),
)  # fmt: skip


class OwnCostForm(Form):
    """What has no field here, such as a handle time of its own, stays as it was sent by API."""

    unit = forms.ChoiceField(label=_("Paid for"), choices=UNITS)
    rate = forms.CharField(
        label=_("Fully loaded cost"),
        help_text=_("Wage with employer's contributions, bonus, holidays and equipment"),
        error_messages={"required": _("Give what one unit costs with everything on it.")},
    )
    role = forms.CharField(label=_("Supporting role"), required=False, max_length=60)
    span = forms.CharField(label=_("Agents for each"), required=False)
    role_rate = forms.CharField(label=_("Its cost, per same unit"), required=False)
    base = forms.ChoiceField(label=_("The shares are"), choices=BASES)
    loss = forms.CharField(
        label=_("Lost in rosters"),
        required=False,
        help_text=_("Hours staffed beyond need, since shifts do not fit the curve"),
    )
    rise = forms.CharField(label=_("Wages rise a year by"), required=False)
    training_hours = forms.CharField(label=_("Training of a new agent"), required=False)
    training_rate = forms.CharField(label=_("Cost of a training hour"), required=False)
    trained = forms.ChoiceField(label=_("Charged for"), choices=TRAINED)

    def __init__(self, data: Any = None, *, held: Mapping[str, Any] | None, months: int) -> None:
        self.held, self.months = dict(held or {}), months
        shrinkage = self.held.get("shrinkage", {}).get("parts", ())
        self.away = max(len(AWAY), len(shrinkage) + 1)
        self.once = max(ONE_OFFS, len(self.held.get("one_offs", ())) + 1)
        super().__init__(data, initial=self._initial())
        for one in FIGURES:
            self.fields[one.name] = forms.CharField(
                label=one.label, help_text=one.hint, required=False, max_length=30
            )
        for at in range(self.away):
            self._text(f"away-{at}-name", _("Absence"))
            self._text(f"away-{at}-share", _("Share"))
        for at in range(self.once):
            self._text(f"once-{at}-name", _("One-off cost"))
            self._text(f"once-{at}-amount", _("Amount"))
            self._text(f"once-{at}-month", _("Month"))
        unmarked(self)

    def _text(self, name: str, label: Any) -> None:
        self.fields[name] = forms.CharField(label=label, required=False, max_length=60)

    def _initial(self) -> dict[str, Any]:
        held = self.held
        rates, training = held.get("rates", {}), held.get("training") or {}
        role: dict[str, Any] = next(iter(rates.get("roles") or ()), {})
        found: dict[str, Any] = {
            "unit": rates.get("billable_hour", "paid") if rates.get("unit") != "fte_month" else "fte_month",
            "rate": rates.get("rate", ""),
            "role": role.get("name", ""),
            "span": role.get("agents_per_role", ""),
            "role_rate": role.get("rate", ""),
            "base": held.get("shrinkage", {}).get("base", "additive"),
            "loss": percent(Decimal(str(held.get("schedule_inefficiency", "1"))) - 1),
            "rise": percent(held.get("indexation", {}).get("rate") or 0),
            "training_hours": training.get("hours_per_hire", ""),
            "training_rate": training.get("rate", ""),
            "trained": training.get("charged_for", "all"),
        }  # fmt: skip
        for one in FIGURES:
            value = _at(held, one.path)
            value = one.default if value is None else value
            found[one.name] = percent(value) if one.is_share and value != "" else value
        return found | self._rows()

    def _rows(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        shrinkage = self.held.get("shrinkage", {}).get("parts")
        named = [(part["name"], percent(part["share"])) for part in shrinkage or ()]
        for at, (name, part) in enumerate(named if shrinkage else [(one, "") for one in AWAY]):
            found |= {f"away-{at}-name": name, f"away-{at}-share": part}
        for at, one in enumerate(self.held.get("one_offs", ())):
            found |= {f"once-{at}-{name}": one[name] for name in ("name", "amount", "month")}
        return found

    def absences(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"away-{at}-name"], self[f"away-{at}-share"]) for at in range(self.away)]

    def one_offs(self) -> list[tuple[BoundField, ...]]:
        return [
            tuple(self[f"once-{at}-{name}"] for name in ("name", "amount", "month"))
            for at in range(self.once)
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse what is no figure where it was typed; the engine says what the figures may be."""
        texts = {"unit", "role", "base", "trained"}
        for name in self.fields:
            value = str(self.cleaned_data.get(name, "") or "").strip()
            self.cleaned_data[name] = value
            if name in texts or name.endswith("-name") or not value or name in self.errors:
                continue
            if not TYPED.fullmatch(value):
                self.add_error(name, _("Write digits with a point for decimals, for example 12.5."))
        return self.cleaned_data

    def quote(self) -> dict[str, Any]:
        """Return today's cost as a quote of the engine's price case."""
        given = self.checked()
        hour = given["unit"] != "fte_month"
        own = {"unit": "hour", "billable_hour": given["unit"]} if hour else {"unit": "fte_month"}
        found = {
            **{name: value for name, value in self.held.items() if name not in OURS},
            "model": "per_fte",
            "rates": {**own, "rate": given["rate"], **self._roles(given)},
            "shrinkage": {"base": given["base"], "parts": list(self._absent(given))},
            "schedule_inefficiency": f"{Decimal(share(given['loss'] or '0')) + 1:f}",
            "one_offs": list(self._once(given)),
            "buyer_costs": {**self.held.get("buyer_costs", {})},
        }
        for one in FIGURES:
            if given[one.name]:
                value = share(given[one.name]) if one.is_share else given[one.name]
                target = found
                for name in one.path[:-1]:
                    target = target.setdefault(name, {})
                target[one.path[-1]] = value
        return found | self._over_years(given)

    def _roles(self, given: Mapping[str, Any]) -> dict[str, Any]:
        more = list(self.held.get("rates", {}).get("roles") or ())[1:]
        if given["role"] or given["span"] or given["role_rate"]:
            row = {
                "name": given["role"],
                "agents_per_role": given["span"],
                "rate": given["role_rate"],
            }
            more = [row, *more]
        return {"roles": more} if more else {}

    def _absent(self, given: Mapping[str, Any]) -> Any:
        for at in range(self.away):
            name, part = given[f"away-{at}-name"], given[f"away-{at}-share"]
            if part and not name:
                sentence = str(_("Say what this share is for."))
                raise Incomplete(sentence, fields={f"away-{at}-name": sentence})
            if part:
                yield {"name": name, "share": share(part)}

    def _once(self, given: Mapping[str, Any]) -> Any:
        for at in range(self.once):
            name, amount, month = (
                given[f"once-{at}-{part}"] for part in ("name", "amount", "month")
            )
            if not (name or amount):
                continue
            if not (name and amount and month.isdecimal() and 1 <= int(month) <= self.months):
                sentence = str(_("Give name, amount and a month from 1 to {months}.")).format(
                    months=self.months
                )
                raise Incomplete(sentence, fields={f"once-{at}-name": sentence})
            yield {"name": name, "amount": amount, "month": int(month)}

    def _over_years(self, given: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if given["rise"] and Decimal(given["rise"]):
            kind = self.held.get("indexation", {}).get("kind", "fixed")
            kind = "fixed" if kind == "none" else kind
            found["indexation"] = {"kind": kind, "rate": share(given["rise"])}
        if given["training_hours"] or given["training_rate"]:
            found["training"] = {
                "hours_per_hire": given["training_hours"],
                "rate": given["training_rate"],
                "charged_for": given["trained"],
            }
        return found

    def carry(self, error: DomainError) -> None:
        """Show the engine's sentence beside the field that its path is about."""
        path, _colon, rest = error.fields.get("in_house", "").partition(": ")
        field = next((name for start, name in PLACES if path.startswith(start)), None)
        if rest and field:
            error = Incomplete(rest, fields={field: rest})
        super().carry(error)


OURS: Final = frozenset(
    {"model", "rates", "shrinkage", "schedule_inefficiency", "one_offs", "buyer_costs"}
    | {"indexation", "training", *(one.path[0] for one in FIGURES)}
)
PLACES: Final = (
    ("rates.roles", "role"),
    ("rates", "rate"),
    ("shrinkage", "away-0-share"),
    ("schedule_inefficiency", "loss"),
    ("indexation", "rise"),
    ("training.rate", "training_rate"),
    ("training", "training_hours"),
    ("one_offs", "once-0-amount"),
    *((".".join(one.path), one.name) for one in FIGURES),
)


def _at(content: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        content = content.get(name) if isinstance(content, Mapping) else None
    return content
