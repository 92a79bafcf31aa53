"""A vendor submits, takes back, changes and submits again. The server's clock decides."""

import datetime as dt
from collections.abc import Collection

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids import adapters, selectors
from apps.bids.models import Bid, Envelope, Submission
from apps.bids.selectors.receipts import manifest_kind
from apps.bids.services.deadline import (
    exact,
    hold,
    require_in_time,
    require_open,
    to_the_minute,
)
from apps.bids.services.keeping import empty, hand_over, take_back
from apps.bids.services.packing import Packed, named_in, pack
from apps.bids.services.signing_off import require_signed
from apps.bids.states import BID, BidState
from apps.bids.types.draft import Draft
from apps.bids.types.keeping import NOTHING_YET, Keeps
from apps.bids.types.places import RECEIPT_PAPER, envelope_context, reference_of, sealed_context
from apps.core import jobs, ledger, mail, workflow
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.proof import receipts
from apps.rfp.selectors import current_version, key_kind, public_keys_of
from apps.workspace.models import Membership, User
from apps.workspace.states import MemberRole


@transaction.atomic
def submit(
    *,
    bid: Bid,
    actor: User,
    arrived_at: dt.datetime,
    from_edge: bool,
    lots: Collection[str] | None = None,
    keeps: Keeps = NOTHING_YET,
) -> Submission:
    """Seal the bid as it stands; it counts when it arrived before the deadline.

    `lots` are the codes of those that it covers, None for all that the vendor chose: a gap in
    another one keeps nothing back. What a later submission does not cover is taken out with it.

    The key of the draft goes to the vendor, under the secret that its browser keeps, else a new
    one. The submission that is returned has it; one that stood already does not.

    A repeated click on a submitted bid returns the submission that stands: its content cannot have
    changed since. The round's row is locked first, then the bid's, as the opening does.
    """
    authorise(actor, "bids.submit", bid)
    moment = hold(bid.round_id)
    locked = Bid.objects.select_for_update(of=("self",)).get(pk=bid.pk)
    last = Submission.objects.filter(bid=bid).order_by("-number").first()
    if last is not None and locked.state == BidState.SUBMITTED:
        _require_same_lots(last, lots)
        return last
    require_in_time(moment, arrived_at)
    rfp = bid.round.rfp
    rfp.refresh_from_db(fields=["facts"])  # an addendum may have come since the page was drawn
    version = current_version(rfp)
    draft = _covered(selectors.draft_of(bid), lots)
    _require_complete(draft)
    require_signed(bid)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
    submission = Submission(
        organisation_id=bid.organisation_id,
        vendor_id=bid.vendor_id,
        bid=bid,
        number=last.number + 1 if last else 1,
        answers_version=version.number if version else 1,
        priced_on=selectors.priced_on(bid, draft.lots) or 0,
        lots=[lot.code for lot in draft.lots],
        arrived_at=arrived_at,
        from_edge=from_edge,
        submitted_by=actor,
    )
    digest = version.digest if version else ""
    seal(
        submission,
        pack(draft, submission, digest, selectors.reservations_of(bid, priced=draft.sees_price)),
    )
    hand_over(submission, actor=actor, keeps=keeps)
    _record(submission, locked, actor)
    return submission


def _require_same_lots(last: Submission, lots: Collection[str] | None) -> None:
    if lots is not None and set(lots) != set(last.lots):
        raise WrongState(
            _("This bid is submitted for other lots. Reopen it first if you want to change them.")
        )


def _covered(draft: Draft, lots: Collection[str] | None) -> Draft:
    """Return the draft of the lots that a submission is to cover."""
    if lots is None or not draft.offered:
        return draft
    if not lots or not set(lots) <= {lot.code for lot in draft.lots}:
        sentence = _("Not submitted: choose at least one of the lots that you answer for.")
        raise Incomplete(sentence, fields={"lots": sentence})
    return draft.of_lots(lots)


def _require_complete(draft: Draft) -> None:
    gaps = draft.gaps()
    if gaps:
        raise Incomplete(
            _("Not submitted: {count} things are missing. Complete them, then submit.").format(
                count=len(gaps)
            )
            if len(gaps) > 1
            else _("Not submitted: one thing is missing. Complete it, then submit."),
            fields={gap.code: gap.sentence for gap in gaps},
        )


def seal(submission: Submission, packed: Packed) -> None:
    """Store the submission and one envelope per part: ciphertext and what it is bound to."""
    bid, plain = submission.bid, packed.manifest.to_plain()
    submission.manifest_digest = packed.manifest.digest
    submission.manifest = adapters.protect(
        plain, bid_id=bid.pk, kind=manifest_kind(submission), subject=submission.pk
    )
    submission.save(force_insert=True)
    final = submission.offer_round_id is not None
    sealed_to = {kind: key_kind(bid.round.rfp, kind, final=final) for kind in packed.packages}
    public = public_keys_of(bid.round.rfp_id, set(sealed_to.values()))
    Envelope.objects.bulk_create(
        Envelope(
            organisation_id=bid.organisation_id,
            vendor_id=bid.vendor_id,
            submission=submission,
            bid=bid,
            kind=kind,
            offer_round=submission.offer_round,
            context=envelope_context(submission, kind),
            ciphertext=adapters.seal(
                {"manifest": plain, "package": package},
                public=public[sealed_to[kind]],
                context=sealed_context(submission, kind),
            ),
        )
        for kind, package in packed.packages.items()
    )


