"""Best and final offers on the buyer's side: asked for, confirmed, opened, compared with the first."""

import uuid
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.bids import selectors as bids
from apps.bids.models import OfferRound
from apps.bids.selectors.offers import OffersPage
from apps.bids.services import offering as deciding
from apps.bids.views.turning import turn_page
from apps.core.access import can, page
from apps.core.errors import Incomplete
from apps.matrix.forms import OffersForm
from apps.matrix.selectors.admission import excluded_places
from apps.matrix.services import offering
from apps.rfp.models import Rfp
from apps.rfp.selectors import desk_for, rfp_for
from apps.rfp.states import KeyKind
from apps.rfp.types import Desk
from apps.workspace.types import Visit


@page("bids.view_opened", find=desk_for)
def show(request: Visit, desk: Desk) -> HttpResponse:
    shown = _page(request, desk)
    return _show(request, desk, shown, _form(shown))


def _page(request: Visit, desk: Desk) -> OffersPage:
    asks = desk.rfp is not None and can(request.user, "bids.request_offers", desk.rfp)
    excluded = excluded_places(request.user, desk.rfp) if desk.rfp and asks else {}
    return bids.offers_page(request.user, desk, excluded)


def _form(shown: OffersPage, data: object = None) -> OffersForm:
    return OffersForm(
        data,
        candidates=shown.candidates,
        initial={"zone": shown.zone, "time": "12:00"},
    )


def _show(request: Visit, desk: Desk, shown: OffersPage, form: OffersForm) -> HttpResponse:
    ceremony = None
    if desk.rfp is not None and shown.round is not None and shown.due:
        ceremony = bids.ceremony_of(request.user, desk.rfp, KeyKind.FINAL)
    context = {"page": shown, "case": desk.procurement, "form": form, "ceremony": ceremony}
    with timezone.override(ZoneInfo(shown.zone)):
        return render(request, "matrix/offers.html", context, status=422 if form.errors else 200)


@require_POST
@page("bids.request_offers", find=rfp_for)
def ask(request: Visit, rfp: Rfp) -> HttpResponse:
    desk = Desk(rfp.procurement, rfp)
    shown = _page(request, desk)
    form = _form(shown, request.POST)
    try:
        given = form.checked()
        offering.request(
            rfp=rfp,
            closes_at=given["closes_at"],
            reason=given["reason"],
            left_out=form.left_out(),
            lots=form.lots(),
            actor=request.user,
        )
    except Incomplete as error:
        form.carry(error)
        return _show(request, desk, shown, form)
    return _back(rfp.procurement_id)


@require_POST
@page("bids.confirm_offers", find=bids.offer_round_for)
def confirm(request: Visit, held: OfferRound) -> HttpResponse:
    deciding.confirm(offer_round=held, actor=request.user)
    return _back(held.procurement_id)


@require_POST
@page("bids.confirm_offers", find=bids.offer_round_for)
def drop(request: Visit, held: OfferRound) -> HttpResponse:
    deciding.drop(offer_round=held, actor=request.user)
    return _back(held.procurement_id)


@page("bids.open", find=bids.offer_round_for, step_up=True)
def open_all(request: Visit, held: OfferRound) -> HttpResponse:
    return turn_page(request, held.rfp, KeyKind.FINAL, "matrix:offers", held)


def _back(procurement_id: uuid.UUID) -> HttpResponse:
    return redirect("matrix:offers", procurement_id=procurement_id)
