"""The assumptions as fields: percentages and amounts as people write them, the engine's case behind.

Each field knows its place in the assumptions, so that a sentence of the engine finds its field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, Incomplete
from apps.core.forms import Form
from apps.pricing.selectors.words import BASIS, TIMING
from apps.pricing.types import Assumed
from apps.rfp.answers import figures

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HUNDRED = Decimal(100)
PARTS = ("low", "likely", "high")
SHAPES = frozenset({"pert", "triangular"})  # the others are set through the API


@dataclass(frozen=True)
class Figure:
    """One number of the assumptions: its field, its place, and whether people write it in percent."""

    name: str
    path: tuple[str, ...]
    label: "StrOrPromise"
    percent: bool = True
    hint: "StrOrPromise" = ""

    @property
    def dotted(self) -> str:
        return ".".join(self.path)


RATES = (
    Figure("discount_rate", ("terms", "discount", "rate"), _("Discount rate a year")),
    Figure("inflation", ("terms", "discount", "inflation"), _("Inflation a year"), hint=_("Only with a real rate")),
    Figure("indexation", ("terms", "indexation"), _("Index a year"), hint=_("What indexed prices rise by")),
)  # fmt: skip
RANGE = (
    Figure("range_low", ("terms", "volume_range", "low"), _("Lowest volume searched")),
    Figure("range_high", ("terms", "volume_range", "high"), _("Highest volume searched")),
)
VALUE = Figure(
    "capability_value",
    ("terms", "capability_value"),
    _("Value of capability over the term"),
    percent=False,
    hint=_("Counts in the return beside the saving"),
)
SPREADS: Mapping[str, "StrOrPromise"] = {
    "volume": _("Volume, of the forecast"),
    "aht": _("Handle time, of the plan"),
    "index": _("Index a year, uncertain"),
}
ENDS: Mapping[str, "StrOrPromise"] = {
    "low": _("lowest"),
    "likely": _("most likely"),
    "high": _("highest"),
}
OWN = (
    ("governance", ("buyer_costs", "governance_per_month"), _("Governance a month")),
    ("months", ("buyer_costs", "double_running_months"), _("Months of double running")),
    ("internal", ("buyer_costs", "internal_cost_per_month"), _("Own cost in each of them")),
    ("floor", ("floor_cost_per_paid_hour",), _("Lowest cost of a paid agent hour")),
)


def _spread(name: str) -> tuple[Figure, ...]:
    return tuple(
        Figure(f"{name}_{part}", ("uncertainty", name, part), ENDS[part]) for part in PARTS
    )


@dataclass(frozen=True)
class Bidder:
    """The fields of one bid on the page."""

    name: str
    fields: tuple[BoundField, ...]


@dataclass(frozen=True)
class Spread:
    """One uncertain input: its three fields, or the sentence that says who set it."""

    label: str
    fields: tuple[BoundField, ...]


class AssumptionsForm(Form):
    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)
    basis = forms.ChoiceField(label=_("The rate is"), choices=list(BASIS.items()))
    timing = forms.ChoiceField(label=_("Payments are made"), choices=list(TIMING.items()))

    def __init__(
        self, data: Any = None, *, assumed: Assumed, bidders: Sequence[tuple[str, str]]
    ) -> None:
        self.assumed, self.bidders = assumed, bidders
        self.spreads = [name for name in SPREADS if self._editable(name)]
        self.figures = (*RATES, *RANGE, VALUE, *self._uncertain(), *self._own())
        super().__init__(data, initial=self._initial())
        for figure in self.figures:
            self.fields[figure.name] = forms.CharField(
                label=figure.label, help_text=figure.hint, required=False, max_length=30
            )

    def _editable(self, name: str) -> bool:
        given = self.assumed.uncertainty.get(name)
        return given is None or given["shape"] in SHAPES

    def _uncertain(self) -> tuple[Figure, ...]:
        return tuple(figure for name in self.spreads for figure in _spread(name))

    def _own(self) -> tuple[Figure, ...]:
        return tuple(
            Figure(f"bid-{place}-{name}", ("bids", bid, *path), label, percent=False)
            for place, (bid, _name) in enumerate(self.bidders)
            for name, path, label in OWN
        )

    def _initial(self) -> dict[str, Any]:
        terms = self.assumed.terms
        found: dict[str, Any] = {
            "based_on": self.assumed.number,
            "basis": terms["discount"]["basis"],
            "timing": terms.get("timing", "mid_month"),
        }
        plain = self.assumed.plain()
        return found | {
            figure.name: _written(_at(plain, figure.path), figure) for figure in self.figures
        }

    def rates(self) -> list[BoundField]:
        return [self[figure.name] for figure in RATES]

    def range(self) -> list[BoundField]:
        return [self[figure.name] for figure in RANGE]

    def uncertain(self) -> list[Spread]:
        return [
            Spread(str(SPREADS[name]), tuple(self[figure.name] for figure in _spread(name)))
            for name in self.spreads
        ]

    def own(self) -> list[Bidder]:
        return [
            Bidder(name, tuple(self[f"bid-{place}-{field}"] for field, _path, _label in OWN))
            for place, (_bid, name) in enumerate(self.bidders)
        ]

    def assumptions(self) -> dict[str, Any]:
        """Return what `set_assumptions` takes; what has no field here stays as it stands."""
        given = self.checked()
        found = self._kept()
        found["terms"]["discount"] = {"basis": given["basis"]}
        found["terms"]["timing"] = given["timing"]
        wrong: dict[str, str] = {}
        for figure in self.figures:
            try:
                value = _read(given[figure.name], figure)
            except Incomplete as error:
                wrong[figure.dotted] = error.sentence
                continue
            if value is not None:
                _put(found, figure.path, value)
        if wrong:
            raise Incomplete(str(_("Some figures need another look.")), fields=wrong)
        for name in self.spreads:
            if found["uncertainty"].get(name):
                shape = (self.assumed.uncertainty.get(name) or {}).get("shape", "pert")
                found["uncertainty"][name]["shape"] = shape
        return found

    def _kept(self) -> dict[str, Any]:
        """Return the assumptions that stand without everything that has a field here."""
        ours = {figure.path for figure in self.figures} | {
            ("terms", "discount"),
            *(("uncertainty", name) for name in self.spreads),
        }
        return {
            part: _without(content, (part,), ours) for part, content in self.assumed.plain().items()
        }

    def carry(self, error: DomainError) -> None:
        """Show each sentence at the field whose place it names, or at the nearest one."""
        places = {figure.dotted: figure.name for figure in self.figures}
        moved = {_nearest(path, places) or "": sentence for path, sentence in error.fields.items()}
        super().carry(type(error)(error.sentence, fields=moved) if moved else error)


class AdoptForm(Form):
    reason = forms.CharField(
        label=_("Why is the adopted comparison replaced?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Recorded with your name, and printed on the decision report."),
    )


def _at(content: Any, path: Sequence[str]) -> Any:
    for name in path:
        content = content.get(name) if isinstance(content, Mapping) else None
    return content


def _put(content: dict[str, Any], path: Sequence[str], value: str) -> None:
    for name in path[:-1]:
        content = content.setdefault(name, {})
    content[path[-1]] = value


def _without(content: Any, path: tuple[str, ...], ours: set[tuple[str, ...]]) -> Any:
    """Copy plain data without the places in `ours`, and without what is empty then."""
    if not isinstance(content, Mapping):
        return content
    return {
        name: kept
        for name, inner in content.items()
        if (*path, name) not in ours
        and (kept := _without(inner, (*path, name), ours)) not in ({}, None)
    }


def _plain(figure: Decimal) -> str:
    text = format(figure, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _written(value: Any, figure: Figure) -> str:
    if value is None:
        return ""
    number = Decimal(str(value))
    return _plain(number * HUNDRED if figure.percent else number)


def _read(typed: str, figure: Figure) -> str | None:
    """Return the engine's decimal string; a percentage becomes a share, exactly."""
    if not typed.strip():
        return None
    text = figures.read(typed)
    return _plain(Decimal(text) / HUNDRED) if figure.percent else text


def _nearest(path: str, places: Mapping[str, str]) -> str | None:
    """Return the field at a place, else the first one inside it or around it."""
    if path in places:
        return places[path]
    inside = (name for place, name in places.items() if place.startswith(f"{path}."))
    around = (name for place, name in places.items() if path.startswith(f"{place}."))
    return next(inside, None) or next(around, None)
