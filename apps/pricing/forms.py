"""The assumptions as fields: percentages and amounts as people write them, the engine's case behind.

Each field knows its place in the assumptions, so that a sentence of the engine finds its field.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, Incomplete
from apps.core.forms import Form
from apps.pricing.selectors.words import BASIS, INPUTS, TIMING, kpi_name
from apps.pricing.types import Assumed, Bidder
from apps.rfp.answers import figures

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HUNDRED = Decimal(100)
PARTS: Mapping[str, "StrOrPromise"] = {
    "low": _("lowest"),
    "likely": _("most likely"),
    "high": _("highest"),
}
SPREADS = ("volume", "aht", "index")
SHAPES = frozenset({"pert", "triangular"})  # the others are set through the API


@dataclass(frozen=True)
class Figure:
    """One number of the assumptions: its field, its place, and whether people write it in percent."""

    name: str
    path: tuple[str, ...]
    label: "StrOrPromise"
    percent: bool = True
    hint: "StrOrPromise" = ""
    required: bool = False
    default: str = ""

    @property
    def dotted(self) -> str:
        return ".".join(self.path)


RATES = (
    Figure("discount_rate", ("terms", "discount", "rate"), _("Discount rate a year"), required=True),
    Figure("inflation", ("terms", "discount", "inflation"), _("Inflation a year"), hint=_("Only with a real rate")),
    Figure("indexation", ("terms", "indexation"), _("Index a year"), hint=_("Indexed prices rise by it"), required=True, default="0"),
)  # fmt: skip
RANGE = (
    Figure("range_low", ("terms", "volume_range", "low"), _("Lowest volume searched"), required=True, default="0.5"),
    Figure("range_high", ("terms", "volume_range", "high"), _("Highest volume searched"), required=True, default="1.5"),
)  # fmt: skip
VALUE = Figure(
    "capability_value",
    ("terms", "capability_value"),
    _("Value of capability over the term"),
    percent=False,
    hint=_("Counts in the return beside the saving"),
)
OWN = (
    ("governance", ("buyer_costs", "governance_per_month"), _("Governance a month")),
    ("months", ("buyer_costs", "double_running_months"), _("Months of double running")),
    ("internal", ("buyer_costs", "internal_cost_per_month"), _("Own cost in each of them")),
    ("floor", ("floor_cost_per_paid_hour",), _("Lowest cost of a paid agent hour")),
)


@dataclass(frozen=True)
class Row:
    """One line of figures on the page."""

    label: str
    fields: tuple[BoundField, ...]


class AssumptionsForm(Form):
    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)
    basis = forms.ChoiceField(label=_("The rate is"), choices=list(BASIS.items()))
    timing = forms.ChoiceField(label=_("Payments are made"), choices=list(TIMING.items()))

    def __init__(self, data: Any = None, *, assumed: Assumed, bidders: Sequence[Bidder]) -> None:
        self.assumed, self.bidders = assumed, bidders
        self.spreads = [name for name in SPREADS if self._editable(name)]
        self.figures = (*RATES, *RANGE, VALUE, *self._uncertain(), *self._own(), *self._expected())
        super().__init__(data, initial=self._initial())
        for figure in self.figures:
            self.fields[figure.name] = forms.CharField(
                label=figure.label,
                help_text=figure.hint,
                required=figure.required,
                max_length=30,
                error_messages={
                    "required": say("{label}: give a figure.").format(label=figure.label)
                },
            )

    def clean(self) -> dict[str, Any]:
        """Turn what was typed into the engine's figures; say beside each what cannot be read."""
        for figure in self.figures:
            try:
                self.cleaned_data[figure.name] = _read(
                    self.cleaned_data.get(figure.name, ""), figure
                )
            except Incomplete as error:
                self.add_error(figure.name, error.sentence)
        return self.cleaned_data

    def _editable(self, name: str) -> bool:
        given = self.assumed.uncertainty.get(name)
        return given is None or given["shape"] in SHAPES

    def _uncertain(self) -> Iterator[Figure]:
        for name in self.spreads:
            for part, label in PARTS.items():
                text = _labelled(INPUTS[name], label)
                yield Figure(f"{name}_{part}", ("uncertainty", name, part), text)

    def _own(self) -> Iterator[Figure]:
        for place, bidder in enumerate(self.bidders):
            for name, path, label in OWN:
                text = _labelled(bidder.name, label)
                yield Figure(f"bid-{place}-{name}", ("bids", bidder.id, *path), text, percent=False)

    def _expected(self) -> Iterator[Figure]:
        """Yield what the buyer expects of each KPI; a list in the case, by name on the page."""
        for place, bidder in enumerate(self.bidders):
            for at, kpi in enumerate(bidder.kpis):
                for part, label in PARTS.items():
                    path = ("bids", bidder.id, "performance", kpi, part)
                    text = _labelled(f"{bidder.name}, {kpi_name(kpi)}", label)
                    yield Figure(f"kpi-{place}-{at}-{part}", path, text, percent=False)

    def _initial(self) -> dict[str, Any]:
        terms, plain = self.assumed.terms, _by_name(self.assumed.plain())
        return {
            "based_on": self.assumed.number,
            "basis": terms["discount"]["basis"],
            "timing": terms.get("timing", "mid_month"),
            **{one.name: _written(_at(plain, one.path), one) for one in self.figures},
        }

    def rates(self) -> list[BoundField]:
        return [self[figure.name] for figure in RATES]

    def range(self) -> list[BoundField]:
        return [self[figure.name] for figure in RANGE]

    def columns(self) -> list[str]:
        return [str(label) for label in PARTS.values()]

    def uncertain(self) -> list[Row]:
        return [
            Row(str(INPUTS[name]), tuple(self[f"{name}_{part}"] for part in PARTS))
            for name in self.spreads
        ]

    def own_columns(self) -> list[str]:
        return [str(label) for _name, _path, label in OWN]

    def own(self) -> list[Row]:
        return [
            Row(bidder.name, tuple(self[f"bid-{place}-{name}"] for name, _path, _label in OWN))
            for place, bidder in enumerate(self.bidders)
        ]

    def expected(self) -> list[Row]:
        return [
            Row(
                f"{bidder.name}: {kpi_name(kpi)}",
                tuple(self[f"kpi-{place}-{at}-{part}"] for part in PARTS),
            )
            for place, bidder in enumerate(self.bidders)
            for at, kpi in enumerate(bidder.kpis)
        ]

    def assumptions(self) -> dict[str, Any]:
        """Return what `set_assumptions` takes; what has no field here stays as it stands."""
        given = self.checked()
        found = self._kept()
        found["terms"] |= {"discount": {"basis": given["basis"]}, "timing": given["timing"]}
        for figure in self.figures:
            if given[figure.name]:
                _put(found, figure.path, given[figure.name])
        for name in self.spreads:
            if found["uncertainty"].get(name):
                shape = (self.assumed.uncertainty.get(name) or {}).get("shape", "pert")
                found["uncertainty"][name]["shape"] = shape
        return _by_place(found)

    def _kept(self) -> dict[str, Any]:
        """Return the assumptions that stand without everything that has a field here."""
        ours = {figure.path for figure in self.figures} | {
            ("terms", "discount"),
            *(("uncertainty", name) for name in self.spreads),
        }
        plain = _by_name(self.assumed.plain())
        return {part: _without(content, (part,), ours) for part, content in plain.items()}

    def carry(self, error: DomainError) -> None:
        """Show each sentence at the field whose place it names, or at the nearest one."""
        places = {figure.dotted: figure.name for figure in self.figures}
        known = {name: name for name in self.fields}
        moved = {
            _nearest(self._named(path), places | known) or "": sentence
            for path, sentence in error.fields.items()
        }
        super().carry(type(error)(error.sentence, fields=moved) if moved else error)

    def _named(self, path: str) -> str:
        """Turn `performance[1]` of a bid into the name of its KPI, as the fields have it."""
        for bidder in self.bidders:
            for at, kpi in enumerate(bidder.kpis):
                path = path.replace(
                    f"bids.{bidder.id}.performance[{at}]", f"bids.{bidder.id}.performance.{kpi}"
                )
        return path


