"""Whether one question can be asked, answered and scored as it stands: faults by field."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from apps.core import files
from apps.core.errors import Incomplete
from apps.rfp import answers
from apps.rfp.models import Question
from apps.rfp.selectors.reading import facts_of
from apps.rfp.states import SCORED, AnswerKind, EnvelopeKind, ScoringMode
from apps.rfp.types import plain

CHOICES = (AnswerKind.SINGLE_CHOICE, AnswerKind.MULTI_CHOICE)
FIGURES = (AnswerKind.NUMBER, AnswerKind.PERCENT, AnswerKind.CURRENCY)
LEAST_CHOICES = 2
STAGE_SCALE = (Decimal(0), Decimal(5))


@dataclass(frozen=True)
class Around:
    """What a question's rules may ask about, and which conditions wait for each other."""

    codes: frozenset[str]
    facts: frozenset[str]
    circle: tuple[str, ...] = ()
    may_be_na: frozenset[str] = frozenset()
    READS: ClassVar = ("code", "condition", "allows_na")

    @classmethod
    def of(cls, questions: Iterable[Question], questionnaire: str) -> "Around":
        held = list(questions)
        return cls(
            codes=frozenset(one.code for one in held),
            facts=frozenset(fact.key for fact in facts_of(questionnaire)),
            circle=tuple(answers.circle(held)),
            may_be_na=frozenset(one.code for one in held if one.allows_na),
        )


def scale_of(question: Question) -> list[str]:
    """Return the whole scores of a question's scale, as the rubric names them."""
    return [str(step) for step in range(int(question.scale_min), int(question.scale_max) + 1)]


def faults(question: Question, around: Around) -> dict[str, str]:
    """Return a sentence per field that has to be mended; empty when the question is sound."""
    found: dict[str, str] = {}
    for check in CHECKS:
        try:
            check(question, around)
        except Incomplete as refused:
            for name, sentence in refused.fields.items():
                found.setdefault(name, sentence)
    return found


def _refuse(field: str, sentence: str) -> None:
    raise Incomplete(sentence, fields={field: sentence})


def _text(question: Question, _around: Around) -> None:
    if not question.text.strip():
        _refuse("text", _("Write the question."))


def _topic(question: Question, _around: Around) -> None:
    if not question.topic.strip():
        _refuse("topic", _("Give the question a topic of one to three words."))


def _options(question: Question, _around: Around) -> None:
    table = question.kind in answers.TABLES
    if not table and not all(isinstance(one, str) for one in question.options):
        _refuse("options", _("Columns belong to tables. Write the choices as text."))
    if table and not all(isinstance(one, dict) for one in question.options):
        _refuse("options", _("Give the table columns, each with a name and a kind."))
    if question.kind in CHOICES and not _are_choices(question.options):
        _refuse("options", _("Give two choices or more, each different, one on a line."))
    if table:
        _columns(question.options)


def _are_choices(options: Sequence[str]) -> bool:
    return len(options) >= LEAST_CHOICES and len(set(options)) == len(options) and all(options)


def _columns(columns: Sequence[Mapping[str, Any]]) -> None:
    names = [column.get("name", "") for column in columns]
    if not names or len(set(names)) != len(names) or not all(names):
        _refuse("options", _("Give one column or more, each with a name of its own."))
    if any(column.get("kind") not in answers.CELLS for column in columns):
        kinds = ", ".join(answers.CELLS)
        _refuse("options", _("Use these kinds of column: {kinds}.").format(kinds=kinds))
    for column in columns:
        choices, single = column.get("options", []), column["kind"] == AnswerKind.SINGLE_CHOICE
        if single and not _are_choices(choices):
            sentence = _("Give column {name} two choices or more, each different.")
            _refuse("options", sentence.format(name=column["name"]))
        if choices and not single:
            sentence = _("Only a column of one choice has choices; {name} is none.")
            _refuse("options", sentence.format(name=column["name"]))


def _limits(question: Question, _around: Around) -> None:
    limits, table = question.limits, question.kind in answers.TABLES
    if limits and not table and question.kind not in FIGURES:
        _refuse("limits", _("Only numbers, shares, amounts, tables and groups have limits."))
    least, most = (Decimal(limits.get(name, end)) for name, end in (("least", 0), ("most", 0)))
    if "least" in limits and "most" in limits and least > most:
        _refuse("limits", _("Let the lower limit not be above the higher one."))
    if not table:
        return
    if limits.get("whole") or any(
        end % 1 or not 0 <= end <= answers.MOST_ROWS for end in (least, most)
    ):
        sentence = _("Limit rows by whole numbers from 0 to {most}.")
        _refuse("limits", sentence.format(most=answers.MOST_ROWS))


def _evidence(question: Question, _around: Around) -> None:
    files = question.kind == AnswerKind.FILE or question.evidence
    if not files and question.evidence_class:
        _refuse("evidence_class", _("Name the evidence to attach before saying what it proves."))
    if not files and question.evidence_expires:
        _refuse("evidence_expires", _("Name the evidence to attach before asking when it expires."))


def _may_be_na(question: Question, around: Around) -> None:
    """No bid is excluded, nor saved, by a knock-out that its vendor may leave unanswered."""
    asked = answers.questions_in(answers.what_excludes(question.knockout)) | (
        {question.code} if question.knockout else set()
    )
    spared = sorted(asked & around.may_be_na)
    if question.allows_na and question.knockout:
        _refuse("allows_na", _("A knock-out has to be answered. Take it away, or this."))
    if spared:
        sentence = _("{codes} may be answered as not applicable; a knock-out cannot ask for it.")
        _refuse("knockout", sentence.format(codes=", ".join(spared)))


def _file_kinds(question: Question, _around: Around) -> None:
    taken = sorted(kind[1:] for kind in files.KINDS)
    if question.kind == AnswerKind.FILE and any(
        str(option).lower() not in taken for option in question.options
    ):
        sentence = _("Ask for kinds of file that can be taken: {kinds}.")
        _refuse("options", sentence.format(kinds=", ".join(taken)))


def _mode(question: Question, _around: Around) -> None:
    commercial = question.section.envelope == EnvelopeKind.COMMERCIAL
    if commercial and question.mode in SCORED:
        _refuse(
            "mode",
            _(
                "Commercial answers are opened after quality is scored. Make this question"
                " information or price, or move it to a technical section."
            ),
        )
    if not commercial and (
        question.mode == ScoringMode.PRICE or question.kind == AnswerKind.PRICE_TABLE
    ):
        _refuse("mode", _("Ask for prices in a commercial section; the others are opened first."))


def _stage(question: Question, _around: Around) -> None:
    """Refuse what only makes sense where a vendor answers."""
    if not question.in_stage:
        return
    if question.knockout or question.condition or question.allows_na or question.commitment:
        _refuse(
            "mode",
            _(
                "No vendor answers what is scored in a stage. Take out the knock-out, the"
                " condition, “not applicable” and the commitment, or let evaluators score it."
            ),
        )
    if (question.scale_min, question.scale_max) != STAGE_SCALE:
        _refuse("scale_max", _("A stage is scored from 0 to 5. Set the scale to that."))


def _weight(question: Question, _around: Around) -> None:
    if question.mode in SCORED and question.weight <= 0:
        _refuse("weight", _("Give a scored question points, or make it information."))
    if question.mode not in SCORED and question.weight > 0:
        _refuse("weight", _("Only scored questions carry points. Give 0, or let it be scored."))


def _minimum(question: Question, _around: Around) -> None:
    if question.minimum is None:
        return
    if question.mode not in SCORED:
        _refuse("minimum", _("Only a scored question takes a minimum. Leave it empty."))
    if not question.scale_min < question.minimum <= question.scale_max:
        sentence = _("Give a minimum above {low} and up to {high}, or leave it empty.")
        ends = {"low": plain(question.scale_min), "high": plain(question.scale_max)}
        _refuse("minimum", sentence.format(**ends))


def _held_at(question: Question, _around: Around) -> None:
    if question.held_at is None:
        return
    if question.mode != ScoringMode.MANUAL:
        sentence = _("Only a score that people give is held without evidence. Leave this empty.")
        _refuse("held_at", sentence)
    if not question.evidence_class:
        _refuse("held_at", _("Say under Evidence what the file proves, or leave this empty."))
    if not question.scale_min < question.held_at < question.scale_max:
        sentence = _("Give a score above {low} and below {high}, or leave it empty.")
        ends = {"low": plain(question.scale_min), "high": plain(question.scale_max)}
        _refuse("held_at", sentence.format(**ends))


def _rubric(question: Question, _around: Around) -> None:
    if question.mode != ScoringMode.MANUAL and not question.in_stage:
        return
    missing = [step for step in scale_of(question) if not question.rubric.get(step, "").strip()]
    if missing:
        sentence = _("Write what earns the score: {steps}.").format(steps=", ".join(missing))
        _refuse("rubric", sentence)


def _auto(question: Question, around: Around) -> None:
    if question.mode == ScoringMode.AUTO:
        answers.check_auto(
            question.auto,
            lowest=Decimal(question.scale_min),
            highest=Decimal(question.scale_max),
            facts=set(around.facts),
            options=question.options if question.kind in CHOICES else (),
        )


def _knockout(question: Question, around: Around) -> None:
    answers.check_knockout(
        question.knockout, code=question.code, codes=set(around.codes), facts=set(around.facts)
    )


def _condition(question: Question, around: Around) -> None:
    if not question.condition:
        return
    others = set(around.codes) - {question.code}
    answers.check_condition(question.condition, codes=others, facts=set(around.facts))
    if question.code in around.circle:
        sentence = _("The conditions of {codes} wait for each other. Change one of them.")
        _refuse("condition", sentence.format(codes=", ".join(sorted(set(around.circle)))))


CHECKS: tuple[Callable[[Question, Around], None], ...] = (
    *(_topic, _text, _options, _limits, _file_kinds, _evidence, _mode, _stage, _weight),
    *(_minimum, _held_at),
    *(_rubric, _auto, _knockout, _condition, _may_be_na),
)
