"""Answers of every kind: read, told blank from given, shown."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _

from apps.rfp.answers.rows import CELLS, TABLES, Rows
from apps.rfp.answers.scalars import (
    YES_NO,
    Choice,
    Choices,
    Date,
    DateRange,
    Figure,
    Files,
    Kind,
    Text,
)
from apps.rfp.answers.values import Question, Value, empty, refuse
from apps.rfp.states import AnswerKind

NOT_APPLICABLE = "not_applicable"  # {"not_applicable": reason}, where the author allows it
LONGEST_REASON = 1000
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        AnswerKind.TEXT_SHORT.value: Text(500),
        AnswerKind.TEXT_LONG.value: Text(20_000),
        AnswerKind.YES_NO.value: Choice(YES_NO),
        AnswerKind.SINGLE_CHOICE.value: Choice(),
        AnswerKind.MULTI_CHOICE.value: Choices(),
        AnswerKind.NUMBER.value: Figure(0, None),
        AnswerKind.PERCENT.value: Figure(0, 1000),
        AnswerKind.CURRENCY.value: Figure(0, None),
        AnswerKind.DATE.value: Date(),
        AnswerKind.DATE_RANGE.value: DateRange(),
        AnswerKind.FILE.value: Files(),
        AnswerKind.TABLE.value: Rows(),
        AnswerKind.MATRIX.value: Rows(),
        AnswerKind.PRICE_TABLE.value: Rows(),
        AnswerKind.GROUP.value: Rows(),
    }
)


def is_blank(value: Value | None) -> bool:
    """Whether nothing was answered: no text, no choice, no row with a filled cell."""
    if empty(value):
        return True
    return isinstance(value, list) and not any(
        any(one.values()) if isinstance(one, dict) else one for one in value
    )


def is_not_applicable(value: object) -> bool:
    """Whether the vendor answered that a question does not apply to it, and why."""
    return isinstance(value, Mapping) and NOT_APPLICABLE in value


def parse(question: Question, raw: object) -> Value:
    """Return what was answered as plain JSON; raises Incomplete with a sentence on `answer`.

    A blank clears the answer and is never refused here: what is required is asked at submission.
    """
    if isinstance(raw, Mapping) and NOT_APPLICABLE in raw:
        return _not_applicable(question, raw)
    if empty(raw):
        many = question.kind in {AnswerKind.MULTI_CHOICE, AnswerKind.FILE, *TABLES}
        return [] if many else ""
    return KINDS[question.kind].parse(question, raw)


def _not_applicable(question: Question, raw: Mapping[str, object]) -> Value:
    if not question.allows_na or len(raw) > 1:
        refuse(_("Answer this question; it may not be left out as not applicable."))
    reason = raw[NOT_APPLICABLE]
    if empty(reason):
        refuse(_("Say in one sentence why this does not apply to you."))
    return {NOT_APPLICABLE: Text(LONGEST_REASON).parse(question, reason)}


def show(question: Question, value: Value | None) -> str:
    """Write an answer for people, on one line or a line per row."""
    if is_blank(value):
        return _("Not answered")
    if isinstance(value, dict) and NOT_APPLICABLE in value:
        return _("Not applicable: {reason}").format(reason=value[NOT_APPLICABLE])
    return (KINDS.get(question.kind) or CELLS[question.kind]).show(question, value)
