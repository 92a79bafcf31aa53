"""Undo: the last change of a draft is taken back, then the one before it, up to fifty."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Conflict
from apps.rfp.models import Change, Rfp
from apps.rfp.selectors.changes import last_change
from apps.rfp.services import journal
from apps.rfp.services.drafting import open_draft, record
from apps.workspace.models import User


@transaction.atomic
def undo(*, rfp: Rfp, change_id: uuid.UUID, actor: User) -> Change:
    """Take the last change back: weights, texts, order, what was added or removed, a setting.

    `change_id` is the change the person saw: Conflict when another one came after it.
    """
    open_draft(rfp, actor)
    change = last_change(rfp)
    if change is None or change.pk != change_id:
        raise Conflict(
            _("Something else was changed meanwhile. Look at the questionnaire, then undo that.")
        )
    journal.put_back(change)
    rfp.refresh_from_db()
    change.undone = True
    change.save(update_fields=["undone"])
    record(rfp, "undo", actor, change=change.act, about=change.about, number=change.number)
    return change
