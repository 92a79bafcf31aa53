"""A real report, signed, judged by poppler and by our own checks, and every forgery of it refused."""

import io
import stat
import subprocess

import pypdf
import pytest
from pypdf.annotations import FreeText

from apps.proof import hashes, signatures
from apps.proof.certificates import Root, Signer
from apps.proof.errors import KeyRefused, SigningRefused
from apps.proof.signatures import State
from apps.proof.verifier import cli
from apps.reports.adapters import signing
from tests.apps.reports.adapters.conftest import AT

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n")
    return file


@pytest.fixture(scope="session")
def signed(decision, signer):
    return signing.sign(decision.pdf, signer=signer, at=AT, reason="Report issued")


@pytest.fixture
def judge(signer):
    return lambda pdf: signatures.check(pdf, pinned={signer.fingerprint}).state


def test_a_signed_report_is_ours_and_registered_by_its_digest(signed, signer, judge):
    assert judge(signed.pdf) is State.OURS
    assert signed.digest == hashes.of_bytes(signed.pdf)
    assert signed.fingerprint == signer.fingerprint


def test_poppler_finds_the_signature_valid_and_the_whole_document_signed(signed, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(signed.pdf)
    said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "Not total document signed" not in said
    assert "Signer Certificate Common Name: Halden Energy report signer 2026" in said
    assert "Signature Type: ETSI.CAdES.detached" in said


def test_a_signed_report_is_sound_and_still_says_what_it_conforms_to(signed, decision, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(signed.pdf)
    said = subprocess.run(
        ["qpdf", "--check", str(file)], capture_output=True, text=True, check=True
    )
    assert "No syntax or stream encoding errors found" in said.stdout
    reader = pypdf.PdfReader(io.BytesIO(signed.pdf))
    packet = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "part" in packet
    assert "http://www.aiim.org/pdfua/ns/id/" in packet
    assert "http://www.aiim.org/pdfa/ns/id/" in packet
    assert reader.pdf_header == "%PDF-1.7"
    assert len(reader.pages) == decision.pages
    assert signed.pdf.startswith(decision.pdf)


def test_the_stamp_draws_nothing_and_needs_no_font(signed):
    reader = pypdf.PdfReader(io.BytesIO(signed.pdf))
    field = reader.trailer["/Root"]["/AcroForm"]["/Fields"][0].get_object()
    drawn = field["/AP"]["/N"].get_object()
    assert b"Tj" not in drawn.get_data()
    assert "/Font" not in drawn.get("/Resources", {})


def test_the_verifier_answers_offline_and_recomputes_the_record(signed, signer, tmp_path, capsys):
    (tmp_path / "report.pdf").write_bytes(signed.pdf)
    (tmp_path / "issuer.pem").write_bytes(signer.certificate_pem())
    digest = hashes.of_bytes(signatures.attachments(signed.pdf)["payload.json"])
    arguments = ["--certificate", str(tmp_path / "issuer.pem"), "--digest", digest]
    assert cli.main([*arguments, str(tmp_path / "report.pdf")]) == 0
    assert "The same inputs give the same result." in capsys.readouterr().out


def test_no_flipped_bit_of_a_real_report_passes(signed, judge):
    pdf = signed.pdf
    start = pdf.rindex(b"/Contents <")
    end = pdf.index(b">", start)
    for place in [*range(3, start, len(pdf) // 60), *range(end, len(pdf), 40)]:
        flipped = pdf[:place] + bytes([pdf[place] ^ 4]) + pdf[place + 1 :]
        assert judge(flipped) is not State.OURS, place


def test_a_report_rewritten_by_qpdf_is_altered(signed, judge, tmp_path):
    (tmp_path / "a.pdf").write_bytes(signed.pdf)
    subprocess.run(["qpdf", str(tmp_path / "a.pdf"), str(tmp_path / "b.pdf")], check=True)
    assert judge((tmp_path / "b.pdf").read_bytes()) is State.ALTERED


def test_an_added_note_or_tail_or_a_cut_signature_is_found(signed, decision, judge):
    writer = pypdf.PdfWriter(io.BytesIO(signed.pdf), incremental=True)
    writer.add_annotation(0, FreeText(text="Award to D", rect=(50, 50, 300, 90)))
    noted = io.BytesIO()
    writer.write(noted)
    assert noted.getvalue().startswith(signed.pdf)
    assert judge(noted.getvalue()) is State.RESAVED
    assert judge(signed.pdf + b"\n") is State.RESAVED
    assert judge(decision.pdf) is State.UNSIGNED


def test_a_report_signed_by_somebody_of_our_name_is_foreign(decision, judge):
    root = Root.create(organisation="Halden Energy", at=AT)
    stranger = Signer.issue(root=root, organisation="Halden Energy", at=AT)
    forged = signatures.sign(decision.pdf, signer=stranger, at=AT, reason="Report issued")
    assert judge(forged) is State.FOREIGN


def test_a_report_is_not_signed_twice(signed, signer):
    with pytest.raises(SigningRefused):
        signing.sign(signed.pdf, signer=signer, at=AT, reason="Report issued")


def test_a_report_that_fails_its_own_check_is_not_given_out(decision, signer):
    other = Signer.issue(root=Root.create(organisation="X", at=AT), organisation="X", at=AT)
    mixed = object.__new__(Signer)  # a key and a certificate that do not belong together
    for name, value in (("key", signer.key), ("certificate", other.certificate), ("chain", ())):
        object.__setattr__(mixed, name, value)
    with pytest.raises(KeyRefused, match="does not pass its own check: altered"):
        signing.sign(decision.pdf, signer=mixed, at=AT, reason="Report issued")


def test_the_first_run_makes_keys_that_load_and_sign(tmp_path, secret, decision):
    folder = tmp_path / "keys"
    made = signing.first_run(folder=folder, passphrase_file=secret, organisation="Halden", at=AT)
    loaded = signing.load(signer_file=folder / signing.SIGNER, passphrase_file=secret)
    assert loaded.fingerprint == made.fingerprint
    assert signing.fingerprint_of(folder / signing.SIGNER_CERTIFICATE) == made.fingerprint
    signed = signing.sign(decision.pdf, signer=loaded, at=AT, reason="Report issued")
    assert signed.fingerprint == made.fingerprint
    modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_first_run_never_replaces_a_key(tmp_path, secret):
    folder = tmp_path / "keys"
    signing.first_run(folder=folder, passphrase_file=secret, organisation="Halden", at=AT)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(KeyRefused, match="already; it is not replaced"):
        signing.first_run(folder=folder, passphrase_file=secret, organisation="Halden", at=AT)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_keys_are_refused_with_a_sentence(tmp_path, secret):
    with pytest.raises(KeyRefused, match="cannot be read: No such file"):
        signing.load(signer_file=tmp_path / "none.p12", passphrase_file=secret)
    folder = tmp_path / "keys"
    signing.first_run(folder=folder, passphrase_file=secret, organisation="Halden", at=AT)
    secret.write_text("another passphrase, long enough")
    with pytest.raises(KeyRefused, match="the passphrase is another one"):
        signing.load(signer_file=folder / signing.SIGNER, passphrase_file=secret)
