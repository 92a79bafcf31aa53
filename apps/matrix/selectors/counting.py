"""What of a round counts: its own rows and those it goes on from, without what was left out.

A round that supersedes another goes on from its scores and agreements; a locked one is read as it was
locked, whatever is found out later.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from apps.bids.models import Bid
from apps.matrix.models import Consensus, Ranking, Score, ScoringRound, Substitution
from apps.matrix.states import ScoringPhase
from apps.workspace.models import Recusal


@dataclass(frozen=True)
class Recused:
    """An evaluator, the bid that does not exist for them any more, and since when."""

    evaluator: uuid.UUID
    bid: uuid.UUID
    since: dt.datetime


def up_to(scoring_round: ScoringRound) -> dict[str, Any]:
    """Return the filter for rows of a round and of those it goes on from."""
    if scoring_round.supersedes_id is None:
        return {"scoring_round": scoring_round}
    return {
        "scoring_round__rfp": scoring_round.rfp_id,
        "scoring_round__number__lte": scoring_round.number,
    }


def _locked_at(scoring_round: ScoringRound) -> dt.datetime | None:
    """Return when a round was locked: its first ranking was frozen in the same transaction."""
    if scoring_round.phase != ScoringPhase.LOCKED:
        return None
    held = Ranking.objects.filter(scoring_round=scoring_round)
    found: dt.datetime | None = held.aggregate(first=Min("created_at"))["first"]
    return found


def recused_in(scoring_round: ScoringRound) -> tuple[Recused, ...]:
    """Return who is recused from which bid of a round: one query where nobody is.

    Of a locked round those of its time: one found out later asks for a new round.
    """
    held = Recusal.objects.filter(
        procurement=scoring_round.procurement_id, vendor__isnull=False
    ).values_list("user_id", "vendor_id", "created_at")
    rows = list(held.order_by("created_at", "pk"))
    if not rows:
        return ()
    end = _locked_at(scoring_round)
    vendors = {vendor for _user, vendor, _at in rows}
    opened = Bid.objects.filter(round__rfp=scoring_round.rfp_id, vendor_id__in=vendors)
    bid_of = dict(opened.values_list("vendor_id", "pk"))
    return tuple(
        Recused(user, bid_of[vendor], at)
        for user, vendor, at in rows
        if vendor in bid_of and (end is None or at <= end)
    )


def substitutions_in(scoring_round: ScoringRound) -> list[Substitution]:
    """Return what became of the sections of who left, by name, then section."""
    held = Substitution.objects.filter(**up_to(scoring_round))
    held = held.select_related("section", "replaced", "substitute", "decided_by")
    return list(held.order_by("replaced__name", "section__position", "created_at", "pk"))


def counting_scores(scoring_round: ScoringRound) -> QuerySet[Score]:
    """Return every version of the scores that count.

    Without those of who is recused from the bid, and of who was replaced in the section.
    """
    held = Score.objects.filter(**up_to(scoring_round))
    out = [Q(evaluator=one.evaluator, bid=one.bid) for one in recused_in(scoring_round)]
    out += [
        Q(evaluator=one.replaced_id, question__section=one.section_id)
        for one in substitutions_in(scoring_round)
        if not one.counts
    ]
    return held.exclude(reduce(or_, out)) if out else held


def counting_agreements(scoring_round: ScoringRound) -> QuerySet[Consensus]:
    """Return every version of the agreements that count.

    One that was reached with a score that was left out afterwards is reached anew.
    """
    held = Consensus.objects.filter(**up_to(scoring_round))
    out = [reached_with(scoring_round, one) for one in recused_in(scoring_round)]
    out += [
        _reached_before(scoring_round, one)
        for one in substitutions_in(scoring_round)
        if not one.counts
    ]
    return held.exclude(reduce(or_, out)) if out else held


def reached_with(scoring_round: ScoringRound, one: Recused) -> Q:
    """Return the agreements on a bid that were reached with a score of who is recused from it."""
    heard = Score.objects.filter(
        **up_to(scoring_round), evaluator=one.evaluator, bid=one.bid
    ).values("question_id")
    return Q(bid=one.bid, created_at__lt=one.since, question_id__in=heard)


def _reached_before(scoring_round: ScoringRound, one: Substitution) -> Q:
    """Return the agreements of a section that were reached with a score of who was replaced in it."""
    heard = Score.objects.filter(
        **up_to(scoring_round),
        evaluator=one.replaced_id,
        bid=OuterRef("bid"),
        question=OuterRef("question"),
    )
    return Q(created_at__lt=one.created_at, question__section=one.section_id) & Q(Exists(heard))


def counted_in(scoring_round: ScoringRound | None) -> tuple[int, int]:
    """Count the answers with a score that counts, by evaluator, and the agreements that count."""
    if scoring_round is None:
        return 0, 0
    scores = counting_scores(scoring_round).values("evaluator", "bid", "question").distinct()
    agreed = counting_agreements(scoring_round).values("bid", "question").distinct()
    return scores.count(), agreed.count()
