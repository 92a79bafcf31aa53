"""The API's manners: pages of rows, problem+json, input read by plain serializers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from apps.core import views
from apps.core.errors import DomainError, Incomplete


class Pages(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 100


class Input(serializers.Serializer[Any]):
    """Input of one act: a field nobody asked for is an error, never ignored."""

    def checked(self) -> dict[str, Any]:
        """Return the validated values; Incomplete with a sentence per field otherwise."""
        given = self.initial_data
        if not isinstance(given, dict):
            raise Incomplete("Send one JSON object.")
        unknown = sorted(set(given) - set(self.fields))
        if unknown:
            raise Incomplete(
                "Remove the fields that are not known here.",
                fields=dict.fromkeys(unknown, "This field is not known here."),
            )
        if not self.is_valid():
            sentences = {str(k): " ".join(map(str, _flat(v))) for k, v in self.errors.items()}
            raise Incomplete("Some fields need another look.", fields=sentences)
        return dict(self.validated_data)


class Nothing(Input):
    """An act without input: whatever is sent is refused."""


def _flat(value: object) -> list[object]:
    if isinstance(value, dict):
        return [part for inner in value.values() for part in _flat(inner)]
    if isinstance(value, list):
        return [part for inner in value for part in _flat(inner)]
    return [value]


class Endpoint(APIView):
    """An API view: names its permission per HTTP method, finds its subject, calls one service."""

    permissions: dict[str, str] = {}


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer any refusal as problem+json (RFC 9457); what is not a refusal stays a 500."""
    request = context["request"]._request  # noqa: SLF001 -- Django's request, where the middleware reads
    if isinstance(error, Http404):
        error = exceptions.NotFound(views.not_found_sentence())
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, DomainError):
        transaction.set_rollback(True)
        request.refusal = error
        return _answer(views.problem_body(error), error.status)
    answer = exception_handler(error, context)
    if answer is None or not isinstance(error, exceptions.APIException):
        return answer
    transaction.set_rollback(True)
    detail = error.detail if isinstance(error.detail, str) else "The request could not be read."
    body = {
        "type": "about:blank",
        "title": str(error.default_detail),
        "status": error.status_code,
        "detail": detail,
    }
    return _answer(body, error.status_code, dict(answer.headers))


def _answer(body: dict[str, Any], status: int, headers: dict[str, str] | None = None) -> Response:
    kept = {k: v for k, v in (headers or {}).items() if k in {"WWW-Authenticate", "Retry-After"}}
    return Response(body, status=status, headers=kept, content_type="application/problem+json")
