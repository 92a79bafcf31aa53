"""A pytest plugin, loaded before Django: a private PostgreSQL and Redis for this run.

The template database is migrated once and kept beside the packages until a migration changes; each
process clones it, and each test that needs committed rows clones it again, since append-only tables
refuse Django's flush.
"""

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
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


ROOT = Path(__file__).resolve().parents[1]
# All that decides what a migrated database is.
MIGRATED_BY = (
    *("apps/*/migrations/*.py", "apps/core/policies.py", "cceval/settings.py"),
    *("cceval/management/commands/prepare_database.py", "requirements/app.txt"),
)


def _template(postgres: servers.Postgres, environment: dict[str, str]) -> dict[str, str]:
    """Migrate the template, or bring it back as the last run with the same migrations left it."""
    said = hashlib.sha256(postgres.sql("SELECT version()").encode())
    for file in sorted(path for pattern in MIGRATED_BY for path in ROOT.glob(pattern)):
        said.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    kept = Path(sys.prefix) / "test-template" / f"{said.hexdigest()[:32]}.sql"
    if not kept.exists():
        made = servers.prepare(postgres, TEMPLATE, environment)
        kept.parent.mkdir(exist_ok=True)
        for old in kept.parent.iterdir():
            old.unlink(missing_ok=True)
        new = kept.with_suffix(f".{os.getpid()}")
        _tool(postgres, "pg_dump", "-f", str(new))
        new.rename(kept)
        return made
    made = servers.make_database(postgres, TEMPLATE)
    _tool(postgres, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(kept))
    return made


def _tool(postgres: servers.Postgres, name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on the template, as its superuser."""
    where = ["-h", postgres.folder, "-U", "postgres", "-d", TEMPLATE]
    command: list[str | Path] = [servers.binaries() / name, *where, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


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
    os.environ |= _template(postgres, environment)
    postgres.sql(MOVABLE_CLOCK, database=TEMPLATE)


if "CCEVAL_TEST_CLUSTER" not in os.environ:
    _start()
elif worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["CCEVAL_VAR"] += f"/{worker}"  # files and keys of its own, for each process


def cluster() -> servers.Postgres:
    """Return a handle to the run's PostgreSQL, for its superuser."""
    return servers.Postgres(Path(os.environ["CCEVAL_TEST_CLUSTER"]), durable=False)
