"""The assumptions as fields: percentages and amounts as people write them, the engine's case behind.

Each field knows its place in the assumptions, so that a sentence of the engine finds its field.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, Incomplete
from apps.core.forms import Form
from apps.pricing.forms.figures import (
    OWN,
    PARTS,
    RANGE,
    RATES,
    SHAPES,
    SPREADS,
    VALUE,
    Figure,
    by_kpi_name,
    by_kpi_place,
    figure_of,
    nearest_field,
    put_at,
    typed_of,
    value_at,
    without_places,
)
from apps.pricing.selectors.words import BASIS, INPUTS, TIMING, kpi_name
from apps.pricing.types import Assumed, Bidder


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
        self._sent: Mapping[str, Any] = {}  # what each bid was given, once it was read
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
                self.cleaned_data[figure.name] = figure_of(
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
        terms, plain = self.assumed.terms, by_kpi_name(self.assumed.plain())
        return {
            "based_on": self.assumed.number,
            "basis": terms["discount"]["basis"],
            "timing": terms.get("timing", "mid_month"),
            **{one.name: typed_of(value_at(plain, one.path), one) for one in self.figures},
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
                put_at(found, figure.path, given[figure.name])
        for name in self.spreads:
            if found["uncertainty"].get(name):
                shape = (self.assumed.uncertainty.get(name) or {}).get("shape", "pert")
                found["uncertainty"][name]["shape"] = shape
        sent = by_kpi_place(found)
        self._sent = sent["bids"]
        return sent

    def _kept(self) -> dict[str, Any]:
        """Return the assumptions that stand without everything that has a field here."""
        ours = {figure.path for figure in self.figures} | {
            ("terms", "discount"),
            *(("uncertainty", name) for name in self.spreads),
        }
        plain = by_kpi_name(self.assumed.plain())
        return {part: without_places(content, (part,), ours) for part, content in plain.items()}

    def carry(self, error: DomainError) -> None:
        """Show each sentence at the field whose place it names, or at the nearest one."""
        places = {figure.dotted: figure.name for figure in self.figures}
        known = {name: name for name in self.fields}
        moved = {
            nearest_field(self._named(path), places | known) or "": sentence
            for path, sentence in error.fields.items()
        }
        super().carry(type(error)(error.sentence, fields=moved) if moved else error)

    def _named(self, path: str) -> str:
        """Turn `performance[0]` of a bid into the name of its KPI, as the fields have it."""
        for bid, added in self._sent.items():
            for at, row in enumerate(added.get("performance", ())):
                place = f"bids.{bid}.performance"
                path = path.replace(f"{place}[{at}]", f"{place}.{row['kpi']}")
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
