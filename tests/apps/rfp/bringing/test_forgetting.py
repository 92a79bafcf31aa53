"""A file that nobody comes back to is forgotten after a day."""

import datetime as dt

import pytest

from apps.core import clock, jobs, tenancy
from apps.core.models import Job
from apps.core.tasks import load_handlers
from apps.rfp.services.uploads import FORGET, LIFETIME
from tests.apps.rfp.bringing.conftest import FOREIGN


@pytest.fixture
def promised(drafting) -> Job:
    drafting.bring("theirs.xlsx", FOREIGN)
    load_handlers()
    with tenancy.acting_as(scope="jobs"):
        return Job.objects.get(kind=FORGET)


def test_a_file_is_forgotten_when_its_day_is_over(drafting, promised, set_clock):
    assert jobs.run(promised.pk) == "skipped"
    assert drafting.uploads() == 1
    set_clock(clock.now() + LIFETIME + dt.timedelta(minutes=1))
    assert jobs.run(promised.pk) == "done"
    assert drafting.uploads() == 0


def test_a_file_that_was_imported_needs_no_forgetting(drafting, promised, set_clock):
    drafting.take_in()
    set_clock(clock.now() + LIFETIME + dt.timedelta(minutes=1))
    assert jobs.run(promised.pk) == "done"
