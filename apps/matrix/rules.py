import rules

from apps.workspace.rules import has_no_conflict, has_role, is_lead
from apps.workspace.states import Role

sees_scoring = has_role(Role.LEAD, Role.EVALUATOR, Role.MODERATOR, Role.AUDITOR)
sees_ranking = has_role(
    Role.LEAD, Role.EVALUATOR, Role.MODERATOR, Role.APPROVER, Role.EXECUTIVE, Role.AUDITOR
)
is_evaluator = has_role(Role.EVALUATOR)
is_moderator = has_role(Role.MODERATOR)

rules.add_perm("matrix.view_round", sees_scoring)
rules.add_perm("matrix.view_ranking", sees_ranking)
rules.add_perm("matrix.begin", is_lead)
rules.add_perm("matrix.score", is_evaluator & has_no_conflict)
rules.add_perm("matrix.open_consensus", is_moderator)
rules.add_perm("matrix.agree", is_moderator)
rules.add_perm("matrix.lock_round", is_moderator)
rules.add_perm("matrix.freeze", is_lead)
