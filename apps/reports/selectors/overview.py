"""What the overview of a case file says about its reports."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.access import can
from apps.core.templatetags.formats import short_date
from apps.reports.selectors.reports import kind_name, reports_visible_to
from apps.reports.states import ReportState
from apps.workspace.models import Procurement, User
from apps.workspace.types import Fact


def facts(user: User, procurement: Procurement) -> list[Fact]:
    """Return how many signed reports stand, and the newest of them."""
    if not can(user, "reports.view", procurement):
        return []
    held = list(reports_visible_to(user, procurement).filter(state=ReportState.SIGNED))
    if not held:
        return []
    number = len(held)
    return [
        Fact(
            label=_("Signed reports"),
            value=ngettext("{n} report", "{n} reports", number).format(n=number),
            note=_("newest: {kind}, {at}").format(
                kind=kind_name(held[0].kind, held[0].lot), at=short_date(held[0].signed_at)
            ),
            url=reverse("reports:library", args=[procurement.pk]),
        )
    ]
