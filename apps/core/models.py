"""Records every app writes: audit events (append-only), jobs, mails.

Their organisation is a plain identifier: core lies below workspace and may not point up.
"""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7


class TimeStamped(models.Model):
    """A row with a time-ordered identifier (UUID version 7): a name, never a secret."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class AuditEvent(models.Model):
    """One leaf of an organisation's record. Written by `core.audit` alone, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seq = models.BigIntegerField(db_default=models.Func(function="cceval_next_leaf"))
    organisation_id = models.UUIDField()
    procurement_id = models.UUIDField(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=80)
    refused = models.BooleanField(default=False)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=80)
    at = models.DateTimeField()
    payload = models.TextField()
    salt = models.BinaryField(max_length=32)
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seq"], name="one_event_per_leaf")]
        indexes = [
            models.Index(fields=["procurement_id", "seq"], name="events_of_procurement"),
            models.Index(fields=["organisation_id", "seq"], name="events_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"AuditEvent {self.pk}: {self.action}"


class LogPending(models.Model):
    """An event that has no place in its organisation's log yet. Written by a trigger, beside the event."""

    event = models.OneToOneField(
        AuditEvent, models.PROTECT, primary_key=True, related_name="pending"
    )
    organisation_id = models.UUIDField()
    action = models.CharField(max_length=80)  # some acts are signed at once

    def __str__(self) -> str:
        return f"LogPending {self.pk}"


class LogNode(models.Model):
    """A complete subtree of an organisation's log (`proof.merkle.Node`); at level 0 it is an event.

    Places at level 0 run from 0 without a gap, in the order in which events were put into the log.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField()
    level = models.PositiveSmallIntegerField()
    place = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    event = models.OneToOneField(AuditEvent, models.PROTECT, null=True, related_name="leaf")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "level", "place"], name="one_node_per_place"
            ),
            models.CheckConstraint(
                condition=models.Q(level=0, event__isnull=False)
                | models.Q(level__gt=0, event=None),
                name="leaf_is_an_event",
            ),
        ]

    def __str__(self) -> str:
        return f"LogNode {self.pk}: {self.level}.{self.place}"


class LogCheckpoint(TimeStamped):
    """A signed size and root of an organisation's log: its `note` is what leaves the machine."""

    organisation_id = models.UUIDField()
    size = models.BigIntegerField()
    note = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "size"], name="one_checkpoint_per_size"
            )
        ]

    def __str__(self) -> str:
        return f"LogCheckpoint {self.pk}: {self.size}"


class LogStamp(TimeStamped):
    """An outside authority's time stamp (RFC 3161) over a checkpoint. Append-only."""

    organisation_id = models.UUIDField()
    checkpoint = models.OneToOneField(LogCheckpoint, models.PROTECT, related_name="stamp")
    token = models.BinaryField()
    at = models.DateTimeField()  # the authority's own time

    def __str__(self) -> str:
        return f"LogStamp {self.pk}"


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(TimeStamped):
    """Work promised inside a transaction. The row is the truth; the broker only rings."""

    organisation_id = models.UUIDField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    queue = models.CharField(max_length=20, default="default")
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    stage = models.CharField(max_length=40, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    run_after = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=JobState.values), name="job_state_is_known"
            ),
            # One may run while the next one waits: what is promised after a job has read its rows
            # would be lost in it.
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=models.Q(state="queued"),
                name="one_queued_job_per_subject",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=models.Q(state="running"),
                name="one_running_job_per_subject",
            ),
        ]
        indexes = [
            models.Index(
                fields=["run_after"],
                condition=models.Q(state__in=["queued", "running"]),
                name="jobs_due",
            )
        ]

    def __str__(self) -> str:
        return f"Job {self.pk}: {self.kind} {self.state}"


class Mail(TimeStamped):
    """One message to one recipient. `event` makes it unique: the same event never mails twice."""

    organisation_id = models.UUIDField()
    recipient = models.EmailField()
    event = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "event"], name="one_mail_per_event")
        ]

    def __str__(self) -> str:
        return f"Mail {self.pk}: {self.event}"
