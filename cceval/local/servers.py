"""A private PostgreSQL and a private Redis on Unix sockets, for the demo and the tests.

They belong to whoever starts them: found by folder, never by port, and stopped by process id.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

PATIENCE = 60.0  # seconds for a server to answer
LONGEST_SOCKET = 107  # bytes: the kernel's limit for a path of a Unix socket
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class NotStarted(Exception):
    """A server did not start; the sentence says why."""


def die_with_parent(signal_number: int = signal.SIGTERM) -> Callable[[], None]:
    """Return a `preexec_fn` that ends the child when its parent dies (PR_SET_PDEATHSIG)."""
    libc = ctypes.CDLL(None)

    def set_it() -> None:
        libc.prctl(1, signal_number)

    return set_it


def binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if not found:
        raise NotStarted("PostgreSQL is not installed. Install the package postgresql.")
    return found[-1].parent


def _as_postgres() -> dict[str, Any]:
    """Return the arguments that run a program as user postgres when we are root."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], what: str, log: Path
) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            tail = log.read_text(errors="replace").strip().splitlines()[-1:] if log.exists() else []
            raise NotStarted(f"{what} did not start. {' '.join(tail)} See {log}.")
        time.sleep(0.05)


@dataclass
class Postgres:
    """A cluster in `folder`; `durable` is off for databases of tests alone."""

    folder: Path
    durable: bool = True
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        bin_dir, data = binaries(), self.folder / "data"
        if len(os.fsencode(self.folder / ".s.PGSQL.5432")) > LONGEST_SOCKET:
            raise NotStarted(f"The path {self.folder} is too long for a socket. Use a shorter one.")
        self._own_folder()
        if not (data / "PG_VERSION").exists():
            self._initialise(bin_dir, data)
        settings = [] if self.durable else [part for name in FAST for part in ("-c", name)]
        log = self.folder / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    bin_dir / "postgres", "-D", data, "-k", self.folder,
                    "-c", "listen_addresses=", "-c", "max_connections=120",
                    "-c", "log_parameter_max_length=0",
                    "-c", "log_parameter_max_length_on_error=0", *settings,
                ],
                stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/",
                start_new_session=True, **_as_postgres(),
            )  # fmt: skip
        _wait(lambda: self._answers(bin_dir), self.process, "PostgreSQL", log)

    def _own_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.folder.chmod(0o700)

    @staticmethod
    def _initialise(bin_dir: Path, data: Path) -> None:
        command: list[str | Path] = [
            bin_dir / "initdb", "-D", data, "-U", "postgres", "-A", "trust",
            "-E", "UTF8", "--locale=C.UTF-8",
        ]  # fmt: skip
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd="/", **_as_postgres()
        )
        if done.returncode:
            raise NotStarted(f"PostgreSQL could not be set up in {data}: {done.stderr.strip()}")

    def _answers(self, bin_dir: Path) -> bool:
        command: list[str | Path] = [bin_dir / "pg_isready", "-q", "-h", self.folder]
        return subprocess.run(command, check=False).returncode == 0

    def url(self, login: str, database: str) -> str:
        return f"postgres://{login}@/{database}?host={quote(str(self.folder))}"

    def sql(self, *statements: str, database: str = "postgres") -> str:
        """Run statements as the superuser, each in a transaction of its own."""
        commands = [part for statement in statements for part in ("-c", statement)]
        command: list[str | Path] = [
            binaries() / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
            "-h", self.folder, "-U", "postgres", "-d", database, *commands,
        ]  # fmt: skip
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise NotStarted(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.strip()

    def stop(self) -> None:
        _stop(self.process, signal.SIGINT)


@dataclass
class Redis:
    """A server on a Unix socket in `folder`; `durable` keeps an append-only file."""

    folder: Path
    durable: bool = True
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def socket(self) -> Path:
        return self.folder / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise NotStarted("Redis is not installed. Install the package redis-server.")
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    program, "--port", "0", "--unixsocket", self.socket,
                    "--unixsocketperm", "700", "--dir", self.folder, "--save", "",
                    "--appendonly", "yes" if self.durable else "no",
                    "--maxmemory-policy", "noeviction", "--daemonize", "no",
                ],
                stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                start_new_session=True, preexec_fn=die_with_parent(),  # noqa: PLW1509 -- no threads yet
            )  # fmt: skip
        _wait(self.socket.exists, self.process, "Redis", log)

    def stop(self) -> None:
        _stop(self.process, signal.SIGTERM)


def _stop(process: subprocess.Popen[bytes] | None, signal_number: int) -> None:
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal_number)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def prepare(postgres: Postgres, database: str, environment: dict[str, str]) -> dict[str, str]:
    """Make both logins and the database, migrate it; return the variables that name it."""
    urls = make_database(postgres, database)
    migrate(environment | urls)
    return urls


def make_database(postgres: Postgres, database: str) -> dict[str, str]:
    """Make both logins and an empty database; return the variables that name it."""
    for login in ("cceval_owner", "cceval_app"):
        if not postgres.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{login}'"):
            postgres.sql(f"CREATE ROLE {login} LOGIN")
    if not postgres.sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):
        postgres.sql(f"CREATE DATABASE {database} OWNER cceval_owner")
    return {
        "DATABASE_URL": postgres.url("cceval_app", database),
        "DATABASE_OWNER_URL": postgres.url("cceval_owner", database),
    }


def migrate(environment: dict[str, str]) -> None:
    root = Path(__file__).resolve().parents[2]
    command: list[str | Path] = [
        sys.executable,
        root / "manage.py",
        "prepare_database",
        "--verbosity",
        "0",
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NotStarted(f"The database could not be migrated: {last}")
