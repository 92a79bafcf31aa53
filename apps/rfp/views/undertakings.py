"""What vendors are asked to agree to, on the buyer's side."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.core.access import can, page
from apps.rfp import selectors
from apps.rfp.forms.undertakings import UndertakingsForm
from apps.rfp.models import Rfp
from apps.rfp.services.undertakings import set_undertakings
from apps.rfp.states import RfpState, UndertakingKind
from apps.rfp.views.showing import UNREADABLE, accepted
from apps.workspace.types import Visit


@page("rfp.view", find=selectors.rfp_for)
def undertakings(request: Visit, rfp: Rfp) -> HttpResponse:
    """Show the texts; the lead changes them while the RFP is a draft."""
    held = {one.kind: one.text for one in selectors.undertakings_of(rfp)}
    form = UndertakingsForm(request.POST or None, initial=held)

    def act() -> None:
        texts = {kind: form.cleaned_data[kind.value] for kind in UndertakingKind}
        set_undertakings(rfp=rfp, texts=texts, actor=request.user)

    if request.method == "POST" and accepted(form, act):
        return redirect(f"{reverse('rfp:undertakings', args=[rfp.procurement_id])}?saved=1")
    context = {
        "rfp": rfp,
        "form": form,
        "saved": request.GET.get("saved"),
        "editable": rfp.state == RfpState.DRAFT and can(request.user, "rfp.author", rfp),
    }
    status = UNREADABLE if form.errors else 200
    return render(request, "rfp/undertakings.html", context, status=status)
