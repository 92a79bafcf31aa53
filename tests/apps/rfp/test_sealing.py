"""Openers' keys: collected once, proved, asked for before publication, frozen with it."""

import datetime as dt
import json

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.core import clock, jobs
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent, Job, Mail
from apps.core.tasks import load_handlers
from apps.proof import canonical, hashes, openers
from apps.rfp import selectors
from apps.rfp.models import EnvelopeKey, KeyWrap, OpenerKey
from apps.rfp.services import authoring, publishing, sealing
from apps.rfp.services.rehearsing import BEFORE, REHEARSE
from apps.rfp.states import KeyKind
from apps.workspace.models import PanelMember
from tests.conftest import acting_for, sign_in
from tests.factories import sealing as keys
from tests.factories.rfp import accept_all, approve

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def ready(draft, lead):
    """Everything but the keys: findings accepted, reviewed."""
    accept_all(draft, lead)
    approve(draft, lead)
    return draft


def codes_of(rfp, person, **more):
    with acting_for(person):
        return {one.kind.value: one.text for one in sealing.collect(rfp=rfp, actor=person, **more)}


def prove(rfp, person, codes, **more):
    with acting_for(person):
        sealing.prove(rfp=rfp, actor=person, codes=codes, **more)


def test_nothing_is_published_before_every_key_is_proved(ready, lead, buyer):
    for holder, spare in ((buyer.opener, False), (buyer.opener2, False), (lead, True)):
        with pytest.raises(Incomplete, match="Keys still to be collected and proved") as refused:
            publishing.publish(rfp=ready, actor=lead)
        assert ("Spare key" if spare else holder.name) in refused.value.sentence
        codes = codes_of(ready, holder, spare=spare)
        with pytest.raises(Incomplete, match="Keys still to be collected and proved"):
            publishing.publish(rfp=ready, actor=lead)
        prove(ready, holder, codes, spare=spare)
    publishing.publish(rfp=ready, actor=lead)
    assert ready.state == "published"
    assert EnvelopeKey.objects.filter(rfp=ready).count() == 2
    assert KeyWrap.objects.filter(rfp=ready).count() == 6  # three groups of two for each envelope


def test_codes_are_shown_once_and_kept_nowhere(ready, buyer):
    client = sign_in(buyer.opener)
    page = client.post(reverse("rfp:collect-keys", args=[buyer.procurement.pk]))
    codes = codes_on(page)
    assert page.status_code == 200
    assert len(codes) == 2
    again = client.post(reverse("rfp:collect-keys", args=[buyer.procurement.pk]))
    assert again.status_code == 409
    assert "collected already" in again.content.decode()
    with acting_for(buyer.lead):
        stored = b"".join(bytes(one.public) for one in OpenerKey.objects.all())
        events = "".join(AuditEvent.objects.values_list("payload", flat=True))
    session = json.dumps(dict(client.session.items()))
    for code in codes:
        assert openers.read_code(code) not in stored
        assert code not in events + session
        assert (
            code
            not in client.get(reverse("rfp:keys", args=[buyer.procurement.pk])).content.decode()
        )


def codes_on(page):
    return [one.text for one in page.context["codes"]]


def test_a_wrong_code_proves_nothing_and_says_which(ready, buyer):
    mine, other = codes_of(ready, buyer.opener), codes_of(ready, buyer.opener2)
    slip = ("A" if mine["technical"][0] != "A" else "B") + mine["technical"][1:]
    for typed, sentence in (
        ({"technical": slip, "commercial": mine["commercial"]}, "slip"),
        ({"technical": mine["commercial"], "commercial": mine["commercial"]}, "another key"),
        ({"technical": other["technical"], "commercial": mine["commercial"]}, "another key"),
        ({"technical": "", "commercial": mine["commercial"]}, "Type the code"),
    ):
        with pytest.raises(Incomplete) as refused:
            prove(ready, buyer.opener, typed)
        assert list(refused.value.fields) == ["technical"]
        assert sentence in refused.value.fields["technical"]
    with acting_for(buyer.lead):
        assert not OpenerKey.objects.exclude(proved_at=None).exists()
    client = sign_in(buyer.opener)
    answer = client.post(
        reverse("rfp:prove-keys", args=[buyer.procurement.pk]),
        {"technical": slip, "commercial": mine["commercial"]},
    )
    assert answer.status_code == 422
    assert mine["commercial"] not in answer.content.decode()


def test_who_holds_a_key(ready, buyer, lead):
    with pytest.raises(NotAllowed):
        codes_of(ready, buyer.evaluator)
    with pytest.raises(NotAllowed, match="Openers hold keys"):
        codes_of(ready, lead)
    with acting_for(lead):
        PanelMember.objects.create(
            organisation=buyer.organisation, procurement=buyer.procurement, user=lead, role="opener"
        )
    with pytest.raises(NotAllowed, match="You hold a key of your own already"):
        codes_of(ready, lead, spare=True)


