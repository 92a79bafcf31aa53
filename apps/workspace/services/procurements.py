"""The case file: opened by a buyer's person, who leads it."""

import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Incomplete
from apps.core.workflow import move
from apps.workspace.models import Organisation, PanelMember, Procurement, User
from apps.workspace.rules import forget_roles
from apps.workspace.states import PROCUREMENT, Role

CURRENCY = re.compile(r"[A-Z]{3}")


def _check(title: str, reference: str, currency: str) -> None:
    wrong: dict[str, str] = {}
    if not title.strip():
        wrong["title"] = _("Give the procurement a title.")
    if not reference.strip():
        wrong["reference"] = _("Give the procurement a reference of your own.")
    if not CURRENCY.fullmatch(currency):
        wrong["currency"] = _("Use the three letters of the currency, such as GBP.")
    if wrong:
        raise Incomplete(_("Some fields need another look."), fields=wrong)


def open_case(
    *,
    organisation: Organisation,
    reference: str,
    title: str,
    currency: str,
    actor: User,
    about: str = "",
) -> Procurement:
    """Open a case file; the actor becomes its lead."""
    authorise(actor, "workspace.open_procurement", organisation)
    _check(title, reference, currency)
    try:
        with transaction.atomic():
            procurement = Procurement.objects.create(
                organisation=organisation,
                reference=reference.strip(),
                title=title.strip(),
                summary=about.strip(),
                currency=currency,
                owner=actor,
            )
            PanelMember.objects.create(
                organisation=organisation, procurement=procurement, user=actor, role=Role.LEAD
            )
            audit.record(
                action="procurement.open",
                actor=actor,
                subject=procurement,
                procurement_id=procurement.pk,
                payload={"reference": procurement.reference, "title": procurement.title},
            )
    except IntegrityError:
        sentence = _("Another procurement has this reference. Choose a different one.")
        raise Incomplete(sentence, fields={"reference": sentence}) from None
    forget_roles(actor)
    return procurement


def close_case(*, procurement: Procurement, reason: str, actor: User) -> None:
    """Close a case file for good, with a reason."""
    authorise(actor, "workspace.edit_procurement", procurement)
    if not reason.strip():
        sentence = _("Say why this procurement is closed.")
        raise Incomplete(sentence, fields={"reason": sentence})
    move(procurement, PROCUREMENT, "close", actor=actor, payload={"reason": reason.strip()})
