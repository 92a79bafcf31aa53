"""What proof costs, each beside the raw primitives it is made of, as a ratio.

    python benchmarks/bench_proof.py [entries]

Pure figures need no server: growing and proving a tree, verifying an export of so many entries,
sealing and opening 50 bids of 300 answers. The last figures run on a private PostgreSQL, in one
process: events recorded per second, and a checkpoint over them. Best of three, but the large ones.
"""

import hashlib
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import private_stack  # noqa: F401

# isort: split
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from apps.core import audit, ledger, signing, soundness, tenancy
from apps.core.models import AuditEvent
from apps.proof import canonical, checkpoints, logs, merkle, sealing
from apps.proof.checkpoints import Checkpoint
from apps.proof.keys import SigningKey
from apps.workspace.models import Organisation
from apps.workspace.states import Side
from tests.scenes import clone_database

ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
BIDS, ANSWERS, EVENTS = 50, 300, 2_000
PLACE = {"environment": "bench", "kind": "technical", "procurement": "p", "round": "r"}
TEXT = "We staff this part of the service with named people since 2019, and report monthly. "


def best(work: Callable[[], object], times: int = 3) -> float:
    """Return the shortest of some runs, in seconds."""
    found = []
    for _again in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def show(what: str, seconds: float, count: int, raw: float | None = None) -> None:
    beside = f"   {seconds / raw:6.1f} x raw" if raw else ""
    print(f"{what:<58}{seconds:9.3f} s {count / seconds:12,.0f} /s{beside}")


def entries() -> list[logs.Entry]:
    return [
        logs.Entry(
            index=place,
            salt=secrets.token_bytes(32),
            body=canonical.encode(
                {"action": "scoring.score", "actor": str(place), "details": {"version": 1}}
            ),
        )
        for place in range(ENTRIES)
    ]


def the_log() -> None:
    key, held = SigningKey.generate(), entries()
    leaves = [entry.leaf for entry in held]
    raw = best(lambda: [hashlib.sha256(leaf + leaf).digest() for leaf in leaves])
    show(
        f"tree of {ENTRIES:,} leaves (raw: as many SHA-256)",
        best(lambda: merkle.root(leaves)),
        ENTRIES,
        raw,
    )
    stored = merkle.grow(0, {}, leaves)
    spans = merkle.inclusion(ENTRIES // 3, ENTRIES)
    path = merkle.hashes_of(spans, stored)
    proof = {"index": ENTRIES // 3, "size": ENTRIES, "path": path, "expected": merkle.root(leaves)}
    show(
        "1,000 inclusion proofs checked",
        best(lambda: [merkle.included(leaves[ENTRIES // 3], **proof) for _ in range(1000)]),
        1000,
    )
    at = datetime.now(UTC)
    signed = [
        checkpoints.issue(
            Checkpoint(
                origin="cceval/bench/log", size=size, root=merkle.root(leaves[:size]), at=at
            ),
            key,
        )
        for size in (ENTRIES // 4, ENTRIES // 2, ENTRIES)
    ]
    export = logs.Export(
        signed=signed[-1], earlier=tuple(signed[:-1]), leaves=tuple(leaves), entries=tuple(held)
    )
    start = time.perf_counter()
    written = logs.write_export(export)
    show(
        f"export of all entries written ({len(written) / 2**20:.0f} MiB)",
        time.perf_counter() - start,
        ENTRIES,
    )
    raw = best(lambda: [hashlib.sha256(entry.salt + entry.body).digest() for entry in held])
    start = time.perf_counter()
    read = logs.read_export(written)
    assert not list(read.changed_entries())
    assert not list(read.departs_from(read.all_signed))
    show(
        "the same read and verified (raw: its leaf hashes)",
        time.perf_counter() - start,
        ENTRIES,
        raw,
    )


def the_seal() -> None:
    shares = {name: sealing.new_secret() for name in ("a", "b", "c")}
    publics = {name: sealing.key_of(one, name, PLACE).public for name, one in shares.items()}
    lock = sealing.make_lock(publics, needed=2, context=PLACE)
    content = canonical.encode(
        {"answers": {f"{n // 30}.{n % 30:02}": TEXT * 3 for n in range(ANSWERS)}}
    )
    contexts = [
        {**PLACE, "manifest": "0" * 64, "submission": "1", "vendor": f"v-{number}"}
        for number in range(BIDS)
    ]
    data_key, nonce, lattice, curve = (
        secrets.token_bytes(32),
        bytes(12),
        MLKEM768PrivateKey.generate(),
        X25519PrivateKey.generate(),
    )
    public = hpke.MLKEM768X25519PublicKey(lattice.public_key(), curve.public_key())
    raw = best(
        lambda: [
            (
                sealing.SUITE.encrypt(data_key, public),
                AESGCM(data_key).encrypt(nonce, content, None),
            )
            for _ in range(BIDS)
        ]
    )
    seal = best(lambda: [lock.public.seal(content, one) for one in contexts])
    print(
        f"\n{BIDS} bids of {ANSWERS} answers, {len(content) / 1024:.0f} KiB each (raw: HPKE and AES-GCM alone)"
    )
    show("sealed", seal, BIDS, raw)
    blobs = [lock.public.seal(content, one) for one in contexts]
    wrapped, sealed = (
        sealing.SUITE.encrypt(data_key, public),
        AESGCM(data_key).encrypt(nonce, content, None),
    )
    private = hpke.MLKEM768X25519PrivateKey(lattice, curve)
    raw = best(
        lambda: [
            (sealing.SUITE.decrypt(wrapped, private), AESGCM(data_key).decrypt(nonce, sealed, None))
            for _ in range(BIDS)
        ]
    )

    def opening() -> None:
        key = lock.open({"a": shares["a"], "c": shares["c"]})
        for blob, one in zip(blobs, contexts, strict=True):
            assert key.open(blob, one) == content

    show("opened with 2 of 3 keys", best(opening), BIDS, raw)


def the_product() -> None:
    clone_database("test_bench_proof")
    with tempfile.TemporaryDirectory() as folder:
        settings.SIGNING_DIR = settings.WITNESS_DIR = Path(folder)
        (Path(folder) / signing.PASSPHRASE).write_text("a passphrase of the benchmark")
        signing.make_key(Path(folder), at=datetime.now(UTC))
        organisation = Organisation(name="Bench", side=Side.BUYER)
        with tenancy.acting_as(organisation=organisation.pk):
            organisation.save(force_insert=True)
        of_events(organisation)


def of_events(organisation: Organisation) -> None:
    print(f"\non PostgreSQL, {EVENTS:,} events, a transaction each (raw: an empty one)")

    def each(write: Callable[[int], object]) -> float:
        start = time.perf_counter()
        for number in range(EVENTS):
            with tenancy.acting_as(organisation=organisation.pk):
                write(number)
        return time.perf_counter() - start

    def record(number: int) -> None:
        audit.record(action="x", actor=None, subject=organisation, payload={"number": number})

    empty = each(lambda _number: None)
    recorded = each(record)
    with tenancy.acting_as(organisation=organisation.pk):
        signed = best(ledger.checkpoint, 1)
        event = AuditEvent.objects.order_by("seq")[EVENTS // 2]
        proved = best(lambda: ledger.proof_of(event))
        checked = best(lambda: soundness.check(organisation.pk), 1)
    show("recorded", recorded, EVENTS, empty)
    show("put into the tree and signed, all at once", signed, EVENTS)
    show("one proof read from the stored tree", proved, 1)
    show("the whole log recomputed", checked, EVENTS)


the_log()
the_seal()
the_product()
