"""What happens to the key of a draft: it goes to the vendor at the submission, and comes back.

Until the submission the service holds it. With the submission it is wrapped under the vendor's own
secret, and destroyed once that is committed: at once, and by a promised job in case the process
dies between. Whoever submits, reopens or forgets holds the bid's row, so that no key is destroyed
that a reopened bid needs.
"""

import datetime as dt
import secrets
import uuid
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids import adapters, selectors
from apps.bids.models import (
    Answer,
    Assumption,
    Attachment,
    Bid,
    Confidential,
    Evidence,
    KeptKey,
    PriceSheet,
    Submission,
)
from apps.bids.selectors import kept_keys
from apps.bids.services.deadline import hold_offers, require_open
from apps.bids.services.evidence import let_go
from apps.bids.services.writing import keep
from apps.bids.states import BidState, Offer
from apps.bids.types.draft import WHOLE
from apps.bids.types.keeping import Keeps
from apps.core import audit, clock, jobs, keystore, tenancy
from apps.core.access import authorise
from apps.core.errors import Incomplete, TooMany, WrongState
from apps.core.models import AuditEvent
from apps.proof import envelopes, recovery
from apps.proof.errors import KeyRefused
from apps.workspace.models import User

FORGET: Final = "bids.forget_key"
MOST_TRIES: Final = 10
WITHIN: Final = dt.timedelta(minutes=15)


# At the submission


def hand_over(submission: Submission, *, actor: User, keeps: Keeps) -> None:
    """Wrap the key of what was just submitted under the vendor's secret, and forget it here.

    Part of the submission's transaction, which holds the bid's row.
    """
    bid = submission.bid
    offer = Offer.FINAL if submission.offer_round_id else Offer.FIRST
    submission.secret = keeps.secret or recovery.new_secret()
    context = adapters.kept_context(bid.pk, bid.vendor_id, offer)
    key = adapters.key_of(adapters.draft_key(bid.pk, offer))
    kept = KeptKey(
        bid=bid,
        offer=offer,
        organisation_id=bid.organisation_id,
        vendor_id=bid.vendor_id,
        submission=submission,
        wrapped=recovery.wrap(key, submission.secret, context),
    )
    KeptKey.objects.bulk_create(
        [kept],
        update_conflicts=True,
        unique_fields=["bid", "offer"],
        update_fields=["submission", "wrapped"],
    )
    if offer == Offer.FIRST:
        let_go(bid, keep=keeps.files, actor=actor)
    later = clock.now() + jobs.MAKES_UP_AFTER
    jobs.enqueue(kind=FORGET, subject_id=bid.pk, actor=actor, not_before=later)
    place = tenancy.require_organisation()
    transaction.on_commit(lambda: _forget_as(bid.pk, actor, place), robust=True)


def _forget_as(bid_id: uuid.UUID, actor: User, organisation: uuid.UUID) -> None:
    with tenancy.acting_as(person=actor.pk, organisation=organisation):
        forget(bid_id)


@transaction.atomic
def forget(bid_id: uuid.UUID) -> None:
    """Destroy the keys of a bid that are the vendor's now; one that was reopened keeps its own."""
    held = Bid.objects.select_for_update(of=("self",)).filter(pk=bid_id).first()
    if held is None:
        return
    if held.state != BidState.DRAFT:
        keystore.destroy(adapters.draft_key(bid_id))
    if _offer_is_sent(held):
        keystore.destroy(adapters.draft_key(bid_id, Offer.FINAL))


def _offer_is_sent(bid: Bid) -> bool:
    """Whether every sheet of the final offer that was submitted last is as it was sealed.

    The key is one for the sheets of all lots: it goes with the offer, and what was saved for a lot
    that it leaves out goes on under the vendor's key.
    """
    last = bid.submissions.exclude(offer_round=None).order_by("-number").first()
    if last is None:
        return False
    held = PriceSheet.objects.filter(bid=bid, offer=Offer.FINAL).select_related("lot")
    saved = {one.lot.code if one.lot else WHOLE: one.version for one in held}
    return all(saved.get(code) == version for code, version in last.sheets.items())


# Back again


def take_back(bid: Bid) -> None:
    """Give the service the key of a draft again; part of the reopening, which holds the bid's row.

    The key is in the keystore after the commit alone. Where the process dies between, the draft
    waits for the vendor's secret as the submitted bid did.
    """
    name = adapters.draft_key(bid.pk)
    key = adapters.key_of(name)
    transaction.on_commit(lambda: keystore.put(name, key))
    for stored in Attachment.objects.filter(bid=bid, removed_at=None):
        kept = selectors.raw_facts(stored).get("evidence", "")
        if kept and Evidence.objects.filter(pk=kept).exists():
            Attachment.objects.filter(pk=stored.pk).update(evidence_id=kept)


