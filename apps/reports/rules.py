import rules

from apps.workspace.rules import has_declared, has_role, sees_the_field
from apps.workspace.states import Role

reads_reports = (
    has_declared
    & sees_the_field
    & has_role(
        Role.LEAD, Role.MODERATOR, Role.APPROVER, Role.EXECUTIVE, Role.AUDITOR, Role.EVALUATOR
    )
)
requests_reports = has_declared & has_role(Role.LEAD, Role.APPROVER)

rules.add_perm("reports.view", reads_reports)
rules.add_perm("reports.download", reads_reports)
rules.add_perm("reports.request", requests_reports)
