"""Lots: what of a tender applies to one of them. A tender without lots is one whole, lot None."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete, NotFound, WrongState
from apps.rfp.models import DecidedLot, Lot, Rfp, Section
from apps.rfp.states import EnvelopeKind
from apps.rfp.types import Chapter, plain
from apps.workspace.models import Procurement
from apps.workspace.types import Todo

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class View:
    """A tender through one of its lots: what vendors of that lot answer. `lot` None: the whole."""

    lot: Lot | None
    chapters: tuple[Chapter, ...]

    def named(self, sentence: str) -> str:
        """Say which lot a sentence is about, where there are lots."""
        if self.lot is None:
            return sentence
        return _("Lot {code}: {sentence}").format(code=self.lot.code, sentence=sentence)


def lots_of(rfp: Rfp | None) -> tuple[Lot, ...]:
    """Return the lots in their order; none for a tender that is one whole."""
    return tuple(Lot.objects.filter(rfp=rfp).order_by("position", "pk")) if rfp else ()


def lots_in(procurement: Procurement) -> tuple[Lot, ...]:
    """Return the lots of a case file's tender: one query."""
    held = Lot.objects.filter(rfp__procurement=procurement)
    return tuple(held.order_by("position", "pk"))


def applies(section: Section, lot: Lot | None) -> bool:
    """Whether a section is asked of who bids for this lot."""
    return section.lot_id is None or lot is None or section.lot_id == lot.pk


def chapters_of(chapters: Iterable[Chapter], lot: Lot | None) -> tuple[Chapter, ...]:
    """Return what applies to one lot: the sections of all lots and its own."""
    return tuple(one for one in chapters if applies(one.section, lot))


def views_of(rfp: Rfp, chapters: tuple[Chapter, ...]) -> tuple[View, ...]:
    """Return the tender through each of its lots; once as it is where there are none."""
    held = lots_of(rfp)
    if not held:
        return (View(None, chapters),)
    return tuple(View(lot, chapters_of(chapters, lot)) for lot in held)


def picked(lots: Iterable[Lot], code: str) -> Lot | None:
    """Return the lot a page is about: the named one, else the first; None where there are none."""
    held = tuple(lots)
    if not code:
        return held[0] if held else None
    found = next((one for one in held if one.code == code), None)
    if found is None:
        raise NotFound(_("There is no such lot in this tender."))
    return found


def picked_in(procurement: Procurement, code: str) -> Lot | None:
    return picked(lots_in(procurement), code)


def named(lots: Iterable[Lot], code: str) -> Lot | None:
    """Return the lot that an act is about: it has to be named where there are lots."""
    held = tuple(lots)
    if held and not code:
        sentence = _("This tender has lots, each decided by itself. Name the lot.")
        raise Incomplete(sentence, fields={"lot": sentence})
    return picked(held, code)


def require_lot(procurement: Procurement, lot: Lot | None) -> None:
    """Refuse to treat a tender with lots as one whole, or one lot as part of another tender."""
    held = {one.pk for one in lots_in(procurement)}
    if held if lot is None else lot.pk not in held:
        raise WrongState(_("This tender has lots, each decided by itself. Name the lot."))


def price_params(rfp: Rfp, lot: Lot | None = None) -> Mapping[str, Any]:
    """Return the figures of the price formula: those of the lot, where it has its own."""
    found: Mapping[str, Any] = (lot.price_params if lot else {}) or rfp.price_params
    return found


def is_decided(lot: Lot | None) -> bool:
    """Whether a lot's decision was approved; a whole tender says so by its phase."""
    return lot is not None and DecidedLot.objects.filter(lot=lot).exists()


def decided_lots(rfp: Rfp) -> frozenset[uuid.UUID]:
    """Return the lots whose decision was approved: one query."""
    return frozenset(DecidedLot.objects.filter(rfp=rfp).values_list("lot_id", flat=True))


@dataclass(frozen=True)
class Line:
    """One lot on the page of lots: what it weighs, and whether its workload is set."""

    lot: Lot
    sections: tuple[Section, ...]
    total: str
    fits: bool
    params: tuple[tuple[str, str], ...]  # its own figures of the price formula, by their names


@dataclass(frozen=True)
class LotsPage:
    rfp: Rfp
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    most: int | None


def lots_page(rfp: Rfp, chapters: tuple[Chapter, ...]) -> LotsPage:
    """Return the lots with their sections, and every section with its lot: one query."""
    views = [view for view in views_of(rfp, chapters) if view.lot]
    return LotsPage(
        rfp=rfp,
        lines=tuple(_line(view.lot, view.chapters) for view in views if view.lot),
        sections=tuple(chapter.section for chapter in chapters),
        most=rfp.most_lots,
    )


def _line(lot: Lot, chapters: tuple[Chapter, ...]) -> Line:
    weighed = [c.section for c in chapters if c.section.envelope == EnvelopeKind.TECHNICAL]
    total = sum((one.weight for one in weighed), Decimal(0))
    return Line(
        lot=lot,
        sections=tuple(c.section for c in chapters if c.section.lot_id == lot.pk),
        total=plain(total),
        fits=total == HUNDRED,
        params=tuple((name.replace("_", " "), value) for name, value in lot.price_params.items()),
    )


def query_of(lot: Lot | None) -> str:
    """Return what leads to one lot of a page; nothing where there are none."""
    return f"?{urlencode({'lot': lot.code})}" if lot else ""


def named_fact(label: str, lot: Lot | None) -> str:
    """Name a fact by its lot, where there are lots."""
    return _("{label}, lot {code}").format(label=label, code=lot.code) if lot else label


def of_lot(todo: Todo, lot: Lot | None) -> Todo:
    """Say for which lot something is to be done, and lead there."""
    if lot is None:
        return todo
    return replace(todo, title=named_fact(todo.title, lot), url=todo.url + query_of(lot))
