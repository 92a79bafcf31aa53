"""Sign-offs that the vendor itself asks for. A part that changes afterwards is to be signed again."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids import selectors
from apps.bids.models import Bid, SignOff, SignOffDuty
from apps.bids.services.deadline import hold_draft, hold_offers, require_open
from apps.bids.states import SignOffPart
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, NotAllowed
from apps.workspace.models import User


@transaction.atomic
def sign_off(*, bid: Bid, part: SignOffPart, fingerprint: str, actor: User) -> SignOff:
    """Sign a part off as it was read; refused when it has changed since the page was drawn.

    Where a final offer is asked for, its price is signed before its own closing time.
    """
    authorise(actor, "bids.sign_off", bid)
    if part == SignOffPart.PRICE and selectors.own_offer(bid) is not None:
        require_open(hold_offers(bid.pk))
    else:
        hold_draft(bid.pk)
    if not SignOffDuty.objects.filter(bid=bid, part=part, person=actor).exists():
        raise NotAllowed(_("The owner of this bid did not ask you to sign this part off."))
    current = selectors.fingerprint_of(bid, part)
    if current != fingerprint:
        raise Conflict(_("This part changed while you were reading. Read it again, then sign."))
    held = SignOff.objects.filter(bid=bid, part=part, signed_by=actor, fingerprint=current).first()
    if held is not None:
        return held
    made = SignOff.objects.create(
        organisation_id=bid.organisation_id,
        vendor_id=bid.vendor_id,
        bid=bid,
        part=part,
        signed_by=actor,
        fingerprint=current,
    )
    payload = {"part": part.value, "fingerprint": current}
    audit.record(action="bids.sign_off", actor=actor, subject=bid, payload=payload)
    return made


def require_signed(bid: Bid, parts: Collection[SignOffPart] = tuple(SignOffPart)) -> None:
    """Refuse to submit while somebody whom the owner asked has not signed what stands now.

    The price that is signed is every sheet of the bid: one of a final offer voids what was signed
    before it.
    """
    asked = [one for one in selectors.sign_offs_of(bid) if one.part in parts]
    missing = [one for one in asked if not one.given]
    if missing:
        named = "; ".join(f"{one.label}, {one.name}" for one in missing)
        raise Incomplete(
            _("Not submitted: a sign-off is missing. {named}.").format(named=named),
            fields={f"sign-off {one.part}": one.name for one in missing},
        )
