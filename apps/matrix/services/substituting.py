"""An evaluator left midway: whether what they gave counts, and who scores the rest."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.matrix import selectors
from apps.matrix.models import Assignment, ScoringRound, Substitution
from apps.matrix.selectors.counting import counted_in
from apps.matrix.selectors.leavers import Leaver, LeftSection, leavers
from apps.matrix.services.scoring import check_evaluator
from apps.matrix.states import ScoringPhase
from apps.workspace.models import User

LONGEST = 500


@transaction.atomic
def replace(
    *,
    scoring_round: ScoringRound,
    replaced: uuid.UUID,
    substitute: uuid.UUID | None,
    counts: bool,
    reason: str,
    actor: User,
) -> list[Substitution]:
    """Say of an evaluator who left whether the sections they finished count; name who scores the rest.

    A section that is not whole never counts: its substitute scores every answer of it anew. What is
    left out stays in the record, and what was agreed with it is agreed anew.
    """
    authorise(actor, "matrix.substitute", scoring_round)
    held = ScoringRound.objects.select_for_update(no_key=True).get(pk=scoring_round.pk)
    scoring_round.phase = held.phase
    if held.phase == ScoringPhase.LOCKED:
        raise WrongState(_("The scores are locked, with those of who left. Ask to re-open them."))
    gone = _leaver(scoring_round, replaced, actor)
    why = reason.strip()
    if not why or len(why) > LONGEST:
        sentence = _("Say in a sentence why; every report prints it.")
        raise Incomplete(sentence, fields={"reason": sentence})
    kept = {one.section.pk for one in gone.sections if counts and one.whole}
    anew = [one for one in gone.sections if one.section.pk not in kept]
    _check_substitute(scoring_round, gone, substitute, anew)
    before = counted_in(scoring_round)
    made = _write(scoring_round, gone, kept, substitute, why, actor)
    after = counted_in(scoring_round)
    audit.record(
        action="scoring.substitute",
        actor=actor,
        subject=made[0],
        procurement_id=scoring_round.procurement_id,
        payload={
            "person": str(replaced),
            "substitute": str(substitute) if substitute else None,
            "reason": why,
            "counts": [one.section.code for one in gone.sections if one.section.pk in kept],
            "left_out": [one.section.code for one in anew],
            "scores_left_out": before[0] - after[0],
            "agreements_left_out": before[1] - after[1],
        },
    )
    return made


def _leaver(scoring_round: ScoringRound, person: uuid.UUID, actor: User) -> Leaver:
    found = leavers(selectors.board(actor, scoring_round))
    gone = next((one for one in found if one.user.pk == person), None)
    if gone is None:
        sentence = _("Choose an evaluator of this round who left, and of whom nothing is decided.")
        raise Incomplete(sentence, fields={"replaced": sentence})
    return gone


def _check_substitute(
    scoring_round: ScoringRound,
    gone: Leaver,
    substitute: uuid.UUID | None,
    anew: Collection[LeftSection],
) -> None:
    if substitute is None:
        return
    wrong = ""
    if not anew:
        wrong = _("Every section of theirs is finished and counts. Nobody has to take one over.")
    elif substitute == gone.user.pk:
        wrong = _("Choose another person.")
    if wrong:
        raise Incomplete(wrong, fields={"substitute": wrong})
    if scoring_round.phase != ScoringPhase.INDEPENDENT:
        raise WrongState(_("A substitute scores alone. Return to scoring first."))
    check_evaluator(scoring_round.procurement, substitute)


def _write(
    scoring_round: ScoringRound,
    gone: Leaver,
    kept: Collection[uuid.UUID],
    substitute: uuid.UUID | None,
    reason: str,
    actor: User,
) -> list[Substitution]:
    made = []
    for one in gone.sections:
        counts = one.section.pk in kept
        made.append(
            Substitution.objects.create(
                organisation_id=scoring_round.organisation_id,
                scoring_round=scoring_round,
                section=one.section,
                replaced=gone.user,
                substitute_id=None if counts else substitute,
                counts=counts,
                reason=reason,
                decided_by=actor,
            )
        )
        if not counts:
            _hand_over(scoring_round, gone.user, one, substitute)
    return made


def _hand_over(
    scoring_round: ScoringRound, user: User, one: LeftSection, substitute: uuid.UUID | None
) -> None:
    """Take the section from who left, and give it to the substitute; the decision's row keeps who had it."""
    Assignment.objects.filter(
        scoring_round=scoring_round, section=one.section, evaluator=user
    ).delete()
    if substitute is not None:
        Assignment.objects.get_or_create(
            scoring_round=scoring_round,
            section=one.section,
            evaluator_id=substitute,
            defaults={"organisation_id": scoring_round.organisation_id},
        )
