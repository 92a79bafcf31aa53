"""What a vendor keeps of a submission: a signed list of what was received, and when.

A receipt is canonical JSON ``{body, format, key_id, signature}``. The signature (Ed25519) covers
the format and the body, so anyone with the public key can check the receipt without the service.
The body names every file by size and SHA-256, and carries 32 random bytes: the digest of the
manifest may then be published without letting anybody guess a price and check the guess.

The short form has the digest of the manifest and no manifest: names and sizes are part of a bid,
and the service does not keep them readable. Beside the signed body may stand what is the vendor's
alone, its recovery code: the signature does not cover it, and without it the receipt is the same.

With the receipt comes the proof that the submission is an entry of the service's log, under a
checkpoint that was signed for everybody: a service that forgets a bid contradicts itself.
"""

import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from apps.proof import canonical, hashes, logs
from apps.proof.errors import NotCanonical, UnreadableLog, UnreadableReceipt
from apps.proof.keys import SigningKey, VerifyKey
from apps.proof.logs import ProvenEntry

FORMAT = "cceval receipt 1"
NONCE_BYTES = 32
PLACE = ("environment", "round", "submission", "vendor")
TEXTS = frozenset({*PLACE, "nonce"})
CODE = "recovery_code"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One file of a submission as it was received: its name, its size in bytes, its SHA-256."""

    name: str
    size: int
    digest: str

    def __post_init__(self) -> None:
        if not self.name or self.size < 0 or not hashes.is_digest(self.digest):
            raise UnreadableReceipt("A receipt lists each file by name, size and SHA-256.")


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What one submission consists of, and the place it was submitted to."""

    environment: str
    round: str
    vendor: str
    submission: str
    version: int
    nonce: str
    items: tuple[Item, ...]

    @classmethod
    def of(
        cls,
        *,
        environment: str,
        round: str,  # noqa: A002 -- the field's own word
        vendor: str,
        submission: str,
        version: int,
        items: Iterable[Item],
    ) -> "Manifest":
        return cls(
            environment=environment,
            round=round,
            vendor=vendor,
            submission=submission,
            version=version,
            nonce=secrets.token_hex(NONCE_BYTES),
            items=tuple(sorted(items, key=lambda item: item.name)),
        )

    @property
    def digest(self) -> str:
        """The SHA-256 that stands for the whole submission: in the log, on screen, on paper."""
        return hashes.of_value(self.to_plain())

    def to_plain(self) -> dict[str, Any]:
        return {
            "environment": self.environment,
            "items": [
                {"digest": item.digest, "name": item.name, "size": item.size} for item in self.items
            ],
            "nonce": self.nonce,
            "round": self.round,
            "submission": self.submission,
            "vendor": self.vendor,
            "version": self.version,
        }


