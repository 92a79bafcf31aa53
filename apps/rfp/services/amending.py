"""Addenda: what may change after publication, drafted change by change, published as a version.

Texts may change, facts may change where no weight follows them, questions without points may come
and go. Weights, price formula, knock-outs and pricing models cannot: see docs/adr.
"""

from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.core.workflow import move, require
from apps.proof import canonical, hashes
from apps.rfp.models import Addendum, Question, Rfp, Section
from apps.rfp.selectors.amending import amended, comes_late, row_of, trial
from apps.rfp.selectors.differences import differences
from apps.rfp.selectors.freezing import content_of
from apps.rfp.selectors.reading import questionnaire
from apps.rfp.selectors.soundness import Around, faults
from apps.rfp.services.drafting import lock, record, refuse, text_of
from apps.rfp.services.questions import FIELDS
from apps.rfp.services.sections import next_position
from apps.rfp.services.telling import panel, tell, vendors
from apps.rfp.services.terms import read_facts
from apps.rfp.states import ADDENDUM, AddendumState, Consequence, RfpState, ScoringMode
from apps.rfp.types import Chapter
from apps.workspace.models import User

REASON = 2000
TEXTS = ("topic", "text", "evidence")
ADDED = ("topic", "text", "kind", "options", "unit", "required", "evidence", "word_limit")

Change = dict[str, Any]


@transaction.atomic
def start(*, rfp: Rfp, actor: User) -> Addendum:
    """Begin an addendum, or return the one that is being drafted."""
    _running(rfp, actor)
    held = Addendum.objects.filter(rfp=rfp, state=AddendumState.DRAFT).first()
    if held is not None:
        held.rfp = rfp
        return held
    made = Addendum.objects.create(organisation_id=rfp.organisation_id, rfp=rfp, drafted_by=actor)
    record(rfp, "draft_addendum", actor, addendum=made.pk)
    return made


def change_introduction(*, addendum: Addendum, text: str, actor: User) -> None:
    said = text_of(text, "introduction", 10_000)
    _put(addendum, {"kind": "introduction", "to": said}, actor)


def change_facts(*, addendum: Addendum, facts: Mapping[str, Any], actor: User) -> None:
    """Change facts of the tender, as long as no scored question comes or goes with them."""
    rfp = addendum.rfp
    _put(addendum, {"kind": "facts", "to": read_facts(rfp.questionnaire, rfp.facts, facts)}, actor)


def change_question(*, addendum: Addendum, question: Question, actor: User, **texts: str) -> None:
    """Change topic, text or the evidence asked for; nothing else of a published question moves."""
    if unknown := sorted(set(texts) - set(TEXTS)):
        sentence = _("An addendum changes a question's topic, text and evidence, nothing else.")
        raise Incomplete(sentence, fields=dict.fromkeys(unknown, sentence))
    read = {name: FIELDS[name](raw) for name, raw in texts.items()}
    for name in ("topic", "text"):
        if name in read and not read[name]:
            raise refuse(name, _("Write it out; it cannot be empty."))
    to = {name: text for name, text in read.items() if text != getattr(question, name)}
    _put(addendum, {"kind": "question", "question": str(question.pk), "to": to}, actor)


def add_question(*, addendum: Addendum, section: Section, actor: User, **values: Any) -> None:
    """Add a question that carries no points: it informs, and nothing is judged by it."""
    if unknown := sorted(set(values) - set(ADDED)):
        sentence = _("An added question carries no points and no rule of its own.")
        raise Incomplete(sentence, fields=dict.fromkeys(unknown, sentence))
    rfp = addendum.rfp
    question = Question(
        organisation_id=rfp.organisation_id,
        created_at=clock.now(),
        rfp=rfp,
        section=section,
        code=_next_code(addendum, section),
        position=next_position(section) + len(addendum.changes),
        mode=ScoringMode.INFO,
        weight=0,
    )
    wrong: dict[str, str] = {}
    for name, raw in values.items():
        try:
            setattr(question, name, FIELDS[name](raw))
        except Incomplete as refused:
            wrong |= refused.fields
    every = [one for chapter in questionnaire(rfp) for one in chapter.questions]
    wrong = wrong or faults(question, Around.of([*every, question], rfp.questionnaire))
    if wrong:
        raise Incomplete(_("Some fields need another look."), fields=wrong)
    _put(addendum, {"kind": "add", "row": row_of(question)}, actor)


