"""Hand out a signed report, and record to whom."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import audit, files
from apps.core.access import authorise
from apps.core.errors import WrongState
from apps.proof import hashes
from apps.reports.models import Report
from apps.reports.states import ReportState
from apps.workspace.models import User

ISSUED = frozenset({ReportState.SIGNED, ReportState.SUPERSEDED})


@dataclass(frozen=True)
class Download:
    name: str
    content: bytes


@transaction.atomic
def download(*, report: Report, actor: User) -> Download:
    """Return the signed PDF exactly as it was signed; a file that differs is not handed out."""
    authorise(actor, "reports.download", report)
    if report.state not in ISSUED:
        raise WrongState(_("This report is not signed yet. Wait until it is, then reload."))
    content = files.read(report.blob)
    if hashes.of_bytes(content) != report.signed_sha256:
        raise WrongState(
            _("The stored file is not the one that was signed. Tell the administrator.")
        )
    audit.record(
        action="report.download",
        actor=actor,
        subject=report,
        procurement_id=report.procurement_id,
        payload={"reference": report.reference, "signed_sha256": report.signed_sha256},
    )
    return Download(name_of(report), content)


def name_of(report: Report) -> str:
    """Return the name a download is saved under: WVH-2026-031-scorecard-v1.pdf."""
    reference = report.procurement.reference.replace("/", "-").replace("\\", "-")
    kind = report.kind.replace("_", "-")
    return files.clean_name(f"{reference}-{kind}-v{report.version}.pdf")
