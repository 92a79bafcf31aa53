"""The data pack on the buyer's side."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.downloads import download
from apps.core.forms import Form
from apps.rfp import selectors
from apps.rfp.forms.packing import PackFileForm, ReleaseForm
from apps.rfp.models import PackFile, Rfp
from apps.rfp.services import releasing
from apps.rfp.views.showing import UNREADABLE, accepted
from apps.workspace.types import Visit


@page("rfp.view", find=selectors.rfp_for)
def pack(request: Visit, rfp: Rfp) -> HttpResponse:
    return _show(request, rfp)


def _show(request: Visit, rfp: Rfp, **forms: Form) -> HttpResponse:
    context: dict[str, Any] = {
        "page": selectors.pack_page(request.user, rfp),
        "add": PackFileForm(),
        "release": ReleaseForm(),
        **forms,
    }
    context["form"] = next((form for form in forms.values() if form.errors), None)
    status = UNREADABLE if context["form"] else 200
    return render(request, "rfp/pack.html", context, status=status)


def _back(rfp: Rfp) -> HttpResponse:
    return redirect("rfp:pack", procurement_id=rfp.procurement_id)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def add(request: Visit, rfp: Rfp) -> HttpResponse:
    form = PackFileForm(request.POST, request.FILES)

    def act() -> None:
        file = form.cleaned_data["file"]
        releasing.add(rfp=rfp, name=file.name or "", content=file.read(), actor=request.user)

    if accepted(form, act):
        return _back(rfp)
    return _show(request, rfp, add=form)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def release(request: Visit, rfp: Rfp) -> HttpResponse:
    form = ReleaseForm(request.POST)
    if accepted(
        form,
        lambda: releasing.release(rfp=rfp, note=form.cleaned_data["note"], actor=request.user),
    ):
        return _back(rfp)
    return _show(request, rfp, release=form)


@require_POST
@page("rfp.author", find=selectors.pack_file_for)
def drop(request: Visit, held: PackFile) -> HttpResponse:
    releasing.drop(file=held, actor=request.user)
    return _back(held.rfp)


@page("rfp.view", find=selectors.pack_file_for)
def file(_request: Visit, held: PackFile) -> HttpResponse:
    return download(held.name, selectors.pack_content(held))
