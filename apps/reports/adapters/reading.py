"""Read a PDF that a stranger uploaded: in a forked child with hard limits, twice if it is ours.

First who signed it and whether it is whole; then, only for a genuine file, every record inside is
calculated again: anybody can write a record that takes an hour.
"""

import functools
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from apps.proof import signatures
from apps.proof.keys import VerifyKey
from apps.proof.signatures import State
from apps.proof.verifier import bundle, checks
from apps.proof.verifier.trust import Trust
from apps.proof.verifier.verdict import Answer, Outcome
from apps.reports.adapters import limits
from apps.reports.adapters.limits import ChildFailed, LimitExceeded, Limits, Result
from apps.reports.adapters.sockets import close_inherited

LOOK: Final = Limits(memory=512 * limits.MIB, cpu_seconds=5, wall_seconds=15, output=limits.MIB)
REPLAY: Final = Limits(memory=768 * limits.MIB, cpu_seconds=25, wall_seconds=30, output=limits.MIB)
FILE: Final = "report.pdf"
END: Final = 2048  # bytes in which a PDF says where its table of contents is


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a file says of itself, before any register is asked."""

    state: State
    fingerprint: str = ""
    signer: str = ""
    claimed_at: datetime | None = None


def look(pdf: bytes, *, pinned: Collection[str]) -> Look:
    """Judge the signature of an upload. LimitExceeded: it could not be read in time."""
    if not pdf.startswith(b"%PDF-"):
        return Look(state=State.UNREADABLE)
    if b"startxref" not in pdf[-END:]:  # a parser would search the whole file for it, for seconds
        return Look(state=State.ALTERED if b"/ByteRange" in pdf else State.UNREADABLE)

    def work() -> Result:
        check = signatures.check(pdf, pinned=pinned)
        at = check.claimed_at
        facts = {
            "state": check.state.value,
            "fingerprint": check.fingerprint or "",
            "signer": check.signer or "",
            "claimed_at": at.isoformat() if at else "",
        }
        return Result(json.dumps(facts).encode())

    try:
        found = json.loads(_run(work, LOOK).body)
    except ChildFailed:
        return Look(state=State.UNREADABLE)
    at = found["claimed_at"]
    return Look(
        state=State(found["state"]),
        fingerprint=found["fingerprint"],
        signer=found["signer"],
        claimed_at=datetime.fromisoformat(at) if at else None,
    )


def replay(
    pdf: bytes,
    *,
    pinned: Collection[str],
    digest: str,
    keys: Mapping[str, VerifyKey] = MappingProxyType({}),
) -> tuple[Answer, ...]:
    """Ask every question of the verifier about a genuine file; none where time ran out."""

    def work() -> Result:
        found = bundle.read({FILE: pdf}, pinned=pinned)
        trust = Trust(fingerprints=frozenset(pinned), keys=dict(keys), digest=digest)
        answers = checks.all_answers(found, trust).answers
        return Result(json.dumps([_plain(answer) for answer in answers]).encode())

    try:
        return answers_from(json.loads(_run(work, REPLAY).body))
    except (ChildFailed, LimitExceeded):
        return ()


@functools.cache
def _load_once() -> None:
    signatures.load_library()


def _run(work: Callable[[], Result], bounds: Limits) -> Result:
    # Importing after a fork costs time, and may wait for ever for a thread that was not copied.
    _load_once()
    return limits.run(work, limits=bounds, in_child=close_inherited)


def _plain(answer: Answer) -> dict[str, str]:
    return {
        "question": answer.question,
        "outcome": answer.outcome.value,
        "sentence": answer.sentence,
    }


def plain(answers: Collection[Answer]) -> list[dict[str, str]]:
    """Return answers as plain data, to be remembered."""
    return [_plain(answer) for answer in answers]


def answers_from(given: list[dict[str, Any]]) -> tuple[Answer, ...]:
    return tuple(
        Answer(
            file=FILE,
            question=one["question"],
            outcome=Outcome(one["outcome"]),
            sentence=one["sentence"],
        )
        for one in given
    )
