"""Who may read prices, set the terms they are compared under, and adopt a comparison."""

import rules

from apps.bids.rules import sees_prices
from apps.workspace.rules import has_declared, is_lead

rules.add_perm("pricing.view", sees_prices)
rules.add_perm("pricing.set_assumptions", is_lead & has_declared)
rules.add_perm("pricing.adopt", is_lead & has_declared)
