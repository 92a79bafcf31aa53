"""A later deadline: one person asks, another one confirms, and only then anything moves."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.access import authorise
from apps.core.errors import NotAllowed, WrongState
from apps.core.workflow import move, require
from apps.rfp.models import Extension, Rfp, Round
from apps.rfp.selectors.extending import confirmers_of
from apps.rfp.selectors.reading import round_of
from apps.rfp.services import rounds
from apps.rfp.services.drafting import lock, record, refuse, text_of
from apps.rfp.services.telling import panel, tell, vendors
from apps.rfp.states import EXTENSION, ExtensionState, RfpState
from apps.workspace.models import User

REASON = 500


@transaction.atomic
def ask(*, rfp: Rfp, closes_at: dt.datetime, reason: str, actor: User) -> Extension:
    """Ask for a later deadline. A second person confirms it; an earlier open request is dropped."""
    authorise(actor, "rfp.publish", rfp)
    lock(rfp)
    held = _running(rfp)
    why = text_of(reason, "reason", REASON, needed=_("Say why; every vendor will read it."))
    if closes_at.tzinfo is None:
        raise refuse("closes_at", _("Give the deadline with its time zone."))
    if closes_at <= held.closes_at or closes_at <= clock.database_now():
        raise refuse("closes_at", rounds.only_later())
    people = confirmers_of(rfp, without=actor)
    if not people:
        raise WrongState(
            _("Nobody else may confirm it. Appoint a second lead or an opener to the panel first.")
        )
    extension = note(rfp, closes_at, why, actor)
    event = f"extension:{extension.pk}"
    tell(rfp, "rfp_extension_asked", event, actor, people, extension=extension)
    return extension


def note(
    rfp: Rfp,
    closes_at: dt.datetime,
    reason: str,
    actor: User,
    *,
    outage: uuid.UUID | None = None,
    **details: str,
) -> Extension:
    """Write down what is asked for; a request that waits for somebody is dropped for it."""
    for one in Extension.objects.filter(rfp=rfp, state=ExtensionState.REQUESTED):
        give_up(one, actor)
    extension = Extension.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        closes_at=closes_at,
        reason=reason,
        outage=outage,
        requested_by=actor,
    )
    details |= {"to": closes_at.astimezone(dt.UTC).isoformat(), "reason": reason}
    record(rfp, "ask_extension", actor, **details)
    return extension


@transaction.atomic
def confirm(*, extension: Extension, actor: User) -> Round:
    """Move the deadline to later for every vendor alike, and tell everybody why."""
    authorise(actor, "rfp.confirm_extension", extension)
    return carry_out(extension, actor)


def carry_out(extension: Extension, actor: User) -> Round:
    """Do what was asked for, once a second person, who may, says so."""
    rfp = lock(extension.rfp)
    require(extension, EXTENSION, "confirm")
    held = _running(rfp)
    if extension.requested_by_id == actor.pk:
        raise NotAllowed(_("You asked for this extension yourself. A second person confirms it."))
    before = held.closes_at
    who = {"decided_by": actor, "decided_at": clock.now()}
    move(extension, EXTENSION, "confirm", actor=actor, also=who)
    rounds.extend(extension=extension)
    held.refresh_from_db()
    later, why = held.closes_at.isoformat(), extension.reason
    asked = str(extension.requested_by_id)
    details = {"from": before.isoformat(), "to": later, "reason": why, "asked_by": asked}
    record(rfp, "extend", actor, **details)
    people = panel(rfp) | vendors(rfp)
    tell(rfp, "rfp_extended", f"extended:{rfp.pk}:{later}", actor, people, before=before, why=why)
    return held


@transaction.atomic
def drop(*, extension: Extension, actor: User) -> None:
    """Take a request back, or say no to it: the deadline stays as it is."""
    authorise(actor, "rfp.confirm_extension", extension)
    lock(extension.rfp)
    give_up(extension, actor)


def give_up(extension: Extension, actor: User) -> None:
    who = {"decided_by": actor, "decided_at": clock.now()}
    move(extension, EXTENSION, "drop", actor=actor, also=who)


def _running(rfp: Rfp) -> Round:
    held = round_of(rfp)
    if rfp.state != RfpState.PUBLISHED or held is None:
        raise WrongState(_("Only a published RFP is extended. In a draft, set the deadline."))
    if held.opened_at is not None:
        raise WrongState(_("Bids have been opened; the deadline does not move any more."))
    return held
