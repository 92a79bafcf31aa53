"""Who may: judge, moderate, lock and read. When: states.py. What: the selectors."""

import rules

from apps.workspace.rules import has_declared, has_role, is_lead, only_evaluates, sees_the_field
from apps.workspace.states import Role

is_evaluator = has_role(Role.EVALUATOR)
# Who computes with bids has declared: to anybody else the round is empty, and would be locked empty.
is_moderator = has_role(Role.MODERATOR) & has_declared
leads = is_lead & has_declared
judges = is_evaluator & has_declared

# The pages of a round. People are told here to declare, so that a conflict is no bar yet.
rules.add_perm(
    "matrix.view_round", has_role(Role.LEAD, Role.EVALUATOR, Role.MODERATOR, Role.AUDITOR)
)
# The panel's scores, once the consensus is open: never for somebody in conflict.
rules.add_perm(
    "matrix.view_scores",
    has_role(Role.LEAD, Role.EVALUATOR, Role.MODERATOR, Role.AUDITOR) & has_declared,
)
rules.add_perm("matrix.view_progress", has_role(Role.LEAD, Role.MODERATOR, Role.AUDITOR))
rules.add_perm(
    "matrix.view_ranking",
    has_declared
    & sees_the_field
    & has_role(
        *(Role.LEAD, Role.EVALUATOR, Role.MODERATOR),
        *(Role.APPROVER, Role.EXECUTIVE, Role.AUDITOR),
    ),
)
rules.add_perm("matrix.begin", leads)
rules.add_perm("matrix.score", judges)
# A question to one vendor about its own bid: whoever judges or leads drafts it, a lead sends it.
rules.add_perm(
    "matrix.ask_vendor", has_declared & has_role(Role.LEAD, Role.EVALUATOR, Role.MODERATOR)
)
rules.add_perm("matrix.send_question", leads)
# A round on a mock bid, before or while the real ones are scored. It shows no bid, so that who has
# declared nothing yet may take part.
rules.add_perm("matrix.calibrate", has_role(Role.LEAD, Role.MODERATOR))
rules.add_perm("matrix.try_scores", is_evaluator)
rules.add_perm("matrix.open_consensus", is_moderator)
rules.add_perm("matrix.agree", is_moderator)
rules.add_perm("matrix.lock_round", is_moderator)
rules.add_perm("matrix.freeze", leads)
# An evaluator left midway: the lead says whether what they gave counts, and who scores the rest.
rules.add_perm("matrix.substitute", leads)
# Locked scores agreed anew: the moderator asks, a lead or an approver decides.
rules.add_perm("matrix.ask_reopening", is_moderator)
rules.add_perm("matrix.confirm_reopening", has_declared & has_role(Role.LEAD, Role.APPROVER))
rules.add_perm(
    "matrix.drop_reopening", has_declared & has_role(Role.LEAD, Role.APPROVER, Role.MODERATOR)
)
# A conflict with one vendor: named by who only evaluates, settled by who knows the vendors.
rules.add_perm("matrix.view_conflicts", only_evaluates | is_lead)
rules.add_perm("matrix.name_conflict", only_evaluates)
rules.add_perm("matrix.settle_conflict", is_lead)
