"""Best and final offers: the lead asks, a second person confirms, and then the vendors are told."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids import selectors
from apps.bids.models import Bid, OfferRequest, OfferRound
from apps.bids.services.deadline import exact, to_the_minute
from apps.bids.states import OFFERS, OfferState
from apps.core import audit, clock, mail
from apps.core.access import authorise
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.workflow import move, require
from apps.rfp.models import Rfp
from apps.rfp.selectors.extending import confirmers_of
from apps.rfp.states import FinalOffers
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase

REASON = 500


@transaction.atomic
def request(
    *,
    rfp: Rfp,
    closes_at: dt.datetime,
    reason: str,
    left_out: Mapping[uuid.UUID, str],
    excluded: Mapping[uuid.UUID, str],
    actor: User,
) -> OfferRound:
    """Ask for final offers; nobody is told before a second person confirms.

    Every opened bid is asked but those in `left_out`, each with its reason, and those in
    `excluded`, which are not admitted. The price alone may change.
    """
    authorise(actor, "bids.request_offers", rfp)
    _require_possible(rfp)
    why = _text(reason, "reason", _("Say why; every vendor that is asked will read it."))
    _require_later(closes_at)
    people = confirmers_of(rfp, without=actor)
    if not people:
        raise WrongState(
            _("Nobody else may confirm it. Appoint a second lead or an opener to the panel first.")
        )
    bids = {bid.pk: bid for bid in selectors.priced_bids(rfp)}
    reasons = _reasons(bids, left_out, excluded)
    for one in OfferRound.objects.filter(rfp=rfp, state=OfferState.REQUESTED):
        _decide(one, "drop", actor)
    made = OfferRound.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        closes_at=closes_at,
        reason=why,
        requested_by=actor,
    )
    for bid in bids.values():
        OfferRequest.objects.create(
            organisation_id=rfp.organisation_id,
            vendor_id=bid.vendor_id,
            offer_round=made,
            bid=bid,
            left_out_because=reasons.get(bid.pk, ""),
        )
    audit.record(
        action="bids.request_offers",
        actor=actor,
        subject=made,
        procurement_id=rfp.procurement_id,
        payload={
            "closes_at": closes_at.astimezone(dt.UTC).isoformat(),
            "reason": why,
            "asked": sorted(str(pk) for pk in bids if pk not in reasons),
            "left_out": {str(pk): text for pk, text in sorted(reasons.items())},
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
    for asked in OfferRequest.objects.filter(offer_round=offer_round, left_out_because=""):
        OfferRequest.objects.filter(pk=asked.pk).update(sent_at=clock.now())
        _tell_vendor(offer_round, asked, actor)
    return offer_round


@transaction.atomic
def drop(*, offer_round: OfferRound, actor: User) -> None:
    """Take the request back, or say no to it: nobody has been told."""
    authorise(actor, "bids.confirm_offers", offer_round)
    _decide(offer_round, "drop", actor)


def require_settled(procurement: Procurement) -> None:
    """Refuse to decide on prices while final offers are asked for, or adopted prices lack them."""
    if selectors.offers_are_pending(procurement):
        raise WrongState(
            _(
                "Best and final offers have been asked for. Open them first, or drop the request:"
                " until then no price is final."
            )
        )


def require_final_prices(procurement: Procurement) -> None:
    """Refuse to go on with adopted prices that were compared before the final offers opened."""
    require_settled(procurement)
    if selectors.adopted_prices_are_behind(procurement):
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
        raise _refusal("closes_at", _("Give the closing time with its time zone."))
    if closes_at <= clock.database_now():
        raise _refusal("closes_at", _("Give a closing time in the future."))


def _reasons(
    bids: Mapping[uuid.UUID, Bid],
    left_out: Mapping[uuid.UUID, str],
    excluded: Mapping[uuid.UUID, str],
) -> dict[uuid.UUID, str]:
    """Return why each bid that is not asked is not, by bid; at least one has to be asked."""
    if unknown := set(left_out) - set(bids):
        raise _refusal("left_out", _("There is no such opened bid: {bid}.").format(bid=unknown))
    needed = _("Give the reason in a sentence; it is kept on record.")
    found = {
        pk: _text(why, f"out-{pk}", needed) for pk, why in left_out.items() if pk not in excluded
    }
    found |= {pk: why for pk, why in excluded.items() if pk in bids}
    if set(found) == set(bids):
        raise _refusal("left_out", _("Ask at least one vendor."))
    return found


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


def _tell_vendor(offer_round: OfferRound, asked: OfferRequest, actor: User) -> None:
    """Tell one vendor about its own bid, and nothing about any other: not even that there are."""
    rfp = offer_round.rfp
    invitation = rfp.invitations.filter(vendor_id=asked.vendor_id).first()
    if invitation is None:
        return
    mail.send(
        to=invitation.email,
        event=f"bids.offers:{asked.pk}",
        template="offer_requested",
        context={
            "buyer": rfp.procurement.organisation,
            "contact": invitation.contact,
            "title": rfp.procurement.title,
            "tender": rfp.procurement.reference,
            "closes_at": exact(offer_round.closes_at, rfp.round.zone),
            "why": offer_round.reason,
            "path": reverse("bids:final_offer", args=[asked.bid_id]),
        },
        actor=actor,
    )


def _text(raw: str, field: str, needed: str) -> str:
    text = raw.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise _refusal(field, needed)
    if len(text) > REASON:
        sentence = _("Shorten this to {most} characters; it has {length}.")
        raise _refusal(field, sentence.format(most=REASON, length=len(text)))
    return text


def _refusal(field: str, sentence: str) -> Incomplete:
    return Incomplete(sentence, fields={field: sentence})
