"""Scores held for want of evidence: what was given stays, what counts is at most the level.

The RFP publishes, beside a question's rubric, the score above which a file of the class it names has
to be there. Whether one was valid is asked of the day the bids closed, so that every reading of a
round gives the same answer. A file that came later, with an explanation and before the lock, counts
where it shows what was so on that day: issued until then, and not ended before.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.bids import selectors as bids
from apps.bids.selectors.panel_questions import explained_files
from apps.bids.types.evidence import OpenedFile
from apps.matrix.models import Ranking, ScoringRound
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Board, Hold
from apps.rfp.models import Question, Rfp
from apps.workspace.models import User

Key = tuple[uuid.UUID, uuid.UUID]


def hold_on(question: Question, files: Collection[OpenedFile], closed: dt.date) -> Hold | None:
    """Return at what an answer's score is held; None where nothing is asked, or it is there.

    `files` are those beside the answer. One without a last day stays valid; of several that do not
    count the latest is named.
    """
    if question.held_at is None:
        return None
    named, day = [one for one in files if one.kind == question.evidence_class], closed.isoformat()
    in_time = [one for one in named if one.came_at is None or one.issued <= day]
    if any(not one.expires or one.expires >= day for one in in_time):
        return None
    return Hold(
        question.held_at,
        question.evidence_class,
        expired=max((one.expires for one in in_time), default=""),
        issued=max((one.issued for one in named if one not in in_time), default=""),
    )


def closing_day(rfp: Rfp) -> dt.date:
    """Return the day the bids closed, in the zone of the deadline."""
    return rfp.round.closes_at.astimezone(ZoneInfo(rfp.round.zone)).date()


def hold_beside(
    scoring_round: ScoringRound, question: Question, files: Collection[OpenedFile]
) -> Hold | None:
    """Return at what one opened answer's score is held; nothing is read where nothing is asked."""
    if question.held_at is None:
        return None
    counted = [one for one in files if one.came_at is None or _in_time(one.came_at, scoring_round)]
    return hold_on(question, counted, closing_day(scoring_round.rfp))


def _in_time(came_at: dt.datetime, scoring_round: ScoringRound) -> bool:
    """Whether a file came before the lock, which froze the first ranking: later ones move nothing."""
    if scoring_round.phase != ScoringPhase.LOCKED:
        return True
    locked_at = scoring_round.first_frozen_at
    return locked_at is None or came_at < locked_at


def holds_of(user: User, held: Board) -> Mapping[Key, Hold]:
    """Return what is held, by bid and question, of every answer that is scored by people."""
    asked = {one.pk for one in held.questions if one.held_at is not None}
    if not asked:
        return {}  # nothing is decrypted where the RFP holds nothing
    scoring_round = held.scoring_round
    files = bids.attachments_of(user, scoring_round.rfp)
    later = explained_files(user, scoring_round.rfp)
    found = {
        (bid.pk, question.pk): hold_beside(
            scoring_round,
            question,
            [
                *files.get(bid.pk, {}).get(question.code, ()),
                *later.get(bid.pk, {}).get(question.code, ()),
            ],
        )
        for bid, question in held.cells
        if question.pk in asked
    }
    return {key: hold for key, hold in found.items() if hold}


def counts_as(holds: Mapping[Key, Hold], key: Key, value: Decimal | None) -> Decimal | None:
    """Return what a score counts as: itself, or the level where that is lower. Abstained stays."""
    hold = holds.get(key)
    return hold.counts(value) if hold else value


def held_in(ranking: Ranking) -> Mapping[tuple[str, str], Hold]:
    """Return what a frozen ranking held, by bid and question code, with what had been agreed."""
    rows: list[dict[str, Any]] = ranking.held
    return {
        (one["bid"], one["question"]): Hold(
            Decimal(one["level"]),
            one["evidence"],
            one["expired"],
            one.get("issued", ""),
            agreed=Decimal(one["agreed"]),
        )
        for one in rows
    }
