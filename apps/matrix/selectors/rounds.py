"""What a panel member may see of a scoring round: own scores alone, until the consensus opens."""

import uuid
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.selectors import groups
from apps.core.access import can
from apps.core.errors import NotFound
from apps.matrix.models import Assignment, Consensus, Ranking, Score, ScoringRound
from apps.matrix.selectors.counting import counting_agreements, counting_scores, up_to
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Chapter, Desk, FileAt, Item, Leaving, Place
from apps.rfp import selectors as rfps
from apps.rfp.models import Lot, Question, Rfp, Section
from apps.rfp.states import EnvelopeKind, ScoringMode
from apps.workspace.models import PanelMember, Procurement, User
from apps.workspace.rules import recused_from
from apps.workspace.selectors import procurement_for
from apps.workspace.states import Role


def latest_round(procurement: Procurement) -> ScoringRound | None:
    return (
        ScoringRound.objects.filter(procurement=procurement)
        .select_related("procurement", "rfp__procurement")
        .order_by("-number")
        .first()
    )


def desk_for(user: User, *, procurement_id: uuid.UUID) -> Desk:
    """Return a procurement with its newest round, if scoring has begun."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    return Desk(procurement=procurement, scoring_round=latest_round(procurement))


def scoring_round_for(user: User, *, procurement_id: uuid.UUID) -> ScoringRound:
    """Return the newest round of a procurement the person sees; NotFound before scoring began."""
    found = desk_for(user, procurement_id=procurement_id).scoring_round
    if found is None:
        raise NotFound(_("Scoring has not begun in this procurement."))
    return found


def item_for(user: User, *, procurement_id: uuid.UUID, code: str) -> Item:
    """Return one of the questions that evaluators score; no other exists here.

    WrongState while the group of its section waits.
    """
    scoring_round = scoring_round_for(user, procurement_id=procurement_id)
    for question in scored_questions(scoring_round.procurement):
        if question.code == code:
            groups.require_read(user, question)
            return Item(scoring_round=scoring_round, question=question)
    raise NotFound(_("There is no such question to score in this round."))


def place_for(user: User, *, procurement_id: uuid.UUID, code: str, letter: str) -> Place:
    """Return one answer to score, by the letter of its bid: an identifier tells when it was made."""
    item = item_for(user, procurement_id=procurement_id, code=code)
    bid = bids.bids_visible_to(user, item.scoring_round.rfp).filter(letter=letter).first()
    if bid is None:
        raise NotFound(_("There is no such bid in this round."))
    return Place(scoring_round=item.scoring_round, question=item.question, bid=bid)


def file_for(
    user: User, *, procurement_id: uuid.UUID, code: str, letter: str, sha256: str
) -> FileAt:
    """Name a file beside an answer; whether it is there shows when it is read."""
    place = place_for(user, procurement_id=procurement_id, code=code, letter=letter)
    return FileAt(
        scoring_round=place.scoring_round, question=place.question, bid=place.bid, sha256=sha256
    )


def chapter_for(user: User, *, procurement_id: uuid.UUID, section_id: uuid.UUID) -> Chapter:
    scoring_round = scoring_round_for(user, procurement_id=procurement_id)
    for section in scored_sections(scoring_round.procurement):
        if section.pk == section_id:
            return Chapter(scoring_round=scoring_round, section=section)
    raise NotFound(_("There is no such section to score in this round."))


def leaving_for(user: User, *, procurement_id: uuid.UUID, member_id: uuid.UUID) -> Leaving:
    """Return an evaluator of the newest round by the panel's row, whether on the panel still or not."""
    scoring_round = scoring_round_for(user, procurement_id=procurement_id)
    held = PanelMember.objects.filter(
        procurement=scoring_round.procurement_id, pk=member_id, role=Role.EVALUATOR
    )
    member = held.first()
    if member is None:
        raise NotFound(_("There is no such evaluator in this round."))
    return Leaving(scoring_round, member.user_id)


def technical_questions(rfp: Rfp) -> list[Question]:
    """Return all questions of technical sections, in the order of the questionnaire."""
    found = Question.objects.filter(rfp=rfp, section__envelope=EnvelopeKind.TECHNICAL)
    ordered = found.select_related("section").order_by("section__position", "position")
    return list(groups.with_waits(ordered))


def scored_by_people(rfp: Rfp, questions: Iterable[Question]) -> list[Question]:
    """Return the questions that evaluators score; one that the tender does not ask is none."""
    return [
        question
        for question in questions
        if question.mode == ScoringMode.MANUAL
        and question.weight > 0
        and rfps.counts(rfp, question)
    ]


