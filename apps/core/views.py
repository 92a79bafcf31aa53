"""Health, and the pages behind refusals. Each says what happened and what to do next."""

import shutil

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.core import clock, tenancy
from apps.core.access import PUBLIC, page
from apps.core.errors import Conflict, DomainError, NotAllowed, NotFound
from apps.core.models import Job, JobState

PAGES = {400, 403, 404, 409, 413, 429, 500}
LEAST_FREE_SHARE = 0.05
OLDEST_JOB_SECONDS = 300


def not_found_sentence() -> str:
    return _("There is nothing here, or nothing for you. Check the address, or ask who sent it.")


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a refusal: a page, or problem+json where a script asked."""
    wants_json = request.headers.get("Accept", "").startswith("application/")
    if wants_json or request.path.startswith("/api/"):
        body: dict[str, object] = problem_body(error)
        return JsonResponse(body, status=error.status, content_type="application/problem+json")
    status = error.status if error.status in PAGES else 409
    template = f"errors/{status if status != 400 else 400}.html"  # noqa: PLR2004 -- HTTP
    return render(
        request, template, {"error": error, "sentence": error.sentence}, status=error.status
    )


def problem_body(error: DomainError) -> dict[str, object]:
    """Return the RFC 9457 form of a refusal."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.sentence,
    }
    if error.fields:
        body["fields"] = error.fields
    if isinstance(error, Conflict):
        body["current"] = error.current
    return body


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django passes it
    sentence = _("This page was open for too long. Go back, reload it and try again.")
    return refused(request, NotAllowed(sentence))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django passes it
    return refused(request, NotFound(not_found_sentence()))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django passes it
    return refused(request, NotAllowed(_("Your role here does not include this.")))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django passes it
    return refused(
        request, DomainError(_("The browser sent something unreadable. Reload the page."))
    )


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django passes it
    """Answer without the frame around a page: what it asks for may be what broke."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


@page(PUBLIC)
def closed(_request: HttpRequest, **_arguments: str) -> HttpResponse:
    """Stand before a page of a library that this product does not have."""
    raise NotFound(not_found_sentence())


@page(PUBLIC)
def live(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "live"})


@page(PUBLIC)
def ready(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when this node can serve: database migrated, jobs flowing, disk not full."""
    executor = MigrationExecutor(connection)
    disk = shutil.disk_usage(settings.BASE_DIR)
    with tenancy.acting_as(scope="jobs"):
        oldest = Job.objects.filter(state=JobState.QUEUED).order_by("run_after").first()
    waiting = (clock.now() - oldest.run_after).total_seconds() if oldest else 0.0
    checks = {
        "migrated": not executor.migration_plan(executor.loader.graph.leaf_nodes()),
        "jobs": waiting < OLDEST_JOB_SECONDS,
        "disk": disk.free > disk.total * LEAST_FREE_SHARE,
    }
    return JsonResponse(
        {"status": "ready" if all(checks.values()) else "not ready", **checks},
        status=200 if all(checks.values()) else 503,
    )
