"""Undertakings of an RFP: what a vendor agreed to, and what the buyer sees of it."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.bids.models import Agreement, Bid
from apps.bids.selectors.drafts import bid_for
from apps.core.errors import NotFound
from apps.proof import hashes
from apps.rfp.models import Rfp, Undertaking
from apps.rfp.selectors import undertakings_of
from apps.rfp.states import UndertakingKind
from apps.workspace.models import User


@dataclass(frozen=True)
class Asked:
    """One undertaking as the vendor sees it, and whether its owner agreed."""

    id: uuid.UUID
    kind: str
    label: str
    text: str
    digest: str  # of the text: what is agreed to is what was shown
    by: str
    at: dt.datetime | None


@dataclass(frozen=True)
class BidUndertaking:
    """An undertaking as a subject of one bid."""

    bid: Bid
    undertaking: Undertaking

    @property
    def vendor_id(self) -> uuid.UUID:
        return self.bid.vendor_id


def undertaking_for(user: User, *, bid_id: uuid.UUID, undertaking_id: uuid.UUID) -> BidUndertaking:
    bid = bid_for(user, bid_id=bid_id)
    found = Undertaking.objects.filter(rfp_id=bid.round.rfp_id, pk=undertaking_id).first()
    if found is None:
        raise NotFound(_("This RFP asks for no such undertaking."))
    return BidUndertaking(bid, found)


def asked_of(bid: Bid) -> tuple[Asked, ...]:
    """Return what this RFP asks the vendor to agree to: two queries."""
    wanted = undertakings_of(bid.round.rfp)
    if not wanted:
        return ()
    held = Agreement.objects.filter(undertaking__in=wanted, vendor_id=bid.vendor_id)
    given = {one.undertaking_id: one for one in held.select_related("agreed_by")}
    return tuple(_asked(one, given.get(one.pk)) for one in wanted)


def _asked(one: Undertaking, held: Agreement | None) -> Asked:
    return Asked(
        id=one.pk,
        kind=one.kind,
        label=str(UndertakingKind(one.kind).label),
        text=one.text,
        digest=hashes.of_bytes(one.text.encode()),
        by=held.agreed_by.name if held else "",
        at=held.created_at if held else None,
    )


def is_undisclosed(bid: Bid) -> bool:
    """Whether the data pack waits for the vendor's agreement to keep it secret."""
    wanted = Undertaking.objects.filter(rfp_id=bid.round.rfp_id, kind=UndertakingKind.NDA)
    return wanted.exclude(agreements__vendor_id=bid.vendor_id).exists()


def agreements_by_vendor(rfp: Rfp) -> Mapping[uuid.UUID, list[Agreement]]:
    """Return who agreed to what, for the buyer: by vendor, in the order of agreeing."""
    found: dict[uuid.UUID, list[Agreement]] = {}
    held = Agreement.objects.filter(undertaking__rfp=rfp).select_related("undertaking", "agreed_by")
    for one in held.order_by("created_at", "pk"):
        found.setdefault(one.vendor_id, []).append(one)
    return found
