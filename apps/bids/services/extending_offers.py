"""A later closing time of final offers, for an outage alone: asked by one person, confirmed by another.

Vendors have planned on the time that two persons set, so nothing else moves it (ADR 0013).
"""

import datetime as dt
import uuid

from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids.models import Bid, OfferExtension, OfferRequest, OfferRound
from apps.bids.services.deadline import exact, to_the_minute
from apps.bids.states import OfferState
from apps.core import audit, clock, mail
from apps.core.errors import WrongState
from apps.core.workflow import move
from apps.rfp.selectors.extending import confirmers_of
from apps.rfp.services.telling import panel
from apps.rfp.states import EXTENSION, ExtensionState, RfpState
from apps.workspace.models import User


def hold(offer_round: OfferRound) -> bool:
    """Lock final offers against their opening; return whether their closing time may still move."""
    locked = OfferRound.objects.select_for_update(of=("self",)).get(pk=offer_round.pk)
    offer_round.refresh_from_db(fields=["state", "opened_at", "closes_at"])
    offer_round.rfp.refresh_from_db(fields=["state"])
    running = locked.state == OfferState.RUNNING and locked.opened_at is None
    return running and offer_round.rfp.state != RfpState.CANCELLED


def note(
    offer_round: OfferRound,
    closes_at: dt.datetime,
    reason: str,
    actor: User,
    outage: uuid.UUID,
    **details: str,
) -> OfferExtension:
    """Write down what is asked for, and tell who may confirm it; one that waits is dropped for it."""
    hold(offer_round)
    waiting = OfferExtension.objects.filter(offer_round=offer_round, state=ExtensionState.REQUESTED)
    for one in waiting.select_related("offer_round__rfp"):
        give_up(one, actor)
    made = OfferExtension.objects.create(
        organisation_id=offer_round.organisation_id,
        offer_round=offer_round,
        before=offer_round.closes_at,
        closes_at=closes_at,
        reason=reason,
        outage=outage,
        requested_by=actor,
    )
    audit.record(
        action="bids.ask_offer_extension",
        actor=actor,
        subject=offer_round,
        procurement_id=offer_round.procurement_id,
        payload={"to": closes_at.astimezone(dt.UTC).isoformat(), "reason": reason, **details},
    )
    _tell_confirmers(made, actor)
    return made


def carry_out(one: OfferExtension, actor: User) -> None:
    """Move the closing time to later for every vendor that was asked, and tell them and the panel."""
    held = one.offer_round
    who = {"decided_by": actor, "decided_at": clock.now()}
    move(one, EXTENSION, "confirm", actor=actor, also=who)
    _extend(one)
    held.refresh_from_db(fields=["closes_at"])
    audit.record(
        action="bids.extend_offers",
        actor=actor,
        subject=held,
        procurement_id=held.procurement_id,
        payload={
            "from": one.before.isoformat(),
            "to": held.closes_at.isoformat(),
            "reason": one.reason,
            "asked_by": str(one.requested_by_id),
        },
    )
    _tell_panel(one, actor)
    for bid in _asked(held):
        _tell_vendor(one, bid, actor)


def give_up(one: OfferExtension, actor: User) -> None:
    who = {"decided_by": actor, "decided_at": clock.now()}
    move(one, EXTENSION, "drop", actor=actor, also=who)


def _extend(one: OfferExtension) -> None:
    """Let the database move the closing time; it reads both names and its own clock."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT cceval_extend_offers(%s)", [one.pk])
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "CC422":
            raise
        raise WrongState(
            _("The new closing time of final offers has passed. Drop this request and ask again.")
        ) from None


def _asked(offer_round: OfferRound) -> list[Bid]:
    """Return the bids whose vendors were told of the request, each once, whatever their lots."""
    sent = OfferRequest.objects.filter(offer_round=offer_round, sent_at__isnull=False)
    return list(Bid.objects.filter(pk__in=sent.values("bid")).order_by("pk"))


def _tell_confirmers(made: OfferExtension, actor: User) -> None:
    rfp = made.offer_round.rfp
    for address, name in sorted(confirmers_of(rfp, without=actor).items()):
        mail.send(
            to=address,
            event=f"bids.offers_extension:{made.pk}",
            template="offers_extension_asked",
            context={
                "name": name,
                "procurement": rfp.procurement,
                "by": actor.name,
                "before": to_the_minute(made.before, rfp.round.zone),
                "closes_at": to_the_minute(made.closes_at, rfp.round.zone),
                "why": made.reason,
                "path": reverse("bids:outage"),
            },
            actor=actor,
        )


def _tell_panel(one: OfferExtension, actor: User) -> None:
    rfp = one.offer_round.rfp
    for address, name in sorted(panel(rfp).items()):
        mail.send(
            to=address,
            event=f"bids.offers_extended:{one.pk}",
            template="offers_extended",
            context={
                "name": name,
                "title": rfp.procurement.title,
                "tender": rfp.procurement.reference,
                "before": to_the_minute(one.before, rfp.round.zone),
                "closes_at": to_the_minute(one.closes_at, rfp.round.zone),
                "why": one.reason,
                "path": reverse("matrix:offers", args=[one.procurement_id]),
            },
            actor=actor,
        )


def _tell_vendor(one: OfferExtension, bid: Bid, actor: User) -> None:
    """Tell one vendor about its own final offer; whether others were asked is in no message."""
    rfp = one.offer_round.rfp
    invitation = rfp.invitations.filter(vendor_id=bid.vendor_id).first()
    if invitation is None:
        return
    mail.send(
        to=invitation.email,
        event=f"bids.offer_extended:{bid.pk}:{one.pk}",
        template="offer_extended",
        context={
            "contact": invitation.contact,
            "title": rfp.procurement.title,
            "tender": rfp.procurement.reference,
            "before": exact(one.before, rfp.round.zone),
            "closes_at": exact(one.closes_at, rfp.round.zone),
            "why": one.reason,
            "path": reverse("bids:final_offer", args=[bid.pk]),
        },
        actor=actor,
    )
