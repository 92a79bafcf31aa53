"""The reports a person sees: of procurements they see, newest version first."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.core.models import Job
from apps.reports.models import Report
from apps.reports.states import ReportState
from apps.workspace.models import Procurement, User
from apps.workspace.rules import panel_roles
from apps.workspace.selectors import procurement_for
from apps.workspace.states import Phase, Role
from apps.workspace.types import Todo

KIND = "reports.produce"


def reports_visible_to(user: User, procurement: Procurement) -> QuerySet[Report]:
    """Return the reports of a procurement whose panel the person sits on."""
    if not panel_roles(user, procurement):
        return Report.objects.none()
    return (
        Report.objects.filter(procurement=procurement)
        .select_related("procurement", "requested_by")
        .order_by("-requested_at", "-pk")
    )


def report_for(user: User, *, procurement_id: uuid.UUID, report_id: uuid.UUID) -> Report:
    procurement = procurement_for(user, procurement_id=procurement_id)
    found = reports_visible_to(user, procurement).filter(pk=report_id).first()
    if found is None:
        raise NotFound(_("There is no such report."))
    return found


@dataclass(frozen=True)
class Progress:
    """How far the production is: one of queued, rendering, signing, storing, done, failed."""

    stage: str
    label: str
    finished: bool


def stage_words() -> dict[str, str]:
    return {
        "queued": _("Waiting for a worker"),
        "rendering": _("Rendering the pages"),
        "signing": _("Signing"),
        "storing": _("Checking and storing"),
        "done": _("Signed"),
        "failed": _("Failed"),
    }


def progress_of(report: Report) -> Progress:
    """Return the stage of a report, from its job while it is in progress."""
    if report.state != ReportState.REQUESTED:
        stage = "failed" if report.state == ReportState.FAILED else "done"
        return Progress(stage, stage_words()[stage], finished=True)
    job = Job.objects.filter(kind=KIND, subject_id=report.pk).order_by("-created_at").first()
    stage = job.stage if job and job.stage in stage_words() else "queued"
    return Progress(stage, stage_words()[stage], finished=False)


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """Offer the decision report once the decision is taken and none has been issued."""
    if procurement.phase != Phase.DECIDED or Role.LEAD not in panel_roles(user, procurement):
        return []
    if Report.objects.filter(procurement=procurement, kind="decision_report").exists():
        return []
    return [
        Todo(
            title=_("Issue the decision report"),
            text=_("It is signed, carries its records, and anyone can verify it."),
            url=reverse("reports:library", args=[procurement.pk]),
            action=_("Open reports"),
            icon="file-check",
        )
    ]
