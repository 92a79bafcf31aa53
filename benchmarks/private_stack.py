"""Imported for its effect: a private PostgreSQL and Redis, and Django set up on them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

import tests.plugin  # noqa: F401  # starts the servers before Django reads its settings

django.setup()
