"""Both declarations, of everybody on a panel: interests and confidentiality, kept as they were made."""

import json
from hashlib import sha256

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.core.access import can
from apps.core.errors import Incomplete, WrongState
from apps.core.models import AuditEvent
from apps.workspace.models import Declaration, PanelMember, Procurement
from apps.workspace.rules import forget_roles
from apps.workspace.services import panel
from apps.workspace.states import Interest, Phase, Role
from apps.workspace.types import CONFIDENTIALITY
from tests.conftest import acting_for, sign_in

pytestmark = pytest.mark.django_db
AGREED = {"conflict": "no", "note": "", "confidential": "on"}
EVERYBODY = ("lead", "evaluator", "moderator", "opener", "approver", "executive", "auditor")


def undeclare(person):
    with acting_for(person):
        PanelMember.objects.filter(user=person).update(
            interest=Interest.UNDECLARED, declared_at=None
        )
    forget_roles(person)


def reads(person, procurement):
    with acting_for(person):
        return can(person, "bids.read_answers", procurement)


def declare(person, procurement, **given):
    with acting_for(person):
        case = Procurement.objects.get(pk=procurement.pk)
        made = {"conflict": False, "note": "", "confidential": True} | given
        return panel.declare(procurement=case, actor=person, **made)


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_role_is_asked_and_reads_bids_only_afterwards(buyer, procurement, role):
    person = getattr(buyer, role)
    undeclare(person)
    assert not reads(person, procurement)
    client = sign_in(person)
    front = reverse("workspace:procurement", args=[procurement.pk])
    shown = client.get(front).content.decode()
    assert "Declare your interests first" in shown
    assert str(CONFIDENTIALITY) in shown
    given = client.post(reverse("workspace:declare", args=[procurement.pk]), AGREED)
    assert given.status_code == 302
    assert "Declare your interests first" not in client.get(front).content.decode()
    forget_roles(person)
    assert reads(person, procurement)


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_declares_a_conflict_reads_no_bid_in_any_role(buyer, procurement, role):
    person = getattr(buyer, role)
    declare(person, procurement, conflict=True, note="I own shares.")
    assert not reads(person, procurement)


def test_without_confidentiality_nothing_is_declared(buyer, procurement):
    undeclare(buyer.evaluator)
    address = reverse("workspace:declare", args=[procurement.pk])
    refused = sign_in(buyer.evaluator).post(address, {"conflict": "no", "note": ""})
    assert refused.status_code == 422
    assert "Agree to confidentiality." in refused.content.decode()
    with acting_for(buyer.evaluator):
        member = PanelMember.objects.get(user=buyer.evaluator)
        assert (member.interest, member.declared_at) == (Interest.UNDECLARED, None)
        assert not Declaration.objects.exists()


def test_a_note_has_a_limit(buyer, procurement):
    with pytest.raises(Incomplete, match="Shorten it to 500 characters"):
        declare(buyer.evaluator, procurement, conflict=True, note="x" * 501)


def test_the_words_are_kept_with_who_agreed_and_when(buyer, procurement):
    made = declare(buyer.approver, procurement)
    with acting_for(buyer.auditor):
        [held] = Declaration.objects.all()
        event = AuditEvent.objects.get(action="panel.declare")
    assert (held.user_id, held.interest) == (buyer.approver.pk, Interest.NONE)
    assert held.confidentiality == str(CONFIDENTIALITY)
    assert held.created_at == made.created_at
    told = json.loads(event.payload)["details"]
    assert told == {
        "interest": "none",
        "confidentiality": sha256(held.confidentiality.encode()).hexdigest(),
    }


def test_a_declaration_is_append_only_in_the_database(buyer, procurement):
    declare(buyer.lead, procurement)
    with acting_for(buyer.lead):
        for change in (
            lambda: Declaration.objects.update(note="x"),
            lambda: Declaration.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_no_other_organisation_reads_it(buyer, other_buyer, procurement):
    declare(buyer.lead, procurement)
    with acting_for(other_buyer.lead):
        assert not Declaration.objects.exists()


@pytest.mark.parametrize("conflict", [False, True])
def test_what_was_declared_holds_in_a_role_given_later(buyer, procurement, conflict):
    declare(buyer.executive, procurement, conflict=conflict, note="A cousin." if conflict else "")
    with acting_for(buyer.lead) as lead:
        panel.appoint(
            procurement=procurement, user=buyer.executive, role=Role.MODERATOR, actor=lead
        )
    forget_roles(buyer.executive)
    assert reads(buyer.executive, procurement) is not conflict


def test_who_joins_after_the_decision_declares_once(buyer, procurement):
    undeclare(buyer.auditor)
    with acting_for(buyer.lead):
        Procurement.objects.filter(pk=procurement.pk).update(phase=Phase.DECIDED)
    declare(buyer.auditor, procurement)
    assert reads(buyer.auditor, procurement)
    with pytest.raises(WrongState, match="declarations are closed"):
        declare(buyer.auditor, procurement, conflict=True, note="Late.")


def test_by_api_the_words_come_back(buyer, procurement, other_buyer):
    undeclare(buyer.moderator)
    address = reverse("api-declaration", args=[procurement.pk])
    client = sign_in(buyer.moderator)
    wish = {"conflict": False, "confidential": False}
    refused = client.post(address, wish, content_type="application/json")
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["confidential"])
    made = client.post(address, wish | {"confidential": True}, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["confidentiality"] == str(CONFIDENTIALITY)
    stranger = sign_in(other_buyer.lead)
    assert stranger.post(address, wish, content_type="application/json").status_code == 404
