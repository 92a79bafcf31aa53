"""Refused attempts that somebody has to hear of: who watches which page.

What a watcher does it does in the transaction in which the attempt is recorded, after the refused
request was rolled back.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from apps.core.errors import DomainError
from apps.core.models import AuditEvent

# Called with the event of the refusal; not for what the person may not see at all (404).
Watcher = Callable[[AuditEvent], None]
WATCHED: dict[str, Watcher] = {}


def watch(*names: str) -> Callable[[Watcher], Watcher]:
    """Call a function after every refused attempt on the views of these names."""

    def register(watcher: Watcher) -> Watcher:
        WATCHED.update(dict.fromkeys(names, watcher))
        return watcher

    return register


def note(request: HttpRequest, error: DomainError) -> None:
    """Let the record know of a refusal that a page shows beside a field: of a file, for one."""
    request.refusal = error  # type: ignore[attr-defined]  # read after the rollback


def procurement_in(arguments: Mapping[str, Any]) -> uuid.UUID | None:
    """Return the procurement that the address names, if any."""
    found = arguments.get("procurement_id")
    return found if isinstance(found, uuid.UUID) else None
