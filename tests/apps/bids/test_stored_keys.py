"""A stored key is changed behind the database's triggers: one sentence, recorded, nothing opened."""

import datetime as dt
import json

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from apps.bids.models import Bid, Envelope, Turn
from apps.bids.states import EnvelopeState
from apps.core.errors import WrongState
from apps.core.models import AuditEvent, Mail
from apps.rfp.states import EnvelopeKind
from tests.apps.bids.conftest import fresh
from tests.conftest import acting_for, make_buyer, make_vendor
from tests.factories import bids as make
from tests.factories import sealing as keys
from tests.plugin import cluster

QUALITY = EnvelopeKind.TECHNICAL
TABLES = ("rfp_envelopekey", "rfp_keywrap", "rfp_openerkey")
OURS = "rfp_id = '{rfp}' AND kind = 'technical'"
KEY = f"(SELECT id FROM rfp_envelopekey WHERE {OURS})"
FOREIGN = "(SELECT id FROM rfp_envelopekey WHERE rfp_id = '{other}' AND kind = 'technical')"


def wraps(blob: str) -> str:
    return f"UPDATE rfp_keywrap w SET blob = {blob} WHERE key_id = {KEY}"


def numbered(key: str) -> str:
    place = "row_number() OVER (ORDER BY openers) AS place"
    return f"(SELECT blob, openers, {place} FROM rfp_keywrap WHERE key_id = {key})"


FORGERIES = {  # a statement, and the check that fails
    "a bit of every wrap": (
        wraps("set_byte(blob, length(blob) - 1, get_byte(blob, length(blob) - 1) # 1)"),
        "stored key",
    ),
    "wraps cut short": (wraps("substring(blob FOR 20)"), "stored key"),
    "empty wraps": (wraps("''"), "stored key"),
    "wraps swapped between groups": (
        (
            f"UPDATE rfp_keywrap w SET blob = o.blob FROM {numbered(KEY)} o,"
            f" {numbered(KEY)} m WHERE w.key_id = {KEY} AND w.openers = m.openers"
            " AND o.place = m.place % 3 + 1"
        ),
        "stored key",
    ),
    "wraps of another procurement": (
        (
            f"UPDATE rfp_keywrap w SET blob = o.blob FROM {numbered(FOREIGN)} o,"
            f" {numbered(KEY)} m WHERE w.key_id = {KEY} AND w.openers = m.openers"
            " AND o.place = m.place"
        ),
        "stored key",
    ),
    "no wraps at all": (f"DELETE FROM rfp_keywrap WHERE key_id = {KEY}", "stored key"),
    "wraps named for others": (
        f"UPDATE rfp_keywrap SET openers = array_append(openers, 'x') WHERE key_id = {KEY}",
        "stored key",
    ),
    "the key of another procurement": (
        (
            "UPDATE rfp_envelopekey SET public = (SELECT public FROM rfp_envelopekey"
            f" WHERE id = {FOREIGN}) WHERE {OURS}"
        ),
        "stored key",
    ),
    "a key that is none": (
        f"UPDATE rfp_envelopekey SET public = sha256(public) WHERE {OURS}",
        "stored key",
    ),
    "no key": (f"DELETE FROM rfp_envelopekey WHERE {OURS}", "stored key"),
    "one key is enough": (f"UPDATE rfp_envelopekey SET needed = 1 WHERE {OURS}", "stored key"),
    "an opener's key that is none": (
        f"UPDATE rfp_openerkey SET public = sha256(public) WHERE {OURS}",
        "stored key",
    ),
    "the openers' keys of another procurement": (
        (
            "UPDATE rfp_openerkey o SET public = f.public FROM rfp_openerkey f"
            " WHERE f.rfp_id = '{other}' AND f.kind = 'technical' AND o.rfp_id = '{rfp}'"
            " AND o.kind = 'technical' AND f.spare = o.spare AND f.holder_id = o.holder_id"
        ),
        "key",
    ),
}


