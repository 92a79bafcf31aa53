"""A draft in the plain form that workbooks and questionnaire files share."""

from collections.abc import Iterable
from typing import Any

from apps.rfp.models import Question, Rfp
from apps.rfp.selectors.lots import lots_of
from apps.rfp.selectors.reading import questionnaire
from apps.rfp.types import Chapter, least
from apps.rfp.workbooks.form import Form, Item, Lot, Part, anchors, figure


def form_of(rfp: Rfp, chapters: Iterable[Chapter] | None = None) -> Form:
    """Return the questionnaire of an RFP as plain values: three queries, one with its chapters."""
    lots = lots_of(rfp)
    codes: dict[Any, str] = {lot.pk: lot.code for lot in lots}
    return Form(
        head={
            "slug": rfp.questionnaire,
            "title": rfp.procurement.title,
            "reference": rfp.procurement.reference,
            "rfp": str(rfp.pk),
        },
        parts=tuple(
            Part(
                code=chapter.section.code,
                title=chapter.section.title,
                weight=figure(chapter.section.weight),
                minimum=least(chapter.section.minimum) or "",
                envelope=chapter.section.envelope,
                lot=codes.get(chapter.section.lot_id, ""),
                items=tuple(item_of(question) for question in chapter.questions),
            )
            for chapter in (questionnaire(rfp) if chapters is None else chapters)
        ),
        lots=tuple(Lot(code=one.code, name=one.name, description=one.description) for one in lots),
    )


def item_of(question: Question) -> Item:
    return Item(
        code=question.code,
        topic=question.topic,
        text=question.text,
        kind=question.kind,
        options=tuple(question.options),
        unit=question.unit,
        weight=figure(question.weight),
        required=question.required,
        mode=question.mode,
        rubric=anchors(question.rubric),
        knockout=dict(question.knockout),
        condition=dict(question.condition),
        auto=tuple(question.auto),
        evidence=question.evidence,
        evidence_required=question.evidence_required,
        evidence_class=question.evidence_class,
        evidence_expires=question.evidence_expires,
        word_limit=question.word_limit,
        limits=dict(question.limits),
        minimum=least(question.minimum) or "",
        held_at=least(question.held_at) or "",
        allows_na=question.allows_na,
        commitment=question.commitment,
        domain=question.domain,
        scale=(figure(question.scale_min), figure(question.scale_max)),
    )
