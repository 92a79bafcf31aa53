"""The only place where ranking, prices and readiness meet: the facts a decision tree may ask."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core import seeds
from apps.decision.models import Statement
from apps.engine.decision.facts import FACTS, Kind
from apps.matrix import selectors as matrix
from apps.matrix.models import Ranking
from apps.pricing import selectors as pricing
from apps.pricing.models import Comparison
from apps.readiness import selectors as readiness
from apps.readiness.models import Assessment
from apps.workspace.models import Procurement, User

FOLDER = "decision/trees"
TREE = "outsourcing"

Evidence = dict[str, dict[str, Any]]


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
        found |= _readiness(assessment)
    ranking = matrix.latest_ranking(user, procurement)
    if ranking and ranking.stage == "full":
        found |= _ranking(ranking)
        comparison = pricing.latest_comparison(user, procurement)
        if comparison:
            found |= _prices(comparison, _leader(ranking))
    return found


def _stated(row: Statement) -> bool | str:
    if FACTS[row.fact].kind is Kind.FLAG:
        return row.value == "yes"
    return row.value


def _fact(value: Any, source: str, digest: str) -> dict[str, Any]:
    return {"value": value, "source": source, "digest": digest}


def _readiness(assessment: Assessment) -> Evidence:
    result = json.loads(assessment.record)["result"]
    source = _("Readiness assessment {number}").format(number=assessment.number)
    total = result["total"]
    found = {"readiness.score": _fact(total["lo"], source, assessment.digest)}
    if result["band"]:
        found["readiness.band"] = _fact(result["band"], source, assessment.digest)
    gaps = len((result.get("next_band") or {}).get("gaps") or [])
    found["readiness.gaps"] = _fact(str(gaps), source, assessment.digest)
    for dimension in result["dimensions"]:
        fact = f"readiness.{dimension['dimension']}"
        if fact in FACTS:
            found[fact] = _fact(dimension["lo"], source, assessment.digest)
    return found


def _leader(ranking: Ranking) -> str | None:
    winners = json.loads(ranking.record)["result"]["winners"]
    return str(winners[0]) if len(winners) == 1 else None


def _ranking(ranking: Ranking) -> Evidence:
    result = json.loads(ranking.record)["result"]
    source = _("Ranking {number}, quality and price").format(number=ranking.number)
    admitted = [vendor for vendor in result["vendors"] if vendor["admitted"]]
    found = {"bids.admitted": _fact(str(len(admitted)), source, ranking.digest)}
    leader = _leader(ranking)
    if leader is None:
        return found
    name = next(vendor["name"] for vendor in admitted if vendor["id"] == leader)
    found["ranking.leader"] = _fact(name, source, ranking.digest)
    if result["margin"]:
        found["ranking.lead"] = _fact(result["margin"]["gap"], source, ranking.digest)
    around = (result.get("smaa") or {}).get("around_published")
    for vendor in around["vendors"] if around else ():
        if vendor["id"] == leader:
            found["ranking.first_share"] = _fact(vendor["first"], source, ranking.digest)
    return found


def _prices(comparison: Comparison, leader: str | None) -> Evidence:
    result = json.loads(comparison.record)["result"]
    source = _("Price comparison {number}").format(number=comparison.number)
    quote = next((quote for quote in result["quotes"] if quote["id"] == leader), None)
    if quote is None:
        return {}
    found = {"pricing.model": _fact(quote["model"], source, comparison.digest)}
    beside = (result.get("baseline") or {}).get("quotes", [])
    saving = next((row for row in beside if row["id"] == leader), None)
    if saving:
        found["pricing.saving_share"] = _fact(saving["saving_share"], source, comparison.digest)
    realism = quote["realism"]
    needed, paid = realism["agents_needed"], realism["agents_paid_for"]
    if needed is not None and paid is not None:
        short = max(Decimal(0), Decimal(needed) - Decimal(paid))
        enough = short == 0
        found["staffing.price_pays_for_service"] = _fact(enough, source, comparison.digest)
        found["staffing.agents_short"] = _fact(f"{short:f}", source, comparison.digest)
    return found
