"""What sign-in does differently here: no self-registration, mails in our own look."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """People come by invitation alone; links carry the configured origin, never a Host header."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's signature
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Do nothing: people have addresses, not user names."""

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> Any:
        return super().render_mail(
            template_prefix, email, {**context, "origin": settings.ORIGIN}, headers=headers
        )
