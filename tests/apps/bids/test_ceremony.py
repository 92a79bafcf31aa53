"""The ceremony: only a legal opening opens, keys are neither lost nor too strong, attempts are told."""

import datetime as dt
from itertools import combinations, product
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.bids import adapters
from apps.bids.models import Bid, Ceremony, Envelope, Turn
from apps.bids.services import ceremony
from apps.bids.states import CeremonyState, EnvelopeState
from apps.bids.types.places import sealed_context
from apps.core import clock, jobs, keystore
from apps.core.errors import Attempt, NotAllowed
from apps.core.models import AuditEvent, Job, Mail
from apps.core.tasks import load_handlers
from apps.proof import canonical, envelopes, openers
from apps.proof.errors import NotAuthentic, SealRefused
from apps.proof.sealing import new_secret
from apps.rfp.models.sealing import SPARE
from apps.rfp.selectors import lock_of
from apps.rfp.states import EnvelopeKind, KeyKind
from apps.workspace.models import Procurement
from apps.workspace.states import Phase
from tests.apps.bids.conftest import fresh, open_as
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make
from tests.factories import sealing as keys

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
QUALITY, PRICE = EnvelopeKind.TECHNICAL, EnvelopeKind.COMMERCIAL


@pytest.fixture
def sealed(tender, both):
    for bid, vendor, mark in both:
        make.fill(bid, tender, vendor, mark=mark)
        make.submit(bid, vendor)
    return tender


@pytest.fixture
def due(sealed, after_grace):
    after_grace()
    return sealed


def code(tender, person, kind=QUALITY):
    return keys.code_of(tender.rfp, kind, getattr(person, "pk", person))


def slip_in(text):
    return ("A" if text[0] != "A" else "B") + text[1:]


# T-OPEN: time, person, key, kind, what was turned before: 480 cases, 2 of 3 keys

TIMES = {
    "before closing": -SECOND,
    "in the grace": dt.timedelta(0),
    "due": make.GRACE + SECOND,
    "a day later": dt.timedelta(days=1),
}
PEOPLE = ("opener", "opener2", "lead", "evaluator", "auditor")
CODES = ("own", "of another", "of the other envelope", "spare", "strange", "with a slip")


def typed(tender, buyer, person, which):
    other = buyer.opener2 if person == buyer.opener else buyer.opener
    own = person if person in {buyer.opener, buyer.opener2} else buyer.opener
    return {
        "own": code(tender, own),
        "of another": code(tender, other),
        "of the other envelope": code(tender, own, PRICE),
        "spare": code(tender, SPARE),
        "strange": openers.write_code(new_secret()),
        "with a slip": slip_in(code(tender, own)),
    }[which]


def expected(when, role, which, kind, turned_before):
    """What the rules say, by themselves: the check that fails, "" where the turn is legal."""
    if role not in {"opener", "opener2"}:
        return "role"
    if kind == PRICE:
        return "order"
    if when in {"before closing", "in the grace"}:
        return "time"
    faults = {"of another": "holder", "of the other envelope": "kind", "strange": "key"}
    if which == "with a slip":
        return "code"
    if which in faults:
        return faults[which]
    return "repeated" if turned_before and role == "opener2" else ""


def attempt(tender, buyer, case):
    """Try one case; return the failed check, or what the turn did. Nothing of it stays."""
    when, role, which, kind, turned_before = case
    person = getattr(buyer, role)
    with transaction.atomic():
        if turned_before and when in {"due", "a day later"}:
            keys.turn(tender.rfp, QUALITY, buyer.opener2)
        try:
            done = keys.turn(tender.rfp, kind, person, typed(tender, buyer, person, which))
        except NotAllowed:
            return "role"
        except Attempt as refused:
            return refused.check
        finally:
            transaction.set_rollback(True)
    return done


def test_only_a_legal_turn_counts_and_only_enough_keys_open(buyer, sealed, set_clock):
    cases = list(product(TIMES, PEOPLE, CODES, (QUALITY, PRICE), (False, True)))
    assert len(cases) >= 400
    for when, after_closing in TIMES.items():
        set_clock(sealed.rfp.round.closes_at + after_closing)
        for case in (one for one in cases if one[0] == when):
            wanted, got = expected(*case), attempt(sealed, buyer, case)
            if wanted:
                assert got == wanted, case
                continue
            opened = 2 if case[-1] else None
            assert (got.turned, got.opened) == (2 if case[-1] else 1, opened), case


