"""Who may: judge, moderate, lock and read. When: states.py. What: the selectors."""

import rules

from apps.workspace.rules import has_no_conflict, has_role, is_lead
from apps.workspace.states import Role

is_evaluator = has_role(Role.EVALUATOR)
is_moderator = has_role(Role.MODERATOR)
judges = is_evaluator & has_no_conflict

# The pages of a round. An evaluator comes here to declare, too, so that a conflict is no bar yet.
rules.add_perm(
    "matrix.view_round", has_role(Role.LEAD, Role.EVALUATOR, Role.MODERATOR, Role.AUDITOR)
)
# The panel's scores, once the consensus is open: never for an evaluator in conflict.
rules.add_perm("matrix.view_scores", has_role(Role.LEAD, Role.MODERATOR, Role.AUDITOR) | judges)
rules.add_perm("matrix.view_progress", has_role(Role.LEAD, Role.MODERATOR, Role.AUDITOR))
rules.add_perm(
    "matrix.view_ranking",
    has_role(Role.LEAD, Role.MODERATOR, Role.APPROVER, Role.EXECUTIVE, Role.AUDITOR) | judges,
)
rules.add_perm("matrix.begin", is_lead)
rules.add_perm("matrix.score", judges)
rules.add_perm("matrix.open_consensus", is_moderator)
rules.add_perm("matrix.agree", is_moderator)
rules.add_perm("matrix.lock_round", is_moderator)
rules.add_perm("matrix.freeze", is_lead)
