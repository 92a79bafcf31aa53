"""Where the key of a bid is: with the service while it is a draft, with the vendor afterwards."""

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.bids import adapters
from apps.bids.models import Bid, KeptKey, Submission
from apps.bids.states import BidState, Offer
from apps.core.errors import WrongState
from apps.proof import recovery
from apps.proof.errors import KeyRefused, NotAuthentic


class WrongCode(WrongState):
    """A recovery code of another bid, or one that a later submission replaced: recorded."""


def context_of(kept: KeptKey) -> dict[str, str]:
    """Return what a kept key is bound to, from the rows it belongs to."""
    return adapters.kept_context(kept.bid_id, kept.vendor_id, kept.offer)


def keys_under(bid_id: uuid.UUID, secret: bytes) -> dict[str, bytes]:
    """Return the keys of a bid that a vendor's secret opens, by name: for owners alone.

    Row-level security shows the wraps to no respondent, so that for them there are none.
    """
    return _opened_by(KeptKey.objects.filter(bid=bid_id), secret)


def keys_brought(bid_id: uuid.UUID, secret: bytes) -> dict[str, bytes]:
    """Return the keys that a browser brings to a page: one query.

    Not that of a draft, which is the service's again: where it is missing, the page says so and
    `unlock` puts it back.
    """
    away = KeptKey.objects.exclude(bid__state=BidState.DRAFT, offer=Offer.FIRST)
    return _opened_by(away.filter(bid=bid_id), secret)


def opens_here(bid: Bid, secret: bytes | None) -> bool:
    """Whether what this browser keeps opens something of this bid."""
    return bool(secret and keys_under(bid.pk, secret))


def code_of(submission: Submission, secret: bytes | None) -> str:
    """Return the recovery code of a submission to who has it; empty for everybody else."""
    kept = KeptKey.objects.filter(submission=submission)
    return recovery.write_code(secret) if secret and _opened_by(kept, secret) else ""


def _opened_by(kept_keys: QuerySet[KeptKey], secret: bytes) -> dict[str, bytes]:
    found = {}
    for kept in kept_keys:
        try:
            key = recovery.unwrap(bytes(kept.wrapped), secret, context_of(kept))
        except NotAuthentic:
            continue
        found[adapters.draft_key(kept.bid_id, kept.offer)] = key
    return found


def require_keys(bid: Bid, secret: bytes) -> dict[str, bytes]:
    """Return the keys that a code opens; WrongCode where it opens none."""
    found = keys_under(bid.pk, secret)
    if not found:
        raise WrongCode(
            _(
                "This recovery code is of another bid, or of an earlier submission. Use the one of"
                " the last receipt."
            )
        )
    return found


def read_typed(typed: str) -> bytes:
    """Read a recovery code as it was typed; KeyRefused where it has a slip in it."""
    try:
        return recovery.read_code(typed)
    except KeyRefused:
        raise KeyRefused(
            _(
                "This is no recovery code: it has 14 groups of four letters. Compare it with your"
                " receipt, group by group."
            )
        ) from None


def is_locked(bid: Bid, offer: Offer = Offer.FIRST) -> bool:
    """Whether the draft of a bid cannot be read here and now."""
    try:
        adapters.key_of(adapters.draft_key(bid.pk, offer))
    except adapters.Locked:
        return True
    return False
