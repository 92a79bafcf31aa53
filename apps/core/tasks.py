"""What Celery runs: a ring of the jobs table and the sweeper. Ids travel, nothing else."""

import datetime as dt
import importlib
import importlib.util
import logging
import uuid

from celery import shared_task
from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet

from apps.core import clock, jobs, ledger, mail, tenancy
from apps.core.errors import WrongState
from apps.core.models import Job, LogCheckpoint, LogPending, Mail
from apps.proof import stamps

log = logging.getLogger(__name__)

STAMP_SECONDS = 10.0  # for an authority to answer
STAMP_AGAIN = dt.timedelta(minutes=15)  # after five tries in vain


def load_handlers() -> None:
    """Import every app's `tasks`, so that its job handlers are registered."""
    for config in apps.get_app_configs():
        if config.name.startswith("apps.") and importlib.util.find_spec(f"{config.name}.tasks"):
            importlib.import_module(f"{config.name}.tasks")


@shared_task(name=jobs.RING)
def run_job(job_id: str) -> None:
    load_handlers()
    outcome = jobs.run(uuid.UUID(job_id))
    log.info("job %s: %s", job_id, outcome)


@shared_task(name="core.sweep")
def sweep() -> None:
    rung = jobs.sweep()
    if rung:
        log.info("rang again for %s jobs", rung)


@shared_task(name="core.checkpoints")
def checkpoints() -> None:
    """Sign the log of every organisation in which something happened since its last checkpoint."""
    _sign(LogPending.objects.all())


@shared_task(name="core.milestones")
def milestones() -> None:
    """Sign the logs in which an act waits that must not wait for the next round."""
    _sign(LogPending.objects.filter(action__in=settings.LOG_MILESTONES))


def _sign(waiting: QuerySet[LogPending]) -> None:
    with tenancy.acting_as(scope="jobs"):
        organisations = set(waiting.values_list("organisation_id", flat=True))
    for organisation in organisations:
        try:
            with tenancy.acting_as(organisation=organisation):
                ledger.checkpoint()
        except WrongState as refusal:  # one that cannot be signed keeps no other waiting
            log.error("no checkpoint of %s: %s", organisation, refusal.sentence)  # noqa: TRY400 -- a sentence


def _stamp_later(job: Job) -> None:
    """The authority is away: nothing waits for it, and it is asked again."""
    again = clock.now() + STAMP_AGAIN
    jobs.enqueue(kind=ledger.STAMP, subject_id=job.subject_id, actor=None, not_before=again)


@jobs.handler(ledger.STAMP, give_up=_stamp_later)
def stamp(job: Job) -> jobs.Commit:
    """Have the outside authority stamp a checkpoint; NotStamped is tried again."""
    with tenancy.acting_as(organisation=job.organisation_id):
        made = LogCheckpoint.objects.get(pk=job.subject_id)
        needed = bool(settings.TIME_STAMPING) and ledger.needs_stamp(made)
    if not needed:
        return lambda: None
    token = stamps.ask(settings.TIME_STAMPING, made.note.encode(), seconds=STAMP_SECONDS)

    def keep() -> None:
        ledger.keep_stamp(made, token)

    return keep


@jobs.handler("core.mail")
def deliver(job: Job) -> jobs.Commit:
    """Send one mail. A crash between sending and committing may send it twice, never lose it."""
    with tenancy.acting_as(organisation=job.organisation_id):
        message = Mail.objects.get(pk=job.subject_id)
    if message.sent_at is None:
        mail.transmit(message)
    return lambda: _mark_sent(message)


def _mark_sent(message: Mail) -> None:
    """Keep that it was sent; drop the text, which may hold a link with a token."""
    Mail.objects.filter(pk=message.pk, sent_at=None).update(sent_at=clock.now(), text="", html="")
