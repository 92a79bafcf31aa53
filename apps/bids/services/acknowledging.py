"""A vendor acknowledges an addendum, and confirms that a submitted bid stands after it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.bids.models import Acknowledgement, Bid, Confirmation
from apps.bids.services.deadline import hold, require_open
from apps.bids.states import BidState
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import WrongState
from apps.rfp.models import Addendum
from apps.rfp.states import Consequence
from apps.workspace.models import User


@transaction.atomic
def acknowledge(*, bid: Bid, addendum: Addendum, actor: User) -> None:
    """Say that an addendum was read. A second click finds it said, which is no mistake."""
    authorise(actor, "bids.acknowledge", bid)
    try:
        with transaction.atomic():
            made = Acknowledgement.objects.create(
                organisation_id=bid.organisation_id,
                vendor_id=bid.vendor_id,
                addendum=addendum,
                acknowledged_by=actor,
            )
    except IntegrityError:
        return
    audit.record(
        action="bids.acknowledge", actor=actor, subject=made, payload={"version": addendum.version}
    )


@transaction.atomic
def confirm(*, bid: Bid, addendum: Addendum, actor: User) -> None:
    """Say before the deadline that the submitted bid stands as it is."""
    authorise(actor, "bids.confirm", bid)
    require_open(hold(bid.round_id))
    locked = Bid.objects.select_for_update(of=("self",)).get(pk=bid.pk)
    last = bid.submissions.order_by("-number").first()
    if locked.state != BidState.SUBMITTED or last is None:
        raise WrongState(_("Only a submitted bid is confirmed. Submit it instead."))
    if addendum.consequence != Consequence.CONFIRM or last.answers_version >= (
        addendum.version or 0
    ):
        raise WrongState(_("This addendum asks for no confirmation of your bid."))
    _made, new = Confirmation.objects.get_or_create(
        submission=last,
        addendum=addendum,
        defaults={
            "organisation_id": bid.organisation_id,
            "vendor_id": bid.vendor_id,
            "bid": bid,
            "confirmed_by": actor,
        },
    )
    if new:
        payload = {"submission": last.number, "version": addendum.version}
        audit.record(action="bids.confirm", actor=actor, subject=bid, payload=payload)
    acknowledge(bid=bid, addendum=addendum, actor=actor)
