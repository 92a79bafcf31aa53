"""The deadline row, moved by SQL functions alone: they check with the database's own clock."""

import datetime as dt

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.core.errors import DomainError, Incomplete, NotFound, WrongState
from apps.rfp.models import Extension, Rfp


def schedule(*, rfp: Rfp, closes_at: dt.datetime, grace: dt.timedelta, zone: str) -> None:
    """Set the deadline of a draft, as often as it takes."""
    seconds = grace.total_seconds()
    _call(
        "SELECT cceval_schedule(%s, %s, %s, make_interval(secs => %s), %s)",
        [uuid7(), rfp.pk, closes_at, seconds, zone],
    )


def extend(*, extension: Extension) -> None:
    """Move a deadline to later, as two persons agreed, while no bid has been opened."""
    _call("SELECT cceval_extend(%s)", [extension.pk])


def only_later() -> str:
    return _("A deadline only moves to later. Give a time after the present deadline.")


def _call(statement: str, values: list[object]) -> None:
    """Run a function; what it refuses comes back as a sentence, the transaction stays usable."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)  # type: ignore[arg-type]  # the stubs list fewer types
    except DatabaseError as error:
        refusal = _refusal(str(getattr(error.__cause__, "sqlstate", "")))
        if refusal is None:
            raise
        raise refusal from None


def _refusal(code: str) -> DomainError | None:
    if code == "CC404":
        return NotFound(_("There is no such RFP, or it is not yours."))
    if code == "CC409":
        return WrongState(_("Bids have been opened or the RFP was published; this cannot change."))
    if code == "CC422":
        return Incomplete(only_later(), fields={"closes_at": only_later()})
    return None
