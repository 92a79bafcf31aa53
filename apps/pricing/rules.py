"""Who may read prices, set the terms they are compared under, and adopt a comparison."""

import rules

from apps.workspace.rules import has_no_conflict, has_role, is_lead
from apps.workspace.states import Role

# An evaluator in conflict reads no bid, and so no price.
sees_prices = has_role(Role.LEAD, Role.MODERATOR, Role.APPROVER, Role.EXECUTIVE, Role.AUDITOR) | (
    has_role(Role.EVALUATOR) & has_no_conflict
)

rules.add_perm("pricing.view", sees_prices)
rules.add_perm("pricing.set_assumptions", is_lead)
rules.add_perm("pricing.adopt", is_lead)
