"""The record of a procurement, taken away by who may read it."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import audit, ledger
from apps.core.access import authorise
from apps.core.errors import NotFound
from apps.proof import logs
from apps.workspace import selectors
from apps.workspace.models import Procurement, User


@transaction.atomic
def take(*, procurement: Procurement, actor: User) -> bytes:
    """Return the procurement's entries with their proofs as one file; the taking is an entry of its own.

    Of all other entries of the organisation the file holds salted hashes, which tell nothing.
    """
    authorise(actor, "workspace.view_record", procurement)
    audit.record(
        action="procurement.take record",
        actor=actor,
        subject=procurement,
        procurement_id=procurement.pk,
    )
    taken = ledger.export(selectors.record_of(procurement))
    if taken is None:
        raise LookupError("a log with the entry just made is not empty")
    return logs.write_export(taken)


def newest_checkpoint(*, procurement: Procurement, actor: User) -> str:
    """Return the newest signed checkpoint of the log that this procurement is part of."""
    authorise(actor, "workspace.view_record", procurement)
    held = ledger.standing().last
    if held is None:
        raise NotFound(_("No checkpoint was made yet. One follows within minutes of every change."))
    return held.note
