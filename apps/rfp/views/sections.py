"""Sections of the builder: add, rename, weigh, move, remove."""

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.errors import NotFound
from apps.rfp import selectors
from apps.rfp.forms.questionnaire import AddSectionForm, PlaceForm, SectionForm
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.selectors import question_for, rfp_for, section_for
from apps.rfp.services import authoring
from apps.rfp.views.showing import accepted, builder_at, show_builder
from apps.workspace.types import Visit


@require_POST
@page("rfp.author", find=rfp_for)
def add(request: Visit, rfp: Rfp) -> HttpResponse:
    form = AddSectionForm(request.POST)
    if accepted(
        form,
        lambda: authoring.add_section(rfp=rfp, actor=request.user, **form.cleaned_data),
    ):
        return builder_at(rfp, section=selectors.questionnaire(rfp)[-1].section.code)
    return show_builder(request, request.user, rfp, add_section=form)


@require_POST
@page("rfp.author", find=section_for)
def edit(request: Visit, section: Section) -> HttpResponse:
    form, code = SectionForm(request.POST), section.code
    if accepted(
        form,
        lambda: authoring.edit_section(
            rfp=section.rfp,
            section=section,
            title=form.cleaned_data["title"],
            weight=form.cleaned_data["weight"] or "0",
            minimum=form.cleaned_data["minimum"],
            actor=request.user,
        ),
    ):
        return builder_at(section.rfp, section=code)
    return show_builder(request, request.user, section.rfp, section=code, form=form)


@require_POST
@page("rfp.author", find=section_for)
def remove(request: Visit, section: Section) -> HttpResponse:
    authoring.remove_section(rfp=section.rfp, section=section, actor=request.user)
    return builder_at(section.rfp)


@require_POST
@page("rfp.author", find=section_for)
def move(request: Visit, section: Section) -> HttpResponse:
    up = request.POST.get("way") == "up"
    authoring.move_section(rfp=section.rfp, section=section, up=up, actor=request.user)
    return builder_at(section.rfp, section=section.code)


@require_POST
@page("rfp.author", find=rfp_for)
def arrange(request: Visit, rfp: Rfp) -> HttpResponse:
    """Move one question of a list: the button that was pressed names it and the way.

    Dragged or sent to another section, the question comes as `question`, with its new `place` in
    the list or the code of its new `section`.
    """
    way = next((name for name in ("up", "down") if name in request.POST), "question")
    question = question_for(
        request.user,
        procurement_id=rfp.procurement_id,
        question_id=_identifier(request.POST.get(way, "")),
    )
    if way == "question":
        return _place(request, rfp, question)
    authoring.move_question(question=question, up=way == "up", actor=request.user)
    return builder_at(rfp, section=question.section.code, question=question.code)


def _place(request: Visit, rfp: Rfp, question: Question) -> HttpResponse:
    held = {one.code: one for one in Section.objects.filter(rfp=rfp).order_by("position")}
    form, here = PlaceForm(request.POST, sections=list(held.values())), question.section.code
    if accepted(
        form,
        lambda: authoring.place_question(
            question=question,
            section=held.get(form.cleaned_data["section"]),
            place=form.cleaned_data["place"],
            actor=request.user,
        ),
    ):
        return builder_at(rfp, section=question.section.code, question=question.code)
    return show_builder(
        request, request.user, rfp, section=here, question=question.code, placing=form
    )


def _identifier(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound("") from None
