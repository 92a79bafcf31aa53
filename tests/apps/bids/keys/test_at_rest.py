"""T-CANARY-REST: 50 bids, and everything that a superuser of the machine can take away.

Each bid is full of words of its own. Searched are a dump of the database, the database's own files
and its write-ahead log, the stored files, Redis, the logs and the mails, before and after the bids
are submitted; and an older backup, with today's keys. The drafts are the control: of them the same
search finds every word.
"""

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import psycopg
import pytest
from django.core import mail

from apps.bids.services import answering, sheets
from apps.proof import envelopes
from cceval.local import servers
from tests.apps.bids.keys import search
from tests.conftest import acting_for, make_buyer, make_vendor
from tests.factories import bids as make
from tests.plugin import cluster
from tests.sizes import size

BIDS = size(50, 500)
# An amount has no letters; it is long, as nine digits occur by chance in the log of a cluster.
WORD = re.compile(rb"zanzibar-\d{3}-[a-z]+|918273645546\d{3}")
FIELDS = ("answer", "option", "note", "name", "content")
NONCE_ENDS = len(envelopes.PREFIX) + envelopes.NONCE_BYTES  # what tells a ciphertext from others
LONGEST = 1024  # bytes that are decrypted of one
BYTEA = re.compile(rb"\\\\x([0-9a-f]{32,})")  # as a dump in text writes bytes


@dataclass(frozen=True)
class Stored:
    """What was taken away: files that vendors attached, and all the rest."""

    plain: list[bytes]
    files: list[bytes]

    def beside(self, more: list[bytes]) -> "Stored":
        return Stored([*self.plain, *more], self.files)


@pytest.fixture
def alone(settings, tmp_path):
    """Files and keys of this test and no other."""
    settings.KEY_STORE = tmp_path / "keys"
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path


@pytest.fixture
def superuser(committed):
    folder = str(cluster().folder)
    with psycopg.connect(host=folder, user="postgres", dbname=committed, autocommit=True) as open_:
        yield open_


def words(number: int) -> set[bytes]:
    named = {f"zanzibar-{number:03}-{field}".encode() for field in FIELDS}
    return {*named, f"918273645546{number:03}".encode()}


def fill(bid, tender, vendor, number: int) -> None:
    """Answer everything that is required; every text, amount and file holds its own word."""
    word = f"zanzibar-{number:03}-{{}}".format
    given = {"1.01": word("answer"), "1.02": "Yes", "1.03": "12"}
    given |= {
        "1.05": [{"Year": "2025", "Revenue": f"918273645546{number:03}"}],
        "3.01": word("note"),
    }
    one = {"bid": bid, "actor": vendor.owner}
    with acting_for(vendor.owner):
        for code, raw in given.items():
            answering.save_answer(**one, question=tender.questions[code], raw=raw, version=0)
        for code, content in (("1.05", make.PDF), ("2.01", make.PDF + word("content").encode())):
            question, name = tender.questions[code], f"{word('name')}.pdf"
            answering.attach(**one, question=question, name=name, content=content)
        sheet = {**make.SHEET, "one_offs": [{"name": word("option"), "amount": "1", "month": 1}]}
        sheets.save_price(**one, raw=sheet, version=0)


def dump(database: str) -> list[bytes]:
    """What `pg_dump` writes as superuser, and every value of bytes in it."""
    program = servers.binaries() / "pg_dump"
    done = subprocess.run(
        [program, "-h", cluster().folder, "-U", "postgres", "--data-only", database],
        check=True,
        capture_output=True,
    )
    found = [bytes.fromhex(one.decode()) for one in BYTEA.findall(done.stdout)]
    return [done.stdout, *found]


def on_disk(superuser, since: str) -> list[bytes]:
    """The database's own files, and the write-ahead log from this segment on."""
    superuser.execute("CHECKPOINT")
    data = cluster().folder / "data"
    (oid,) = superuser.execute(
        "SELECT oid FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    (until,) = superuser.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    logs = [one for one in (data / "pg_wal").iterdir() if since <= one.name <= until]
    assert logs
    tables = [one for one in (data / "base" / str(oid)).iterdir() if one.is_file()]
    return [one.read_bytes() for one in (*logs, *tables)]


def ciphertexts(raw: Iterable[bytes]) -> set[bytes]:
    """The beginnings of all ciphertexts in these bytes, wherever they stand."""
    found = {}
    for one in raw:
        at = one.find(envelopes.PREFIX)
        while at >= 0:
            if len(one) - at > envelopes.OVERHEAD:
                found[one[at : at + NONCE_ENDS]] = one[at : at + LONGEST]
            at = one.find(envelopes.PREFIX, at + 1)
    return set(found.values())


def told(stored: Stored, given: set[bytes]) -> set[bytes]:
    """Every word that can be read with these keys, and with the keys of files found with them."""
    found = {word for one in (*stored.plain, *stored.files) for word in WORD.findall(one)}
    held = set()
    for blob, key in product(ciphertexts((*stored.plain, *stored.files)), given):
        text = search.decrypted(blob, key)
        found.update(WORD.findall(text))
        held.update(search.HELD.findall(text))
    for blob, key in product(ciphertexts(stored.files), held):
        found.update(WORD.findall(search.decrypted(blob, bytes.fromhex(key.decode()))))
    return found


def kept(alone: Path, database: str, said: str) -> Stored:
    """What is stored beside the database's own files: a dump, files, Redis, logs, mails."""
    mails = [one.message().as_bytes() for one in mail.outbox]
    plain = [*dump(database), *search.broker(), said.encode(), *mails]
    return Stored(plain, list(search.files(alone / "files")))


def test_of_fifty_submitted_bids_nothing_is_read_from_all_that_is_stored(
    committed, superuser, alone, caplog
):
    (since,) = superuser.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    buyer = make_buyer()
    tender, drafts = make.tender(buyer), []
    for number in range(BIDS):
        vendor = make_vendor(f"Vendor {number}", buyer.organisation)
        drafts.append((make.bid_in(tender.rfp, vendor), vendor))
        fill(drafts[-1][0], tender, vendor, number)
    everything = set().union(*(words(number) for number in range(BIDS)))

    backup = kept(alone, committed, caplog.text)
    everywhere = backup.beside(on_disk(superuser, since))
    assert told(everywhere, set()) == set()  # no draft is in the clear
    found = told(everywhere, search.keys(alone / "keys"))
    assert len(everything & found) >= 0.95 * len(everything)

    for bid, vendor in drafts:
        make.submit(bid, vendor)
    today = search.keys(alone / "keys")
    everywhere = kept(alone, committed, caplog.text).beside(on_disk(superuser, since))
    assert told(everywhere, today) == set()
    assert told(backup, today) == set()  # a backup of the drafts, with the keys of today
