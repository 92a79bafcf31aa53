"""Check, submit, receipt; reopen and withdraw."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.bids import adapters, selectors
from apps.bids.forms.figures import to_typed
from apps.bids.forms.plain import CodeForm
from apps.bids.forms.sheet import SheetForm
from apps.bids.models import Bid, Submission
from apps.bids.selectors import kept_keys
from apps.bids.services import keeping, signing_off, submitting
from apps.bids.states import BidState, SignOffPart
from apps.bids.types.keeping import Keeps
from apps.bids.views import keys
from apps.bids.views.frame import portal
from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Incomplete
from apps.rfp.models import Lot
from apps.rfp.selectors import published_opening
from apps.workspace.types import Visit


@page("bids.view", find=selectors.bid_for)
def check(request: Visit, bid: Bid) -> HttpResponse:
    response = _check(request, bid)
    return response if bid.state == BidState.SUBMITTED else keys.get_ready(request, bid, response)


def _check(request: Visit, bid: Bid, error: Incomplete | None = None) -> HttpResponse:
    shown = selectors.check_page(bid)
    context = {
        "check": shown,
        "sheets": [(lot, _sheet(bid, lot, price.sheet)) for lot, price in shown.prices],
        "error": error,
        "notice": published_opening(bid.round.rfp_id),
        "sign_offs": selectors.sign_offs_of(bid),
        "unsigned": [one for one in selectors.sign_offs_of(bid) if not one.given],
    }
    return portal(request, bid, "bids/check.html", context, status=error.status if error else 200)


def _sheet(bid: Bid, lot: Lot | None, sheet: dict[str, object]) -> SheetForm:
    basis = selectors.basis_of(bid.round.rfp, lot)
    return SheetForm(basis, to_typed(basis, sheet))


@require_POST
@page("bids.sign_off", find=selectors.bid_for)
def sign_off(request: Visit, bid: Bid) -> HttpResponse:
    """Sign a part off as it stands on the page that was read."""
    part = request.POST.get("part", "")
    if part not in SignOffPart.values:
        raise Incomplete(_("Choose the part that you sign off."))
    signing_off.sign_off(
        bid=bid,
        part=SignOffPart(part),
        fingerprint=request.POST.get("fingerprint", ""),
        actor=request.user,
    )
    place = "bids:final_offer" if selectors.own_offer(bid) else "bids:check"
    return redirect(f"{reverse(place, args=[bid.pk])}#h-signs")


@require_POST
@page("bids.submit", find=selectors.bid_for)
def submit(request: Visit, bid: Bid) -> HttpResponse:
    """Submit what stands. The arrival is the edge's stamp, taken when the whole request was in.

    Where the tender has lots, the form names those that the submission covers.
    """
    try:
        made = submitting.submit(
            bid=bid,
            actor=request.user,
            arrived_at=request.arrival,
            from_edge=settings.BEHIND_EDGE,
            lots=request.POST.getlist("lots") if "by_lot" in request.POST else None,
            keeps=Keeps(keys.secret_in(request), files="keep_files" in request.POST),
        )
    except Incomplete as error:
        return _check(request, bid, error)
    response = redirect("bids:receipt", bid_id=bid.pk)
    return keys.remember(response, bid, made.secret) if made.secret else response


@page("bids.view", find=selectors.submission_for)
def receipt(request: Visit, submission: Submission) -> HttpResponse:
    context = {
        "receipt": selectors.receipt_page(submission),
        "code": kept_keys.code_of(submission, keys.secret_in(request)),
    }
    template = "bids/offer_receipt.html" if submission.offer_round_id else "bids/receipt.html"
    return portal(request, submission.bid, template, context)


@page("bids.view", find=selectors.submission_for)
def receipt_file(request: Visit, submission: Submission) -> HttpResponse:
    """Hand out the receipt, with the recovery code to who has it unless `plain` is asked for."""
    code = kept_keys.code_of(submission, keys.secret_in(request))
    content = submitting.receipt(
        submission=submission,
        actor=request.user,
        recovery_code="" if "plain" in request.GET else code,
    )
    name = selectors.receipt_page(submission).reference
    return download(f"receipt-{name}.json", content)


@page("bids.withdraw", find=selectors.bid_for)
def change(request: Visit, bid: Bid) -> HttpResponse:
    """Say what reopening and withdrawing mean, before either happens."""
    context = {"locked": kept_keys.is_locked(bid), "form": CodeForm()}
    return portal(request, bid, "bids/change.html", context)


@require_POST
@page("bids.withdraw", find=selectors.bid_for)
def reopen(request: Visit, bid: Bid) -> HttpResponse:
    """Open the bid for changes with the key of this browser, else with the code that is typed."""
    code, secret = request.POST.get("code", ""), None
    brought: dict[str, bytes] = {}
    try:
        if code:
            secret, brought = keeping.bring(bid=bid, code=code, actor=request.user)
        with adapters.in_hand(brought):
            submitting.reopen(bid=bid, actor=request.user)
    except (adapters.Locked, kept_keys.WrongCode, Incomplete) as error:
        return keys.refused(request, bid, code, error)
    response = redirect("bids:portal", bid_id=bid.pk)
    return keys.remember(response, bid, secret) if secret else response


@require_POST
@page("bids.withdraw", find=selectors.bid_for)
def withdraw(request: Visit, bid: Bid) -> HttpResponse:
    submitting.withdraw(bid=bid, actor=request.user)
    return redirect("bids:portal", bid_id=bid.pk)