# T-KEYLOSS, T-ENVELOPE


def test_every_two_of_three_keys_open_and_no_single_one(buyer, due):
    for pair in combinations((buyer.opener.pk, buyer.opener2.pk, SPARE), 2):
        with transaction.atomic():
            first, second = (
                (buyer.opener, code(due, pair[0])),
                (buyer.opener2, code(due, pair[1])),
            )
            if pair[0] == buyer.opener2.pk:  # the first lost the own key and turns the spare
                first, second = (
                    (buyer.opener2, code(due, pair[0])),
                    (buyer.opener, code(due, pair[1])),
                )
            assert keys.turn(due.rfp, QUALITY, *first).opened is None
            with acting_for(buyer.lead):
                assert not Bid.objects.exists()
            assert keys.turn(due.rfp, QUALITY, *second).opened == 2
            transaction.set_rollback(True)


def test_one_person_with_two_keys_opens_nothing(buyer, due):
    keys.turn(due.rfp, QUALITY, buyer.opener)
    with pytest.raises(Attempt, match="You have turned a key already") as refused:
        keys.turn(due.rfp, QUALITY, buyer.opener, code(due, SPARE))
    assert refused.value.check == "repeated"


def test_the_keys_of_quality_do_not_open_the_price(buyer, due):
    """With every quality code and all that is stored, the price envelopes stay shut."""
    assert open_as(buyer, due, QUALITY) == 2
    with acting_for(buyer.lead):
        lock = lock_of(due.rfp, KeyKind.COMMERCIAL)
        held = Envelope.objects.filter(kind=PRICE).select_related("submission__bid__round__rfp")
        quality = keys.private_key(due.rfp, QUALITY)
        for one in held:
            with pytest.raises(NotAuthentic):
                adapters.unseal(
                    one.ciphertext, key=quality, context=sealed_context(one.submission, PRICE)
                )
    shown = {slot: openers.read_code(code(due, slot)) for slot in lock.openers}
    with pytest.raises(SealRefused, match="another one than was proved"):
        lock.open(shown)


def test_with_one_key_needed_one_person_opens_and_the_page_says_so(buyer, set_clock):
    tender = make.tender(buyer, keys_needed=1)
    page = reverse("bids:opening", args=[buyer.procurement.pk])
    text = sign_in(buyer.lead).get(page).content.decode()
    assert "This round can be opened by one person." in text
    set_clock(tender.rfp.round.closes_at + make.GRACE + SECOND)
    assert keys.turn(tender.rfp, QUALITY, buyer.opener).opened == 0


# What waits, and for how long


def test_a_turned_key_waits_unreadable_and_is_forgotten_after_a_quarter_of_an_hour(
    buyer, due, set_clock
):
    keys.turn(due.rfp, QUALITY, buyer.opener)
    secret = openers.read_code(code(due, buyer.opener))
    with acting_for(buyer.lead):
        held = Turn.objects.get()
        assert secret not in bytes(held.sealed)
        first = Ceremony.objects.get()
    assert keystore.exists(ceremony.key_name(first.pk))
    set_clock(clock.now() + ceremony.LASTS + SECOND)
    assert keys.turn(due.rfp, QUALITY, buyer.opener2).turned == 1
    with acting_for(buyer.lead):
        states = Ceremony.objects.order_by("created_at").values_list("state", flat=True)
        assert list(states) == [CeremonyState.ENDED, CeremonyState.GATHERING]


def test_the_key_of_a_ceremony_is_destroyed_when_its_time_is_over(
    buyer, due, set_clock, django_capture_on_commit_callbacks
):
    load_handlers()
    keys.turn(due.rfp, QUALITY, buyer.opener)
    with acting_for(buyer.lead):
        held = Ceremony.objects.get()
        job = Job.objects.get(kind=ceremony.END)
    assert job.run_after == held.ends_at
    set_clock(held.ends_at + SECOND)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.run(job.pk) == "done"
    assert not keystore.exists(ceremony.key_name(held.pk))
    with acting_for(buyer.lead):
        assert Ceremony.objects.get().state == CeremonyState.ENDED


