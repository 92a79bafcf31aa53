"""The receipt of a submission as a signed PDF: what it says, what it never says, who gets it."""

import json
import subprocess
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.bids.models import Submission
from apps.bids.types.places import RECEIPT_PAPER, reference_of
from apps.core import jobs, tenancy
from apps.core.models import Job
from apps.proof import hashes
from apps.proof.verifier import cli
from apps.reports.models import ReceiptPaper
from apps.reports.selectors import receipt_keys_pem
from apps.reports.services import receipt_papers
from cceval import fsck
from tests.apps.reports.public import at, flipped, heading, post
from tests.conftest import acting_for, sign_in

pytestmark = pytest.mark.usefixtures("here")
VENDOR = "Velora Connect"


@pytest.fixture
def vendor(case):
    return next(one for one in case.vendors if one.organisation.name == VENDOR)


@pytest.fixture
def submission(case, vendor):
    with acting_for(vendor.owner):
        return Submission.objects.get(bid=case.bids[VENDOR])


def url_of(submission):
    return reverse("reports:receipt_paper", args=[submission.bid_id, submission.pk])


@pytest.fixture
def paper(submission, vendor):
    """The paper, made as the worker makes it."""
    with tenancy.acting_as(scope="jobs"):
        job = Job.objects.get(kind=RECEIPT_PAPER, subject_id=submission.pk)
    assert jobs.run(job.pk) == "done", job.error
    with acting_for(vendor.owner):
        return ReceiptPaper.objects.get(submission=submission)


@pytest.fixture
def pdf(paper, vendor, submission):
    with acting_for(vendor.owner) as owner:
        return receipt_papers.download(submission=submission, actor=owner).content


def words(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "receipt.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return " ".join(done.stdout.split())


def test_submitting_promises_it_and_a_worker_makes_it_once(paper, submission, vendor):
    with tenancy.acting_as(scope="jobs"):
        job = Job.objects.get(kind=RECEIPT_PAPER, subject_id=submission.pk)
    assert jobs.run(job.pk) == "skipped"
    with acting_for(vendor.owner) as owner:
        receipt_papers.ask_again(submission=submission, actor=owner)
        assert Job.objects.filter(kind=RECEIPT_PAPER, subject_id=submission.pk).count() == 1
    assert not [one for one in fsck.broken() if one.invariant == "I10"]


def test_it_says_what_was_received_and_names_no_file_and_no_price(pdf, submission, tmp_path):
    text = words(pdf, tmp_path)
    for said in (
        reference_of(submission.manifest_digest),
        VENDOR,
        "Submission 1",
        submission.submitted_by.name,
    ):
        assert said in text, said
    assert submission.manifest_digest in text.replace(" ", "")
    assert "continuity.pdf" not in text
    assert b"continuity.pdf" not in pdf
    assert "£" not in text


def test_the_portal_gives_it_to_the_vendor_alone(case, paper, pdf, submission, vendor):
    rival = next(one for one in case.vendors if one.organisation.name != VENDOR)
    url = url_of(submission)
    for person in (vendor.owner, vendor.respondent):
        answer = sign_in(person).get(url)
        assert answer.status_code == HTTPStatus.OK
        assert answer.content == pdf
        assert answer["Content-Type"] == "application/pdf"
    for person in (rival.owner, case.buyer.lead, case.buyer.auditor):
        assert sign_in(person).get(url).status_code == HTTPStatus.NOT_FOUND
        assert sign_in(person).post(url).status_code == HTTPStatus.NOT_FOUND
        with acting_for(person):
            assert not ReceiptPaper.objects.exists()


def test_before_it_is_made_its_address_says_so(submission, vendor):
    page = sign_in(vendor.owner).get(url_of(submission)).content.decode()
    assert "The PDF is being made and signed" in page


def test_one_that_failed_can_be_asked_for_again(submission, vendor):
    with acting_for(vendor.owner):
        Job.objects.filter(kind=RECEIPT_PAPER, subject_id=submission.pk).update(state="failed")
    client = sign_in(vendor.owner)
    assert "The PDF was not made" in client.get(url_of(submission)).content.decode()
    client.post(url_of(submission))
    assert "is being made" in client.get(url_of(submission)).content.decode()


def test_the_receipt_page_links_it(submission, vendor):
    page = sign_in(vendor.owner).get(
        reverse("bids:receipt_of", args=[submission.bid_id, submission.pk])
    )
    assert url_of(submission) in page.content.decode()


def test_anybody_can_verify_it_and_a_changed_one_is_refused(paper, pdf, stranger):
    answer = post(stranger, pdf)
    text = answer.content.decode()
    assert heading(answer) == "This report is genuine and has not been changed"
    assert "Receipt of a submission" in text
    assert "Its entry stands in the record" in text
    assert stranger.get(at(paper)).status_code == HTTPStatus.OK
    assert heading(post(stranger, flipped(pdf, 5000))) != heading(answer)


def test_no_page_of_verification_names_the_tender_or_the_vendor(case, paper, pdf, stranger):
    told = post(stranger, pdf).content.decode() + stranger.get(at(paper)).content.decode()
    for secret in (VENDOR, case.procurement.title, case.procurement.reference):
        assert secret not in told


def test_the_verifier_checks_it_offline_with_its_entry(paper, pdf, tmp_path, capsys):
    file, key = tmp_path / "receipt.pdf", tmp_path / "key.pem"
    file.write_bytes(pdf)
    key.write_bytes(receipt_keys_pem())
    certificate = next(Path(settings.SIGNING_DIR).glob("signer*.pem"), None)
    given = [str(file), "--key", str(key), "--digest", paper.digest, "--json"]
    status = cli.main([*given, "--certificate", str(certificate)])
    answers = json.loads(capsys.readouterr().out)["answers"]
    assert status == 0, answers
    proved = [one for one in answers if one["question"].startswith("Does the entry lead")]
    assert [one["file"] for one in proved] == [f"{file}: submission.entry.json"]


def test_it_is_what_its_digest_says_and_never_changes(paper, vendor):
    assert hashes.of_bytes(paper.payload.encode()) == paper.digest
    with acting_for(vendor.owner), pytest.raises(DatabaseError), transaction.atomic():
        ReceiptPaper.objects.filter(pk=paper.pk).update(digest="0" * 64)
