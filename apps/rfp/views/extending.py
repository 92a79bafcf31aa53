"""A later deadline: asked for by one person, confirmed by another."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from apps.core.access import page
from apps.rfp import selectors
from apps.rfp.forms.publishing import ExtendForm
from apps.rfp.models import Extension, Rfp
from apps.rfp.services import extending
from apps.rfp.types import Desk
from apps.rfp.views.publishing import back, show
from apps.rfp.views.showing import accepted
from apps.workspace.types import Visit


@require_POST
@page("rfp.publish", find=selectors.rfp_for)
def ask(request: Visit, rfp: Rfp) -> HttpResponse:
    form = ExtendForm(request.POST)
    if accepted(
        form,
        lambda: extending.ask(
            rfp=rfp,
            closes_at=form.cleaned_data["closes_at"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
        ),
    ):
        return back(rfp)
    return show(request, Desk(rfp.procurement, rfp), extend=form)


@require_POST
@page("rfp.confirm_extension", find=selectors.extension_for)
def confirm(request: Visit, extension: Extension) -> HttpResponse:
    extending.confirm(extension=extension, actor=request.user)
    return back(extension.rfp)


@require_POST
@page("rfp.confirm_extension", find=selectors.extension_for)
def drop(request: Visit, extension: Extension) -> HttpResponse:
    extending.drop(extension=extension, actor=request.user)
    return back(extension.rfp)
