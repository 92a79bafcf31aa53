"""The jobs table: work promised inside a transaction, leased by workers, rung again until done.

The row is the truth; Celery only rings with its id. A claim is one conditional UPDATE that gives
a lease; a heartbeat renews it; the slow part runs outside any transaction and may run twice; its
effects and the job's end are one transaction, fenced by the lease. A sweeper rings again for
jobs whose ring or worker was lost.

Of one kind and subject at most one job waits and one runs. A promise joins the one that waits, never
the one that runs: that may have read its rows already.
"""

import datetime as dt
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

from celery import current_app
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q

from apps.core import clock, tenancy
from apps.core.inserting import insert_new
from apps.core.models import Job, JobState

log = logging.getLogger(__name__)

Commit = Callable[[], None]
Handler = Callable[[Job], Commit]
HANDLERS: dict[str, Handler] = {}
GIVE_UP: dict[str, Callable[[Job], None]] = {}
RING = "core.run_job"  # the task of `core.tasks`, by name: that module imports this one
MAKES_UP_AFTER = timedelta(seconds=10)  # the wait of a job that only does what a dead process left
SILENCE_AFTER_FAILURE = 15.0  # seconds: a frozen broker costs one request its timeout, not all
_silent_until = 0.0


def handler(
    kind: str, *, give_up: Callable[[Job], None] | None = None
) -> Callable[[Handler], Handler]:
    """Register the slow part of a job: it returns the effects, to be committed with the job's end.

    `give_up` runs, in one transaction with the job's failure, after the last attempt.
    """

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = function
        if give_up:
            GIVE_UP[kind] = give_up
        return function

    return register


def enqueue(
    *,
    kind: str,
    subject_id: uuid.UUID,
    actor: AbstractBaseUser | None,
    queue: str = "default",
    not_before: dt.datetime | None = None,
) -> Job:
    """Promise work in the caller's transaction; one waiting job per kind and subject.

    Work that may not begin before some moment is rung by the sweeper when it is due. A job that
    waits already is returned, and cannot be claimed before the caller's transaction has ended.
    """
    due = not_before or clock.now()
    for again in (True, True, False):
        job = Job(
            organisation_id=tenancy.require_organisation(),
            actor=cast("Any", actor),
            kind=kind,
            subject_id=subject_id,
            queue=queue,
            run_after=due,
            published_at=None if not_before else clock.now(),  # unless the ring fails
        )
        if insert_new(job):
            break
        if (held := _join(kind, subject_id, due)) is not None:
            return held
        if not again:  # else it was claimed in between, and this one is promised anew
            job.save(force_insert=True)  # says which constraint refuses it
    if not_before is None:
        transaction.on_commit(lambda: _first_ring(job.pk, queue), robust=True)
    return job


def _join(kind: str, subject_id: uuid.UUID, due: dt.datetime) -> Job | None:
    """Hold the job that waits for this work until the caller's transaction ends; never later than `due`."""
    waiting = Job.objects.filter(kind=kind, subject_id=subject_id, state=JobState.QUEUED)
    held = waiting.select_for_update(no_key=True).first()
    if held is not None and held.run_after > due:
        held.run_after, held.published_at = due, None
        held.save(update_fields=["run_after", "published_at"])
    return held


def _first_ring(job_id: uuid.UUID, queue: str) -> None:
    if not _ring(job_id, queue):
        _mark([job_id], published_at=None)


def _mark(job_ids: list[uuid.UUID], *, published_at: dt.datetime | None) -> None:
    with tenancy.acting_as(scope="jobs"):
        waiting = Job.objects.filter(pk__in=job_ids, state=JobState.QUEUED)
        waiting.update(published_at=published_at)


def _ring(job_id: uuid.UUID, queue: str) -> bool:
    """Tell the broker; never raises. What it misses, the sweeper rings again."""
    global _silent_until  # noqa: PLW0603 -- one breaker per process
    if time.monotonic() < _silent_until:
        return False
    try:
        current_app.send_task(RING, (str(job_id),), queue=queue, retry=False)
    except Exception:  # noqa: BLE001 -- whatever the broker does, the promise stands in the table
        log.warning("the broker did not take job %s; the sweeper will ring again", job_id)
        _silent_until = time.monotonic() + SILENCE_AFTER_FAILURE
        return False
    return True