@pytest.fixture
def superuser(committed):
    """The superuser's connection; triggers and constraints of the keys are off."""
    folder = str(cluster().folder)
    with psycopg.connect(host=folder, user="postgres", dbname=committed, autocommit=True) as open_:
        for table in (*TABLES, "rfp_rehearsal", "bids_turn"):
            open_.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        yield open_


def keep(superuser):
    for table in TABLES:
        superuser.execute(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table}")


def put_back(superuser):
    for table in TABLES:
        superuser.execute(f"DELETE FROM {table}")
        superuser.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")


def shift_clock(moment):
    with connection.cursor() as cursor:
        shift = moment - dt.datetime.now(dt.UTC)
        cursor.execute("UPDATE cceval_test_clock SET shift = %s", [shift])


@pytest.fixture
def sealed(committed):
    """Two tenders of one buyer with the same openers, a bid in each; the first one's is due."""
    buyer = make_buyer()
    vendor = make_vendor("Velora Connect", buyer.organisation)
    tender, other = make.tender(buyer), make.tender_of(buyer, reference="CC-OTHER")
    bid = make.bid_in(tender.rfp, vendor)
    make.fill(bid, tender, vendor)
    make.submit(bid, vendor)
    return buyer, vendor, tender, other


def ask(client, where, case, code):
    if where == "page":
        return client.post(reverse("bids:open_quality", args=[case]), {"code": code})
    return client.post(
        f"/api/v1/procurements/{case}/opening/",
        {"kind": "technical", "code": code},
        content_type="application/json",
    )


def sentence_of(answer, where):
    if where == "page":
        return answer.content.decode()
    return json.loads(answer.content)["detail"]


def test_a_changed_key_is_refused_by_name_recorded_and_opens_nothing(sealed, superuser):
    buyer, _vendor, tender, other = sealed
    shift_clock(tender.rfp.round.closes_at + make.GRACE + dt.timedelta(seconds=1))
    keys.turn(tender.rfp, QUALITY, buyer.opener2)
    keep(superuser)
    case, code = buyer.procurement.pk, keys.code_of(tender.rfp, QUALITY, buyer.opener.pk)
    for name, (statement, check) in FORGERIES.items():
        done = superuser.execute(statement.format(rfp=tender.rfp.pk, other=other.rfp.pk))
        assert done.rowcount > 0, name
        for where in ("page", "api"):
            with acting_for(buyer.auditor):
                before, mails = AuditEvent.objects.count(), Mail.objects.count()
            answer = ask(fresh(buyer.opener), where, case, code)
            assert answer.status_code == 409, (name, where)
            said = sentence_of(answer, where)
            assert ("Tell the administrator and the auditor." in said) == (check == "stored key")
            assert code not in said
            with acting_for(buyer.auditor):
                event = AuditEvent.objects.latest("seq")
                assert AuditEvent.objects.count() == before + 1, (name, where)
                assert Mail.objects.count() == mails + 1, (name, where)
                assert not Bid.objects.exists()
                turned = list(Turn.objects.values_list("turned_by", flat=True))
            told = json.loads(event.payload)["details"]
            assert (event.refused, told["check"]) == (True, check), (name, where)
            assert turned == [buyer.opener2.pk]
            page = fresh(buyer.opener).get(reverse("bids:opening", args=[case]))
            assert page.status_code == 200, name
        put_back(superuser)
    answer = ask(fresh(buyer.opener), "api", case, code)
    assert answer.status_code == 200, answer.content
    with acting_for(buyer.lead):
        assert Envelope.objects.get(kind=QUALITY).state == EnvelopeState.OPENED


@pytest.mark.parametrize("public", ["sha256(public)", "decode(repeat('ff', 1216), 'hex')"])
def test_to_a_changed_key_nothing_is_sealed(sealed, superuser, public):
    buyer, _vendor, tender, _other = sealed
    late = make_vendor("Castellan CX", buyer.organisation)
    bid = make.bid_in(tender.rfp, late)
    make.fill(bid, tender, late)
    superuser.execute(f"UPDATE rfp_envelopekey SET public = {public}")
    with pytest.raises(WrongState, match="was changed, so nothing was sealed"):
        make.submit(bid, late)
    with acting_for(late.owner):
        assert not Envelope.objects.exists()
