"""The schedule of a contract on its page and in its files: to be taken, or as it was frozen."""

import csv
import datetime as dt
import io
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.access import can
from apps.core.errors import NotFound, WrongState
from apps.core.templatetags.formats import number as written
from apps.decision.models import Award, Decision, Schedule
from apps.decision.selectors import awarding
from apps.decision.selectors.award_page import award_shown
from apps.decision.selectors.obligations import obligations
from apps.decision.selectors.offered_rows import Obligation
from apps.decision.selectors.walking import decision_for
from apps.decision.states import DecisionState, ObligationKind
from apps.rfp.answers import figures
from apps.workspace.models import User

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
COLUMNS: Final = (
    *("number", "kind", "source", "name", "wording", "value", "unit", "due", "reports", "default"),
    *("rfp_sha256", "submission_sha256", "award_sha256"),
)


@dataclass(frozen=True)
class ShownRow:
    """One frozen row in words; `value` stands with its unit."""

    number: int
    source: str
    name: str
    wording: str
    value: str
    due: str
    reports: str
    default: bool


@dataclass(frozen=True)
class Group:
    kind: ObligationKind
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True)
class SchedulePage:
    """`groups` hold what was frozen; before that `rows` are what would stand, and what is offered."""

    decision: Decision
    vendor: str
    signed_on: dt.date | None
    digest: str
    groups: tuple[Group, ...]
    rows: tuple[Obligation, ...]
    may_sign: bool
    until: dt.date | None
    readable: bool

    @property
    def standing(self) -> list[Obligation]:
        return [one for one in self.rows if not one.offered]

    @property
    def offered(self) -> list[Obligation]:
        return [one for one in self.rows if one.offered]


def awarded_for(user: User, *, procurement_id: uuid.UUID, decision_id: uuid.UUID) -> Decision:
    """Return an approved decision that awards to somebody; NotFound where none does."""
    decision = decision_for(user, procurement_id=procurement_id, decision_id=decision_id)
    award = awarding.award_of(decision.pk)
    if decision.state != DecisionState.APPROVED or award is None or award.winner_id is None:
        raise NotFound(_("A schedule belongs to an approved award. There is none here."))
    return decision


def frozen_schedule(decision: Decision) -> Schedule | None:
    held = Schedule.objects.filter(contract__award__decision=decision)
    return held.select_related("contract").first()


def frozen_for(decision: Decision) -> Schedule:
    """Return the frozen schedule; WrongState, with what to do, before the contract is recorded."""
    found = frozen_schedule(decision)
    if found is None:
        raise WrongState(_("The schedule is frozen with the contract. Record the contract first."))
    return found


def draft_rows(user: User, decision: Decision, award: Award) -> tuple[Obligation, ...]:
    """Return what would stand; nothing for who may not read the bid that it is gathered from."""
    rfp = decision.procurement.rfp
    if not can(user, "bids.read_answers", rfp) or not can(user, "bids.read_prices", rfp):
        return ()
    return obligations(user, decision, award)


def schedule_page(user: User, decision: Decision) -> SchedulePage:
    """Return the page: a constant number of queries, whatever the number of rows."""
    award, frozen = awarding.award_of(decision.pk), frozen_schedule(decision)
    shown = award_shown(user, decision)
    if award is None or shown is None:
        raise NotFound(_("This decision has no award."))
    rows = () if frozen else draft_rows(user, decision, award)
    return SchedulePage(
        decision=decision,
        vendor=shown.winner,
        signed_on=frozen.contract.signed_on if frozen else None,
        digest=frozen.digest if frozen else "",
        groups=groups_of(content_of(frozen)) if frozen else (),
        rows=rows,
        may_sign=shown.may_sign and bool(rows),
        until=shown.until,
        readable=bool(frozen or rows),
    )


def content_of(schedule: Schedule) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(schedule.record)
    return found


def groups_of(content: Mapping[str, Any]) -> tuple[Group, ...]:
    """Return the frozen rows by their kind, in the order in which they were frozen."""
    return tuple(
        Group(ObligationKind(kind), tuple(_shown(one) for one in rows))
        for kind, rows in groupby(content["rows"], key=lambda one: str(one["kind"]))
    )


def _shown(one: Mapping[str, Any]) -> ShownRow:
    texts = {name: one[name] for name in ("source", "name", "wording", "due", "reports")}
    return ShownRow(
        number=one["number"],
        value=in_words(one["value"], one["unit"]),
        default=one["default"],
        **texts,
    )


def in_words(value: str, unit: str) -> str:
    """Write a value with its unit: a figure as the reader writes figures, any other text as it is."""
    if not value:
        return ""
    figure = figures.decimal(value)
    if figure is not None:
        exponent = figure.as_tuple().exponent
        places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        value = str(written(figure, places))
    return f"{value}{unit}" if unit.startswith("%") else f"{value} {unit}".rstrip()


def as_csv(schedule: Schedule) -> bytes:
    """Return the rows as CSV, UTF-8 with the mark that spreadsheets look for.

    A text that a spreadsheet would take for a formula is written behind an apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_lines(content_of(schedule)["rows"]))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    for one in rows:
        digests = one["digests"]
        plain = {**one, "default": "yes" if one["default"] else "no"}
        plain |= {f"{name}_sha256": digests.get(name, "") for name in digests}
        yield [_cell(plain.get(name, "")) for name in COLUMNS]


def _cell(value: Any) -> str:
    text = str(value)
    if not text.startswith(FORMULA) or figures.decimal(text) is not None:
        return text
    return f"'{text}"
