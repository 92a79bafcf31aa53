"""The only place where ranking, prices and readiness meet: the facts a decision tree may ask."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from apps.core import seeds
from apps.decision.models import Statement
from apps.engine import cases
from apps.engine.decision.facts import FACTS, Fact, Kind, Origin
from apps.engine.decision.statements import statements
from apps.matrix import selectors as matrix
from apps.matrix.models import Ranking
from apps.pricing import selectors as pricing
from apps.pricing.models import Comparison
from apps.readiness import selectors as readiness
from apps.rfp.models import Lot
from apps.workspace.models import Procurement, User

FOLDER = "decision/trees"
TREE = "outsourcing"
FULL = "full"
# Nothing in the product calculates a diagnostic: a person states its result, with the calculation.
STATED = frozenset({Origin.STATEMENT, Origin.DIAGNOSTIC})

Evidence = dict[str, dict[str, Any]]


class Frozen(Protocol):
    """A row with a frozen engine record."""

    record: str
    digest: str


def trees() -> list[str]:
    """Return the slugs of the shipped trees, the one that decides first."""
    return sorted(seeds.names(FOLDER), key=lambda slug: (slug != TREE, slug))


def tree_of(slug: str = TREE) -> Mapping[str, Any]:
    """Return a shipped decision tree as plain data."""
    return seeds.load(FOLDER, slug)


def stated_facts(*slugs: str) -> list[Fact]:
    """Return the facts that trees ask people for, in the order of the facts; of all trees or some."""
    asked = {node["ask"] for slug in slugs or trees() for node in tree_of(slug)["nodes"].values()}
    return [fact for slug, fact in FACTS.items() if slug in asked and fact.origin in STATED]


def statements_of(procurement: Procurement, lot: Lot | None = None) -> dict[str, Statement]:
    """Return what people stated, by fact, about a lot where there are lots; the newest stands."""
    rows = Statement.objects.filter(procurement=procurement, lot=lot).select_related("stated_by")
    return {row.fact: row for row in rows.order_by("number")}


def evidence_for(user: User, procurement: Procurement, lot: Lot | None = None) -> Evidence:
    """Return every fact that is shown, each with its source and the digest of its record.

    Of a lot: its own ranking, prices and statements. Readiness is the organisation's for all lots.
    """
    found: Evidence = {}
    for fact, row in statements_of(procurement, lot).items():
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
    ranking, comparison = standing(user, procurement, lot)
    if ranking:
        source = _("Ranking {number}, quality and price").format(number=ranking.number)
        found |= _shown("rank", ranking, source)
        leader = _leader(ranking)
        if comparison and leader:
            source = _("Price comparison {number}").format(number=comparison.number)
            found |= _shown("price", comparison, source, about=leader)
    return found


def standing(
    user: User, procurement: Procurement, lot: Lot | None = None
) -> tuple[Ranking | None, Comparison | None]:
    """Return the ranking with prices and the comparison, where they belong together.

    A ranking frozen before the comparison that stands was adopted is on other prices: it shows
    nothing until it is frozen again.
    """
    ranking = matrix.latest_ranking(user, procurement, lot)
    comparison = pricing.latest_comparison(user, procurement, lot)
    if ranking is None or ranking.stage != FULL:
        return None, comparison
    if comparison is not None and not _same_prices(ranking, comparison):
        return None, comparison
    return ranking, comparison


def ranking_is_outdated(user: User, procurement: Procurement, lot: Lot | None = None) -> bool:
    """Whether a ranking with prices was frozen on other prices than those adopted."""
    ranking = matrix.latest_ranking(user, procurement, lot)
    if ranking is None or ranking.stage != FULL:
        return False
    return standing(user, procurement, lot)[0] is None


def _same_prices(ranking: Ranking, comparison: Comparison) -> bool:
    """Whether the ranking was calculated on the present values of this comparison."""
    ranked = _plain(ranking)["case"].get("price") or {"prices": {}}
    compared = {
        quote["id"]: Decimal(quote["present_value"])
        for quote in _plain(comparison)["result"]["quotes"]
    }
    prices = {bid: Decimal(price) for bid, price in ranked["prices"].items() if price is not None}
    return all(compared.get(bid) == price for bid, price in prices.items())


def _plain(frozen: Frozen) -> dict[str, Any]:
    return cases.Record.from_bytes(frozen.record.encode()).to_plain()


def _stated(row: Statement) -> bool | str:
    if FACTS[row.fact].kind is Kind.FLAG:
        return row.value == "yes"
    return row.value


def _shown(kind: str, frozen: Frozen, source: str, *, about: str = "") -> Evidence:
    """Read the facts out of a frozen record, as the engine itself reads them."""
    facts = statements(
        kind, _plain(frozen)["result"], source=source, digest=frozen.digest, about=about
    )
    return {
        slug: {
            "value": f"{shown.value:f}" if isinstance(shown.value, Decimal) else shown.value,
            "source": shown.source,
            "digest": shown.digest,
        }
        for slug, shown in facts.items()
    }


def _leader(ranking: Ranking) -> str | None:
    winners = _plain(ranking)["result"]["winners"]
    return str(winners[0]) if len(winners) == 1 else None
