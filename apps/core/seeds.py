"""Shipped TOML as plain data: questionnaires, frameworks, decision trees."""

import functools
import tomllib
from pathlib import Path
from typing import Any

APPS = Path(__file__).resolve().parent.parent


@functools.cache
def _load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def names(folder: str) -> list[str]:
    """Return the slugs of the files in a shipped folder, e.g. `rfp/questionnaires`."""
    return sorted(path.stem for path in (APPS / folder).glob("*.toml"))


def load(folder: str, slug: str) -> dict[str, Any]:
    """Return one shipped file; KeyError when no file of the folder has that slug."""
    if slug not in names(folder):
        raise KeyError(slug)
    return _load(APPS / folder / f"{slug}.toml")