def scored_questions(procurement: Procurement) -> list[Question]:
    """Return the questions evaluators score, in the order of the questionnaire."""
    rfp = Rfp.objects.filter(procurement=procurement).first()
    return scored_by_people(rfp, technical_questions(rfp)) if rfp else []


def scored_sections(procurement: Procurement) -> list[Section]:
    found = {question.section_id: question.section for question in scored_questions(procurement)}
    return list(found.values())


def assignments_of(scoring_round: ScoringRound) -> QuerySet[Assignment]:
    """Return who scores what, by section then name."""
    return (
        Assignment.objects.filter(scoring_round=scoring_round)
        .select_related("evaluator", "section")
        .order_by("section__position", "evaluator__name", "pk")
    )


def scores_visible_to(user: User, scoring_round: ScoringRound) -> QuerySet[Score]:
    """Return the scores that stand: one's own while scoring alone, the panel's afterwards."""
    if scoring_round.phase == ScoringPhase.INDEPENDENT:
        return own_scores(user, scoring_round)
    if not can(user, "matrix.view_scores", scoring_round):
        return Score.objects.none()
    recused = recused_from(user, scoring_round)
    held = _standing(scoring_round)
    return held.exclude(bid__vendor_id__in=recused) if recused else held


def own_scores(user: User, scoring_round: ScoringRound) -> QuerySet[Score]:
    """Return what a person gave, at any time, of bids that they may still read."""
    return _standing(scoring_round).filter(evaluator=user)


def _standing(scoring_round: ScoringRound) -> QuerySet[Score]:
    newer = Score.objects.filter(
        **up_to(scoring_round),
        bid=OuterRef("bid"),
        question=OuterRef("question"),
        evaluator=OuterRef("evaluator"),
        version__gt=OuterRef("version"),
    )
    held = counting_scores(scoring_round).filter(~Exists(newer))
    return held.select_related("evaluator", "question", "bid")


def current_consensus(scoring_round: ScoringRound) -> QuerySet[Consensus]:
    """Return what the panel agreed on, newest version of each cell."""
    newer = Consensus.objects.filter(
        **up_to(scoring_round),
        bid=OuterRef("bid"),
        question=OuterRef("question"),
        version__gt=OuterRef("version"),
    )
    return counting_agreements(scoring_round).filter(~Exists(newer))


def consensus_visible_to(user: User, scoring_round: ScoringRound) -> QuerySet[Consensus]:
    """Return what was agreed, to the panel, while no evaluator scores alone."""
    alone = scoring_round.phase == ScoringPhase.INDEPENDENT
    if alone or not can(user, "matrix.view_scores", scoring_round):
        return Consensus.objects.none()
    recused = recused_from(user, scoring_round)
    held = current_consensus(scoring_round)
    return held.exclude(bid__vendor_id__in=recused) if recused else held


def latest_of_stage(
    scoring_round: ScoringRound, stage: str, lot: Lot | None = None
) -> Ranking | None:
    held = Ranking.objects.filter(scoring_round=scoring_round, stage=stage, lot=lot)
    return held.order_by("-number").first()


def latest_before(
    scoring_round: ScoringRound, stage: str, lot: Lot | None = None
) -> Ranking | None:
    """Return the newest ranking of the rounds that this one supersedes."""
    held = Ranking.objects.filter(
        scoring_round__rfp=scoring_round.rfp_id,
        scoring_round__number__lt=scoring_round.number,
        stage=stage,
        lot=lot,
    )
    return held.order_by("-number").first()


def latest_ranking(
    user: User, procurement: Procurement, lot: Lot | None = None, *, whole: bool = True
) -> Ranking | None:
    """Return the ranking that stands: of the newest round, with prices where there is one.

    A tender with lots has one for each, and none for the whole. While locked scores are agreed anew
    there is none: what was frozen before is superseded. Without `whole` the record, which can be
    megabytes, is read when it is asked for.
    """
    if not can(user, "matrix.view_ranking", procurement):
        return None
    superseded = ScoringRound.objects.filter(procurement=procurement, supersedes__isnull=False)
    held = (
        Ranking.objects.filter(procurement=procurement, lot=lot)
        .exclude(scoring_round__in=superseded.values("supersedes"))
        .select_related("frozen_by", "lot", "scoring_round__rfp__procurement")
    )
    found = held if whole else held.defer("record")
    # "full" stands before "quality"
    return found.order_by("-scoring_round__number", "stage", "-number").first()


def ranking_for(user: User, *, procurement_id: uuid.UUID, code: str = "") -> Ranking:
    """Return the ranking that stands, of a lot by its code; NotFound before the scores are locked."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    found = latest_ranking(user, procurement, rfps.picked_in(procurement, code))
    if found is None:
        raise NotFound(_("There is no frozen ranking yet, or none for you."))
    return found
