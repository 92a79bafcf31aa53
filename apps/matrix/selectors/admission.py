"""Which opened bids are not admitted: by the locked quality scores, the knock-outs, the stages."""

import uuid

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.types.offering import Place
from apps.matrix.selectors import findings
from apps.matrix.selectors.frozen import frozen
from apps.matrix.selectors.rounds import latest_of_stage, latest_round
from apps.rfp import answers
from apps.rfp.models import Lot, Question, Rfp
from apps.rfp.selectors import lots_of
from apps.workspace.models import User

QUALITY = "quality"


def excluded_places(user: User, rfp: Rfp) -> dict[Place, str]:
    """Return the reason by bid and lot for every bid that is not admitted in it."""
    return {
        (bid, lot.code if lot else ""): why
        for lot in lots_of(rfp) or (None,)
        for bid, why in not_admitted(user, rfp, lot).items()
    }


def not_admitted(user: User, rfp: Rfp, lot: Lot | None = None) -> dict[uuid.UUID, str]:
    """Return the reason by bid, of a lot its own; empty before the quality scores are locked."""
    scoring_round = latest_round(rfp.procurement)
    ranking = latest_of_stage(scoring_round, QUALITY, lot) if scoring_round else None
    if ranking is None:
        return {}
    held = frozen(user, ranking)
    questions = Question.objects.filter(rfp=rfp).exclude(knockout={})
    published = {one.code: answers.reason_of(one) for one in questions}
    found = {
        uuid.UUID(bidder.id): [
            findings.reason_out(held, one, published) for one in bidder.row["reasons"]
        ]
        for bidder in held.out
    }
    # With the prices, knock-outs of the commercial envelope can be told too.
    for one in bids.knockouts(user, rfp, lot):
        if one["passed"] is False:
            reasons = found.setdefault(uuid.UUID(one["vendor"]), [])
            said = f"{one['code']}: {one['reason']}"
            if not any(one["code"] in reason for reason in reasons):
                reasons.append(said)
    elsewhere = _elsewhere(rfp, lot)
    for (bid, code), why in bids.stage_points(rfp).left_out.items():
        if code in elsewhere:
            continue
        said = _("Not shortlisted for {stage}: {why}").format(stage=code, why=why)
        found.setdefault(bid, []).append(said)
    return {bid: " ".join(reasons) for bid, reasons in found.items()}


def _elsewhere(rfp: Rfp, lot: Lot | None) -> frozenset[str]:
    """Return the codes of the questions of other lots: a stage of theirs says nothing here."""
    if lot is None:
        return frozenset()
    held = Question.objects.filter(rfp=rfp, section__lot__isnull=False).exclude(section__lot=lot)
    return frozenset(held.values_list("code", flat=True))
