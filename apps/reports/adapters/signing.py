"""Keys from files, a PDF from the renderer → a signed PDF by `apps.proof.signatures`.

The files and their passphrase are named by parameters; nothing here knows a default of either.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from apps.proof import certificates, hashes, keys, signatures
from apps.proof.certificates import Root, Signer
from apps.proof.errors import KeyRefused

ROOT_CERTIFICATE = "root.pem"
ROOT_KEY = "root.key"
SIGNER = "signer.p12"
SIGNER_CERTIFICATE = "signer.pem"


@dataclass(frozen=True, kw_only=True)
class Signed:
    """The file to keep, its SHA-256, and the certificate to pin for checking it."""

    pdf: bytes
    digest: str
    fingerprint: str


def first_run(*, folder: Path, passphrase_file: Path, organisation: str, at: datetime) -> Signer:
    """Make the root and the first signer in `folder`; never over keys that are there already.

    Move `root.key` off the machine afterwards: it is needed once more, for the next signer.
    """
    passphrase = keys.read_passphrase(passphrase_file)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    root = Root.create(organisation=organisation, at=at)
    signer = Signer.issue(root=root, organisation=organisation, at=at)
    _keep(folder / ROOT_KEY, root.key_pem(passphrase))
    _keep(folder / ROOT_CERTIFICATE, root.certificate_pem())
    _keep(folder / SIGNER, signer.to_pkcs12(passphrase))
    _keep(folder / SIGNER_CERTIFICATE, signer.certificate_pem())
    return signer


def load(*, signer_file: Path, passphrase_file: Path) -> Signer:
    """Read the signer once per worker: unlocking its key takes a tenth of a second."""
    return Signer.from_pkcs12(_read(signer_file), keys.read_passphrase(passphrase_file))


def fingerprint_of(certificate_file: Path) -> str:
    return certificates.fingerprint(certificates.read_certificate(_read(certificate_file)))


def sign(pdf: bytes, *, signer: Signer, at: datetime, reason: str) -> Signed:
    """Sign, then check the result as a stranger would before anybody is told it exists."""
    signed = signatures.sign(pdf, signer=signer, at=at, reason=reason)
    answer = signatures.check(signed, pinned={signer.fingerprint})
    if answer.state is not signatures.State.OURS:
        raise KeyRefused(f"The signed report does not pass its own check: {answer.state.value}.")
    return Signed(pdf=signed, digest=hashes.of_bytes(signed), fingerprint=signer.fingerprint)


def _keep(path: Path, content: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyRefused(f"There is a key in {path} already; it is not replaced.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyRefused(f"The key file {path} cannot be read: {error.strerror}.") from None
