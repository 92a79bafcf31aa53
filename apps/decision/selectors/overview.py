"""What the overview of a case file says about the decision."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.templatetags.formats import short_date
from apps.decision.selectors.walking import latest_decision, outcomes
from apps.decision.states import DecisionState
from apps.workspace.models import Procurement, User
from apps.workspace.types import Fact


def facts(user: User, procurement: Procurement) -> list[Fact]:
    """Return what was proposed or approved last, and by whom."""
    decision = latest_decision(user, procurement)
    if decision is None or decision.state == DecisionState.DRAFT:
        return []
    approved = decision.approved_by if decision.state == DecisionState.APPROVED else None
    words = _("approved by {name}, {at}") if approved else _("proposed by {name}, {at}")
    return [
        Fact(
            label=_("Decision"),
            value=dict(outcomes(decision.tree)).get(decision.outcome, decision.outcome),
            note=words.format(
                name=(approved or decision.proposed_by).name,
                at=short_date(decision.approved_at or decision.created_at),
            ),
            url=reverse("decision:walk", args=[procurement.pk]),
        )
    ]
