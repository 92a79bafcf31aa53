"""Signing in: by password or mailed code, then a second factor where the role asks for it."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail as outbox
from django.test import Client

from apps.core import tenancy
from apps.core.errors import NotFound
from apps.workspace.models import Membership, User
from apps.workspace.services import people
from apps.workspace.states import MemberRole
from tests.conftest import PASSWORD, TOTP_SECRET, acting_for, make_user

LOGIN = "/accounts/login/"


def code_now() -> str:
    return format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))


def test_a_buyer_signs_in_with_password_and_code(buyer):
    client = Client()
    answer = client.post(LOGIN, {"login": buyer.lead.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/").status_code == 302  # not in yet
    assert client.post(answer["Location"], {"code": code_now()}).status_code == 302
    assert client.get("/").status_code == 200


def test_a_wrong_code_does_not_let_in(buyer):
    client = Client()
    answer = client.post(LOGIN, {"login": buyer.lead.email, "password": PASSWORD})
    wrong = client.post(answer["Location"], {"code": "000000"})
    assert wrong.status_code == 200
    assert b"There is a problem" in wrong.content
    assert client.get("/").status_code == 302


def test_a_vendor_signs_in_with_a_mailed_code(vendor_a):
    client = Client()
    client.post("/accounts/login/code/", {"email": vendor_a.owner.email})
    text = outbox.outbox[-1].body
    code = next(
        word
        for word in text.split()
        if len(word) >= 6 and word.replace("-", "").isalnum() and word.upper() == word
    )
    assert client.post("/accounts/login/code/confirm/", {"code": code}).status_code == 302
    assert client.get("/account/").status_code == 200


def test_a_buyer_without_a_second_factor_is_led_to_set_one_up(buyer):
    user = make_user("New Colleague")
    user.second_factor_required = True
    user.save()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/account/")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/2fa/totp/activate/"


def test_nobody_registers_without_an_invitation(db):
    answer = Client().post("/accounts/signup/", {"email": "stranger@people.example"})
    assert not User.objects.filter(email="stranger@people.example").exists()
    assert answer.status_code == 200


def test_an_invitation_is_shown_by_get_and_used_once_by_post(buyer):
    with acting_for(buyer.lead):
        token = people.invite(
            organisation=buyer.organisation,
            email="New@weirvalley.example",
            name="Nina New",
            role=MemberRole.MEMBER,
            actor=buyer.lead,
        )
    client = Client()
    page = client.get(f"/join/{token}/")
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "same-origin"
    assert not User.objects.filter(email="new@weirvalley.example").exists()
    assert client.post(f"/join/{token}/", {"name": "Nina New"}).status_code == 302
    assert User.objects.get(email="new@weirvalley.example").second_factor_required
    assert Client().post(f"/join/{token}/", {"name": "Eve"}).status_code == 404
    assert Client().get("/join/wrong-token/").status_code == 404


def test_a_removed_member_is_out_with_the_next_request(buyer, client_for):
    client = client_for(buyer.lead)
    path = f"/p/{buyer.procurement.pk}/"
    assert client.get(path).status_code == 200
    with tenancy.acting_as(organisation=buyer.organisation.pk):
        Membership.objects.filter(user=buyer.lead).update(active=False)
    assert client.get(path).status_code == 404


def test_a_token_of_another_purpose_is_not_accepted(db):
    with pytest.raises(NotFound):
        people.invitation_by("x" * 43)


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "confirm-email/some-key/"])
def test_nobody_adds_an_address_to_an_account(buyer, client_for, path):
    client = client_for(buyer.lead)
    given = {"action_add": "", "email": "somebody.else@velora.example"}
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}", given).status_code == 404
    assert not EmailAddress.objects.filter(email=given["email"]).exists()
