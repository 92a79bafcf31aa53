"""What reports, receipts and checkpoints are signed with: public, for anybody's own checks."""

from django.utils.translation import gettext as _

from apps.core import signing
from apps.core.errors import NotFound
from apps.proof import keys
from apps.proof.errors import KeyRefused
from apps.reports.models import SigningCertificate


def certificates() -> list[SigningCertificate]:
    """Return the pinned certificates, the one in use first."""
    return list(SigningCertificate.objects.order_by("-used_from", "-pk"))


def pem_of(fingerprint: str) -> str:
    """Return a pinned certificate, or the root above one, as PEM text."""
    wanted = fingerprint.lower()
    for held in certificates():
        if held.fingerprint == wanted:
            return held.pem
        if held.root_fingerprint == wanted:
            return held.root_pem
    raise NotFound(_("No report was signed with a certificate of this fingerprint."))


def receipt_keys_pem() -> bytes:
    """Return the public keys of receipts and checkpoints with their times, as PEM text."""
    try:
        return keys.write_published(signing.published())
    except KeyRefused:
        raise NotFound(_("The signing key of this installation is not set up yet.")) from None
