"""State, propose, approve or send back a decision; award, and record the contract."""

from apps.decision.services.awarding import Terms
from apps.decision.services.contracting import record_contract, require_contract_due
from apps.decision.services.deciding import approve, propose, send_back, state

__all__ = [
    "Terms",
    "approve",
    "propose",
    "record_contract",
    "require_contract_due",
    "send_back",
    "state",
]
