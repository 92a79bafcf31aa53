"""The questionnaire as a whole: start it, see it, weigh it, choose what to ask."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import can, page
from apps.rfp import selectors
from apps.rfp.forms.questionnaire import AddSectionForm, KeepForm, StartForm, WeightsForm
from apps.rfp.forms.questions import AddQuestionForm
from apps.rfp.models import Rfp
from apps.rfp.services import authoring
from apps.rfp.states import Preset
from apps.rfp.types import Desk
from apps.rfp.views.showing import (
    UNREADABLE,
    accepted,
    builder_at,
    posted,
    show_builder,
    show_start,
)
from apps.workspace.types import Visit


@page("rfp.author", find=selectors.desk_for)
def start(request: Visit, desk: Desk) -> HttpResponse:
    """Choose what to start from, which packs to add and how much ceremony it takes."""
    if desk.rfp is not None:
        return redirect("rfp:builder", procurement_id=desk.procurement.pk)
    offer = selectors.sources(request.user, desk.procurement)
    asked = {"kind": request.GET.get("kind", "")}
    form = StartForm(posted(request), sources=offer.names, packs=offer.packs, initial=asked)
    if request.method == "POST" and accepted(
        form,
        lambda: authoring.start(procurement=desk.procurement, actor=request.user, **form.chosen()),
    ):
        # Essential has chosen already; the list of all there is comes where one may ask more.
        chosen = form.cleaned_data["preset"] == Preset.ESSENTIAL
        page_name = "rfp:builder" if chosen else "rfp:choose"
        return redirect(page_name, procurement_id=desk.procurement.pk)
    return show_start(request, desk, offer, form=form)


@page("rfp.view", find=selectors.desk_for)
def builder(request: Visit, desk: Desk) -> HttpResponse:
    """Show the questionnaire. Before it is started, the lead starts it and others read that."""
    if desk.rfp is None:
        return unstarted(request, desk)
    wanted = {name: request.GET.get(name, "") for name in ("section", "question", "tab")}
    adding = {
        "section": ("add_section", AddSectionForm()),
        "question": ("add_question", AddQuestionForm(initial={"required": True})),
    }.get(request.GET.get("add", ""))
    forms = {adding[0]: adding[1]} if adding and selectors.may_edit(request.user, desk.rfp) else {}
    return show_builder(request, request.user, desk.rfp, **wanted, **forms)  # type: ignore[arg-type]  # names of forms


def unstarted(request: Visit, desk: Desk) -> HttpResponse:
    if can(request.user, "rfp.author", desk):
        return redirect("rfp:start", procurement_id=desk.procurement.pk)
    return render(request, "rfp/unstarted.html", {"desk": desk})


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def weights(request: Visit, rfp: Rfp) -> HttpResponse:
    codes = [
        part.section.code
        for part in selectors.builder(request.user, Desk(rfp.procurement, rfp)).parts
        if part.weighted
    ]
    form = WeightsForm(request.POST, codes=codes)
    here = request.POST.get("section", "")
    if accepted(
        form,
        lambda: authoring.weigh_sections(rfp=rfp, weights=form.weights(), actor=request.user),
    ):
        return builder_at(rfp, section=here)
    return show_builder(request, request.user, rfp, section=here, weights=form)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def share_out(request: Visit, rfp: Rfp) -> HttpResponse:
    authoring.share_out(rfp=rfp, actor=request.user)
    return builder_at(rfp, section=request.POST.get("section", ""))


@page("rfp.author", find=selectors.rfp_for)
def choose(request: Visit, rfp: Rfp) -> HttpResponse:
    """Tick what to ask: the shipped questions, and those of one's own."""
    offer = selectors.offer(rfp)
    codes = [line.code for group in offer for line in group.lines]
    form = KeepForm(posted(request), codes=codes)
    if request.method == "POST" and accepted(
        form,
        lambda: authoring.keep_questions(
            rfp=rfp, codes=form.cleaned_data["codes"], actor=request.user
        ),
    ):
        return builder_at(rfp)
    context = {
        "form": form,
        "offer": offer,
        "packs": [one for one in selectors.packs() if one.slug not in rfp.packs],
        "rfp": rfp,
        "editable": selectors.may_edit(request.user, rfp),
    }
    return render(request, "rfp/choose.html", context, status=UNREADABLE if form.errors else 200)
