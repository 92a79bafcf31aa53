import json

from apps.engine import cases
from apps.proof import canonical
from apps.proof.verifier.recompute import replay
from apps.proof.verifier.verdict import Outcome


def rewritten(record, change):
    plain = json.loads(record)
    change(plain)
    return canonical.encode(plain)


def test_a_record_of_the_engine_is_canonical_json_and_gives_the_same_result(record):
    assert canonical.encode(json.loads(record)) == record
    assert replay(record) == (Outcome.PASSED, "The same inputs give the same result.")


def test_another_result_is_found_with_its_place(tampered):
    outcome, sentence = replay(tampered)
    assert (outcome, sentence) == (
        Outcome.FAILED,
        "The same inputs give another result at result.value.",
    )


def test_another_input_is_found(record):
    changed = rewritten(record, lambda plain: plain["case"]["inputs"].update(contact_cost="4.51"))
    outcome, sentence = replay(changed)
    assert outcome is Outcome.FAILED
    assert sentence.startswith("The same inputs give another result at result.")


def test_a_record_of_another_engine_is_left_open(record):
    older = rewritten(record, lambda plain: plain.update(engine_version="0.9.0"))
    sentence = f"The record needs engine 0.9.0; this is {cases.ENGINE_VERSION}."
    assert replay(older) == (Outcome.OPEN, sentence)


def test_a_record_written_in_another_way_is_refused(record):
    spaced = json.dumps(json.loads(record)).encode()
    assert replay(spaced) == (Outcome.FAILED, "The record is not written in its canonical form.")


def test_what_the_engine_cannot_calculate_is_refused(record):
    broken = rewritten(record, lambda plain: plain["case"].update(diagnostic="astrology"))
    for raw in (b"", b"{}", b"[]", broken):
        outcome, sentence = replay(raw)
        assert outcome is Outcome.FAILED
        assert sentence.startswith("The record cannot be calculated: ")
