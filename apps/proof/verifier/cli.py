"""``cceval-verify FILE…``: checks reports, receipts and the log on any machine, without a network.

Files or folders of them; `--json` for machines. Exit status: 0 all good; 1 something failed; 2 a
file or a key could not be used, or a question could not be answered.
"""

import argparse
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from apps.proof import certificates, hashes, keys
from apps.proof.errors import ProofError
from apps.proof.verifier import bundle, checks
from apps.proof.verifier.trust import Trust
from apps.proof.verifier.verdict import Outcome, Verdict

STATUS = {Outcome.PASSED: 0, Outcome.FAILED: 1, Outcome.OPEN: 2}
UNUSABLE = 2


class Unusable(Exception):
    """An input cannot be used; the sentence says which and why."""


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    logging.getLogger("pyhanko").addHandler(logging.NullHandler())  # its notes are not answers
    try:
        trust = _trust(given)
        files = {str(path): _read(path) for path in _files(given)}
        found = bundle.read(files, pinned=trust.fingerprints)
    except (Unusable, ProofError) as error:
        sys.stderr.write(f"cceval-verify: {error}\n")
        return UNUSABLE
    verdict = checks.all_answers(found, trust)
    sys.stdout.write(_for_machines(verdict) if given.json else _written(verdict))
    return STATUS[verdict.outcome]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cceval-verify",
        description="Check signed reports (PDF), receipts and exports of the record (JSON), and"
        " checkpoints, offline.",
        epilog="Exit status: 0 all good, 1 something failed, 2 not everything could be checked.",
    )
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="report, receipt, export of the record, checkpoint, a file a receipt lists, or a"
        " folder of them",
    )
    parser.add_argument("--json", action="store_true", help="write the answers as JSON")
    parser.add_argument(
        "--certificate",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="the issuer's signing certificate (PEM or DER); repeat for several",
    )
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="the issuer's keys of receipts and checkpoints, as published (PEM); repeat for several",
    )
    parser.add_argument(
        "--authority",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a time-stamping authority's certificate (PEM or DER); repeat for several",
    )
    parser.add_argument("--digest", metavar="HEX", help="the digest printed on the report")
    return parser


def _trust(given: argparse.Namespace) -> Trust:
    fingerprints = {
        certificates.fingerprint(certificates.read_certificate(_read(path)))
        for path in given.certificate
    }
    published = [key for path in given.key for key in keys.read_published(_read(path))]
    digest = None if given.digest is None else "".join(given.digest.split()).lower()
    if digest is not None and not hashes.is_digest(digest):
        raise Unusable("A digest has 64 hexadecimal digits; check --digest.")
    return Trust(
        fingerprints=frozenset(fingerprints),
        keys={key.key_id: key for key in published},
        digest=digest,
        authorities=tuple(certificates.read_certificate(_read(path)) for path in given.authority),
    )


def _files(given: argparse.Namespace) -> Iterator[Path]:
    """Yield the files to check; in a folder all but what is hidden and what is relied on."""
    relied_on = {path.resolve() for path in (*given.certificate, *given.key, *given.authority)}
    for path in given.files:
        if not path.is_dir():
            yield path
            continue
        inside = [one for one in sorted(path.rglob("*")) if one.is_file()]
        found = [one for one in inside if one.resolve() not in relied_on]
        found = [one for one in found if not one.name.startswith(".")]
        if not found:
            raise Unusable(f"{path} holds nothing to check.")
        yield from found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None


def _for_machines(verdict: Verdict) -> str:
    answers = [
        {
            "file": answer.file,
            "outcome": answer.outcome.name.lower(),
            "question": answer.question,
            "sentence": answer.sentence,
        }
        for answer in verdict.answers
    ]
    whole = {"outcome": verdict.outcome.name.lower(), "sentence": verdict.sentence}
    return json.dumps({**whole, "answers": answers}, indent=2, ensure_ascii=False) + "\n"


def _written(verdict: Verdict) -> str:
    lines: list[str] = []
    for file in dict.fromkeys(answer.file for answer in verdict.answers):
        lines.append(file)
        lines += [
            f"  {answer.outcome.value:<11}  {answer.question}  {answer.sentence}"
            for answer in verdict.answers
            if answer.file == file
        ]
    return "\n".join([*lines, verdict.sentence]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
