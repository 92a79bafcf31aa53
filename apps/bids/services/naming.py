"""Show the vendors that submitted who did, where the RFP published that it would be shown."""

from collections.abc import Sequence

from apps.bids.models import Bid, NameList
from apps.core import audit
from apps.core.access import authorise
from apps.rfp.models import Rfp
from apps.rfp.selectors.awarding import published_content, publishes_names
from apps.workspace.models import User


def name_bidders(*, rfp: Rfp, bids: Sequence[Bid], actor: User) -> None:
    """Write the list for each of the opened `bids`; part of the opening that opened them."""
    authorise(actor, "bids.open", rfp)
    if not bids or not publishes_names(published_content(rfp)):
        return
    # Names alone decide the order: arrival, letter and digest of a bid leave no trace in it.
    names = sorted((one.vendor.name for one in bids), key=lambda name: (name.casefold(), name))
    NameList.objects.bulk_create(
        NameList(organisation_id=one.organisation_id, vendor_id=one.vendor_id, bid=one, names=names)
        for one in bids
    )
    audit.record(
        action="bids.publish_names",
        actor=actor,
        subject=rfp,
        procurement_id=rfp.procurement_id,
        # No name and no count: the record is read by a panel that may judge blind.
        payload={"rfp": rfp.digest},
    )
