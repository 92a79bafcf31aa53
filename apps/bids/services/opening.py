"""Opening: after the deadline and its grace, all envelopes of one kind at once, or none."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.bids import adapters
from apps.bids.models import Bid, Envelope, OfferRound
from apps.bids.services.deadline import exact
from apps.bids.services.naming import name_bidders
from apps.bids.services.packing import fits, read_manifest
from apps.bids.services.staging import require_closed
from apps.bids.states import ENVELOPE, BidState, EnvelopeState
from apps.bids.types.places import envelope_context, letter, reference_of, sealed_context
from apps.core import audit, clock, mail, workflow
from apps.core.access import authorise
from apps.core.errors import Attempt, NotFound
from apps.proof.errors import NotAuthentic, NotCanonical
from apps.proof.sealing import PrivateKey
from apps.rfp.models import Rfp
from apps.rfp.selectors import is_scored, questionnaire
from apps.rfp.states import RFP, EnvelopeKind, EnvelopeOrder, KeyKind, RfpState
from apps.workspace.models import User
from apps.workspace.states import PROCUREMENT, Phase

TOO_EARLY, NO_ROUND = "CC409", "CC404"  # what the SQL function `cceval_open` raises


@transaction.atomic
def open_envelopes(
    *, rfp: Rfp, kind: KeyKind, key: PrivateKey, actor: User, how: Mapping[str, Any]
) -> int:
    """Open every submitted bid's envelopes of one kind; returns how many bids there are.

    Called by the ceremony with the key that the openers put together; `how` is the record's word of
    it. Quality comes first and gives the letters; price waits for the locked scores, unless the RFP
    says that everything is opened together. One envelope that does not verify stops the opening.
    """
    authorise(actor, "bids.open", rfp)
    require_due(rfp, kind)
    if kind == KeyKind.COMMERCIAL:
        return _open_prices(rfp, key, actor, how)
    _open_round(rfp)
    bids = _submitted(rfp)
    _give_letters(bids)
    digests = [open_one(bid, EnvelopeKind.TECHNICAL, key, actor) for bid in bids]
    if rfp.envelope_order == EnvelopeOrder.TOGETHER:
        for bid in bids:
            open_one(bid, EnvelopeKind.COMMERCIAL, key, actor)
    _move_on(rfp, actor, digests, how)
    name_bidders(rfp=rfp, bids=bids, actor=actor)
    for bid in bids:
        _tell_vendor(bid, actor)
    return len(bids)


def require_due(rfp: Rfp, kind: KeyKind) -> None:
    """Refuse unless the envelopes of this kind can be opened now, but for the keys."""
    if rfp.state not in {RfpState.PUBLISHED, RfpState.CLOSED}:
        raise Attempt(_("Only the bids of a published RFP are opened."), check="state")
    if kind == KeyKind.COMMERCIAL:
        _require_prices_due(rfp)
        return
    if rfp.round.opened_at is not None:
        raise Attempt(_("The quality envelopes have been opened already."), check="state")
    if clock.database_now() < rfp.round.closes_at + rfp.round.grace:
        raise _too_early(rfp)


def _too_early(rfp: Rfp) -> Attempt:
    opens = exact(rfp.round.closes_at + rfp.round.grace, rfp.round.zone)
    return Attempt(
        _("Too early: these bids can be opened from {opens}. The attempt is recorded.").format(
            opens=opens
        ),
        check="time",
    )


def _require_prices_due(rfp: Rfp) -> None:
    if not rfp.asks_price:
        raise Attempt(
            _("A request for information asks for no price. There is none to open."), check="state"
        )
    if rfp.round.opened_at is None:
        raise Attempt(_("Open the quality envelopes first."), check="order")
    if rfp.procurement.phase != Phase.COMMERCIAL:
        raise Attempt(_("Prices are opened after the quality scores are locked."), check="order")
    require_closed(rfp)  # quality is whole before anybody sees a price
    if _prices(rfp, state=EnvelopeState.OPENED).exists():
        raise Attempt(_("The price envelopes have been opened already."), check="state")


def _prices(rfp: Rfp, **wanted: str) -> QuerySet[Envelope]:
    return Envelope.objects.filter(
        bid__round=rfp.round,
        bid__state=BidState.SUBMITTED,
        kind=EnvelopeKind.COMMERCIAL,
        offer_round=None,
        **wanted,
    )


def _open_round(rfp: Rfp) -> None:
    """Lock the round, let the database's clock decide, and wait for submissions under way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT cceval_open(%s)", [rfp.round.pk])
    except DatabaseError as error:
        state = getattr(error.__cause__, "sqlstate", "")
        if state == NO_ROUND:
            raise NotFound(_("There is no such round.")) from None
        if state != TOO_EARLY:
            raise
        raise _too_early(rfp) from None
    rfp.round.refresh_from_db(fields=["opened_at"])


def _submitted(rfp: Rfp) -> list[Bid]:
    held = Bid.objects.filter(round=rfp.round, state=BidState.SUBMITTED)
    return list(held.select_related("vendor").order_by("pk"))


