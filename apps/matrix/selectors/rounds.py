"""What a panel member may see of a scoring round: own scores alone, until the consensus opens."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.models import Bid
from apps.core.errors import NotFound
from apps.matrix.models import Assignment, Consensus, Ranking, Score, ScoringRound
from apps.matrix.states import ScoringPhase
from apps.rfp import answers
from apps.rfp.models import Question, Section
from apps.rfp.states import EnvelopeKind, ScoringMode
from apps.workspace.models import Procurement, User
from apps.workspace.selectors import procurement_for


def latest_round(procurement: Procurement) -> ScoringRound | None:
    return (
        ScoringRound.objects.filter(procurement=procurement)
        .select_related("procurement", "rfp__procurement")
        .order_by("-number")
        .first()
    )


def scoring_round_for(user: User, *, procurement_id: uuid.UUID) -> ScoringRound:
    """Return the newest round of a procurement the person sees; NotFound before scoring began."""
    found = latest_round(procurement_for(user, procurement_id=procurement_id))
    if found is None:
        raise NotFound(_("Scoring has not begun in this procurement."))
    return found


def scored_questions(procurement: Procurement) -> list[Question]:
    """Return the questions evaluators score, in the order of the questionnaire."""
    return list(
        Question.objects.filter(
            rfp__procurement=procurement,
            mode=ScoringMode.MANUAL,
            weight__gt=0,
            section__envelope=EnvelopeKind.TECHNICAL,
        )
        .select_related("section")
        .order_by("section__position", "position")
    )


def scored_sections(procurement: Procurement) -> list[Section]:
    found = {question.section_id: question.section for question in scored_questions(procurement)}
    return list(found.values())


def admitted_bids(user: User, scoring_round: ScoringRound) -> Mapping[uuid.UUID, Bid]:
    """Return the opened bids that no knock-out removed, by identifier, in the order of letters."""
    failed = {
        knockout["vendor"]
        for knockout in bids.knockouts(user, scoring_round.rfp)
        if knockout["passed"] is False
    }
    opened = bids.bids_visible_to(user, scoring_round.rfp).order_by("letter")
    return {bid.pk: bid for bid in opened if str(bid.pk) not in failed}


def asked_cells(user: User, scoring_round: ScoringRound) -> Iterator[tuple[Bid, Question]]:
    """Yield every answer to score: a question hidden by a bid's own answers is not one."""
    given = bids.opened_answers(user, scoring_round.rfp)
    facts = scoring_round.rfp.facts
    questions = scored_questions(scoring_round.procurement)
    for bid in admitted_bids(user, scoring_round).values():
        for question in questions:
            if answers.asked(question, given.get(bid.pk, {}), facts):
                yield bid, question


def scores_visible_to(user: User, scoring_round: ScoringRound) -> QuerySet[Score]:
    """Return the scores that stand: one's own while scoring alone, the panel's afterwards."""
    newest = (
        Score.objects.filter(
            scoring_round=OuterRef("scoring_round"),
            bid=OuterRef("bid"),
            question=OuterRef("question"),
            evaluator=OuterRef("evaluator"),
        )
        .order_by("-version")
        .values("pk")[:1]
    )
    standing = Score.objects.filter(scoring_round=scoring_round, pk=Subquery(newest))
    if scoring_round.phase == ScoringPhase.INDEPENDENT:
        standing = standing.filter(evaluator=user)
    return standing.select_related("evaluator", "question", "bid")


def current_consensus(scoring_round: ScoringRound) -> QuerySet[Consensus]:
    """Return what the panel agreed on, newest version of each cell."""
    newest = (
        Consensus.objects.filter(
            scoring_round=OuterRef("scoring_round"),
            bid=OuterRef("bid"),
            question=OuterRef("question"),
        )
        .order_by("-version")
        .values("pk")[:1]
    )
    return Consensus.objects.filter(scoring_round=scoring_round, pk=Subquery(newest))


