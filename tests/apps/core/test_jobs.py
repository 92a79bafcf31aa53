"""The jobs table is the truth: leases, fences, retries, burial."""

import datetime as dt
import uuid

import pytest

from apps.core import clock, jobs, tenancy
from apps.core.models import Job, JobState
from tests.conftest import acting_for

KIND = "tests.work"


@pytest.fixture
def work(monkeypatch):
    """Register a handler that records its runs and may fail."""
    done: list[str] = []
    trouble: list[Exception] = []

    def handle(job):
        if trouble:
            raise trouble[0]
        done.append(f"prepared {job.stage}")
        return lambda: done.append("committed")

    monkeypatch.setitem(jobs.HANDLERS, KIND, handle)
    monkeypatch.setitem(jobs.GIVE_UP, KIND, lambda _job: done.append("given up"))
    return done, trouble


def promise(user) -> Job:
    with acting_for(user):
        return jobs.enqueue(kind=KIND, subject_id=uuid.uuid4(), actor=user)


def look(job: Job) -> Job:
    with tenancy.acting_as(scope="jobs"):
        return Job.objects.get(pk=job.pk)


def test_a_job_runs_once_and_is_done(buyer, work):
    job = promise(buyer.lead)
    assert jobs.run(job.pk) == "done"
    assert jobs.run(job.pk) == "skipped"
    assert work[0] == ["prepared queued", "committed"]
    assert look(job).state == JobState.DONE


def test_one_open_job_per_subject(buyer, work):
    with acting_for(buyer.lead):
        subject = uuid.uuid4()
        first = jobs.enqueue(kind=KIND, subject_id=subject, actor=buyer.lead)
        second = jobs.enqueue(kind=KIND, subject_id=subject, actor=buyer.lead)
    assert first.pk == second.pk


def test_a_failure_is_tried_again_later_then_given_up(buyer, work, set_clock):
    job = promise(buyer.lead)
    work[1].append(RuntimeError("the printer is on fire"))
    start = clock.now()
    for attempt in range(1, job.max_attempts + 1):
        set_clock(start + dt.timedelta(hours=attempt))
        assert jobs.run(job.pk) == "failed"
        expected = JobState.FAILED if attempt == job.max_attempts else JobState.QUEUED
        assert look(job).state == expected
    assert work[0] == ["given up"]
    assert "the printer is on fire" in look(job).error


def test_a_job_whose_worker_died_is_taken_up_again_and_the_dead_one_cannot_settle(
    buyer, work, set_clock
):
    job = promise(buyer.lead)
    dead = jobs._claim(job.pk)
    assert jobs.run(job.pk) == "skipped"
    set_clock(clock.now() + dt.timedelta(minutes=5))
    assert jobs.run(job.pk) == "done"
    with acting_for(buyer.lead):
        assert jobs._settle(dead, state=JobState.FAILED) is False
    assert look(job).state == JobState.DONE


def test_a_worker_that_dies_at_every_attempt_ends_in_a_visible_failure(buyer, work, set_clock):
    job = promise(buyer.lead)
    start = clock.now()
    for attempt in range(job.max_attempts):
        set_clock(start + dt.timedelta(hours=attempt))
        assert jobs._claim(job.pk) is not None
    set_clock(start + dt.timedelta(days=1))
    assert jobs._claim(job.pk) is None
    jobs.sweep()
    assert look(job).state == JobState.FAILED
    assert work[0] == ["given up"]


def test_a_tenant_sees_only_its_own_jobs(buyer, other_buyer, work):
    promise(buyer.lead)
    with acting_for(other_buyer.lead):
        assert not Job.objects.exists()
