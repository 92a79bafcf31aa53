"""Who was excluded, by which requirement, and what the vendor answered."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.reports.selectors.paper import Plain, plain
from apps.reports.selectors.ranking import Ranked
from apps.rfp import answers
from apps.rfp.models import Question, Rfp
from apps.workspace.models import User

LONGEST = 300  # characters of an answer shown beside its requirement


@dataclass(frozen=True)
class Asked:
    """The published questions and what was answered to them, by bid and code."""

    questions: Mapping[str, Question]
    given: Mapping[uuid.UUID, Mapping[str, Any]]
    marks: Mapping[uuid.UUID, Mapping[str, str]]  # what a vendor marked as confidential

    def requirement(self, code: str) -> str:
        question = self.questions.get(code)
        if question is None:
            return code
        rule = answers.reason_of(question)
        return f"{code} {question.topic}{': ' if rule else ''}{rule}"

    def answer(self, bid: str, code: str) -> str:
        question = self.questions.get(code)
        if question is not None and question.in_stage:
            return _("Not shortlisted for this stage")
        if code in self.marks.get(uuid.UUID(bid), {}):
            return _("Left out: the vendor marked this as confidential")
        value = self.given.get(uuid.UUID(bid), {}).get(code)
        if question is None or value is None or answers.is_blank(value):
            return _("Not answered")
        shown = answers.show(question, value)
        return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}\N{HORIZONTAL ELLIPSIS}"


def asked_in(user: User, rfp: Rfp) -> Asked:
    questions = {question.code: question for question in Question.objects.filter(rfp=rfp)}
    marks = bids.confidential_marks(user, rfp)
    return Asked(questions, bids.opened_answers(user, rfp), marks)


def table(ranked: Ranked, asked: Asked) -> list[dict[str, Any]]:
    """Return one row for every requirement that an excluded vendor did not meet."""
    return [
        {"vendor": ranked.shown(row), **_reason(ranked, asked, row, reason)}
        for row in ranked.excluded
        for reason in row["reasons"]
    ]


def _reason(ranked: Ranked, asked: Asked, row: Plain, reason: Plain) -> dict[str, str]:
    names = {node["id"]: node["name"] for node in ranked.result["weights"]["nodes"]}
    if "knockout" in reason:
        code = reason["knockout"]
        return _row(asked.requirement(code), asked.answer(row["id"], code))
    if "criterion" in reason:
        wanted = _("{name}: a score of {least} or more").format(
            name=names[reason["criterion"]], least=plain(reason["minimum"])
        )
        score = reason.get("score")
        given = _("scored {score}").format(score=plain(score)) if score else _("not scored")
        return _row(wanted, given)
    wanted = _("{name}: {least}% or more of its points").format(
        name=names[reason["node"]], least=plain(reason["at_least_percent"])
    )
    return _row(wanted, _("reached {share}%").format(share=plain(reason["percent"])))


def _row(requirement: str, answer: str) -> dict[str, str]:
    return {"requirement": requirement, "answer": answer}
