"""Freezing a ranking: the engine's record, byte for byte, with its digest in the log."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import WrongState
from apps.engine import cases
from apps.matrix import selectors
from apps.matrix.models import Ranking, ScoringRound
from apps.matrix.selectors import case as ranking_case
from apps.matrix.states import ScoringPhase
from apps.workspace.models import User

QUALITY, FULL = "quality", "full"


@transaction.atomic
def freeze_quality(*, scoring_round: ScoringRound, actor: User) -> Ranking:
    """Freeze the ranking on quality alone, with the lock that the moderator was allowed."""
    authorise(actor, "matrix.lock_round", scoring_round)
    return _freeze(scoring_round, QUALITY, actor)


@transaction.atomic
def freeze(*, scoring_round: ScoringRound, actor: User, reason: str = "") -> Ranking:
    """Freeze the ranking on quality and price, once prices are compared and adopted."""
    authorise(actor, "matrix.freeze", scoring_round)
    if scoring_round.phase != ScoringPhase.LOCKED:
        raise WrongState(_("Lock the quality scores first."))
    if not bids.evaluated_prices(actor, scoring_round.rfp):
        raise WrongState(_("Adopt a price comparison first: the ranking needs its prices."))
    return _freeze(scoring_round, FULL, actor, reason)


def _freeze(scoring_round: ScoringRound, stage: str, actor: User, reason: str = "") -> Ranking:
    built = ranking_case.build(actor, scoring_round, with_price=stage == FULL)
    record = cases.run("rank", built)
    before = selectors.latest_of_stage(scoring_round, stage)
    if before is not None and before.digest == record.digest:
        return before  # pressed twice: the same inputs, the same record
    frozen = Ranking.objects.create(
        organisation_id=scoring_round.organisation_id,
        procurement=scoring_round.procurement,
        scoring_round=scoring_round,
        stage=stage,
        number=before.number + 1 if before else 1,
        record=record.to_bytes().decode(),
        digest=record.digest,
        engine_version=record.engine_version,
        frozen_by=actor,
        supersedes=before,
        reason=reason.strip(),
    )
    audit.record(
        action="ranking.freeze",
        actor=actor,
        subject=frozen,
        procurement_id=scoring_round.procurement_id,
        payload={"digest": frozen.digest, "stage": stage},
    )
    return frozen
