"""Publication: what blocks it, what the linter found, the frozen content and its deadline."""

from django.http import HttpResponse
from django.shortcuts import render

from apps.core.access import page
from apps.rfp import selectors
from apps.rfp.types import Desk
from apps.workspace.types import Visit


@page("rfp.view", find=selectors.desk_for)
def publish(request: Visit, desk: Desk) -> HttpResponse:
    return render(request, "rfp/publish.html", {"desk": desk})
