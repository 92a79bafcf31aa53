"""What the pages of the RFP show: ready values, no queries left for the templates."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Lot, Question, Rfp, Round, Section
from apps.rfp.selectors.awarding import told_of_others
from apps.rfp.selectors.burden import Burden, burden
from apps.rfp.selectors.changes import Undoable, undoable
from apps.rfp.selectors.completeness import (
    State,
    adds_up,
    completeness,
    section_weights,
    state_of,
)
from apps.rfp.selectors.informing import shortlist_rule
from apps.rfp.selectors.lots import lots_of, views_of
from apps.rfp.selectors.periods import Period, periods_of
from apps.rfp.selectors.reading import (
    chapter_of,
    facts_of,
    questionnaire,
    round_of,
    sections_of,
)
from apps.rfp.selectors.reviewing import review_blockers
from apps.rfp.selectors.sealing import key_blockers
from apps.rfp.selectors.totals import sentence_of, total_of, weights_of
from apps.rfp.selectors.weights import HUNDRED, counts
from apps.rfp.selectors.wording import (
    auto_words,
    condition_words,
    knockout_words,
    limits_words,
    scored_price,
)
from apps.rfp.states import EnvelopeKind, Preset, RfpState
from apps.rfp.types import Blocker, Chapter, Desk, Fact, Finding, ScoredPrice, plain
from apps.workspace.models import User

LABELS = (
    *(gettext_lazy("None"), gettext_lazy("Weak"), gettext_lazy("Partial")),
    *(gettext_lazy("Sound"), gettext_lazy("Strong"), gettext_lazy("Leading")),
)
SHOWN_AT_ONCE = 250  # questions of a preview: the shipped ones fit on one page
GAP = Decimal("0.3")  # between the parts of the weight bar


@dataclass(frozen=True)
class Anchor:
    score: int
    label: str | Promise
    text: str
    tone: int


@dataclass(frozen=True)
class Row:
    """A question as builder and preview show it."""

    question: Question
    points: str
    asked: bool  # in this tender, as its facts are
    award: Decimal  # of the whole award, 0 to 1, once all weights add up
    condition: str
    knockout: str
    reason: str
    rules: list[tuple[str, str]]
    anchors: list[Anchor]
    columns: list[str]
    limits: str


@dataclass(frozen=True)
class Part:
    """A section in the outline: `left` and `width` draw its piece of the weight bar."""

    section: Section
    questions: int
    weight: str
    weighted: bool
    current: bool
    left: Decimal
    width: Decimal


@dataclass(frozen=True)
class Builder:
    rfp: Rfp
    editable: bool
    parts: list[Part]
    chapter: Chapter | None
    rows: list[Row]
    selected: Row | None
    points: str
    questions: int
    total: str
    total_fits: bool
    total_sentence: str
    lots: tuple[Lot, ...]
    facts: tuple[Fact, ...]
    undoable: Undoable | None


@dataclass(frozen=True)
class Publication:
    rfp: Rfp
    editable: bool
    blockers: tuple[Blocker, ...]
    findings: tuple[Finding, ...]
    round: Round | None
    quality: str
    price: str
    scored_price: ScoredPrice
    told_of_others: tuple[str, ...]
    questions: int
    scored: int
    knockouts: int
    chapters: tuple[Chapter, ...]
    burden: Burden | None  # while there is something to change about it
    preset: Preset
    periods: tuple[Period, ...]
    lots: tuple[Lot, ...]
    shortlist: str  # the rule of a request for information; empty of a tender


@dataclass(frozen=True)
class Preview:
    rfp: Rfp
    round: Round | None
    sections: list[Chapter]
    chapters: list[tuple[Chapter, list[Row]]]  # what is shown: all, or one of a long questionnaire
    folded: bool
    lots: tuple[Lot, ...]


def may_edit(user: User, rfp: Rfp) -> bool:
    return rfp.state == RfpState.DRAFT and can(user, "rfp.author", rfp)


def undo_of(user: User, rfp: Rfp) -> Undoable | None:
    """Return what this person may undo next; None for those who may not edit."""
    return undoable(rfp) if may_edit(user, rfp) else None


def anchors_of(question: Question) -> list[Anchor]:
    """Return the anchors of the rubric in order; tone 0 to 5 colours any scale."""
    low, high = int(question.scale_min), int(question.scale_max)
    found = []
    for score in range(low, high + 1):
        tone = round((score - low) * 5 / (high - low))
        text = question.rubric.get(str(score), "")
        found.append(Anchor(score, LABELS[tone], text, tone))
    return found


def points_of(rfp: Rfp, chapter: Chapter) -> Decimal:
    """Return the points of a section that are given in this tender."""
    return sum((one.weight for one in chapter.scored if counts(rfp, one)), Decimal(0))


def rows_of(rfp: Rfp, chapter: Chapter, facts: tuple[Fact, ...]) -> list[Row]:
    """Return a section's questions as pages show them; what they share is found out once."""
    points, scored = points_of(rfp, chapter), {one.pk for one in chapter.scored}
    weight = chapter.section.weight / HUNDRED * rfp.quality_weight / HUNDRED
    point = weight / points if points else Decimal(0)
    return [
        _row(rfp, one, facts, point if one.pk in scored else Decimal(0))
        for one in chapter.questions
    ]


