"""Questions of the bank become questions of a draft."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Incomplete, WrongState
from apps.rfp.models import Question, Section
from apps.rfp.selectors.bank import Found, from_bank
from apps.rfp.selectors.reading import facts_of
from apps.rfp.selectors.soundness import Around, faults
from apps.rfp.services import rows
from apps.rfp.services.drafting import open_draft, record, refuse
from apps.rfp.services.questions import MOST_QUESTIONS
from apps.rfp.services.sections import next_position
from apps.rfp.workbooks.form import Item
from apps.workspace.models import User


@dataclass(frozen=True)
class Added:
    """What was added: the codes given, and which rules could not come along."""

    codes: list[str]
    left: list[str]


@transaction.atomic
def add_from_bank(*, section: Section, keys: Collection[str], actor: User) -> Added:
    """Add questions of the bank at the end of a section: all of them or none.

    A code that is taken gets the section's next free one. A condition or knock-out on another
    question that this RFP does not ask stays behind, and is named in `left`.
    """
    open_draft(section.rfp, actor)
    wanted = list(dict.fromkeys(keys))
    found = from_bank(actor, section.rfp, wanted)
    if not wanted:
        raise refuse("keys", _("Tick at least one question."))
    if len(found) != len(wanted):
        raise refuse("keys", _("A question is not in the bank any more. Search again."))
    held = list(Question.objects.filter(rfp=section.rfp))
    if len(held) + len(found) > MOST_QUESTIONS:
        raise WrongState(
            _("A questionnaire holds {most} questions at most. Remove one first.").format(
                most=MOST_QUESTIONS
            )
        )
    given = _codes(section, found, {one.code for one in held})
    left: list[str] = []
    first = next_position(section)
    added = [
        rows.question_of(section, _fitted(section, one, given, held, left), first + at)
        for at, one in enumerate(found)
    ]
    _check(section, [*held, *added], added)
    Question.objects.bulk_create(added)
    codes = [one.code for one in added]
    record(section.rfp, "add_from_bank", actor, section=section.code, keys=wanted, codes=codes)
    return Added(codes=codes, left=left)


def _codes(section: Section, found: list[Found], taken: set[str]) -> dict[str, str]:
    """Return the code of each question by its key: its own where it is free and fits the section."""
    given: dict[str, str] = {}
    for one in found:
        code = one.item.code
        if code in taken or not code.startswith(f"{section.code}."):
            code = next(
                free
                for n in range(1, 2 * MOST_QUESTIONS)
                if (free := f"{section.code}.{n:02}") not in taken
            )
        given[one.key] = code
        taken.add(code)
    return given


def _fitted(
    section: Section, found: Found, given: Mapping[str, str], held: list[Question], left: list[str]
) -> Item:
    """Return the question under its new code, without rules that this RFP cannot settle."""
    item, code = found.item, given[found.key]
    own = {item.code: code}
    asked = {one.code for one in held}
    facts = {fact.key for fact in facts_of(section.rfp.questionnaire)}
    knockout = _renamed(item.knockout, own)
    tests = knockout.get("all", [])
    if any(test["question"] not in asked | {code} for test in tests):
        left.append(_("{code}: the knock-out").format(code=code))
        knockout = {}
    condition = dict(item.condition)
    if _unknown(condition, facts, asked):
        left.append(_("{code}: the condition").format(code=code))
        condition = {}
    return replace(item, code=code, knockout=knockout, condition=condition)


def _unknown(condition: Mapping[str, Any], facts: set[str], asked: set[str]) -> bool:
    if not condition:
        return False
    return condition.get("fact") not in facts and condition.get("question") not in asked


def _renamed(knockout: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    if "all" not in knockout:
        return dict(knockout)
    tests = [
        {**one, "question": own.get(one["question"], one["question"])} for one in knockout["all"]
    ]
    return {**knockout, "all": tests}


def _check(section: Section, around: list[Question], added: list[Question]) -> None:
    known = Around.of(around, section.rfp.questionnaire)
    wrong = {
        f"{one.code}.{name}": _("{code}: {sentence}").format(code=one.code, sentence=sentence)
        for one in added
        for name, sentence in faults(one, known).items()
        if name != "rubric"  # an earlier draft may lack anchors; publication asks for them
    }
    if wrong:
        raise Incomplete(next(iter(wrong.values())), fields=wrong)