def test_after_the_opening_no_key_of_it_is_left(buyer, due, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        open_as(buyer, due, QUALITY)
    with acting_for(buyer.lead):
        held = Ceremony.objects.get()
    assert held.state == CeremonyState.OPENED
    assert not keystore.exists(ceremony.key_name(held.pk))


# T-CANARY-REST: envelopes, and every key that the service has


def test_no_key_of_the_service_opens_a_submitted_envelope(sealed, vendor_a, vendor_b):
    stored = [path.read_bytes() for path in Path(settings.KEY_STORE).iterdir()]
    assert stored
    for vendor, mark in ((vendor_a, b"amber"), (vendor_b, b"basalt")):
        with acting_for(vendor.owner):
            held = list(Envelope.objects.select_related("submission__bid__round__rfp"))
        assert len(held) == 2
        for one in held:
            ciphertext = bytes(one.ciphertext)
            assert mark not in ciphertext
            contexts = (one.context, sealed_context(one.submission, one.kind))
            for key, context in product(stored, contexts):
                bound = {"environment": settings.ENVIRONMENT, **context}
                with pytest.raises(NotAuthentic):
                    envelopes.decrypt(key, ciphertext, bound)


def test_an_envelope_of_another_procurement_stops_the_opening(
    buyer, tender, bid_a, vendor_a, after_grace
):
    other = make.tender_of(buyer, reference="CC-OTHER")
    foreign = make.bid_in(other.rfp, vendor_a)
    for bid, of in ((bid_a, tender), (foreign, other)):
        make.fill(bid, of, vendor_a)
        make.submit(bid, vendor_a)
    with acting_for(vendor_a.owner):
        copied = Envelope.objects.get(bid=foreign, kind=QUALITY).ciphertext
        Envelope.objects.filter(bid=bid_a, kind=QUALITY).update(ciphertext=copied)
    after_grace()
    with pytest.raises(Attempt, match=r"Nothing was opened\. The envelope .* does not") as refused:
        open_as(buyer, tender, QUALITY)
    assert refused.value.check == "envelope"
    with acting_for(buyer.lead):
        assert not Envelope.objects.filter(state=EnvelopeState.OPENED).exists()
        assert not Turn.objects.filter(turned_by=buyer.opener2).exists()


# T-ATTEMPT: each refusal is one event with its check, and the auditor is mailed


def refusals(buyer, due):
    own = code(due, buyer.opener)
    return (
        ("opener", "bids:open_quality", slip_in(own), 409, "code"),
        ("opener", "bids:open_quality", openers.write_code(new_secret()), 409, "key"),
        ("opener", "bids:open_quality", code(due, buyer.opener2), 409, "holder"),
        ("opener", "bids:open_quality", code(due, buyer.opener, PRICE), 409, "kind"),
        ("opener", "bids:open_prices", code(due, buyer.opener, PRICE), 409, "order"),
        ("opener2", "bids:open_quality", code(due, buyer.opener2), 409, "repeated"),
        ("lead", "bids:open_quality", own, 403, None),
        ("opener", "api", slip_in(own), 409, "code"),
    )


def test_each_refused_turn_is_one_event_with_its_check_and_the_auditor_is_told(buyer, due):
    keys.turn(due.rfp, QUALITY, buyer.opener2)
    case = buyer.procurement.pk
    for role, name, text, status, check in refusals(buyer, due):
        with acting_for(buyer.auditor):
            before = AuditEvent.objects.count()
            mails = Mail.objects.count()
        client = fresh(getattr(buyer, role))
        if name == "api":
            answer = client.post(
                f"/api/v1/procurements/{case}/opening/",
                {"kind": "technical", "code": text},
                content_type="application/json",
            )
        else:
            answer = client.post(reverse(name, args=[case]), {"code": text})
        assert answer.status_code == status, (name, check)
        assert text not in answer.content.decode(), "what was typed is not shown again"
        with acting_for(buyer.auditor):
            assert AuditEvent.objects.count() == before + 1, check
            event = AuditEvent.objects.latest("seq")
            told = Mail.objects.latest("created_at")
            assert Mail.objects.count() == mails + 1
        details = canonical.decode(event.payload.encode())["details"]
        assert (event.refused, event.procurement_id, details.get("check")) == (True, case, check)
        assert told.recipient == buyer.auditor.email
        assert text not in event.payload + told.text + told.html


def test_the_page_says_whose_key_is_turned_and_what_was_refused(buyer, due):
    keys.turn(due.rfp, QUALITY, buyer.opener2)
    fresh(buyer.opener).post(
        reverse("bids:open_quality", args=[buyer.procurement.pk]),
        {"code": code(due, buyer.opener2)},
    )
    page = sign_in(buyer.auditor).get(reverse("bids:opening", args=[buyer.procurement.pk]))
    text = page.content.decode()
    assert f"by {buyer.opener2.name}" in text
    assert "Not turned" in text
    assert "2 of 3 key holders open the bids together." in text
    assert "the key of another opener" in text


def test_after_the_opening_the_page_says_who_turned_which_key(buyer, due):
    keys.open_envelopes(due.rfp, QUALITY)
    page = sign_in(buyer.auditor).get(reverse("bids:opening", args=[buyer.procurement.pk]))
    text = page.content.decode()
    for person in (buyer.opener, buyer.opener2):
        assert f"by {person.name}" in text
    assert "Kept offline" in text  # the spare key
    assert "Not turned" not in text


# The second wall

FORGED_TURN = (
    "INSERT INTO bids_turn (id, created_at, organisation_id, ceremony_id, key_id, turned_by_id,"
    " sealed) SELECT gen_random_uuid(), now(), organisation_id, ceremony_id, (SELECT id FROM"
    " rfp_openerkey WHERE holder_id = %s AND kind = 'technical'), %s, sealed FROM bids_turn"
)


def test_the_database_opens_nothing_without_the_keys(buyer, due):
    rfp = due.rfp
    keys.turn(rfp, QUALITY, buyer.opener)
    with acting_for(buyer.opener2):
        held = Ceremony.objects.get()
        own = lock_of(rfp, KeyKind.TECHNICAL)
        assert own.needed == 2
        row = Turn.objects.get()
        statements = (
            ("SELECT cceval_open(%s)", [rfp.round.pk]),
            ("UPDATE bids_ceremony SET state = 'opened' WHERE id = %s", [held.pk]),
            ("UPDATE bids_ceremony SET needed = 1 WHERE id = %s", [held.pk]),
            ("DELETE FROM bids_turn WHERE id = %s", [row.pk]),
            (  # a key turned in somebody else's name
                FORGED_TURN,
                [buyer.opener2.pk, buyer.lead.pk],
            ),
        )
        for statement, values in statements:
            with (
                pytest.raises(DatabaseError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement, values)


def test_the_record_names_the_steps_of_the_ceremony(buyer, due):
    open_as(buyer, due, QUALITY)
    with acting_for(buyer.auditor):
        names = list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))
        event = AuditEvent.objects.get(action="bids.opened")
    assert [one for one in names if one.startswith("ceremony.")] == [
        "ceremony.turn",
        "ceremony.turn",
        "ceremony.open",
    ]
    details = canonical.decode(event.payload.encode())["details"]
    assert details["needed"] == 2
    assert details["turned_by"] == sorted(str(one.pk) for one in (buyer.opener, buyer.opener2))


def test_prices_have_a_ceremony_of_their_own(buyer, due):
    open_as(buyer, due, QUALITY)
    with acting_for(buyer.moderator):
        Procurement.objects.filter(pk=buyer.procurement.pk).update(phase=Phase.COMMERCIAL)
    with pytest.raises(Attempt) as refused:
        keys.turn(due.rfp, PRICE, buyer.opener, code(due, buyer.opener, QUALITY))
    assert refused.value.check == "kind"
    assert open_as(buyer, due, PRICE) == 2
