"""What is asked of checkpoints, entries, receipts and exports, alone and beside one another."""

from dataclasses import replace

import pytest

from apps.proof import canonical, hashes, logs, receipts
from apps.proof.keys import SigningKey
from apps.proof.verifier import bundle, checks, log_checks
from apps.proof.verifier.verdict import Outcome
from tests.proof.conftest import LogOf

PASSED, FAILED, OPEN = Outcome.PASSED, Outcome.FAILED, Outcome.OPEN


@pytest.fixture
def buyer_log(signing_key, signed):
    sha = hashes.of_bytes(signed)
    acts = [{"action": "test", "details": {"number": str(number)}} for number in range(8)]
    acts.append({"action": "report.sign", "details": {"signed_sha256": sha}})
    return LogOf("weir-valley", acts, signing_key)


def outcome_of(check, files, trust):
    found = bundle.read(files, pinned=trust.fingerprints)
    return [(one.file, one.outcome, one.sentence) for one in check(found, trust)]


def verdict_of(files, trust):
    return checks.all_answers(bundle.read(files, pinned=trust.fingerprints), trust).outcome


def note(log, size=None, key=None):
    return log.signed(size, key).note.encode()


def test_a_folder_of_receipt_export_checkpoint_and_report_holds_together(
    buyer_log, receipt_file, signed, trust
):
    files = {
        "report.pdf": signed,
        "receipt.json": receipt_file,
        "record.json": logs.write_export(buyer_log.export(1, 8, earlier=(3, 6))),
        "march.checkpoint": note(buyer_log, 5),
        "entry.json": logs.write_proof(buyer_log.proof(2, size=6)),
    }
    assert verdict_of(files, trust) is PASSED


def test_a_checkpoint_of_another_key_is_not_the_issuers(buyer_log, trust):
    files = {"mail.txt": note(buyer_log, 5, SigningKey.generate())}
    assert outcome_of(log_checks.checkpoints_signed, files, trust) == [
        (
            "mail.txt",
            FAILED,
            "No: the one of 5 entries was changed, or another key signed it.",
        )
    ]


def test_without_a_key_nobody_says_who_signed(buyer_log, trust):
    files = {"mail.txt": note(buyer_log)}
    open_ = outcome_of(log_checks.checkpoints_signed, files, replace(trust, keys={}))
    assert open_ == [("mail.txt", OPEN, "Give the issuer's key with --key.")]


def test_a_changed_entry_is_named_by_its_number(buyer_log, trust):
    export = buyer_log.export(1, 3, 8)
    forged = replace(export.entries[1], body=canonical.encode({"action": "other"}))
    files = {
        "record.json": logs.write_export(
            replace(export, entries=(export.entries[0], forged, export.entries[2]))
        )
    }
    assert outcome_of(log_checks.exports_unchanged, files, trust) == [
        ("record.json", FAILED, "No: 1 changed, the first at 4.")
    ]


def test_an_entry_that_does_not_lead_to_the_root_fails(buyer_log, trust):
    proof = buyer_log.proof(2)
    moved = replace(proof, entry=replace(proof.entry, index=3))
    files = {"good.json": logs.write_proof(proof), "moved.json": logs.write_proof(moved)}
    found = outcome_of(log_checks.entries_proved, files, trust)
    assert [one[1] for one in found] == [PASSED, FAILED]
    assert found[0][2] == "Yes: entry 3 of 9."


@pytest.mark.parametrize("size", [1, 4, 7])
def test_a_rewritten_log_departs_from_any_older_checkpoint(buyer_log, signing_key, trust, size):
    again = LogOf("weir-valley", [{"action": "forged"}] * 9, signing_key)
    files = {
        "record.json": logs.write_export(again.export(0, earlier=(2, 5))),
        "old.checkpoint": note(buyer_log, size),
    }
    sentence = (
        f"No: it departs from the checkpoint of {size} entries: it was rewritten since, or is"
    )
    assert outcome_of(log_checks.exports_continue, files, trust) == [
        ("record.json", FAILED, f"{sentence} another log of the same name.")
    ]
    assert verdict_of(files, trust) is FAILED


def test_a_log_shorter_than_a_checkpoint_was_cut_or_is_older(buyer_log, trust):
    whole = buyer_log.signed()
    buyer_log.entries = buyer_log.entries[:6]
    files = {
        "record.json": logs.write_export(buyer_log.export(0)),
        "new.checkpoint": whole.note.encode(),
    }
    ((_name, outcome, sentence),) = outcome_of(log_checks.exports_continue, files, trust)
    assert outcome is FAILED
    assert sentence.endswith("it ends at 6, so it is older or was cut.")


def test_a_checkpoint_of_another_log_is_no_reason_to_doubt_this_one(buyer_log, vendor_log, trust):
    files = {
        "record.json": logs.write_export(buyer_log.export(0)),
        "vendor.checkpoint": note(vendor_log),
    }
    assert verdict_of(files, trust) is PASSED


