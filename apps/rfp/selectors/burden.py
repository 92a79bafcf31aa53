"""What a questionnaire asks of vendors and of the panel, in hours and scores, before it is published.

The minutes are assumptions of the product, shown on the page; they are no benchmark.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import clock
from apps.rfp.models import Question, Rfp
from apps.rfp.selectors.bank import words_of
from apps.rfp.selectors.periods import days_between
from apps.rfp.selectors.reading import round_of
from apps.rfp.selectors.weights import counts
from apps.rfp.states import AnswerKind, ScoringMode
from apps.rfp.types import Chapter
from apps.workspace.selectors import panel_of
from apps.workspace.states import Role

# Minutes to find, write and check one answer, by the kind of answer.
MINUTES: Mapping[str, int] = MappingProxyType(
    {
        AnswerKind.TEXT_SHORT: 10,
        AnswerKind.TEXT_LONG: 45,
        AnswerKind.YES_NO: 5,
        AnswerKind.SINGLE_CHOICE: 5,
        AnswerKind.MULTI_CHOICE: 8,
        AnswerKind.NUMBER: 15,
        AnswerKind.PERCENT: 15,
        AnswerKind.CURRENCY: 20,
        AnswerKind.DATE: 5,
        AnswerKind.FILE: 30,
        AnswerKind.TABLE: 45,
        AnswerKind.MATRIX: 45,
        AnswerKind.PRICE_TABLE: 90,
    }
)
OTHER: Final = 20  # a kind that is not in the list
EVIDENCE: Final = 15  # to find and attach what proves it
SCORING: Final = 4  # minutes to read an answer and score it against its anchors
VENDORS: Final = 4  # assumed while nobody is invited
HOURS_A_DAY: Final = 6  # that a vendor's bid team can give on a working day
WORKING: Final = Decimal(5) / 7  # days of a week


@dataclass(frozen=True)
class Burden:
    """The estimate; `warnings` are sentences for what is out of proportion."""

    sentence: str
    hours: int
    scores: int
    panel_hours: int
    vendors: int
    evaluators: int
    assumed: str
    warnings: tuple[str, ...]


def minutes_of(question: Question) -> int:
    """Return the minutes that a vendor is assumed to need for one answer."""
    return MINUTES.get(question.kind, OTHER) + (EVIDENCE if question.evidence_required else 0)


def duplicates(questions: list[Question]) -> list[list[str]]:
    """Return the codes of questions that ask with the same words."""
    by_words: dict[str, list[str]] = defaultdict(list)
    for one in questions:
        by_words[words_of(one.text)].append(one.code)
    return [codes for codes in by_words.values() if len(codes) > 1]


def burden(rfp: Rfp, chapters: tuple[Chapter, ...]) -> Burden:
    """Estimate what this RFP asks; three queries."""
    asked = [one for c in chapters for one in c.questions if counts(rfp, one)]
    by_hand = [
        one
        for c in chapters
        for one in c.scored
        if one.mode == ScoringMode.MANUAL and counts(rfp, one)
    ]
    minutes = sum(minutes_of(one) for one in asked)
    hours = math.ceil(minutes / 60)
    invited = rfp.invitations.exclude(state="declined").count()
    people = {
        member.user_id for member in panel_of(rfp.procurement) if member.role == Role.EVALUATOR
    }
    vendors, evaluators = invited or VENDORS, max(len(people), 1)
    scores = len(by_hand) * vendors * evaluators
    return Burden(
        sentence=_(
            "A vendor needs about {hours} hours to answer; your panel gives {scores} scores."
        ).format(hours=hours, scores=scores),
        hours=hours,
        scores=scores,
        panel_hours=math.ceil(scores * SCORING / 60),
        vendors=vendors,
        evaluators=evaluators,
        assumed=_assumed(invited, by_lot=any(c.section.lot_id for c in chapters)),
        warnings=(*_too_short(rfp, hours), *_unscored(asked), *_twice(asked)),
    )


def _assumed(invited: int, *, by_lot: bool) -> str:
    said = _(
        "Assumed: {least} to {most} minutes an answer by its kind, {evidence} more with evidence,"
        " {scoring} minutes a score."
    ).format(
        least=min(MINUTES.values()), most=max(MINUTES.values()), evidence=EVIDENCE, scoring=SCORING
    )
    if by_lot:
        said = f"{said} {_('Counted for vendors that bid for every lot.')}"
    if invited:
        return said
    return f"{said} {_('{n} vendors, as nobody is invited yet.').format(n=VENDORS)}"


def _too_short(rfp: Rfp, hours: int) -> tuple[str, ...]:
    held = round_of(rfp)
    if held is None:
        return ()
    days = days_between(clock.database_now(), held)
    given = int(days * WORKING * HOURS_A_DAY)
    if given >= hours:
        return ()
    needed = math.ceil(Decimal(hours) / HOURS_A_DAY / WORKING)
    said = _(
        "The response time is short: {days} days leave a bid team about {given} hours, and the"
        " answers take {hours}."
    ).format(days=days, given=given, hours=hours)
    todo = ngettext("Give {n} day, or ask less.", "Give {n} days, or ask less.", needed).format(
        n=needed
    )
    return (f"{said} {todo}",)


def _unscored(asked: list[Question]) -> tuple[str, ...]:
    idle = [one.code for one in asked if one.mode == ScoringMode.INFO and not one.knockout]
    if not idle:
        return ()
    return (
        ngettext(
            "{n} question is neither scored nor a knock-out: {codes}. Does somebody need it?",
            "{n} questions are neither scored nor a knock-out: {codes}. Does somebody need them?",
            len(idle),
        ).format(n=len(idle), codes=_some(idle)),
    )


def _twice(asked: list[Question]) -> tuple[str, ...]:
    return tuple(
        _("{codes} ask the same with the same words. Keep one.").format(codes=" / ".join(codes))
        for codes in duplicates(asked)
    )


def _some(codes: list[str], most: int = 8) -> str:
    shown = ", ".join(codes[:most])
    return shown if len(codes) <= most else _("{codes} and more").format(codes=shown)
