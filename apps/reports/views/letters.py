"""The letter on a result as a signed PDF, for the vendor that it was told to."""

from django.http import HttpResponse
from django.shortcuts import redirect

from apps.bids.models import Result
from apps.bids.selectors.results import result_for
from apps.bids.views.frame import portal
from apps.core.access import page
from apps.core.downloads import download
from apps.reports.selectors.letter_papers import paper_page
from apps.reports.services import letter_papers
from apps.workspace.types import Visit


@page("bids.view", find=result_for)
def letter_paper(request: Visit, result: Result) -> HttpResponse:
    """Hand out the PDF, or say how far it is; a POST asks for it again."""
    if request.method == "POST":
        letter_papers.ask_again(result=result, actor=request.user)
        return redirect(request.path)
    found = letter_papers.download(result=result, actor=request.user)
    if found is not None:
        return download(found.name, found.content, kind="application/pdf")
    context = {"page": paper_page(result)}
    return portal(request, result.bid, "reports/letter_paper.html", context)
