"""After an outage of the platform every deadline it touched moves to later, by one decision.

Touched are the rounds of tenders and the final offers that vendors have been asked for.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.bids.models import OfferExtension, OfferRound
from apps.bids.selectors import outages
from apps.bids.services import extending_offers
from apps.core import clock
from apps.core.access import authorise
from apps.core.errors import NotAllowed, NotFound, WrongState
from apps.rfp.models import Extension, Round
from apps.rfp.selectors.extending import confirmers_of
from apps.rfp.services import extending
from apps.rfp.services.drafting import lock, refuse, text_of
from apps.rfp.services.telling import tell
from apps.workspace.models import Organisation, User

LONGEST = dt.timedelta(days=14)


@transaction.atomic
def ask(
    *,
    organisation: Organisation,
    begins_at: dt.datetime,
    ends_at: dt.datetime,
    by: dt.timedelta,
    reason: str,
    actor: User,
) -> uuid.UUID:
    """Ask to move every deadline in the outage to later by the same time; returns the request.

    Touched is every round of a published RFP, and every request for final offers that vendors were
    sent, whose deadline lies from `begins_at` to `ends_at`, those that have just passed included, as
    long as nothing of it was opened. Nothing moves until a second person confirms it.
    """
    authorise(actor, "rfp.extend_after_outage", organisation)
    why = text_of(
        reason, "reason", extending.REASON, needed=_("Say what was out; vendors read it.")
    )
    if not begins_at < ends_at <= clock.database_now():
        raise refuse("ends_at", _("The outage ends after its beginning, and not in the future."))
    if not dt.timedelta(0) < by <= LONGEST:
        raise refuse("hours", _("Give more than 0 hours, at most 14 days."))
    touched = outages.touched(organisation, begins_at, ends_at)
    if not touched:
        raise WrongState(_("No deadline lies in this time whose bids are still sealed."))
    if any(held.closes_at + by <= clock.database_now() for held in touched):
        raise refuse("hours", _("A deadline would still lie in the past. Give more hours."))
    outage = uuid7()
    window = {"outage_from": begins_at.isoformat(), "outage_until": ends_at.isoformat()}
    for held in touched:
        if isinstance(held, OfferRound):
            extending_offers.note(held, held.closes_at + by, why, actor, outage, **window)
        else:
            _note_round(held, by, why, actor, outage, window)
    return outage


@transaction.atomic
def confirm(*, organisation: Organisation, outage: uuid.UUID, actor: User) -> int:
    """Move all these deadlines in one transaction, and tell everybody; returns how many.

    What was opened since it was asked for is left out: a deadline whose bids are read stays.
    """
    authorise(actor, "rfp.extend_after_outage", organisation)
    asked = _asked(organisation, outage)
    if any(one.requested_by_id == actor.pk for one in asked):
        raise NotAllowed(_("You asked for this extension yourself. A second person confirms it."))
    return sum(_moved(one, actor) for one in asked)


@transaction.atomic
def drop(*, organisation: Organisation, outage: uuid.UUID, actor: User) -> None:
    """Take the request back, or say no to it: every deadline stays as it is."""
    authorise(actor, "rfp.extend_after_outage", organisation)
    for one in _asked(organisation, outage):
        _give_up(one, actor)


def _note_round(
    held: Round,
    by: dt.timedelta,
    why: str,
    actor: User,
    outage: uuid.UUID,
    window: dict[str, str],
) -> None:
    rfp = lock(held.rfp)
    one = extending.note(rfp, held.closes_at + by, why, actor, outage=outage, **window)
    people = confirmers_of(rfp, without=actor)
    tell(rfp, "rfp_extension_asked", f"extension:{one.pk}", actor, people, extension=one)


def _asked(organisation: Organisation, outage: uuid.UUID) -> Sequence[Extension | OfferExtension]:
    found = outages.requested(organisation, outage)
    if not found:
        raise NotFound(_("There is no such request, or it has been decided."))
    return found


def _moved(one: Extension | OfferExtension, actor: User) -> bool:
    """Move one deadline while its row is locked, unless something of it was opened meanwhile."""
    if isinstance(one, OfferExtension):
        sealed = extending_offers.hold(one.offer_round)
        act = extending_offers.carry_out if sealed else extending_offers.give_up
        act(one, actor)
        return sealed
    if not outages.is_sealed(lock(one.rfp)):
        extending.give_up(one, actor)
        return False
    extending.carry_out(one, actor)
    return True


def _give_up(one: Extension | OfferExtension, actor: User) -> None:
    if isinstance(one, OfferExtension):
        extending_offers.hold(one.offer_round)
        extending_offers.give_up(one, actor)
    else:
        lock(one.rfp)
        extending.give_up(one, actor)
