"""A procurement ready to be decided: prices adopted, ranking frozen, readiness signed, facts stated."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from apps.core import tenancy
from apps.decision import selectors, services
from apps.decision.models import Decision, Statement
from apps.engine import cases
from apps.matrix.models import Ranking, ScoringRound
from apps.matrix.states import ScoringPhase
from apps.pricing.models import Comparison
from apps.workspace.models import User
from tests.cceval.demo_files import CASE
from tests.conftest import People
from tests.factories import pricing, readiness
from tests.factories.pricing import Priced

# Quality points of 60 the demo's panel gives, as a level of 5: 51.89, 46.75 and 30.69 points.
QUALITY = {"castellan": "4.3242", "velora": "3.8958", "tamarind": "2.5575", "northmoor": "2"}
BIDS = ("velora", "castellan", "tamarind")


def acting(buyer: People, user: User | None) -> Any:
    assert user is not None
    return tenancy.acting_as(person=user.pk, organisation=buyer.organisation.pk)


def rank_case(found: Priced, comparison: Comparison, **scores: str) -> dict[str, Any]:
    """Two criteria, quality and price, on the present values of an adopted comparison."""
    quotes = cases.Record.from_bytes(comparison.record.encode()).to_plain()["result"]["quotes"]
    levels = {**QUALITY, **scores}
    return {
        "method": "weighted-sum",
        "missing": "zero",
        "award_decimals": 9,
        "nodes": [
            {"id": "total", "name": "Total", "parent": None, "weight": None,
             "weights_of_children": "percent"},
            {"id": "quality", "name": "Quality", "parent": "total", "weight": "60"},
            {"id": "price", "name": "Price", "parent": "total", "weight": "40"},
        ],
        "criteria": [{"id": "quality", "scale": ["0", "5"], "direction": "higher"}],
        "vendors": [
            {"id": found.id_of(key), "name": found.vendors[key].organisation.name}
            for key in found.bids
        ],
        "scores": {found.id_of(key): {"quality": levels[key]} for key in found.bids},
        "knockouts": [],
        "price": {
            "criterion": "price",
            "formula": "absolute-linear",
            "params": {"floor": "800000", "cap": "2200000"},
            "currency": "GBP",
            "prices": {
                one["id"]: one["present_value"] for one in quotes if one["id"] != "in-house"
            },
        },
        "robustness": {"draws": 2000, "seed": 7, "concentration": "60"},
    }  # fmt: skip


def rank(found: Priced, comparison: Comparison, **scores: str) -> Ranking:
    """Freeze a ranking with prices, as the lead does after adopting them."""
    buyer = found.buyer
    record = cases.run("rank", rank_case(found, comparison, **scores))
    with acting(buyer, buyer.lead):
        scoring_round, _made = ScoringRound.objects.get_or_create(
            organisation=buyer.organisation,
            procurement=found.procurement,
            rfp=found.rfp,
            defaults={"phase": ScoringPhase.LOCKED},
        )
        return Ranking.objects.create(
            organisation=buyer.organisation,
            procurement=found.procurement,
            scoring_round=scoring_round,
            stage="full",
            number=Ranking.objects.count() + 1,
            record=record.to_bytes().decode(),
            digest=record.digest,
            engine_version=record.engine_version,
            frozen_by=buyer.lead,
        )


def state(found: Priced, fact: str, value: str, evidence: str = "A board minute.") -> Statement:
    buyer = found.buyer
    with acting(buyer, buyer.lead):
        return services.state(
            procurement=found.procurement,
            fact=fact,
            value=value,
            evidence=evidence,
            actor=buyer.lead,
        )


def state_all(found: Priced) -> None:
    for row in CASE["decision"]["statements"]:
        value = row["value"]
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        state(found, row["fact"], text, row["source"])


def ready(
    buyer: People, set_clock: Callable[[dt.datetime], None], *keys: str, **scores: str
) -> Priced:
    """Everything the shipped tree asks is shown, with the demo's bids and answers."""
    found = pricing.opened(buyer, set_clock, *(keys or BIDS))
    pricing.assume(found)
    rank(found, pricing.adopt(found), **scores)
    readiness.signed(buyer)
    state_all(found)
    return found


def propose(
    found: Priced, outcome: str = "outsource", rationale: str = CASE["decision"]["rationale"]
) -> Decision:
    buyer = found.buyer
    with acting(buyer, buyer.lead):
        return services.propose(
            procurement=found.procurement, outcome=outcome, rationale=rationale, actor=buyer.lead
        )


def approve(found: Priced, decision: Decision, by: User | None = None) -> Decision:
    buyer = found.buyer
    actor = by or buyer.approver
    with acting(buyer, actor):
        kept = Decision.objects.select_related("procurement").get(pk=decision.pk)
        services.approve(decision=kept, actor=actor)
        return kept


def send_back(found: Priced, decision: Decision, reason: str = "Name the risk.") -> None:
    buyer = found.buyer
    with acting(buyer, buyer.approver):
        kept = Decision.objects.select_related("procurement").get(pk=decision.pk)
        services.send_back(decision=kept, reason=reason, actor=buyer.approver)


def evidence_of(acting, user, found):
    """What the tree is walked with, as this person reads it."""
    with acting(user):
        return selectors.evidence_for(user, found.procurement)


def page_for(acting, user, found, **options):
    with acting(user):
        return selectors.walk_page(user, found.procurement, **options)