class AdoptForm(Form):
    reason = forms.CharField(
        label=_("Why is the adopted comparison replaced?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Recorded with your name, and printed on the decision report."),
    )


def _labelled(what: object, part: object) -> str:
    return f"{what}: {part}"


def _by_name(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return assumptions with each bid's KPIs as an object: name → low, likely, high."""
    bids = {
        bid: {
            **added,
            "performance": {
                row["kpi"]: {part: row[part] for part in PARTS}
                for row in added.get("performance") or ()
            },
        }
        for bid, added in plain["bids"].items()
    }
    return {**plain, "bids": bids}


def _by_place(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Undo `_by_name`; what a bid has nothing of is left out."""
    bids: dict[str, Any] = {}
    for bid, added in plain["bids"].items():
        rows = [{"kpi": kpi, **parts} for kpi, parts in added.get("performance", {}).items()]
        kept = {name: value for name, value in added.items() if name != "performance"}
        bids[bid] = kept | ({"performance": rows} if rows else {})
    return {**plain, "bids": bids}


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
    value = figure.default if value is None else value
    if value == "":
        return ""
    number = Decimal(str(value))
    return _plain(number * HUNDRED if figure.percent else number)


def _read(typed: str, figure: Figure) -> str:
    """Return the engine's decimal string; a percentage becomes a share, exactly."""
    if not typed.strip():
        return ""
    text = figures.read(typed)
    return _plain(Decimal(text) / HUNDRED) if figure.percent else text


def _nearest(path: str, places: Mapping[str, str]) -> str | None:
    """Return the field at a place, else the first one inside it or around it."""
    if path in places:
        return places[path]
    inside = (name for place, name in places.items() if place.startswith(f"{path}."))
    around = (name for place, name in places.items() if path.startswith(f"{place}."))
    return next(inside, None) or next(around, None)
