from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.workflow import Workflow


class ReportState(models.TextChoices):
    REQUESTED = "requested", _("In progress")
    SIGNED = "signed", _("Signed")
    FAILED = "failed", _("Failed")
    SUPERSEDED = "superseded", _("Superseded")


REPORT = Workflow(
    name="report",
    field="state",
    moves={
        "sign": ((ReportState.REQUESTED,), ReportState.SIGNED),
        "fail": ((ReportState.REQUESTED,), ReportState.FAILED),
        "retry": ((ReportState.FAILED,), ReportState.REQUESTED),
        "supersede": ((ReportState.SIGNED,), ReportState.SUPERSEDED),
    },
    sentences={
        "sign": _("This report has been produced already."),
        "fail": _("This report is not in progress."),
        "retry": _("Only a failed report can be produced again."),
        "supersede": _("Only a signed report can be superseded."),
    },
)
