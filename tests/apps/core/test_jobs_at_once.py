"""Promises and runs of the same work at once: none is lost in a job that has read its rows already."""

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from apps.core import clock, jobs, tenancy
from apps.core.models import Job, JobState
from tests.conftest import People, acting_for, make_buyer

KIND = "tests.at_once"
NOT_LONG = "SET LOCAL lock_timeout = '300ms'"


@pytest.fixture
def buyer(committed) -> People:
    return make_buyer()


@pytest.fixture
def runs(monkeypatch) -> list[str]:
    done: list[str] = []

    def handle(job):
        return lambda: done.append(str(job.pk))

    monkeypatch.setitem(jobs.HANDLERS, KIND, handle)
    monkeypatch.setitem(jobs.GIVE_UP, KIND, lambda _job: done.append("given up"))
    return done


def promise(buyer: People, subject: uuid.UUID) -> Job:
    with acting_for(buyer.lead) as lead:
        return jobs.enqueue(kind=KIND, subject_id=subject, actor=lead)


def state_of(job: Job) -> str:
    with tenancy.acting_as(scope="jobs"):
        return Job.objects.get(pk=job.pk).state


@contextmanager
def elsewhere(act) -> Iterator[None]:
    """Run `act` in a transaction on another connection, and hold it open for the block."""
    begun, end, failed = threading.Event(), threading.Event(), []

    def hold() -> None:
        try:
            act(lambda: (begun.set(), end.wait(20)))
        except Exception as error:  # noqa: BLE001 -- told to the test below
            failed.append(error)
            begun.set()
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert begun.wait(20)
        yield
    finally:
        end.set()
        thread.join(20)
    assert failed == []


def test_a_promise_beside_a_running_job_is_a_job_of_its_own(buyer, runs):
    subject = uuid.uuid4()
    first = promise(buyer, subject)
    held = jobs._claim(first.pk)  # it may have read its rows from here on
    second = promise(buyer, subject)
    assert second.pk != first.pk
    assert promise(buyer, subject).pk == second.pk, "and one that waits is joined"
    assert jobs.run(second.pk) == "skipped", "the two do not run beside each other"
    with acting_for(buyer.lead):
        jobs._settle(held, state=JobState.DONE)
    with tenancy.acting_as(scope="jobs"):
        assert Job.objects.get(pk=second.pk).published_at is None, "the sweeper rings again at once"
    assert jobs.run(second.pk) == "done"
    assert runs == [str(second.pk)]


def claim_without_waiting(job: Job) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(NOT_LONG)
        jobs._claim(job.pk)


def test_a_waiting_job_is_not_claimed_before_who_joined_it_has_committed(buyer, runs):
    """Its handler would read rows that are not committed, and end with the promise."""
    subject = uuid.uuid4()
    job = promise(buyer, subject)

    def join(until_told):
        with acting_for(buyer.lead) as lead:
            assert jobs.enqueue(kind=KIND, subject_id=subject, actor=lead).pk == job.pk
            until_told()

    with elsewhere(join), pytest.raises(OperationalError, match="lock timeout"):
        claim_without_waiting(job)
    assert jobs.run(job.pk) == "done"


def test_who_promises_does_not_wait_for_a_job_that_is_ending(buyer, runs):
    """The job's end may wait for a row that the promise's transaction holds: a submitted bid's."""
    subject = uuid.uuid4()
    first = promise(buyer, subject)
    held = jobs._claim(first.pk)

    def settle(until_told):
        with acting_for(buyer.lead):
            assert jobs._settle(held, state=JobState.DONE)
            until_told()

    with elsewhere(settle), acting_for(buyer.lead) as lead, connection.cursor() as cursor:
        cursor.execute(NOT_LONG)
        second = jobs.enqueue(kind=KIND, subject_id=subject, actor=lead)
    assert (state_of(first), state_of(second)) == (JobState.DONE, JobState.QUEUED)


def test_a_failure_leaves_the_work_to_the_promise_that_waits(buyer, runs, monkeypatch):
    subject = uuid.uuid4()
    first = promise(buyer, subject)

    def fail(_job):
        promise(buyer, subject)
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setitem(jobs.HANDLERS, KIND, fail)
        assert jobs.run(first.pk) == "failed"
    assert state_of(first) == JobState.FAILED
    assert jobs.run(promise(buyer, subject).pk) == "done"
    assert "given up" not in runs


def test_a_promise_for_now_does_not_wait_with_one_for_later(buyer, runs):
    subject, later = uuid.uuid4(), clock.now() + dt.timedelta(days=1)
    with acting_for(buyer.lead) as lead:
        job = jobs.enqueue(kind=KIND, subject_id=subject, actor=lead, not_before=later)
    assert jobs.run(job.pk) == "skipped"
    assert promise(buyer, subject).pk == job.pk
    assert jobs.run(job.pk) == "done"
