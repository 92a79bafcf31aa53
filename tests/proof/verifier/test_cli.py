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


def test_the_verifier_runs_on_its_own_without_django_or_noise(folder):
    program = (
        "import sys; from apps.proof.verifier import cli; status = cli.main(sys.argv[1:]);"
        "assert 'django' not in sys.modules; sys.exit(status)"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            program,
            str(folder / "report.pdf"),
            "--certificate",
            str(folder / "issuer.pem"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("Genuine")
