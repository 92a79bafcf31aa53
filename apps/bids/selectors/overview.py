"""What the overview of a case file says about bids: before the opening, times alone."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.bids.selectors.desk import opening_page
from apps.core.access import can
from apps.core.templatetags.formats import short_moment
from apps.rfp.selectors import desk_for
from apps.workspace.models import Procurement, User
from apps.workspace.types import Fact


def facts(user: User, procurement: Procurement) -> list[Fact]:
    if not can(user, "bids.view_opened", procurement):
        return []
    page = opening_page(user, desk_for(user, procurement_id=procurement.pk))
    if not page.published:
        return []
    number = len(page.bids)
    opened = page.opened_at is not None
    note = _("opened {at}") if opened else _("bids close {at}")
    return [
        Fact(
            label=_("Bids"),
            value=ngettext("{n} bid", "{n} bids", number).format(n=number)
            if opened
            else _("Sealed"),
            note=note.format(at=short_moment(page.opened_at or page.closes_at)),
            url=reverse("bids:opening", args=[procurement.pk]),
        )
    ]
