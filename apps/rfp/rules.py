"""Who may read, write and publish an RFP. An invited vendor reads the published one through bids."""

import rules

from apps.workspace.rules import conducts_tenders, has_role, is_lead, is_panel
from apps.workspace.states import Role

rules.add_perm("rfp.view", is_panel)
rules.add_perm("rfp.author", is_lead)
rules.add_perm("rfp.publish", is_lead)
rules.add_perm("rfp.close", has_role(Role.LEAD, Role.OPENER))
# A second person: never the one who asked, which the services check.
rules.add_perm("rfp.review", has_role(Role.LEAD, Role.MODERATOR, Role.APPROVER))
rules.add_perm("rfp.confirm_extension", has_role(Role.LEAD, Role.OPENER))
rules.add_perm("rfp.amend", is_lead)
rules.add_perm("rfp.extend_after_outage", conducts_tenders)
# An opener holds a key of their own; a lead takes the spare. Nobody holds two: the services check.
rules.add_perm("rfp.hold_key", has_role(Role.LEAD, Role.OPENER))
