"""The price sheets of a draft, by version: of the tender or of its lots, first offer and final one."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.bids import adapters, selectors
from apps.bids.models import Bid, PriceSheet
from apps.bids.services.deadline import hold_draft
from apps.bids.states import Offer
from apps.bids.types import sheet
from apps.core import clock
from apps.core.access import authorise
from apps.core.errors import Conflict
from apps.rfp.models import Lot
from apps.rfp.selectors import pack_version, require_lot
from apps.workspace.models import User


@transaction.atomic
def save_price(
    *, bid: Bid, raw: object, version: int, actor: User, lot: Lot | None = None
) -> PriceSheet:
    """Save the price sheet, once the engine can price it on the RFP's workload, or on its lot's."""
    authorise(actor, "bids.price", bid)
    hold_draft(bid.pk)
    require_lot(bid.round.rfp.procurement, lot)
    return keep_sheet(bid=bid, lot=lot, raw=raw, version=version, actor=actor)


def keep_sheet(
    *,
    bid: Bid,
    raw: object,
    version: int,
    actor: User,
    lot: Lot | None = None,
    offer: Offer = Offer.FIRST,
) -> PriceSheet:
    """Keep the sheet of one offer if `version` is the one it was written on, 0 without one."""
    given = sheet.parse(raw, selectors.basis_of(bid.round.rfp, lot))
    found = PriceSheet.objects.filter(bid=bid, lot=lot, offer=offer)
    stored = found.select_for_update(of=("self",)).first()
    before = selectors.price_of(bid, lot, offer)
    newest = pack_version(bid.round.rfp)
    same = stored is not None and before is not None and before.sheet == given
    if stored is not None and same and stored.pack_version == newest:
        return stored
    if (stored.version if stored else 0) != version:
        raise _price_conflict(bid, lot, offer)
    kind, subject = adapters.price_kind(offer), selectors.subject_of(bid, lot)
    row = {
        "organisation_id": bid.organisation_id,
        "vendor_id": bid.vendor_id,
        "version": version + 1,
        "pack_version": newest,
        "ciphertext": adapters.protect(given, bid_id=bid.pk, kind=kind, subject=subject),
        "saved_at": clock.now(),
        "saved_by": actor,
    }
    if stored is not None:  # locked since it was read
        PriceSheet.objects.filter(pk=stored.pk).update(**row)
        return PriceSheet.objects.get(pk=stored.pk)
    try:
        with transaction.atomic():
            return PriceSheet.objects.create(bid=bid, lot=lot, offer=offer, **row)
    except IntegrityError:  # a colleague's first sheet came between our reading and our writing
        raise _price_conflict(bid, lot, offer) from None


def _price_conflict(bid: Bid, lot: Lot | None, offer: Offer) -> Conflict:
    kept = selectors.price_of(bid, lot, offer)
    name, current = (kept.saved_by, kept.version) if kept else ("", 0)
    return Conflict(
        _(
            "{name} changed the price sheet while you were writing. Compare both, then save again."
        ).format(name=name),
        current={"version": current, "sheet": kept.sheet if kept else {}, "saved_by": name},
    )
