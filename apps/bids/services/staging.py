"""Stages: planned by the lead, scored by each evaluator alone, closed once; no points move."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids.models import Invitation, Stage, StageGuest, StageScore
from apps.bids.models.stage import LEAST, MOST
from apps.bids.states import STAGE, InvitationState, StageKind
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.core.workflow import move, require
from apps.rfp.models import Rfp
from apps.rfp.states import RfpState
from apps.workspace.models import User
from apps.workspace.states import Phase

TITLE, TEXT = 120, 2000


@transaction.atomic
def plan(  # noqa: PLR0913 -- one argument a field
    *,
    rfp: Rfp,
    kind: str,
    title: str,
    first_day: dt.date,
    last_day: dt.date,
    rubric: Mapping[str, str],
    guests: Collection[str],
    actor: User,
) -> Stage:
    """Plan a stage with its vendors; `guests` are identifiers of invitations."""
    authorise(actor, "bids.plan_stage", rfp)
    if rfp.state not in {RfpState.PUBLISHED, RfpState.CLOSED} or rfp.procurement.phase in {
        Phase.DECIDED,
        Phase.CLOSED,
    }:
        raise WrongState(_("Stages are planned between publication and decision."))
    if kind not in StageKind.values:
        raise _refusal("kind", _("Choose what kind of stage it is."))
    if first_day > last_day:
        raise _refusal("last_day", _("Give a last day that is not before the first one."))
    said = {str(at): rubric.get(str(at), "").strip() for at in range(LEAST, MOST + 1)}
    for end in (LEAST, MOST):
        if not said[str(end)]:
            raise _refusal(f"level_{end}", _("Say what this score means."))
    invited = Invitation.objects.filter(rfp=rfp, pk__in=guests)
    asked = list(invited.exclude(state=InvitationState.DECLINED))
    if not asked or len(asked) != len(set(guests)):
        raise _refusal("guests", _("Choose the vendors that take part, from those invited."))
    stage = Stage.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        kind=kind,
        title=_text(title, "title", _("Give the stage a title."), TITLE),
        first_day=first_day,
        last_day=last_day,
        rubric={at: text for at, text in said.items() if text},
    )
    for one in asked:
        StageGuest.objects.create(organisation_id=rfp.organisation_id, stage=stage, invitation=one)
    _record(stage, "plan_stage", actor, kind=kind, vendors=len(asked))
    return stage


@transaction.atomic
def score(*, guest: StageGuest, value: int, reason: str, actor: User) -> StageScore:
    """Give a vendor 0 to 5 with a reason; a later score replaces an earlier one, both are kept."""
    stage = guest.stage
    authorise(actor, "bids.score_stage", stage)
    locked = Stage.objects.select_for_update(of=("self",)).get(pk=stage.pk)
    require(locked, STAGE, "close")
    if not LEAST <= value <= MOST:
        raise _refusal("value", _("Give a score from 0 to 5."))
    why = _text(reason, "reason", _("Give the reason in a sentence."), TEXT)
    number = StageScore.objects.filter(guest=guest, given_by=actor).count() + 1
    made = StageScore.objects.create(
        organisation_id=stage.organisation_id,
        guest=guest,
        number=number,
        value=value,
        reason=why,
        given_by=actor,
    )
    _record(stage, "score_stage", actor, guest=str(guest.pk), number=number, value=value)
    return made


@transaction.atomic
def close(*, stage: Stage, actor: User) -> None:
    """Close a stage: no score changes any more, and the panel reads all of them."""
    authorise(actor, "bids.plan_stage", stage)
    move(stage, STAGE, "close", actor=actor)


def _record(stage: Stage, act: str, actor: User, **details: int | str) -> None:
    audit.record(
        action=f"bids.{act}",
        actor=actor,
        subject=stage,
        procurement_id=stage.procurement_id,
        payload=details,
    )


def _text(raw: str, field: str, needed: str, most: int) -> str:
    text = raw.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise _refusal(field, needed)
    if len(text) > most:
        sentence = _("Shorten this to {most} characters; it has {length}.")
        raise _refusal(field, sentence.format(most=most, length=len(text)))
    return text


def _refusal(field: str, sentence: str) -> Incomplete:
    return Incomplete(sentence, fields={field: sentence})
