"""The public pages on which anybody checks a report: by its file, or by its reference.

The upload changes nothing and needs no session, so that it works without a cookie and without a
CSRF token; its body is read only after the limit on requests was asked.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.access import PUBLIC, page
from apps.core.downloads import download
from apps.core.errors import TooMany
from apps.reports import selectors
from apps.reports.adapters.counting import within_limit
from apps.reports.adapters.uploads import LARGEST, ReportUploadHandler
from apps.reports.forms import ReferenceForm, UploadForm
from apps.reports.services import verifying
from apps.reports.services.verifying import Issued


def _require_calm(request: HttpRequest) -> None:
    if not within_limit(request, "verify"):
        raise TooMany(_("Too many checks from this address. Wait a minute, then try again."))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page(PUBLIC)
def verify(request: HttpRequest) -> HttpResponse:
    """Take a PDF and say what it is worth; without one, show how to check."""
    if request.method == "POST":
        return _judge(request, None)
    form = ReferenceForm(request.GET if "reference" in request.GET else None)
    if form.is_valid():
        return redirect("reports:verify_reference", reference=form.cleaned_data["reference"])
    return _front(request, UploadForm(), form)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page(PUBLIC)
def verify_reference(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that a report was issued; only its file can be called authentic."""
    _require_calm(request)
    issued = verifying.by_reference(reference)
    if issued is None:
        context = {"reference": reference[:40], "form": ReferenceForm(), "largest": LARGEST}
        return render(request, "reports/unknown.html", context, status=404)
    if request.method == "POST":
        return _judge(request, issued)
    return render(request, "reports/issued.html", _issued(issued, UploadForm()))


def _judge(request: HttpRequest, expected: Issued | None) -> HttpResponse:
    if expected is None:
        _require_calm(request)
    request.upload_handlers = [ReportUploadHandler(request)]
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        if expected is None:
            return _front(request, form, ReferenceForm(), status=422)
        return render(request, "reports/issued.html", _issued(expected, form), status=422)
    verdict = verifying.verify(pdf=form.cleaned_data["file"].read())
    context = {
        "verdict": verdict,
        "words": selectors.words_of(verdict.finding),
        "recomputed": selectors.recomputation(verdict.answers) if verdict.genuine else None,
        "expected": expected,
        "another": expected and verdict.issued and verdict.issued.reference != expected.reference,
        "certificates": selectors.certificates(),
    }
    return render(request, "reports/verified.html", context)


def _front(
    request: HttpRequest, form: UploadForm, reference: ReferenceForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "reference": reference,
        "largest": LARGEST,
        "certificates": selectors.certificates(),
    }
    wrong = 422 if reference.errors else status
    return render(request, "reports/verify.html", context, status=wrong)


def _issued(issued: Issued, form: UploadForm) -> dict[str, object]:
    return {
        "issued": issued,
        "words": selectors.words_of(issued.finding),
        "form": form,
        "largest": LARGEST,
    }


@require_GET
@page(PUBLIC)
def certificate(_request: HttpRequest, fingerprint: str) -> HttpResponse:
    """Hand out a certificate reports are signed with, or the root above it."""
    pem = selectors.pem_of(fingerprint)
    name = f"cceval-{fingerprint[:12].lower()}.pem"
    return download(name, pem.encode(), kind="application/x-pem-file")


@require_GET
@page(PUBLIC)
def receipt_key(_request: HttpRequest) -> HttpResponse:
    """Hand out the key that receipts and checkpoints are checked with."""
    return download(
        "cceval-receipts.pem", selectors.receipt_keys_pem(), kind="application/x-pem-file"
    )
