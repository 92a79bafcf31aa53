"""The demo's organisations and people: invited, joined, with a second factor each."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings

from apps.core import tenancy
from apps.workspace.models import Membership, Organisation, User
from apps.workspace.services import people
from apps.workspace.states import MemberRole

ROLES = {
    "lead": "procurement lead", "evaluator": "evaluator", "moderator": "moderator",
    "opener": "opener", "approver": "approver", "executive": "executive", "auditor": "auditor",
}  # fmt: skip


def organisation_of(user: User) -> Organisation:
    with tenancy.acting_as(person=user.pk, scope="sign-in"):
        return Membership.objects.select_related("organisation").get(user=user).organisation


@contextmanager
def acting(user: User) -> Iterator[User]:
    """Act as a person would through a page: in their organisation, in one transaction."""
    with tenancy.acting_as(person=user.pk, organisation=organisation_of(user).pk):
        yield User.objects.get(pk=user.pk)


class Cast:
    """The people of the demo by their key, and the sign-ins that are printed at the end."""

    def __init__(self) -> None:
        self.password = secrets.token_urlsafe(12)
        self.by_key: dict[str, User] = {}
        self.sign_ins: list[dict[str, str]] = []
        # Of a demonstration alone: reference of the tender → opener → kind of envelope → code.
        self.codes: dict[str, dict[str, dict[str, str]]] = {}

    def __getitem__(self, key: str) -> User:
        return self.by_key[key]

    def add(
        self, key: str, user: User, given: Mapping[str, Any], role: str, *, factor: bool
    ) -> None:
        """Give a person a password and, on the buyer's side, an authenticator with its secret."""
        user.set_password(self.password)
        user.job_title = given["job"]
        user.save()
        sign_in = {"email": user.email, "name": user.name, "role": role, "password": self.password}
        if factor:
            secret = generate_totp_secret()
            TOTP.activate(user, secret)
            RecoveryCodes.activate(user)
            sign_in["totp"] = secret
        self.by_key[key] = user
        self.sign_ins.append(sign_in)

    def keep_codes(self, reference: str, holder: str, codes: Mapping[str, str]) -> None:
        """Keep an opener's codes in the open, as nobody would outside of a demonstration."""
        self.codes.setdefault(reference, {})[holder] = dict(codes)

    def write(self, path: Path) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump({"people": self.sign_ins, "codes": self.codes}, file, indent=1)


def found_buyer(cast: Cast, case: Mapping[str, Any]) -> None:
    """Found the buyer with its lead; the lead invites the colleagues, who join."""
    first, *others = case["people"]
    lead = people.create_buyer(
        name=case["buyer"]["name"],
        owner_email=first["email"],
        owner_name=first["name"],
        password=None,
    )
    cast.add(first["key"], lead, first, ROLES[first["roles"][0]], factor=True)
    for given in others:
        with acting(lead) as actor:
            token = people.invite_buyer_colleague(
                procurement_organisation=organisation_of(lead).pk,
                email=given["email"],
                name=given["name"],
                actor=actor,
            )
        user = people.accept(token=token, name=given["name"])
        role = ", ".join(ROLES[role] for role in given["roles"])
        cast.add(given["key"], user, given, role, factor=True)


def role_of(given: Mapping[str, Any]) -> MemberRole:
    return MemberRole(given["role"])


def sign_ins_path() -> Path:
    return Path(settings.ENV.data_dir) / "demo.json"
