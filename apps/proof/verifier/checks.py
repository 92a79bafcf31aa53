"""One function per question; each goes over the whole bundle and yields its answers."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from apps.proof import canonical, hashes
from apps.proof.errors import NotCanonical
from apps.proof.keys import VerifyKey
from apps.proof.receipts import Receipt, Short
from apps.proof.signatures import Check, State
from apps.proof.verifier import log_checks, recompute, stamp_checks
from apps.proof.verifier.bundle import CONTENT, Bundle, Report
from apps.proof.verifier.trust import Trust
from apps.proof.verifier.verdict import Answer, Outcome, Verdict

STATES: Mapping[State, str] = {
    State.UNREADABLE: "The file cannot be read as a PDF.",
    State.UNSIGNED: "The file carries no signature; a print or a copy can only be compared by its digest.",
    State.ALTERED: "The file was changed after it was signed.",
    State.RESAVED: "Something was added to the file after it was signed; ask for the original.",
    State.FOREIGN: "The file is signed with a certificate that was not given.",
}
DECIDED = "decision."  # how the file of a decision's record begins
NO_LIBRARY = "PDF files cannot be checked here: pyHanko is not installed."
SHORT_FORM = (
    "A receipt in the short form names no file: give the one that was downloaded with the key."
)
NO_CERTIFICATE = "Give the issuer's certificate with --certificate to learn who signed."


def signature_intact(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    question = "Is the signed content unchanged?"
    for report in bundle.reports:
        if report.check is None:
            yield _open(report, question, NO_LIBRARY)
        elif report.check.intact:
            yield _passed(report, question, f"Yes, as signed by {report.check.signer}.")
        else:
            yield _failed(report, question, _why(report.check))


def whole_file(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    question = "Does one signature cover the whole file?"
    for report in bundle.reports:
        if report.check is None:
            yield _open(report, question, NO_LIBRARY)
        elif report.check.whole_file:
            yield _passed(report, question, "Yes, from the first byte to the last.")
        else:
            yield _failed(report, question, _why_not_whole(report.check))


def issued_by_us(bundle: Bundle, trust: Trust) -> Iterator[Answer]:
    question = "Is it the issuer's certificate?"
    for report in bundle.reports:
        if report.check is None:
            yield _open(report, question, NO_LIBRARY)
        elif not trust.fingerprints:
            yield _open(report, question, NO_CERTIFICATE)
        elif report.check.fingerprint in trust.fingerprints:
            yield _passed(report, question, f"Yes, {report.check.fingerprint}.")
        else:
            yield _failed(report, question, _why(report.check))


def content_digest(bundle: Bundle, trust: Trust) -> Iterator[Answer]:
    question = "Is the content what the printed digest says?"
    for report in filter(_is_ours, bundle.reports):
        content = report.attached.get(CONTENT)
        if content is None:
            yield _open(report, question, f"The file holds no {CONTENT}.")
            continue
        digest = hashes.of_bytes(content)
        if trust.digest in (None, digest):
            yield _passed(report, question, f"The content's digest is {digest}.")
        else:
            yield _failed(report, question, f"The content's digest is {digest}, another one.")


def records_listed(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    question = "Are the attached records the ones the report names?"
    for report in filter(_is_ours, bundle.reports):
        named = _named_records(report)
        present = {name: hashes.of_bytes(raw) for name, raw in report.records.items()}
        if named == present:
            yield _passed(report, question, f"Yes, {len(present)}.")
        else:
            odd = sorted(name for name, _ in named.items() ^ present.items())
            yield _failed(report, question, f"Not the same: {', '.join(odd)}.")


def records_recomputed(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    """Replay records of genuine files alone: anyone can write a record that takes an hour."""
    for report in filter(_is_ours, bundle.reports):
        for name, raw in sorted(report.records.items()):
            outcome, sentence = recompute.replay(raw)
            question = f"Does {name} give the same result again?"
            yield Answer(file=report.name, question=question, outcome=outcome, sentence=sentence)


def award_rests(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    """Ask of a report that prints an award whether it is of the ranking and decision it carries."""
    question = "Does the award rest on the records in this file?"
    for report in filter(_is_ours, bundle.reports):
        award = _content_of(report).get("award")
        if not isinstance(award, Mapping):
            continue
        held = {hashes.of_bytes(raw): name for name, raw in report.records.items()}
        decided = any(name.startswith(DECIDED) for name in held.values())
        if award.get("ranking") not in held or (decided and award.get("decision") not in held):
            yield _failed(report, question, "No: it names another ranking or decision.")
        elif award.get("winner") not in (None, *_admitted(report, held[award["ranking"]])):
            yield _failed(report, question, "No: its winner is no admitted bid of the ranking.")
        else:
            yield _passed(report, question, "Yes: ranking and decision are the ones it names.")


def _admitted(report: Report, name: str) -> list[str]:
    """Return the admitted bids of an attached ranking; none where it cannot be read."""
    try:
        rows = canonical.decode(report.records[name])["result"]["vendors"]
        return [row["id"] for row in rows if row["admitted"]]
    except (NotCanonical, KeyError, TypeError):
        return []


def receipt_signed(bundle: Bundle, trust: Trust) -> Iterator[Answer]:
    question = "Is the receipt signed by the issuer and unchanged?"
    for receipt in bundle.receipts:
        key = trust.keys.get(receipt.signed.key_id)
        outcome, sentence = Outcome.FAILED, "No: it was changed, or another key signed it."
        if not trust.keys:
            outcome, sentence = Outcome.OPEN, "Give the issuer's receipt key with --key."
        elif key is not None and receipt.signed.confirmed_by(key):
            outcome, sentence = _in_its_time(receipt.signed.receipt, key)
        yield Answer(file=receipt.name, question=question, outcome=outcome, sentence=sentence)


def _in_its_time(receipt: Receipt, key: VerifyKey) -> tuple[Outcome, str]:
    """A newer key signs an old receipt when it is downloaded again; a retired one signs no new one."""
    if key.ends_after(receipt.committed_at):
        return Outcome.PASSED, f"Yes, by {key.key_id}."
    return Outcome.FAILED, "No: the key that signed it was retired before this was received."


def receipt_files(bundle: Bundle, _trust: Trust) -> Iterator[Answer]:
    question = "Is this file part of the submission?"
    listed = {
        item.digest: f"Yes: {item.name}, {item.size} bytes."
        for receipt in bundle.receipts
        for item in receipt.signed.receipt.manifest.items
    }
    short = any(isinstance(one.signed.receipt.manifest, Short) for one in bundle.receipts)
    otherwise = Outcome.OPEN if short else Outcome.FAILED
    missing = SHORT_FORM if short else "No receipt lists a file with this content."
    for name, raw in bundle.others.items():
        digest = hashes.of_bytes(raw)
        if digest not in listed and log_checks.named_in_log(bundle, digest):
            continue  # no part of a submission, but of the record: asked there
        sentence = listed.get(digest, missing)
        outcome = Outcome.PASSED if digest in listed else otherwise
        yield Answer(file=name, question=question, outcome=outcome, sentence=sentence)


CHECKS: tuple[Callable[[Bundle, Trust], Iterator[Answer]], ...] = (
    signature_intact,
    whole_file,
    issued_by_us,
    content_digest,
    records_listed,
    records_recomputed,
    award_rests,
    receipt_signed,
    receipt_files,
    *log_checks.CHECKS,
    *stamp_checks.CHECKS,
)


def all_answers(bundle: Bundle, trust: Trust) -> Verdict:
    """Ask every question of every file; answers come in the order of the questions."""
    return Verdict.of(answer for check in CHECKS for answer in check(bundle, trust))


def _named_records(report: Report) -> dict[str, str]:
    """Read the list of records in the report's content; no content, or none listed: no records."""
    try:
        return {one["file"]: one["digest"] for one in _content_of(report).get("records", [])}
    except (KeyError, TypeError):
        return {}


def _content_of(report: Report) -> Mapping[str, Any]:
    """Return the frozen content a report was printed from; empty where there is none to read."""
    try:
        content = canonical.decode(report.attached.get(CONTENT, b"{}"))
    except NotCanonical:
        return {}
    return content if isinstance(content, Mapping) else {}


def _is_ours(report: Report) -> bool:
    return report.is_ours


def _why(check: Check) -> str:
    return STATES[check.state]


def _why_not_whole(check: Check) -> str:
    return "No: bytes stand outside the signature." if check.intact else _why(check)


def _passed(report: Report, question: str, sentence: str) -> Answer:
    return Answer(file=report.name, question=question, outcome=Outcome.PASSED, sentence=sentence)


def _failed(report: Report, question: str, sentence: str) -> Answer:
    return Answer(file=report.name, question=question, outcome=Outcome.FAILED, sentence=sentence)


def _open(report: Report, question: str, sentence: str) -> Answer:
    return Answer(file=report.name, question=question, outcome=Outcome.OPEN, sentence=sentence)
