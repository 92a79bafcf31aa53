"""Best and final offers: the lead asks, a second person confirms, and then the vendors are told."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids import selectors
from apps.bids.models import Bid, OfferRequest, OfferRound
from apps.bids.services.deadline import exact, to_the_minute
from apps.bids.services.naming_offers import REASON, Named, named_in, refusal
from apps.bids.states import OFFERS, OfferState
from apps.bids.types.offering import Place
from apps.core import audit, clock, mail
from apps.core.access import authorise
from apps.core.errors import NotAllowed, WrongState
from apps.core.wording import plain_text
from apps.core.workflow import move, require
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors.extending import confirmers_of
from apps.rfp.states import FinalOffers
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase


@transaction.atomic
def request(  # noqa: PLR0913 -- a request and whom it names
    *,
    rfp: Rfp,
    closes_at: dt.datetime,
    reason: str,
    left_out: Mapping[Place, str],
    excluded: Mapping[Place, str],
    actor: User,
    lots: Collection[str] | None = None,
) -> OfferRound:
    """Ask for final offers; nobody is told before a second person confirms.

    Every opened bid is asked but those in `left_out`, each with its reason, and those in
    `excluded`, which are not admitted. The price alone may change.

    Where the tender has lots, `lots` are the codes of those that are reopened, None for all that
    can be: a bid is asked in those that it covers. In every other lot the first offers stand.
    """
    authorise(actor, "bids.request_offers", rfp)
    _require_possible(rfp)
    needed = _("Say why; every vendor that is asked will read it.")
    why = plain_text(reason, "reason", REASON, needed=needed)
    _require_later(closes_at)
    people = confirmers_of(rfp, without=actor)
    if not people:
        raise WrongState(
            _("Nobody else may confirm it. Appoint a second lead or an opener to the panel first.")
        )
    named = named_in(rfp, lots, left_out, excluded)
    for waiting in OfferRound.objects.filter(rfp=rfp, state=OfferState.REQUESTED):
        _decide(waiting, "drop", actor)
    made = OfferRound.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        closes_at=closes_at,
        reason=why,
        requested_by=actor,
    )
    for one in named:
        OfferRequest.objects.create(
            organisation_id=rfp.organisation_id,
            vendor_id=one.bid.vendor_id,
            offer_round=made,
            bid=one.bid,
            lot=one.lot,
            left_out_because=one.why,
        )
    audit.record(
        action="bids.request_offers",
        actor=actor,
        subject=made,
        procurement_id=rfp.procurement_id,
        payload={
            "closes_at": closes_at.astimezone(dt.UTC).isoformat(),
            "reason": why,
            **_said_of(named),
        },
    )
    _tell_confirmers(made, people, actor)
    return made


@transaction.atomic
def confirm(*, offer_round: OfferRound, actor: User) -> OfferRound:
    """Ask the vendors: from now on each of them may submit another price, until the closing time."""
    authorise(actor, "bids.confirm_offers", offer_round)
    require(offer_round, OFFERS, "confirm")
    if offer_round.requested_by_id == actor.pk:
        raise NotAllowed(_("You asked for the final offers yourself. A second person confirms it."))
    _require_phase(offer_round.rfp)
    if offer_round.closes_at <= clock.database_now():
        raise WrongState(_("The closing time has passed. Drop this request and ask again."))
    _decide(offer_round, "confirm", actor)
    asked = OfferRequest.objects.filter(offer_round=offer_round, left_out_because="")
    asked.update(sent_at=clock.now())
    lots: dict[Bid, list[Lot]] = {}
    for one in asked.select_related("bid", "lot").order_by("lot__position", "lot__pk", "pk"):
        lots.setdefault(one.bid, []).extend([one.lot] if one.lot else [])
    for bid, own in lots.items():
        _tell_vendor(offer_round, bid, own, actor)
    return offer_round


@transaction.atomic
def drop(*, offer_round: OfferRound, actor: User) -> None:
    """Take the request back, or say no to it: nobody has been told."""
    authorise(actor, "bids.confirm_offers", offer_round)
    _decide(offer_round, "drop", actor)


def require_settled(procurement: Procurement, lot: Lot | None = None) -> None:
    """Refuse to decide on prices while final offers are asked for; of a lot, while it is reopened."""
    if selectors.offers_are_pending(procurement, lot):
        raise WrongState(
            _(
                "Best and final offers have been asked for. Open them first, or drop the request:"
                " until then no price is final."
            )
        )


def require_final_prices(procurement: Procurement, lot: Lot | None = None) -> None:
    """Refuse to go on with adopted prices that were compared before the final offers opened."""
    require_settled(procurement, lot)
    if selectors.adopted_prices_are_behind(procurement, lot):
        raise WrongState(
            _(
                "Final offers were opened after this price comparison was adopted."
                " Adopt the comparison of the final offers first."
            )
        )


def _require_possible(rfp: Rfp) -> None:
    if rfp.final_offers != FinalOffers.ONCE:
        raise WrongState(
            _(
                "This RFP was published without best and final offers, so none can be asked for."
                " What vendors read before they bid is what holds."
            )
        )
    _require_phase(rfp)
    held = OfferRound.objects.filter(rfp=rfp).exclude(state=OfferState.DROPPED)
    if held.exclude(state=OfferState.REQUESTED).exists():
        raise WrongState(_("Best and final offers are asked for once, and they have been."))


def _require_phase(rfp: Rfp) -> None:
    held = Procurement.objects.select_for_update(of=("self",)).get(pk=rfp.procurement_id)
    if held.phase != Phase.COMMERCIAL or not selectors.priced_bids(rfp):
        raise WrongState(
            _("Best and final offers come after the prices are opened and before the decision.")
        )


def _require_later(closes_at: dt.datetime) -> None:
    if closes_at.tzinfo is None:
        raise refusal("closes_at", _("Give the closing time with its time zone."))
    if closes_at <= clock.database_now():
        raise refusal("closes_at", _("Give a closing time in the future."))


def _said_of(named: Iterable[Named]) -> dict[str, Any]:
    """Return for the log who is asked and who is not; lot by lot where there are lots."""
    lots: dict[str, list[Named]] = {}
    for one in named:
        lots.setdefault(one.code, []).append(one)
    said = {
        code: {
            "asked": sorted(str(one.bid.pk) for one in held if not one.why),
            "left_out": {str(one.bid.pk): one.why for one in held if one.why},
        }
        for code, held in lots.items()
    }
    return said.get("", {"lots": said})


def _decide(offer_round: OfferRound, name: str, actor: User) -> None:
    who = {"decided_by": actor, "decided_at": clock.now()}
    move(offer_round, OFFERS, name, actor=actor, also=who)


def _tell_confirmers(made: OfferRound, people: Mapping[str, str], actor: User) -> None:
    zone = made.rfp.round.zone
    for address, name in sorted(people.items()):
        mail.send(
            to=address,
            event=f"bids.offers_asked:{made.pk}",
            template="offers_asked",
            context={
                "name": name,
                "procurement": made.rfp.procurement,
                "closes_at": to_the_minute(made.closes_at, zone),
                "by": actor.name,
                "why": made.reason,
                "path": reverse("matrix:offers", args=[made.procurement_id]),
            },
            actor=actor,
        )


def _tell_vendor(offer_round: OfferRound, bid: Bid, lots: Iterable[Lot], actor: User) -> None:
    """Tell one vendor about its own bid, and nothing about any other: not even that there are."""
    rfp = offer_round.rfp
    invitation = rfp.invitations.filter(vendor_id=bid.vendor_id).first()
    if invitation is None:
        return
    mail.send(
        to=invitation.email,
        event=f"bids.offers:{bid.pk}",
        template="offer_requested",
        context={
            "buyer": rfp.procurement.organisation,
            "contact": invitation.contact,
            "title": rfp.procurement.title,
            "tender": rfp.procurement.reference,
            "closes_at": exact(offer_round.closes_at, rfp.round.zone),
            "why": offer_round.reason,
            "lots": [f"{lot.code} {lot.name}" for lot in lots],
            "path": reverse("bids:final_offer", args=[bid.pk]),
        },
        actor=actor,
    )
