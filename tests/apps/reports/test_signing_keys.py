"""Keys of an installation: made once, kept to their owner, rotated without losing old reports."""

import io
import stat

import pytest
from django.core.management import CommandError, call_command

from apps.core import clock
from apps.core.signing import PRIVATE, PUBLIC
from apps.proof.certificates import Root, Signer
from apps.reports.models import SigningCertificate
from apps.reports.selectors import certificates, pem_of
from apps.reports.services import signing_keys, verifying
from apps.reports.types import Finding
from tests.factories.reports import pdf_of

pytestmark = pytest.mark.usefixtures("here")

FILES = {
    "passphrase", "root.key", "root.pem", "signer.p12", "signer.pem", PRIVATE, PUBLIC,
}  # fmt: skip


@pytest.fixture
def folder(db, tmp_path, settings):
    settings.SIGNING_DIR = tmp_path / "signing"
    return settings.SIGNING_DIR


def prepare(**options):
    said = io.StringIO()
    call_command("prepare_signing", stdout=said, **options)
    return said.getvalue()


def test_the_first_run_makes_every_key_for_its_owner_alone(folder):
    assert prepare().startswith(f"New signing keys are in {folder}.")
    assert {path.name for path in folder.iterdir()} == FILES
    secret = FILES - {PUBLIC}
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in secret} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len((folder / "passphrase").read_text()) == 64
    for name in ("root.key", PRIVATE):
        assert b"ENCRYPTED" in (folder / name).read_bytes()


def test_a_second_run_changes_nothing(folder):
    prepare()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    pinned = SigningCertificate.objects.count()
    assert prepare() == f"The signing keys in {folder} are complete.\n"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert SigningCertificate.objects.count() == pinned


def test_it_goes_on_after_a_crash_that_left_only_the_passphrase(folder):
    folder.mkdir()
    (folder / "passphrase").write_text("a passphrase that was there before")
    prepare()
    assert (folder / "passphrase").read_text() == "a passphrase that was there before"
    assert signing_keys.load(folder).fingerprint == certificates()[0].fingerprint


def test_the_root_key_may_be_moved_to_a_safe(folder):
    prepare()
    (folder / "root.key").unlink()
    assert prepare() == f"The signing keys in {folder} are complete.\n"
    assert not (folder / "root.key").exists()


@pytest.mark.parametrize("lost", ["signer.p12", "root.pem", "signer.pem"])
def test_half_a_set_is_one_sentence_and_nothing_is_made(folder, lost):
    prepare()
    (folder / lost).unlink()
    with pytest.raises(CommandError, match="holds only part of a set of signing keys") as refused:
        prepare()
    assert "\n" not in str(refused.value)
    assert not (folder / lost).exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(folder):
    folder.parent.joinpath("signing").write_text("a file where the folder should be")
    with pytest.raises(CommandError, match=r"cannot be used for signing keys: .* Give the user"):
        prepare()


def test_another_passphrase_is_one_sentence(folder):
    prepare()
    (folder / "passphrase").write_text("not the passphrase of this key")
    with pytest.raises(CommandError, match="cannot be read"):
        prepare()


def test_the_name_of_the_installation_stands_in_the_certificate(folder):
    prepare(organisation="Harbour Mutual")
    assert certificates()[0].subject == f"Harbour Mutual report signer {clock.now().year}"


def test_a_long_name_is_cut_to_what_a_certificate_holds(folder):
    prepare(organisation="x" * 200)
    assert certificates()[0].subject == f"{'x' * 40} report signer {clock.now().year}"


def test_after_a_rotation_old_reports_still_verify(case):
    held = SigningCertificate.objects.get()
    root = Root.create(organisation="Tests", at=clock.now())
    signer = Signer.issue(root=root, organisation="Tests", at=clock.now())
    signing_keys.register(signer, at=clock.now())
    held.refresh_from_db()
    assert held.used_to is not None
    assert [one.used_to is None for one in certificates()] == [True, False]
    assert verifying.verify(pdf=pdf_of(case.scorecard)).finding is Finding.CURRENT


def test_each_pinned_certificate_is_public_and_so_is_its_root(case):
    held = SigningCertificate.objects.get()
    assert pem_of(held.fingerprint) == held.pem
    assert pem_of(held.root_fingerprint.upper()) == held.root_pem
    assert "PRIVATE" not in held.pem + held.root_pem
