"""Each check passes on the good bundle, and fails on the bundle with that one thing broken."""

import datetime as dt
import json
import sys
from dataclasses import replace

import pytest

from apps.proof import canonical, hashes, receipts
from apps.proof.errors import UnreadableReceipt
from apps.proof.keys import SigningKey
from apps.proof.verifier import bundle, checks
from apps.proof.verifier.trust import Trust
from apps.proof.verifier.verdict import Outcome, Verdict
from tests.proof.conftest import content_for


def asked(files, trust):
    """All answers by question, in short."""
    verdict = checks.all_answers(bundle.read(files, pinned=trust.fingerprints), trust)
    return verdict, [(answer.question, answer.outcome) for answer in verdict.answers]


def outcome_of(check, files, trust):
    found = bundle.read(files, pinned=trust.fingerprints)
    return [(answer.outcome, answer.sentence) for answer in check(found, trust)]


def test_everything_passes_on_the_good_bundle(signed, receipt_file, trust):
    files = {"report.pdf": signed, "receipt.json": receipt_file, "plan.pdf": b"content"}
    verdict, answers = asked(files, trust)
    assert verdict.outcome is Outcome.PASSED
    assert verdict.sentence.startswith("Genuine")
    assert [question for question, _ in answers] == [
        "Is the signed content unchanged?",
        "Does one signature cover the whole file?",
        "Is it the issuer's certificate?",
        "Is the content what the printed digest says?",
        "Are the attached records the ones the report names?",
        "Does callback.record.json give the same result again?",
        "Is the receipt signed by the issuer and unchanged?",
        "Is this file part of the submission?",
        "Are the checkpoints signed by the issuer?",
        "Is the submission an entry of the log?",
    ]


def test_an_altered_report_fails_every_question_about_its_signature(signed, trust):
    files = {"report.pdf": signed.replace(b"BT ET", b"BT EU", 1)}
    verdict, answers = asked(files, trust)
    assert verdict.outcome is Outcome.FAILED
    assert [outcome for _, outcome in answers] == [Outcome.FAILED, Outcome.PASSED, Outcome.PASSED]
    assert verdict.answers[0].sentence == "The file was changed after it was signed."


def test_a_report_with_bytes_added_is_unchanged_but_not_whole(signed, trust):
    files = {"report.pdf": signed + b"\n"}
    assert outcome_of(checks.signature_intact, files, trust)[0][0] is Outcome.PASSED
    assert outcome_of(checks.whole_file, files, trust) == [
        (Outcome.FAILED, "No: bytes stand outside the signature.")
    ]


def test_no_signature_and_no_pdf_fail_with_their_reason(prepared, trust):
    unsigned = outcome_of(checks.signature_intact, {"report.pdf": prepared}, trust)
    assert unsigned[0][0] is Outcome.FAILED
    assert unsigned[0][1].startswith("The file carries no signature")
    broken = outcome_of(checks.whole_file, {"report.pdf": b"%PDF-1.7 nothing"}, trust)
    assert broken == [(Outcome.FAILED, "The file cannot be read as a PDF.")]


def test_another_certificate_fails(signed, impostor, trust):
    other = replace(trust, fingerprints=frozenset({impostor.fingerprint}))
    assert outcome_of(checks.issued_by_us, {"report.pdf": signed}, other) == [
        (Outcome.FAILED, "The file is signed with a certificate that was not given.")
    ]


def test_without_a_certificate_the_signer_stays_open(signed):
    verdict, answers = asked({"report.pdf": signed}, Trust())
    assert verdict.outcome is Outcome.OPEN
    assert answers[2] == ("Is it the issuer's certificate?", Outcome.OPEN)
    assert verdict.sentence.startswith("Not everything could be checked")


