"""Stages that carry a published weight: which are still to be held, and what they gave each bid."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from apps.bids.models import Bid, Stage, StageAgreement, StageGuest, StageScore
from apps.bids.states import StageState
from apps.rfp.models import Question, Rfp
from apps.rfp.selectors import counts
from apps.rfp.states import IN_STAGES


@dataclass(frozen=True)
class StagePoints:
    """Scores from 0 to 5 by bid and question code, and the bids that a stage did not invite."""

    values: dict[tuple[uuid.UUID, str], int]
    left_out: dict[tuple[uuid.UUID, str], str]  # with the reason


def stage_questions(rfp: Rfp) -> list[Question]:
    """Return the questions that count and are scored in a stage, in their order."""
    held = Question.objects.filter(
        rfp=rfp, mode__in=IN_STAGES, weight__gt=0, section__weight__gt=0
    ).select_related("section")
    return [one for one in held.order_by("section__position", "position") if counts(rfp, one)]


def stages_to_close(rfp: Rfp) -> list[str]:
    """Name the weighted stages that are not held, or not closed yet."""
    asked = stage_questions(rfp)
    closed = Stage.objects.filter(question__in=asked, state=StageState.CLOSED)
    done = set(closed.values_list("question_id", flat=True))
    return [f"{one.code} {one.topic}" for one in asked if one.pk not in done]


def agreed_values(guests: Iterable[StageGuest]) -> dict[uuid.UUID, int | None]:
    """Return the value that counts for each guest: agreed, else unanimous; None while scores differ."""
    held = list(guests)
    given: dict[uuid.UUID, dict[uuid.UUID, int]] = {one.pk: {} for one in held}
    for score in StageScore.objects.filter(guest__in=held).order_by("number"):
        given[score.guest_id][score.given_by_id] = score.value
    found: dict[uuid.UUID, int | None] = {}
    for guest, scores in given.items():
        values = set(scores.values())
        found[guest] = values.pop() if len(values) == 1 else None
    for one in StageAgreement.objects.filter(guest__in=held).order_by("number"):
        found[one.guest_id] = one.value
    return found


def stage_points(rfp: Rfp) -> StagePoints:
    """Return what the closed weighted stages say of every opened bid."""
    opened = {one.vendor_id: one.pk for one in Bid.objects.filter(round__rfp=rfp, letter__gt="")}
    values: dict[tuple[uuid.UUID, str], int] = {}
    left_out: dict[tuple[uuid.UUID, str], str] = {}
    held = Stage.objects.filter(rfp=rfp, question__isnull=False, state=StageState.CLOSED)
    for stage in held.select_related("question").prefetch_related("guests__invitation"):
        if stage.question is None:
            continue
        code = stage.question.code
        agreed = agreed_values(stage.guests.all())
        came = {}
        for guest in stage.guests.all():
            came[guest.invitation.vendor_id] = agreed[guest.pk]
        for vendor, bid in opened.items():
            value = came.get(vendor)
            if vendor not in came:
                left_out[bid, code] = stage.left_out_because
            elif value is not None:
                values[bid, code] = value
    return StagePoints(values, left_out)
