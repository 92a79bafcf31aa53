"""What the overview of a case file says about the decision."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.templatetags.formats import short_date
from apps.decision.selectors.walking import latest_decision, outcomes
from apps.decision.states import DecisionState
from apps.rfp.models import Lot
from apps.rfp.selectors import lots_in, named_fact, query_of
from apps.workspace.models import Procurement, User
from apps.workspace.types import Fact


def facts(user: User, procurement: Procurement) -> list[Fact]:
    """Return what was proposed or approved last, of each lot by itself, and by whom."""
    return [
        fact for lot in lots_in(procurement) or (None,) for fact in _facts(user, procurement, lot)
    ]


def _facts(user: User, procurement: Procurement, lot: Lot | None) -> list[Fact]:
    decision = latest_decision(user, procurement, lot)
    if decision is None or decision.state == DecisionState.DRAFT:
        return []
    approved = decision.approved_by if decision.state == DecisionState.APPROVED else None
    words = _("approved by {name}, {at}") if approved else _("proposed by {name}, {at}")
    return [
        Fact(
            label=named_fact(_("Decision"), lot),
            value=dict(outcomes(decision.tree)).get(decision.outcome, decision.outcome),
            note=words.format(
                name=(approved or decision.proposed_by).name,
                at=short_date(decision.approved_at or decision.created_at),
            ),
            url=reverse("decision:walk", args=[procurement.pk]) + query_of(lot),
        )
    ]
