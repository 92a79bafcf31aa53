"""A day before closing the openers are asked to type their codes once more."""

import datetime as dt

from django.urls import reverse

from apps.core import clock, jobs, mail
from apps.rfp.models import Rfp
from apps.rfp.selectors.reading import round_of
from apps.rfp.selectors.sealing import holders
from apps.rfp.states import RfpState
from apps.workspace.models import User

REHEARSE = "rfp.rehearse"
BEFORE = dt.timedelta(days=1)


def ask_rehearsal(rfp: Rfp, actor: User | None) -> None:
    """Promise the reminder; nothing where the closing is nearer than that."""
    held = round_of(rfp)
    if held is None or held.closes_at - BEFORE <= clock.database_now():
        return
    when = held.closes_at - BEFORE
    jobs.enqueue(kind=REHEARSE, subject_id=rfp.pk, actor=actor, not_before=when)


def remind(rfp: Rfp) -> None:
    """Mail whoever has not typed the codes back since publication; a later deadline waits again."""
    held = round_of(rfp)
    if rfp.state != RfpState.PUBLISHED or held is None or held.opened_at is not None:
        return
    if held.closes_at - BEFORE > clock.database_now():  # the deadline was moved
        ask_rehearsal(rfp, None)
        return
    waiting = {one.person for one in holders(rfp) if one.again is None}
    for person in User.objects.filter(pk__in=[one for one in waiting if one]).order_by("pk"):
        mail.send(
            to=person.email,
            event=f"rehearse:{rfp.pk}:{held.closes_at.isoformat()}",
            template="rfp_rehearse",
            context={
                "name": person.name,
                "procurement": rfp.procurement,
                "round": held,
                "path": reverse("rfp:keys", args=[rfp.procurement_id]),
            },
            actor=None,
        )
