"""The only reader of the environment: typed values, stopping at start-up with the name at fault."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 40

_env = environ.Env()


def _refuse(name: str, why: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}: {why}")


def _text(name: str, default: str | None = None) -> str:
    value: str = _env.str(name, default=default if default is not None else "")
    if default is None and not value:
        raise _refuse(name, "is not set. The README's table of variables says what it holds.")
    return value


def _whole(name: str, default: int, *, least: int = 0) -> int:
    try:
        value = int(_env.str(name, default=str(default)))
    except ValueError:
        raise _refuse(name, "has to be a whole number.") from None
    if value < least:
        raise _refuse(name, f"has to be {least} or more.")
    return value


def _truth(name: str, *, default: bool) -> bool:
    word = _env.str(name, default="yes" if default else "no").lower()
    if word not in {"yes", "no", "true", "false", "1", "0"}:
        raise _refuse(name, 'has to be "yes" or "no".')
    return word in {"yes", "true", "1"}


def _database(name: str, *, prepares: bool) -> dict[str, Any]:
    """Return how to connect; `prepares` has the server prepare each statement the first time.

    Migrations send several statements as one, which cannot be prepared.
    """
    url = _text(name)
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise _refuse(name, "has to start with postgres://. cceval runs on PostgreSQL alone.")
    config: dict[str, Any] = dict(_env.db_url_config(url))
    # Parameters of the URL (a socket's folder, say) arrive in OPTIONS: add to them, never replace.
    config["OPTIONS"] = {
        **config.get("OPTIONS", {}),
        "application_name": "cceval",
        "server_side_binding": True,
        "prepare_threshold": 0 if prepares else None,
    }
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    return config


def _secret(name: str) -> str:
    value = _text(name)
    if len(value) < SHORTEST_SECRET or len(set(value)) < SHORTEST_SECRET // 4:
        raise _refuse(name, f"is too weak: give {SHORTEST_SECRET} random characters or more.")
    return value


def _origin(name: str, default: str) -> str:
    value = _text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise _refuse(name, "has to look like https://evaluation.example, without a path.")
    return value


def _scanner(value: str) -> str:
    parts = urlsplit(value)
    if value and not value.startswith("/") and not (parts.scheme == "clamd" and value[8:]):
        raise _refuse(
            "CCEVAL_SCANNER", "has to be clamd:///socket, clamd://host:port, or a program's path."
        )
    return value


def _address(name: str) -> str:
    """Return an address of a service on the web; empty where none is given."""
    value = _text(name, "")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise _refuse(name, "has to look like https://authority.example/tsa.")
    return value


@dataclass(frozen=True)
class Environment:
    """Every variable cceval reads. The README's table is checked against these fields."""

    secret_key: str
    database: dict[str, Any]
    owner_database: dict[str, Any]
    redis_url: str
    origin: str
    allowed_hosts: list[str]
    debug: bool
    data_dir: Path
    email_url: str
    mail_from: str
    environment: str
    behind_edge: bool
    mail_sink: Path | None
    signing_dir: Path
    key_store: Path
    witness_dir: Path
    grace_seconds: int
    log_level: str
    scanner: str
    time_stamping: str


def read() -> Environment:
    """Read and check every variable; raises ImproperlyConfigured naming the first one at fault."""
    origin = _origin("CCEVAL_ORIGIN", "http://localhost:8000")
    data_dir = Path(_text("CCEVAL_VAR", str(BASE_DIR / "var"))).resolve()
    sink = _text("CCEVAL_MAIL_SINK", "")
    hostname = urlsplit(origin).hostname or "localhost"
    return Environment(
        secret_key=_secret("SECRET_KEY"),
        database=_database("DATABASE_URL", prepares=True),
        owner_database=_database("DATABASE_OWNER_URL", prepares=False),
        redis_url=_text("REDIS_URL"),
        origin=origin,
        allowed_hosts=_env.list("ALLOWED_HOSTS", default=[hostname]),
        debug=_truth("DEBUG", default=False),
        data_dir=data_dir,
        email_url=_text("EMAIL_URL", "smtp://localhost:25"),
        mail_from=_text("MAIL_FROM", f"cceval <no-reply@{hostname}>"),
        environment=_text("CCEVAL_ENVIRONMENT", "production"),
        behind_edge=_truth("CCEVAL_BEHIND_EDGE", default=False),
        mail_sink=Path(sink) if sink else None,
        signing_dir=Path(_text("CCEVAL_SIGNING", str(data_dir / "signing"))),
        key_store=Path(_text("CCEVAL_KEY_STORE", str(data_dir / "keys"))),
        witness_dir=Path(_text("CCEVAL_WITNESS", str(data_dir / "witness"))),
        grace_seconds=_whole("CCEVAL_GRACE_SECONDS", 120),
        log_level=_text("LOG_LEVEL", "INFO"),
        scanner=_scanner(_text("CCEVAL_SCANNER", "")),
        time_stamping=_address("CCEVAL_TSA"),
    )
