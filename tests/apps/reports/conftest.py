"""One decided procurement with both reports in a database of its own, built once.

Each test runs on it in a transaction that is undone; a test that needs committed rows gets a copy.
"""

import datetime as dt
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from apps.core import clock
from apps.core.tasks import load_handlers
from apps.reports.services import signing_keys
from tests.conftest import counter, make_buyer
from tests.factories.reports import Decided, decided, pdf_of, produced
from tests.plugin import cluster
from tests.scenes import clone_database, move_clock, point_at

# WeasyPrint 70 leaves its colour profile for the interpreter to close.
LEFT_OPEN = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(LEFT_OPEN)


@dataclass(frozen=True)
class Built:
    name: str
    case: Decided


def prepare_keys() -> None:
    """Make the keys of the run once, whichever process comes first."""
    folder = Path(settings.SIGNING_DIR)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (
        (folder.parent / "signing.lock").open("w") as lock,
        pytest.MonkeyPatch.context() as patch,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Whoever comes first may have moved its clock; the keys are for everybody.
        patch.setattr(clock, "now", lambda: dt.datetime.now(dt.UTC))
        signing_keys.prepare(folder=folder, organisation="Tests")


@pytest.fixture(scope="session")
def built(django_db_setup, django_db_blocker) -> Iterator[Built]:
    """A database with one decided procurement and both its reports, really committed."""
    before = connection.settings_dict["NAME"]
    name = f"test_reports_{os.getpid()}"
    with django_db_blocker.unblock():
        clone_database(name)
        prepare_keys()
        with pytest.MonkeyPatch.context() as patch:
            case = decided(make_buyer(), lambda moment: move_clock(patch, moment))
            move_clock(patch, dt.datetime.now(dt.UTC))
        load_handlers()
        case.scorecard = produced(case, "scorecard")
        case.decision_report = produced(case, "decision_report")
        point_at(before)
    yield Built(name, case)
    with django_db_blocker.unblock():
        cluster().sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def own_cache(settings) -> None:
    """Counters and remembered answers of this test alone."""
    mark = f"{os.getpid()}-{next(counter)}"
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": mark}}


@pytest.fixture
def here(built: Built, own_cache: None) -> Iterator[None]:
    """Point this process at the case's database; comes before `db` opens its transaction."""
    before = connection.settings_dict["NAME"]
    point_at(built.name)
    load_handlers()
    yield
    point_at(before)


@pytest.fixture
def case(built: Built, here: None, db: None) -> Decided:
    return built.case


@pytest.fixture
def committed_case(built: Built, own_cache: None, django_db_blocker) -> Iterator[Decided]:
    """The same in a copy whose changes are really committed: for crashes and second connections."""
    before = connection.settings_dict["NAME"]
    name = f"{built.name}_copy"
    with django_db_blocker.unblock():
        connections.close_all()
        cluster().sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cluster().sql(f"CREATE DATABASE {name} TEMPLATE {built.name} OWNER cceval_owner")
        point_at(name)
        load_handlers()
        yield built.case
        point_at(before)
        cluster().sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def stranger() -> Client:
    """Somebody who is not signed in."""
    return Client()


@pytest.fixture
def pdf(case: Decided) -> bytes:
    """The signed decision report."""
    return pdf_of(case.decision_report)
