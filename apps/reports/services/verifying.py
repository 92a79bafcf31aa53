"""Verify a PDF for anybody: what the register knows, what the signature says, what recomputes.

Only a file that was checked is called authentic. A reference alone says that a report was issued;
neither says anything about the procurement behind it.
"""

import datetime as dt
import json
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _

from apps.bids.types.places import LETTER_PAPER, RECEIPT_PAPER
from apps.core import signing, tenancy
from apps.core.errors import Incomplete, TooLarge, WrongState
from apps.engine.cases import ENGINE_VERSION
from apps.proof import hashes
from apps.proof.errors import KeyRefused
from apps.proof.keys import VerifyKey
from apps.proof.signatures import State
from apps.proof.verifier.verdict import Answer
from apps.reports.adapters import reading
from apps.reports.adapters.limits import LimitExceeded
from apps.reports.adapters.uploads import LARGEST, too_large
from apps.reports.models import LetterPaper, ReceiptPaper, Report, SignedPaper, SigningCertificate
from apps.reports.selectors.types import REPORT_TYPES
from apps.reports.states import ReportState
from apps.reports.types import Finding

REMEMBERED = 24 * 3600  # seconds: the same bytes and the same engine give the same answers
ISSUED = {ReportState.SIGNED: Finding.CURRENT, ReportState.SUPERSEDED: Finding.SUPERSEDED}


@dataclass(frozen=True, kw_only=True)
class Issued:
    """What anybody may know of a report by its reference or its digest."""

    reference: str
    version: int
    finding: Finding
    signed_at: dt.datetime | None
    digest: str
    sha256: str
    certificate: str
    kind: str

    @property
    def name(self) -> str:
        """Return what kind of report it is; shown only to who holds the file."""
        if self.kind == RECEIPT_PAPER:
            return _("Receipt of a submission")
        if self.kind == LETTER_PAPER:
            return _("Letter on the result of a bid")
        return str(REPORT_TYPES[self.kind].name) if self.kind in REPORT_TYPES else self.kind


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer to one file. `issued` is there for a file of ours, byte for byte as issued."""

    finding: Finding
    sha256: str
    issued: Issued | None = None
    signer: str = ""
    answers: tuple[Answer, ...] = ()

    @property
    def genuine(self) -> bool:
        return self.issued is not None


def register(key: str) -> Issued | None:
    """Return the signed report, or the paper of a vendor, with this reference or digest.

    Both through the narrow public door, which opens for the one row that the key names.
    """
    with tenancy.acting_as(scope="verify", key=key):
        found = Report.objects.filter(state__in=list(ISSUED)).first()
        receipt = None if found else ReceiptPaper.objects.first()
        letter = None if found or receipt else LetterPaper.objects.first()
    if receipt is not None:
        return _paper(receipt, RECEIPT_PAPER)
    if letter is not None:
        return _paper(letter, LETTER_PAPER)
    if found is None:
        return None
    return Issued(
        reference=found.reference,
        version=found.version,
        finding=ISSUED[ReportState(found.state)],
        signed_at=found.signed_at,
        digest=found.digest,
        sha256=found.signed_sha256,
        certificate=found.certificate,
        kind=found.kind,
    )


def _paper(paper: SignedPaper, kind: str) -> Issued:
    """A vendor's paper has one version for good; what it is of, the file itself says."""
    return Issued(
        reference=paper.reference,
        version=1,
        finding=Finding.CURRENT,
        signed_at=paper.signed_at,
        digest=paper.digest,
        sha256=paper.signed_sha256,
        certificate=paper.certificate,
        kind=kind,
    )


def by_reference(reference: str) -> Issued | None:
    """Return the signed report that a reference names, however it was typed."""
    wanted = reference.strip().upper()
    found = register(wanted)
    return found if found is not None and found.reference == wanted else None


def by_file_digest(sha256: str) -> Issued | None:
    """Return the report whose signed file has this SHA-256."""
    wanted = "".join(sha256.split()).lower()
    if not hashes.is_digest(wanted):
        sentence = _("Send the SHA-256 of the file: 64 hexadecimal digits.")
        raise Incomplete(sentence, fields={"sha256": sentence})
    found = register(wanted)
    return found if found is not None and found.sha256 == wanted else None


def pinned() -> frozenset[str]:
    return frozenset(SigningCertificate.objects.values_list("fingerprint", flat=True))


def verify(*, pdf: bytes) -> Verdict:
    """Judge an uploaded file; nothing of it is kept."""
    if len(pdf) > LARGEST:
        raise TooLarge(too_large())
    sha256 = hashes.of_bytes(pdf)
    issued, known = by_file_digest(sha256), pinned()
    try:
        seen = reading.look(pdf, pinned=known)
    except LimitExceeded:
        if issued is not None:
            raise WrongState(_("The service is busy. Try again in a minute.")) from None
        seen = reading.Look(state=State.UNREADABLE)
    if seen.state is not State.OURS:
        return Verdict(finding=Finding(seen.state.value), sha256=sha256, signer=seen.signer)
    if issued is None:
        return Verdict(finding=Finding.UNREGISTERED, sha256=sha256, signer=seen.signer)
    return Verdict(
        finding=issued.finding,
        sha256=sha256,
        issued=issued,
        signer=seen.signer,
        answers=_replayed(pdf, known, issued),
    )


def _replayed(pdf: bytes, known: frozenset[str], issued: Issued) -> tuple[Answer, ...]:
    """Return the verifier's answers about a genuine file; calculated once a day per file."""
    key = f"verify:{ENGINE_VERSION}:{issued.sha256}"
    kept = cache.get(key)
    if kept is not None:
        return reading.answers_from(json.loads(kept))
    answers = reading.replay(pdf, pinned=known, digest=issued.digest, keys=_keys())
    if answers:
        cache.set(key, json.dumps(reading.plain(answers)), REMEMBERED)
    return answers


def _keys() -> dict[str, VerifyKey]:
    """Return the keys of receipts and checkpoints; none where they are not set up."""
    try:
        return {key.key_id: key for key in signing.published()}
    except KeyRefused:
        return {}
