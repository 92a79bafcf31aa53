"""A vendor's owner agrees to what the RFP asks for: who, when, and to which text."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.bids.models import Agreement, Bid
from apps.bids.services.deadline import hold, require_open
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Conflict
from apps.proof import hashes
from apps.rfp.models import Undertaking
from apps.workspace.models import User


@transaction.atomic
def agree(*, bid: Bid, undertaking: Undertaking, text_digest: str, actor: User) -> None:
    """Agree to the text as it was shown. A second click finds it agreed, which is no mistake."""
    authorise(actor, "bids.agree", bid)
    require_open(hold(bid.round_id))
    if hashes.of_bytes(undertaking.text.encode()) != text_digest:
        raise Conflict(_("This text is not the one you read. Reload the page and read it again."))
    try:
        with transaction.atomic():
            made = Agreement.objects.create(
                organisation_id=bid.organisation_id,
                vendor_id=bid.vendor_id,
                undertaking=undertaking,
                agreed_by=actor,
                text_digest=text_digest,
            )
    except IntegrityError:
        return
    payload = {"kind": undertaking.kind, "text_digest": text_digest}
    audit.record(action="bids.agree", actor=actor, subject=made, payload=payload)
