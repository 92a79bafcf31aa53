"""The vendor's store of files: what is in it, what each proves, and which questions have it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.evidence import AboutForm, AttachForm, EvidenceForm
from apps.bids.models import Bid
from apps.bids.selectors.evidence import BidEvidence
from apps.bids.services import attaching
from apps.bids.services import evidence as store
from apps.bids.types.evidence import parse_about
from apps.bids.views.frame import portal
from apps.core import attempts
from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Incomplete
from apps.workspace.types import Visit


@page("bids.view", find=selectors.bid_for)
def evidence(request: Visit, bid: Bid) -> HttpResponse:
    return _list(request, bid, EvidenceForm())


def _list(request: Visit, bid: Bid, form: EvidenceForm, status: int = 200) -> HttpResponse:
    context = {
        "page": selectors.evidence_page(request.user, bid),
        "form": form,
        "wrong": form if status != 200 else None,  # noqa: PLR2004 -- HTTP's own word for fine
        "kept": request.GET.get("kept"),
    }
    return portal(request, bid, "bids/evidence.html", context, status=status)


@require_POST
@page("bids.answer", find=selectors.bid_for)
def add(request: Visit, bid: Bid) -> HttpResponse:
    """Keep a file that came as a whole: the way without a script."""
    form = EvidenceForm(request.POST, request.FILES)
    try:
        given = form.checked()
        file = given["file"]
        held = store.keep(
            bid=bid,
            name=file.name or "",
            content=file.read(),
            about=parse_about(given),
            actor=request.user,
        )
    except Incomplete as error:
        attempts.note(request, error)
        form.carry(error)
        return _list(request, bid, form, error.status)
    return redirect("bids:one_evidence", bid_id=bid.pk, evidence_id=held.pk)


@page("bids.view", find=selectors.evidence_for)
def one(request: Visit, subject: BidEvidence) -> HttpResponse:
    return _one(request, subject)


def _one(
    request: Visit,
    subject: BidEvidence,
    *,
    about: AboutForm | None = None,
    attach: AttachForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = next(
        one
        for one in selectors.evidence_page(request.user, subject.bid).files
        if one.held.pk == subject.evidence.pk
    )
    questions = selectors.questions_for_files(subject.bid)
    free = [one for one in questions if one.code not in shown.codes]
    context = {
        "file": shown,
        "about": about or AboutForm(initial=shown.about.plain()),
        "attach": attach or AttachForm(questions=free),
        "free": free,
        "wrong": about or attach,
    }
    return portal(request, subject.bid, "bids/one_evidence.html", context, status=status)


@require_POST
@page("bids.answer", find=selectors.evidence_for)
def describe(request: Visit, subject: BidEvidence) -> HttpResponse:
    form = AboutForm(request.POST)
    try:
        store.describe(subject=subject, about=parse_about(form.checked()), actor=request.user)
    except Incomplete as error:
        form.carry(error)
        return _one(request, subject, about=form, status=error.status)
    return redirect(f"{reverse('bids:evidence', args=[subject.bid.pk])}?kept=1")


@require_POST
@page("bids.answer", find=selectors.evidence_for)
def attach(request: Visit, subject: BidEvidence) -> HttpResponse:
    form = AttachForm(request.POST, questions=selectors.questions_for_files(subject.bid))
    try:
        codes = form.checked()["questions"]
        attaching.attach_kept(subject=subject, codes=codes, actor=request.user)
    except Incomplete as error:
        form.carry(error)
        return _one(request, subject, attach=form, status=error.status)
    return redirect(f"{reverse('bids:evidence', args=[subject.bid.pk])}?kept=1")


@page("bids.view", find=selectors.evidence_for)
def file(_request: Visit, subject: BidEvidence) -> HttpResponse:
    held = selectors.held_file(subject.evidence)
    return download(held.name, selectors.file_content(subject.evidence))


@require_POST
@page("bids.answer", find=selectors.evidence_for)
def drop(request: Visit, subject: BidEvidence) -> HttpResponse:
    store.drop(subject=subject, actor=request.user)
    return redirect("bids:evidence", bid_id=subject.bid.pk)
