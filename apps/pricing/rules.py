import rules

from apps.workspace.rules import has_role, is_lead
from apps.workspace.states import Role

sees_prices = has_role(
    Role.LEAD, Role.MODERATOR, Role.APPROVER, Role.EXECUTIVE, Role.AUDITOR, Role.EVALUATOR
)

rules.add_perm("pricing.view", sees_prices)
rules.add_perm("pricing.set_assumptions", is_lead)
rules.add_perm("pricing.adopt", is_lead)
