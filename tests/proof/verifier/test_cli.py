import json
import subprocess
import sys

import pytest

from apps.proof import hashes
from apps.proof.verifier import cli
from tests.proof.conftest import content_for


@pytest.fixture
def folder(tmp_path, signed, signer, signing_key, receipt_file):
    files = {
        "report.pdf": signed,
        "issuer.pem": signer.certificate_pem(),
        "key.pem": signing_key.verify_key.to_pem(),
        "receipt.json": receipt_file,
        "plan.pdf": b"content",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def run(folder, *names, options=()):
    return cli.main([*options, *(str(folder / name) for name in names)])


def test_good_files_end_with_status_0(folder, capsys):
    options = ["--certificate", str(folder / "issuer.pem"), "--key", str(folder / "key.pem")]
    assert run(folder, "report.pdf", "receipt.json", "plan.pdf", options=options) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == str(folder / "report.pdf")
    assert lines[1].startswith("  passed       Is the signed content unchanged?  Yes, as signed by")
    assert lines[-1] == "Genuine: issued, unaltered, and every question was answered."


def test_an_altered_file_ends_with_status_1(folder, signed, capsys):
    (folder / "report.pdf").write_bytes(signed.replace(b"BT ET", b"BT EU", 1))
    assert run(folder, "report.pdf", options=["--certificate", str(folder / "issuer.pem")]) == 1
    assert "FAILED" in capsys.readouterr().out


def test_a_question_left_open_ends_with_status_2(folder, capsys):
    assert run(folder, "report.pdf") == 2
    assert "not checked" in capsys.readouterr().out


def test_the_digest_may_be_typed_as_it_is_printed(folder, record):
    digest = hashes.of_bytes(content_for(record))
    printed = " ".join(digest[at : at + 8] for at in range(0, 64, 8)).upper()
    certificate = ["--certificate", str(folder / "issuer.pem")]
    assert run(folder, "report.pdf", options=[*certificate, "--digest", printed]) == 0
    assert run(folder, "report.pdf", options=[*certificate, "--digest", "0" * 64]) == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--digest", "abc"], "A digest has 64 hexadecimal digits; check --digest."),
        (["--certificate", "plan.pdf"], "This is not a certificate in PEM or DER form."),
        (["--key", "plan.pdf"], "This is not a public key in PEM text."),
        (
            ["--certificate", "missing.pem"],
            "missing.pem cannot be read: No such file or directory.",
        ),
    ],
)
def test_unusable_input_ends_with_status_2_and_one_sentence(
    folder, capsys, monkeypatch, options, sentence
):
    monkeypatch.chdir(folder)
    assert cli.main([*options, "report.pdf"]) == 2
    assert capsys.readouterr().err == f"cceval-verify: {sentence}\n"


def test_a_broken_receipt_is_unusable(folder, receipt_file, capsys):
    (folder / "receipt.json").write_bytes(receipt_file.replace(b'"version":2', b'"version":3'))
    assert run(folder, "receipt.json") == 2
    assert "contradicts itself" in capsys.readouterr().err


def test_no_file_at_all_is_a_usage_error(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main([])
    assert end.value.code == 2
    assert "usage: cceval-verify" in capsys.readouterr().err


def test_a_folder_is_checked_whole_but_for_what_is_relied_on_or_hidden(folder, capsys):
    options = ["--certificate", str(folder / "issuer.pem"), "--key", str(folder / "key.pem")]
    (folder / ".note").write_text("hidden")
    assert cli.main([*options, str(folder)]) == 0
    named = {line for line in capsys.readouterr().out.splitlines() if line.startswith(str(folder))}
    assert named == {str(folder / name) for name in ("report.pdf", "receipt.json", "plan.pdf")}


def test_a_foreign_file_in_a_folder_is_no_part_of_it(folder, capsys):
    options = ["--certificate", str(folder / "issuer.pem"), "--key", str(folder / "key.pem")]
    (folder / "plan v2.pdf.txt").write_text("another plan")
    assert cli.main([*options, str(folder)]) == 1
    assert "No receipt lists a file with this content." in capsys.readouterr().out


def test_an_empty_folder_is_unusable(tmp_path, capsys):
    assert cli.main([str(tmp_path)]) == 2
    assert "holds nothing to check." in capsys.readouterr().err


def test_the_answers_can_be_read_by_machines(folder, capsys):
    assert run(folder, "receipt.json", options=["--json", "--key", str(folder / "key.pem")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "passed"
    assert told["answers"][0] == {
        "file": str(folder / "receipt.json"),
        "outcome": "passed",
        "question": "Is the receipt signed by the issuer and unchanged?",
        "sentence": told["answers"][0]["sentence"],
    }


BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "rest_framework", "celery", "psycopg", "redis",
                                  "weasyprint", "rules", "allauth"}:
            raise ImportError(f"{name} is not installed here")
sys.meta_path.insert(0, Blocked())
from apps.proof.verifier import cli
sys.exit(cli.main(sys.argv[1:]))
"""


def test_the_verifier_runs_alone_without_the_service_or_noise(folder):
    """What `cceval-verify` needs are the base dependencies of the package: the service is an extra."""
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, str(folder), "--certificate", str(folder / "issuer.pem"),
         "--key", str(folder / "key.pem")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("Genuine")
