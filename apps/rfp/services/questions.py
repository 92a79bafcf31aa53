"""Questions of a draft: every field may change, and a change has to leave the question sound."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Incomplete, WrongState
from apps.rfp import answers
from apps.rfp.models import Question, Section
from apps.rfp.selectors.soundness import Around, faults
from apps.rfp.services import shapes
from apps.rfp.services.drafting import (
    minimum_of,
    open_draft,
    record,
    refuse,
    text_of,
    weight_of,
)
from apps.rfp.services.sections import commercial_default, next_position
from apps.rfp.states import AnswerKind, EvidenceClass, ScoringMode
from apps.workspace.models import User

LARGEST_POINTS = Decimal(999)
MOST_WORDS = 5000
MOST_QUESTIONS = 1500
DOMAINS = ("", "technology", "scalability", "security", "analytics", "culture", "commercial")


def _kind(raw: object) -> str:
    if raw not in AnswerKind.values:
        raise refuse("kind", _("Choose how vendors answer."))
    return str(raw)


def _mode(raw: object) -> str:
    if raw not in ScoringMode.values:
        raise refuse("mode", _("Choose how the answer counts."))
    return str(raw)


def _flag(field: str) -> Callable[[object], bool]:
    def read(raw: object) -> bool:
        if not isinstance(raw, bool):
            raise refuse(field, _("Say yes or no."))
        return raw

    return read


def _held_at(raw: object) -> Decimal | None:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    try:
        return weight_of(raw, "held_at", LARGEST_POINTS)
    except Incomplete:
        sentence = _("Give a score of the scale to hold at, for example 3, or leave it empty.")
        raise refuse("held_at", sentence) from None


def _words(raw: object) -> int | None:
    if raw in (None, ""):
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= MOST_WORDS:
        sentence = _("Give a word limit from 1 to {most}, or none.").format(most=MOST_WORDS)
        raise refuse("word_limit", sentence)
    return raw


def _evidence_class(raw: object) -> str:
    if raw not in {"", *EvidenceClass.values}:
        raise refuse("evidence_class", _("Choose what the file proves, or nothing."))
    return str(raw)


def _domain(raw: object) -> str:
    if raw not in DOMAINS:
        raise refuse("domain", _("Choose a domain of the vendor matrix, or none."))
    return str(raw)


FIELDS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "topic": lambda raw: text_of(raw, "topic", 120),
        "text": lambda raw: text_of(raw, "text", 2000),
        "kind": _kind,
        "options": shapes.options,
        "unit": lambda raw: text_of(raw, "unit", 60),
        "weight": lambda raw: weight_of(raw, "weight", LARGEST_POINTS),
        "required": _flag("required"),
        "minimum": lambda raw: minimum_of(raw, "minimum"),
        "held_at": _held_at,
        "mode": _mode,
        "rubric": shapes.rubric,
        "knockout": shapes.knockout,
        "condition": shapes.condition,
        "auto": shapes.auto,
        "limits": shapes.limits,
        "allows_na": _flag("allows_na"),
        "commitment": _flag("commitment"),
        "evidence_class": _evidence_class,
        "evidence_expires": _flag("evidence_expires"),
        "evidence": lambda raw: text_of(raw, "evidence", 200),
        "evidence_required": _flag("evidence_required"),
        "word_limit": _words,
        "domain": _domain,
    }
)


def _apply(question: Question, changes: Mapping[str, Any]) -> None:
    if unknown := sorted(set(changes) - set(FIELDS)):
        raise Incomplete(
            _("Remove the fields that are not known here."),
            fields=dict.fromkeys(unknown, _("This field is not known here.")),
        )
    wrong: dict[str, str] = {}
    for name, raw in changes.items():
        try:
            setattr(question, name, FIELDS[name](raw))
        except Incomplete as refused:
            wrong |= refused.fields
    if wrong:
        raise Incomplete(_("Some fields need another look."), fields=wrong)


def _check(question: Question, changes: Mapping[str, Any]) -> None:
    """Refuse what a change breaks; a fault that was there before does not hold up another edit."""
    held = Question.objects.filter(rfp=question.rfp).exclude(pk=question.pk).only(*Around.READS)
    around = Around.of([*held, question], question.rfp.questionnaire)
    after = faults(question, around)
    stored = Question.objects.filter(pk=question.pk).select_related("section").first()
    before = faults(stored, around) if stored else {}
    broken = {name: text for name, text in after.items() if name in changes or name not in before}
    if broken:
        raise Incomplete(_("Some fields need another look."), fields=broken)


@transaction.atomic
def edit_question(*, question: Question, actor: User, **changes: Any) -> Question:
    """Change fields of a question; refuses with a sentence per field what would not work."""
    open_draft(question.rfp, actor)
    _apply(question, changes)
    _check(question, changes)
    question.save(update_fields=list(changes))
    record(question.rfp, "edit_question", actor, question=question.code, changes=changes)
    return question


@transaction.atomic
def add_question(*, section: Section, actor: User, **values: Any) -> Question:
    """Add a question at the end of a section, with the next free code."""
    open_draft(section.rfp, actor)
    codes = set(Question.objects.filter(rfp=section.rfp).values_list("code", flat=True))
    if len(codes) >= MOST_QUESTIONS:
        raise WrongState(
            _("A questionnaire holds {most} questions at most. Remove one first.").format(
                most=MOST_QUESTIONS
            )
        )
    number = next(n for n in range(1, MOST_QUESTIONS + 2) if f"{section.code}.{n:02}" not in codes)
    question = Question(
        organisation_id=section.organisation_id,
        rfp=section.rfp,
        section=section,
        code=f"{section.code}.{number:02}",
        position=next_position(section),
        mode=commercial_default(section),
        weight=Decimal(0),
    )
    _apply(question, values)
    _check(question, {**FIELDS})
    question.save(force_insert=True)
    record(section.rfp, "add_question", actor, question=question.code, values=values)
    return question


@transaction.atomic
def remove_question(*, question: Question, actor: User) -> None:
    """Remove a question that no other one depends on."""
    rfp, code = question.rfp, question.code
    open_draft(rfp, actor)
    for other in Question.objects.filter(rfp=rfp).exclude(pk=question.pk).order_by("position"):
        rules = (other.condition, answers.what_excludes(other.knockout))
        if any(code in answers.questions_in(rule) for rule in rules):
            sentence = _(
                "Question {other} depends on {code}. Change its condition or knock-out first."
            )
            raise WrongState(sentence.format(other=other.code, code=code))
    question.delete()
    record(rfp, "remove_question", actor, question=code)
