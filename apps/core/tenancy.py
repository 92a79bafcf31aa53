"""Who asks: the transaction in which row-level security knows the person and the organisation.

Every request, job, command and test runs inside `acting_as`. The variables are set with
`SET LOCAL`, so they end with the transaction and a pooled connection keeps nothing. Before a
tenant is known a few acts have a scope of their own, each matched by a narrow policy:

`sign-in`   reads the memberships of the person who signs in
`token`     reads the one invitation whose token digest is the key
`verify`    reads the one report whose reference or digest is the key
`jobs`      reads and leases jobs, nothing else
`fsck`      reads everything, writes nothing
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Literal

from django.db import connection, transaction

Scope = Literal["", "sign-in", "token", "verify", "jobs", "fsck"]
VARIABLES = ("cceval.person", "cceval.organisation", "cceval.scope", "cceval.key")
NOBODY = ("", "", "", "")

# A statement is planned once on a connection, whatever its parameters: planning the policies again and
# again costs more than any plan can save (ADR 30).
PLANS = ("plan_cache_mode", "force_generic_plan")
SET = "SELECT " + ", ".join(["set_config(%s, %s, true)"] * (len(VARIABLES) + 1))

# What this thread wrote last, so that nobody has to ask the database for it. A row under another
# organisation than the transaction's is refused there, whatever stands here.
_acting: ContextVar[tuple[str, ...]] = ContextVar("acting", default=NOBODY)


def _write(values: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        pairs = [part for pair in zip(VARIABLES, values, strict=True) for part in pair]
        cursor.execute(SET, [*pairs, *PLANS])


@contextmanager
def acting_as(
    *,
    person: uuid.UUID | None = None,
    organisation: uuid.UUID | None = None,
    scope: Scope = "",
    key: str = "",
) -> Iterator[None]:
    """Open a transaction for one person of one organisation; nest freely, the outer one returns."""
    nested = connection.in_atomic_block
    before = _acting.set((str(person or ""), str(organisation or ""), scope, key))
    try:
        with transaction.atomic():
            _write(_acting.get())
            yield
            # The end of a transaction restores the variables by itself, and so does a rollback.
            if nested and not connection.needs_rollback:
                _write(NOBODY if before.old_value is Token.MISSING else before.old_value)
    finally:
        _acting.reset(before)


def go_on_as(*, person: uuid.UUID | None, organisation: uuid.UUID | None) -> None:
    """Leave a scope for the organisation that was found in it, in the same transaction."""
    _acting.set((str(person or ""), str(organisation or ""), "", ""))
    _write(_acting.get())


def acting_organisation() -> uuid.UUID | None:
    """Return the organisation of the current transaction, if any."""
    value = _acting.get()[1]
    return uuid.UUID(value) if value else None


def require_organisation() -> uuid.UUID:
    """Return the organisation of the current transaction; LookupError outside of one."""
    found = acting_organisation()
    if found is None:
        raise LookupError("this act belongs to an organisation: wrap it in acting_as")
    return found
