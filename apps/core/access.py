"""Who may: one permission name per act, asked by the page and asked again by the service.

`rules.py` files say who. What a person may not see is answered by the selector a page names in
`find`, with 404; a wrong role is 403; a wrong moment is the workflow's 409.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import rules
from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.core.errors import NotAllowed, WrongState

PUBLIC = "PUBLIC"

View = Callable[..., HttpResponse]
Person = AbstractBaseUser | AnonymousUser


def can(actor: Person, name: str, subject: object = None) -> bool:
    """Ask the rulebook; an unknown name is a mistake of ours, not a refusal."""
    if not rules.perm_exists(name):
        raise LookupError(f"no rulebook defines the permission {name!r}")
    return bool(rules.has_perm(name, actor, subject))


def authorise(actor: Person, name: str, subject: object = None) -> None:
    """Refuse with 403 unless the rulebook lets `actor` do `name` to `subject`."""
    if not can(actor, name, subject):
        raise NotAllowed(_("Your role here does not include this. Ask the procurement lead."))


def _second_factor_missing(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "second_factor_missing", False))


def has_second_factor(user: Person) -> bool:
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))


def second_factor_is_fresh(request: HttpRequest) -> bool:
    """Return whether the second factor was given again lately: a password does not count."""
    given = [
        record["at"]
        for record in get_authentication_records(request, request.user)
        if record["method"] == "mfa" and record.get("reauthenticated")
    ]
    return bool(given) and time.time() - given[-1] < app_settings.REAUTHENTICATION_TIMEOUT


def _step_up(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor again and lead back to the page, without what was typed.

    A POST that allauth suspends is stored whole in the session: a key would lie in the database.
    """
    if not has_second_factor(request.user):
        return redirect("mfa_activate_totp")
    if request.method != "POST":
        raise ReauthenticationRequired  # a password would not do: see AccountAdapter
    query = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
    return redirect(f"{reverse('account_reauthenticate')}?{query}")


def page(
    permission: str,
    *,
    find: Callable[..., Any] | None = None,
    step_up: bool = False,
) -> Callable[[View], View]:
    """Declare who may see a page: sign in, second factor, find the subject (404), authorise (403).

    The view receives what `find(user, **url_arguments)` returned as its second argument. With
    `step_up` a fresh second factor is asked for before the act, and what was typed is typed again.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if permission == PUBLIC:
                return view(request, **arguments)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if _second_factor_missing(request):
                return redirect("mfa_activate_totp")
            subject = find(request.user, **arguments) if find else None
            request.subject = subject  # type: ignore[attr-defined]  # the frame names it
            authorise(request.user, permission, subject)
            if step_up and not second_factor_is_fresh(request):
                return _step_up(request)
            return view(request, subject) if find else view(request, **arguments)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by tests/architecture
        return guarded

    return decorate


class ApiPermission(BasePermission):
    """Sign-in and second factor for every endpoint; services authorise the act itself.

    A view names its permission per action in `permissions`; a view without one is refused.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if getattr(view, "public", False):
            return True
        if not request.user.is_authenticated:
            return False
        if getattr(request.user, "second_factor_missing", False):
            raise WrongState(_("Set up a second factor on the website first."))
        action = getattr(view, "action", None) or (request.method or "").lower()
        return action in getattr(view, "permissions", {})