def test_the_printed_digest_is_compared_with_the_content(signed, record, trust):
    digest = hashes.of_bytes(content_for(record))
    files = {"report.pdf": signed}
    same, other = replace(trust, digest=digest), replace(trust, digest="0" * 64)
    assert outcome_of(checks.content_digest, files, same)[0][0] is Outcome.PASSED
    assert outcome_of(checks.content_digest, files, other)[0] == (
        Outcome.FAILED,
        f"The content's digest is {digest}, another one.",
    )


def test_a_report_without_content_leaves_the_digest_open(sign_with, trust):
    files = {"report.pdf": sign_with({})}
    assert outcome_of(checks.content_digest, files, trust) == [
        (Outcome.OPEN, "The file holds no payload.json.")
    ]
    assert outcome_of(checks.records_listed, files, trust)[0][0] is Outcome.PASSED


def test_a_record_other_than_the_one_named_fails(sign_with, record, trust):
    content = content_for(record, digest="0" * 64)
    files = {"report.pdf": sign_with({"payload.json": content, "callback.record.json": record})}
    assert outcome_of(checks.records_listed, files, trust) == [
        (Outcome.FAILED, "Not the same: callback.record.json, callback.record.json.")
    ]


@pytest.mark.parametrize(
    "content", [b"no JSON", b"[]", b'{"records":[{}]}', b'{"records":7}', b'{"records":["x"]}']
)
def test_content_that_names_nothing_does_not_vouch_for_records(sign_with, record, trust, content):
    files = {"report.pdf": sign_with({"payload.json": content, "callback.record.json": record})}
    assert outcome_of(checks.records_listed, files, trust)[0][0] is Outcome.FAILED


def test_a_record_that_computes_differently_fails(sign_record, tampered, trust):
    assert outcome_of(checks.records_recomputed, {"report.pdf": sign_record(tampered)}, trust) == [
        (Outcome.FAILED, "The same inputs give another result at result.value.")
    ]


def test_records_of_a_stranger_are_not_even_calculated(signed):
    assert outcome_of(checks.records_recomputed, {"report.pdf": signed}, Trust()) == []


def test_a_receipt_of_another_key_fails(receipt, trust):
    other = {"receipt.json": receipts.issue(receipt, SigningKey.generate())}
    assert outcome_of(checks.receipt_signed, other, trust)[0][0] is Outcome.FAILED


def test_a_changed_receipt_fails(receipt_file, trust):
    plain = json.loads(receipt_file)
    plain["body"]["arrived_at"] = "2026-10-02T09:00:00.000Z"
    files = {"receipt.json": canonical.encode(plain)}
    assert outcome_of(checks.receipt_signed, files, trust)[0][0] is Outcome.FAILED


def test_a_receipt_that_contradicts_itself_is_refused_as_a_whole(receipt_file):
    broken = receipt_file.replace(b'"version":2', b'"version":3')
    with pytest.raises(UnreadableReceipt):
        bundle.read({"receipt.json": broken}, pinned=())


def test_without_a_key_the_receipt_stays_open(receipt_file):
    assert outcome_of(checks.receipt_signed, {"receipt.json": receipt_file}, Trust()) == [
        (Outcome.OPEN, "Give the issuer's receipt key with --key.")
    ]


def test_a_receipt_inside_a_report_counts(sign_with, receipt_file, trust):
    files = {"receipt.pdf": sign_with({"receipt.json": receipt_file})}
    found = bundle.read(files, pinned=trust.fingerprints)
    assert [receipt.name for receipt in found.receipts] == ["receipt.pdf: receipt.json"]


@pytest.mark.parametrize("other", [b"another plan", b"[]", b"[" * 100_000, b"\xff"])
def test_a_file_no_receipt_lists_fails(receipt_file, trust, other):
    files = {"receipt.json": receipt_file, "plan.pdf": b"content", "other.bin": other}
    assert outcome_of(checks.receipt_files, files, trust) == [
        (Outcome.PASSED, "Yes: plan.pdf, 7 bytes."),
        (Outcome.FAILED, "No receipt lists a file with this content."),
    ]