@dataclass(frozen=True, kw_only=True)
class Short:
    """One submission by the digest of its manifest: where it was submitted to, not what it is."""

    environment: str
    round: str
    vendor: str
    submission: str
    version: int
    digest: str

    def __post_init__(self) -> None:
        if not hashes.is_digest(self.digest):
            raise UnreadableReceipt("A receipt names the SHA-256 of what was received.")

    @property
    def items(self) -> tuple[Item, ...]:
        """None: which files there are is in the vendor's own copy."""
        return ()

    def to_plain(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in PLACE}, "version": self.version}


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A manifest, or its short form, with its times, its entry in the log, and what must be told."""

    manifest: Manifest | Short
    arrived_at: datetime
    committed_at: datetime
    notices: tuple[str, ...] = ()
    log: ProvenEntry | None = None

    @property
    def is_in_log(self) -> bool:
        """Whether the proven entry is in its log and speaks of this very submission."""
        if self.log is None or not self.log.holds:
            return False
        content = self.log.entry.content
        said = content.get("details") if isinstance(content, dict) else None
        return isinstance(said, dict) and (
            said.get("manifest_digest") == self.manifest.digest
            and said.get("submission") == self.manifest.submission
            and _same_moment(said.get("arrived_at"), self.arrived_at)
        )

    @property
    def _names(self) -> str:
        return "manifest" if isinstance(self.manifest, Manifest) else "submission"

    def to_plain(self) -> dict[str, Any]:
        proven = {"log": self.log.to_plain()} if self.log else {}
        return {
            **proven,
            "arrived_at": _written(self.arrived_at),
            "committed_at": _written(self.committed_at),
            self._names: self.manifest.to_plain(),
            "manifest_digest": self.manifest.digest,
            "notices": list(self.notices),
        }


@dataclass(frozen=True, kw_only=True)
class SignedReceipt:
    """A receipt as it was read from a file; authentic only once a known key has confirmed it."""

    receipt: Receipt
    key_id: str
    signature: bytes
    has_code: bool = False  # whether the vendor's recovery code stands in the file

    def confirmed_by(self, key: VerifyKey) -> bool:
        return key.confirms(self.signature, _message(self.receipt.to_plain()))


def issue(receipt: Receipt, key: SigningKey, *, recovery_code: str = "") -> bytes:
    """Sign a receipt and write it as the file a vendor downloads, with its recovery code if given."""
    body = receipt.to_plain()
    file = _file(body, key.key_id, key.sign(_message(body)))
    return canonical.encode({**file, CODE: recovery_code} if recovery_code else file)


def read(raw: bytes) -> SignedReceipt:
    """Read a receipt; refuse whatever `issue` would not have written."""
    try:
        plain = canonical.decode(raw)
        code = plain.pop(CODE, None)
        signed = SignedReceipt(
            has_code=code is not None,
            receipt=_receipt(plain["body"]),
            key_id=_text(plain["key_id"]),
            signature=base64.b64decode(plain["signature"], validate=True),
        )
        same = _file(signed.receipt.to_plain(), signed.key_id, signed.signature) == plain
        if code is not None:
            _text(code)
    except (
        *(NotCanonical, UnreadableLog, KeyError, TypeError, ValueError),
        *(OverflowError, AttributeError),
    ):
        raise UnreadableReceipt("This file is not a receipt of this service.") from None
    if not same:
        raise UnreadableReceipt("This receipt contradicts itself, or names things it should not.")
    return signed


def _file(body: Mapping[str, Any], key_id: str, signature: bytes) -> dict[str, Any]:
    return {
        "body": body,
        "format": FORMAT,
        "key_id": key_id,
        "signature": base64.b64encode(signature).decode(),
    }


def _receipt(body: Mapping[str, Any]) -> Receipt:
    return Receipt(
        manifest=_manifest(body["manifest"]) if "manifest" in body else _short(body),
        arrived_at=datetime.fromisoformat(body["arrived_at"]),
        committed_at=datetime.fromisoformat(body["committed_at"]),
        notices=tuple(_text(notice) for notice in body["notices"]),
        log=logs.proof_from(body["log"]) if "log" in body else None,
    )


def _manifest(plain: Mapping[str, Any]) -> Manifest:
    return Manifest(
        **{name: _text(text) for name, text in plain.items() if name in TEXTS},
        version=_whole(plain["version"]),
        items=tuple(
            Item(name=_text(item["name"]), size=_whole(item["size"]), digest=_text(item["digest"]))
            for item in plain["items"]
        ),
    )


def _short(body: Mapping[str, Any]) -> Short:
    plain = body["submission"]
    return Short(
        **{name: _text(plain[name]) for name in PLACE},
        version=_whole(plain["version"]),
        digest=_text(body["manifest_digest"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a receipt has text here")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a receipt has a whole number here")
    return value


def _message(body: Mapping[str, Any]) -> bytes:
    """What the signature covers; the format keeps it apart from all else this key may sign."""
    return FORMAT.encode() + b"\x00" + canonical.encode(body)


def _written(moment: datetime) -> str:
    """Write a time in UTC to the millisecond, which is what the deadline is decided by."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _same_moment(text: object, moment: datetime) -> bool:
    try:
        return _written(datetime.fromisoformat(str(text))) == _written(moment)
    except ValueError:
        return False
