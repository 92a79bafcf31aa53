"""Seal content to a key that only k of n openers can put together: the service itself cannot.

A round has a key pair per envelope. Whoever seals needs the public half alone. The private half is
stored only as wraps, one per group of k openers: AES-256-GCM under HKDF-SHA256 of the secrets of
that group. Sealing itself is HPKE (RFC 9180) with the hybrid of ML-KEM-768 and X25519, HKDF-SHA256
and AES-256-GCM, as the `cryptography` package implements it; no primitive is written here.

What is sealed or wrapped is bound to its place: moved to another installation, round, envelope,
vendor or version it does not open. A blob begins with the id of its algorithm, so that others can
stand beside it later and old blobs stay readable.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes as digests
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from apps.proof import canonical, envelopes
from apps.proof.errors import NotAuthentic, SealRefused

ALGORITHM = b"MLKEM768X25519-HKDFSHA256-A256GCM.1"
PREFIX = bytes([len(ALGORITHM)]) + ALGORITHM
SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
SECRET_BYTES = 32
SEED_BYTES, PUBLIC_BYTES = 64, 1184  # of ML-KEM-768
WRAPPED_BYTES = 1168  # a data key under HPKE: two encapsulations, 32 bytes and a tag
MOST_OPENERS = 7
BOUND_TO = ("environment", "kind", "manifest", "procurement", "round", "submission", "vendor")
PLACE = ("environment", "kind", "procurement", "round")


@dataclass(frozen=True)
class PublicKey:
    """The half that everybody may have: it seals and opens nothing."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != PUBLIC_BYTES + SECRET_BYTES:
            raise SealRefused("This is not the public key of an envelope.")

    def seal(self, content: bytes, context: Mapping[str, str]) -> bytes:
        """Seal content under a data key of its own; `context` says where it belongs, completely."""
        _require(context, BOUND_TO)
        data_key = secrets.token_bytes(SECRET_BYTES)
        try:
            key = hpke.MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self.raw[:PUBLIC_BYTES]),
                X25519PublicKey.from_public_bytes(self.raw[PUBLIC_BYTES:]),
            )
            wrapped = SUITE.encrypt(data_key, key, _info("seal", context))
        except ValueError:  # bytes of the right length that are no key
            raise SealRefused("This is not the public key of an envelope.") from None
        return PREFIX + wrapped + envelopes.encrypt(data_key, content, context)


@dataclass(frozen=True)
class PrivateKey:
    """The half that opens: in memory for the time of an opening, stored as wraps alone."""

    raw: bytes

    @classmethod
    def generate(cls) -> "PrivateKey":
        return cls(
            MLKEM768PrivateKey.generate().private_bytes_raw()
            + X25519PrivateKey.generate().private_bytes_raw()
        )

    @property
    def public(self) -> PublicKey:
        lattice, curve = self._halves()
        return PublicKey(
            lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        )

    def open(self, blob: bytes, context: Mapping[str, str]) -> bytes:
        """Return the content; NotAuthentic for another key, another place or a flipped bit."""
        _require(context, BOUND_TO)
        if not blob.startswith(PREFIX):
            raise NotAuthentic("This envelope was sealed in a way this version does not know.")
        end = len(PREFIX) + WRAPPED_BYTES
        key = hpke.MLKEM768X25519PrivateKey(*self._halves())
        try:
            data_key = SUITE.decrypt(blob[len(PREFIX) : end], key, _info("seal", context))
        except (InvalidTag, ValueError):
            raise NotAuthentic(
                "This envelope was changed, or it belongs to another key or another place."
            ) from None
        return envelopes.decrypt(data_key, blob[end:], context)

    def rewrap(self, blob: bytes, context: Mapping[str, str], *, under: bytes) -> bytes:
        """Open an envelope and keep it under a key of the service, marked as opened."""
        return envelopes.encrypt(under, self.open(blob, context), {**context, "opened": "yes"})

    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        return (
            MLKEM768PrivateKey.from_seed_bytes(self.raw[:SEED_BYTES]),
            X25519PrivateKey.from_private_bytes(self.raw[SEED_BYTES:]),
        )


