from apps.workspace.models.conflict import NamedConflict, Recusal
from apps.workspace.models.exception import RoleException
from apps.workspace.models.organisation import Membership, Organisation, Owned, PersonInvite
from apps.workspace.models.panel import Declaration, PanelMember
from apps.workspace.models.procurement import Procurement
from apps.workspace.models.user import User

__all__ = [
    "Declaration",
    "Membership",
    "NamedConflict",
    "Organisation",
    "Owned",
    "PanelMember",
    "PersonInvite",
    "Procurement",
    "Recusal",
    "RoleException",
    "User",
]