def test_lost_codes_are_replaced_and_proved_anew(ready, buyer):
    old = codes_of(ready, buyer.opener)
    prove(ready, buyer.opener, old)
    new = codes_of(ready, buyer.opener, replace=True)
    with pytest.raises(Incomplete):
        prove(ready, buyer.opener, old)
    with acting_for(buyer.lead):
        assert not OpenerKey.objects.exclude(proved_at=None).exists()
    prove(ready, buyer.opener, new)


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"keys_needed": 3}, "3 openers have to be on the panel"),
        ({"spare_key": False}, "If one key is lost, the bids can never be opened"),
    ],
)
def test_one_key_more_than_is_needed_has_to_exist(draft, lead, terms, sentence):
    authoring.set_terms(rfp=draft, actor=lead, **terms)
    assert any(sentence in one.sentence for one in selectors.completeness(draft))


@pytest.mark.parametrize("terms", [{"keys_needed": 0}, {"keys_needed": 7}, {"spare_key": "yes"}])
def test_a_number_that_cannot_be_is_refused(draft, lead, terms):
    with pytest.raises(Incomplete):
        authoring.set_terms(rfp=draft, actor=lead, **terms)


def test_who_opens_is_published_and_the_keys_are_in_the_record(ready, lead, buyer):
    keys.prove_all(ready)
    rfp = publishing.publish(rfp=ready, actor=lead)
    assert json.loads(rfp.frozen)["opening"] == {
        "keys": 3,
        "needed": 2,
        "openers": sorted(str(one.pk) for one in (buyer.opener, buyer.opener2)),
        "spare": True,
    }
    event = AuditEvent.objects.get(action="rfp.publish")
    details = canonical.decode(event.payload.encode())["details"]
    stored = EnvelopeKey.objects.filter(rfp=rfp)
    assert details["keys"] == {one.kind: hashes.of_bytes(bytes(one.public)) for one in stored}


def test_another_opener_after_the_approval_needs_it_again(ready, lead, buyer):
    with acting_for(lead):
        PanelMember.objects.create(
            organisation=buyer.organisation,
            procurement=buyer.procurement,
            user=buyer.executive,
            role="opener",
        )
    with pytest.raises(Incomplete, match="changed after it was approved"):
        publishing.publish(rfp=ready, actor=lead)


def test_the_keys_are_frozen_with_the_published_rfp(published, lead, buyer):
    for act in (
        lambda: OpenerKey.objects.filter(rfp=published).delete(),
        lambda: OpenerKey.objects.filter(rfp=published).update(public=b"another"),
        lambda: EnvelopeKey.objects.filter(rfp=published).update(needed=1),
        lambda: KeyWrap.objects.filter(rfp=published).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(WrongState, match="its keys stand"):
        codes_of(published, buyer.opener, replace=True)


def test_the_codes_are_asked_for_again_a_day_before_closing(published, buyer, set_clock):
    load_handlers()
    with acting_for(buyer.lead):
        job = Job.objects.get(kind=REHEARSE)
    assert job.run_after == published.round.closes_at - BEFORE
    prove(published, buyer.opener, of(published, buyer.opener))
    set_clock(published.round.closes_at - BEFORE + dt.timedelta(seconds=1))
    assert jobs.run(job.pk) == "done"
    with acting_for(buyer.lead):
        told = Mail.objects.filter(event__startswith="rehearse:")
        assert {one.recipient for one in told} == {buyer.opener2.email, buyer.lead.email}
        again = {
            one.name: one.again is not None
            for one in selectors.keys_page(buyer.lead, published).holders
        }
    assert again == {buyer.opener.name: True, buyer.opener2.name: False, "Spare key": False}


def of(rfp, person):
    return {
        kind: keys.code_of(rfp, KeyKind(kind), person.pk) for kind in ("technical", "commercial")
    }


def test_a_later_deadline_waits_with_the_reminder(published, buyer, set_clock):
    load_handlers()
    with acting_for(buyer.lead):
        job = Job.objects.get(kind=REHEARSE)
        Job.objects.filter(pk=job.pk).update(run_after=clock.now())
    assert jobs.run(job.pk) == "done"
    with acting_for(buyer.lead):
        assert not Mail.objects.filter(event__startswith="rehearse:").exists()
        waiting = Job.objects.get(kind=REHEARSE, state="queued")
    assert waiting.run_after == published.round.closes_at - BEFORE


def test_the_api_does_the_same(ready, buyer):
    place = f"/api/v1/procurements/{buyer.procurement.pk}/rfp/keys/"
    client = sign_in(buyer.opener)
    made = client.post(place, {}, content_type=JSON)
    codes = made.json()["codes"]
    assert (made.status_code, sorted(codes)) == (201, ["commercial", "technical"])
    assert client.post(place, {}, content_type=JSON).status_code == 409
    wrong = {"codes": {**codes, "technical": codes["commercial"]}}
    refused = client.post(place + "proof/", wrong, content_type=JSON)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["technical"])
    assert client.post(place + "proof/", {"codes": codes}, content_type=JSON).status_code == 204
    shown = client.get(place).json()
    assert [(one["name"], one["proved"]) for one in shown["keys"]] == [
        (buyer.opener.name, True),
        (buyer.opener2.name, False),
        ("Spare key", False),
    ]
    assert "public" not in json.dumps(shown)
    assert sign_in(buyer.evaluator).post(place, {}, content_type=JSON).status_code == 403


def test_another_buyer_finds_nothing(ready, other_buyer):
    place = reverse("rfp:keys", args=[ready.procurement_id])
    assert sign_in(other_buyer.lead).get(place).status_code == 404