@dataclass(frozen=True, kw_only=True)
class Lock:
    """What is stored of one envelope's key: the public half, the wraps, a trial for each opener.

    `wraps` are by the group's names, sorted; `trials` hold nothing and open only with the secret of
    the named opener: so possession is proved, and a wrong key named, without opening anything.
    """

    public: PublicKey
    needed: int
    trials: Mapping[str, bytes]
    wraps: Mapping[tuple[str, ...], bytes]
    context: Mapping[str, str]

    def fits(self, opener: str, secret: bytes) -> bool:
        """Say whether this is the secret of this opener for this envelope."""
        if opener not in self.trials or len(secret) != SECRET_BYTES:
            return False
        try:
            _unwrap((secret,), self.trials[opener], _info("trial", self.context, (opener,)))
        except InvalidTag:
            return False
        return True

    def open(self, shares: Mapping[str, bytes]) -> PrivateKey:
        """Put the private key together from the openers' secrets; SealRefused says what is wrong."""
        for opener, secret in shares.items():
            if opener not in self.trials:
                raise SealRefused(f"{opener} is no opener of this envelope.")
            if not self.fits(opener, secret):
                raise SealRefused(f"The key of {opener} is another one than was proved.")
        if len(shares) < self.needed:
            raise SealRefused(
                f"{self.needed} of {len(self.trials)} openers are needed; "
                f"{len(shares)} turned a key."
            )
        group = tuple(sorted(shares))[: self.needed]
        try:
            raw = _unwrap(
                tuple(shares[name] for name in group),
                self.wraps[group],
                _info("wrap", self.context, group),
            )
        except (InvalidTag, KeyError):
            raise SealRefused("The stored key of this envelope was changed.") from None
        return PrivateKey(raw)


def new_secret() -> bytes:
    """Make an opener's secret for one envelope; it is shown once and stored nowhere."""
    return secrets.token_bytes(SECRET_BYTES)


def make_lock(shares: Mapping[str, bytes], *, needed: int, context: Mapping[str, str]) -> Lock:
    """Make a key pair that any `needed` of these openers open, and forget its private half.

    `shares` are the openers' secrets by name; `context` names installation, procurement, round and
    envelope.
    """
    _require(context, PLACE)
    if not 1 <= needed <= len(shares) <= MOST_OPENERS:
        raise SealRefused(f"Name 1 to {MOST_OPENERS} openers, and how many of them are needed.")
    if len(set(shares.values())) < len(shares):
        raise SealRefused("Two openers have the same key: each needs one of their own.")
    if any(len(secret) != SECRET_BYTES for secret in shares.values()):
        raise SealRefused(f"The secret of an opener has {SECRET_BYTES} bytes.")
    key = PrivateKey.generate()
    groups = combinations(sorted(shares), needed)
    return Lock(
        public=key.public,
        needed=needed,
        trials={
            name: _wrap((secret,), b"", _info("trial", context, (name,)))
            for name, secret in shares.items()
        },
        wraps={
            group: _wrap(
                tuple(shares[name] for name in group), key.raw, _info("wrap", context, group)
            )
            for group in groups
        },
        context=dict(context),
    )


def _wrap(keys: tuple[bytes, ...], content: bytes, info: bytes) -> bytes:
    nonce = secrets.token_bytes(envelopes.NONCE_BYTES)
    return nonce + AESGCM(_derived(keys, info)).encrypt(nonce, content, info)


def _unwrap(keys: tuple[bytes, ...], blob: bytes, info: bytes) -> bytes:
    nonce, sealed = blob[: envelopes.NONCE_BYTES], blob[envelopes.NONCE_BYTES :]
    if len(sealed) < envelopes.TAG_BYTES:
        raise InvalidTag
    return AESGCM(_derived(keys, info)).decrypt(nonce, sealed, info)


def _derived(keys: tuple[bytes, ...], info: bytes) -> bytes:
    kdf = HKDF(algorithm=digests.SHA256(), length=SECRET_BYTES, salt=None, info=info)
    return kdf.derive(b"".join(keys))


def _info(purpose: str, context: Mapping[str, str], openers: tuple[str, ...] = ()) -> bytes:
    """What a ciphertext is bound to: its algorithm, its purpose, its place, its openers."""
    bound = {"context": dict(context), "openers": list(openers), "purpose": purpose}
    return PREFIX + canonical.encode(bound)


def _require(context: Mapping[str, str], names: tuple[str, ...]) -> None:
    missing = [name for name in names if not context.get(name)]
    if missing:
        raise ValueError(f"what is sealed is bound to its {' and its '.join(missing)}")
