"""Throw-away keys, and a two-page PDF with an empty signature field, made without a renderer."""
# ruff: noqa: TID253 -- forgeries are made with the writer of the library under test

import io
import secrets
from datetime import UTC, datetime

import pytest
from pyhanko.pdf_utils import embed, writer
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import fields

from apps.engine import cases
from apps.proof import (
    canonical,
    certificates,
    checkpoints,
    hashes,
    keys,
    logs,
    merkle,
    receipts,
    signatures,
)

AT = datetime(2026, 10, 30, 15, 30, tzinfo=UTC)
CASE = {
    "diagnostic": "callback_cost",
    "currency": "EUR",
    "period": "2026-Q2",
    "inputs": {"contact_cost": "4.50", "resolved_first": "0.72", "returning": "0.60"},
}


@pytest.fixture(scope="session")
def root():
    return certificates.Root.create(organisation="Halden Energy", at=AT)


@pytest.fixture(scope="session")
def signer(root):
    return certificates.Signer.issue(root=root, organisation="Halden Energy", at=AT)


@pytest.fixture(scope="session")
def impostor():
    """A stranger's signer that bears the same names as ours."""
    theirs = certificates.Root.create(organisation="Halden Energy", at=AT)
    return certificates.Signer.issue(root=theirs, organisation="Halden Energy", at=AT)


@pytest.fixture(scope="session")
def record():
    return cases.run("score", CASE).to_bytes()


@pytest.fixture(scope="session")
def prepared(record):
    return prepare({"payload.json": content_for(record), "callback.record.json": record})


@pytest.fixture(scope="session")
def signed(prepared, signer):
    return signatures.sign(prepared, signer=signer, at=AT, reason="Report issued")


@pytest.fixture(scope="session")
def signing_key():
    return keys.SigningKey.generate()


@pytest.fixture
def manifest():
    return receipts.Manifest.of(
        environment="test",
        round="round-1",
        vendor="castellan",
        submission="S-2026-0007",
        version=2,
        items=[
            receipts.Item(name="plan.pdf", size=7, digest=hashes.of_bytes(b"content")),
            receipts.Item(name="answers.json", size=2, digest=hashes.of_bytes(b"{}")),
        ],
    )


@pytest.fixture
def vendor_log(manifest, signing_key):
    """The log of the vendor: five entries, the submission being the fourth."""
    return LogOf(
        "castellan",
        [
            {"action": "bids.start", "details": {}},
            {"action": "bids.answer", "details": {"code": "1.01"}},
            {"action": "bids.price", "details": {}},
            {
                "action": "bid.submit",
                "details": {
                    "arrived_at": "2026-10-02T09:59:58.123+00:00",
                    "manifest_digest": manifest.digest,
                    "submission": manifest.submission,
                },
            },
            {"action": "bids.read", "details": {}},
        ],
        signing_key,
    )


@pytest.fixture
def receipt(manifest, vendor_log):
    return receipts.Receipt(
        manifest=manifest,
        arrived_at=datetime(2026, 10, 2, 9, 59, 58, 123000, tzinfo=UTC),
        committed_at=datetime(2026, 10, 2, 9, 59, 59, 7000, tzinfo=UTC),
        notices=("This round can be opened by one person.",),
        log=vendor_log.proof(3, size=4),
    )


class LogOf:
    """A small log as the service keeps one, with what it hands out."""

    def __init__(self, name, contents, key):
        self.origin, self.key = f"cceval/test/{name}", key
        self.entries = [
            logs.Entry(index=place, salt=secrets.token_bytes(32), body=canonical.encode(content))
            for place, content in enumerate(contents)
        ]

    @property
    def leaves(self):
        return [entry.leaf for entry in self.entries]

    def signed(self, size=None, key=None):
        size = len(self.entries) if size is None else size
        unsigned = checkpoints.Checkpoint(
            origin=self.origin, size=size, root=merkle.root(self.leaves[:size]), at=AT
        )
        return checkpoints.issue(unsigned, key or self.key)

    def proof(self, place, size=None):
        size = len(self.entries) if size is None else size
        stored = merkle.grow(0, {}, self.leaves[:size])
        path = merkle.hashes_of(merkle.inclusion(place, size), stored)
        return logs.ProvenEntry(entry=self.entries[place], path=path, signed=self.signed(size))

    def export(self, *shown, earlier=()):
        return logs.Export(
            signed=self.signed(),
            earlier=tuple(self.signed(size) for size in earlier),
            leaves=tuple(self.leaves),
            entries=tuple(self.entries[place] for place in shown),
        )


def content_for(record, digest=None):
    """The frozen content of a report that names one record."""
    named = {"file": "callback.record.json", "digest": digest or hashes.of_bytes(record)}
    return canonical.encode({"finding": "Calls come back", "records": [named]})


def prepare(attachments):
    pdf = writer.PdfFileWriter()
    for text in (b"BT ET", b"q Q"):
        page = RawContent(text, box=BoxConstraints(400, 500)).as_form_xobject()
        pdf.insert_page(
            writer.PageObject(contents=pdf.add_object(page), media_box=(0, 0, 400, 500))
        )
    for name, content in attachments.items():
        stream = embed.EmbeddedFileObject.from_file_data(pdf, content)
        embed.embed_file(
            pdf, embed.FileSpec(file_spec_string=name, file_name=name, embedded_data=stream)
        )
    place = fields.SigFieldSpec(signatures.FIELD, box=(20, 20, 200, 60))
    fields.append_signature_field(pdf, place)
    output = io.BytesIO()
    pdf.write(output)
    return output.getvalue()
