import rules

from apps.workspace.rules import has_role, is_lead, is_panel
from apps.workspace.states import Role

rules.add_perm("readiness.view", is_panel)
rules.add_perm("readiness.assess", has_role(Role.LEAD, Role.EVALUATOR, Role.MODERATOR))
rules.add_perm("readiness.sign_off", is_lead)
