"""The keys of this installation: made once, kept as files, their certificates pinned in public."""

import datetime as dt
import os
import secrets
from pathlib import Path

from cryptography.x509.oid import NameOID
from django.db import transaction

from apps.core import clock
from apps.core.signing import make_key, rotate_key
from apps.proof import certificates
from apps.proof.certificates import Signer
from apps.proof.errors import KeyRefused
from apps.proof.keys import VerifyKey
from apps.reports.adapters import signing
from apps.reports.models import SigningCertificate

PASSPHRASE = "passphrase"  # noqa: S105 -- the name of a file
LEFT_HERE = (signing.ROOT_CERTIFICATE, signing.SIGNER, signing.SIGNER_CERTIFICATE)
MADE = (signing.ROOT_KEY, *LEFT_HERE)  # the root's key moves to a safe afterwards


def prepare(*, folder: Path, organisation: str) -> bool:
    """Make the signing keys and the receipt key unless they are there; say whether any was made.

    Raise KeyRefused where the folder holds half a set, OSError where it cannot be written.
    """
    present = [name for name in MADE if (folder / name).exists()]
    complete = all(name in present for name in LEFT_HERE)
    if present and not complete:
        raise KeyRefused(
            f"{folder} holds only part of a set of signing keys ({', '.join(present)}). Restore "
            "the rest from a backup, or move the folder away and prepare new keys."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not complete:
        _keep_passphrase(folder / PASSPHRASE)
        signing.first_run(
            folder=folder,
            passphrase_file=folder / PASSPHRASE,
            organisation=organisation,
            at=clock.now(),
        )
    make_key(folder, at=clock.now())
    register(load(folder), at=clock.now())
    return not complete


def rotate_receipt_key(folder: Path) -> tuple[VerifyKey, ...]:
    """Make a new key of receipts and checkpoints; returns all published keys, the new one first.

    Raise KeyRefused where there is no key to retire, OSError where the folder cannot be written.
    """
    return rotate_key(folder, at=clock.now())


def _keep_passphrase(path: Path) -> None:
    """Write a random passphrase that only this user reads; one that is there stays."""
    if path.exists():
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())


def load(folder: Path) -> Signer:
    """Read the signing key; KeyRefused when it is missing or locked."""
    return signing.load(signer_file=folder / signing.SIGNER, passphrase_file=folder / PASSPHRASE)


def _common_name(signer: Signer) -> str:
    found = signer.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value)[:200] if found else ""


@transaction.atomic
def register(signer: Signer, *, at: dt.datetime) -> SigningCertificate:
    """Pin a signer's certificate; the one in use before it ends, and stays pinned."""
    root = signer.chain[-1] if signer.chain else signer.certificate
    pinned, made = SigningCertificate.objects.get_or_create(
        fingerprint=signer.fingerprint,
        defaults={
            "root_fingerprint": certificates.fingerprint(root),
            "subject": _common_name(signer),
            "pem": signer.certificate_pem().decode(),
            "root_pem": root.public_bytes(certificates.PEM).decode(),
            "used_from": at,
        },
    )
    if made:
        before = SigningCertificate.objects.filter(used_to=None).exclude(pk=pinned.pk)
        before.update(used_to=at)
    return pinned
