"""The RFP as a member of the panel may see it. Vendors read the published one through bids."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apps.core import seeds
from apps.core.errors import NotFound
from apps.rfp.models import Lot, Question, Rfp, Round, Section
from apps.rfp.types import Chapter, Demand, Desk, Fact
from apps.workspace.models import User
from apps.workspace.selectors import procurement_for

QUESTIONNAIRES = "rfp/questionnaires"


def desk_for(user: User, *, procurement_id: uuid.UUID) -> Desk:
    """Return the case file with its RFP, if one was started."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    rfp = (
        Rfp.objects.filter(procurement=procurement)
        .select_related("procurement__organisation", "round", "workload")
        .first()
    )
    return Desk(procurement=procurement, rfp=rfp)


def rfp_for(user: User, *, procurement_id: uuid.UUID) -> Rfp:
    """Return the RFP of a case file on whose panel the person sits."""
    rfp = desk_for(user, procurement_id=procurement_id).rfp
    if rfp is None:
        raise NotFound(_("This procurement has no RFP yet. The lead starts it."))
    return rfp


def section_for(user: User, *, procurement_id: uuid.UUID, section_id: uuid.UUID) -> Section:
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = Section.objects.filter(rfp=rfp, pk=section_id).first()
    if found is None:
        raise NotFound(_("This section is not in the questionnaire any more."))
    found.rfp = rfp
    return found


def lot_for(user: User, *, procurement_id: uuid.UUID, lot_id: uuid.UUID) -> Lot:
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = Lot.objects.filter(rfp=rfp, pk=lot_id).first()
    if found is None:
        raise NotFound(_("This lot is not in the tender any more."))
    found.rfp = rfp
    return found


def question_for(user: User, *, procurement_id: uuid.UUID, question_id: uuid.UUID) -> Question:
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = Question.objects.filter(rfp=rfp, pk=question_id).select_related("section").first()
    if found is None:
        raise NotFound(_("This question is not in the questionnaire any more."))
    found.rfp = rfp
    return found


def questionnaire(rfp: Rfp) -> tuple[Chapter, ...]:
    """Return the sections with the questions asked, in order: two queries."""
    held: dict[uuid.UUID, list[Question]] = {}
    for question in Question.objects.filter(rfp=rfp, withdrawn=False).order_by("position", "pk"):
        held.setdefault(question.section_id, []).append(question)
    return tuple(
        Chapter(section, tuple(held.get(section.pk, ())))
        for section in Section.objects.filter(rfp=rfp).order_by("position", "pk")
    )


def sections_of(rfp: Rfp) -> list[tuple[Section, int]]:
    """Return the sections in order, each with how many questions it asks: no question is read."""
    held = Section.objects.filter(rfp=rfp).order_by("position", "pk")
    asked = Count("questions", filter=Q(questions__withdrawn=False))
    counted = dict(held.annotate(asked=asked).values_list("pk", "asked"))
    return [(section, counted.get(section.pk, 0)) for section in held]


def chapter_of(section: Section) -> Chapter:
    """Return one section with the questions asked in it, in order."""
    asked = Question.objects.filter(section=section, withdrawn=False)
    return Chapter(section, tuple(asked.order_by("position", "pk")))


def round_of(rfp: Rfp) -> Round | None:
    return getattr(rfp, "round", None)


def questions_until(rfp: Rfp, held: Round) -> dt.datetime:
    """Return until when vendors may ask: whole days before the deadline, whichever it is."""
    return held.closes_at - dt.timedelta(days=rfp.question_days)


def workload_of(rfp: Rfp, lot: Lot | None = None) -> Demand | None:
    """Return what is priced: the workload of the lot, or of the whole; None while it is not set."""
    if lot is not None:
        return Demand(lot.workload, lot.workload_source) if lot.workload else None
    held = getattr(rfp, "workload", None)
    return Demand(held.content, held.source) if held else None


def own_cost_of(rfp: Rfp, lot: Lot | None = None) -> dict[str, Any] | None:
    """Return today's in-house cost as a quote; None where none was given, and for every vendor."""
    held = getattr(rfp if lot is None else lot, "own_cost", None)
    return held.quote if held else None


def frozen_content(rfp: Rfp) -> bytes:
    """Return the published content, byte for byte; NotFound while there is none."""
    if not rfp.frozen:
        raise NotFound(_("This RFP has not been published."))
    return rfp.frozen.encode()


def facts_of(slug: str) -> tuple[Fact, ...]:
    """Return the facts that a shipped questionnaire asks about the tender; none without one."""
    content = seeds.load(QUESTIONNAIRES, slug) if slug else {}
    return tuple(
        Fact(key, one["label"], one.get("help", ""), one["kind"], tuple(one.get("options", ())))
        for key, one in content.get("facts", {}).items()
    )
