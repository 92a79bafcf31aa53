"""5,000 random flips of one bit in what people hold: none is accepted (T-SEAL's figure)."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from apps.proof import canonical, envelopes, logs, receipts
from apps.proof.errors import ProofError
from apps.proof.verifier import bundle, checks
from apps.proof.verifier.trust import Trust
from apps.proof.verifier.verdict import Outcome
from tests.sizes import size

FLIPS = size(1000, 20_000)  # of each of five kinds
SEED = 20261122
CONTEXT = {"environment": "test", "kind": "technical", "round": "1", "vendor": "castellan"}
KEY = bytes(range(32))


@pytest.fixture
def files(receipt, vendor_log, signing_key):
    return {
        "receipt.json": receipts.issue(receipt, signing_key),
        "short.json": receipts.issue(replace(receipt, manifest=short_of(receipt)), signing_key),
        "record.json": logs.write_export(vendor_log.export(0, 1, 2, 3, 4, earlier=(2, 4))),
        "mail.checkpoint": vendor_log.signed(3).note.encode(),
        "envelope": envelopes.encrypt(KEY, canonical.encode({"price": "12.40"}), CONTEXT),
    }


def short_of(receipt):
    """The form that everybody of the vendor downloads."""
    plain = receipt.manifest
    names = ("environment", "round", "vendor", "submission", "version", "digest")
    return receipts.Short(**{name: getattr(plain, name) for name in names})


def accepted(name, raw, trust):
    try:
        if name == "envelope":
            return bool(envelopes.decrypt(KEY, raw, CONTEXT))
        found = bundle.read({name: raw}, pinned=())
    except ProofError:
        return False
    if found.others:
        return False  # the file no longer says that it is one of ours
    return checks.all_answers(found, trust).outcome is Outcome.PASSED


def test_no_flipped_bit_is_accepted(files, signing_key):
    trust = Trust(keys={signing_key.key_id: signing_key.verify_key})
    chance, passed = random.Random(SEED), Counter()  # noqa: S311 -- repeatable, no secret
    for name, raw in files.items():
        assert accepted(name, raw, trust), name
        for _flip in range(FLIPS):
            place = chance.randrange(len(raw) * 8)
            flipped = bytearray(raw)
            flipped[place // 8] ^= 1 << place % 8
            passed[name] += accepted(name, bytes(flipped), trust)
    assert passed == Counter(dict.fromkeys(files, 0))
