"""The open request for a later deadline, as the panel sees it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Extension, Rfp
from apps.rfp.selectors.reading import rfp_for
from apps.rfp.states import ExtensionState
from apps.workspace.models import User
from apps.workspace.selectors import panel_of
from apps.workspace.states import Role

CONFIRMERS = frozenset({Role.LEAD, Role.OPENER})


@dataclass(frozen=True)
class Asked:
    """A later deadline that waits for a second person."""

    id: uuid.UUID
    closes_at: dt.datetime
    reason: str
    requested_by: str
    may_confirm: bool
    may_drop: bool
    confirmers: tuple[str, ...]


def confirmers_of(rfp: Rfp, *, without: User) -> dict[str, str]:
    """Return name by address of everybody on the panel who may confirm somebody else's request."""
    return {
        member.user.email: member.user.name
        for member in panel_of(rfp.procurement)
        if member.role in CONFIRMERS and member.user_id != without.pk
    }


def open_extension(user: User, rfp: Rfp) -> Asked | None:
    """Return the request that waits, if there is one."""
    held = Extension.objects.filter(rfp=rfp, state=ExtensionState.REQUESTED)
    found = held.select_related("requested_by").first()
    if found is None:
        return None
    may = can(user, "rfp.confirm_extension", rfp)
    return Asked(
        id=found.pk,
        closes_at=found.closes_at,
        reason=found.reason,
        requested_by=found.requested_by.name,
        may_confirm=may and found.requested_by_id != user.pk,
        may_drop=may,
        confirmers=tuple(sorted(confirmers_of(rfp, without=found.requested_by).values())),
    )


def extension_for(user: User, *, procurement_id: uuid.UUID, extension_id: uuid.UUID) -> Extension:
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = Extension.objects.filter(rfp=rfp, pk=extension_id).first()
    if found is None:
        raise NotFound(_("There is no such extension of this RFP."))
    found.rfp = rfp
    return found
