"""What the panel asks about the vendor's own bid, and the vendor's answer."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.clarifying import ExplainForm
from apps.bids.models import Bid, SentQuestion
from apps.bids.selectors.panel_questions import put_page, sent_for
from apps.bids.services import explaining
from apps.bids.types.evidence import new_file
from apps.bids.views.frame import portal
from apps.core import attempts
from apps.core.access import page
from apps.core.errors import Incomplete
from apps.rfp.states import EvidenceClass
from apps.workspace.types import Visit


@page("bids.view", find=selectors.bid_for)
def put_to_us(request: Visit, bid: Bid) -> HttpResponse:
    return _show(request, bid)


def _show(
    request: Visit,
    bid: Bid,
    form: ExplainForm | None = None,
    sent: SentQuestion | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    shown = put_page(request.user, bid)
    forms = [
        (
            one,
            form
            if form and sent and one.sent.pk == sent.pk
            else ExplainForm(
                prefix=str(one.sent.pk), initial={"kind": one.wants or EvidenceClass.OTHER}
            ),
        )
        for one in shown.put
    ]
    context = {"page": shown, "put": forms, "wrong": form}
    return portal(request, bid, "bids/put_to_us.html", context, status=status)


@require_POST
@page("bids.explain", find=sent_for)
def explain(request: Visit, sent: SentQuestion) -> HttpResponse:
    form = ExplainForm(request.POST, request.FILES, prefix=str(sent.pk))
    try:
        given = form.checked()
        explaining.explain(sent=sent, text=given["text"], actor=request.user, file=new_file(given))
    except Incomplete as error:
        attempts.note(request, error)
        form.carry(error)
        return _show(request, sent.bid, form, sent, status=error.status)
    return redirect("bids:put_to_us", bid_id=sent.bid_id)
