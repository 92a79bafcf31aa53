"""What somebody has to do about the RFP now, for the overview of the case file."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.access import can
from apps.rfp.models import Extension, Review, Rfp
from apps.rfp.selectors.sealing import holders
from apps.rfp.states import ExtensionState, ReviewState, RfpState
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase
from apps.workspace.types import Todo


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """Return what waits for this person: the lead's next step, or somebody else's second look."""
    return [
        *_lead(user, procurement),
        *_opener(user, procurement),
        *_second_person(user, procurement),
    ]


def _opener(user: User, procurement: Procurement) -> list[Todo]:
    """Codes that an opener has not collected and proved: publication waits for them."""
    if procurement.phase != Phase.PREPARING or not can(user, "rfp.hold_key", procurement):
        return []
    rfp = Rfp.objects.filter(procurement=procurement, state=RfpState.DRAFT).first()
    if rfp is None or not any(one.person == user.pk and not one.proved for one in holders(rfp)):
        return []
    return [
        Todo(
            title=_("Collect your keys of the opening"),
            text=_("The codes are shown once; type them back to prove that you have them."),
            url=reverse("rfp:keys", args=[procurement.pk]),
            action=_("Collect"),
            icon="key-round",
        )
    ]


def _second_person(user: User, procurement: Procurement) -> list[Todo]:
    """A review or a later deadline that somebody else asked for."""
    if procurement.phase == Phase.PREPARING and can(user, "rfp.review", procurement):
        waits = Review.objects.filter(
            rfp__procurement=procurement, state=ReviewState.REQUESTED
        ).exclude(requested_by=user)
        if waits.exists():
            return [
                Todo(
                    title=_("Review the RFP"),
                    text=_("It is published once a second person has approved it."),
                    url=reverse("rfp:review", args=[procurement.pk]),
                    action=_("Review"),
                    icon="eye",
                )
            ]
    if procurement.phase == Phase.TENDERING and can(user, "rfp.confirm_extension", procurement):
        asked = Extension.objects.filter(
            rfp__procurement=procurement, state=ExtensionState.REQUESTED
        ).exclude(requested_by=user)
        if asked.exists():
            return [
                Todo(
                    title=_("Confirm a later deadline"),
                    text=_("Nothing moves until a second person confirms it."),
                    url=reverse("rfp:publish", args=[procurement.pk]),
                    action=_("Open"),
                    icon="calendar-clock",
                )
            ]
    return []


def _lead(user: User, procurement: Procurement) -> list[Todo]:
    """At most one entry: start the questionnaire, or finish and publish it."""
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
