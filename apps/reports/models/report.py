from django.conf import settings
from django.db import models

from apps.core.models import TimeStamped
from apps.reports.states import ReportState
from apps.rfp.models import Lot
from apps.workspace.models import Owned, Procurement


class Report(Owned):
    """A report: its payload frozen when requested, its PDF signed by a worker.

    `payload` is canonical JSON, `digest` its SHA-256: the register against which a file is
    verified. `reference` is public; it names the report and says nothing about it.
    """

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="reports")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")  # null: no lots
    kind = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    reference = models.CharField(max_length=20, unique=True)
    payload = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=ReportState, default=ReportState.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    blob = models.CharField(max_length=48, default="", blank=True)
    pages = models.PositiveSmallIntegerField(null=True)
    unsigned_sha256 = models.CharField(max_length=64, default="", blank=True)
    signed_sha256 = models.CharField(max_length=64, default="", blank=True)
    certificate = models.CharField(max_length=64, default="", blank=True)
    signed_at = models.DateTimeField(null=True)
    failure = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procurement", "lot", "kind", "version"],
                nulls_distinct=False,
                name="one_report_per_version",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ReportState.values), name="report_state_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["signed", "superseded"])
                | (~models.Q(blob="") & ~models.Q(signed_sha256="")),
                name="signed_report_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.pk}: {self.kind} {self.state}"


class SigningCertificate(TimeStamped):
    """A certificate reports are signed with, pinned for the time it was in use. Public.

    Kept here, not in the folder of keys, so that old reports verify after a rotation.
    """

    fingerprint = models.CharField(max_length=64, unique=True)  # SHA-256 of the DER form
    root_fingerprint = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    pem = models.TextField()
    root_pem = models.TextField()
    used_from = models.DateTimeField()
    used_to = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"SigningCertificate {self.pk}: {self.fingerprint[:16]}"
