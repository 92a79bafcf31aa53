"""The answer passport: pack and sign it, bring one, look at who signed it, take it in."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.library import PackForm, PassportFileForm, TakeInForm
from apps.bids.models import Bid
from apps.bids.selectors.library import BidImport
from apps.bids.services import passports
from apps.bids.states import BroughtKind
from apps.bids.views.frame import portal
from apps.core import attempts
from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Incomplete, NotFound
from apps.workspace.types import Visit

ZIP = "application/zip"


@page("bids.view", find=selectors.bid_for)
def passport(request: Visit, bid: Bid) -> HttpResponse:
    return _show(request, bid)


def _show(
    request: Visit,
    bid: Bid,
    *,
    pack: PackForm | None = None,
    bring: PassportFileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = selectors.passport_page(request.user, bid, passports.own_key())
    context = {
        "page": shown,
        "pack": pack or PackForm(page=shown),
        "bring": bring or PassportFileForm(),
        "wrong": pack or bring,
    }
    return portal(request, bid, "bids/passport.html", context, status=status)


@require_POST
@page("bids.export_passport", find=selectors.bid_for)
def export(request: Visit, bid: Bid) -> HttpResponse:
    form = PackForm(
        request.POST, page=selectors.passport_page(request.user, bid, passports.own_key())
    )
    try:
        given = form.checked()
        name, content = passports.export(
            bid=bid,
            library=given["library"],
            bids=given.get("bids", ()),
            files=given.get("evidence", ()),
            actor=request.user,
        )
    except Incomplete as error:
        form.carry(error)
        return _show(request, bid, pack=form, status=error.status)
    return download(name, content, kind=ZIP)


@require_POST
@page("bids.answer", find=selectors.bid_for)
def bring(request: Visit, bid: Bid) -> HttpResponse:
    form = PassportFileForm(request.POST, request.FILES)
    try:
        file = form.checked()["file"]
        held = passports.bring(
            bid=bid, name=file.name or "", content=file.read(), actor=request.user
        )
    except Incomplete as error:
        attempts.note(request, error)
        form.carry(error)
        return _show(request, bid, bring=form, status=error.status)
    return redirect("bids:take_passport", bid_id=bid.pk, import_id=held.pk)


@page("bids.answer", find=selectors.import_for)
def take(request: Visit, subject: BidImport) -> HttpResponse:
    """Show who signed a passport and what is new in it; a POST takes it in."""
    if subject.held.kind != BroughtKind.PASSPORT:
        raise NotFound("")
    shown = selectors.brought_passport(subject.bid, subject.held, passports.own_key())
    form = TakeInForm(request.POST or None, initial={"seen": shown.fingerprint})
    if request.method == "POST":
        given = form.checked()
        added, _files = passports.take_in(
            subject=subject, pin=given["pin"].strip(), seen=given["seen"], actor=request.user
        )
        return redirect(f"{reverse('bids:library', args=[subject.bid.pk])}?saved={added}")
    context = {"page": shown, "form": form, "held": subject.held}
    return portal(request, subject.bid, "bids/take_passport.html", context)


@require_POST
@page("bids.answer", find=selectors.bid_for)
def unpin(request: Visit, bid: Bid) -> HttpResponse:
    passports.unpin(bid=bid, fingerprint=request.POST.get("key", "")[:64], actor=request.user)
    return redirect("bids:passport", bid_id=bid.pk)
