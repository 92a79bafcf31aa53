"""Seal content to a key that only k of n openers can put together: the service itself cannot.

A round has a key pair per envelope. Whoever seals needs the public half alone. Each opener has a
key pair too, derived from a secret of 32 bytes that only the opener keeps; its public half is
stored. So the round's key can be made when all openers have theirs, and no secret waits anywhere.

The private half of the round is stored only as wraps, one per group of k openers: one random share
for each of them, sealed to the opener's public half, and the private half under AES-256-GCM with
HKDF-SHA256 of all k shares. Sealing is HPKE (RFC 9180) with the hybrid of ML-KEM-768 and X25519,
HKDF-SHA256 and AES-256-GCM, as the `cryptography` package implements it; no primitive is written
here.

What is sealed or wrapped is bound to its place: moved to another installation, round, envelope,
vendor or version it does not open. A blob begins with the id of its algorithm, so that others can
stand beside it later and old blobs stay readable.
"""

import secrets
from collections.abc import Mapping, Sequence
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
        self._receiver()

    def seal(self, content: bytes, context: Mapping[str, str]) -> bytes:
        """Seal content under a data key of its own; `context` says where it belongs, completely."""
        _require(context, BOUND_TO)
        data_key = secrets.token_bytes(SECRET_BYTES)
        wrapped = self.send_key(data_key, _info("seal", context))
        return PREFIX + wrapped + envelopes.encrypt(data_key, content, context)

    def send_key(self, key: bytes, info: bytes) -> bytes:
        """Seal a key of 32 bytes to whoever has the private half: `WRAPPED_BYTES`."""
        try:
            return SUITE.encrypt(key, self._receiver(), info)
        except ValueError:  # a key under which nothing can be agreed
            raise SealRefused("This is not the public key of an envelope.") from None

    def _receiver(self) -> hpke.MLKEM768X25519PublicKey:
        try:
            return hpke.MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self.raw[:PUBLIC_BYTES]),
                X25519PublicKey.from_public_bytes(self.raw[PUBLIC_BYTES:]),
            )
        except ValueError:
            raise SealRefused("This is not the public key of an envelope.") from None


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
        try:
            data_key = self.receive_key(blob[len(PREFIX) : end], _info("seal", context))
        except (InvalidTag, ValueError):
            raise NotAuthentic(
                "This envelope was changed, or it belongs to another key or another place."
            ) from None
        return envelopes.decrypt(data_key, blob[end:], context)

    def receive_key(self, sealed: bytes, info: bytes) -> bytes:
        """Undo `send_key`; InvalidTag or ValueError for another key, another `info`, other bytes."""
        return SUITE.decrypt(sealed, hpke.MLKEM768X25519PrivateKey(*self._halves()), info)

    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        return (
            MLKEM768PrivateKey.from_seed_bytes(self.raw[:SEED_BYTES]),
            X25519PrivateKey.from_private_bytes(self.raw[SEED_BYTES:]),
        )


@dataclass(frozen=True, kw_only=True)
class Lock:
    """What is stored of one envelope's key: the public half, the openers' public halves, the wraps.

    `wraps` are by the group's names, sorted. An opener's public half tells whether a secret is the
    opener's: so possession is proved, and a wrong key named, without opening anything.
    """

    public: PublicKey
    needed: int
    openers: Mapping[str, PublicKey]
    wraps: Mapping[tuple[str, ...], bytes]
    context: Mapping[str, str]

    def fits(self, opener: str, secret: bytes) -> bool:
        """Say whether this is the secret of this opener for this envelope."""
        if opener not in self.openers or len(secret) != SECRET_BYTES:
            return False
        return key_of(secret, opener, self.context).public == self.openers[opener]

    def open(self, secrets_by_opener: Mapping[str, bytes]) -> PrivateKey:
        """Put the private key together from the openers' secrets; SealRefused says what is wrong."""
        for opener, secret in secrets_by_opener.items():
            if opener not in self.openers:
                raise SealRefused(f"{opener} is no opener of this envelope.")
            if not self.fits(opener, secret):
                raise SealRefused(f"The key of {opener} is another one than was proved.")
        if len(secrets_by_opener) < self.needed:
            raise SealRefused(
                f"{self.needed} of {len(self.openers)} openers are needed; "
                f"{len(secrets_by_opener)} turned a key."
            )
        group = tuple(sorted(secrets_by_opener))[: self.needed]
        held = {name: key_of(secrets_by_opener[name], name, self.context) for name in group}
        try:
            key = PrivateKey(_unwrap(held, self.wraps[group], self.context))
        except (InvalidTag, KeyError, ValueError):
            raise SealRefused("The stored key of this envelope was changed.") from None
        if key.public != self.public:
            raise SealRefused("The stored key of this envelope was changed.")
        return key


