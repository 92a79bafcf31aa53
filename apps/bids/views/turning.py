"""The page on which an opener turns a key."""

from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.bids import selectors
from apps.bids.forms.turning import TurnForm
from apps.bids.models import OfferRound
from apps.bids.services import ceremony
from apps.core.access import page
from apps.core.errors import Attempt
from apps.rfp.models import Rfp
from apps.rfp.selectors import rfp_for
from apps.rfp.states import KeyKind
from apps.workspace.types import Visit


def turn_page(
    request: Visit, rfp: Rfp, kind: KeyKind, back: str, offer_round: OfferRound | None = None
) -> HttpResponse:
    """Show the ceremony and take a code; `back` is the page that shows what was opened."""
    form, status = TurnForm(request.POST or None), HTTPStatus.OK
    refused: Attempt | None = None
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                ceremony.turn(
                    rfp=rfp,
                    kind=kind,
                    code=form.cleaned_data["code"],
                    actor=request.user,
                    offer_round=offer_round,
                )
                return redirect(back, procurement_id=rfp.procurement_id)
            except Attempt as refusal:
                form.carry(refusal)
                refused, status = refusal, HTTPStatus.CONFLICT
        form.forget()
    context = {
        "back": back,
        "case": rfp.procurement,
        "ceremony": selectors.ceremony_of(request.user, rfp, kind),
        "form": form,
    }
    with timezone.override(ZoneInfo(rfp.round.zone)):
        answer = render(request, "bids/turn.html", context, status=status)
    request.refusal = refused  # type: ignore[attr-defined]  # recorded after the rollback
    return answer


@page("bids.open", find=rfp_for, step_up=True)
def open_quality(request: Visit, rfp: Rfp) -> HttpResponse:
    return turn_page(request, rfp, KeyKind.TECHNICAL, "bids:opening")


@page("bids.open", find=rfp_for, step_up=True)
def open_prices(request: Visit, rfp: Rfp) -> HttpResponse:
    return turn_page(request, rfp, KeyKind.COMMERCIAL, "bids:opening")
