"""One good bundle; each test breaks one thing in it."""

import json

import pytest

from apps.engine import cases
from apps.proof import receipts, signatures
from apps.proof.verifier.trust import Trust
from tests.proof.conftest import AT, content_for, prepare


@pytest.fixture
def trust(signer, signing_key):
    return Trust(
        fingerprints=frozenset({signer.fingerprint}),
        keys={signing_key.key_id: signing_key.verify_key},
    )


@pytest.fixture
def receipt_file(receipt, signing_key):
    return receipts.issue(receipt, signing_key)


@pytest.fixture(scope="session")
def sign_with(signer):
    """Sign a PDF that holds these files, as the service would."""

    def sign(attachments):
        return signatures.sign(prepare(attachments), signer=signer, at=AT, reason="Report issued")

    return sign


@pytest.fixture(scope="session")
def sign_record(sign_with):
    """Sign a report that honestly names and holds one record, whatever the record says."""

    def sign(record):
        return sign_with({"payload.json": content_for(record), "callback.record.json": record})

    return sign


@pytest.fixture
def tampered(record):
    """A record with another result, written just as the engine would write it."""
    plain = json.loads(record)
    plain["result"]["value"] = "1.0"
    return cases.Record.from_plain(plain).to_bytes()
