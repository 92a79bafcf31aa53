from apps.workspace.models.exception import RoleException
from apps.workspace.models.organisation import Membership, Organisation, Owned, PersonInvite
from apps.workspace.models.panel import PanelMember
from apps.workspace.models.procurement import Procurement
from apps.workspace.models.user import User

__all__ = [
    "Membership",
    "Organisation",
    "Owned",
    "PanelMember",
    "PersonInvite",
    "Procurement",
    "RoleException",
    "User",
]
