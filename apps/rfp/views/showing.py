"""What the builder's views share: the page around a form, and the way back to a place in it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from apps.core.errors import Incomplete
from apps.core.forms import Form
from apps.rfp import selectors
from apps.rfp.forms.importing import BringForm
from apps.rfp.forms.logic import LogicForm
from apps.rfp.forms.questionnaire import PlaceForm, SectionForm, StartForm
from apps.rfp.forms.questions import EvidenceForm, QuestionForm
from apps.rfp.forms.scoring import ScoringForm
from apps.rfp.models import Question, Rfp
from apps.rfp.selectors.library import Sources
from apps.rfp.selectors.pages import Builder, Part
from apps.rfp.selectors.presets import WORDS as PRESETS
from apps.rfp.states import Preset, RfpKind
from apps.rfp.types import Desk, Fact, least
from apps.workspace.models import User

TABS = ("question", "scoring", "evidence", "logic")
UNREADABLE = 422


def accepted(form: Form, act: Callable[[], object]) -> bool:
    """Do it when the form is in order; a refusal of the service is shown beside its field."""
    if not form.is_valid():
        return False
    try:
        act()
    except Incomplete as error:
        form.carry(error)
        return False
    return True


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with; None while it is only looked at."""
    return request.POST if request.method == "POST" else None


def builder_at(
    rfp: Rfp, *, section: str = "", question: str = "", tab: str = ""
) -> HttpResponseRedirect:
    """Lead back to a place in the builder."""
    wanted = {"section": section, "question": question, "tab": tab}
    query = urlencode({name: value for name, value in wanted.items() if value})
    url = reverse("rfp:builder", args=[rfp.procurement_id])
    place = "#h-insp" if question else ""
    return HttpResponseRedirect(f"{url}?{query}{place}" if query else url)


def tab_form(
    tab: str,
    question: Question,
    facts: tuple[Fact, ...],
    data: Any = None,
) -> QuestionForm | ScoringForm | EvidenceForm | LogicForm:
    """Return the form of one tab of the inspector, filled from the question or from what came."""
    if tab == "scoring":
        return ScoringForm(data, question=question, initial=ScoringForm.initial_of(question))
    if tab == "evidence":
        return EvidenceForm(data, initial=EvidenceForm.initial_of(question))
    if tab == "logic":
        others = Question.objects.filter(rfp=question.rfp).exclude(pk=question.pk)
        return LogicForm(
            data,
            question=question,
            others=list(others.order_by("position", "code")),
            facts=facts,
            initial=LogicForm.initial_of(question),
        )
    return QuestionForm(data, initial=QuestionForm.initial_of(question))


def show_start(
    request: HttpRequest,
    desk: Desk,
    offer: Sources,
    *,
    form: StartForm,
    bring: BringForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page on which a questionnaire is started: from what is at hand, or from a file."""
    information = form["kind"].value() == RfpKind.INFORMATION
    context = {
        "form": form,
        "information": information,
        "bring": bring or BringForm(),
        "offer": offer,
        "presets": {
            one: words
            for one, words in PRESETS.items()
            if not (information and one == Preset.ESSENTIAL)
        },
        "procurement": desk.procurement,
    }
    return render(request, "rfp/start.html", context, status=UNREADABLE if form.errors else status)


def show_builder(
    request: HttpRequest,
    user: User,
    rfp: Rfp,
    *,
    section: str = "",
    question: str = "",
    tab: str = "",
    **forms: Form,
) -> HttpResponse:
    """Draw the builder; `forms` are those to show again with their errors, by their place."""
    desk = Desk(procurement=rfp.procurement, rfp=rfp)
    page = selectors.builder(user, desk, section=section, question=question)
    tab = tab if tab in TABS else TABS[0]
    context: dict[str, Any] = {"page": page, "tab": tab, "tabs": TABS, "add": ""}
    if page.editable:
        context["form"] = _form(page, tab)
        context["placing"] = PlaceForm(
            initial={"section": page.chapter.section.code if page.chapter else ""},
            sections=[part.section for part in page.parts],
        )
    context |= forms
    context["outline"] = _outline(page, forms.get("weights"))
    failed = any(form.errors for form in forms.values())
    return render(request, "rfp/builder.html", context, status=UNREADABLE if failed else 200)


def _outline(page: Builder, typed: Form | None) -> list[tuple[Part, str, bool]]:
    """Return each section with its weight as last typed, and whether that was refused."""
    if typed is None:
        return [(part, part.weight, False) for part in page.parts]
    names = [(part, f"weight-{part.section.code}") for part in page.parts]
    return [(part, typed.data.get(name, part.weight), name in typed.errors) for part, name in names]


def _form(page: Builder, tab: str) -> Form | None:
    if page.selected is not None:
        question = page.selected.question
        question.rfp = page.rfp
        return tab_form(tab, question, page.facts)
    if page.chapter is None:
        return None
    section = page.chapter.section
    weight = next(part.weight for part in page.parts if part.current)
    given = {"title": section.title, "weight": weight, "minimum": least(section.minimum) or ""}
    return SectionForm(initial=given)
