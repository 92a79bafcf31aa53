"""The frozen engine records that travel inside a PDF, byte for byte."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.decision.models import Decision
from apps.matrix.models import Ranking
from apps.pricing.models import Comparison
from apps.proof import hashes
from apps.readiness.models import Assessment
from apps.workspace.models import Procurement

Frozen = Ranking | Comparison | Decision | Assessment
RANKING, PRICES = "ranking.record.json", "prices.record.json"
DECISION, READINESS = "decision.record.json", "readiness.record.json"
MODELS: dict[str, type[Frozen]] = {
    RANKING: Ranking,
    PRICES: Comparison,
    DECISION: Decision,
    READINESS: Assessment,
}


@dataclass(frozen=True)
class AttachedRecord:
    name: str
    file: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashes.of_bytes(self.content)

    @cached_property
    def plain(self) -> dict[str, Any]:
        return dict(json.loads(self.content))


def names() -> dict[str, str]:
    """Return what each file is called on paper."""
    return {
        RANKING: _("Ranking"),
        PRICES: _("Price comparison"),
        DECISION: _("Decision"),
        READINESS: _("Readiness"),
    }


def listed(*frozen: Frozen | None) -> list[dict[str, str]]:
    """Return the list of records a payload names: file, words, digest."""
    files = {model: file for file, model in MODELS.items()}
    return [
        {
            "name": names()[files[type(row)]],
            "file": files[type(row)],
            "digest": hashes.of_bytes(row.record.encode()),
        }
        for row in frozen
        if row is not None
    ]


def attached(procurement: Procurement, wanted: Sequence[dict[str, str]]) -> list[AttachedRecord]:
    """Return the records a frozen payload names; NotFound when one is gone or was changed."""
    return [_one(procurement, row) for row in wanted]


def _one(procurement: Procurement, row: dict[str, str]) -> AttachedRecord:
    held = MODELS[row["file"]]._default_manager.filter(procurement=procurement)
    found = held.filter(digest=row["digest"]).first()
    if found is not None:
        record = AttachedRecord(row["name"], row["file"], found.record.encode())
        if record.digest == row["digest"]:
            return record
    raise NotFound(
        _("The record {file} of this report is not in the database as it was frozen.").format(
            file=row["file"]
        )
    )


def by_file(found: Sequence[AttachedRecord], file: str) -> dict[str, Any] | None:
    """Return one attached record as plain data, if it is there."""
    return next((one.plain for one in found if one.file == file), None)
