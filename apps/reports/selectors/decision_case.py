"""Everything a decision report is written from: frozen records that belong together, read once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.types.offering import Change
from apps.core.errors import WrongState
from apps.decision import selectors as decisions
from apps.decision.models import Decision
from apps.decision.states import DecisionState
from apps.matrix import selectors as matrix
from apps.matrix.models import Ranking
from apps.pricing import selectors as prices
from apps.pricing.models import Comparison
from apps.readiness.models import Assessment
from apps.reports.selectors import award as awards
from apps.reports.selectors import ranking
from apps.reports.selectors.paper import Payload, Plain
from apps.reports.selectors.ranking import Ranked
from apps.rfp.models import Lot, Rfp
from apps.workspace.models import Procurement, User

IN_HOUSE = "in-house"
AWARD = "outsource"  # outcomes that begin with it award the contract
TAKEN = frozenset({DecisionState.PROPOSED, DecisionState.APPROVED})


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """The rows a decision rests on."""

    ranking: Ranking
    comparison: Comparison
    decision: Decision
    assessment: Assessment | None


@dataclass(frozen=True, kw_only=True)
class Case:
    frozen: Frozen
    ranked: Ranked
    cost: Plain  # the result of the price record
    walk: Plain  # the result of the decision record
    tree: Plain
    award: Payload | None = None  # the award in words, where the decision carries one
    changes: tuple[Change, ...] = ()  # first and final offers, where final ones were opened

    @property
    def decision(self) -> Decision:
        return self.frozen.decision

    @property
    def rfp(self) -> Rfp:
        return self.frozen.ranking.scoring_round.rfp

    @property
    def currency(self) -> str:
        return str(self.cost["currency"])

    @property
    def quotes(self) -> dict[str, dict[str, Any]]:
        return {quote["id"]: quote for quote in self.cost["quotes"]}

    @property
    def first(self) -> dict[str, Any]:
        """Return the quote of the bid that is first."""
        return self.quotes[self.ranked.leader["id"]]

    @property
    def house(self) -> dict[str, Any] | None:
        return self.quotes.get(IN_HOUSE)

    @property
    def others(self) -> list[dict[str, Any]]:
        """Return the admitted bids after the first."""
        return self.ranked.placed[1:]

    @property
    def winner(self) -> str | None:
        """Return the id of the bid that is awarded the contract; None where none is.

        A decision without an award of its own gives it to the one bid that is first.
        """
        if self.award is not None:
            return str(self.award["winner"]) if self.award["winner"] else None
        only = len(self.ranked.winners) == 1
        first = self.decision.outcome.startswith(AWARD) and only
        return str(self.ranked.leader["id"]) if first else None

    def saving(self, quote_id: str) -> Mapping[str, str] | None:
        """Return what a quote saves against the in-house cost, where there is one."""
        beside = (self.cost.get("baseline") or {}).get("quotes", [])
        return next((row for row in beside if row["id"] == quote_id), None)


def require(user: User, procurement: Procurement, lot: Lot | None = None) -> Frozen:
    """Return the rows a decision report needs; WrongState, with what to do, before they are there.

    They must be the ones the decision was proposed on: a report that mixes a decision with a later
    ranking would prove nothing.
    """
    frozen = ranking.standing(user, procurement, lot)
    decision = decisions.latest_decision(user, procurement, lot)
    if decision is None or decision.state not in TAKEN:
        raise WrongState(_("Propose the decision first: this report says what is decided and why."))
    if decision.state == DecisionState.PROPOSED:
        matrix.require_standing(procurement, since=decision.created_at)
    named = _digests(decision)
    comparison = prices.latest_comparison(user, procurement, lot)
    if comparison is None or not _same_prices(frozen, comparison):
        raise WrongState(
            _("The ranking was frozen with other prices than the adopted ones. Freeze it again.")
        )
    priced = Comparison.objects.filter(procurement=procurement, lot=lot, digest__in=named)
    other_prices = priced.exists() and comparison.digest not in named
    if frozen.digest not in named or other_prices:
        raise WrongState(
            _(
                "Ranking or prices changed after the decision was proposed. Send it back and propose again."
            )
        )
    assessment = Assessment.objects.filter(procurement=procurement, digest__in=named).first()
    return Frozen(ranking=frozen, comparison=comparison, decision=decision, assessment=assessment)


def _digests(decision: Decision) -> set[str]:
    """Return the digests of the records that a decision's evidence names."""
    evidence = json.loads(decision.record)["case"]["evidence"]
    return {fact["digest"] for fact in evidence.values() if fact.get("digest")}


def _same_prices(frozen: Ranking, comparison: Comparison) -> bool:
    """Whether the ranking counted the present values of this comparison."""
    counted = json.loads(frozen.record)["result"]["price"]["vendors"]
    quotes = json.loads(comparison.record)["result"]["quotes"]
    values = {quote["id"]: Decimal(quote["present_value"]) for quote in quotes}
    return all(values.get(row["id"]) == Decimal(row["price"]) for row in counted if row["price"])


def read(user: User, procurement: Procurement, lot: Lot | None = None) -> Case:
    frozen = require(user, procurement, lot)
    walk = json.loads(frozen.decision.record)
    ranked = ranking.read(user, frozen.ranking)
    return Case(
        frozen=frozen,
        ranked=ranked,
        award=awards.block(user, frozen.decision, ranked),
        cost=json.loads(frozen.comparison.record)["result"],
        walk=walk["result"],
        tree=walk["case"]["tree"],
        changes=bids.changes_of(user, frozen.ranking.scoring_round.rfp, frozen.ranking.lot),
    )
