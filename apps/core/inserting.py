"""Insert a row unless it is there already, in one statement and without a savepoint."""

from django.db import connection, models
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery


def insert_new(row: models.Model) -> bool:
    """Insert a row; return False where a unique constraint of its table keeps it out.

    Every other refusal (a trigger, a policy, a check, a missing reference) raises as an insert does.
    It waits for a transaction that is inserting the same, as the constraint itself does.
    """
    fields = row._meta.local_concrete_fields
    query = InsertQuery(type(row), on_conflict=OnConflict.IGNORE)
    query.insert_values(fields, [row])
    (statement,) = query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        inserted = bool(cursor.rowcount == 1)
    if inserted:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 -- as `save` does
    return inserted
