"""What sign-in does differently here: no self-registration, mails in our own look."""

from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """People come by invitation alone; links carry the configured origin, never a Host header."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's signature
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Do nothing: people have addresses, not user names."""

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ask for the second factor of whoever has one; the password alone proves too little."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [one for one in methods if one["id"].startswith("mfa_")] or methods

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> Any:
        return super().render_mail(
            template_prefix, email, {**context, "origin": settings.ORIGIN}, headers=headers
        )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Draw the square of an authenticator's secret in the page: images by `data:` are refused."""

    def build_totp_svg(self, url: str) -> str:
        drawn = segno.make(url, error="m").svg_inline(
            scale=5, border=4, dark="#000", light="#fff", title=str(_("Code for your app"))
        )
        return mark_safe(drawn)  # noqa: S308 -- segno's drawing of modules, no text of a person
