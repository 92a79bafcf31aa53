"""Questions of the builder: add, edit tab by tab, remove."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.rfp import selectors
from apps.rfp.forms.questions import AddQuestionForm
from apps.rfp.models import Question, Section
from apps.rfp.selectors import question_for, section_for
from apps.rfp.services import authoring
from apps.rfp.views.showing import TABS, accepted, builder_at, show_builder, tab_form
from apps.workspace.types import Visit


@require_POST
@page("rfp.author", find=section_for)
def add(request: Visit, section: Section) -> HttpResponse:
    form, added = AddQuestionForm(request.POST), []
    if accepted(
        form,
        lambda: added.append(
            authoring.add_question(section=section, actor=request.user, **form.values())
        ),
    ):
        return builder_at(section.rfp, section=section.code, question=added[0].code, tab="scoring")
    return show_builder(request, request.user, section.rfp, section=section.code, add_question=form)


@require_POST
@page("rfp.author", find=question_for)
def edit(request: Visit, question: Question) -> HttpResponse:
    tab = request.POST.get("tab", TABS[0])
    tab = tab if tab in TABS else TABS[0]
    place = {"section": question.section.code, "question": question.code, "tab": tab}
    form = tab_form(
        tab, question, selectors.facts_of(question.rfp.questionnaire), data=request.POST
    )
    if accepted(
        form,
        lambda: authoring.edit_question(question=question, actor=request.user, **form.changes()),
    ):
        return builder_at(question.rfp, **place)
    return show_builder(request, request.user, question.rfp, **place, form=form)  # type: ignore[arg-type]  # place holds text


@require_POST
@page("rfp.author", find=question_for)
def remove(request: Visit, question: Question) -> HttpResponse:
    section = question.section.code
    authoring.remove_question(question=question, actor=request.user)
    return builder_at(question.rfp, section=section)