def _give_letters(bids: list[Bid]) -> None:
    """Letters in random order: neither the time nor the name can be told from them."""
    shuffled = list(bids)
    secrets.SystemRandom().shuffle(shuffled)
    for place, bid in enumerate(shuffled):
        bid.letter = letter(place)
        bid.save(update_fields=["letter"])


def open_one(
    bid: Bid,
    kind: EnvelopeKind,
    key: PrivateKey,
    actor: User,
    offer_round: OfferRound | None = None,
) -> dict[str, str]:
    """Unseal the envelope of the last submission, check it against its manifest, keep it.

    With `offer_round` it is the last final offer of that round.
    """
    envelope = (
        Envelope.objects.filter(bid=bid, kind=kind, offer_round=offer_round)
        .select_related("submission__bid__round__rfp")
        .order_by("-submission__number")[0]
    )
    submission = envelope.submission
    context = envelope_context(submission, kind)
    package = _checked(envelope, kind, key)
    workflow.move(
        envelope,
        ENVELOPE,
        "open",
        actor=actor,
        payload={"manifest_digest": submission.manifest_digest, "kind": kind.value},
        also={
            "opened": adapters.keep_opened(package, round_id=bid.round_id, context=context),
            "opened_at": clock.database_now(),
            "opened_by": actor,
        },
    )
    return {
        "arrived_at": submission.arrived_at.isoformat(timespec="milliseconds"),
        "manifest_digest": submission.manifest_digest,
        "submission": str(submission.pk),
    }


def _checked(envelope: Envelope, kind: EnvelopeKind, key: PrivateKey) -> dict[str, Any]:
    submission = envelope.submission
    reference = reference_of(submission.manifest_digest)
    try:
        sealed = adapters.unseal(
            envelope.ciphertext, key=key, context=sealed_context(submission, kind)
        )
    except (NotAuthentic, NotCanonical) as error:
        raise _refused(reference, str(error)) from None
    manifest = read_manifest(sealed["manifest"])
    if manifest.digest != submission.manifest_digest:
        raise _refused(reference, _("its manifest is not the one that was received"))
    if not fits(manifest, kind, sealed["package"]):
        raise _refused(reference, _("its content is not the one that its manifest names"))
    package: dict[str, Any] = sealed["package"]
    return package


def _refused(reference: str, why: str) -> Attempt:
    return Attempt(
        _(
            "Nothing was opened. The envelope {reference} does not verify: {why} Tell the administrator and the auditor."
        ).format(reference=reference, why=why.rstrip(".") + "."),
        check="envelope",
    )


def _move_on(rfp: Rfp, actor: User, digests: list[dict[str, str]], how: Mapping[str, Any]) -> None:
    """Close the RFP and let the evaluation begin; without bids there is nothing to evaluate."""
    if rfp.state == RfpState.PUBLISHED:
        workflow.move(rfp, RFP, "close", actor=actor)
    if digests:
        workflow.move(rfp.procurement, PROCUREMENT, "evaluate quality", actor=actor)
    if digests and not rfp.asks_price and not is_scored(rfp, questionnaire(rfp)):
        # Only read: there are no scores to wait for.
        workflow.move(rfp.procurement, PROCUREMENT, "choose shortlist", actor=actor)
    audit.record(
        action="bids.opened",
        actor=actor,
        subject=rfp,
        procurement_id=rfp.procurement_id,
        payload={**how, "bids": in_order(digests), "kind": "technical"},
    )


def _open_prices(rfp: Rfp, key: PrivateKey, actor: User, how: Mapping[str, Any]) -> int:
    bids = list(
        Bid.objects.filter(
            round=rfp.round,
            state=BidState.SUBMITTED,
            envelopes__kind=EnvelopeKind.TECHNICAL,
            envelopes__state=EnvelopeState.OPENED,
        ).order_by("letter")
    )
    digests = [open_one(bid, EnvelopeKind.COMMERCIAL, key, actor) for bid in bids]
    audit.record(
        action="bids.opened",
        actor=actor,
        subject=rfp,
        procurement_id=rfp.procurement_id,
        payload={**how, "bids": in_order(digests), "kind": "commercial"},
    )
    return len(bids)


def in_order(digests: list[dict[str, str]]) -> list[dict[str, str]]:
    """By arrival, so that the record tells nothing about letters."""
    return sorted(digests, key=lambda one: (one["arrived_at"], one["submission"]))


def _tell_vendor(bid: Bid, actor: User) -> None:
    """Tell each vendor that its own bid was opened, and nothing about any other."""
    rfp = bid.round.rfp
    invitation = rfp.invitations.filter(vendor_id=bid.vendor_id).first()
    if invitation is None or rfp.round.opened_at is None:
        return
    mail.send(
        to=invitation.email,
        event=f"bids.opened:{bid.pk}",
        template="bid_opened",
        context={
            "buyer": rfp.procurement.organisation,
            "contact": invitation.contact,
            "title": rfp.procurement.title,
            "tender": rfp.procurement.reference,
            "opened_at": exact(rfp.round.opened_at, rfp.round.zone),
        },
        actor=actor,
    )
