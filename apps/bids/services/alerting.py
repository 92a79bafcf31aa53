"""The auditor hears of every refused turn of a key, in the transaction in which it is recorded."""

from django.urls import reverse

from apps.bids.selectors.ceremony import TURNING, check_of
from apps.core import attempts, mail
from apps.core.models import AuditEvent
from apps.proof import canonical
from apps.workspace.models import Procurement
from apps.workspace.selectors import auditors_of


@attempts.watch(*TURNING)
def tell_auditors(event: AuditEvent) -> None:
    """Mail each auditor of the procurement once about one refused attempt; looking is none."""
    details = canonical.decode(event.payload.encode())["details"]
    if event.procurement_id is None or details["method"] != "POST":
        return
    procurement = Procurement.objects.filter(pk=event.procurement_id).first()
    if procurement is None:
        return
    context = {
        "at": event.at,
        "check": check_of(event),
        "path": reverse("workspace:record", args=[procurement.pk]),
        "procurement": procurement,
        "who": event.actor.name if event.actor else "",
    }
    for address in auditors_of(procurement.pk):
        mail.send(
            to=address,
            event=f"attempt:{event.pk}",
            template="opening_refused",
            context=context,
            actor=None,
        )
