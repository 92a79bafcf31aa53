"""A file in pieces, as the script sends it: begin, put piece by piece, complete. JSON alone."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from apps.bids import selectors
from apps.bids.forms.answers import whole
from apps.bids.forms.evidence import AnnouncedForm
from apps.bids.models import Bid
from apps.bids.selectors.evidence import BidUpload
from apps.bids.services import uploading
from apps.bids.types.evidence import parse_about
from apps.core.access import page
from apps.core.errors import TooLarge
from apps.workspace.types import Visit


@require_POST
@page("bids.answer", find=selectors.bid_for)
def start(request: Visit, bid: Bid) -> HttpResponse:
    """Announce a file; the answer says how much of it is here already and where pieces go."""
    given = AnnouncedForm(request.POST).checked()
    held = uploading.start(
        bid=bid,
        name=given["name"],
        size=given["size"],
        sha256=given["sha256"],
        about=parse_about(given),
        actor=request.user,
    )
    return JsonResponse(
        {
            "received": held.received,
            "piece": uploading.LARGEST_PIECE,
            "put": reverse("bids:upload_piece", args=[bid.pk, held.pk]),
            "complete": reverse("bids:complete_upload", args=[bid.pk, held.pk]),
        },
        status=201,
    )


@require_http_methods(["GET", "PUT"])
@page("bids.answer", find=selectors.upload_for)
def piece(request: Visit, subject: BidUpload) -> HttpResponse:
    """Take a piece, or say how much has come: what a sender asks after a dropped line."""
    if request.method == "GET":
        return JsonResponse({"received": subject.upload.received})
    if whole(request.META.get("CONTENT_LENGTH") or "") > uploading.LARGEST_PIECE:
        raise TooLarge(uploading.piece_too_large())
    held = uploading.put(
        subject=subject,
        offset=whole(request.headers.get("Upload-Offset", "")),
        sha256=request.headers.get("Upload-Digest", ""),
        content=request.body,
        actor=request.user,
    )
    return JsonResponse({"received": held.received})


@require_POST
@page("bids.answer", find=selectors.upload_for)
def complete(request: Visit, subject: BidUpload) -> HttpResponse:
    held = uploading.complete(subject=subject, actor=request.user)
    url = reverse("bids:one_evidence", args=[subject.bid.pk, held.pk])
    return JsonResponse({"page": url}, status=201)


@require_POST
@page("bids.answer", find=selectors.upload_for)
def give_up(request: Visit, subject: BidUpload) -> HttpResponse:
    uploading.give_up(subject=subject, actor=request.user)
    return redirect("bids:evidence", bid_id=subject.bid.pk)