def test_two_views_of_one_size_must_be_the_same(buyer_log, signing_key, trust):
    other = LogOf("weir-valley", [{"action": "another view"}] * 9, signing_key)
    files = {"a.checkpoint": note(buyer_log), "b.checkpoint": note(other)}
    ((_name, outcome, sentence),) = outcome_of(log_checks.checkpoints_agree, files, trust)
    assert (outcome, sentence) == (FAILED, "No: a.checkpoint has another root at 9 entries.")
    same = {"a.checkpoint": note(buyer_log), "b.checkpoint": note(buyer_log)}
    assert [one[1] for one in outcome_of(log_checks.checkpoints_agree, same, trust)] == [PASSED]


def test_two_sizes_need_an_export_to_be_compared(buyer_log, trust):
    files = {"a.checkpoint": note(buyer_log, 4), "b.checkpoint": note(buyer_log, 9)}
    assert [one[1] for one in outcome_of(log_checks.checkpoints_agree, files, trust)] == [OPEN]
    files["record.json"] = logs.write_export(buyer_log.export(0))
    assert outcome_of(log_checks.checkpoints_agree, files, trust) == []
    assert verdict_of(files, trust) is PASSED


def test_a_receipt_without_its_entry_leaves_the_question_open(receipt, signing_key, trust):
    files = {"receipt.json": receipts.issue(replace(receipt, log=None), signing_key)}
    ((_name, outcome, sentence),) = outcome_of(log_checks.receipts_in_log, files, trust)
    assert (outcome, sentence) == (OPEN, "The receipt holds no entry: download it again.")


@pytest.mark.parametrize(
    "changed",
    [{"manifest_digest": "0" * 64}, {"submission": "S-1"}, {"arrived_at": "2026-10-02T10:00:00Z"},
     {"arrived_at": "yesterday"}],
)  # fmt: skip
def test_a_receipt_whose_entry_names_another_submission_fails(receipt, signing_key, trust, changed):
    content = receipt.log.entry.content
    details = {**content["details"], **changed}
    other = LogOf("castellan", [{}, {}, {}, {**content, "details": details}], signing_key)
    for log in (other.proof(3), replace(receipt.log, path=receipt.log.path[:-1])):
        files = {"receipt.json": receipts.issue(replace(receipt, log=log), signing_key)}
        assert [one[1] for one in outcome_of(log_checks.receipts_in_log, files, trust)] == [FAILED]


@pytest.mark.parametrize("content", [{}, {"details": 7}, [], "text"])
def test_a_receipt_whose_entry_is_something_else_fails(receipt, signing_key, trust, content):
    log = LogOf("castellan", [content], signing_key).proof(0)
    files = {"receipt.json": receipts.issue(replace(receipt, log=log), signing_key)}
    assert [one[1] for one in outcome_of(log_checks.receipts_in_log, files, trust)] == [FAILED]


def test_a_report_is_looked_up_in_the_log_beside_it(buyer_log, signed, trust):
    files = {"report.pdf": signed}
    assert outcome_of(log_checks.reports_in_log, files, trust) == []
    files["record.json"] = logs.write_export(buyer_log.export(8))
    assert outcome_of(log_checks.reports_in_log, files, trust) == [
        ("report.pdf", PASSED, "Yes, entry 9.")
    ]
    files["record.json"] = logs.write_export(buyer_log.export(1, 2))
    assert [one[1] for one in outcome_of(log_checks.reports_in_log, files, trust)] == [OPEN]


def test_the_published_rules_are_recognised_by_the_entry_that_names_them(signing_key, trust):
    rules = canonical.encode({"weights": {"quality": "60", "price": "40"}})
    entry = {"action": "rfp.publish", "details": {"digest": hashes.of_bytes(rules)}}
    log = LogOf("weir-valley", [{}, entry], signing_key)
    files = {"record.json": logs.write_export(log.export(0, 1)), "rfp.json": rules}
    assert outcome_of(log_checks.files_in_log, files, trust) == [
        ("rfp.json", PASSED, "Yes, entry 2.")
    ]
    assert verdict_of(files, trust) is PASSED
    files["rfp.json"] = rules.replace(b"60", b"61")
    assert outcome_of(log_checks.files_in_log, files, trust) == []
    assert verdict_of(files, trust) is FAILED


def test_a_forged_entry_vouches_for_no_file(signing_key, trust):
    rules = b"other rules"
    log = LogOf("weir-valley", [{}, {"details": {"digest": "0" * 64}}], signing_key)
    export = log.export(1)
    forged = canonical.encode({"details": {"digest": hashes.of_bytes(rules)}})
    entries = (replace(export.entries[0], body=forged),)
    files = {"record.json": logs.write_export(replace(export, entries=entries)), "rfp": rules}
    assert outcome_of(log_checks.files_in_log, files, trust) == []
