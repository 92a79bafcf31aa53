"""The product of one test run: every program of `./run demo`, with a database the tests can move.

Its database is a clone of the run's template, so `cceval_now()` can be moved for all programs at
once: a deadline passes without anybody waiting for it.
"""

import base64
import datetime as dt
import email
import email.policy
import hmac
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

from django.core import signing
from django.core.signing import JSONSerializer

from cceval.local.stack import MANAGE, Stack, free_port
from tests.plugin import TEMPLATE, cluster

NOT_SHARED = ("REDIS_URL", "CCEVAL_VAR", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")
PATIENCE = 60.0
SEEDING = 240.0  # a busy machine; alone it takes a tenth of it
VENDORS_OF_THE_DEMO = 4
PERIOD = 30  # seconds of a one-time code
SALT = "django.contrib.sessions.SessionStore"
AFTER_GRACE = dt.timedelta(seconds=5)

Found = TypeVar("Found")


def wait_for(ask: Callable[[], Found], what: str, patience: float = PATIENCE) -> Found:
    """Ask until the answer is true; fail with what was waited for when patience ends."""
    end = time.monotonic() + patience
    while not (answer := ask()):
        assert time.monotonic() < end, f"{what}: not after {patience:.0f} s"
        time.sleep(0.1)
    return answer


def totp(secret: str, period: int) -> str:
    """Return a one-time code of six digits (RFC 6238, SHA-1, 30 s)."""
    digest = hmac.digest(base64.b32decode(secret), period.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


class Product:
    """The running product, its database's clock, its outbox and its people."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ccj-"))
        self.database = f"journeys_{os.getpid()}"
        given = {name: value for name, value in os.environ.items() if name not in NOT_SHARED}
        given["DATABASE_URL"] = cluster().url("cceval_app", self.database)
        given["DATABASE_OWNER_URL"] = cluster().url("cceval_owner", self.database)
        self.stack = Stack(self.folder, free_port(), name="test", given=given)
        self.url = f"http://localhost:{self.stack.port}"
        self.shift = dt.timedelta()
        self._last_code: dict[str, int] = {}

    def start(self) -> None:
        cluster().sql(f"CREATE DATABASE {self.database} TEMPLATE {TEMPLATE} OWNER cceval_owner")
        self.stack.start_servers()
        self.stack.start_programs()

    def seed(self) -> None:
        """Load the demo case. Its bids are in long before its deadline: then the deadline passes."""
        log = self.folder / "seed.log"
        command = [*MANAGE, "seed_demo"]
        with (
            log.open("wb") as output,
            subprocess.Popen(
                command, env=self.stack.environment, stdout=output, stderr=subprocess.STDOUT
            ) as seeding,
        ):
            try:
                wait_for(
                    lambda: seeding.poll() is not None or self._bids() >= VENDORS_OF_THE_DEMO,
                    "the demo's bids",
                    SEEDING,
                )
                self.set_clock(dt.timedelta(minutes=2))
                seeding.wait(SEEDING)
            finally:
                seeding.kill()
        assert seeding.returncode == 0, log.read_text()[-2000:]

    def _bids(self) -> int:
        return int(self.sql("SELECT count(*) FROM bids_submission"))

    def sql(self, statement: str) -> str:
        """Ask the database as its superuser, past row-level security."""
        return cluster().sql(statement, database=self.database)

    def set_clock(self, shift: dt.timedelta) -> None:
        """Set how far the database's clock is ahead, for every program at once."""
        self.sql(f"UPDATE cceval_test_clock SET shift = '{shift.total_seconds()} s'")
        self.shift = shift

    def now(self) -> dt.datetime:
        """Return what the database's clock says, which decides deadlines."""
        return dt.datetime.now(dt.UTC) + self.shift

    def pass_deadline(self, closes_at: dt.datetime) -> None:
        """Let a deadline and its grace pass for every program."""
        self.set_clock(closes_at - dt.datetime.now(dt.UTC) + AFTER_GRACE)

    @property
    def web_socket(self) -> Path:
        """Where the web server listens; outside of tests the edge alone speaks there."""
        return self.folder / "run" / "web.sock"

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Return the mails that reached an address, oldest first."""
        messages = [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted(self.stack.mails.glob("*.eml"))
        ]
        return [message for message in messages if message["to"] == address]

    def person(self, address: str) -> dict[str, str]:
        """Return a person of the demo: name, password, and secret of the authenticator."""
        return next(one for one in self.stack.people() if one["email"] == address)

    def code_of(self, address: str) -> str:
        """Return what a person's authenticator shows (RFC 6238); a code counts only once."""
        secret = self.person(address)["totp"]
        wait_for(lambda: self._period() > self._last_code.get(address, 0), "a new code", PERIOD + 5)
        self._last_code[address] = self._period()
        return totp(secret, self._period())

    @staticmethod
    def _period() -> int:
        return int(time.time()) // PERIOD

    def age_session(self, key: str) -> None:
        """Let an hour pass since a session's sign-in, so that an act asks for the factor again."""
        query = f"FROM django_session WHERE session_key = '{key}'"
        secret = self.stack.environment["SECRET_KEY"]
        how: dict[str, Any] = {"key": secret, "salt": SALT, "serializer": JSONSerializer}
        session = signing.loads(self.sql(f"SELECT session_data {query}"), **how)
        for method in session["account_authentication_methods"]:
            method["at"] -= 3600
        data = signing.dumps(session, compress=True, **how)
        self.sql(f"UPDATE django_session SET session_data = '{data}' WHERE session_key = '{key}'")

    def stop(self) -> None:
        self.stack.stop()
        cluster().sql(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)
