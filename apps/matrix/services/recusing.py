"""A conflict with one vendor: named by the evaluator, settled by a lead, and what it undoes."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.matrix.models import Reopening, ScoringRound
from apps.matrix.selectors.counting import counted_in, counting_scores
from apps.matrix.selectors.recusals import LATE, OPEN, vendors_of
from apps.matrix.selectors.rounds import latest_round
from apps.matrix.services import reopening
from apps.matrix.states import ScoringPhase
from apps.workspace.models import NamedConflict, Procurement, Recusal, User
from apps.workspace.rules import forget_roles

NAME, NOTE = 160, 500


@transaction.atomic
def name_conflict(*, procurement: Procurement, named: str, note: str, actor: User) -> NamedConflict:
    """Name a vendor one must not judge. Every bid is shut to the evaluator until a lead settles it."""
    authorise(actor, "matrix.name_conflict", procurement)
    _require_going(procurement)
    _check(named, note)
    made = NamedConflict.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        user=actor,
        named=named.strip(),
        note=note.strip(),
    )
    forget_roles(actor)
    # Whom it is about stays out of the record: names and letters meet at the lock.
    audit.record(
        action="panel.name_conflict",
        actor=actor,
        subject=made,
        procurement_id=procurement.pk,
    )
    return made


def _check(named: str, note: str) -> None:
    wrong: dict[str, str] = {}
    if not named.strip() or len(named.strip()) > NAME:
        wrong["named"] = _("Name the vendor, in up to {limit} characters.").format(limit=NAME)
    if not note.strip() or len(note.strip()) > NOTE:
        wrong["note"] = _("Say in a sentence what the conflict is.")
    if wrong:
        raise Incomplete(" ".join(wrong.values()), fields=wrong)


def _require_going(procurement: Procurement) -> ScoringRound | None:
    """Hold case and round, so that no score, agreement or lock comes between; refuse once decided."""
    now = Procurement.objects.select_for_update(of=("self",), no_key=True).get(pk=procurement.pk)
    found = latest_round(procurement)
    if found is not None:
        held = ScoringRound.objects.select_for_update(no_key=True).get(pk=found.pk)
        found.phase = held.phase
    if now.phase not in (LATE if _is_late(found) else OPEN):
        raise WrongState(
            _(
                "This is decided, and a conflict with one vendor no longer leaves the scores."
                " Tell the lead and the auditor."
            )
        )
    return found


def _is_late(scoring_round: ScoringRound | None) -> bool:
    return scoring_round is not None and scoring_round.phase == ScoringPhase.LOCKED


@transaction.atomic
def settle(*, conflict: NamedConflict, vendor: uuid.UUID | None, actor: User) -> Recusal:
    """Say which invited vendor was meant, or None of them. Settled once, for good.

    The evaluator's scores of that bid stay as they are and no longer count; what was agreed with
    them is agreed anew. How many of each goes on record. After the lock the frozen figures stay,
    and where they hold such a score this asks for a new round.
    """
    procurement = conflict.procurement
    authorise(actor, "matrix.settle_conflict", procurement)
    scoring_round = _require_going(procurement)
    if vendor is not None and str(vendor) not in dict(vendors_of(actor, procurement)):
        sentence = _("Choose one of the vendors that were invited, or none of them.")
        raise Incomplete(sentence, fields={"vendor": sentence})
    before = counted_in(scoring_round)
    made = _recuse(conflict, vendor, actor)
    after = counted_in(scoring_round)
    asked = _ask_anew(scoring_round, made, actor)
    forget_roles(conflict.user)
    audit.record(
        action="panel.settle_conflict",
        actor=actor,
        subject=made,
        procurement_id=procurement.pk,
        payload={
            "person": str(conflict.user_id),
            "recused": vendor is not None,
            "scores_left_out": before[0] - after[0],
            "agreements_left_out": before[1] - after[1],
            **({"asks_to_reopen": str(asked.pk)} if asked else {}),
        },
    )
    return made


def _ask_anew(scoring_round: ScoringRound | None, made: Recusal, actor: User) -> Reopening | None:
    """After the lock, ask for the scores to be agreed anew where one of theirs is in them."""
    if scoring_round is None or not _is_late(scoring_round) or made.vendor_id is None:
        return None
    scores = counting_scores(scoring_round).filter(
        evaluator=made.user_id, bid__vendor=made.vendor_id
    )
    answers = scores.values("bid", "question").distinct().count()
    if not answers:
        return None
    if waiting := reopening.waiting(scoring_round):
        return waiting
    reason = ngettext(
        "A conflict of {name} with one vendor was found after the lock. {count} answer of its bid"
        " was agreed with a score of theirs.",
        "A conflict of {name} with one vendor was found after the lock. {count} answers of its bid"
        " were agreed with scores of theirs.",
        answers,
    ).format(name=made.user.name, count=answers)
    return reopening.note(scoring_round=scoring_round, reason=reason, actor=actor, recusal=made)


def _recuse(conflict: NamedConflict, vendor: uuid.UUID | None, actor: User) -> Recusal:
    try:
        with transaction.atomic():
            return Recusal.objects.create(
                organisation_id=conflict.organisation_id,
                conflict=conflict,
                procurement=conflict.procurement,
                user=conflict.user,
                vendor_id=vendor,
                settled_by=actor,
            )
    except IntegrityError:
        raise WrongState(_("This conflict has been settled already.")) from None
