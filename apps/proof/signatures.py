"""PDF signatures by pyHanko: sign a prepared report, and check one that came back.

Signing is PAdES B-B: a certification signature that allows no changes (DocMDP 1), RSA with
SHA-256, in the one tagged field that the renderer has prepared. Checking trusts nothing but
pinned certificates and whole files: "valid" in the sense of a PDF reader is also true of a report
with pages appended, and of anybody else's signature. Changes appended to a file are refused and
never analysed, since that analysis takes minutes on a long tagged file.

Nothing here decides whether a report is current, replaced or withdrawn: the register does.
"""

import hashlib
import io
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes as digests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import Certificate

from apps.proof import hashes
from apps.proof.certificates import Signer
from apps.proof.errors import LibraryMissing, SigningRefused

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import EmbeddedPdfSignature

FIELD = "Signature1"


class State(StrEnum):
    """What can be said of a file without asking the register."""

    OURS = "ours"
    RESAVED = "resaved"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class Check:
    """The answer to one file: its state, and what the signature itself says where there is one."""

    state: State
    digest: str
    signatures: int = 0
    intact: bool = False
    whole_file: bool = False
    fingerprint: str | None = None
    signer: str | None = None
    claimed_at: datetime | None = None


def sign(pdf: bytes, *, signer: Signer, at: datetime, reason: str) -> bytes:
    """Fill the prepared field; the result covers the whole file and allows no change to it.

    `at` is the time the signature claims. Raise SigningRefused where there is no empty field.
    """
    from pyhanko.pdf_utils.incremental_writer import (
        IncrementalPdfFileWriter,
    )
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import fields, signers
    from pyhanko.sign.general import SigningError

    details = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",  # named, because the default may raise the file to PDF 2.0
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        session = _dated_signer(details, signer, at)
        signed = session.sign_pdf(writer, existing_fields_only=True)
    except (PdfError, SigningError):
        raise SigningRefused(
            "This PDF cannot be signed: it has no empty signature field prepared by the renderer."
        ) from None
    return bytes(signed.getvalue())


def check(pdf: bytes, *, pinned: Collection[str]) -> Check:
    """Judge one uploaded file; `pinned` holds the SHA-256 fingerprints of our certificates.

    The upload is hostile: run this in a child with limits wherever strangers can send files.
    """
    digest = hashes.of_bytes(pdf)
    try:
        embedded = _reader(pdf).embedded_signatures
        found = [_judge(pdf, signature, digest, pinned) for signature in embedded]
    except LibraryMissing:
        raise
    except Exception:  # noqa: BLE001 -- whatever a parser raises on a hostile file means the same
        broken = State.ALTERED if b"/ByteRange" in pdf else State.UNREADABLE
        return Check(state=broken, digest=digest)
    if not found:
        return Check(state=State.UNSIGNED, digest=digest)
    if len(found) == 1:
        return found[0]
    return Check(state=_together(found), digest=digest, signatures=len(found))


def load_library() -> None:
    """Import what `check` needs: once, in a process that will fork for each file it checks."""
    from pyhanko.pdf_utils import reader
    from pyhanko.sign.validation import generic_cms

    del reader, generic_cms


def attachments(pdf: bytes) -> dict[str, bytes]:
    """Return the files inside a PDF by name; ask only once `check` has said whose it is."""
    try:
        names = _reader(pdf).root["/Names"]["/EmbeddedFiles"]["/Names"]
    except KeyError:
        return {}
    entries = (names[place] for place in range(1, len(names), 2))
    return {str(entry["/UF"]): bytes(entry["/EF"]["/F"].data) for entry in entries}


def _reader(pdf: bytes) -> "PdfFileReader":
    try:
        from pyhanko.pdf_utils.reader import PdfFileReader
    except ImportError:
        raise LibraryMissing(
            "PDF files cannot be checked here: pyHanko is not installed."
        ) from None
    return PdfFileReader(io.BytesIO(pdf), strict=True)


