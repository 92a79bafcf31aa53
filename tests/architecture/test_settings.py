"""An unsafe or missing setting refuses to start, and is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOUND = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "DATABASE_URL": "postgres://cceval_app@/cceval",
    "DATABASE_OWNER_URL": "postgres://cceval_owner@/cceval",
    "REDIS_URL": "unix:///run/redis.sock",
    "DJANGO_SETTINGS_MODULE": "cceval.settings",
}


def start(**changes: str) -> str:
    """Import the settings in a process of its own; returns the last line of its error."""
    environment = {k: v for k, v in {**SOUND, **changes}.items() if v != "unset"}
    done = subprocess.run(
        [sys.executable, "-c", "import cceval.settings"],
        cwd=ROOT, check=False, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], **environment},
    )  # fmt: skip
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def test_sound_settings_start():
    assert start() == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "unset"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("DATABASE_URL", "unset"),
        ("DATABASE_URL", "sqlite:///db"),
        ("DATABASE_OWNER_URL", "unset"),
        ("REDIS_URL", "unset"),
        ("CCEVAL_ORIGIN", "evaluation.example"),
        ("CCEVAL_GRACE_SECONDS", "two"),
        ("CCEVAL_GRACE_SECONDS", "-1"),
        ("CCEVAL_BEHIND_EDGE", "perhaps"),
        ("DEBUG", "maybe"),
        ("CCEVAL_SCANNER", "clamscan"),
        ("CCEVAL_SCANNER", "clamd://"),
    ],
)
def test_an_unsafe_setting_is_named(name, value):
    assert f"ImproperlyConfigured: {name}: " in start(**{name: value})
