"""The data pack in the vendor's portal, and which version its price was made on."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from apps.bids.models import Bid, PriceSheet
from apps.bids.selectors.agreements import is_undisclosed
from apps.bids.selectors.drafts import bid_for
from apps.bids.states import Offer
from apps.core.errors import NotFound
from apps.rfp.models import Lot, PackFile
from apps.rfp.selectors import released_versions
from apps.rfp.selectors.packing import Released
from apps.workspace.models import User


@dataclass(frozen=True)
class BidData:
    """A file of the data pack as a subject of one bid."""

    bid: Bid
    file: PackFile

    @property
    def vendor_id(self) -> uuid.UUID:
        return self.bid.vendor_id


@dataclass(frozen=True)
class DataPage:
    released: tuple[Released, ...]
    priced: int | None  # the version the price sheet was made on; None without a sheet
    newest: int
    undisclosed: bool  # nothing is shown until the vendor agreed to keep it secret

    @property
    def stale(self) -> bool:
        return self.priced is not None and self.priced < self.newest


def data_page(bid: Bid) -> DataPage:
    """Return the released versions, and whether the vendor's price is behind."""
    hidden = is_undisclosed(bid)
    released = () if hidden else released_versions(bid.round.rfp)
    return DataPage(
        released=released,
        priced=priced_on(bid),
        newest=released[0].version.number if released else 0,
        undisclosed=hidden,
    )


def priced_on(bid: Bid, lots: Collection[Lot] = ()) -> int | None:
    """Return the version that a first price was made on; of several lots the oldest."""
    held = PriceSheet.objects.filter(bid=bid, offer=Offer.FIRST)
    if lots:
        held = held.filter(lot__in=lots)
    return held.order_by("pack_version").values_list("pack_version", flat=True).first()


def price_is_behind(bid: Bid) -> bool:
    """Whether a newer data pack was released since the price sheet was saved."""
    newer = F("pack_version")
    held = PriceSheet.objects.filter(bid=bid, offer=Offer.FIRST)
    return held.filter(bid__round__rfp__pack_versions__number__gt=newer).exists()


def data_file_for(user: User, *, bid_id: uuid.UUID, file_id: uuid.UUID) -> BidData:
    """Return one released file for an invited vendor; what is not released does not exist here."""
    bid = bid_for(user, bid_id=bid_id)
    if is_undisclosed(bid):
        raise NotFound(_("The data pack is shown once your owner agreed to keep it secret."))
    found = PackFile.objects.filter(rfp_id=bid.round.rfp_id, pk=file_id).first()
    if found is None:
        raise NotFound(_("There is no such file in this data pack."))
    return BidData(bid, found)
