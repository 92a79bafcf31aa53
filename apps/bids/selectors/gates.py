"""Knock-outs of opened bids, as far as what was opened tells."""

from typing import Any

from apps.bids.selectors.opened import covering, opened_answers, packages
from apps.rfp import answers
from apps.rfp.answers import Value
from apps.rfp.models import Lot, Question, Rfp
from apps.rfp.selectors import chapters_of, questionnaire
from apps.workspace.models import User


def knockouts(user: User, rfp: Rfp, lot: Lot | None = None) -> list[dict[str, Any]]:
    """Return every knock-out for every opened bid: passed, failed, or None where it cannot be told.

    Of a lot those that it asks, for the bids that cover it. While an envelope is sealed, nothing is
    known about the questions inside it.
    """
    every = [
        (chapter.section.envelope, q)
        for chapter in chapters_of(questionnaire(rfp), lot)
        for q in chapter.questions
    ]
    given = opened_answers(user, rfp)
    if lot is not None:
        covers = covering(rfp)
        given = {bid: held for bid, held in given.items() if lot.code in covers[bid]}
    kinds: dict[Any, set[str]] = {bid_id: set() for bid_id in given}
    for bid, kind, _package in packages(user, rfp):
        kinds.setdefault(bid.pk, set()).add(kind)
    return [
        {
            "vendor": str(bid_id),
            "code": question.code,
            "passed": _passed(question, given[bid_id], rfp) if envelope in kinds[bid_id] else None,
            "reason": answers.reason_of(question),
        }
        for bid_id in given
        for envelope, question in every
        if question.knockout
    ]


def _passed(question: Question, given: dict[str, Value], rfp: Rfp) -> bool | None:
    out = answers.knocked_out(question, given, rfp.facts)
    return None if out is None else not out
