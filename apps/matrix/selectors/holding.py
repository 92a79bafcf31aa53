"""Scores held for want of evidence: what was given stays, what counts is at most the level.

The RFP publishes, beside a question's rubric, the score above which a file of the class it names has
to be there. Whether one was valid is asked of the day the bids closed, so that every reading of a
round gives the same answer.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.bids import selectors as bids
from apps.bids.types.evidence import OpenedFile
from apps.matrix.models import Ranking
from apps.matrix.types import Board, Hold
from apps.rfp.models import Question, Rfp
from apps.workspace.models import User

Key = tuple[uuid.UUID, uuid.UUID]


def hold_on(question: Question, files: Collection[OpenedFile], closed: dt.date) -> Hold | None:
    """Return at what an answer's score is held; None where nothing is asked, or it is there.

    `files` are those beside the answer. One without a last day stays valid; of several that ended
    the latest is named.
    """
    if question.held_at is None:
        return None
    days = [one.expires for one in files if one.kind == question.evidence_class]
    if any(not day or dt.date.fromisoformat(day) >= closed for day in days):
        return None
    return Hold(question.held_at, question.evidence_class, max(days, default=""))


def closing_day(rfp: Rfp) -> dt.date:
    """Return the day the bids closed, in the zone of the deadline."""
    return rfp.round.closes_at.astimezone(ZoneInfo(rfp.round.zone)).date()


def hold_beside(rfp: Rfp, question: Question, files: Collection[OpenedFile]) -> Hold | None:
    """Return at what one opened answer's score is held; nothing is read where nothing is asked."""
    return None if question.held_at is None else hold_on(question, files, closing_day(rfp))


def holds_of(user: User, held: Board) -> Mapping[Key, Hold]:
    """Return what is held, by bid and question, of every answer that is scored by people."""
    asked = {one.pk for one in held.questions if one.held_at is not None}
    if not asked:
        return {}  # nothing is decrypted where the RFP holds nothing
    rfp = held.scoring_round.rfp
    files, closed = bids.attachments_of(user, rfp), closing_day(rfp)
    found = {
        (bid.pk, question.pk): hold_on(
            question, files.get(bid.pk, {}).get(question.code, ()), closed
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
            Decimal(one["level"]), one["evidence"], one["expired"], Decimal(one["agreed"])
        )
        for one in rows
    }
