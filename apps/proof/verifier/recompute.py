"""Replays a record through the engine: the only module here that knows the formulas."""

from apps.engine import cases
from apps.engine.cases import Record
from apps.engine.errors import InvalidInput
from apps.proof.verifier.verdict import Outcome

MOST_PLACES = 3


def replay(raw: bytes) -> tuple[Outcome, str]:
    """Calculate a record again from its own inputs, and say what came of it.

    A record of another engine version is left open: it is no forgery, it needs that version.
    """
    try:
        record = Record.from_bytes(raw)
        if record.to_bytes() != raw:
            return Outcome.FAILED, "The record is not written in its canonical form."
        again = cases.replay(record)
    except InvalidInput as error:
        return Outcome.FAILED, f"The record cannot be calculated: {error}"
    if again.verdict is cases.Verdict.NEEDS_ENGINE:
        return Outcome.OPEN, (
            f"The record needs engine {again.engine_version}; this is {cases.ENGINE_VERSION}."
        )
    if again.same:
        return Outcome.PASSED, "The same inputs give the same result."
    places = ", ".join(again.differences[:MOST_PLACES])
    return Outcome.FAILED, f"The same inputs give another result at {places}."
