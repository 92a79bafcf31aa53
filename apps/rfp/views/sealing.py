"""Who opens the bids: the number of keys, each opener's codes once, and their proof."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.core.forms import Form
from apps.rfp import selectors
from apps.rfp.forms.sealing import CodesForm, OpeningForm
from apps.rfp.models import Rfp
from apps.rfp.services import authoring, sealing
from apps.rfp.views.showing import UNREADABLE, accepted
from apps.workspace.types import Visit

SPARE = "spare"


def _show(request: Visit, rfp: Rfp, **forms: Form) -> HttpResponse:
    shown = selectors.keys_page(request.user, rfp)
    initial = {"keys_needed": rfp.keys_needed, "spare_key": rfp.spare_key}
    context = {
        "page": shown,
        "opening": OpeningForm(initial=initial),
        "codes": CodesForm(kinds=shown.kinds),
        "spare_codes": CodesForm(kinds=shown.kinds, prefix=SPARE),
        **forms,
    }
    context["form"] = next((form for form in forms.values() if form.errors), None)
    status = UNREADABLE if context["form"] else HTTPStatus.OK
    return render(request, "rfp/keys.html", context, status=status)


@page("rfp.view", find=selectors.rfp_for)
def keys(request: Visit, rfp: Rfp) -> HttpResponse:
    return _show(request, rfp)


@require_POST
@page("rfp.author", find=selectors.rfp_for)
def set_opening(request: Visit, rfp: Rfp) -> HttpResponse:
    form = OpeningForm(request.POST)
    if accepted(
        form,
        lambda: authoring.set_terms(rfp=rfp, actor=request.user, **form.cleaned_data),
    ):
        return redirect("rfp:keys", procurement_id=rfp.procurement_id)
    return _show(request, rfp, opening=form)


@require_POST
@page("rfp.hold_key", find=selectors.rfp_for)
def collect(request: Visit, rfp: Rfp) -> HttpResponse:
    """Make the codes and show them: this answer is the only place where they stand."""
    spare = SPARE in request.POST
    codes = sealing.collect(
        rfp=rfp, actor=request.user, spare=spare, replace="replace" in request.POST
    )
    context = {"codes": codes, "rfp": rfp, "spare": spare}
    return render(request, "rfp/codes.html", context)


@require_POST
@page("rfp.hold_key", find=selectors.rfp_for)
def prove(request: Visit, rfp: Rfp) -> HttpResponse:
    spare = SPARE in request.POST
    form = CodesForm(request.POST, kinds=selectors.key_kinds(rfp), prefix=SPARE if spare else "")
    if accepted(
        form,
        lambda: sealing.prove(rfp=rfp, actor=request.user, codes=form.cleaned_data, spare=spare),
    ):
        return redirect("rfp:keys", procurement_id=rfp.procurement_id)
    form.forget()
    return _show(request, rfp, **{"spare_codes" if spare else "codes": form})
