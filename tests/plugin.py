"""A pytest plugin, loaded before Django: a private PostgreSQL and Redis for this run.

The template database is migrated once; each process clones it, and each test that needs
committed rows clones it again, since append-only tables refuse Django's flush.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"  # before cceval sets its own default

from cceval.local import servers

TEMPLATE = "test_template"
# The database's clock, movable: the product's own function returns clock_timestamp().
MOVABLE_CLOCK = """
CREATE TABLE cceval_test_clock (shift interval NOT NULL);
INSERT INTO cceval_test_clock VALUES ('0');
GRANT SELECT, UPDATE ON cceval_test_clock TO cceval_app, cceval_owner;
CREATE OR REPLACE FUNCTION cceval_now() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT clock_timestamp() + (SELECT shift FROM cceval_test_clock) $$;
"""


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="cct-"))
    folder.chmod(0o711)
    postgres = servers.Postgres(folder / "pg", durable=False)
    redis = servers.Redis(folder / "redis", durable=False)

    def stop() -> None:
        postgres.stop()
        redis.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    postgres.start()
    redis.start()
    os.environ["REDIS_URL"] = redis.url
    os.environ["CCEVAL_VAR"] = str(folder / "var")
    os.environ["CCEVAL_TEST_CLUSTER"] = str(folder / "pg")
    environment = {
        **os.environ,
        "DATABASE_URL": postgres.url("cceval_app", TEMPLATE),
        "DATABASE_OWNER_URL": postgres.url("cceval_owner", TEMPLATE),
    }
    os.environ |= servers.prepare(postgres, TEMPLATE, environment)
    postgres.sql(MOVABLE_CLOCK, database=TEMPLATE)


if "CCEVAL_TEST_CLUSTER" not in os.environ:
    _start()
elif worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["CCEVAL_VAR"] += f"/{worker}"  # files and keys of its own, for each process


def cluster() -> servers.Postgres:
    """Return a handle to the run's PostgreSQL, for its superuser."""
    return servers.Postgres(Path(os.environ["CCEVAL_TEST_CLUSTER"]), durable=False)
