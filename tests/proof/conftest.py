"""Throw-away keys, and a two-page PDF with an empty signature field, made without a renderer."""
# ruff: noqa: TID253 -- forgeries are made with the writer of the library under test

import io
from datetime import UTC, datetime

import pytest
from pyhanko.pdf_utils import embed, writer
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import fields

from apps.engine import cases
from apps.proof import canonical, certificates, hashes, keys, receipts, signatures

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
def receipt():
    return receipts.Receipt(
        manifest=receipts.Manifest.of(
            environment="test",
            round="round-1",
            vendor="castellan",
            submission="S-2026-0007",
            version=2,
            items=[
                receipts.Item(name="plan.pdf", size=7, digest=hashes.of_bytes(b"content")),
                receipts.Item(name="answers.json", size=2, digest=hashes.of_bytes(b"{}")),
            ],
        ),
        arrived_at=datetime(2026, 10, 2, 9, 59, 58, 123000, tzinfo=UTC),
        committed_at=datetime(2026, 10, 2, 9, 59, 59, 7000, tzinfo=UTC),
        notices=("This round can be opened by one person.",),
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