def _next_code(addendum: Addendum, section: Section) -> str:
    taken = set(Question.objects.filter(rfp=addendum.rfp).values_list("code", flat=True))
    taken |= {one["row"]["code"] for one in addendum.changes if one["kind"] == "add"}
    return next(code for n in range(1, 1000) if (code := f"{section.code}.{n:02}") not in taken)


def withdraw_question(*, addendum: Addendum, question: Question, actor: User) -> None:
    """Ask a question no more. One that carries points or a knock-out stays."""
    if question.weight or question.knockout:
        raise refuse(
            "question",
            _(
                "Question {code} carries points or a knock-out. Taking it out would change how bids"
                " are judged, which an addendum cannot."
            ).format(code=question.code),
        )
    for other in Question.objects.filter(rfp=addendum.rfp, withdrawn=False).exclude(pk=question.pk):
        tests = [other.condition, *other.knockout.get("all", [])]
        if any(test.get("question") == question.code for test in tests):
            sentence = _("Question {other} depends on {code}; it stays.")
            raise refuse("question", sentence.format(other=other.code, code=question.code))
    _put(addendum, {"kind": "withdraw", "question": str(question.pk)}, actor)


@transaction.atomic
def undo(*, addendum: Addendum, number: int, actor: User) -> None:
    """Take one change out of the draft, by its place in the list, 1 for the first."""
    _drafted(addendum, actor)
    if not 1 <= number <= len(addendum.changes):
        raise WrongState(_("This change is not in the addendum any more."))
    left = [one for at, one in enumerate(addendum.changes, start=1) if at != number]
    _save(addendum, left, actor)


@transaction.atomic
def discard(*, addendum: Addendum, actor: User) -> None:
    """Give the draft of an addendum up; nothing was published."""
    authorise(actor, "rfp.amend", addendum)
    lock(addendum.rfp)
    move(addendum, ADDENDUM, "discard", actor=actor)


def _key(change: Mapping[str, Any]) -> tuple[str, str]:
    return change["kind"], change.get("question", "") or change.get("row", {}).get("id", "")


@transaction.atomic
def _put(addendum: Addendum, change: Change, actor: User) -> None:
    """Keep one change: a later one of the same thing replaces it, one without effect removes it."""
    _drafted(addendum, actor)
    others = [one for one in addendum.changes if _key(one) != _key(change)]
    if change["kind"] == "question":
        gone = {one["question"] for one in others if one["kind"] == "withdraw"}
        if change["question"] in gone:
            raise refuse("text", _("This addendum takes the question out. Undo that first."))
    if change["kind"] == "withdraw":
        others = [one for one in others if one.get("question") != change["question"]]
    changes = [*others, change]
    _require_same_judgement(addendum.rfp, changes)
    if content_of(addendum.rfp) == amended(addendum.rfp, [change]):
        changes = others
    _save(addendum, changes, actor)


def _save(addendum: Addendum, changes: list[Change], actor: User) -> None:
    addendum.changes = changes
    addendum.save(update_fields=["changes"])
    kinds = sorted({one["kind"] for one in changes})
    record(addendum.rfp, "draft_addendum", actor, addendum=addendum.pk, changes=kinds)


def _require_same_judgement(rfp: Rfp, changes: list[Change]) -> None:
    """Refuse whatever moves a weight, a knock-out, or which scored question is asked."""
    chapters = questionnaire(rfp)
    after, sections = trial(rfp, chapters, changes)
    before = _award(content_of(rfp, chapters)), _judged(rfp, chapters)
    if before != (_award(content_of(after, sections)), _judged(after, sections)):
        raise Incomplete(
            _(
                "This would change what weighs how much, or which knock-out applies. After"
                " publication neither can change: cancel the RFP and publish a new one instead."
            )
        )


