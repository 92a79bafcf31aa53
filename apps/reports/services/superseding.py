"""Scores were re-opened: every report that was issued on them stands no more."""

from apps.core import jobs
from apps.core.models import Job
from apps.core.workflow import move
from apps.matrix.models import Reopening
from apps.reports.models import Report
from apps.reports.states import REPORT, ReportState


def produce(job: Job) -> jobs.Commit:
    """Return the effect, for the job's own commit. A report in progress is marked when it is signed."""
    return lambda: _supersede(job)


def _supersede(job: Job) -> None:
    reopening = Reopening.objects.select_related("scoring_round").get(pk=job.subject_id)
    issued = Report.objects.filter(
        procurement=reopening.procurement_id,
        state=ReportState.SIGNED,
        requested_at__lt=reopening.decided_at,
    )
    payload = {"reopening": str(reopening.pk)}
    for report in issued.order_by("requested_at", "pk"):
        move(report, REPORT, "supersede", actor=job.actor, payload=payload)
