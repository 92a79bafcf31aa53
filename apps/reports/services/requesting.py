"""Request a report: its payload is frozen now, its PDF is promised to a worker."""

import secrets

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.core import audit, clock, jobs
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete
from apps.core.workflow import move
from apps.proof import hashes
from apps.reports.adapters import pages
from apps.reports.models import Report
from apps.reports.selectors.types import REPORT_TYPES
from apps.reports.states import REPORT, ReportState
from apps.workspace.models import Procurement, User

KIND = "reports.produce"
# Letters and digits that cannot be taken for one another when read aloud from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Return a public name of a report, such as R7QK-4MDX-C5LP: 58 random bits, not a secret."""
    letters = [secrets.choice(ALPHABET) for _n in range(12)]
    return "-".join("".join(letters[i : i + 4]) for i in (0, 4, 8))


@transaction.atomic
def request(*, kind: str, procurement: Procurement, actor: User) -> Report:
    """Freeze the payload of a report and enqueue its production.

    A report that is in progress is returned as it is: a second click makes no second PDF. A new
    request for the same kind is the next version and supersedes the last when it is signed.
    """
    authorise(actor, "reports.request", procurement)
    if kind not in REPORT_TYPES:
        sentence = _("Choose one of the report types.")
        raise Incomplete(sentence, fields={"kind": sentence})
    open_one = Report.objects.filter(
        procurement=procurement, kind=kind, state=ReportState.REQUESTED
    ).first()
    if open_one is not None:
        return open_one
    last = Report.objects.filter(procurement=procurement, kind=kind).aggregate(last=Max("version"))
    version, at, reference = (last["last"] or 0) + 1, clock.now(), new_reference()
    payload = REPORT_TYPES[kind].payload(
        user=actor, procurement=procurement, reference=reference, version=version, at=at
    )
    content = pages.frozen(payload)
    try:
        with transaction.atomic():
            report = Report.objects.create(
                organisation_id=procurement.organisation_id,
                procurement=procurement,
                kind=kind,
                version=version,
                reference=reference,
                payload=content.decode(),
                digest=hashes.of_bytes(content),
                requested_by=actor,
                requested_at=at,
            )
    except IntegrityError:
        raise Conflict(_("Somebody requested this report just now. Reload the page.")) from None
    audit.record(
        action="report.request",
        actor=actor,
        subject=report,
        procurement_id=procurement.pk,
        payload={"digest": report.digest, "kind": kind, "reference": reference, "version": version},
    )
    jobs.enqueue(kind=KIND, subject_id=report.pk, actor=actor, queue="pdf")
    return report


@transaction.atomic
def retry(*, report: Report, actor: User) -> Report:
    """Promise the production of a failed report again: same payload, same reference."""
    authorise(actor, "reports.request", report)
    move(report, REPORT, "retry", actor=actor, also={"failure": ""})
    jobs.enqueue(kind=KIND, subject_id=report.pk, actor=actor, queue="pdf")
    return report
