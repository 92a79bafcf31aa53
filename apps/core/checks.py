"""System checks: an unsafe database login or an unsafe setting refuses to start, by name."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


def _error(number: int, sentence: str, hint: str) -> Error:
    return Error(sentence, hint=hint, id=f"cceval.E{number:03}")


@register(Tags.database)
def database_is_safe(*, databases: Sequence[str] | None, **_kwargs: Any) -> list[CheckMessage]:
    """Check the application login and the durability of what it commits."""
    if "default" not in (databases or ()):
        return []
    found: list[CheckMessage] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        )
        if cursor.fetchone()[0]:
            found.append(
                _error(
                    1,
                    "DATABASE_URL names a login that row-level security does not bind.",
                    "Use a login without SUPERUSER, BYPASSRLS and CREATEROLE.",
                )
            )
        if not str(connection.settings_dict["NAME"]).startswith("test_"):
            cursor.execute(
                "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting <> 'on'",
                [list(DURABLE)],
            )
            found += [
                _error(2, f"PostgreSQL runs with {name} off.", f"Set {name} = on: bids must last.")
                for (name,) in cursor.fetchall()
            ]
    return found


@register(Tags.security)
def settings_are_safe(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse a wildcard host and debugging outside development."""
    found: list[CheckMessage] = []
    if "*" in settings.ALLOWED_HOSTS:
        found.append(_error(3, "ALLOWED_HOSTS contains *.", "Name the hosts."))
    if settings.DEBUG and settings.ENVIRONMENT == "production":
        found.append(_error(4, "DEBUG is on in production.", "Unset DEBUG."))
    return found
