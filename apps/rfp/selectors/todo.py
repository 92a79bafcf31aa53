"""What the lead has to do about the RFP now, for the overview of the case file."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.access import can
from apps.rfp.models import Rfp
from apps.rfp.states import RfpState
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase
from apps.workspace.types import Todo


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """Return at most one entry: start the questionnaire, or finish and publish it."""
    if procurement.phase != Phase.PREPARING or not can(user, "rfp.author", procurement):
        return []
    rfp = Rfp.objects.filter(procurement=procurement).only("state").first()
    if rfp is None:
        return [
            Todo(
                title=_("Start the questionnaire"),
                text=_("It comes ready for a contact centre; you cut it to what you buy."),
                url=reverse("rfp:start", args=[procurement.pk]),
                action=_("Start"),
                icon="list-checks",
            )
        ]
    if rfp.state != RfpState.DRAFT:
        return []
    return [
        Todo(
            title=_("Finish and publish the RFP"),
            text=_("The page lists what is still missing. Nothing changes once it is published."),
            url=reverse("rfp:publish", args=[procurement.pk]),
            action=_("Check"),
            icon="send",
        )
    ]
