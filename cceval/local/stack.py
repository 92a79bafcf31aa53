"""The whole product on one machine: database, broker, worker, scheduler, web, edge, mail sink.

The demo and the journeys of the tests start the same parts through this one class.
"""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from pathlib import Path

from cceval.local import edge
from cceval.local.servers import NotStarted, Postgres, Redis, prepare
from cceval.local.supervise import Supervisor

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
PROGRAMS = Path(sys.executable).parent


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def refuse_used_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise NotStarted(
                f"Port {port} is in use. Stop what uses it, or choose another: PORT={port + 1} ./run demo"
            ) from None


def keep_secret(path: Path, length: int = 48) -> str:
    """Return a secret made once and kept in a file only we may read."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(length))
    return path.read_text().strip()


def cluster_folder(folder: Path) -> Path:
    """Root cannot give user postgres a way into a private folder: then use /var/lib."""
    if os.getuid() != 0:
        return short_folder(folder, "postgres")
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path("/var/lib") / f"cceval-{mark}"


def short_folder(folder: Path, name: str) -> Path:
    """Keep a socket's path under the kernel's limit, whatever the checkout is called."""
    inside = folder / name
    if len(os.fsencode(inside)) < 80:  # noqa: PLR2004 -- room for a socket's own name
        return inside
    mark = hashlib.sha256(str(inside).encode()).hexdigest()[:12]
    return Path(os.environ.get("XDG_RUNTIME_DIR", "/tmp")) / f"cceval-{mark}"  # noqa: S108 -- 0700 below


def clear(folder: Path, keep: Collection[str]) -> None:
    """Take away what a stack made in a folder of its own, its database with it."""
    made = [one for one in folder.iterdir() if one.name not in keep]
    for one in (*made, cluster_folder(folder), short_folder(folder, "redis")):
        if one.is_dir():
            shutil.rmtree(one)
        else:
            one.unlink(missing_ok=True)


class Stack:
    """Everything the product needs, under one folder; `environment` is what its programs see."""

    def __init__(
        self, folder: Path, port: int, *, name: str = "demo", given: Mapping[str, str]
    ) -> None:
        self.folder, self.port = folder, port
        self.mails = folder / "outbox"
        self.smtp_port = free_port()
        self.postgres: Postgres | None = None
        self.redis: Redis | None = None
        self.environment: dict[str, str] = {
            **given,
            "DJANGO_SETTINGS_MODULE": "cceval.settings",
            "PYTHONPATH": str(ROOT),
            "CCEVAL_VAR": str(folder),
            "CCEVAL_ENVIRONMENT": given.get("CCEVAL_ENVIRONMENT", name),
            "CCEVAL_ORIGIN": f"http://localhost:{port}",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "CCEVAL_BEHIND_EDGE": "yes",
            "CCEVAL_MAIL_SINK": str(self.mails),
            "CCEVAL_GRACE_SECONDS": given.get("CCEVAL_GRACE_SECONDS", "1"),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "SECRET_KEY": keep_secret(folder / "secret"),
        }
        self.supervisor = Supervisor(self.environment, folder / "logs")

    def start_servers(self) -> None:
        """Start the private database and broker, unless the environment names others."""
        if "REDIS_URL" not in self.environment:
            self.redis = Redis(short_folder(self.folder, "redis"))
            self.redis.start()
            self.environment["REDIS_URL"] = self.redis.url
        if "DATABASE_URL" not in self.environment:
            self.postgres = Postgres(cluster_folder(self.folder))
            self.postgres.start()
            self.environment |= prepare(self.postgres, "cceval", self.environment)
        else:
            self.manage("prepare_database", "--verbosity", "0")
        self.manage("prepare_signing", "--verbosity", "0")

    def start_programs(self) -> None:
        """Start web, edge, worker, scheduler and mail sink; return when pages are served."""
        run = short_folder(self.folder, "run")
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        web, keep = run / "web.sock", self.supervisor.add
        self._collect_static()
        keep("mail", [sys.executable, "-m", "cceval.local.sink", str(self.smtp_port), self.mails])
        keep(
            "web",
            [
                PROGRAMS / "gunicorn", "cceval.wsgi", "--bind", f"unix:{web}", "--workers", "2",
                "--threads", "4", "--preload", "--worker-class", "gthread", "--forwarded-allow-ips", "*",
                "--limit-request-line", "4094", "--limit-request-fields", "60",
                "--log-level", "warning",
            ],
        )  # fmt: skip
        # Papers wait while people do not: a rush before a deadline has the processors. The receipts
        # it leaves behind, and letters, wait in their turn for a report that somebody asked for.
        keep("worker", self._worker("default"), niceness=5)
        keep("papers", self._worker("pdf", "letters"), niceness=10)
        keep(
            "beat",
            [
                PROGRAMS / "celery", "-A", "cceval", "beat", "-l", "WARNING",
                "-s", self.folder / "beat", "--pidfile", "",
            ],
        )  # fmt: skip
        keep("edge", edge.configure(run / "nginx", web, self.port))
        self.supervisor.wait_until(self._serves, "The web server")

    def _worker(self, *queues: str) -> list[str | Path]:
        return [
            PROGRAMS / "celery", "-A", "cceval", "worker", "-Q", ",".join(queues), "-c", "1",
            "--without-gossip", "--without-mingle", "-l", "WARNING", "-n", f"{queues[0]}{self.port}@%h",
        ]  # fmt: skip

    def _collect_static(self) -> None:
        files = sorted((ROOT / "apps").glob("*/static/**/*"))
        seen = hashlib.sha256(repr([(str(f), f.stat().st_mtime_ns) for f in files]).encode())
        stamp = self.folder / "static.stamp"
        if not stamp.exists() or stamp.read_text() != seen.hexdigest():
            self.manage("collectstatic", "--noinput", "--clear", "--verbosity", "0")
            stamp.write_text(seen.hexdigest())

    def _serves(self) -> bool:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/health/live", timeout=5
            ) as r:
                return bool(r.status == 200)  # noqa: PLR2004 -- HTTP
        except (OSError, urllib.error.URLError):
            return False

    def manage(self, *arguments: str) -> str:
        """Run a management command with the product's environment; NotStarted when it fails."""
        done = subprocess.run(
            [*MANAGE, *arguments], check=False, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            logs = self.folder / "logs"
            logs.mkdir(parents=True, exist_ok=True)
            (logs / f"{arguments[0]}.log").write_text(done.stdout + done.stderr)
            last = (done.stderr.strip().splitlines() or [""])[-1]
            raise NotStarted(f"manage.py {arguments[0]} failed: {last} ({logs}/{arguments[0]}.log)")
        return done.stdout

    def stop(self) -> None:
        """Stop what this stack started, and nothing else."""
        self.supervisor.stop()
        for server in (self.redis, self.postgres):
            if server:
                server.stop()
        with contextlib.suppress(OSError):
            shutil.rmtree(Path("/dev/shm") / f"cceval-{os.getpid()}")  # noqa: S108 -- made by the edge

    def people(self) -> list[dict[str, str]]:
        """Return the demo's sign-ins, written by `seed_demo`."""
        path = self.folder / "demo.json"
        return list(json.loads(path.read_text())["people"]) if path.exists() else []
