"""A questionnaire handed out as a file; the record says who took it, and in which form."""

import json

from django.db import transaction

from apps.core.access import authorise
from apps.core.files import clean_name
from apps.rfp.models import Rfp
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services.drafting import record
from apps.rfp.workbooks import export
from apps.rfp.workbooks.form import digest_of, to_file
from apps.workspace.models import User


@transaction.atomic
def workbook_of(*, rfp: Rfp, actor: User) -> tuple[str, bytes]:
    """Return the name and the content of the questionnaire's workbook."""
    authorise(actor, "rfp.view", rfp)
    form = form_of(rfp)
    content = export.write(form)
    record(rfp, "export", actor, kind="xlsx", digest=digest_of(form))
    return _name(rfp, "xlsx"), content


@transaction.atomic
def file_of(*, rfp: Rfp, actor: User) -> tuple[str, bytes]:
    """Return the questionnaire as a file in the format of the shipped ones, in JSON."""
    authorise(actor, "rfp.view", rfp)
    form = form_of(rfp)
    content = json.dumps(to_file(form), ensure_ascii=False, indent=1).encode() + b"\n"
    record(rfp, "export", actor, kind="json", digest=digest_of(form))
    return _name(rfp, "json"), content


def _name(rfp: Rfp, suffix: str) -> str:
    return clean_name(f"{rfp.procurement.reference} questionnaire.{suffix}")
