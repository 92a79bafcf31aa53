"""From individual scores to what the panel agrees on; individual scores stay as they were."""

import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.bids.models import Bid
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, WrongState
from apps.core.workflow import move, require
from apps.matrix import selectors
from apps.matrix.models import Consensus, ScoringRound
from apps.matrix.selectors.counting import up_to
from apps.matrix.services import ranking
from apps.matrix.services.judging import Judgement, check_judgement, require_cell
from apps.matrix.states import SCORING, ScoringPhase
from apps.rfp.models import Question
from apps.workspace.models import User
from apps.workspace.states import PROCUREMENT

NAMED = 5  # missing cells named in a refusal


@transaction.atomic
def open_consensus(*, scoring_round: ScoringRound, actor: User) -> None:
    """End scoring alone; from now on the panel sees each other's scores."""
    authorise(actor, "matrix.open_consensus", scoring_round)
    _hold(scoring_round)
    require(scoring_round, SCORING, "open consensus")
    missing = selectors.unscored(selectors.board(actor, scoring_round))
    if missing:
        raise Incomplete(
            _("Scores are still missing: {first}. Ask the evaluators to finish.").format(
                first="; ".join(missing[:NAMED])
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


def _hold(scoring_round: ScoringRound) -> ScoringRound:
    """Lock the round, so that no judgement slips in while its phase is asked."""
    return ScoringRound.objects.select_for_update(no_key=True).get(pk=scoring_round.pk)


def _require_open(scoring_round: ScoringRound) -> None:
    if _hold(scoring_round).phase != ScoringPhase.CONSENSUS:
        raise WrongState(_("Scores are agreed while the consensus is open."))


@transaction.atomic
def agree(  # noqa: PLR0913 -- one judgement has these parts
    *,
    scoring_round: ScoringRound,
    bid: Bid,
    question: Question,
    value: Decimal | None,
    reason: str,
    actor: User,
    version: int | None = None,
) -> Consensus:
    """Record what the panel agreed on for one answer of one bid; a panel does not abstain.

    `version` is the one the moderator saw; the same agreement again is no change.
    """
    authorise(actor, "matrix.agree", scoring_round)
    _require_open(scoring_round)
    if value is None:
        sentence = _("Choose the score that the panel agreed on.")
        raise Incomplete(sentence, fields={"value": sentence})
    check_judgement(question, value, reason)
    require_cell(actor, scoring_round, (bid, question))
    return _record(scoring_round, bid, question, value, reason.strip(), actor, version)


def _record(  # noqa: PLR0913, PLR0917 -- as above
    scoring_round: ScoringRound,
    bid: Bid,
    question: Question,
    value: Decimal,
    reason: str,
    actor: User,
    version: int | None = None,
) -> Consensus:
    cell = Consensus.objects.filter(**up_to(scoring_round), bid=bid, question=question)
    last = cell.order_by("-version").first()
    standing = selectors.current_consensus(scoring_round).filter(bid=bid, question=question).first()
    if standing is not None and (standing.value, standing.reason) == (value, reason):
        return standing
    _require_own_reason(standing, scoring_round, reason)
    seen = standing.version if standing else 0
    conflict = Conflict(
        _("Somebody recorded this consensus just now. Reload the page."),
        current={"version": seen},
    )
    if version is not None and version != seen:
        raise conflict
    agreed = Consensus(
        organisation_id=scoring_round.organisation_id,
        scoring_round=scoring_round,
        bid=bid,
        question=question,
        moderator=actor,
        version=last.version + 1 if last else 1,
        value=value,
        reason=reason,
    )
    try:
        with transaction.atomic():
            agreed.save(force_insert=True)
    except IntegrityError:
        raise conflict from None
    audit.record(
        action="scoring.agree",
        actor=actor,
        subject=agreed,
        procurement_id=scoring_round.procurement_id,
        payload={"value": f"{value.normalize():f}", "version": agreed.version},
    )
    return agreed


def _require_own_reason(
    standing: Consensus | None, scoring_round: ScoringRound, reason: str
) -> None:
    """Refuse a changed score under the reason of the one that was locked before."""
    if standing is None or standing.scoring_round_id == scoring_round.pk:
        return
    if standing.reason == reason:
        sentence = _(
            "This score was locked before, with this reason. Say what the rubric gives instead."
        )
        raise Incomplete(sentence, fields={"reason": sentence})


@transaction.atomic
def agree_sheet(
    *,
    scoring_round: ScoringRound,
    question: Question,
    given: Iterable[Judgement],
    actor: User,
) -> dict[uuid.UUID, Incomplete | Conflict]:
    """Record the agreements on one question, each for itself; returns what was refused, by bid."""
    refused: dict[uuid.UUID, Incomplete | Conflict] = {}
    for one in given:
        try:
            agree(
                scoring_round=scoring_round,
                bid=one.bid,
                question=question,
                value=one.value,
                reason=one.reason,
                actor=actor,
                version=one.version,
            )
        except (Incomplete, Conflict) as error:
            refused[one.bid.pk] = error
    return refused


@transaction.atomic
def adopt_unanimous(*, scoring_round: ScoringRound, actor: User) -> int:
    """Record the consensus where every evaluator gave the same score; returns how many cells."""
    authorise(actor, "matrix.agree", scoring_round)
    _require_open(scoring_round)
    cells = selectors.unanimous(actor, selectors.board(actor, scoring_round))
    before = Consensus.objects.filter(**up_to(scoring_round)).values_list("bid_id", "question_id")
    last = {(bid, one): version for bid, one, version in before.annotate(last=Max("version"))}
    reason = _("Every evaluator of this section gave this score alone.")
    agreed = [
        Consensus(
            organisation_id=scoring_round.organisation_id,
            scoring_round=scoring_round,
            bid=bid,
            question=question,
            moderator=actor,
            version=last.get((bid.pk, question.pk), 0) + 1,
            value=value,
            reason=reason,
        )
        for bid, question, value in cells
    ]
    try:
        with transaction.atomic():
            Consensus.objects.bulk_create(agreed)
    except IntegrityError:
        raise Conflict(
            _("Somebody recorded a consensus just now. Reload the page."), current={"version": 0}
        ) from None
    audit.record_each(
        action="scoring.agree",
        actor=actor,
        procurement_id=scoring_round.procurement_id,
        about=[
            (one, {"value": f"{value.normalize():f}", "version": one.version})
            for one, (_bid, _question, value) in zip(agreed, cells, strict=True)
        ],
    )
    return len(cells)


@transaction.atomic
def lock(*, scoring_round: ScoringRound, actor: User) -> None:
    """Close the round for good; its ranking on quality is frozen with it, and prices may open."""
    authorise(actor, "matrix.lock_round", scoring_round)
    _hold(scoring_round)
    require(scoring_round, SCORING, "lock")
    held = selectors.board(actor, scoring_round)
    silent = selectors.unheard(held)
    if silent:
        raise Incomplete(
            _(
                "Nothing can be locked yet: {first}. Return to scoring where a score is missing."
            ).format(first="; ".join(silent[:NAMED]))
        )
    missing = selectors.unagreed(held)
    if missing:
        words = ngettext(
            "{count} score is not agreed yet: {first}.",
            "{count} scores are not agreed yet: {first}.",
            len(missing),
        )
        first = "; ".join(map(selectors.label, missing[:NAMED]))
        raise Incomplete(words.format(count=len(missing), first=first))
    move(scoring_round, SCORING, "lock", actor=actor)
    # The phase first: from it on names stand beside letters, in the record too.
    next_act = "evaluate price" if scoring_round.rfp.asks_price else "choose shortlist"
    move(scoring_round.procurement, PROCUREMENT, next_act, actor=actor)
    ranking.freeze_quality(scoring_round=scoring_round, actor=actor)
