"""The only call to the system clock in Python. Deadlines are decided by the database's clock."""

import datetime as dt

from django.db import connection


def now() -> dt.datetime:
    """Return the application's time, in UTC."""
    return dt.datetime.now(dt.UTC)


def database_now() -> dt.datetime:
    """Return the clock that decides deadlines: SQL `cceval_now()`, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cceval_now()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment
