"""What Celery runs: a ring of the jobs table and the sweeper. Ids travel, nothing else."""

import importlib
import importlib.util
import logging
import uuid

from celery import shared_task
from django.apps import apps

from apps.core import clock, jobs, mail, tenancy
from apps.core.models import Job, Mail

log = logging.getLogger(__name__)


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
