"""The names of the vendors that submitted, as one of them reads them."""

from apps.bids.models import Bid, NameList


def names_of(bid: Bid) -> tuple[str, ...]:
    """Return who submitted, in the order of the alphabet; empty where it is not shown.

    It is shown to a vendor whose bid was opened in a tender that published it: one query there, none
    anywhere else.
    """
    if bid.round.opened_at is None or not bid.round.rfp.names_published:
        return ()
    held = NameList.objects.filter(bid=bid, vendor_id=bid.vendor_id).first()
    return tuple(held.names) if held else ()
