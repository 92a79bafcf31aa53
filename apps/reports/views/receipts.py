"""The receipt of a submission as a signed PDF, for the vendor that submitted it."""

from django.http import HttpResponse
from django.shortcuts import redirect

from apps.bids import selectors as bids
from apps.bids.models import Submission
from apps.bids.views.frame import portal
from apps.core.access import page
from apps.core.downloads import download
from apps.reports.selectors.receipt_papers import paper_page
from apps.reports.services import receipt_papers
from apps.workspace.types import Visit


@page("bids.view", find=bids.submission_for)
def receipt_paper(request: Visit, submission: Submission) -> HttpResponse:
    """Hand out the PDF, or say how far it is; a POST asks for it again."""
    if request.method == "POST":
        receipt_papers.ask_again(submission=submission, actor=request.user)
        return redirect(request.path)
    found = receipt_papers.download(submission=submission, actor=request.user)
    if found is not None:
        return download(found.name, found.content, kind="application/pdf")
    context = {"page": paper_page(submission)}
    return portal(request, submission.bid, "reports/receipt_paper.html", context)
