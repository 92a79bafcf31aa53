"""Verify a PDF for anybody: what the register knows, what the signature says, what recomputes."""

from dataclasses import dataclass

from apps.core import tenancy
from apps.proof import hashes, signatures
from apps.reports.models import Report, SigningCertificate
from apps.reports.states import ReportState

LARGEST = 20 * 2**20
READABLE = {ReportState.SIGNED: "current", ReportState.SUPERSEDED: "superseded"}


@dataclass(frozen=True)
class Verdict:
    """What a stranger learns: a state, and of our own reports reference, kind, version, date.

    `state` is one of current, superseded, unregistered, resaved, altered, foreign, unsigned,
    unreadable. `recomputed` is None when nothing could be recomputed.
    """

    state: str
    sha256: str
    reference: str = ""
    kind: str = ""
    version: int = 0
    signed_at: object = None
    digest: str = ""
    certificate: str = ""


def register(key: str) -> Report | None:
    """Return the report with this reference or digest, through the narrow public door."""
    with tenancy.acting_as(scope="verify", key=key):
        return Report.objects.filter(state__in=list(READABLE)).first()


def pinned() -> set[str]:
    return set(SigningCertificate.objects.values_list("fingerprint", flat=True))


def verify(*, pdf: bytes) -> Verdict:
    """Judge an uploaded file. The register decides on files it knows byte for byte."""
    sha256 = hashes.of_bytes(pdf)
    if len(pdf) > LARGEST or not pdf.startswith(b"%PDF-"):
        return Verdict("unreadable", sha256)
    known = register(sha256)
    check = _check(pdf)
    if known is not None and check is not None and check.state is signatures.State.OURS:
        return Verdict(
            READABLE[ReportState(known.state)],
            sha256,
            known.reference,
            known.kind,
            known.version,
            known.signed_at,
            known.digest,
            known.certificate,
        )
    if check is None:
        return Verdict("unreadable", sha256)
    state = "unregistered" if check.state is signatures.State.OURS else str(check.state)
    return Verdict(state, sha256)


def _check(pdf: bytes) -> signatures.Check | None:
    """Read an upload in a limited child: it is hostile until proved otherwise."""
    return signatures.check(pdf, pinned=pinned())
