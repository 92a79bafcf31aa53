"""Whom a request for final offers names: lot by lot, each bid that is left out with its reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.bids.models import Bid
from apps.bids.selectors.counting_offers import lots_to_reopen
from apps.bids.types.offering import Place, out_field
from apps.core.errors import Incomplete
from apps.core.wording import plain_text
from apps.rfp.models import Lot, Rfp

REASON = 500


@dataclass(frozen=True)
class Named:
    """One bid in one lot of a request, or in the whole; `why` it is not asked, empty where it is."""

    bid: Bid
    lot: Lot | None
    why: str

    @property
    def code(self) -> str:
        return self.lot.code if self.lot else ""


def named_in(
    rfp: Rfp,
    lots: Collection[str] | None,
    left_out: Mapping[Place, str],
    excluded: Mapping[Place, str],
) -> tuple[Named, ...]:
    """Return every bid of the lots that are reopened: asked, or with the reason why not.

    `lots` are codes; None for every undecided lot in which somebody can be asked. A reason without
    a lot counts in all of them. At least one bid has to be asked in each.
    """
    offered = lots_to_reopen(rfp)
    places = {(bid.pk, code) for code, (_lot, bids) in offered.items() for bid in bids}
    reasons = _reasons(left_out, places)
    chosen = _chosen(set(offered), lots, {code for _bid, code in places - set(excluded)})
    found = tuple(
        Named(bid, lot, excluded.get((bid.pk, code), "") or reasons.get((bid.pk, code), ""))
        for code, (lot, bids) in offered.items()
        if code in chosen
        for bid in bids
    )
    _require_somebody(chosen, found)
    return found


def _reasons(left_out: Mapping[Place, str], places: Collection[Place]) -> dict[Place, str]:
    known = {bid for bid, _code in places}
    unknown = {
        (bid, code)
        for bid, code in left_out
        if (bid not in known if not code else (bid, code) not in places)
    }
    if unknown:
        names = ", ".join(sorted(str(bid) for bid, _code in unknown))
        raise refusal("left_out", _("There is no such opened bid: {bid}.").format(bid=names))
    needed = _("Give the reason in a sentence; it is kept on record.")
    found: dict[Place, str] = {}
    for (bid, code), why in left_out.items():
        said = plain_text(why, out_field((bid, code)), REASON, needed=needed)
        found |= {one: said for one in places if one[0] == bid and code in {"", one[1]}}
    return found


def _chosen(offered: set[str], lots: Collection[str] | None, askable: set[str]) -> frozenset[str]:
    if offered == {""}:
        if lots:
            raise refusal("lots", _("This tender has no lots. Ask for final offers in the whole."))
        return frozenset({""})
    if lots is None:
        return frozenset(askable)
    if strange := set(lots) - offered:
        sentence = _("No final offers can be asked for in lot {codes}: it is decided, or none.")
        raise refusal("lots", sentence.format(codes=", ".join(sorted(strange))))
    return frozenset(lots)


def _require_somebody(chosen: Collection[str], found: Collection[Named]) -> None:
    if not chosen:
        raise refusal("lots", _("Choose at least one lot in which a vendor can be asked."))
    asked = {one.code for one in found if not one.why}
    if empty := sorted(set(chosen) - asked):
        if empty == [""]:
            raise refusal("left_out", _("Ask at least one vendor."))
        sentence = _("Ask at least one vendor in lot {codes}, or leave the lot out.")
        raise refusal("lots", sentence.format(codes=", ".join(empty)))


def refusal(field: str, sentence: str) -> Incomplete:
    return Incomplete(sentence, fields={field: sentence})
