"""Finds in the given files what can be checked: reports, records inside them, receipts."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from apps.proof import receipts, signatures
from apps.proof.errors import LibraryMissing
from apps.proof.receipts import SignedReceipt
from apps.proof.signatures import Check, State

RECORD = ".record.json"
CONTENT = "payload.json"  # the frozen content a report was printed from
RECEIPT = "receipt.json"
CLAIM = "cceval receipt"


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
class Bundle:
    """Everything that was given: reports, receipts, and other files by name."""

    reports: tuple[Report, ...] = ()
    receipts: tuple[ReceiptFile, ...] = ()
    others: Mapping[str, bytes]


def read(files: Mapping[str, bytes], *, pinned: Collection[str]) -> Bundle:
    """Sort files by their content; a receipt inside one of our PDF files counts as well."""
    reports = [_report(name, raw, pinned) for name, raw in files.items() if _is_pdf(raw)]
    given = {name: raw for name, raw in files.items() if not _is_pdf(raw)}
    inside = {
        f"{report.name}: {RECEIPT}": report.attached[RECEIPT]
        for report in reports
        if RECEIPT in report.attached
    }
    found = [
        ReceiptFile(name=name, signed=receipts.read(raw))
        for name, raw in {**given, **inside}.items()
        if _is_receipt(raw)
    ]
    taken = {receipt.name for receipt in found}
    return Bundle(
        reports=tuple(reports),
        receipts=tuple(found),
        others={name: raw for name, raw in given.items() if name not in taken},
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


def _is_receipt(raw: bytes) -> bool:
    """Say whether a file claims to be a receipt; a broken one is refused, not passed over."""
    try:
        plain = json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return isinstance(plain, dict) and str(plain.get("format")).startswith(CLAIM)
