"""What bids are subject to, and the panel's verdict on each row."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.ruling import RulingForm
from apps.bids.models import Bid
from apps.bids.selectors import rulings as ruled
from apps.bids.services import ruling
from apps.core.access import page
from apps.core.errors import Incomplete
from apps.rfp.selectors import desk_for
from apps.rfp.types import Desk
from apps.workspace.types import Visit


@page("bids.view_rulings", find=desk_for)
def rulings(request: Visit, desk: Desk) -> HttpResponse:
    return _page(request, desk, None, None)


def _page(
    request: Visit, desk: Desk, bid: Bid | None, wrong: RulingForm | None, status: int = 200
) -> HttpResponse:
    shown = ruled.rulings_page(request.user, desk)
    rows = [
        (one, [(row, _form(one, row, bid, wrong) if shown.may_rule else None) for row in one.rows])
        for one in shown.bids
    ]
    context = {"case": desk.procurement, "page": shown, "rows": rows, "wrong": wrong}
    return render(request, "bids/rulings.html", context, status=status)


def _form(
    one: ruled.RuledBid, row: ruled.RuledRow, bid: Bid | None, wrong: RulingForm | None
) -> RulingForm:
    if wrong and bid and bid.pk == one.bid_id and wrong["number"].value() == str(row.number):
        return wrong
    held = row.ruling
    initial = {
        "number": row.number,
        "verdict": held.verdict if held else "",
        "amount": f"{held.amount:f}" if held and held.amount is not None else "",
        "reason": held.reason if held else "",
    }
    return RulingForm(initial=initial, auto_id=f"id_{one.letter}{row.number}_%s")


@require_POST
@page("bids.rule", find=selectors.opened_bid_for)
def rule(request: Visit, bid: Bid) -> HttpResponse:
    form = RulingForm(request.POST, auto_id=f"id_{bid.letter}_%s")
    try:
        ruling.rule(bid=bid, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        desk = Desk(bid.round.rfp.procurement, bid.round.rfp)
        return _page(request, desk, bid, form, status=error.status)
    place = reverse("bids:rulings", args=[bid.round.rfp.procurement_id])
    return redirect(f"{place}#{bid.letter}{form.cleaned_data['number']}")
