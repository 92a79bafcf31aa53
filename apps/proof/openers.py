"""How an opener keeps a secret: as a code on paper, or as a file under a passphrase.

The code is the secret's 256 bits and 24 bits of its SHA-256 in Crockford's base 32, in groups of
four: a letter mistyped is told apart from another key. The file is AES-256-GCM under scrypt of the
passphrase; it names whom and what it is for, and does not open under other names.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from apps.proof import canonical, envelopes
from apps.proof.errors import KeyRefused, NotAuthentic, NotCanonical
from apps.proof.sealing import SECRET_BYTES

FORMAT = "cceval opener key 1"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("OIL", "011")
CHECK_BYTES = 3
CODE_LETTERS = (SECRET_BYTES + CHECK_BYTES) * 8 // 5  # 56, without a remainder
GROUP = 4
SHORTEST_PASSPHRASE = 12
# RFC 7914 scrypt: about 64 MiB and a tenth of a second.
COST, BLOCK, LANES = 2**16, 8, 1


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """Whose secret it is, and for which envelope of which round."""

    environment: str
    envelope: str
    opener: str
    round: str

    @property
    def context(self) -> dict[str, str]:
        return {
            "environment": self.environment,
            "envelope": self.envelope,
            "kind": "opener key",
            "opener": self.opener,
            "round": self.round,
        }


def write_code(secret: bytes) -> str:
    """Write a secret for paper: 14 groups of four letters."""
    _require_secret(secret)
    number = int.from_bytes(secret + _check(secret), "big")
    letters = [LETTERS[number >> 5 * place & 31] for place in reversed(range(CODE_LETTERS))]
    groups = ("".join(letters[at : at + GROUP]) for at in range(0, CODE_LETTERS, GROUP))
    return "-".join(groups)


def read_code(text: str) -> bytes:
    """Read a code however it is typed: small letters, spaces, O for 0. KeyRefused names the slip."""
    typed = "".join(text.upper().translate(LOOKALIKES).replace("-", " ").split())
    if len(typed) != CODE_LETTERS:
        raise KeyRefused(f"A code has {CODE_LETTERS} letters; this one has {len(typed)}.")
    number = 0
    for place, letter in enumerate(typed):
        if letter not in LETTERS:
            raise KeyRefused(f"Group {place // GROUP + 1} of the code holds {letter!r}.")
        number = number << 5 | LETTERS.index(letter)
    raw = number.to_bytes(SECRET_BYTES + CHECK_BYTES, "big")
    secret = raw[:SECRET_BYTES]
    if raw[SECRET_BYTES:] != _check(secret):
        raise KeyRefused("This code has a slip in it: compare it with the sheet, group by group.")
    return secret


def write_file(secret: bytes, purpose: Purpose, passphrase: str, *, salt: bytes) -> bytes:
    """Write the key file; `salt` is 16 random bytes."""
    _require_secret(secret)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeyRefused(f"Use a passphrase of {SHORTEST_PASSPHRASE} characters or more.")
    sealed = envelopes.encrypt(_stretched(passphrase, salt), secret, purpose.context)
    return canonical.encode(
        {
            "format": FORMAT,
            "purpose": purpose.context,
            "salt": salt.hex(),
            "sealed": sealed.hex(),
        }
    )


def read_file(raw: bytes, purpose: Purpose, passphrase: str) -> bytes:
    """Return the secret; KeyRefused says whether the file, its purpose or the passphrase is wrong."""
    plain = _plain(raw)
    if plain["purpose"] != purpose.context:
        raise KeyRefused("This key file belongs to another opener, round or envelope.")
    try:
        key = _stretched(passphrase, bytes.fromhex(plain["salt"]))
        return envelopes.decrypt(key, bytes.fromhex(plain["sealed"]), purpose.context)
    except (NotAuthentic, ValueError, TypeError):
        raise KeyRefused("The passphrase is another one, or the key file was changed.") from None


def _plain(raw: bytes) -> dict[str, Any]:
    try:
        plain = canonical.decode(raw)
    except NotCanonical:
        plain = None
    names = {"format", "purpose", "salt", "sealed"}
    if not isinstance(plain, dict) or set(plain) != names or plain["format"] != FORMAT:
        raise KeyRefused("This is not the key file of an opener.")
    return plain


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=envelopes.KEY_BYTES, n=COST, r=BLOCK, p=LANES).derive(
        passphrase.encode()
    )


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"cceval opener code\x00" + secret).digest()[:CHECK_BYTES]


def _require_secret(secret: bytes) -> None:
    if len(secret) != SECRET_BYTES:
        raise KeyRefused(f"The secret of an opener has {SECRET_BYTES} bytes.")
