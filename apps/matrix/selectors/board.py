"""A round's bids, questions and answers, read once; and who still has to do what."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.models import Bid
from apps.core.access import can
from apps.matrix.models import ScoringRound
from apps.matrix.selectors.counting import counting_scores
from apps.matrix.selectors.leavers import names_left
from apps.matrix.selectors.progress import progress
from apps.matrix.selectors.recusals import names_waiting
from apps.matrix.selectors.rounds import (
    current_consensus,
    own_scores,
    scored_by_people,
    scores_visible_to,
    technical_questions,
)
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Board, Cell, Missed, Standing
from apps.rfp import answers
from apps.rfp import selectors as rfps
from apps.rfp.answers import Value
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.selectors.wording import not_asked_words
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import User


def board(user: User, scoring_round: ScoringRound) -> Board:
    """Read a round; for a person who may not read bids it is empty.

    What was opened is decrypted once, so that a saved score does not wait for it longer.
    """
    rfp = scoring_round.rfp
    given = bids.opened_answers(
        user, rfp, whole=True
    )  # a knock-out may stand in a section that waits
    questions = technical_questions(rfp)
    opened = list(bids.bids_visible_to(user, rfp).order_by("letter"))
    lots = {lot.pk: lot.code for lot in rfps.lots_of(rfp)}
    covers = bids.covering(rfp) if lots else {}
    gates = {
        bid: _Gates.of(
            questions, given.get(bid.pk, {}), rfp.facts, _named(lots, covers.get(bid.pk, ()))
        )
        for bid in opened
    }
    return Board(
        scoring_round=scoring_round,
        bids={bid.pk: bid for bid in opened if gates[bid].admitted},
        removed={bid: held.missed for bid, held in gates.items() if not held.admitted},
        questions=tuple(scored_by_people(rfp, questions)),
        given=given,
        lots=lots,
        covers=covers,
        out_of={
            bid.pk: frozenset(lots[lot] for lot in held.by_lot if held.by_lot[lot])
            for bid, held in gates.items()
        },
    )


def _named(lots: Mapping[uuid.UUID, str], codes: Collection[str]) -> list[uuid.UUID]:
    return [lot for lot, code in lots.items() if code in codes]


def _covered(rfp: Rfp, bid: Bid, questions: Sequence[Question]) -> list[uuid.UUID]:
    """Return the lots that a bid covers, where one of these questions is of one lot."""
    if not any(one.section.lot_id for one in questions):
        return []
    lots = {lot.pk: lot.code for lot in rfps.lots_of(rfp)}
    return _named(lots, bids.covering(rfp)[bid.pk])


@dataclass(frozen=True)
class _Gates:
    """The knock-outs that a bid did not pass: of all lots, and of each lot that it covers."""

    common: tuple[Missed, ...]
    by_lot: Mapping[uuid.UUID, tuple[Missed, ...]]

    @classmethod
    def of(
        cls,
        questions: Sequence[Question],
        given: Mapping[str, Value],
        facts: Mapping[str, Any],
        lots: Collection[uuid.UUID],
    ) -> "_Gates":
        def missed(lot: uuid.UUID | None) -> tuple[Missed, ...]:
            own = [one for one in questions if one.section.lot_id == lot]
            return _missed(own, given, facts)

        return cls(missed(None), {lot: missed(lot) for lot in lots})

    @property
    def admitted(self) -> bool:
        """Whether the bid is judged at all: in the whole, or in one of its lots."""
        return not self.common and (not self.by_lot or not all(self.by_lot.values()))

    @property
    def missed(self) -> tuple[Missed, ...]:
        return (*self.common, *(one for held in self.by_lot.values() for one in held))

    def admits(self, question: Question) -> bool:
        lot = question.section.lot_id
        return self.admitted and (lot is None or not self.by_lot.get(lot))


def _missed(
    questions: Sequence[Question], given: Mapping[str, Value], facts: Mapping[str, Any]
) -> tuple[Missed, ...]:
    """Return the knock-outs of technical questions that a bid did not pass.

    Those of commercial questions count once prices are open. As in the ranking, only an answer
    that passes admits: one that is missing does not.
    """
    found = []
    for question in questions:
        out = answers.knocked_out(question, given, facts)
        if out is not False:
            found.append(Missed(question.code, answers.reason_of(question), answered=out is True))
    return tuple(found)


def standing_of(user: User, scoring_round: ScoringRound, cell: Cell) -> Standing:
    """Say of one answer what the whole board would say, without reading any other bid.

    A saved score asks this each time: it decrypts one bid, and of that nothing but what was opened.
    """
    bid, question = cell
    rfp = scoring_round.rfp
    given = bids.answers_of(user, rfp, bid)
    if given is None:
        return Standing(admitted=False, asked=False, applies=False)
    asked = Question.objects.filter(rfp=rfp, section__envelope=EnvelopeKind.TECHNICAL)
    every = list(asked.exclude(knockout={}).select_related("section"))
    covered = _covered(rfp, bid, [*every, question])
    gates = _Gates.of(every, given, rfp.facts, covered)
    return Standing(
        admitted=gates.admits(question),
        asked=(
            question.rfp_id == rfp.pk
            and (question.section.lot_id is None or question.section.lot_id in covered)
            and question.section.envelope == EnvelopeKind.TECHNICAL
            and bool(scored_by_people(rfp, [question]))
            and answers.asked(question, given, rfp.facts)
        ),
        applies=not answers.is_not_applicable(given.get(question.code)),
    )


def why_not_asked(held: Board, bid: Bid, question: Question) -> str:
    """Say why there is nothing to score; the vendor's own reason is shown below, names hidden."""
    if not held.is_covered(bid, question):
        return _("This bid does not cover lot {code}.").format(code=held.lot_of(question))
    if held.lot_of(question) in held.out_of.get(bid.pk, ()):
        return _("This bid did not pass a knock-out of this lot.")
    if held.is_away(bid, question):
        return _("No score is given: the vendor answered that this does not apply.")
    return not_asked_words(question, ())


