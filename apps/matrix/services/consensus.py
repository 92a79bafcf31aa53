"""From individual scores to what the panel agrees on; individual scores stay as they were."""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.bids.models import Bid
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, WrongState
from apps.core.workflow import move, require
from apps.matrix import selectors
from apps.matrix.models import Consensus, ScoringRound
from apps.matrix.services import ranking
from apps.matrix.services.scoring import check_value
from apps.matrix.states import SCORING, ScoringPhase
from apps.rfp.models import Question
from apps.rfp.states import ScoringMode
from apps.workspace.models import User
from apps.workspace.states import PROCUREMENT

NAMED = 5  # missing cells named in a refusal


@transaction.atomic
def open_consensus(*, scoring_round: ScoringRound, actor: User) -> None:
    """End scoring alone; from now on the panel sees each other's scores."""
    authorise(actor, "matrix.open_consensus", scoring_round)
    require(scoring_round, SCORING, "open consensus")
    missing = selectors.unscored(actor, scoring_round)
    if missing:
        raise Incomplete(
            _("{count} scores are still missing: {first}. Ask the evaluators to finish.").format(
                count=len(missing), first="; ".join(missing[:NAMED])
            )
        )
    move(scoring_round, SCORING, "open consensus", actor=actor)


@transaction.atomic
def return_to_scoring(*, scoring_round: ScoringRound, reason: str, actor: User) -> None:
    """Let the evaluators score alone again, with a reason for the record."""
    authorise(actor, "matrix.open_consensus", scoring_round)
    if not reason.strip():
        sentence = _("Say why the panel goes back to scoring.")
        raise Incomplete(sentence, fields={"reason": sentence})
    payload = {"reason": reason.strip()}
    move(scoring_round, SCORING, "return to scoring", actor=actor, payload=payload)


@transaction.atomic
def agree(
    *,
    scoring_round: ScoringRound,
    bid: Bid,
    question: Question,
    value: Decimal,
    reason: str,
    actor: User,
) -> Consensus:
    """Record what the panel agreed on for one answer of one bid."""
    authorise(actor, "matrix.agree", scoring_round)
    held = ScoringRound.objects.select_for_update(no_key=True).get(pk=scoring_round.pk)
    if held.phase != ScoringPhase.CONSENSUS:
        raise WrongState(_("Scores are agreed while the consensus is open."))
    check_value(question, value, reason)
    if question.mode != ScoringMode.MANUAL:
        raise WrongState(_("This question is not scored by evaluators."))
    if bid.pk not in selectors.admitted_bids(actor, scoring_round):
        raise WrongState(_("This bid is not scored: it did not pass the knock-out criteria."))
    cell = Consensus.objects.filter(scoring_round=scoring_round, bid=bid, question=question)
    last = cell.aggregate(last=Max("version"))["last"] or 0
    try:
        with transaction.atomic():
            agreed = Consensus.objects.create(
                organisation_id=scoring_round.organisation_id,
                scoring_round=scoring_round,
                bid=bid,
                question=question,
                moderator=actor,
                version=last + 1,
                value=value,
                reason=reason.strip(),
            )
    except IntegrityError:
        raise Conflict(_("Somebody recorded this consensus just now. Reload the page.")) from None
    audit.record(
        action="scoring.agree",
        actor=actor,
        subject=agreed,
        procurement_id=scoring_round.procurement_id,
        payload={"value": f"{value.normalize():f}", "version": agreed.version},
    )
    return agreed


@transaction.atomic
def adopt_unanimous(*, scoring_round: ScoringRound, actor: User) -> int:
    """Record the consensus where every evaluator gave the same score; returns how many cells."""
    authorise(actor, "matrix.agree", scoring_round)
    cells = selectors.unanimous(actor, scoring_round)
    for bid, question, value in cells:
        agree(
            scoring_round=scoring_round,
            bid=bid,
            question=question,
            value=value,
            reason=_("All evaluators gave this score independently."),
            actor=actor,
        )
    return len(cells)


@transaction.atomic
def lock(*, scoring_round: ScoringRound, actor: User) -> None:
    """Close the round for good; its ranking on quality is frozen with it, and prices may open."""
    authorise(actor, "matrix.lock_round", scoring_round)
    require(scoring_round, SCORING, "lock")
    missing = selectors.unagreed(actor, scoring_round)
    if missing:
        raise Incomplete(
            _("{count} scores are not agreed yet: {first}.").format(
                count=len(missing), first="; ".join(missing[:NAMED])
            )
        )
    move(scoring_round, SCORING, "lock", actor=actor)
    ranking.freeze_quality(scoring_round=scoring_round, actor=actor)
    move(scoring_round.procurement, PROCUREMENT, "evaluate price", actor=actor)
