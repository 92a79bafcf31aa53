"""Databases, people and clients. Everything runs as the application login under row-level security."""

import datetime as dt
import itertools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, connections
from django.test import Client
from hypothesis import HealthCheck, settings

from apps.core import clock, tenancy
from apps.workspace.models import Membership, Organisation, PanelMember, Procurement, User
from apps.workspace.rules import forget_roles
from apps.workspace.states import Interest, MemberRole, Role, Side
from tests import scenes
from tests.plugin import cluster
from tests.scenes import clone_database, point_at

counter = itertools.count(1)
PASSWORD = "a long test password"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


# How long drawing an example takes, which another program may hold up, is no finding.
settings.register_profile("steady", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """Clone the template for this process instead of migrating again."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        clone_database(name)
    yield
    with django_db_blocker.unblock():
        scenes.forget()
        connections.close_all()
        cluster().sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def committed(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database of the test's own whose rows are really committed; its name."""
    before = connection.settings_dict["NAME"]
    name = f"test_c{os.getpid()}_{next(counter)}"
    with django_db_blocker.unblock():
        clone_database(name)
        yield name
        point_at(before)
        cluster().sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@dataclass
class People:
    """An organisation and its people by role."""

    organisation: Organisation
    lead: User | None = None
    evaluator: User | None = None
    evaluator2: User | None = None
    moderator: User | None = None
    opener: User | None = None
    opener2: User | None = None
    approver: User | None = None
    executive: User | None = None
    auditor: User | None = None
    owner: User | None = None
    respondent: User | None = None
    procurement: Procurement | None = None


def make_user(name: str, *, second_factor: bool = False) -> User:
    number = next(counter)
    user = User.objects.create_user(
        email=f"{name.split(maxsplit=1)[0].lower()}{number}@people.example",
        name=name,
        password=PASSWORD,
    )
    user.second_factor_required = second_factor
    user.save()
    if second_factor:
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": TOTP_SECRET}
        )
    return user


def make_organisation(
    side: Side, name: str, invited_by: Organisation | None = None
) -> Organisation:
    organisation = Organisation(name=name, side=side, invited_by=invited_by)
    acting = invited_by.pk if invited_by else organisation.pk
    with tenancy.acting_as(organisation=acting):
        organisation.save(force_insert=True)
    return organisation


def add_member(organisation: Organisation, user: User, role: MemberRole) -> User:
    with tenancy.acting_as(organisation=organisation.pk):
        Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


BUYERS = {
    "lead": ("Ines Kovac", Role.LEAD),
    "evaluator": ("Aisha Rahman", Role.EVALUATOR),
    "evaluator2": ("Jonas Berg", Role.EVALUATOR),
    "moderator": ("Sofia Marin", Role.MODERATOR),
    "opener": ("Tova Lindqvist", Role.OPENER),
    "opener2": ("Wren Oyelaran", Role.OPENER),
    "approver": ("Paul Adeyemi", Role.APPROVER),
    "executive": ("Ruth Calder", Role.EXECUTIVE),
    "auditor": ("Noor Haddad", Role.AUDITOR),
}


def make_buyer(name: str = "Weir Valley Homes") -> People:
    """A buyer with one procurement and one person in each role, interests declared."""
    people = People(make_organisation(Side.BUYER, name))
    for key, (full_name, _role) in BUYERS.items():
        user = make_user(full_name, second_factor=True)
        setattr(people, key, add_member(people.organisation, user, MemberRole.MEMBER))
    with tenancy.acting_as(organisation=people.organisation.pk):
        people.procurement = Procurement.objects.create(
            organisation=people.organisation,
            reference=f"CC-{next(counter)}",
            title="Out of hours call centre support",
            currency="GBP",
            owner=people.lead,
        )
        for key, (_name, role) in BUYERS.items():
            seat(people, getattr(people, key), role)
    return people


def seat(buyer: People, person: User, role: Role) -> PanelMember:
    """Give a person a role on the panel, with everything declared; inside `acting_for`."""
    forget_roles(person)
    return PanelMember.objects.create(
        organisation=buyer.organisation,
        procurement=buyer.procurement,
        user=person,
        role=role,
        interest=Interest.NONE,
        declared_at=clock.now(),
    )


def make_vendor(name: str, invited_by: Organisation) -> People:
    people = People(make_organisation(Side.VENDOR, name, invited_by))
    people.owner = add_member(people.organisation, make_user(f"{name} Owner"), MemberRole.OWNER)
    people.respondent = add_member(
        people.organisation, make_user(f"{name} Respondent"), MemberRole.RESPONDENT
    )
    return people


@pytest.fixture
def place(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    django_db_setup,
    django_db_blocker,
) -> Iterator[Any]:
    """What the scene made that this test begins in; None when it begins with an empty database."""
    asked = scenes.asked_for(request.fixturenames, request.path)
    if not asked:
        yield None
        return
    assert len(asked) == 1, f"A test begins in one scene: {asked}"
    with django_db_blocker.unblock():
        found = scenes.find(asked[0])
    with scenes.entered(found, monkeypatch) as made:
        yield made


@pytest.fixture
def db(place: Any, db: None) -> None:
    """The test's transaction, opened in the database of its scene."""


@pytest.fixture
def buyer(place: Any, db: None) -> People:
    return place.buyer if place else make_buyer()


@pytest.fixture
def other_buyer(db) -> People:
    """Another tenant, in which nothing of `buyer` may ever show."""
    return make_buyer("Harbour Mutual")


@pytest.fixture
def procurement(buyer: People) -> Procurement:
    assert buyer.procurement
    return buyer.procurement


@pytest.fixture
def vendor_a(buyer: People) -> People:
    return make_vendor("Velora Connect", buyer.organisation)


@pytest.fixture
def vendor_b(buyer: People) -> People:
    return make_vendor("Castellan CX", buyer.organisation)


def organisation_of(user: User) -> Organisation:
    with tenancy.acting_as(person=user.pk, scope="sign-in"):
        return (
            Membership.objects.select_related("organisation")
            .get(user=user, active=True)
            .organisation
        )


@contextmanager
def acting_for(user: User) -> Iterator[User]:
    """Act as a person in their organisation, as a request would."""
    with tenancy.acting_as(person=user.pk, organisation=organisation_of(user).pk):
        yield user


@pytest.fixture
def acting(db) -> Callable[[User], Iterator[User]]:
    return acting_for


def sign_in(user: User) -> Client:
    """A client as after signing in with a second factor just now."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": user.email},
        {"method": "mfa", "type": "totp", "at": time.time()},
    ]
    session.save()
    return client


@pytest.fixture
def client_for(db) -> Callable[[User], Client]:
    return sign_in


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch, db) -> Callable[[dt.datetime], None]:
    """Move both clocks: SQL `cceval_now()` and `core.clock.now()`; they keep running."""

    return lambda moment: scenes.move_clock(monkeypatch, moment)
