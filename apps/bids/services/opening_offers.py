"""Opening final offers: after their closing time and the grace, all at once, or none."""

from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from apps.bids.models import Bid, OfferRequest, OfferRound, Submission
from apps.bids.selectors.counting_offers import offers_standing
from apps.bids.services.deadline import exact
from apps.bids.services.opening import NO_ROUND, TOO_EARLY, in_order, open_one
from apps.bids.states import OFFERS, OfferState
from apps.core import clock, mail
from apps.core.access import authorise
from apps.core.errors import Attempt, NotFound
from apps.core.workflow import move, require
from apps.proof.sealing import PrivateKey
from apps.rfp.models import Lot
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import User


def require_due(offer_round: OfferRound | None) -> None:
    """Refuse unless the final offers can be opened now, but for the keys."""
    if offer_round is None:
        raise NotFound(_("There are no such final offers."))
    if offer_round.state == OfferState.OPENED:
        raise Attempt(_("The final offers have been opened already."), check="state")
    require(offer_round, OFFERS, "open")
    if clock.database_now() < offer_round.closes_at + offer_round.rfp.round.grace:
        raise _too_early(offer_round)


def _too_early(offer_round: OfferRound) -> Attempt:
    round_ = offer_round.rfp.round
    opens = exact(offer_round.closes_at + round_.grace, round_.zone)
    return Attempt(
        _(
            "Too early: the final offers can be opened from {opens}. The attempt is recorded."
        ).format(opens=opens),
        check="time",
    )


@transaction.atomic
def open_offers(
    *, offer_round: OfferRound, key: PrivateKey, actor: User, how: Mapping[str, Any]
) -> int:
    """Open every final offer; returns how many there are. Who sent none keeps its first offer.

    Called by the ceremony with the key that the openers put together; `how` is the record's word.
    """
    authorise(actor, "bids.open", offer_round)
    require_due(offer_round)
    _open_round(offer_round)
    asked = _asked(offer_round)
    answered = offers_standing(offer_round)
    digests = [
        {
            **open_one(bid, EnvelopeKind.COMMERCIAL, key, actor, offer_round),
            **({"lots": answered[bid.pk].lots} if asked[bid] else {}),
        }
        for bid in sorted(asked, key=lambda one: one.letter)
        if bid.pk in answered
    ]
    move(
        offer_round,
        OFFERS,
        "open",
        actor=actor,
        payload={**how, "offers": in_order(digests), "asked": len(asked)},
    )
    for bid, lots in asked.items():
        _tell_vendor(offer_round, bid, lots, answered.get(bid.pk), actor)
    return len(digests)


def _asked(offer_round: OfferRound) -> dict[Bid, list[Lot]]:
    """Return the bids that were asked, each with the lots it was asked for, if there are any."""
    found: dict[Bid, list[Lot]] = {}
    held = OfferRequest.objects.filter(offer_round=offer_round, left_out_because="")
    for one in held.select_related("bid__round__rfp__procurement__organisation", "lot").order_by(
        "lot__position", "lot__pk", "pk"
    ):
        found.setdefault(one.bid, []).extend([one.lot] if one.lot else [])
    return found


def _open_round(offer_round: OfferRound) -> None:
    """Let the database's clock decide, and wait for submissions under way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT cceval_open_offers(%s)", [offer_round.pk])
    except DatabaseError as error:
        state = getattr(error.__cause__, "sqlstate", "")
        if state == NO_ROUND:
            raise NotFound(_("There are no such final offers.")) from None
        if state != TOO_EARLY:
            raise
        raise _too_early(offer_round) from None
    offer_round.refresh_from_db(fields=["opened_at"])


def _tell_vendor(
    offer_round: OfferRound,
    bid: Bid,
    lots: list[Lot],
    answer: Submission | None,
    actor: User,
) -> None:
    """Tell each vendor that was asked which of its own offers stands, in each lot it was asked for."""
    rfp = offer_round.rfp
    invitation = rfp.invitations.filter(vendor_id=bid.vendor_id).first()
    if invitation is None or offer_round.opened_at is None:
        return
    mail.send(
        to=invitation.email,
        event=f"bids.offers_opened:{bid.pk}",
        template="offer_opened",
        context={
            "answered": answer is not None,
            "final": [lot.code for lot in lots if answer and lot.code in answer.lots],
            "first": [lot.code for lot in lots if not answer or lot.code not in answer.lots],
            "buyer": rfp.procurement.organisation,
            "contact": invitation.contact,
            "title": rfp.procurement.title,
            "tender": rfp.procurement.reference,
            "opened_at": exact(offer_round.opened_at, rfp.round.zone),
        },
        actor=actor,
    )
