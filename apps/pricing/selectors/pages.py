"""The pricing page as ready values: sealed, adopted, under the assumptions that stand, or tried."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.models import Envelope
from apps.bids.states import EnvelopeState, Offer
from apps.core.access import can
from apps.core.templatetags import formats
from apps.engine.cases import Record
from apps.engine.money import Money
from apps.pricing.selectors import assuming, comparing, drawings, sentences, words
from apps.pricing.selectors.reading import Result
from apps.pricing.selectors.staffed import staffed_of
from apps.pricing.types import Assumed, Bidder, Compared, PricePage, Term, Unlock
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors import is_decided, lots_in
from apps.rfp.states import EnvelopeKind, EnvelopeOrder
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase

Quotes = list[dict[str, Any]]
SEALED, ADOPTED, CURRENT, TRIED = "sealed", "adopted", "current", "tried"
FIRST = "first"
OPENED = frozenset({Phase.TECHNICAL, Phase.COMMERCIAL, Phase.DECIDED, Phase.CLOSED})
LOCKED = OPENED - {Phase.TECHNICAL}
UNDECIDED = frozenset({Phase.PREPARING, Phase.TENDERING, Phase.TECHNICAL, Phase.COMMERCIAL})


def price_page(
    user: User,
    procurement: Procurement,
    *,
    current: bool = False,
    first: bool = False,
    tried: Mapping[str, Any] | None = None,
    lot: Lot | None = None,
) -> PricePage:
    """Return the page; with `current` the saved assumptions, with `tried` others, never saved.

    With `first` it looks back at the first offers, where final ones have been opened.

    What is tried is refused with Incomplete where the engine cannot run it.
    """
    rfp = comparing.tender_of(procurement)
    final = bids.final_bids(rfp, lot) if rfp else frozenset()
    offer = Offer.FIRST if first and final else Offer.FINAL
    quotes = comparing.quotes_of(user, rfp, lot, offer)
    saved = assuming.assumptions_of(procurement, lot)
    adopted = comparing.latest_comparison(user, procurement, lot)
    assumed = saved
    if tried is not None:
        assumed = assuming.merged(saved, tried, quotes=[quote["id"] for quote in quotes])
    wanted = TRIED if tried is not None else CURRENT if current else ADOPTED
    if offer == Offer.FIRST:
        wanted = FIRST
    frozen = Record.from_bytes(adopted.record.encode()) if adopted else None
    asked = _Asked(user, procurement, lot, quotes)
    kind, record, outdated = _record(asked, assumed, frozen, wanted)
    undecided = procurement.phase in UNDECIDED and not is_decided(lot)
    return PricePage(
        kind=kind,
        compared=compared(record, *_bidders(user, rfp, lot)) if record and rfp else None,
        adopted=adopted,
        outdated=outdated,
        assumed=assumed,
        terms=terms_of(assumed, rfp),
        staffed=staffed_of(rfp, lot),
        unlocks=() if quotes or rfp is None else _unlocks(procurement, rfp),
        bidders=tuple(
            Bidder(quote["id"], quote["vendor"], tuple(dict.fromkeys(_kpis(quote["rates"]))))
            for quote in quotes
        ),
        may_set=undecided and rfp is not None and can(user, "pricing.set_assumptions", procurement),
        may_adopt=(
            procurement.phase == Phase.COMMERCIAL
            and undecided
            and bool(quotes)
            and kind != FIRST
            and not bids.offers_are_pending(procurement, lot)
            and can(user, "pricing.adopt", procurement)
        ),
        after_opening=_after_opening(saved, rfp),
        lots=lots_in(procurement),
        lot=lot,
        final=tuple(one["vendor"] for one in quotes if uuid.UUID(one["id"]) in final),
        behind=bool(final) and bids.adopted_prices_are_behind(procurement, lot),
    )


@dataclass(frozen=True)
class _Asked:
    """Whose prices are shown to whom: of a procurement, or of one of its lots."""

    user: User
    procurement: Procurement
    lot: Lot | None
    quotes: Quotes


def _record(
    asked: _Asked, assumed: Assumed, frozen: Record | None, wanted: str
) -> tuple[str, Record | None, bool]:
    """Return which comparison is shown, its record, and whether the adopted one is outdated."""
    user, procurement, lot = asked.user, asked.procurement, asked.lot
    if not asked.quotes:
        if wanted == TRIED:
            comparing.checked(user, procurement, assumed, quotes=[], lot=lot)
        return SEALED, None, False
    case = comparing.case_of(user, procurement, assumed, quotes=asked.quotes, lot=lot)
    if wanted in {TRIED, FIRST}:
        return wanted, comparing.run(case), False
    outdated = frozen is not None and frozen.to_plain()["case"] != case
    if frozen is None or (wanted == CURRENT and outdated):
        return CURRENT, comparing.run(case), outdated
    return ADOPTED, frozen, outdated


def _bidders(
    user: User, rfp: Rfp | None, lot: Lot | None
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return each bid's letter, and what excludes it."""
    if rfp is None:
        return {}, {}
    letters = {str(bid.pk): bid.letter for bid in bids.bids_visible_to(user, rfp)}
    excluded: dict[str, tuple[str, ...]] = {}
    for one in bids.knockouts(user, rfp, lot):
        if one["passed"] is not True:
            held = excluded.get(one["vendor"], ())
            excluded[one["vendor"]] = (*held, f"{one['code']}: {one['reason']}")
    return letters, excluded


