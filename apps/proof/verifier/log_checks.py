"""Questions about the log: its checkpoints, its entries, and whether all that was given agrees."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from apps.proof import hashes
from apps.proof.checkpoints import SignedCheckpoint
from apps.proof.logs import Entry, Export
from apps.proof.verifier.bundle import Bundle, LogFile, ReceiptFile
from apps.proof.verifier.trust import Trust
from apps.proof.verifier.verdict import Answer, Outcome

NO_KEY = "Give the issuer's key with --key."
LEADS = "Does the entry lead to the root that the checkpoint signs?"
MOST_NAMED = 5  # places of changed entries that one sentence names


def checkpoints_signed(bundle: Bundle, trust: Trust) -> Iterator[Answer]:
    question = "Are the checkpoints signed by the issuer?"
    for name, signed in by_file(bundle).items():
        wrong = [one for one in signed if not _ours(one, trust)]
        if not trust.keys:
            yield _answer(name, question, Outcome.OPEN, NO_KEY)
        elif wrong:
            yield _answer(name, question, Outcome.FAILED, _why_not_ours(wrong[0], trust))
        else:
            yield _answer(name, question, Outcome.PASSED, f"Yes: {_many(len(signed))}.")


def _why_not_ours(signed: SignedCheckpoint, trust: Trust) -> str:
    size = signed.checkpoint.size
    if any(signed.confirmed_by(key) for key in trust.keys.values()):
        return f"No: the one of {size} entries is dated outside the time of the key that signed it."
    return f"No: the one of {size} entries was changed, or another key signed it."


def entries_proved(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    question = LEADS
    for name, proof in bundle.entries.items():
        place, size = proof.entry.index + 1, proof.signed.checkpoint.size
        if proof.holds:
            sentence = f"Yes: entry {place} of {size}."
            yield _answer(name, question, Outcome.PASSED, sentence)
        else:
            sentence = "No: the entry or the path to the root was changed."
            yield _answer(name, question, Outcome.FAILED, sentence)


def receipts_in_log(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    question = "Is the submission an entry of the log?"
    for file in bundle.receipts:
        yield _in_log(file, question)


def _in_log(file: ReceiptFile, question: str) -> Answer:
    receipt = file.signed.receipt
    if receipt.log is None:
        sentence = "The receipt holds no entry: download it again."
        return _answer(file.name, question, Outcome.OPEN, sentence)
    if receipt.is_in_log:
        sentence = f"Yes: entry {receipt.log.entry.index + 1} names its manifest and arrival."
        return _answer(file.name, question, Outcome.PASSED, sentence)
    sentence = "No: the entry does not lead to the checkpoint, or names something else."
    return _answer(file.name, question, Outcome.FAILED, sentence)


def exports_unchanged(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    question = "Is every entry what the log holds at its place?"
    for file in bundle.logs:
        changed = [str(entry.index + 1) for entry in file.export.changed_entries()]
        if changed:
            named = ", ".join(changed[:MOST_NAMED])
            sentence = f"No: {len(changed)} changed, the first at {named}."
            yield _answer(file.name, question, Outcome.FAILED, sentence)
        else:
            count, size = len(file.export.entries), len(file.export.leaves)
            sentence = f"Yes: {count} entries shown of {size} in the log."
            yield _answer(file.name, question, Outcome.PASSED, sentence)


def exports_continue(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    """Hold each log against its own checkpoints and against all others that were given."""
    question = "Does the log continue every checkpoint of it?"
    for file in bundle.logs:
        given = [one for signed in by_file(bundle).values() for one in signed]
        known = [one for one in given if one.checkpoint.origin == file.export.origin]
        broken = sorted(one.checkpoint.size for one in file.export.departs_from(known))
        if broken:
            sentence = f"No: it departs from the checkpoint of {broken[0]} entries: {_why(file, broken[0])}."
            yield _answer(file.name, question, Outcome.FAILED, sentence)
        else:
            sizes = {one.checkpoint.size for one in known}
            yield _answer(file.name, question, Outcome.PASSED, f"Yes: {_many(len(sizes))}.")


def _why(file: LogFile, size: int) -> str:
    if size > len(file.export.leaves):
        return f"it ends at {len(file.export.leaves)}, so it is older or was cut"
    return "it was rewritten since, or is another log of the same name"


def checkpoints_agree(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    """Two checkpoints of one size are one; whether a longer log continues a shorter one says a log."""
    question = "Do the checkpoints of one log agree?"
    exported = {file.export.origin for file in bundle.logs}
    for one, other in combinations(by_file(bundle).items(), 2):
        for name, outcome, sentence in _compared(one, other, exported):
            yield _answer(name, question, outcome, sentence)


def _compared(
    one: tuple[str, list[SignedCheckpoint]],
    other: tuple[str, list[SignedCheckpoint]],
    exported: set[str],
) -> Iterator[tuple[str, Outcome, str]]:
    for first in one[1]:
        for second in other[1]:
            a, b = first.checkpoint, second.checkpoint
            if a.origin != b.origin or a.origin in exported:
                continue
            if a.size != b.size:
                sentence = f"Give an export of the log to compare {one[0]} with {other[0]}."
                yield other[0], Outcome.OPEN, sentence
            elif a.root != b.root:
                sentence = f"No: {one[0]} has another root at {a.size} entries."
                yield other[0], Outcome.FAILED, sentence
            else:
                yield other[0], Outcome.PASSED, f"Yes: the same as in {one[0]}."


def reports_in_log(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    """Look a genuine report up in the logs that were given beside it."""
    question = "Does the log say that this report was signed?"
    if not bundle.logs:
        return
    for report in (one for one in bundle.reports if one.check is not None and one.is_ours):
        digest = report.check.digest if report.check else ""
        place = next((p for file in bundle.logs if (p := _signing(file.export, digest))), None)
        if place:
            yield _answer(report.name, question, Outcome.PASSED, f"Yes, entry {place}.")
        else:
            sentence = "No entry shown names this file: take a newer export, or that of its case."
            yield _answer(report.name, question, Outcome.OPEN, sentence)


def _signing(export: Export, digest: str) -> int | None:
    """Return the number of the entry that names a signed file by its SHA-256."""
    for entry in export.entries:
        if digest and _details(entry).get("signed_sha256") == digest:
            return entry.index + 1
    return None


def files_in_log(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    """Recognise what an unchanged entry names by its SHA-256: the published rules, for one."""
    question = "Does the log name this file?"
    for name, raw in bundle.others.items():
        place = named_in_log(bundle, hashes.of_bytes(raw))
        if place:
            yield _answer(name, question, Outcome.PASSED, f"Yes, entry {place}.")


def named_in_log(bundle: Bundle, digest: str) -> int | None:
    """Return the number of the first unchanged entry whose details give this as their digest."""
    for file in bundle.logs:
        changed = {entry.index for entry in file.export.changed_entries()}
        for entry in file.export.entries:
            if entry.index not in changed and _details(entry).get("digest") == digest:
                return entry.index + 1
    return None


def _details(entry: Entry) -> dict[str, Any]:
    content = entry.content
    details = content.get("details") if isinstance(content, dict) else None
    return details if isinstance(details, dict) else {}


def by_file(bundle: Bundle) -> dict[str, list[SignedCheckpoint]]:
    """Return every checkpoint that came with the files, by the file it came in."""
    found = {name: [signed] for name, signed in bundle.checkpoints.items()}
    found |= {name: [proof.signed] for name, proof in bundle.entries.items()}
    for receipt in bundle.receipts:
        if receipt.signed.receipt.log:
            found[receipt.name] = [receipt.signed.receipt.log.signed]
    return found | {file.name: list(file.export.all_signed) for file in bundle.logs}


def _ours(signed: SignedCheckpoint, trust: Trust) -> bool:
    return any(signed.confirmed_in_time_by(key) for key in trust.keys.values())


def _many(count: int) -> str:
    return "1 checkpoint" if count == 1 else f"{count} checkpoints"


def _answer(name: str, question: str, outcome: Outcome, sentence: str) -> Answer:
    return Answer(file=name, question=question, outcome=outcome, sentence=sentence)


CHECKS = (
    checkpoints_signed,
    entries_proved,
    receipts_in_log,
    exports_unchanged,
    exports_continue,
    checkpoints_agree,
    reports_in_log,
    files_in_log,
)
