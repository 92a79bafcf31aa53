"""Who may read the decision, state facts, propose, and judge what another person proposed."""

import rules

from apps.decision.models import Decision
from apps.workspace.models import User
from apps.workspace.rules import has_declared, has_role, is_lead, sees_the_field
from apps.workspace.states import Role


@rules.predicate
def is_not_the_proposer(user: User, subject: Decision) -> bool:
    return subject.proposed_by_id != user.pk


is_approver = has_declared & has_role(Role.APPROVER)
leads = has_declared & is_lead

reads_decisions = has_declared & has_role(
    Role.LEAD, Role.MODERATOR, Role.APPROVER, Role.EXECUTIVE, Role.AUDITOR
)

rules.add_perm("decision.view", reads_decisions)
# All letters side by side: for who may see every bid.
rules.add_perm("decision.view_letters", reads_decisions & sees_the_field)
# Every bid with its price beside the others.
rules.add_perm("decision.view_scenarios", reads_decisions & sees_the_field)
rules.add_perm("decision.state", leads)
rules.add_perm("decision.propose", leads)
rules.add_perm("decision.record_contract", leads)
rules.add_perm("decision.judge", is_approver)  # the role; the act below asks for another person
rules.add_perm("decision.approve", is_approver & is_not_the_proposer)