def _record(submission: Submission, locked: Bid, actor: User) -> None:
    bid = submission.bid
    submission.refresh_from_db(fields=["committed_at"])
    workflow.move_held(
        locked,
        BID,
        "submit",
        actor=actor,
        payload={
            "arrived_at": submission.arrived_at.isoformat(timespec="milliseconds"),
            "from_edge": submission.from_edge,
            "manifest_digest": submission.manifest_digest,
            "number": submission.number,
            "submission": str(submission.pk),
            **({"lots": submission.lots} if submission.lots else {}),
        },
    )
    bid.state = locked.state
    tell_owners(bid, actor, "receipt", f"bids.receipt:{submission.pk}", submission)
    promise_paper(submission, actor)


def promise_paper(submission: Submission, actor: User) -> None:
    """Promise the receipt as a signed PDF; a worker makes it after the commit."""
    jobs.enqueue(kind=RECEIPT_PAPER, subject_id=submission.pk, actor=actor, queue="letters")


def tell_owners(
    bid: Bid, actor: User, template: str, event: str, submission: Submission | None
) -> None:
    """Mail every owner of the vendor: what happened and when, never what the bid says."""
    owners = Membership.objects.filter(
        organisation_id=bid.vendor_id, role=MemberRole.OWNER, active=True
    )
    rfp, round_ = bid.round.rfp, bid.round
    context: dict[str, object] = {
        "actor": actor,
        "asks_price": rfp.asks_price,
        "buyer": bid.organisation,
        "closes_at": to_the_minute(round_.closes_at, round_.zone),
        "path": reverse("bids:portal", args=[bid.pk]),
        "title": rfp.procurement.title,
        "tender": rfp.procurement.reference,
        "vendor": bid.vendor,
    }
    if submission is not None and submission.offer_round is not None:
        context["closes_at"] = to_the_minute(submission.offer_round.closes_at, round_.zone)
    if submission is not None:
        context |= {
            "arrived_at": exact(submission.arrived_at, round_.zone),
            "digest": submission.manifest_digest,
            "number": submission.number,
            "lots": submission.lots,
            "path": reverse("bids:receipt_of", args=[bid.pk, submission.pk]),
            "reference": reference_of(submission.manifest_digest),
        }
    for owner in owners.select_related("user"):
        mail.send(to=owner.user.email, event=event, template=template, context=context, actor=actor)


@transaction.atomic
def withdraw(*, bid: Bid, actor: User) -> None:
    """Take a submitted bid back before the deadline. Nothing of it is opened."""
    _take_back(bid, "withdraw", actor, "bid_withdrawn")


@transaction.atomic
def reopen(*, bid: Bid, actor: User) -> None:
    """Open a submitted or withdrawn bid for changes: until it is submitted again, it is no bid.

    It takes the key of the draft, in hand or not yet gone: Locked without it.
    """
    _take_back(bid, "reopen", actor, "bid_reopened")
    take_back(bid)


@transaction.atomic
def start_again(*, bid: Bid, actor: User) -> None:
    """Begin with an empty draft where the key of the bid is lost: it stops being submitted."""
    authorise(actor, "bids.withdraw", bid)
    require_open(hold(bid.round_id))
    state = Bid.objects.select_for_update(of=("self",)).get(pk=bid.pk).state
    empty(bid, actor)
    if state != BidState.DRAFT:
        _take_back(bid, "reopen", actor, "bid_reopened")


def _take_back(bid: Bid, name: str, actor: User, template: str) -> None:
    authorise(actor, "bids.withdraw", bid)
    require_open(hold(bid.round_id))
    before = Bid.objects.select_for_update(of=("self",)).get(pk=bid.pk).state
    workflow.move(bid, BID, name, actor=actor)
    if before == BidState.SUBMITTED:
        last = Submission.objects.filter(bid=bid).order_by("-number").first()
        number = last.number if last else 0
        tell_owners(bid, actor, template, f"bids.{name}:{bid.pk}:{number}", None)


def receipt(*, submission: Submission, actor: User, recovery_code: str = "") -> bytes:
    """Return the signed receipt of a submission, as often as the vendor asks for it.

    It is issued after the commit alone, since the entry it proves has its place only then. With
    the key of the bid in hand it names every file; without it it is the short form.
    """
    authorise(actor, "bids.view", submission)
    key = adapters.receipt_key()
    document = receipts.Receipt(
        manifest=named_in(submission),
        arrived_at=submission.arrived_at,
        committed_at=submission.committed_at,
        notices=selectors.notices_of(submission),
        log=ledger.proof_of(selectors.entry_of(submission)),
    )
    return receipts.issue(document, key, recovery_code=recovery_code)
