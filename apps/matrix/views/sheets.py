"""One question across all bids: a form per bid, each a unit of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from apps.bids.models import Bid
from apps.core.errors import Conflict, DomainError
from apps.matrix.forms.judging import JudgementForm
from apps.matrix.services.judging import Judgement


class Unit(Protocol):
    """What a page shows of one bid: a column while scoring, a row in the consensus."""

    @property
    def bid(self) -> Bid: ...
    @property
    def asked(self) -> bool: ...
    @property
    def value(self) -> str | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def marks(self) -> str: ...


@dataclass(frozen=True)
class Filled:
    """A unit with the form that stands in it."""

    unit: Any
    form: JudgementForm


def filled(units: Iterable[Unit], form: type[JudgementForm], scale: Sequence[str]) -> list[Filled]:
    """Return every unit with what stands."""
    return [Filled(unit, _standing(unit, form, scale)) for unit in units]


def _standing(unit: Unit, form: type[JudgementForm], scale: Sequence[str]) -> JudgementForm:
    initial = {"value": unit.value, "reason": unit.reason, "version": unit.version}
    initial["marks"] = unit.marks
    return form(prefix=unit.bid.letter, initial=initial, scale=scale)


@dataclass(frozen=True)
class Typed:
    """What came in for one question, by bid: only bids for which something was typed."""

    form: type[JudgementForm]
    scale: Sequence[str]
    data: Any
    forms: Mapping[Bid, JudgementForm]

    def judgements(self) -> list[Judgement]:
        """Return what has the right shape, for the service to judge."""
        return [
            Judgement(
                bid=bid,
                value=form.cleaned_data["value"],
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                marks=form.cleaned_data["marks"],
            )
            for bid, form in self.forms.items()
            if form.is_valid()
        ]

    def wrong(self, refused: Mapping[UUID, DomainError]) -> set[UUID]:
        misshapen = {bid.pk for bid, form in self.forms.items() if not form.is_valid()}
        return misshapen | set(refused)

    def nothing_saved(self, refused: Mapping[UUID, DomainError]) -> bool:
        return len(self.wrong(refused)) == len(self.forms)

    def shown(self, units: Iterable[Unit], refused: Mapping[UUID, DomainError]) -> list[Filled]:
        """Return every unit: what stands, and where it was refused what was typed and why."""
        wrong = self.wrong(refused)
        forms = {bid.pk: form for bid, form in self.forms.items()}
        return [
            Filled(unit, self._refused(unit, forms[unit.bid.pk], refused.get(unit.bid.pk)))
            if unit.bid.pk in wrong
            else Filled(unit, _standing(unit, self.form, self.scale))
            for unit in units
        ]

    def _refused(self, unit: Unit, form: JudgementForm, error: DomainError | None) -> JudgementForm:
        if isinstance(error, Conflict):
            # Seen now: saving again replaces what stands, knowingly.
            data = self.data.copy()
            data[form.add_prefix("version")] = str(unit.version)
            form = self.form(data, prefix=unit.bid.letter, scale=self.scale)
        if error is not None:
            form.carry(error)
        return form


def typed(
    units: Iterable[Unit], data: Any, form: type[JudgementForm], scale: Sequence[str]
) -> Typed:
    """Read a posted sheet; bids for which nothing was typed and nothing stands are left alone."""
    forms = {
        unit.bid: form(data, prefix=unit.bid.letter, scale=scale) for unit in units if unit.asked
    }
    return Typed(form, scale, data, {bid: one for bid, one in forms.items() if one.touched})


def summary(columns: Iterable[Filled]) -> list[tuple[str, str]]:
    """Return (id of the control, sentence) of every refusal, for the summary of the page."""
    return [
        (anchor or column.form["reason"].id_for_label, f"{column.unit.name}: {sentence}")
        for column in columns
        if column.form.is_bound
        for anchor, sentence in column.form.summary()
    ]
