"""The only writer of audit events: one leaf per change, in the same transaction as the change.

Its place in the organisation's log an event gets after the commit (`core.ledger`), so that no
change waits for another one's.
"""

import secrets
import uuid
from collections.abc import Mapping
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
    at = clock.now()
    body = canonical.encode(
        {
            "action": action,
            "actor": str(actor.pk) if actor else None,
            "at": at.isoformat(timespec="microseconds"),
            "details": dict(payload or {}),
            "procurement": str(procurement_id) if procurement_id else None,
            "refused": refused,
            "subject": f"{subject._meta.label_lower}:{subject.pk}",
        }
    )
    salt = secrets.token_bytes(32)
    return AuditEvent.objects.create(
        organisation_id=tenancy.require_organisation(),
        procurement_id=procurement_id,
        actor=cast("Any", actor),
        action=action,
        refused=refused,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        at=at,
        payload=body.decode(),
        salt=salt,
        leaf_hash=hashes.leaf(salt, body),
    )
