"""What the asker relies on; everything else has to be proved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.x509 import Certificate

from apps.proof.keys import VerifyKey


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Certificates by fingerprint, keys of receipts and checkpoints by id, a printed digest.

    `authorities` are certificates of time-stamping authorities.
    """

    fingerprints: frozenset[str] = frozenset()
    keys: Mapping[str, VerifyKey] = field(default_factory=dict)
    digest: str | None = None
    authorities: tuple[Certificate, ...] = ()
