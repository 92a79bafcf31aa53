"""Arrival stamp, tenancy, and the answers to refusals."""

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.module_loading import import_string

from apps.core import attempts, audit, clock, tenancy, views
from apps.core.errors import Attempt, DomainError, NotFound, StepUpNeeded, Unfit

Answer = Callable[[HttpRequest], HttpResponse]
RECORDED = {403, 404, 409, 412, 413}
REFUSED_FROM = 400


def edge(get_response: Answer) -> Answer:
    """Stamp the arrival: the edge's own stamp behind the edge, the receive time elsewhere.

    The application listens on the edge's Unix socket alone when `BEHIND_EDGE` is set, and the
    edge overwrites what a client sent, so the header cannot be forged.
    """

    def stamp(request: HttpRequest) -> HttpResponse:
        request.arrival = _arrival(request)  # type: ignore[attr-defined]  # read by submission
        return get_response(request)

    return stamp


def _arrival(request: HttpRequest) -> dt.datetime:
    given = request.META.pop("HTTP_X_ARRIVAL", "")
    if settings.BEHIND_EDGE:
        seconds, _dot, fraction = given.partition(".")
        micro = int(fraction.ljust(6, "0")[:6])
        return dt.datetime.fromtimestamp(int(seconds), dt.UTC).replace(microsecond=micro)
    return clock.now()


def no_store(get_response: Answer) -> Answer:
    """Keep what a signed-in person saw out of every cache."""

    def mark(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            response["Cache-Control"] = "no-store"
        return response

    return mark


def say_no_page(get_response: Answer) -> Answer:
    """Put a page where a browser would show a blank one: an address that only takes a form."""

    def explain(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        if "text/html" not in request.headers.get("Accept", ""):
            return response
        page = render(request, "errors/405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page

    return explain


class Tenancy:
    """Run each request in one transaction that knows the person and the organisation.

    An answer of 400 or more rolls everything back, so nothing is half saved; the refused attempt
    is then recorded in a transaction of its own.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.organisation_for = import_string(settings.TENANT_RESOLVER)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user.pk if request.user.is_authenticated else None
        organisation = None
        with tenancy.acting_as(person=person, scope="sign-in" if person else ""):
            if person:
                organisation = self.organisation_for(request)
            place = organisation.pk if organisation else None
            tenancy.go_on_as(person=person, organisation=place)
            request.organisation = organisation  # type: ignore[attr-defined]  # read by pages
            response = self.get_response(request)
            if response.status_code >= REFUSED_FROM:
                transaction.set_rollback(True)
        unfit = isinstance(getattr(request, "refusal", None), Unfit)
        if place and (response.status_code in RECORDED or unfit):
            with tenancy.acting_as(person=person, organisation=place):
                _record_refusal(request, response)
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if isinstance(exception, Http404):
            exception = NotFound(str(exception) or views.not_found_sentence())
        if isinstance(exception, PermissionDenied):
            return None
        if isinstance(exception, DomainError) and not isinstance(exception, StepUpNeeded):
            request.refusal = exception  # type: ignore[attr-defined]  # read after the rollback
            return views.refused(request, exception)
        return None


def _record_refusal(request: HttpRequest, response: HttpResponse) -> None:
    if not isinstance(request.user, AbstractBaseUser):
        return
    refusal = getattr(request, "refusal", None)
    match = request.resolver_match
    name = match.view_name if match else "unknown"
    watcher = attempts.WATCHED.get(name)
    if response.status_code == HTTPStatus.NOT_FOUND:  # not theirs: nobody there hears of it
        watcher = None
    check = {"check": refusal.check} if isinstance(refusal, Attempt) else {}
    event = audit.record(
        action=f"refused.{name}",
        actor=request.user,
        subject=request.user,
        procurement_id=attempts.procurement_in(match.kwargs) if match and watcher else None,
        refused=True,
        payload={
            **check,
            "method": request.method or "",
            "path": request.path,
            "reason": type(refusal).__name__ if refusal else "",
            "status": response.status_code,
        },
    )
    if watcher:
        watcher(event)