def _judge(
    pdf: bytes, embedded: "EmbeddedPdfSignature", digest: str, pinned: Collection[str]
) -> Check:
    """Compare one signature with the bytes of the file, then with the certificates we know."""
    from pyhanko.sign.validation.generic_cms import (
        validate_sig_integrity,
    )

    certificate = embedded.signer_cert
    fingerprint = certificate.sha256.hex()
    covered = _covered(pdf, embedded)
    signed = _signed_digest(pdf, embedded)
    # No chain is built here on purpose: a pinned fingerprint is the whole trust here, so a
    # certificate that merely bears our name gains nothing.
    unchanged, valid = validate_sig_integrity(embedded.signer_info, certificate, "data", signed)
    intact = unchanged and valid and embedded.md_algorithm == "sha256"
    return Check(
        state=_state(intact=intact, ours=fingerprint in pinned, whole=covered),
        digest=digest,
        signatures=1,
        intact=intact,
        whole_file=covered,
        fingerprint=fingerprint,
        signer=certificate.subject.native.get("common_name"),
        claimed_at=embedded.self_reported_timestamp,
    )


def _state(*, intact: bool, ours: bool, whole: bool) -> State:
    if not intact:
        return State.ALTERED
    if not ours:
        return State.FOREIGN
    return State.OURS if whole else State.RESAVED


def _together(found: list[Check]) -> State:
    """Judge a file with several signatures; ours always stands alone, so it is never ours."""
    states = {one.state for one in found}
    if State.ALTERED in states:
        return State.ALTERED
    return State.FOREIGN if states == {State.FOREIGN} else State.RESAVED


def _signed_digest(pdf: bytes, embedded: "EmbeddedPdfSignature") -> bytes:
    """Hash the two stretches of the file that the signature says it covers."""
    first, length, second, rest = embedded.byte_range
    return hashlib.sha256(pdf[first : first + length] + pdf[second : second + rest]).digest()


def _covered(pdf: bytes, embedded: "EmbeddedPdfSignature") -> bool:
    """Say whether only the signature itself is left out, and it is written as we write it.

    The gap must hold the signature's own hexadecimal digits and nothing else; digits after it
    are zeros. Otherwise bytes could hide in the gap, or the gap be somewhere else. A few bits
    of the container itself are covered by nothing and say nothing; the register tells such a file
    from the one we issued by its digest.
    """
    from asn1crypto import cms  # noqa: PLC0415 -- comes with pyHanko

    _, length, second, rest = embedded.byte_range
    gap = pdf[length:second]
    container = cms.ContentInfo.load(embedded.pkcs7_content).dump()
    return (
        embedded.byte_range[0] == 0
        and second + rest == len(pdf)
        and gap == b"<" + embedded.pkcs7_content.hex().upper().encode() + b">"
        and not embedded.pkcs7_content[len(container) :].strip(b"\x00")
    )


def _dated_signer(details: Any, signer: Signer, at: datetime) -> Any:
    """Build pyHanko's signer with our key, our time (it takes the system's) and an empty stamp."""
    from pyhanko.sign import signers

    class Dated(signers.PdfSigner):
        def init_signing_session(self, *args: Any, **options: Any) -> Any:
            session = super().init_signing_session(*args, **options)
            session.system_time = at
            return session

    return Dated(details, signer=_loaded_key(signer), stamp_style=_blank_stamp())


def _loaded_key(signer: Signer) -> Any:
    """Keep the key loaded: pyHanko reads it again for each signature, 95 ms for RSA-3072."""
    from asn1crypto import x509  # noqa: PLC0415 -- comes with pyHanko
    from pyhanko.sign import signers

    class LoadedKey(signers.Signer):
        async def async_sign_raw(self, data: bytes, *_details: Any, **_options: Any) -> bytes:
            return signer.key.sign(data, padding.PKCS1v15(), digests.SHA256())

    def parsed(certificate: Certificate) -> x509.Certificate:
        return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))

    loaded = LoadedKey(signing_cert=parsed(signer.certificate))
    for certificate in signer.chain:  # travels along, so that a reader can be told to trust it
        loaded.cert_registry.register(parsed(certificate))
    return loaded


def _blank_stamp() -> Any:
    """Draw nothing: pyHanko's own stamp uses a font it does not embed, the end of PDF/A and UA."""
    from pyhanko import stamp
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.pdf_utils.layout import BoxConstraints

    class Nothing(PdfContent):
        def render(self) -> bytes:
            return b""

    nothing = Nothing(box=BoxConstraints(1, 1))
    return stamp.StaticStampStyle(border_width=0, background=nothing, background_opacity=1)
