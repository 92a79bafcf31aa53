"""Opened bids handed out as a workbook; the record says who took it."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids.selectors.workbook import beside_of
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import WrongState
from apps.core.files import clean_name
from apps.proof import hashes
from apps.rfp.models import Rfp
from apps.rfp.selectors.workbook import form_of
from apps.rfp.workbooks import export
from apps.workspace.models import User


@transaction.atomic
def answers_workbook(*, rfp: Rfp, actor: User) -> tuple[str, bytes]:
    """Return the questionnaire with a column of answers per opened bid, and prices once they are open.

    WrongState before the opening, whether there are bids or not.
    """
    authorise(actor, "bids.read_answers", rfp)
    beside = beside_of(actor, rfp)
    if not beside.given:
        raise WrongState(_("There is no opened bid. Answers can be taken out after the opening."))
    content = export.write(form_of(rfp), beside)
    audit.record(
        action="bids.export",
        actor=actor,
        subject=rfp,
        procurement_id=rfp.procurement_id,
        payload={
            "bids": len(beside.given),
            "prices": bool(beside.prices),
            "sha256": hashes.of_bytes(content),
        },
    )
    return clean_name(f"{rfp.procurement.reference} answers.xlsx"), content
