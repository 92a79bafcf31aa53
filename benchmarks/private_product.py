"""The whole product, durable, for a benchmark; and Django in this process on its database."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cceval.local.stack import Stack, free_port

NOT_SHARED = ("REDIS_URL", "DATABASE_URL", "DATABASE_OWNER_URL", "CCEVAL_VAR", "SECRET_KEY")


@contextlib.contextmanager
def running() -> Iterator[Stack]:
    """Start every program of the product; afterwards nothing of it is left."""
    given = {name: value for name, value in os.environ.items() if name not in NOT_SHARED}
    stack = Stack(Path(tempfile.mkdtemp(prefix="ccb-")), free_port(), name="benchmark", given=given)
    try:
        stack.start_servers()
        stack.start_programs()
        _set_up_django(stack)
        yield stack
    finally:
        stack.stop()
        if stack.postgres:
            shutil.rmtree(stack.postgres.folder, ignore_errors=True)
        shutil.rmtree(stack.folder, ignore_errors=True)


def _set_up_django(stack: Stack) -> None:
    assert stack.postgres
    os.environ |= stack.environment
    # The tests' people and tenders, on this database instead of one of their own.
    os.environ["CCEVAL_TEST_CLUSTER"] = str(stack.postgres.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django  # noqa: PLC0415 -- after the environment

    django.setup()
