"""A log of 40 committed events, and a superuser's way to it."""

import psycopg
import pytest

from apps.core import audit, ledger, tenancy
from apps.workspace.models import Organisation
from apps.workspace.states import Side
from tests.apps.core.forging import ENTRIES, KEPT, SUBMITTED, keep
from tests.plugin import cluster


@pytest.fixture
def log(committed, log_key):
    """A log of 40 events with checkpoints at 10, 20, 30 and 40, all committed; its organisation."""
    organisation = Organisation(name="Weir Valley Homes", side=Side.BUYER)
    with tenancy.acting_as(organisation=organisation.pk):
        organisation.save(force_insert=True)
    for start in range(0, ENTRIES, 10):
        with tenancy.acting_as(organisation=organisation.pk):
            for number in range(start, start + 10):
                payload = {"number": number, **SUBMITTED}
                audit.record(action="test", actor=None, subject=organisation, payload=payload)
        with tenancy.acting_as(organisation=organisation.pk):
            ledger.checkpoint()
    return organisation.pk


@pytest.fixture
def as_postgres(committed):
    """The superuser's own connection."""
    folder = str(cluster().folder)
    with psycopg.connect(host=folder, user="postgres", dbname=committed, autocommit=True) as open_:
        yield open_


@pytest.fixture
def superuser(log, as_postgres):
    """The same with every trigger of the log switched off, and the rows kept to be put back."""
    for table in KEPT:
        as_postgres.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    as_postgres.execute("ALTER TABLE core_lognode DROP CONSTRAINT one_node_per_place")
    as_postgres.execute("ALTER TABLE core_auditevent DROP CONSTRAINT one_event_per_leaf")
    keep(as_postgres)
    return as_postgres