def bring(*, bid: Bid, code: str, actor: User) -> tuple[bytes, dict[str, bytes]]:
    """Take a recovery code: return the vendor's secret, and the keys of the bid that it opens.

    A slip in the code is Incomplete, another bid's code WrongCode; that attempt is recorded, and
    after ten in a quarter of an hour none is looked at.
    """
    authorise(actor, "bids.unlock", bid)
    _require_patience(actor)
    try:
        secret = kept_keys.read_typed(code)
    except KeyRefused as error:
        raise Incomplete(str(error), fields={"code": str(error)}) from None
    return secret, kept_keys.require_keys(bid, secret)


@transaction.atomic
def unlock(*, bid: Bid, code: str, actor: User) -> bytes:
    """Take a recovery code: return the vendor's secret, which this device may keep from now on.

    The bid stays as it is, except that a draft whose key was lost on its way back has it again.
    """
    secret, found = bring(bid=bid, code=code, actor=actor)
    locked = Bid.objects.select_for_update(of=("self",)).get(pk=bid.pk)
    name = adapters.draft_key(bid.pk)
    if locked.state == BidState.DRAFT and name in found:
        keystore.put(name, found[name])
    audit.record(action="bids.unlock", actor=actor, subject=bid)
    return secret


def _require_patience(actor: User) -> None:
    since = clock.now() - WITHIN
    tried = AuditEvent.objects.filter(actor=actor, refused=True, at__gt=since)
    wrong = f'"reason":"{kept_keys.WrongCode.__name__}"'
    if tried.filter(payload__contains=wrong).count() >= MOST_TRIES:
        raise TooMany(_("Too many wrong codes. Wait a quarter of an hour, then try again."))


# Without the key


def empty(bid: Bid, actor: User) -> None:
    """Empty a draft that nobody can read any more; part of starting again, which holds its row.

    Every answer gets an empty version under a new key, so that its history has no gap. What was
    submitted stays in the record and is not opened.
    """
    name = adapters.draft_key(bid.pk)
    if not kept_keys.is_locked(bid):
        raise WrongState(_("This bid can be read. Reopen it and change what is in it."))
    key = secrets.token_bytes(envelopes.KEY_BYTES)
    with adapters.in_hand({name: key}):
        _empty_answers(bid, actor)
    for model in (Assumption, Confidential):
        model._default_manager.filter(bid=bid).delete()
    PriceSheet.objects.filter(bid=bid, offer=Offer.FIRST).delete()
    Attachment.objects.filter(bid=bid, removed_at=None).update(removed_at=clock.now())
    KeptKey.objects.filter(bid=bid, offer=Offer.FIRST).delete()
    audit.record(action="bids.start_again", actor=actor, subject=bid)
    transaction.on_commit(lambda: keystore.put(name, key))


def _empty_answers(bid: Bid, actor: User) -> None:
    for stored in (
        Answer.objects.filter(bid=bid).select_related("question").select_for_update(of=("self",))
    ):
        ciphertext = adapters.protect(
            "", bid_id=bid.pk, kind=adapters.ANSWER, subject=stored.question_id
        )
        keep(
            bid=bid,
            question=stored.question,
            ciphertext=ciphertext,
            before=stored.version,
            actor=actor,
        )


@transaction.atomic
def start_offer_again(*, bid: Bid, actor: User) -> None:
    """Begin a final offer that nobody can read any more with the first offer, as new versions."""
    authorise(actor, "bids.submit", bid)
    require_open(hold_offers(bid.pk))
    Bid.objects.select_for_update(of=("self",)).get(pk=bid.pk)
    held = PriceSheet.objects.filter(bid=bid, offer=Offer.FINAL).select_related("lot")
    stored = list(held.select_for_update(of=("self",)))
    if not stored or not kept_keys.is_locked(bid, Offer.FINAL):
        raise WrongState(_("This offer can be read. Change it, then submit it again."))
    name, key = adapters.draft_key(bid.pk, Offer.FINAL), secrets.token_bytes(envelopes.KEY_BYTES)
    with adapters.in_hand({name: key}):
        for one in stored:
            _begin_with_first(bid, one, actor)
    KeptKey.objects.filter(bid=bid, offer=Offer.FINAL).delete()
    audit.record(action="bids.start_offer_again", actor=actor, subject=bid)
    transaction.on_commit(lambda: keystore.put(name, key))


def _begin_with_first(bid: Bid, stored: PriceSheet, actor: User) -> None:
    """Write the first offer over one sheet of the final one, under the key in hand."""
    first = selectors.price_of(bid, stored.lot)
    if first is None:
        raise WrongState(_("Your first offer cannot be read. Tell the administrator."))
    kind, subject = adapters.price_kind(Offer.FINAL), selectors.subject_of(bid, stored.lot)
    PriceSheet.objects.filter(pk=stored.pk).update(
        version=stored.version + 1,
        ciphertext=adapters.protect(first.sheet, bid_id=bid.pk, kind=kind, subject=subject),
        saved_at=clock.now(),
        saved_by=actor,
    )
