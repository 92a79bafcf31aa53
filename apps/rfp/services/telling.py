"""Mails about an RFP: to the panel, and to every vendor that was asked and has not declined."""

from collections.abc import Mapping

from apps.core import mail
from apps.rfp.models import Rfp
from apps.rfp.selectors.reading import round_of
from apps.workspace.models import User
from apps.workspace.selectors import panel_of


def panel(rfp: Rfp) -> dict[str, str]:
    """Return name by address of everybody on the panel."""
    return {member.user.email: member.user.name for member in panel_of(rfp.procurement)}


def vendors(rfp: Rfp) -> dict[str, str]:
    """Return contact by address of the vendors asked, those that declined left out.

    The rows belong to the app above; they are read through the relation, never written here.
    """
    asked = rfp.invitations.exclude(state="declined")
    return dict(asked.order_by("email").values_list("email", "contact"))


def tell(
    rfp: Rfp,
    template: str,
    event: str,
    actor: User,
    people: Mapping[str, str],
    **details: object,
) -> None:
    """Mail each of them once about an event, in the order of their addresses."""
    for address, name in sorted(people.items()):
        context = {
            "name": name,
            "procurement": rfp.procurement,
            "round": round_of(rfp),
            "digest": rfp.digest,
            **details,
        }
        mail.send(to=address, event=event, template=template, context=context, actor=actor)
