"""Whether an outside authority saw the checkpoints, and when."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from apps.proof import stamps
from apps.proof.checkpoints import SignedCheckpoint
from apps.proof.errors import LibraryMissing, NotAuthentic
from apps.proof.verifier.bundle import Bundle
from apps.proof.verifier.log_checks import by_file
from apps.proof.verifier.trust import Trust
from apps.proof.verifier.verdict import Answer, Outcome

NO_AUTHORITY = "Give the time-stamping authority's certificate with --authority."
NOTHING_STAMPED = "It stamps a checkpoint that was not given."
FORGED = "No: the stamp was changed, or another authority made it."
SLACK = timedelta(minutes=5)  # between the authority's clock and the service's


def checkpoints_stamped(bundle: Bundle, trust: Trust) -> Iterator[Answer]:
    question = "Does the authority's time stamp hold?"
    notes = {
        hashlib.sha256(one.note.encode()).digest(): one
        for signed in by_file(bundle).values()
        for one in signed
    }
    for name, token in _tokens(bundle):
        outcome, sentence = _judged(token, notes, trust)
        yield Answer(file=name, question=question, outcome=outcome, sentence=sentence)


def _tokens(bundle: Bundle) -> Iterator[tuple[str, bytes]]:
    yield from bundle.stamps.items()
    for file in bundle.logs:
        for token in file.export.stamps:
            yield file.name, token


def _judged(
    token: bytes, notes: dict[bytes, SignedCheckpoint], trust: Trust
) -> tuple[Outcome, str]:
    try:
        stamped = notes.get(stamps.read(token).imprint)
        if stamped is None:
            return Outcome.OPEN, NOTHING_STAMPED
        if not trust.authorities:
            return Outcome.OPEN, NO_AUTHORITY
        found = stamps.confirm(token, stamped.note.encode(), trust.authorities)
    except LibraryMissing as missing:
        return Outcome.OPEN, missing.sentence
    except NotAuthentic:
        return Outcome.FAILED, FORGED
    size, at = stamped.checkpoint.size, found.at.isoformat(timespec="seconds")
    if found.at + SLACK < stamped.checkpoint.at:
        return Outcome.FAILED, f"No: stamped {at}, before the time that the checkpoint names."
    sentence = f"Yes: the checkpoint of {size} entries existed on {at}, says {found.authority}."
    return Outcome.PASSED, sentence


CHECKS = (checkpoints_stamped,)
