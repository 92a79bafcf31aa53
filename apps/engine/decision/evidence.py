"""Evidence: facts that are known, each with its source.

A source is a statement of a named person with the document behind it, or a record with its
digest. What is not shown is absent, never a default.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from apps.engine.decision.facts import FACTS, Fact, Value
from apps.engine.errors import InvalidInput
from apps.engine.reading import Reader

DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)  # SHA-256


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One fact that is known, with who or what shows it."""

    fact: Fact
    value: Value
    source: str
    digest: str | None = None


Evidence: TypeAlias = Mapping[str, Shown]


def read_evidence(reader: Reader) -> Evidence:
    """Read ``{fact: {value, source, digest?}}``; a null value is a fact that is not shown."""
    evidence: dict[str, Shown] = {}
    for slug, entry in reader.entries():
        if slug not in FACTS:
            raise entry.error(f"Remove this fact or correct its name; known: {', '.join(FACTS)}.")
        entry.only("value", "source", "digest")
        value = entry.optional("value")
        if value is not None:
            evidence[slug] = Shown(
                fact=FACTS[slug],
                value=FACTS[slug].read(value),
                source=entry.key("source").text(),
                digest=_digest(entry),
            )
    return evidence


def _digest(entry: Reader) -> str | None:
    digest = entry.optional("digest")
    if digest is not None and not DIGEST.fullmatch(digest.text()):
        raise InvalidInput(
            "Give the SHA-256 of the record in 64 small hex digits.", path=digest.path
        )
    return None if digest is None else digest.text()