def _claim(job_id: uuid.UUID) -> Job | None:
    now, lease = clock.now(), uuid.uuid4()
    due = Q(state=JobState.QUEUED, run_after__lte=now) | Q(
        state=JobState.RUNNING, lease_until__lt=now, attempts__lt=F("max_attempts")
    )
    try:
        with tenancy.acting_as(scope="jobs"):
            claimed = Job.objects.filter(due, pk=job_id).update(
                state=JobState.RUNNING,
                lease=lease,
                lease_until=now + settings.JOB_LEASE,
                attempts=F("attempts") + 1,
            )
            return Job.objects.get(pk=job_id) if claimed else None
    except IntegrityError:  # the one before it still runs; the sweeper rings for this one again
        _mark([job_id], published_at=None)
        return None


def _settle(job: Job, **values: Any) -> bool:
    held = Job.objects.filter(pk=job.pk, lease=job.lease, state=JobState.RUNNING)
    return bool(held.update(lease=None, lease_until=None, **values))


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(settings.JOB_LEASE.total_seconds() / 3):
            try:
                with tenancy.acting_as(scope="jobs"):
                    mine = Job.objects.filter(pk=job.pk, lease=job.lease)
                    if not mine.update(lease_until=clock.now() + settings.JOB_LEASE):
                        break
            except Exception:  # the lease may lapse; the fence decides, not this thread
                log.exception("heartbeat of job %s", job.pk)
        connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)


def show_stage(job: Job, stage: str) -> None:
    """Say on the page how far the job is: a word of its own, committed at once."""
    with tenancy.acting_as(scope="jobs"):
        Job.objects.filter(pk=job.pk, lease=job.lease).update(stage=stage)


def run(job_id: uuid.UUID) -> str:
    """Claim and run one job; returns what happened: done, skipped, lost lease or failed."""
    job = _claim(job_id)
    if job is None:
        return "skipped"
    try:
        with _heartbeat(job):
            commit = HANDLERS[job.kind](job)
        with tenancy.acting_as(person=job.actor_id, organisation=job.organisation_id):
            if not _settle(job, state=JobState.DONE, stage="done", finished_at=clock.now()):
                return "lost lease"
            commit()
    except Exception as error:  # a job that fails is tried again, then visibly failed
        log.exception("job %s (%s) failed", job.pk, job.kind)
        _fail(job, error)
        return "failed"
    return "done"


def _fail(job: Job, error: Exception) -> None:
    last = job.attempts >= job.max_attempts or getattr(error, "final", False)
    said = f"{type(error).__name__}: {error}"[:2000]
    with tenancy.acting_as(person=job.actor_id, organisation=job.organisation_id):
        if not last and _try_again(job, said):
            return
        held = _settle(job, state=JobState.FAILED, stage="failed", error=said)
        if held and last and job.kind in GIVE_UP:
            GIVE_UP[job.kind](job)


def _try_again(job: Job, said: str) -> bool:
    """Let the job wait for another attempt; not where a later promise waits, which does its work."""
    pause = timedelta(seconds=min(300, 2**job.attempts))
    try:
        with transaction.atomic():
            _settle(
                job,
                state=JobState.QUEUED,
                stage="queued",
                error=said,
                published_at=None,
                run_after=clock.now() + pause,
            )
    except IntegrityError:
        return False
    return True


def _bury() -> None:
    """Fail the jobs whose worker died at the last attempt."""
    with tenancy.acting_as(scope="jobs"):
        dead = list(
            Job.objects.filter(
                state=JobState.RUNNING, lease_until__lt=clock.now(), attempts__gte=F("max_attempts")
            )
        )
    for job in dead:
        _fail(job, RuntimeError("the worker died at the last attempt"))


def sweep(limit: int = 500) -> int:
    """Ring again for jobs due: never published, published long ago, or with a lapsed lease."""
    _bury()
    now = clock.now()
    unheard = Q(published_at=None) | Q(published_at__lt=now - settings.JOB_STALE)
    due = Q(state=JobState.QUEUED, run_after__lte=now) & unheard | Q(
        state=JobState.RUNNING, lease_until__lt=now
    )
    with tenancy.acting_as(scope="jobs"):
        waiting = list(
            Job.objects.filter(due).order_by("run_after").values_list("pk", "queue")[:limit]
        )
    rung = [job_id for job_id, queue in waiting if _ring(job_id, queue)]
    _mark(rung, published_at=now)
    return len(rung)
