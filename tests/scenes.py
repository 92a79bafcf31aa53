"""Scenes: states that many tests begin from, each built once per process in a database of its own.

A test that names a scene's fixture runs in a transaction of that scene's database, which is rolled
back as every test's is: what it changes, the next one does not see.
"""

import copy
import datetime as dt
import inspect
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from apps.core import clock
from tests.plugin import TEMPLATE, cluster

Clock = Callable[[dt.datetime], None]
Build = Callable[[Clock], Any]


@dataclass(frozen=True)
class Scene:
    """A built state: what its builder returned, where it is, how far its clocks are ahead."""

    made: Any
    database: str
    shift: dt.timedelta


@dataclass(frozen=True)
class Name:
    """A scene's fixture, known to the tests beside and below the conftest that holds it."""

    folder: Path
    fixture: str


SCENES: dict[Name, Build] = {}
_built: dict[Name, Scene] = {}


def scene(build: Build) -> Any:
    """Turn a builder into a fixture: a test that asks for it begins in what it made.

    The builder gets a function that moves the clocks; what it returns has the `buyer`.
    """
    folder = Path(inspect.getfile(build)).parent
    SCENES[Name(folder, build.__name__)] = build

    @pytest.fixture(name=build.__name__)
    def begin(place: Any, db: None) -> Any:
        return place

    return begin


def clone_database(name: str, template: str = TEMPLATE) -> None:
    """Make a database from the migrated template and point this process at it."""
    connections.close_all()
    cluster().sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    cluster().sql(f"CREATE DATABASE {name} TEMPLATE {template} OWNER cceval_owner")
    point_at(name)


def point_at(name: str) -> None:
    connections.close_all()
    for alias in connections:
        connections.settings[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def move_clock(patch: pytest.MonkeyPatch, moment: dt.datetime) -> dt.timedelta:
    """Move both clocks: SQL `cceval_now()` and `core.clock.now()`; they keep running."""
    shift = moment - dt.datetime.now(dt.UTC)
    patch.setattr(clock, "now", lambda: dt.datetime.now(dt.UTC) + shift)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cceval_test_clock SET shift = %s", [shift])
    return shift


def asked_for(fixtures: Collection[str], path: Path) -> list[Name]:
    """Return the scenes among a test's fixtures."""
    return [n for n in SCENES if n.fixture in fixtures and n.folder in path.parents]


def find(name: Name) -> Scene:
    """Return a scene, built when this process has not got it yet."""
    if name not in _built:
        before = connection.settings_dict["NAME"]
        database = f"test_{name.folder.name}_{name.fixture}_{os.getpid()}"
        clone_database(database)
        shifts = [dt.timedelta()]
        with pytest.MonkeyPatch.context() as patch:
            made = SCENES[name](lambda moment: shifts.append(move_clock(patch, moment)))
        _built[name] = Scene(made, database, shifts[-1])
        point_at(before)
    return _built[name]


@contextmanager
def entered(found: Scene, patch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Point this process at a scene's database, with its clocks; yield a copy of what was made."""
    before = connection.settings_dict["NAME"]
    point_at(found.database)
    patch.setattr(clock, "now", lambda: dt.datetime.now(dt.UTC) + found.shift)
    yield copy.deepcopy(found.made)
    point_at(before)


def forget() -> None:
    """Drop the databases of this process's scenes."""
    connections.close_all()
    for found in _built.values():
        cluster().sql(f"DROP DATABASE IF EXISTS {found.database} WITH (FORCE)")
    _built.clear()
