"""A later deadline: one person asks, another confirms; nothing moves before, whoever tries."""

import datetime as dt
import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.core import clock
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent, Mail
from apps.rfp.models import Extension, Round
from apps.rfp.services import extending
from apps.rfp.states import EnvelopeKind, ExtensionState
from apps.workspace.models import PanelMember
from tests.conftest import acting_for, sign_in
from tests.factories import sealing

DAY = dt.timedelta(days=1)
CONFIRMED_ALONE = (
    "UPDATE rfp_extension SET state = 'confirmed', decided_by_id = requested_by_id,"
    " decided_at = now() WHERE id = %s"
)


@pytest.fixture
def asked(published, lead):
    return extending.ask(
        rfp=published,
        closes_at=published.round.closes_at + 7 * DAY,
        reason="Two sites were added.",
        actor=lead,
    )


def closes(rfp) -> dt.datetime:
    return Round.objects.get(rfp=rfp).closes_at


def test_nothing_moves_until_a_second_person_confirms(published, asked, buyer):
    before = published.round.closes_at
    assert closes(published) == before
    assert not Mail.objects.filter(event__startswith="extended:").exists()
    with acting_for(buyer.opener) as opener:
        held = extending.confirm(extension=asked, actor=opener)
    assert held.closes_at == closes(published) == before + 7 * DAY
    event = AuditEvent.objects.get(action="rfp.extend")
    assert json.loads(event.payload)["details"] == {
        "from": before.isoformat(),
        "to": asked.closes_at.isoformat(),
        "reason": "Two sites were added.",
        "asked_by": str(buyer.lead.pk),
    }
    message = Mail.objects.filter(event__startswith="extended:").first()
    assert "Two sites were added." in message.text


def test_who_asked_does_not_confirm(published, asked, lead):
    with pytest.raises(NotAllowed, match="A second person confirms it"):
        extending.confirm(extension=asked, actor=lead)
    assert Extension.objects.get(pk=asked.pk).state == ExtensionState.REQUESTED


def test_an_evaluator_neither_asks_nor_confirms(published, asked, buyer):
    with acting_for(buyer.evaluator) as user:
        with pytest.raises(NotAllowed):
            extending.confirm(extension=asked, actor=user)
        with pytest.raises(NotAllowed):
            extending.ask(
                rfp=published, closes_at=asked.closes_at + DAY, reason="Because.", actor=user
            )


def test_the_database_refuses_one_person_alone(published, asked, lead):
    """Direct SQL as the application login: neither the row nor the function gives way."""
    for statement in (
        "UPDATE rfp_extension SET requested_by_id = decided_by_id WHERE id = %s",
        "UPDATE rfp_extension SET closes_at = closes_at + interval '9 days' WHERE id = %s",
        CONFIRMED_ALONE,
        "UPDATE rfp_extension SET state = 'confirmed' WHERE id = %s",
        "DELETE FROM rfp_extension WHERE id = %s",
        "SELECT cceval_extend(%s)",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [asked.pk])


def test_a_confirmed_extension_is_not_used_twice(published, asked, buyer):
    with acting_for(buyer.opener) as opener:
        extending.confirm(extension=asked, actor=opener)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT cceval_extend(%s)", [asked.pk])
        with pytest.raises(WrongState):
            extending.confirm(extension=asked, actor=opener)


@pytest.mark.parametrize("shift", [dt.timedelta(0), -DAY])
def test_a_deadline_never_moves_to_earlier(published, lead, shift):
    with pytest.raises(Incomplete) as refused:
        extending.ask(
            rfp=published,
            closes_at=published.round.closes_at + shift,
            reason="Because.",
            actor=lead,
        )
    assert refused.value.fields == {
        "closes_at": "A deadline only moves to later. Give a time after the present deadline."
    }


def test_an_extension_needs_a_reason(published, lead):
    with pytest.raises(Incomplete) as refused:
        extending.ask(
            rfp=published, closes_at=published.round.closes_at + DAY, reason="", actor=lead
        )
    assert refused.value.fields == {"reason": "Say why; every vendor will read it."}


def test_a_draft_is_not_extended(draft, lead):
    with pytest.raises(WrongState, match="In a draft, set the deadline"):
        extending.ask(rfp=draft, closes_at=clock.database_now(), reason="Because.", actor=lead)


def test_after_the_opening_nothing_is_extended(published, asked, buyer, set_clock):
    set_clock(published.round.closes_at + DAY)
    sealing.open_envelopes(published, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.opener) as opener:
        asked.rfp.round.refresh_from_db()
        with pytest.raises(WrongState, match="Only a published RFP is extended"):
            extending.confirm(extension=asked, actor=opener)


def test_a_new_request_replaces_the_open_one_and_a_dropped_one_moves_nothing(
    published, asked, lead
):
    again = extending.ask(
        rfp=published, closes_at=asked.closes_at + DAY, reason="Three sites.", actor=lead
    )
    asked.refresh_from_db()
    assert asked.state == ExtensionState.DROPPED
    extending.drop(extension=again, actor=lead)
    assert closes(published) == published.round.closes_at


def test_without_a_second_person_there_is_nobody_to_ask(published, lead):
    PanelMember.objects.exclude(user=lead).update(active=False)
    with pytest.raises(WrongState, match="Appoint a second lead or an opener"):
        extending.ask(
            rfp=published, closes_at=published.round.closes_at + DAY, reason="Why.", actor=lead
        )


def test_invited_vendors_are_told_and_those_that_declined_are_not(
    published, lead, asked, buyer, vendor_a, vendor_b
):
    for vendor, state in ((vendor_a, "sent"), (vendor_b, "declined")):
        published.invitations.create(
            organisation_id=published.organisation_id,
            vendor=vendor.organisation,
            email=vendor.owner.email,
            contact=vendor.owner.name,
            state=state,
            token_digest=vendor.owner.email,
            expires_at=published.round.closes_at,
            invited_by=lead,
        )
    with acting_for(buyer.opener) as opener:
        extending.confirm(extension=asked, actor=opener)
    told = set(
        Mail.objects.filter(event__startswith="extended:").values_list("recipient", flat=True)
    )
    assert vendor_a.owner.email in told
    assert vendor_b.owner.email not in told


def test_the_page_asks_and_the_opener_confirms_on_it(published, buyer):
    case = buyer.procurement.pk
    url = reverse("rfp:publish", args=[case])
    later = published.round.closes_at + 3 * DAY
    lead, opener = sign_in(buyer.lead), sign_in(buyer.opener)
    given = {
        "day": f"{later:%Y-%m-%d}", "time": "15:00", "zone": "UTC", "reason": "More time.",
    }  # fmt: skip
    assert lead.post(reverse("rfp:extend", args=[case]), given).status_code == 302
    text = lead.get(url).content.decode()
    assert "A later deadline waits for a second person" in text
    assert "Confirm the extension" not in text
    assert "Confirm the extension" in opener.get(url).content.decode()
    with acting_for(buyer.lead):
        waiting = Extension.objects.get(state=ExtensionState.REQUESTED)
    path = reverse("rfp:confirm-extension", args=[case, waiting.pk])
    assert lead.post(path).status_code == 403
    assert opener.post(path).status_code == 302
    with acting_for(buyer.lead):
        assert closes(published) == waiting.closes_at
