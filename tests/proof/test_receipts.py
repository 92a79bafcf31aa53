import json
from dataclasses import replace

import pytest

from apps.proof import canonical, hashes, receipts
from apps.proof.errors import UnreadableReceipt
from apps.proof.keys import SigningKey


@pytest.fixture
def raw(receipt, signing_key):
    return receipts.issue(receipt, signing_key)


def changed(raw, change):
    """The same receipt with one thing changed, still written in canonical form."""
    plain = json.loads(raw)
    change(plain)
    return canonical.encode(plain)


def test_a_receipt_is_read_back_and_confirmed_offline(raw, receipt, signing_key):
    signed = receipts.read(raw)
    assert signed.receipt == receipt
    assert signed.key_id == signing_key.key_id
    assert signed.confirmed_by(signing_key.verify_key)


def test_a_receipt_names_files_times_and_notices(raw):
    body = json.loads(raw)["body"]
    assert body["arrived_at"] == "2026-10-02T09:59:58.123Z"
    assert body["committed_at"] == "2026-10-02T09:59:59.007Z"
    assert body["notices"] == ["This round can be opened by one person."]
    assert [item["name"] for item in body["manifest"]["items"]] == ["answers.json", "plan.pdf"]
    assert body["manifest_digest"] == hashes.of_value(body["manifest"])


def test_two_submissions_of_the_same_files_have_different_digests(receipt):
    manifest = receipt.manifest
    again = receipts.Manifest.of(
        environment=manifest.environment,
        round=manifest.round,
        vendor=manifest.vendor,
        submission=manifest.submission,
        version=manifest.version,
        items=manifest.items,
    )
    assert again.items == manifest.items
    assert again.digest != manifest.digest


def test_another_key_does_not_confirm_a_receipt(raw):
    assert not receipts.read(raw).confirmed_by(SigningKey.generate().verify_key)


def test_a_changed_time_is_not_confirmed(raw, signing_key):
    late = changed(raw, lambda plain: plain["body"].update(arrived_at="2026-10-02T10:00:00.000Z"))
    assert not receipts.read(late).confirmed_by(signing_key.verify_key)


def test_a_changed_file_contradicts_the_digest(raw):
    def larger(plain):
        plain["body"]["manifest"]["items"][0]["size"] = 3

    with pytest.raises(UnreadableReceipt, match="contradicts itself"):
        receipts.read(changed(raw, larger))


def test_no_single_changed_byte_is_confirmed(raw, signing_key):
    for place in range(len(raw)):
        flipped = bytearray(raw)
        flipped[place] ^= 1
        try:
            signed = receipts.read(bytes(flipped))
        except UnreadableReceipt:
            continue
        # the id of the key only says which key to try; a wrong one is caught by the verifier
        assert signed.key_id != signing_key.key_id or not signed.confirmed_by(
            signing_key.verify_key
        )


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain.update(format="cceval receipt 2"),
        lambda plain: plain.update(more="than a receipt holds"),
        lambda plain: plain["body"].update(notices="one text"),
        lambda plain: plain["body"]["manifest"].update(more="x"),
        lambda plain: plain["body"].update(arrived_at="2026-10-02T09:59:58.123"),
    ],
)
def test_a_receipt_that_says_more_or_says_it_differently_is_refused(raw, change):
    with pytest.raises(UnreadableReceipt, match="contradicts itself"):
        receipts.read(changed(raw, change))


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain.pop("body"),
        lambda plain: plain.update(key_id=7),
        lambda plain: plain.update(signature="no base64"),
        lambda plain: plain["body"].update(arrived_at="yesterday"),
        lambda plain: plain["body"].update(arrived_at="0001-01-01T00:00:00+14:00"),
        lambda plain: plain["body"]["manifest"].update(version=True),
        lambda plain: plain["body"]["manifest"].update(version="2"),
        lambda plain: plain["body"]["manifest"].pop("nonce"),
        lambda plain: plain["body"]["manifest"]["items"].append("plan.pdf"),
        lambda plain: plain.clear(),
    ],
)
def test_what_is_no_receipt_is_refused(raw, change):
    with pytest.raises(UnreadableReceipt, match="not a receipt of this service"):
        receipts.read(changed(raw, change))


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"%PDF-1.7", b'{"body": {}}'])
def test_other_files_are_refused(raw):
    with pytest.raises(UnreadableReceipt):
        receipts.read(raw)


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"size": -1}, {"digest": "abc"}, {"digest": "A" * 64}]
)
def test_a_file_without_name_size_or_digest_is_refused(receipt, wrong):
    with pytest.raises(UnreadableReceipt, match="by name, size and SHA-256"):
        replace(receipt.manifest.items[0], **wrong)


@pytest.fixture
def short(receipt):
    full = receipt.manifest
    place = {name: getattr(full, name) for name in (*receipts.PLACE, "version")}
    return replace(receipt, manifest=receipts.Short(**place, digest=full.digest))


def test_the_short_form_has_the_digest_and_the_proof_and_names_no_file(short, receipt, signing_key):
    raw = receipts.issue(short, signing_key)
    signed = receipts.read(raw)
    assert signed.receipt == short
    assert signed.confirmed_by(signing_key.verify_key)
    assert signed.receipt.manifest.digest == receipt.manifest.digest
    assert signed.receipt.is_in_log == receipt.is_in_log
    for item in receipt.manifest.items:
        assert item.name.encode() not in raw
        assert item.digest.encode() not in raw
    assert receipt.manifest.nonce.encode() not in raw


def test_a_changed_short_form_is_not_confirmed(short, signing_key):
    raw = receipts.issue(short, signing_key)

    def another(plain):
        plain["body"]["manifest_digest"] = "0" * 64

    assert not receipts.read(changed(raw, another)).confirmed_by(signing_key.verify_key)
    with pytest.raises(UnreadableReceipt):
        receipts.read(changed(raw, lambda plain: plain["body"]["submission"].pop("vendor")))


def test_the_recovery_code_stands_beside_what_is_signed(receipt, raw, signing_key):
    with_code = receipts.issue(receipt, signing_key, recovery_code="AAAA-BBBB")
    signed = receipts.read(with_code)
    assert (signed.has_code, receipts.read(raw).has_code) == (True, False)
    assert signed.confirmed_by(signing_key.verify_key)
    plain = json.loads(with_code)
    assert plain.pop("recovery_code") == "AAAA-BBBB"
    assert canonical.encode(plain) == raw  # taken out, the receipt is the same

    def broken(found):
        found["recovery_code"] = 5

    with pytest.raises(UnreadableReceipt):
        receipts.read(changed(with_code, broken))
