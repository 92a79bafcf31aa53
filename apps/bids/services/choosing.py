"""Which lots a vendor answers for, as long as it drafts. Nothing counts before it is submitted."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids.models import Bid, ChosenLot
from apps.bids.services.deadline import hold_draft
from apps.core.access import authorise
from apps.core.errors import Incomplete
from apps.rfp.selectors import lots_of
from apps.workspace.models import User


@transaction.atomic
def choose_lots(*, bid: Bid, codes: Collection[str], actor: User) -> None:
    """Choose the lots of the draft; answers and prices of the others are kept, and not submitted."""
    authorise(actor, "bids.answer", bid)
    hold_draft(bid.pk)
    offered = {lot.code: lot for lot in lots_of(bid.round.rfp)}
    if not codes or not set(codes) <= set(offered):
        sentence = _("Choose at least one lot of the tender.")
        raise Incomplete(sentence, fields={"lots": sentence})
    wanted = {offered[code].pk for code in codes}
    held = set(ChosenLot.objects.filter(bid=bid).values_list("lot_id", flat=True))
    ChosenLot.objects.filter(bid=bid).exclude(lot_id__in=wanted).delete()
    ChosenLot.objects.bulk_create(
        ChosenLot(
            organisation_id=bid.organisation_id,
            vendor_id=bid.vendor_id,
            bid=bid,
            lot_id=lot,
            chosen_by=actor,
        )
        for lot in sorted(wanted - held)
    )
