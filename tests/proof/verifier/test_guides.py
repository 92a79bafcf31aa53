"""The guides for vendor, auditor and executive: their commands work, their questions are asked."""

import re
import shlex
from pathlib import Path

import pytest

from apps.proof import canonical, hashes, logs, signatures
from apps.proof.verifier import checks, cli, log_checks, stamp_checks
from apps.proof.verifier.verdict import Verdict
from tests.proof.conftest import AT, LogOf, prepare

GUIDES = Path(__file__).resolve().parents[3] / "docs" / "verify"
COMMAND = re.compile(r"^ *(cceval-verify .+)$", re.MULTILINE)
ASKED = re.compile(r"^\| ([A-Z][^|]+\?) \|", re.MULTILINE)
SAID = re.compile(r"^\| ((?:Genuine|Do not|Not every)[^|]+?) \|", re.MULTILINE)
COMMANDS = [
    (guide.stem, command)
    for guide in sorted(GUIDES.glob("*.md"))
    for command in COMMAND.findall(guide.read_text())
]


@pytest.fixture
def receipt_files(receipt_file, vendor_log, signer):
    """A receipt as JSON, and as a signed PDF with the entry of the submission inside."""
    held = {
        "payload.json": canonical.encode({"records": []}),
        "submission.entry.json": logs.write_proof(vendor_log.proof(3, size=4)),
    }
    paper = signatures.sign(prepare(held), signer=signer, at=AT, reason="Receipt issued")
    return {"receipt.json": receipt_file, "receipt.pdf": paper}


@pytest.fixture
def desk(tmp_path, monkeypatch, signed, signer, signing_key, receipt_files):
    """What the guides name, in a folder of one's own."""
    rules = canonical.encode({"weights": {"quality": "60"}})
    acts = [
        {"action": "rfp.publish", "details": {"digest": hashes.of_bytes(rules)}},
        {"action": "report.sign", "details": {"signed_sha256": hashes.of_bytes(signed)}},
        {"action": "report.download", "details": {}},
    ]
    log = LogOf("weir-valley", acts, signing_key)
    record = logs.write_export(log.export(0, 1, earlier=(1,)))
    files = {
        **receipt_files,
        "plan.pdf": b"content",
        "decision-report.pdf": signed,
        "record.json": record,
        "signer.pem": signer.certificate_pem(),
        "cceval-receipts.pem": signing_key.verify_key.to_pem(),
        "evidence/record.json": record,
        "evidence/march.checkpoint": log.signed(2).note.encode(),
        "evidence/receipt.json": receipt_files["receipt.json"],
        "evidence/decision-report.pdf": signed,
        "evidence/rfp-1f0c.json": rules,
    }
    (tmp_path / "evidence").mkdir()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)


def test_there_is_a_guide_for_each_of_three_with_a_command():
    assert {guide for guide, _command in COMMANDS} == {"auditor", "executive", "vendor"}


@pytest.mark.parametrize(("guide", "command"), COMMANDS)
def test_every_command_of_a_guide_works(desk, capsys, guide, command):
    assert cli.main(shlex.split(command)[1:]) == 0, capsys.readouterr()


def test_every_question_and_verdict_that_a_guide_explains_is_given():
    source = "".join(Path(one.__file__).read_text() for one in (checks, log_checks, stamp_checks))
    asked = set(re.findall(r'question = "([^"]+)"', source))
    said = Path(cli.__file__).with_name("verdict.py").read_text()
    for guide in GUIDES.glob("*.md"):
        text = guide.read_text()
        assert set(ASKED.findall(text)) <= asked
        assert all(sentence in said for sentence in SAID.findall(text))
    assert Verdict.of([]).sentence in said
