"""What bids are subject to: the vendor's own draft, and what the panel reads in opened bids."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from apps.bids import adapters
from apps.bids.models import Assumption, Bid, Confidential
from apps.bids.selectors.drafts import bid_for, draft_of
from apps.bids.selectors.opened import for_panel, hidden_name, packages
from apps.bids.selectors.own_opened import OwnOpened, opened_instead
from apps.bids.selectors.seeing import sees_price
from apps.bids.types.assumptions import DraftRow, Reservations, Row, row_of
from apps.bids.types.blinding import mask
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Question, Rfp
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import User

Held = TypeVar("Held")


def read_row(stored: Assumption) -> DraftRow:
    """Decrypt one row of a draft."""
    plain = adapters.reveal(
        stored.ciphertext, bid_id=stored.bid_id, kind=adapters.ASSUMPTION, subject=stored.pk
    )
    return DraftRow(stored.pk, stored.version, row_of(plain, plain["effect"]), stored.saved_by.name)


def shown_row(stored: Assumption, *, priced: bool | None = None) -> DraftRow:
    """Return a row as this person sees it: what it does to the price only where the price is shown."""
    found = read_row(stored)
    if sees_price(stored.bid_id) if priced is None else priced:
        return found
    return replace(found, row=replace(found.row, effect=None))


def reservations_of(bid: Bid, *, priced: bool | None = None) -> Reservations:
    """Return what a draft is subject to and what it marks, as this person sees it.

    `priced` says whether the price is shown to them, where that was asked already.
    """
    if priced is None:
        priced = sees_price(bid.pk)
    if opened := opened_instead(bid):
        return _opened_reservations(bid, opened)
    rows = Assumption.objects.filter(bid=bid).select_related("saved_by")
    marks = Confidential.objects.filter(bid=bid).select_related("question")
    return Reservations(
        rows=tuple(shown_row(one, priced=priced) for one in rows.order_by("created_at", "pk")),
        marks={one.question.code: _reason(one) for one in marks.order_by("question__code")},
    )


def _opened_reservations(bid: Bid, opened: OwnOpened) -> Reservations:
    """Return the same from what was opened: its rows are those of the draft, in their order."""
    stored = Assumption.objects.filter(bid=bid).select_related("saved_by")
    commercial = opened.commercial or {}
    effects = {one["number"]: one for one in commercial.get("price_effects", [])}
    rows = zip(
        stored.order_by("created_at", "pk"), opened.technical.get("assumptions", []), strict=False
    )
    return Reservations(
        rows=tuple(
            DraftRow(
                held.pk, held.version, row_of(one, effects.get(one["number"])), held.saved_by.name
            )
            for held, one in rows
        ),
        marks={**opened.technical.get("confidential", {}), **commercial.get("confidential", {})},
    )


def _reason(mark: Confidential) -> str:
    reason: str = adapters.reveal(
        mark.ciphertext, bid_id=mark.bid_id, kind=adapters.CONFIDENTIAL, subject=mark.question_id
    )
    return reason


def assumption_for(user: User, *, bid_id: uuid.UUID, assumption_id: uuid.UUID) -> Assumption:
    bid = bid_for(user, bid_id=bid_id)
    held = Assumption.objects.filter(bid=bid, pk=assumption_id).select_related("saved_by")
    found = held.first()
    if found is None:
        raise NotFound(_("There is no such assumption in this bid."))
    found.bid = bid
    return found


@dataclass(frozen=True)
class AssumptionsPage:
    rows: tuple[DraftRow, ...]
    marked: tuple[tuple[Question, str], ...]  # with the reason
    unmarked: tuple[Question, ...]
    currency: str

    @property
    def assumptions(self) -> list[tuple[DraftRow, str]]:
        return [self._worded(one) for one in self.rows if not one.row.is_deviation]

    @property
    def deviations(self) -> list[tuple[DraftRow, str]]:
        return [self._worded(one) for one in self.rows if one.row.is_deviation]

    def _worded(self, one: DraftRow) -> tuple[DraftRow, str]:
        return one, one.row.effect.words(self.currency) if one.row.effect else ""


def assumptions_page(bid: Bid) -> AssumptionsPage:
    held, draft = reservations_of(bid), draft_of(bid)
    questions = [one for one in draft.questions if one.code in draft.asked]
    return AssumptionsPage(
        rows=held.rows,
        marked=tuple((one, held.marks[one.code]) for one in questions if one.code in held.marks),
        unmarked=tuple(one for one in questions if one.code not in held.marks),
        currency=bid.round.rfp.procurement.currency,
    )


@dataclass(frozen=True)
class OpenedReservations:
    """What an opened bid is subject to; a price effect only where this person reads prices."""

    rows: tuple[Row, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)  # question code → the vendor's reason
    currency: str = ""

    @property
    def effects(self) -> list[tuple[int, Row, str]]:
        """The rows that change the price: their number, the row, the effect in words."""
        return [
            (number, row, row.effect.words(self.currency))
            for number, row in enumerate(self.rows, start=1)
            if row.effect
        ]

    @property
    def numbered(self) -> list[tuple[int, Row]]:
        return list(enumerate(self.rows, start=1))


def reservations_visible_to(user: User, rfp: Rfp) -> dict[uuid.UUID, OpenedReservations]:
    """Return what every opened bid is subject to, as its opened envelopes say: two queries."""
    prices = can(user, "bids.read_prices", rfp)
    rows: dict[uuid.UUID, list[dict[str, Any]]] = {}
    effects: dict[uuid.UUID, dict[int, Mapping[str, Any]]] = {}
    marks: dict[uuid.UUID, dict[str, str]] = {}
    for bid, kind, package in packages(user, rfp):
        marks.setdefault(bid.pk, {}).update(package.get("confidential", {}))
        if kind == EnvelopeKind.TECHNICAL:
            rows[bid.pk] = package.get("assumptions", [])
        elif prices:
            held = package.get("price_effects", [])
            effects[bid.pk] = {one["number"]: one for one in held}
    hidden = {bid.pk: hidden_name(user, bid) for bid in for_panel(user, rfp)}
    return {
        bid_id: OpenedReservations(
            rows=tuple(
                _row(one, effects.get(bid_id, {}).get(one["number"]), hidden[bid_id])
                for one in rows.get(bid_id, ())
            ),
            marks=said,
            currency=rfp.procurement.currency,
        )
        for bid_id, said in marks.items()
    }


def _row(one: Mapping[str, Any], effect: Mapping[str, Any] | None, name: str) -> Row:
    said = {part: mask(one[part], name) for part in ("place", "wording", "reason", "confidential")}
    return row_of({**one, **said}, effect)


def reservations_in(user: User, bid: Bid) -> OpenedReservations:
    """Return what one opened bid is subject to."""
    return reservations_visible_to(user, bid.round.rfp).get(bid.pk, OpenedReservations())


def shareable(given: Mapping[str, Held], marks: Mapping[str, str]) -> dict[str, Held]:
    """Leave out what the vendor marked as confidential; by question code.

    Whatever leaves the panel goes through here: exports, letters, public records.
    """
    return {code: one for code, one in given.items() if code not in marks}


def shareable_rows(held: OpenedReservations) -> tuple[Row, ...]:
    """Leave out the rows that the vendor marked as confidential."""
    return tuple(row for row in held.rows if not row.confidential)


def confidential_marks(user: User, rfp: Rfp) -> dict[uuid.UUID, Mapping[str, str]]:
    """Return the confidential answers of opened bids: by bid, question code → reason."""
    return {bid: held.marks for bid, held in reservations_visible_to(user, rfp).items()}


def withheld() -> str:
    """Return what stands where a confidential passage was left out."""
    return _("Left out: the vendor marked this as confidential. It stands in the opened bid.")
