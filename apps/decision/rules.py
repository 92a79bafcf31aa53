import rules

from apps.decision.models import Decision
from apps.workspace.models import User
from apps.workspace.rules import has_role, is_lead
from apps.workspace.states import Role


@rules.predicate
def is_not_the_proposer(user: User, subject: Decision) -> bool:
    return subject.proposed_by_id != user.pk


rules.add_perm(
    "decision.view",
    has_role(Role.LEAD, Role.MODERATOR, Role.APPROVER, Role.EXECUTIVE, Role.AUDITOR),
)
rules.add_perm("decision.state", is_lead)
rules.add_perm("decision.propose", is_lead)
rules.add_perm("decision.approve", has_role(Role.APPROVER) & is_not_the_proposer)
