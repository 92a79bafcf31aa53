"""Freezing a ranking: the engine's record, byte for byte, with its digest in the log."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.services import offering, staging
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.engine import cases
from apps.engine.errors import InvalidInput
from apps.matrix import selectors
from apps.matrix.models import Ranking, ScoringRound
from apps.matrix.selectors.case import held_scores
from apps.matrix.states import ScoringPhase
from apps.rfp.models import Lot
from apps.rfp.selectors import is_decided, lots_of, require_lot
from apps.workspace.models import User
from apps.workspace.states import Phase

QUALITY, FULL = "quality", "full"


@transaction.atomic
def freeze_quality(*, scoring_round: ScoringRound, actor: User) -> list[Ranking]:
    """Freeze the ranking on quality alone, with the lock that the moderator was allowed.

    Of a tender with lots one for each that a bid covers.
    """
    authorise(actor, "matrix.lock_round", scoring_round)
    lots = lots_of(scoring_round.rfp)
    if not lots:
        return [_freeze(scoring_round, QUALITY, actor)]
    covered = frozenset().union(*bids.covering(scoring_round.rfp).values())
    return [_freeze(scoring_round, QUALITY, actor, lot=lot) for lot in lots if lot.code in covered]


@transaction.atomic
def freeze(
    *, scoring_round: ScoringRound, actor: User, reason: str = "", lot: Lot | None = None
) -> Ranking:
    """Freeze the ranking on quality and price, once prices are compared and adopted.

    A tender with lots has a ranking of each, by the prices of that lot alone. A second one, under a comparison adopted later, supersedes the first; both stay.
    """
    authorise(actor, "matrix.freeze", scoring_round)
    require_lot(scoring_round.procurement, lot)
    held = ScoringRound.objects.select_for_update(no_key=True).get(pk=scoring_round.pk)
    if held.phase != ScoringPhase.LOCKED:
        raise WrongState(_("Lock the quality scores first."))
    if scoring_round.procurement.phase != Phase.COMMERCIAL or is_decided(lot):
        raise WrongState(_("This procurement is decided. Its ranking stays as it was frozen."))
    if not bids.evaluated_prices(actor, scoring_round.rfp, lot):
        raise WrongState(_("Adopt a price comparison first: the ranking needs its prices."))
    staging.require_closed(scoring_round.rfp)
    offering.require_final_prices(scoring_round.procurement, lot)
    return _freeze(scoring_round, FULL, actor, reason, lot)


def _require_reason(before: Ranking | None, reason: str) -> None:
    if before is not None and not reason.strip():
        sentence = _("Say why the frozen ranking is replaced.")
        raise Incomplete(sentence, fields={"reason": sentence})


def _freeze(
    scoring_round: ScoringRound, stage: str, actor: User, reason: str = "", lot: Lot | None = None
) -> Ranking:
    # Read anew: who may see which name depends on the phase that this transaction changed.
    fresh = selectors.scoring_round_for(actor, procurement_id=scoring_round.procurement_id)
    if fresh.phase != ScoringPhase.LOCKED:
        raise WrongState(_("The scores were re-opened. Lock them first."))
    case = selectors.ranking_case(actor, fresh, with_price=stage == FULL, lot=lot)
    try:
        record = cases.run("rank", case)
    except InvalidInput as error:
        raise Incomplete(
            _("The published rule gives no ranking here. {sentence}").format(sentence=error)
        ) from error
    before = selectors.latest_of_stage(fresh, stage, lot)
    if before is not None and before.digest == record.digest:
        return before  # pressed twice: the same inputs, the same record
    _require_reason(before, reason)
    held = held_scores(actor, fresh, lot)
    replaced = before or selectors.latest_before(fresh, stage, lot)
    frozen = Ranking.objects.create(
        organisation_id=fresh.organisation_id,
        procurement=fresh.procurement,
        scoring_round=fresh,
        lot=lot,
        stage=stage,
        number=replaced.number + 1 if replaced else 1,
        record=record.to_bytes().decode(),
        held=held,
        digest=record.digest,
        engine_version=record.engine_version,
        frozen_by=actor,
        supersedes=replaced,
        reason=reason.strip() or fresh.reason,
    )
    audit.record(
        action="ranking.freeze",
        actor=actor,
        subject=frozen,
        procurement_id=fresh.procurement_id,
        payload={
            "digest": frozen.digest,
            "stage": stage,
            "number": frozen.number,
            **({"supersedes": replaced.digest} if replaced else {}),
            **({"lot": lot.code} if lot else {}),
            **({"held": held} if held else {}),
        },
    )
    return frozen