def readable(user: User, held: Board) -> list[Question]:
    """Return the questions that this person may read now."""
    if not held.waiting or can(user, "bids.read_ahead", held.scoring_round):
        return list(held.questions)
    return [one for one in held.questions if one.section_id not in held.waiting]


def label(cell: Cell) -> str:
    bid, question = cell
    return _("{code} of bid {letter}").format(code=question.code, letter=bid.letter)


def missing_scores(user: User, held: Board, section: Section) -> list[str]:
    """Return the cells of a section the person has not scored yet, in words."""
    done = set(own_scores(user, held.scoring_round).values_list("bid_id", "question_id"))
    return [
        label((bid, question))
        for bid, question in held.cells
        if question.section_id == section.pk and (bid.pk, question.pk) not in done
    ]


def unscored(held: Board) -> list[str]:
    """Return what keeps the consensus closed, in words: who has answers left, what nobody scores."""
    named = [
        _("{name}: a conflict that the lead settles").format(name=name)
        for name in names_waiting(held.scoring_round.procurement)
    ]
    waiting = [
        _("{name}: {count}").format(name=row.evaluator.name, count=row.left)
        for row in progress(held)
        if row.waits and row.left
    ]
    return [*named, *_unreleased(held), *_undecided(held), *waiting] or [
        _("{cell}: nobody").format(cell=label(cell)) for cell in _left_alone(held)
    ]


def unheard(held: Board) -> list[str]:
    """Return what keeps agreed scores from being locked, in words: who waits, what nobody scored."""
    waiting = names_waiting(held.scoring_round.procurement)
    return [
        *(_("{name}: a conflict that the lead settles").format(name=name) for name in waiting),
        *_undecided(held),
        *(_("{cell}: nobody").format(cell=label(cell)) for cell in _left_alone(held)),
    ]


def _unreleased(held: Board) -> list[str]:
    """Return the sections whose group nobody has released, in words."""
    return [
        _("{code} {title}: its group waits for its release").format(
            code=section.code, title=section.title
        )
        for section in held.sections
        if section.pk in held.waiting
    ]


def _undecided(held: Board) -> list[str]:
    """Return who left midway and of whose scores nobody has said whether they count, in words."""
    return [
        _("{name} left: say whether these scores count").format(name=name)
        for name in names_left(held.scoring_round)
    ]


def _left_alone(held: Board) -> list[Cell]:
    """Return the cells without any score, once nobody is waited for."""
    counted = counting_scores(held.scoring_round)
    seen = set(counted.values_list("bid_id", "question_id").distinct())
    return [cell for cell in held.cells if (cell[0].pk, cell[1].pk) not in seen]


def unagreed(held: Board) -> list[Cell]:
    """Return the cells without a consensus."""
    agreed = set(current_consensus(held.scoring_round).values_list("bid_id", "question_id"))
    return [cell for cell in held.cells if (cell[0].pk, cell[1].pk) not in agreed]


def unanimous(user: User, held: Board) -> list[tuple[Bid, Question, Decimal]]:
    """Return the cells without a consensus in which every evaluator gave the same score."""
    if held.scoring_round.phase != ScoringPhase.CONSENSUS:
        return []
    given: dict[tuple[uuid.UUID, uuid.UUID], list[Decimal | None]] = {}
    # Rows, not objects: fifty bids of 300 criteria by eight evaluators are 120,000.
    rows = scores_visible_to(user, held.scoring_round)
    for bid_id, question_id, value in rows.values_list("bid_id", "question_id", "value"):
        given.setdefault((bid_id, question_id), []).append(value)
    found = []
    for bid, question in unagreed(held):
        values = given.get((bid.pk, question.pk), [])
        if values and values[0] is not None and set(values) == {values[0]}:
            found.append((bid, question, values[0]))
    return found