def _label(bid: Bid, question: Question) -> str:
    return _("{code} of bid {letter}").format(code=question.code, letter=bid.letter)


def missing_scores(user: User, scoring_round: ScoringRound, section: Section) -> list[str]:
    """Return the cells of a section the person has not scored yet, in words."""
    done = set(
        scores_visible_to(user, scoring_round)
        .filter(evaluator=user)
        .values_list("bid_id", "question_id")
    )
    return [
        _label(bid, question)
        for bid, question in asked_cells(user, scoring_round)
        if question.section_id == section.pk and (bid.pk, question.pk) not in done
    ]


@dataclass(frozen=True)
class Progress:
    """How far one evaluator is: cells scored of cells assigned. Counts, never values."""

    evaluator: User
    scored: int
    assigned: int


def progress(user: User, scoring_round: ScoringRound) -> list[Progress]:
    """Return each evaluator's progress, without a single score."""
    sections: dict[User, set[uuid.UUID]] = {}
    assigned = Assignment.objects.filter(scoring_round=scoring_round).select_related("evaluator")
    for row in assigned.order_by("evaluator__name"):
        sections.setdefault(row.evaluator, set()).add(row.section_id)
    cells = list(asked_cells(user, scoring_round))
    done = set(
        Score.objects.filter(scoring_round=scoring_round)
        .values_list("evaluator_id", "bid_id", "question_id")
        .distinct()
    )
    found = []
    for evaluator, mine in sections.items():
        wanted = {(evaluator.pk, b.pk, q.pk) for b, q in cells if q.section_id in mine}
        found.append(Progress(evaluator, len(wanted & done), len(wanted)))
    return found


def unscored(user: User, scoring_round: ScoringRound) -> list[str]:
    """Return who still has how many answers to score, in words; empty when all is scored."""
    return [
        _("{name}: {count}").format(name=row.evaluator.name, count=row.assigned - row.scored)
        for row in progress(user, scoring_round)
        if row.scored < row.assigned
    ]


def unagreed(user: User, scoring_round: ScoringRound) -> list[str]:
    """Return the cells without a consensus, in words."""
    agreed = set(current_consensus(scoring_round).values_list("bid_id", "question_id"))
    return [
        _label(bid, question)
        for bid, question in asked_cells(user, scoring_round)
        if (bid.pk, question.pk) not in agreed
    ]


def unanimous(user: User, scoring_round: ScoringRound) -> list[tuple[Bid, Question, Decimal]]:
    """Return the cells without a consensus in which all evaluators gave the same score."""
    if scoring_round.phase != ScoringPhase.CONSENSUS:
        return []
    given: dict[tuple[uuid.UUID, uuid.UUID], list[Decimal | None]] = {}
    for score in scores_visible_to(user, scoring_round):
        given.setdefault((score.bid_id, score.question_id), []).append(score.value)
    agreed = set(current_consensus(scoring_round).values_list("bid_id", "question_id"))
    found = []
    for bid, question in asked_cells(user, scoring_round):
        values = given.get((bid.pk, question.pk), [])
        if (bid.pk, question.pk) not in agreed and values and len(set(values)) == 1:
            value = values[0]
            if value is not None:
                found.append((bid, question, value))
    return found


def latest_of_stage(scoring_round: ScoringRound, stage: str) -> Ranking | None:
    return (
        Ranking.objects.filter(scoring_round=scoring_round, stage=stage).order_by("-number").first()
    )


def latest_ranking(user: User, procurement: Procurement) -> Ranking | None:
    """Return the ranking that stands: with prices where there is one, else on quality alone."""
    procurement_for(user, procurement_id=procurement.pk)
    rankings = Ranking.objects.filter(procurement=procurement).select_related("frozen_by")
    return (
        rankings.filter(stage="full").order_by("-created_at").first()
        or rankings.order_by("-created_at").first()
    )