def compared(
    record: Record, letters: Mapping[str, str], excluded: Mapping[str, tuple[str, ...]]
) -> Compared:
    """Return a price record as a page or a report shows it."""
    result = Result(record, letters=letters, excluded=excluded)
    return Compared(
        record=record,
        currency=result.currency,
        months=result.months,
        finding=sentences.finding(result),
        quotes=result.quotes(),
        stack=drawings.stack(result),
        parts=drawings.parts(result),
        volumes=drawings.volumes(result),
        realities=sentences.realities(result),
        remarks=sentences.remarks(result),
        uncertain=drawings.uncertain(result),
    )


def _kpis(rates: Mapping[str, Any]) -> Iterator[str]:
    """Yield the KPIs that move a price, those of a hybrid's parts too."""
    for kpi in rates.get("kpis") or ():
        yield kpi["kpi"]
    if rates.get("outcome"):
        yield rates["outcome"]
    for part in rates.get("parts") or ():
        yield from _kpis(part["rates"])


def _unlocks(procurement: Procurement, rfp: Rfp) -> tuple[Unlock, ...]:
    """Say what stands between now and the prices, in the order in which it happens."""
    phase = procurement.phase
    opened = Unlock(_("An opener opens the bids after the deadline."), phase in OPENED)
    if rfp.envelope_order == EnvelopeOrder.TOGETHER:
        return (opened,)
    return (
        opened,
        Unlock(_("The moderator locks the quality scores."), phase in LOCKED),
        Unlock(_("An opener opens the price envelopes."), done=False),
    )


def _after_opening(assumed: Assumed, rfp: Rfp | None) -> bool:
    """Whether these assumptions were set with the prices on the table."""
    if rfp is None or assumed.at is None:
        return False
    first = Envelope.objects.filter(
        bid__round__rfp=rfp, kind=EnvelopeKind.COMMERCIAL, state=EnvelopeState.OPENED
    ).aggregate(first=Min("opened_at"))["first"]
    return first is not None and assumed.at > first


def terms_of(assumed: Assumed, rfp: Rfp | None) -> tuple[Term, ...]:
    """Return the assumptions in words."""
    terms = assumed.terms
    discount = terms["discount"]
    found = [
        Term(
            _("Discount rate"),
            formats.percentage(discount["rate"], 1),
            str(words.BASIS[discount["basis"]]),
        ),
        Term(_("Payments"), str(words.TIMING[terms.get("timing", "mid_month")])),
        Term(_("Index a year"), formats.percentage(terms.get("indexation", "0"), 1)),
    ]
    if "inflation" in discount:
        found.insert(1, Term(_("Inflation"), formats.percentage(discount["inflation"], 1)))
    value = terms.get("capability_value")
    if value and rfp:
        amount = Money.of(value, rfp.procurement.currency)
        found.append(Term(_("Value of capability"), formats.money(amount, 0)))
    found += [
        _spread(name, assumed.uncertainty) for name in words.INPUTS if name in assumed.uncertainty
    ]
    return tuple(found)


def _spread(name: str, uncertainty: Mapping[str, Any]) -> Term:
    given = uncertainty[name]
    label = _("{name}, range").format(name=words.INPUTS[name])
    decimals = 1 if name == "index" else 0
    if "likely" not in given:
        figures = ", ".join(f"{part} {given[part]}" for part in given if part != "shape")
        return Term(label, str(given["shape"]), figures)
    return Term(
        label,
        _("{low} to {high}").format(
            low=formats.percentage(given["low"], decimals),
            high=formats.percentage(given["high"], decimals),
        ),
        _("most likely {likely}").format(likely=formats.percentage(given["likely"], decimals)),
    )
