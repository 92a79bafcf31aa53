"""What a forked child does first: let go of the database connections it inherited."""

import os

from django.db import connections


def close_inherited() -> None:
    """Close the sockets themselves: a goodbye over them would end the parent's session."""
    for connection in connections.all(initialized_only=True):
        raw = connection.connection
        if raw is not None and not raw.closed:
            os.close(raw.fileno())