def _award(content: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return what weighs how much: of the whole, and of each lot."""
    return content["award"], content.get("lots")


def _judged(rfp: Rfp, chapters: tuple[Chapter, ...]) -> list[tuple[Any, ...]]:
    """Return what decides each judged question, the facts its rules ask for included."""
    return [
        (one.code, one.weight, one.knockout, [(key, rfp.facts.get(key)) for key in _facts_in(one)])
        for chapter in chapters
        for one in chapter.questions
        if one.weight or one.knockout
    ]


def _facts_in(question: Question) -> list[str]:
    """Return the facts that a question's rules ask for, however deep they stand."""
    found: set[str] = set()
    left: list[Any] = [question.condition, question.knockout, question.auto]
    while left:
        rule = left.pop()
        if isinstance(rule, Mapping):
            found |= {str(rule["fact"])} if "fact" in rule else set()
            left += rule.values()
        elif isinstance(rule, list):
            left += rule
    return sorted(found)


def _running(rfp: Rfp, actor: User) -> None:
    authorise(actor, "rfp.amend", rfp)
    lock(rfp)
    if rfp.state != RfpState.PUBLISHED or clock.database_now() >= rfp.round.closes_at:
        raise WrongState(_("An addendum changes a published RFP before its deadline."))


def _drafted(addendum: Addendum, actor: User) -> None:
    _running(addendum.rfp, actor)
    Addendum.objects.select_for_update(of=("self",)).get(pk=addendum.pk)
    addendum.refresh_from_db(fields=["state", "changes"])
    require(addendum, ADDENDUM, "publish")


@transaction.atomic
def publish(
    *, addendum: Addendum, reason: str, consequence: str, actor: User, late_reason: str = ""
) -> Addendum:
    """Make a new version of the published content and tell everybody what changed.

    Near the deadline it needs an extension that was confirmed since it was begun, or a reason.
    """
    _drafted(addendum, actor)
    rfp = addendum.rfp
    why = text_of(reason, "reason", REASON, needed=_("Say why; every vendor will read it."))
    late = text_of(late_reason, "late_reason", REASON)
    if consequence not in Consequence.values:
        raise refuse("consequence", _("Choose what it means for a bid that was submitted."))
    if not addendum.changes:
        raise WrongState(_("This addendum changes nothing yet."))
    if comes_late(addendum) and not late:
        sentence = _("The deadline is near. Extend it first, or say why the time is enough.")
        raise refuse("late_reason", sentence)
    _require_same_judgement(rfp, addendum.changes)
    content = amended(rfp, addendum.changes)
    told = differences(content_of(rfp), content)
    body = canonical.encode(content)
    number = _amend(addendum, body)
    digest = hashes.of_bytes(body)
    _written(addendum, number, digest, actor, reason=why, consequence=consequence, late_reason=late)
    rfp.refresh_from_db()
    if canonical.encode(content_of(rfp)) != body:
        raise AssertionError("what was published is not what is stored")
    event = f"addendum:{addendum.pk}"
    shown = {"addendum": addendum, "differences": told}
    tell(rfp, "rfp_addendum", event, actor, panel(rfp), **shown)
    tell(rfp, "rfp_addendum", event, actor, vendors(rfp), **shown, vendor=True)
    return addendum


def _written(addendum: Addendum, number: int, digest: str, actor: User, **said: str) -> None:
    values = {"version": number, "published_at": clock.database_now(), **said}
    named = {name: said[name] for name in ("consequence", "reason")}
    payload = {"version": number, "digest": digest, **named}
    move(addendum, ADDENDUM, "publish", actor=actor, payload=payload, also=values)


def _amend(addendum: Addendum, body: bytes) -> int:
    """Let the database apply the changes: it takes nothing else from anybody."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT cceval_amend(%s, %s, %s)",
                [addendum.pk, body.decode(), hashes.of_bytes(body)],
            )
            return int(cursor.fetchone()[0])
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "CC409":
            raise
        raise WrongState(
            _("This addendum cannot be published any more: the deadline passed or bids are open.")
        ) from None
