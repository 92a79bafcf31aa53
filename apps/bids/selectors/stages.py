"""Stages as the panel sees them: one's own scores while a stage is open, everybody's afterwards."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.bids.models import Stage, StageGuest, StageScore
from apps.bids.selectors.invitations import invitations_of
from apps.bids.selectors.stage_points import agreed_values, stage_questions
from apps.bids.states import InvitationState, StageState
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Rfp
from apps.rfp.selectors import rfp_for
from apps.rfp.states import RfpState
from apps.rfp.types import Desk
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase


@dataclass(frozen=True)
class Given:
    """One evaluator's score, the latest that counts."""

    value: int
    reason: str
    by: str


@dataclass(frozen=True)
class Seat:
    """A vendor in a stage; `mean` is of the evaluators' latest scores, to one decimal."""

    guest: StageGuest
    name: str
    given: tuple[Given, ...]
    own: Given | None
    mean: Decimal | None
    agreed: int | None = None  # of a weighted stage: what counts in the ranking
    differs: bool = False  # its scores differ and nothing is agreed yet


@dataclass(frozen=True)
class StageShown:
    stage: Stage
    seats: tuple[Seat, ...]
    closed: bool

    @property
    def counts(self) -> bool:
        """Whether it was published with a weight, so that its scores earn points."""
        return self.stage.question_id is not None


@dataclass(frozen=True)
class StagesPage:
    stages: tuple[StageShown, ...]
    may_plan: bool
    vendors: tuple[tuple[str, str], ...]
    counted: tuple[tuple[str, str], ...] = ()  # published with a weight, not planned yet
    may_count: bool = False  # whether the moment for those has come


def stages_page(user: User, desk: Desk) -> StagesPage:
    """Return every stage with its vendors: four queries, however many there are."""
    rfp = desk.rfp
    if rfp is None:
        return StagesPage((), may_plan=False, vendors=())
    held = Stage.objects.filter(rfp=rfp).select_related("question")
    stages = list(held.order_by("first_day", "pk"))
    running = rfp.state in {RfpState.PUBLISHED, RfpState.CLOSED}
    undecided = desk.procurement.phase not in {Phase.DECIDED, Phase.CLOSED}
    may = running and undecided and can(user, "bids.plan_stage", desk)
    return StagesPage(
        stages=tuple(_shown(user, rfp, stages)),
        may_plan=may,
        vendors=vendors_of(user, rfp) if may else (),
        counted=counted_of(rfp),
        may_count=may and desk.procurement.phase == Phase.COMMERCIAL,
    )


def closed_stages(user: User, procurement: Procurement) -> tuple[StageShown, ...]:
    """Return the stages whose scores stand, to read beside a ranking that they do not move."""
    if not can(user, "bids.view_stages", procurement):
        return ()
    rfp = rfp_for(user, procurement_id=procurement.pk)
    held = Stage.objects.filter(rfp=rfp, state=StageState.CLOSED).select_related("question")
    return tuple(_shown(user, rfp, list(held.order_by("first_day", "pk"))))


def counted_of(rfp: Rfp) -> tuple[tuple[str, str], ...]:
    """Return the published stages that are not planned yet, by their question's code."""
    asked = stage_questions(rfp)
    planned = Stage.objects.filter(question__in=asked).values_list("question_id", flat=True)
    done = set(planned) if asked else set()
    return tuple(
        (one.code, f"{one.code} {one.topic}")
        for one in asked
        if rfp.state != RfpState.DRAFT and one.pk not in done
    )


def vendors_of(user: User, rfp: Rfp) -> tuple[tuple[str, str], ...]:
    """Return the vendors that may take part, by the identifier of their invitation."""
    invited = invitations_of(user, rfp).exclude(state=InvitationState.DECLINED)
    return tuple((str(one.pk), one.vendor.name) for one in invited)


def stage_for(user: User, *, procurement_id: uuid.UUID, stage_id: uuid.UUID) -> Stage:
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = Stage.objects.filter(rfp=rfp, pk=stage_id).first()
    if found is None:
        raise NotFound(_("There is no such stage in this procurement."))
    found.rfp = rfp
    return found


def guest_of(stage: Stage, guest_id: str) -> StageGuest:
    """Return a vendor of a stage by its identifier as it was sent."""
    try:
        found = StageGuest.objects.filter(stage=stage, pk=uuid.UUID(guest_id)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound(_("This vendor does not take part in the stage."))
    found.stage = stage
    return found


def one_stage(user: User, stage: Stage) -> StageShown:
    return next(iter(_shown(user, stage.rfp, [stage])))


def _shown(user: User, rfp: Rfp, stages: list[Stage]) -> Iterable[StageShown]:
    guests = StageGuest.objects.filter(stage__in=stages).select_related("invitation__vendor")
    scores = StageScore.objects.filter(guest__stage__in=stages).select_related("given_by")
    latest: dict[uuid.UUID, dict[uuid.UUID, StageScore]] = {}
    for score in scores.order_by("number"):
        latest.setdefault(score.guest_id, {})[score.given_by_id] = score
    seats: dict[uuid.UUID, list[Seat]] = {}
    counted = {one.pk for one in stages if one.question_id}
    present = list(guests.order_by("invitation__vendor__name", "pk"))
    agreed = agreed_values([one for one in present if one.stage_id in counted])
    told = can(user, "bids.agree_stage", rfp)
    closed = {one.pk: one.state == StageState.CLOSED for one in stages}
    for guest in present:
        held = latest.get(guest.pk, {})
        # Who agrees reads what differs; nobody else before the stage is closed.
        shown = closed[guest.stage_id] or (told and guest.stage_id in counted)
        seat = _seat(user, guest, held, closed=shown)
        if guest.stage_id in counted and shown:
            value = agreed.get(guest.pk)
            seat = replace(seat, agreed=value, differs=bool(held) and value is None)
        seats.setdefault(guest.stage_id, []).append(seat)
    for stage in stages:
        stage.rfp = rfp
        yield StageShown(stage, tuple(seats.get(stage.pk, ())), closed[stage.pk])


def _seat(
    user: User, guest: StageGuest, held: Mapping[uuid.UUID, StageScore], *, closed: bool
) -> Seat:
    """While the stage is open a person sees their own score and no other."""
    own = held.get(user.pk)
    every = sorted(held.values(), key=lambda one: one.given_by.name) if closed else []
    total = sum(one.value for one in every)
    return Seat(
        guest=guest,
        name=guest.invitation.vendor.name,
        given=tuple(_given(one) for one in every),
        own=_given(own) if own else None,
        mean=round(Decimal(total) / len(every), 1) if every else None,
    )


def _given(one: StageScore) -> Given:
    return Given(one.value, one.reason, one.given_by.name)
