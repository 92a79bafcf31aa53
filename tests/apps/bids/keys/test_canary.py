"""What somebody finds who has everything the server stores, and every key of the keystore.

Every answer, price, file, assumption, mark and comment of a bid carries a word of its own. The
search goes through every row of every table, every stored file, Redis, the logs and the mails; and
it decrypts whatever is encrypted with every key there is. It needs no context for that: without
its check AES-GCM is a plain counter mode. A key that it finds inside is tried on everything again.
"""

import json
import re
from collections.abc import Iterator

import pytest
import redis
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.core import mail
from django.db import connection
from django.urls import reverse

from apps.bids.models import AnswerVersion
from apps.bids.services import answering, assuming, commenting, sheets
from apps.core import tenancy
from apps.proof import envelopes
from tests.apps.bids.keys.conftest import code_in
from tests.conftest import acting_for
from tests.factories import bids as make

pytestmark = pytest.mark.django_db

HELD = re.compile(rb"[0-9a-f]{64}")  # a file's key stands in its facts as hexadecimal digits
CANARIES = {
    "answer": "zanzibar-answer-41",
    "number": "918273",
    "option": "4142857",
    "priced": "zanzibar-priced-43",
    "rate": "0.91827364",
    "name": "zanzibar-name-45",
    "content": "zanzibar-content-46",
    "wording": "zanzibar-wording-47",
    "reason": "zanzibar-reason-48",
    "comment": "zanzibar-comment-49",
    "earlier": "zanzibar-earlier-50",
}


@pytest.fixture
def alone(settings, tmp_path):
    """Files and keys of this test and no other."""
    settings.KEY_STORE = tmp_path / "keys"
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path


@pytest.fixture
def full(alone, tender, bid_a, vendor_a):
    """A bid in which everything that can be written is a canary."""
    owner, sheet = vendor_a.owner, {**make.SHEET}
    sheet["rates"] = {**make.SHEET["rates"], "tiers": [{"rate": CANARIES["rate"]}]}
    revenue = [{"Year": "2025", "Revenue": CANARIES["option"]}]
    given = {"1.02": "Yes", "1.03": CANARIES["number"], "1.05": revenue}
    given |= {"1.01": CANARIES["earlier"], "3.01": CANARIES["priced"]}
    one = {"bid": bid_a, "actor": owner}
    with acting_for(owner):
        for code, raw in given.items():
            answering.save_answer(**one, question=tender.questions[code], raw=raw, version=0)
        question = tender.questions["1.01"]
        answering.save_answer(**one, question=question, raw=CANARIES["answer"], version=1)
        content = make.PDF + CANARIES["content"].encode()
        for code in ("1.05", "2.01"):
            name = f"{CANARIES['name']}.pdf"
            answering.attach(**one, question=tender.questions[code], name=name, content=content)
        sheets.save_price(**one, raw=sheet, version=0)
        wording = {"kind": "assumption", "place": "1.01", "wording": CANARIES["wording"]}
        assuming.add(**one, raw=wording)
        assuming.mark(**one, question=question, reason=CANARIES["reason"])
        commenting.comment(**one, question=question, text=CANARIES["comment"], mentioned=[])
    return bid_a


def rows() -> Iterator[bytes]:
    """Every value of every row of every table, as the invariants' check sees them."""
    with tenancy.acting_as(scope="fsck"), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor.fetchall()}
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield from map(as_bytes, row)


def as_bytes(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return value.encode() if isinstance(value, str) else json.dumps(value, default=str).encode()


def broker() -> Iterator[bytes]:
    client = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
    for key in client.scan_iter():
        yield key
        yield client.dump(key) or b""
        if client.type(key) == b"list":
            yield from client.lrange(key, 0, -1)


def files(folder) -> Iterator[bytes]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name.encode()
            yield path.read_bytes()


def decrypted(blob: bytes, key: bytes) -> bytes:
    """Decrypt without checking anything: counter mode from the second block on."""
    nonce, sealed = envelopes._split(blob[len(envelopes.PREFIX) :])
    counter = nonce + (2).to_bytes(4, "big")
    cipher = Cipher(algorithms.AES(key), modes.CTR(counter)).decryptor()
    return cipher.update(sealed[: -envelopes.TAG_BYTES])


def readable(alone, *more: bytes) -> list[bytes]:
    """Everything that can be read with what is stored, keys found on the way included."""
    plain = [*rows(), *files(alone / "files"), *broker(), *more]
    blobs = [one for one in plain if one.startswith(envelopes.PREFIX)]
    new = {path.read_bytes() for path in (alone / "keys").glob("*")}
    known: set[bytes] = set()
    while new - known:
        fresh, known = new - known, known | new
        found = [decrypted(blob, key) for blob in blobs for key in fresh]
        new = {bytes.fromhex(hit.decode()) for text in found for hit in HELD.findall(text)}
        plain += found
    return plain


def hits(found: list[bytes]) -> set[str]:
    return {name for name, word in CANARIES.items() if any(word.encode() in one for one in found)}


def test_of_a_submitted_bid_nothing_is_read_with_every_key_there_is(
    full, alone, laptop, settled, caplog, vendor_a
):
    """A draft is found whole by the same search; its key is the difference."""
    assert hits(readable(alone)) == set(CANARIES)

    laptop.get(reverse("bids:check", args=[full.pk]))
    with settled():
        laptop.post(reverse("bids:submit", args=[full.pk]))
    for name in ("portal", "check", "receipt", "receipt_file"):  # reading back leaves nothing
        assert laptop.get(reverse(f"bids:{name}", args=[full.pk])).status_code == 200
    page = laptop.get(reverse("bids:check", args=[full.pk])).content.decode()
    assert CANARIES["answer"] in page
    said = [caplog.text.encode(), *(one.message().as_bytes() for one in mail.outbox)]
    found = readable(alone, *said)
    assert hits(found) == set()

    code = code_in(laptop)  # nor the code, however it is written
    secrets = [code, code.replace("-", ""), code.lower()]
    assert not any(word.encode() in one for one in found for word in secrets)
    with acting_for(vendor_a.owner):
        assert AnswerVersion.objects.count() >= 6  # the rows are there; the key is not

    with settled():
        laptop.post(reverse("bids:reopen", args=[full.pk]))
    assert hits(readable(alone)) == set(CANARIES)
    with settled():
        laptop.post(reverse("bids:submit", args=[full.pk]))
    assert hits(readable(alone)) == set()


def test_a_file_that_the_vendor_keeps_for_other_bids_is_readable_in_its_store_and_it_alone(
    full, alone, laptop, settled
):
    with settled():
        laptop.post(reverse("bids:submit", args=[full.pk]), {"keep_files": "1"})
    assert hits(readable(alone)) == {"name", "content"}
