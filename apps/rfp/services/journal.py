"""The last changes of a draft, kept so that each can be undone.

The rows themselves are noted by triggers (migration 0012), whichever service changes them. Here a
change gets its identity before the first row moves, and its name once the service is done.
"""

from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.core.errors import Conflict
from apps.rfp.models import Change
from apps.workspace.models import User

SETTINGS = "SELECT set_config('cceval.change', %s, true), set_config('cceval.actor', %s, true)"
MOVED_ON = frozenset({"CC409", "23503"})  # another row stands there, or one needs this
NAME = """
UPDATE rfp_change SET act = %s, about = %s
WHERE act = '' AND id = NULLIF(current_setting('cceval.change', true), '')::uuid
"""


def begin(actor: User) -> None:
    """Note what changes from here to the end of the transaction as one change of this person."""
    _set(str(uuid7()), str(actor.pk))


def pause() -> None:
    """Note nothing more: what is put back is no change of its own."""
    _set("", "")


def _set(change: str, actor: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS, [change, actor])


def name(act: str, details: Mapping[str, Any]) -> None:
    """Say what the change under way was; nothing happens where no row has moved."""
    about = details.get("question") or details.get("section") or details.get("lot") or ""
    with connection.cursor() as cursor:
        cursor.execute(NAME, [act, str(about)])


def put_back(change: Change) -> None:
    """Return every row of a change to what it was; Conflict when one has moved on since."""
    pause()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT cceval_undo(%s)", [change.pk])
            # A lot that assumptions were made for cannot go; asked now, not at the commit.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError as error:
        sentence = _refusal(str(getattr(error.__cause__, "sqlstate", "")))
        if sentence is None:
            raise
        raise Conflict(sentence) from None


def _refusal(code: str) -> str | None:
    if code in MOVED_ON:
        return _("The draft has changed since in another way. Nothing was undone.")
    if code == "CC422":
        return _("The deadline before this one has passed. Set another one; nothing was undone.")
    return None