def new_secret() -> bytes:
    """Make an opener's secret for one envelope; it is shown once and stored nowhere."""
    return secrets.token_bytes(SECRET_BYTES)


def key_of(secret: bytes, opener: str, context: Mapping[str, str]) -> PrivateKey:
    """Derive the key pair of an opener for one envelope; another opener's or place's is another."""
    _require(context, PLACE)
    if len(secret) != SECRET_BYTES:
        raise SealRefused(f"The secret of an opener has {SECRET_BYTES} bytes.")
    info = _info("opener", context, (opener,))
    return PrivateKey(_derived((secret,), info, SEED_BYTES + SECRET_BYTES))


def make_lock(openers: Mapping[str, PublicKey], *, needed: int, context: Mapping[str, str]) -> Lock:
    """Make a key pair that any `needed` of these openers open, and forget its private half.

    `openers` are their public halves by name; `context` names installation, procurement, round and
    envelope.
    """
    _require(context, PLACE)
    if not 1 <= needed <= len(openers) <= MOST_OPENERS:
        raise SealRefused(f"Name 1 to {MOST_OPENERS} openers, and how many of them are needed.")
    if len({one.raw for one in openers.values()}) < len(openers):
        raise SealRefused("Two openers have the same key: each needs one of their own.")
    key = PrivateKey.generate()
    groups = combinations(sorted(openers), needed)
    return Lock(
        public=key.public,
        needed=needed,
        openers=dict(openers),
        wraps={
            group: _wrap({name: openers[name] for name in group}, key.raw, context)
            for group in groups
        },
        context=dict(context),
    )


def _wrap(group: Mapping[str, PublicKey], content: bytes, context: Mapping[str, str]) -> bytes:
    """Encrypt for a group together: k sealed shares, then the content under all of them."""
    names = tuple(group)
    shares = [secrets.token_bytes(SECRET_BYTES) for _name in names]
    sealed = [
        public.send_key(share, _info("share", context, (name, *names)))
        for share, (name, public) in zip(shares, group.items(), strict=True)
    ]
    info, nonce = _info("wrap", context, names), secrets.token_bytes(envelopes.NONCE_BYTES)
    return b"".join(sealed) + nonce + AESGCM(_derived(shares, info)).encrypt(nonce, content, info)


def _unwrap(group: Mapping[str, PrivateKey], blob: bytes, context: Mapping[str, str]) -> bytes:
    """Undo `_wrap` with the private halves of the whole group."""
    names = tuple(group)
    end = WRAPPED_BYTES * len(names)
    shares = [
        key.receive_key(
            blob[place * WRAPPED_BYTES : (place + 1) * WRAPPED_BYTES],
            _info("share", context, (name, *names)),
        )
        for place, (name, key) in enumerate(group.items())
    ]
    nonce, sealed = blob[end : end + envelopes.NONCE_BYTES], blob[end + envelopes.NONCE_BYTES :]
    info = _info("wrap", context, names)
    return AESGCM(_derived(shares, info)).decrypt(nonce, sealed, info)


def _derived(keys: Sequence[bytes], info: bytes, length: int = SECRET_BYTES) -> bytes:
    kdf = HKDF(algorithm=digests.SHA256(), length=length, salt=None, info=info)
    return kdf.derive(b"".join(keys))


def _info(purpose: str, context: Mapping[str, str], openers: tuple[str, ...] = ()) -> bytes:
    """What a ciphertext is bound to: its algorithm, its purpose, its place, its openers."""
    bound = {"context": dict(context), "openers": list(openers), "purpose": purpose}
    return PREFIX + canonical.encode(bound)


def _require(context: Mapping[str, str], names: tuple[str, ...]) -> None:
    missing = [name for name in names if not context.get(name)]
    if missing:
        raise ValueError(f"what is sealed is bound to its {' and its '.join(missing)}")
