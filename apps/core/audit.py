"""The only writer of audit events: one leaf per change, in the same transaction as the change.

Its place in the organisation's log an event gets after the commit (`core.ledger`), so that no
change waits for another one's.
"""

import secrets
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from apps.core import clock, tenancy
from apps.core.models import AuditEvent
from apps.proof import canonical, hashes

Plain = (
    Any  # str, int, bool, None, and lists and mappings of them: canonical.encode refuses the rest
)


def record(
    *,
    action: str,
    actor: AbstractBaseUser | None,
    subject: models.Model,
    procurement_id: uuid.UUID | None = None,
    payload: Mapping[str, Plain] | None = None,
    refused: bool = False,
) -> AuditEvent:
    """Append one event to the acting organisation's record. Money and scores arrive as decimal strings; bid contents never do."""
    event = AuditEvent(
        procurement_id=procurement_id, actor=cast("Any", actor), action=action, refused=refused
    )
    _seal(event, subject, payload or {})
    event.save(force_insert=True)
    return event


def record_each(
    *,
    action: str,
    actor: AbstractBaseUser | None,
    procurement_id: uuid.UUID | None,
    about: Iterable[tuple[models.Model, Mapping[str, Plain]]],
) -> None:
    """Append one event for each subject with its payload, in their order, in one statement."""
    events = []
    for subject, payload in about:
        event = AuditEvent(
            procurement_id=procurement_id, actor=cast("Any", actor), action=action, refused=False
        )
        _seal(event, subject, payload)
        events.append(event)
    AuditEvent.objects.bulk_create(events)


def _seal(event: AuditEvent, subject: models.Model, payload: Mapping[str, Plain]) -> None:
    """Write the body of an event, its moment and the leaf that stands for it in the log."""
    at = clock.now()
    body = canonical.encode(
        {
            "action": event.action,
            "actor": str(event.actor_id) if event.actor_id else None,
            "at": at.isoformat(timespec="microseconds"),
            "details": dict(payload),
            "procurement": str(event.procurement_id) if event.procurement_id else None,
            "refused": event.refused,
            "subject": f"{subject._meta.label_lower}:{subject.pk}",
        }
    )
    salt = secrets.token_bytes(32)
    event.organisation_id = tenancy.require_organisation()
    event.subject_type = subject._meta.label_lower
    event.subject_id = str(subject.pk)
    event.at = at
    event.payload = body.decode()
    event.salt = salt
    event.leaf_hash = hashes.leaf(salt, body)