def test_the_short_form_leaves_open_whether_a_file_was_part_of_it(receipt, signing_key, trust):
    full = receipt.manifest
    place = {name: getattr(full, name) for name in (*receipts.PLACE, "version")}
    short = replace(receipt, manifest=receipts.Short(**place, digest=full.digest))
    files = {"receipt.json": receipts.issue(short, signing_key), "plan.pdf": b"content"}
    assert outcome_of(checks.receipt_files, files, trust) == [(Outcome.OPEN, checks.SHORT_FORM)]
    assert [outcome for outcome, _ in outcome_of(checks.receipt_signed, files, trust)] == [
        Outcome.PASSED
    ]


def test_without_pyhanko_every_question_about_the_pdf_stays_open(monkeypatch, signed, trust):
    monkeypatch.setitem(sys.modules, "pyhanko.pdf_utils.reader", None)
    verdict, answers = asked({"report.pdf": signed}, trust)
    assert verdict.outcome is Outcome.OPEN
    assert {outcome for _, outcome in answers} == {Outcome.OPEN}
    assert {answer.sentence for answer in verdict.answers} == {checks.NO_LIBRARY}


def test_nothing_asked_is_not_good():
    assert Verdict.of([]).outcome is Outcome.OPEN


@pytest.mark.parametrize(("retired_after", "passes"), [(-1, False), (0, False), (1, True)])
def test_a_retired_key_signs_no_receipt_of_what_came_later(
    receipt, signing_key, trust, retired_after, passes
):
    """A newer key may sign an old receipt, which is downloaded again; never the other way round."""
    until = receipt.committed_at + dt.timedelta(milliseconds=retired_after)
    since = receipt.committed_at + dt.timedelta(days=1)
    for key in (
        replace(signing_key.verify_key, until=until),
        replace(signing_key.verify_key, since=since),
    ):
        known = replace(trust, keys={key.key_id: key})
        files = bundle.read({"receipt.json": receipts.issue(receipt, signing_key)}, pinned=())
        (answer,) = checks.receipt_signed(files, known)
        wanted = Outcome.PASSED if passes or key.until is None else Outcome.FAILED
        assert answer.outcome is wanted
        if wanted is Outcome.FAILED:
            assert answer.sentence == (
                "No: the key that signed it was retired before this was received."
            )


# The award that a report prints


def awarded(sign_with, record, **award):
    """A signed report that prints an award beside one record, as a ranking would be."""
    content = json.loads(content_for(record))
    content["records"][0]["file"] = "ranking.record.json"
    content["award"] = {"ranking": hashes.of_bytes(record), "decision": "0" * 64, **award}
    return sign_with({"payload.json": canonical.encode(content), "ranking.record.json": record})


@pytest.fixture
def ranking():
    rows = [{"id": "a", "admitted": True}, {"id": "b", "admitted": False}]
    return canonical.encode({"result": {"vendors": rows}})


@pytest.mark.parametrize(
    ("award", "outcome", "sentence"),
    [
        ({"winner": "a"}, Outcome.PASSED, "Yes: ranking and decision are the ones it names."),
        ({"winner": None}, Outcome.PASSED, "Yes: ranking and decision are the ones it names."),
        ({"winner": "b"}, Outcome.FAILED, "No: its winner is no admitted bid of the ranking."),
        ({"winner": "c"}, Outcome.FAILED, "No: its winner is no admitted bid of the ranking."),
        (
            {"winner": "a", "ranking": "f" * 64},
            Outcome.FAILED,
            "No: it names another ranking or decision.",
        ),
    ],
)
def test_an_award_rests_on_the_ranking_in_the_file(
    sign_with, ranking, trust, award, outcome, sentence
):
    files = {"report.pdf": awarded(sign_with, ranking, **award)}
    assert outcome_of(checks.award_rests, files, trust) == [(outcome, sentence)]


def test_a_report_without_an_award_is_not_asked_about_one(signed, trust):
    assert outcome_of(checks.award_rests, {"report.pdf": signed}, trust) == []
