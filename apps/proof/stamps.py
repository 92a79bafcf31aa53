"""Time stamps of an outside authority (RFC 3161): proof that some bytes existed at a moment.

The authority sees a SHA-256 and signs it with its own time. Asking needs the network; checking
needs the token, the stamped bytes and the authority's certificate (or one above it) alone. The
chain is judged as of the time in the token, so that a stamp outlives the certificate behind it;
whether that certificate was revoked is not asked, since nothing here goes to the network.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from apps.proof.errors import LibraryMissing, NotAuthentic, NotStamped

TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")  # the type of what a token signs, in DER
HEAD = 200  # bytes in which it stands
LARGEST = 64 * 1024  # bytes of a token: certificates of the authority come along


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What a token says: when the authority saw which digest. Authentic once `confirm` passed."""

    at: datetime
    imprint: bytes
    authority: str


def ask(url: str, content: bytes, *, seconds: float) -> bytes:
    """Have an authority stamp some bytes; NotStamped when it cannot, or stamps something else."""
    from pyhanko.sign.timestamps import (
        HTTPTimeStamper,
        TimestampRequestError,
    )

    digest = hashlib.sha256(content).digest()
    stamper = HTTPTimeStamper(url, timeout=seconds)
    try:
        token = asyncio.run(stamper.async_timestamp(digest, "sha256")).dump()
    except (TimestampRequestError, TimeoutError, ValueError, TypeError) as error:
        raise NotStamped(f"The time-stamping authority gave no stamp: {error}") from None
    if len(token) > LARGEST or read(token).imprint != digest:
        raise NotStamped("The time-stamping authority stamped something else.")
    return bytes(token)


def is_stamp(raw: bytes) -> bool:
    """Say whether a file claims to be a time stamp."""
    return raw[:1] == b"\x30" and TST_INFO in raw[:HEAD]


def read(token: bytes) -> Stamp:
    """Read what a token says, believing nothing yet; NotAuthentic for what is none."""
    _signed, info = _parsed(token)
    imprint = info["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise NotAuthentic("This time stamp is not over a SHA-256.")
    return Stamp(
        at=info["gen_time"].native,
        imprint=imprint["hashed_message"].native,
        authority=_name(_signed),
    )


def confirm(token: bytes, content: bytes, authorities: Sequence[x509.Certificate]) -> Stamp:
    """Return what a token says of these bytes, once one of these certificates vouches for it."""
    from pyhanko.sign.validation.generic_cms import (
        validate_tst_signed_data,
    )
    from pyhanko.sign.validation.status import (
        TimestampSignatureStatus,
    )
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 -- comes with pyHanko

    found, (signed, _info) = read(token), _parsed(token)
    context = ValidationContext(
        trust_roots=[_converted(one) for one in authorities],
        moment=found.at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )

    def digest(_algorithm: str) -> bytes:
        return hashlib.sha256(content).digest()

    try:
        said = asyncio.run(validate_tst_signed_data(signed, context, digest))
    except Exception:  # noqa: BLE001 -- whatever a parser raises on a hostile token means the same
        said = None
    if said is None or not _holds(TimestampSignatureStatus(**said)):
        raise NotAuthentic("This time stamp was changed, or another authority made it.")
    return found


def _holds(status: Any) -> bool:
    return bool(status.intact and status.valid and status.trusted)


def _parsed(token: bytes) -> tuple[Any, Any]:
    """Return the signed data of a token and what it signs."""
    try:
        from asn1crypto import cms, tsp  # noqa: PLC0415 -- comes with pyHanko
    except ImportError:
        raise LibraryMissing(
            "Time stamps cannot be checked here: pyHanko is not installed."
        ) from None
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        info = signed["encap_content_info"]["content"].parsed
        if isinstance(info, tsp.TSTInfo) and isinstance(info.native, dict):
            return signed, info
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise NotAuthentic("This is not a time stamp.")


def _name(signed: Any) -> str:
    """Return the name in the certificate that came along and signed; for people, not for trust."""
    try:
        signer = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
        held = [one.chosen for one in signed["certificates"]]
        name = next(one for one in held if one.serial_number == signer).subject.native
        return str(name.get("common_name") or name.get("organization_name") or "an authority")
    except (StopIteration, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return "an authority"


def _converted(certificate: x509.Certificate) -> Any:
    from asn1crypto import x509 as parsed  # noqa: PLC0415 -- comes with pyHanko

    return parsed.Certificate.load(certificate.public_bytes(Encoding.DER))
