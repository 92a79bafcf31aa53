"""Finds in the given files what can be checked: reports and records inside them, receipts, the log."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from apps.proof import logs, receipts, signatures, stamps
from apps.proof.checkpoints import SignedCheckpoint
from apps.proof.errors import LibraryMissing
from apps.proof.logs import Export, ProvenEntry
from apps.proof.receipts import SignedReceipt
from apps.proof.signatures import Check, State

RECORD = ".record.json"
CONTENT = "payload.json"  # the frozen content a report was printed from
RECEIPT = "receipt.json"
PUBLICATION = "publication.entry.json"
SUBMISSION = "submission.entry.json"  # what a receipt on paper proves
INSIDE = (RECEIPT, PUBLICATION, SUBMISSION)
CLAIM, LOG, ENTRY = "cceval receipt", "cceval log", "cceval entry"
CHECKPOINT, STAMP = "checkpoint", "stamp"


@dataclass(frozen=True, kw_only=True)
class Report:
    """A PDF. `check` is None where the library that reads PDF files is not installed."""

    name: str
    check: Check | None
    attached: Mapping[str, bytes]

    @property
    def records(self) -> dict[str, bytes]:
        return {name: raw for name, raw in self.attached.items() if name.endswith(RECORD)}

    @property
    def is_ours(self) -> bool:
        return self.check is not None and self.check.state is State.OURS


@dataclass(frozen=True, kw_only=True)
class ReceiptFile:
    name: str
    signed: SignedReceipt


@dataclass(frozen=True, kw_only=True)
class LogFile:
    name: str
    export: Export


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """Everything that was given: reports, receipts, parts of logs, and other files by name."""

    reports: tuple[Report, ...] = ()
    receipts: tuple[ReceiptFile, ...] = ()
    logs: tuple[LogFile, ...] = ()
    entries: Mapping[str, ProvenEntry] = field(default_factory=dict)
    checkpoints: Mapping[str, SignedCheckpoint] = field(default_factory=dict)
    stamps: Mapping[str, bytes] = field(default_factory=dict)
    others: Mapping[str, bytes]


def read(files: Mapping[str, bytes], *, pinned: Collection[str]) -> Bundle:
    """Sort files by their content; what lies inside one of our PDF files counts as well.

    A file that claims to be one of ours and is broken is refused, not passed over.
    """
    reports = [_report(name, raw, pinned) for name, raw in files.items() if _is_pdf(raw)]
    given = {name: raw for name, raw in files.items() if not _is_pdf(raw)}
    inside = {
        f"{report.name}: {name}": report.attached[name]
        for report in reports
        for name in INSIDE
        if name in report.attached
    }
    kinds = {name: (_kind_of(raw), raw) for name, raw in {**given, **inside}.items()}

    def of(kind: str) -> dict[str, bytes]:
        return {name: raw for name, (found, raw) in kinds.items() if found == kind}

    return Bundle(
        reports=tuple(reports),
        receipts=tuple(
            ReceiptFile(name=name, signed=receipts.read(raw)) for name, raw in of(CLAIM).items()
        ),
        logs=tuple(
            LogFile(name=name, export=logs.read_export(raw)) for name, raw in of(LOG).items()
        ),
        entries={name: logs.read_proof(raw) for name, raw in of(ENTRY).items()},
        checkpoints={name: logs.read_checkpoint(raw) for name, raw in of(CHECKPOINT).items()},
        stamps=of(STAMP),
        others={name: raw for name, raw in of("").items() if name in given},
    )


def _report(name: str, raw: bytes, pinned: Collection[str]) -> Report:
    try:
        check = signatures.check(raw, pinned=pinned)
    except LibraryMissing:
        return Report(name=name, check=None, attached={})
    ours = check.state is State.OURS
    return Report(name=name, check=check, attached=signatures.attachments(raw) if ours else {})


def _is_pdf(raw: bytes) -> bool:
    return raw.startswith(b"%PDF-")


def _kind_of(raw: bytes) -> str:
    """Return what a file claims to be; empty for a file of somebody else."""
    if logs.is_checkpoint(raw):
        return CHECKPOINT
    if stamps.is_stamp(raw):
        return STAMP
    try:
        plain = json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    claimed = str(plain.get("format")) if isinstance(plain, dict) else ""
    return next((kind for kind in (CLAIM, LOG, ENTRY) if claimed.startswith(kind)), "")
