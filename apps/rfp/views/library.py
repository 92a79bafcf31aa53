"""Templates of the organisation, the question bank, packs."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import can, page
from apps.rfp import selectors
from apps.rfp.forms.library import SearchForm, TakeForm, TemplateForm
from apps.rfp.models import Rfp
from apps.rfp.selectors.library import Held
from apps.rfp.services import authoring
from apps.rfp.services.banking import Added
from apps.rfp.types import Desk
from apps.rfp.views.showing import UNREADABLE, accepted, builder_at, posted
from apps.workspace.types import Visit

SHOWN = 40  # questions of the bank on one page


@page("rfp.view", find=selectors.desk_for)
def templates(request: Visit, desk: Desk) -> HttpResponse:
    return _templates(request, desk, TemplateForm())


def _templates(request: Visit, desk: Desk, form: TemplateForm, **more: Any) -> HttpResponse:
    context = {
        "desk": desk,
        "kept": selectors.templates(),
        "form": form,
        "may_keep": can(request.user, "rfp.author", desk),
        **more,
    }
    failed = form.errors or (more.get("rename") and more["rename"].errors)
    return render(request, "rfp/templates.html", context, status=UNREADABLE if failed else 200)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def save_template(request: Visit, rfp: Rfp) -> HttpResponse:
    form = TemplateForm(request.POST)
    if accepted(
        form,
        lambda: authoring.save_template(rfp=rfp, actor=request.user, **form.cleaned_data),
    ):
        return redirect("rfp:templates", procurement_id=rfp.procurement_id)
    return _templates(request, Desk(rfp.procurement, rfp), form)


@require_POST
@page("rfp.author", find=selectors.template_for)
def rename_template(request: Visit, held: Held) -> HttpResponse:
    form = TemplateForm(request.POST)
    if accepted(
        form,
        lambda: authoring.rename_template(
            procurement=held.procurement,
            template=held.template,
            actor=request.user,
            **form.cleaned_data,
        ),
    ):
        return redirect("rfp:templates", procurement_id=held.procurement.pk)
    desk = selectors.desk_for(request.user, procurement_id=held.procurement.pk)
    return _templates(request, desk, TemplateForm(), rename=form, renamed=held.template.pk)


@require_POST
@page("rfp.author", find=selectors.template_for)
def delete_template(request: Visit, held: Held) -> HttpResponse:
    authoring.delete_template(
        procurement=held.procurement, template=held.template, actor=request.user
    )
    return redirect("rfp:templates", procurement_id=held.procurement.pk)


@page("rfp.author", find=selectors.rfp_for)
def bank(request: Visit, rfp: Rfp) -> HttpResponse:
    """Search the bank; a POST adds what was ticked to a section."""
    search = SearchForm(request.GET)
    wanted = search.wanted()
    found = selectors.bank(request.user, rfp, **wanted)
    sections = [chapter.section for chapter in selectors.questionnaire(rfp)]
    form = TakeForm(
        posted(request),
        sections=sections,
        keys=[one.key for one in found],
        initial={"section": request.GET.get("section", "")},
    )
    added: list[Added] = []
    if request.method == "POST" and accepted(form, lambda: added.append(_take(request, rfp, form))):
        if not added[0].left:
            section = next(one for one in sections if str(one.pk) == form.cleaned_data["section"])
            return builder_at(rfp, section=section.code, question=added[0].codes[0])
        form = TakeForm(sections=sections, keys=[])
    context = {
        "rfp": rfp,
        "search": search,
        "form": form,
        "page": Paginator(found, SHOWN).get_page(request.GET.get("page")),
        "query": _query(wanted),
        "editable": selectors.may_edit(request.user, rfp),
        "added": added[0] if added else None,
    }
    return render(request, "rfp/bank.html", context, status=UNREADABLE if form.errors else 200)


def _query(wanted: dict[str, str]) -> str:
    """Return the search as it stands in the address of another page."""
    names = {"search": "q", "source": "source", "kind": "kind"}
    given = {names[name]: value for name, value in wanted.items() if value}
    return f"{urlencode(given)}&" if given else ""


def _take(request: Visit, rfp: Rfp, form: TakeForm) -> Added:
    section = next(
        chapter.section
        for chapter in selectors.questionnaire(rfp)
        if str(chapter.section.pk) == form.cleaned_data["section"]
    )
    section.rfp = rfp
    return authoring.add_from_bank(
        section=section, keys=form.cleaned_data["keys"], actor=request.user
    )


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def add_pack(request: Visit, rfp: Rfp) -> HttpResponse:
    authoring.add_pack(rfp=rfp, pack=request.POST.get("pack", ""), actor=request.user)
    return redirect("rfp:balance", procurement_id=rfp.procurement_id)
