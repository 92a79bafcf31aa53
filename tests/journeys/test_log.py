"""What an auditor does: keep the mail, take the record, check both without the service."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cceval.local.stack import MANAGE
from tests.journeys.api import Caller
from tests.journeys.browser import Windows
from tests.journeys.product import Product, wait_for

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

AUDITOR = "a.ferreira@weirvalley.example"
DECIDED = (
    "SELECT id FROM workspace_procurement WHERE reference LIKE 'WVH-20%' AND phase = 'decided'"
)


def verify(folder: Path, key: Path) -> tuple[int, dict[str, str]]:
    command = [sys.executable, "-m", "apps.proof.verifier.cli", folder, "--key", key, "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    answers = json.loads(done.stdout)["answers"]
    return done.returncode, {answer["question"]: answer["outcome"] for answer in answers}


def note_in(product: Product) -> str:
    """Return the checkpoint of the last such mail to the auditor."""
    mails = [m for m in product.mails_to(AUDITOR) if "Checkpoint of the record" in m["subject"]]
    text = mails[-1].get_body(("plain",)).get_content() if mails else ""
    return text[text.find("cceval/") :] if "cceval/" in text else ""


def test_mail_record_and_witness_hold_together_and_a_forged_row_does_not(
    windows: Windows, tmp_path: Path
):
    product = windows.product
    case = product.sql(DECIDED)
    caller = Caller(product, windows.cookies_of(AUDITOR))
    note = wait_for(lambda: note_in(product), "a checkpoint by mail")
    folder, key = tmp_path / "evidence", tmp_path / "key.pem"
    folder.mkdir()
    key.write_bytes(Caller(product).send("GET", "/verify/receipts.pem").content)
    (folder / "mail.checkpoint").write_text(note, newline="")
    record = caller.send("GET", f"/p/{case}/record/record.json").content
    (folder / "record.json").write_bytes(record)
    rules = caller.send("GET", f"/p/{case}/publish/content.json").content
    (folder / "rfp.json").write_bytes(rules)

    assert verify(folder, key) == (
        0,
        {
            "Are the checkpoints signed by the issuer?": "passed",
            "Is every entry what the log holds at its place?": "passed",
            "Does the log continue every checkpoint of it?": "passed",
            "Does the log name this file?": "passed",
        },
    )

    (folder / "record.json").write_bytes(record.replace(b'"rfp.publish"', b'"rfp.publisH"'))
    status, answers = verify(folder, key)
    assert (status, answers["Is every entry what the log holds at its place?"]) == (1, "failed")

    witness = Path(product.stack.environment["CCEVAL_VAR"]) / "witness"
    kept = wait_for(lambda: list(witness.rglob("*.checkpoint")), "a checkpoint in the folder")
    assert note.split() in [path.read_text().split() for path in kept]


def test_the_running_product_keeps_every_invariant(windows: Windows):
    product = windows.product
    wait_for(lambda: product.sql("SELECT count(*) FROM core_logcheckpoint") != "0", "a checkpoint")
    done = subprocess.run(
        [*MANAGE, "cceval_fsck"],
        env=product.stack.environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
