"""Request a report: its payload is frozen now, its PDF is promised to a worker."""

import secrets

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.core import audit, clock, jobs
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.core.workflow import move
from apps.proof import hashes
from apps.reports.adapters import pages
from apps.reports.models import Report
from apps.reports.selectors.paper import Issue
from apps.reports.selectors.reports import KIND
from apps.reports.selectors.types import REPORT_TYPES
from apps.reports.states import REPORT, ReportState
from apps.rfp.models import Lot
from apps.rfp.selectors import require_lot
from apps.workspace.models import Procurement, User

QUEUE = "pdf"
# Letters and digits that cannot be taken for one another when read aloud from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Return a public name of a report, such as R7QK-4MDX-C5LP: 58 random bits, not a secret."""
    letters = [secrets.choice(ALPHABET) for _n in range(12)]
    return "-".join("".join(letters[i : i + 4]) for i in (0, 4, 8))


@transaction.atomic
def request(*, kind: str, procurement: Procurement, actor: User, lot: Lot | None = None) -> Report:
    """Freeze the payload of a report and promise its production.

    A report that is in progress is returned as it is: a second click makes no second PDF. A new
    request for the same kind is the next version and supersedes the last when it is signed. Where
    the tender has lots, each report is of one of them.
    """
    authorise(actor, "reports.request", procurement)
    if kind not in REPORT_TYPES:
        sentence = _("Choose one of the report types.")
        raise Incomplete(sentence, fields={"kind": sentence})
    require_lot(procurement, lot)
    _one_at_a_time(procurement)
    asked = Report.objects.filter(procurement=procurement, lot=lot, kind=kind)
    open_one = asked.filter(state=ReportState.REQUESTED).first()
    if open_one is not None:
        return open_one
    last = asked.aggregate(last=Max("version"))["last"] or 0
    issue = Issue(actor, procurement, new_reference(), last + 1, clock.now(), lot)
    report = _freeze(kind, issue)
    jobs.enqueue(kind=KIND, subject_id=report.pk, actor=actor, queue=QUEUE)
    return report


def _one_at_a_time(procurement: Procurement) -> None:
    """Let the second of two clicks wait for the first, and then find its report."""
    Procurement.objects.select_for_update(no_key=True).get(pk=procurement.pk)


def _freeze(kind: str, issue: Issue) -> Report:
    content = pages.frozen(REPORT_TYPES[kind].payload(issue))
    report = Report.objects.create(
        organisation_id=issue.procurement.organisation_id,
        procurement=issue.procurement,
        lot=issue.lot,
        kind=kind,
        version=issue.version,
        reference=issue.reference,
        payload=content.decode(),
        digest=hashes.of_bytes(content),
        requested_by=issue.user,
        requested_at=issue.at,
    )
    audit.record(
        action="report.request",
        actor=issue.user,
        subject=report,
        procurement_id=issue.procurement.pk,
        payload={
            "digest": report.digest,
            "kind": kind,
            "reference": report.reference,
            "version": report.version,
            **({"lot": issue.lot.code} if issue.lot else {}),
        },
    )
    return report


@transaction.atomic
def retry(*, report: Report, actor: User) -> Report:
    """Promise the production of a failed report again: same payload, same reference."""
    authorise(actor, "reports.request", report)
    _one_at_a_time(report.procurement)
    newer = Report.objects.filter(
        procurement=report.procurement,
        lot=report.lot_id,
        kind=report.kind,
        version__gt=report.version,
    )
    if newer.exists():
        raise WrongState(_("A newer version was requested. Use that one instead of this."))
    move(report, REPORT, "retry", actor=actor, also={"failure": ""})
    jobs.enqueue(kind=KIND, subject_id=report.pk, actor=actor, queue=QUEUE)
    return report
