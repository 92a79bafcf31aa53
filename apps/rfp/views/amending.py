"""Addenda: what was changed after publication, and the draft of the next change."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.errors import NotFound
from apps.core.forms import Form
from apps.rfp import selectors
from apps.rfp.forms.amending import (
    AddQuestionForm,
    ChangeQuestionForm,
    FactsForm,
    IntroductionForm,
    PickForm,
    PublishAddendumForm,
)
from apps.rfp.models import Addendum, Question, Rfp
from apps.rfp.services import amending
from apps.rfp.views.showing import UNREADABLE, accepted
from apps.workspace.types import Visit


@page("rfp.view", find=selectors.rfp_for)
def addenda(request: Visit, rfp: Rfp) -> HttpResponse:
    shown = selectors.addenda_page(request.user, rfp)
    return render(request, "rfp/addenda.html", {"page": shown})


@require_POST
@page("rfp.amend", find=selectors.rfp_for)
def start(request: Visit, rfp: Rfp) -> HttpResponse:
    return _back(amending.start(rfp=rfp, actor=request.user))


def _back(held: Addendum) -> HttpResponse:
    return redirect("rfp:addendum", procurement_id=held.procurement_id, addendum_id=held.pk)


@page("rfp.amend", find=selectors.addendum_for)
def addendum(request: Visit, held: Addendum) -> HttpResponse:
    return _show(request, held)


def _show(request: Visit, held: Addendum, **forms: Form) -> HttpResponse:
    shown = selectors.addendum_page(held)
    facts = selectors.facts_of(held.rfp.questionnaire)
    every = tuple(one for chapter in shown.chapters for one in chapter.questions)
    code = request.POST.get("code") or request.GET.get("question")
    picked = next((one for one in every if one.code == code), None)
    context: dict[str, Any] = {
        "page": shown,
        "introduction": IntroductionForm(initial={"introduction": _introduction(held)}),
        "facts": FactsForm(facts=facts, initial=FactsForm.initial_of(held.rfp, facts)),
        "pick": PickForm(questions=every),
        "change": ChangeQuestionForm(initial=_texts(held, picked)) if picked else None,
        "withdraw": PickForm(questions=shown.removable, auto_id="w_%s"),
        "add": AddQuestionForm(chapters=shown.chapters, auto_id="a_%s"),
        "publish": PublishAddendumForm(auto_id="p_%s"),
        "picked": picked,
        **forms,
    }
    context["form"] = next((form for form in forms.values() if form.errors), None)
    status = UNREADABLE if context["form"] else 200
    return render(request, "rfp/addendum.html", context, status=status)


def _introduction(held: Addendum) -> str:
    changed = (one["to"] for one in held.changes if one["kind"] == "introduction")
    return str(next(changed, held.rfp.introduction))


def _texts(held: Addendum, question: Question) -> dict[str, str]:
    """Return a question's texts as the draft of the addendum has them."""
    initial = ChangeQuestionForm.initial_of(question)
    for one in held.changes:
        if one["kind"] == "question" and one["question"] == str(question.pk):
            initial |= one["to"]
    return initial


def _act(
    request: Visit, held: Addendum, name: str, form: Form, act: Callable[[], object]
) -> HttpResponse:
    if accepted(form, act):
        return _back(held)
    return _show(request, held, **{name: form})


@require_POST
@page("rfp.amend", find=selectors.addendum_for)
def introduction(request: Visit, held: Addendum) -> HttpResponse:
    form = IntroductionForm(request.POST)

    def act() -> None:
        text = form.cleaned_data["introduction"]
        amending.change_introduction(addendum=held, text=text, actor=request.user)

    return _act(request, held, "introduction", form, act)


@require_POST
@page("rfp.amend", find=selectors.addendum_for)
def facts(request: Visit, held: Addendum) -> HttpResponse:
    form = FactsForm(request.POST, facts=selectors.facts_of(held.rfp.questionnaire))

    def act() -> None:
        amending.change_facts(addendum=held, facts=form.given(), actor=request.user)

    return _act(request, held, "facts", form, act)


def _question(held: Addendum, code: object) -> Question:
    found = Question.objects.filter(rfp=held.rfp, code=str(code), withdrawn=False)
    question = found.select_related("section").first()
    if question is None:
        raise NotFound(_("There is no such question in this RFP."))
    question.rfp = held.rfp
    return question


@require_POST
@page("rfp.amend", find=selectors.addendum_for)
def question(request: Visit, held: Addendum) -> HttpResponse:
    found = _question(held, request.POST.get("code"))
    form = ChangeQuestionForm(request.POST)

    def act() -> None:
        texts = form.cleaned_data
        amending.change_question(addendum=held, question=found, actor=request.user, **texts)

    if accepted(form, act):
        return _back(held)
    return _show(request, held, change=form)


@require_POST
@page("rfp.amend", find=selectors.addendum_for)
def withdraw(request: Visit, held: Addendum) -> HttpResponse:
    shown = selectors.addendum_page(held)
    every = tuple(one for chapter in shown.chapters for one in chapter.questions)
    form = PickForm(request.POST, questions=every, auto_id="w_%s")

    def act() -> None:
        found = _question(held, form.cleaned_data["question"])
        amending.withdraw_question(addendum=held, question=found, actor=request.user)

    return _act(request, held, "withdraw", form, act)


@require_POST
@page("rfp.amend", find=selectors.addendum_for)
def add(request: Visit, held: Addendum) -> HttpResponse:
    chapters = selectors.questionnaire(held.rfp)
    form = AddQuestionForm(request.POST, chapters=chapters, auto_id="a_%s")

    def act() -> None:
        named = form.cleaned_data["section"]
        section = next(one.section for one in chapters if str(one.section.pk) == named)
        amending.add_question(addendum=held, section=section, actor=request.user, **form.values())

    return _act(request, held, "add", form, act)


@require_POST
@page("rfp.amend", find=selectors.addendum_for)
def undo(request: Visit, held: Addendum) -> HttpResponse:
    given = request.POST.get("number", "")
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else 0  # noqa: PLR2004 -- no list is longer
    amending.undo(addendum=held, number=number, actor=request.user)
    return _back(held)


@require_POST
@page("rfp.amend", find=selectors.addendum_for)
def publish(request: Visit, held: Addendum) -> HttpResponse:
    form = PublishAddendumForm(request.POST, auto_id="p_%s")

    def act() -> None:
        amending.publish(addendum=held, actor=request.user, **form.cleaned_data)

    if accepted(form, act):
        return redirect("rfp:addenda", procurement_id=held.procurement_id)
    return _show(request, held, publish=form)


@require_POST
@page("rfp.amend", find=selectors.addendum_for)
def discard(request: Visit, held: Addendum) -> HttpResponse:
    amending.discard(addendum=held, actor=request.user)
    return redirect("rfp:addenda", procurement_id=held.procurement_id)
