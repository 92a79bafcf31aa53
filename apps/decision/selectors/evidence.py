"""The only place where ranking, prices and readiness meet: the facts a decision tree may ask."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from apps.core import seeds
from apps.decision.models import Statement
from apps.engine.decision.facts import FACTS, Kind
from apps.engine.decision.statements import statements
from apps.matrix import selectors as matrix
from apps.matrix.models import Ranking
from apps.pricing import selectors as pricing
from apps.readiness import selectors as readiness
from apps.workspace.models import Procurement, User

FOLDER = "decision/trees"
TREE = "outsourcing"

Evidence = dict[str, dict[str, Any]]


class Frozen(Protocol):
    """A row with a frozen engine record."""

    record: str
    digest: str


def tree_of(slug: str = TREE) -> Mapping[str, Any]:
    """Return a shipped decision tree as plain data."""
    return seeds.load(FOLDER, slug)


def statements_of(procurement: Procurement) -> dict[str, Statement]:
    """Return what people stated, by fact; the newest statement stands."""
    rows = Statement.objects.filter(procurement=procurement).select_related("stated_by")
    return {row.fact: row for row in rows.order_by("number")}


def evidence_for(user: User, procurement: Procurement) -> Evidence:
    """Return every fact that is shown, each with its source and the digest of its record."""
    found: Evidence = {}
    for fact, row in statements_of(procurement).items():
        found[fact] = {
            "value": _stated(row),
            "source": _("Stated by {name}: {evidence}").format(
                name=row.stated_by.name, evidence=row.evidence
            ),
        }
    assessment = readiness.latest_assessment(user, procurement)
    if assessment:
        source = _("Readiness assessment {number}").format(number=assessment.number)
        found |= _shown("score", assessment, source, about=assessment.framework)
    ranking = matrix.latest_ranking(user, procurement)
    if ranking and ranking.stage == "full":
        source = _("Ranking {number}, quality and price").format(number=ranking.number)
        found |= _shown("rank", ranking, source)
        comparison, leader = pricing.latest_comparison(user, procurement), _leader(ranking)
        if comparison and leader:
            source = _("Price comparison {number}").format(number=comparison.number)
            found |= _shown("price", comparison, source, about=leader)
    return found


def _stated(row: Statement) -> bool | str:
    if FACTS[row.fact].kind is Kind.FLAG:
        return row.value == "yes"
    return row.value


def _shown(kind: str, frozen: Frozen, source: str, *, about: str = "") -> Evidence:
    """Read the facts out of a frozen record, as the engine itself reads them."""
    result = json.loads(frozen.record)["result"]
    facts = statements(kind, result, source=source, digest=frozen.digest, about=about)
    return {
        slug: {"value": _plain(shown.value), "source": shown.source, "digest": shown.digest}
        for slug, shown in facts.items()
    }


def _plain(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _leader(ranking: Ranking) -> str | None:
    winners = json.loads(ranking.record)["result"]["winners"]
    return str(winners[0]) if len(winners) == 1 else None
