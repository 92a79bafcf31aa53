"""Stages: planned by the lead, scored by each evaluator alone, agreed where scores differ, closed once.

One that was published with a weight counts in the ranking; any other is recorded beside it.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from types import MappingProxyType

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids import selectors
from apps.bids.models import Bid, Invitation, Stage, StageAgreement, StageGuest, StageScore
from apps.bids.models.stage import LEAST, MOST
from apps.bids.states import STAGE, InvitationState, StageKind
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.core.wording import plain_text
from apps.core.workflow import move, require
from apps.rfp.models import Question, Rfp
from apps.rfp.states import RfpState, ScoringMode
from apps.workspace.models import User
from apps.workspace.states import Phase

TITLE, TEXT = 120, 2000
KINDS: Mapping[str, str] = MappingProxyType(
    {
        ScoringMode.DEMONSTRATION: StageKind.DEMONSTRATION,
        ScoringMode.VISIT: StageKind.VISIT,
        ScoringMode.REFERENCES: StageKind.REFERENCES,
    }
)


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
    question: str = "",
    left_out_because: str = "",
) -> Stage:
    """Plan a stage with its vendors; `guests` are identifiers of invitations.

    `question` is the code of what was published to be scored in a stage: kind and rubric are then
    the published ones, and opened bids that are not invited need a reason, for they get no rank.
    """
    authorise(actor, "bids.plan_stage", rfp)
    if rfp.state not in {RfpState.PUBLISHED, RfpState.CLOSED} or rfp.procurement.phase in {
        Phase.DECIDED,
        Phase.CLOSED,
    }:
        raise WrongState(_("Stages are planned between publication and decision."))
    counted = _counted(rfp, question) if question else None
    if counted is not None:
        kind, rubric = KINDS[counted.mode], counted.rubric
    if kind not in StageKind.values:
        raise _refusal("kind", _("Choose what kind of stage it is."))
    if first_day > last_day:
        raise _refusal("last_day", _("Give a last day that is not before the first one."))
    said = _levels(rubric)
    asked = _invited(rfp, guests)
    why = _left_out(rfp, asked, left_out_because) if counted else ""
    stage = Stage.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        kind=kind,
        title=plain_text(title, "title", TITLE, needed=_("Give the stage a title.")),
        first_day=first_day,
        last_day=last_day,
        rubric={at: text for at, text in said.items() if text},
        question=counted,
        left_out_because=why,
    )
    for one in asked:
        StageGuest.objects.create(organisation_id=rfp.organisation_id, stage=stage, invitation=one)
    details = {"question": counted.code, "left_out_because": why} if counted else {}
    _record(stage, "plan_stage", actor, kind=kind, vendors=len(asked), **details)
    return stage


def _levels(rubric: Mapping[str, str]) -> dict[str, str]:
    said = {str(at): rubric.get(str(at), "").strip() for at in range(LEAST, MOST + 1)}
    for end in (LEAST, MOST):
        if not said[str(end)]:
            raise _refusal(f"level_{end}", _("Say what this score means."))
    return said


def _invited(rfp: Rfp, guests: Collection[str]) -> list[Invitation]:
    invited = Invitation.objects.filter(rfp=rfp, pk__in=guests)
    asked = list(invited.exclude(state=InvitationState.DECLINED))
    if not asked or len(asked) != len(set(guests)):
        raise _refusal("guests", _("Choose the vendors that take part, from those invited."))
    return asked


def _counted(rfp: Rfp, code: str) -> Question:
    """Return the published question that a stage is held for; each is held once."""
    found = next((one for one in selectors.stage_questions(rfp) if one.code == code), None)
    if found is None:
        raise _refusal("question", _("Choose a stage that was published with a weight."))
    if Stage.objects.filter(question=found).exists():
        raise _refusal("question", _("This stage is planned already."))
    if rfp.procurement.phase != Phase.COMMERCIAL:
        raise WrongState(
            _(
                "A stage with a published weight is held after the written scores are locked:"
                " before, its evaluators would learn the names behind the letters."
            )
        )
    return found


def _left_out(rfp: Rfp, asked: Collection[Invitation], reason: str) -> str:
    """Read why opened bids are not invited; without such a bid no reason is kept."""
    came = {one.vendor_id for one in asked}
    opened = set(
        Bid.objects.filter(round__rfp=rfp, letter__gt="").values_list("vendor_id", flat=True)
    )
    if came - opened:
        raise _refusal("guests", _("Choose vendors whose bid was opened."))
    if not opened - came:
        return ""
    needed = _("Say why the other bids are not invited: they get no rank.")
    return plain_text(reason, "left_out_because", TEXT, needed=needed)


@transaction.atomic
def score(*, guest: StageGuest, value: int, reason: str, actor: User) -> StageScore:
    """Give a vendor 0 to 5 with a reason; a later score replaces an earlier one, both are kept."""
    stage = guest.stage
    authorise(actor, "bids.score_stage", stage)
    locked = Stage.objects.select_for_update(of=("self",)).get(pk=stage.pk)
    require(locked, STAGE, "close")
    if not LEAST <= value <= MOST:
        raise _refusal("value", _("Give a score from 0 to 5."))
    why = plain_text(reason, "reason", TEXT, needed=_("Give the reason in a sentence."))
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
def agree(*, guest: StageGuest, value: int, reason: str, actor: User) -> StageAgreement:
    """Record what the panel agreed on for a vendor, with the reason, where its scores differ."""
    stage = guest.stage
    authorise(actor, "bids.agree_stage", stage)
    locked = Stage.objects.select_for_update(of=("self",)).get(pk=stage.pk)
    require(locked, STAGE, "close")
    if stage.question_id is None:
        raise WrongState(_("Only a stage with a published weight needs an agreed value."))
    given = StageScore.objects.filter(guest=guest)
    if not given.exists():
        raise WrongState(_("Nobody has scored this vendor yet."))
    if not LEAST <= value <= MOST:
        raise _refusal("value", _("Give a score from 0 to 5."))
    why = plain_text(reason, "reason", TEXT, needed=_("Give the reason in a sentence."))
    number = StageAgreement.objects.filter(guest=guest).count() + 1
    made = StageAgreement.objects.create(
        organisation_id=stage.organisation_id,
        guest=guest,
        number=number,
        value=value,
        reason=why,
        agreed_by=actor,
    )
    _record(stage, "agree_stage", actor, guest=str(guest.pk), number=number, value=value)
    return made


@transaction.atomic
def close(*, stage: Stage, actor: User) -> None:
    """Close a stage: no score changes any more, and the panel reads all of them.

    A weighted one needs a value for every vendor in it: unanimous, or agreed.
    """
    authorise(actor, "bids.plan_stage", stage)
    Stage.objects.select_for_update(of=("self",)).get(pk=stage.pk)
    require(stage, STAGE, "close")
    if stage.question_id is not None:
        guests = list(stage.guests.select_related("invitation__vendor"))
        agreed = selectors.agreed_values(guests)
        open_ = [one.invitation.vendor.name for one in guests if agreed[one.pk] is None]
        if open_:
            raise WrongState(
                _("Not closed: score and agree on {names} first.").format(names=", ".join(open_))
            )
    move(stage, STAGE, "close", actor=actor)


def require_closed(rfp: Rfp) -> None:
    """Refuse to go on while a stage with a published weight is not closed; names them."""
    waiting = selectors.stages_to_close(rfp)
    if waiting:
        raise WrongState(
            _("Hold and close this first, it carries a published weight: {names}.").format(
                names=", ".join(waiting)
            )
        )


def _record(stage: Stage, act: str, actor: User, **details: int | str) -> None:
    audit.record(
        action=f"bids.{act}",
        actor=actor,
        subject=stage,
        procurement_id=stage.procurement_id,
        payload=details,
    )


def _refusal(field: str, sentence: str) -> Incomplete:
    return Incomplete(sentence, fields={field: sentence})