def _row(rfp: Rfp, question: Question, facts: tuple[Fact, ...], point: Decimal) -> Row:
    """Return one question; `point` is what one of its points weighs in the award, 0 to 1."""
    asked = counts(rfp, question)
    return Row(
        question=question,
        points=plain(question.weight),
        asked=asked,
        award=question.weight * point if asked else Decimal(0),
        condition=condition_words(question, facts),
        knockout=knockout_words(question, facts),
        reason=question.knockout.get("reason", ""),
        rules=auto_words(question),
        anchors=anchors_of(question),
        columns=[one["name"] for one in question.options if isinstance(one, dict)],
        limits=limits_words(question),
    )


def builder(user: User, desk: Desk, *, section: str = "", question: str = "") -> Builder:
    """Return the questionnaire with one section, and perhaps one question, in view."""
    rfp = _started(desk)
    held, facts = sections_of(rfp), facts_of(rfp.questionnaire)
    if question and not section:
        asked = Question.objects.filter(rfp=rfp, code=question, withdrawn=False)
        section = asked.values_list("section__code", flat=True).first() or ""
    current = next((one for one, _n in held if one.code == section), held[0][0] if held else None)
    here = chapter_of(current) if current else None
    rows = rows_of(rfp, here, facts) if here else []
    views = views_of(rfp, tuple(Chapter(one, ()) for one, _n in held))
    missing = [view for view in views if not adds_up(weights_of(view))]
    total = sum(section_weights(one for one, _n in held).values(), Decimal(0))
    return Builder(
        rfp=rfp,
        editable=may_edit(user, rfp),
        parts=_parts(held, current, total),
        chapter=here,
        rows=rows,
        selected=next((row for row in rows if row.question.code == question), None),
        points=plain(points_of(rfp, here)) if here else "",
        questions=sum(count for _section, count in held),
        total=" / ".join(map(total_of, views)),
        total_fits=not missing,
        total_sentence=" ".join(map(sentence_of, missing)),
        lots=tuple(view.lot for view in views if view.lot),
        facts=facts,
        undoable=undoable(rfp) if rfp.state == RfpState.DRAFT else None,
    )


def _started(desk: Desk) -> Rfp:
    if desk.rfp is None:
        raise NotFound(_("This procurement has no RFP yet. The lead starts it."))
    return desk.rfp


def _parts(held: list[tuple[Section, int]], here: Section | None, total: Decimal) -> list[Part]:
    """Lay the sections out in the outline and along a bar of 100."""
    found, left = [], Decimal(0)
    whole = max(total, Decimal(100))
    for section, questions in held:
        width = section.weight * 100 / whole
        found.append(
            Part(
                section=section,
                questions=questions,
                weight=plain(section.weight),
                weighted=section.envelope == EnvelopeKind.TECHNICAL,
                current=section is here,
                left=round(left + GAP, 3),
                width=round(max(width - 2 * GAP, Decimal(0)), 3),
            )
        )
        left += width
    return found


def publication(user: User, desk: Desk) -> Publication:
    """Return what blocks publication and what would be published."""
    rfp = _started(desk)
    state: State = state_of(rfp)
    draft = rfp.state == RfpState.DRAFT
    asked = [one for c in state.chapters for one in c.questions if counts(rfp, one)]
    scored = {one.pk for chapter in state.chapters for one in chapter.scored}
    return Publication(
        rfp=rfp,
        editable=draft and can(user, "rfp.publish", rfp),
        blockers=(*completeness(rfp, state), *review_blockers(rfp), *key_blockers(rfp))
        if draft
        else (),
        findings=state.findings,
        round=round_of(rfp),
        quality=plain(rfp.quality_weight),
        price=plain(rfp.price_weight),
        scored_price=scored_price(rfp),
        told_of_others=told_of_others(rfp),
        questions=len(asked),
        scored=sum(one.pk in scored for one in asked),
        knockouts=sum(bool(one.knockout) for one in asked),
        chapters=state.chapters,
        burden=burden(rfp, state.chapters) if draft else None,
        preset=Preset(rfp.preset),
        periods=periods_of(rfp) if rfp.preset == Preset.PUBLIC else (),
        lots=tuple(view.lot for view in state.views if view.lot),
        shortlist=rule.sentence if (rule := shortlist_rule(rfp)) else "",
    )


def preview(desk: Desk, *, section: str = "") -> Preview:
    """Return the questionnaire as vendors will read it; a long one section by section."""
    rfp = _started(desk)
    facts, sections = facts_of(rfp.questionnaire), questionnaire(rfp)
    folded = sum(len(chapter.questions) for chapter in sections) > SHOWN_AT_ONCE
    here = [one for one in sections if one.section.code == section] or sections[:1]
    return Preview(
        rfp=rfp,
        round=round_of(rfp),
        sections=list(sections),
        chapters=[(one, rows_of(rfp, one, facts)) for one in (here if folded else sections)],
        folded=folded,
        lots=lots_of(rfp),
    )
