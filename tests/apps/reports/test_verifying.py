"""What a stranger learns from a file, from a reference, and what nobody learns."""

import subprocess

import pytest
from django.urls import reverse

from apps.core import clock, tenancy
from apps.proof.certificates import Root, Signer
from apps.proof.verifier.verdict import Outcome
from apps.reports.adapters import signing
from apps.reports.models import Report
from apps.reports.services import producing, verifying
from apps.reports.types import Finding
from tests.apps.reports.public import FRONT, at, flipped, heading, post
from tests.factories.reports import ask, job_of, pdf_of, produced

pytestmark = pytest.mark.usefixtures("here")


def container(pdf):
    """Where the hexadecimal signature starts and ends."""
    start = pdf.index(b"/Contents <") + len(b"/Contents <")
    return start, pdf.index(b">", start)


# Genuine


@pytest.mark.parametrize("kind", ["scorecard", "decision_report"])
def test_a_genuine_file_is_authentic_and_recomputed(case, stranger, kind):
    report = getattr(case, kind)
    answer = post(stranger, pdf_of(report))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert heading(answer) == "This report is genuine and has not been changed"
    assert "Recomputed: every figure agrees" in text
    for shown in (report.reference, report.certificate[:32], report.digest[:32]):
        assert shown in text
    assert report.signed_sha256[:32] in text
    assert f"version {report.version}" in text


def test_every_question_of_the_verifier_is_asked_and_passed(case, pdf):
    verdict = verifying.verify(pdf=pdf)
    assert {one.outcome for one in verdict.answers} == {Outcome.PASSED}
    replayed = [one.question for one in verdict.answers if ".record.json" in one.question]
    assert len(replayed) == 4


def test_the_same_file_is_calculated_once(case, pdf, django_assert_num_queries):
    first = verifying.verify(pdf=pdf)
    with django_assert_num_queries(1 + 5):  # certificates; the register in a scope of its own
        assert verifying.verify(pdf=pdf) == first


def test_a_superseded_file_is_genuine_and_says_so(case, stranger):
    old = pdf_of(case.scorecard)
    produced(case)
    answer = post(stranger, old)
    assert heading(answer) == "This report is genuine, but it stands no more"
    assert "Ask the issuer for the version that stands." in answer.content.decode()


def test_another_genuine_report_is_told_from_the_one_that_was_asked_for(case, stranger, pdf):
    answer = post(stranger, pdf, at(case.scorecard))
    assert heading(answer) == "This report is genuine and has not been changed"
    assert "This is another report" in answer.content.decode()


# Forged


def forgeries(pdf):
    begin, end = container(pdf)
    cut = pdf.rindex(b"startxref", 0, pdf.rindex(b"startxref"))
    return {
        "a byte of a page": (flipped(pdf, pdf.index(b"stream") + 300), Finding.ALTERED),
        "a byte of the signature": (
            pdf[: begin + 40] + (b"0" if pdf[begin + 40 : begin + 41] != b"0" else b"1")
            + pdf[begin + 41 :],
            Finding.ALTERED,
        ),
        "bytes after the end": (pdf + b"\n% more", Finding.RESAVED),
        "the padding of the signature": (
            pdf[: end - 2] + b"01" + pdf[end:],
            Finding.RESAVED,
        ),
        "the signature cut off": (
            pdf[: pdf.index(b"%%EOF", cut) + 6],
            Finding.UNSIGNED,
        ),
        "half a file": (pdf[: len(pdf) // 2], Finding.UNREADABLE),
        "a file with much behind it": (pdf + b"\n" * 5000, Finding.ALTERED),
        "another kind of file": (b"PK\x03\x04 not a PDF", Finding.UNREADABLE),
        "text that claims to be one": (b"%PDF-1.7\nhello\n%%EOF", Finding.UNREADABLE),
    }  # fmt: skip


@pytest.mark.parametrize(
    "what",
    [
        "a byte of a page",
        "a byte of the signature",
        "bytes after the end",
        "the padding of the signature",
        "the signature cut off",
        "half a file",
        "a file with much behind it",
        "another kind of file",
        "text that claims to be one",
    ],
)
def test_a_forged_file_is_never_called_authentic(case, stranger, pdf, what):
    content, finding = forgeries(pdf)[what]
    verdict = verifying.verify(pdf=content)
    assert (verdict.finding, verdict.genuine, verdict.answers) == (finding, False, ())
    answer = post(stranger, content)
    assert answer.status_code == 200
    assert "Authentic" not in answer.content.decode()
    assert "Recomputed" not in answer.content.decode()
    assert "What to do" in answer.content.decode()


def test_a_rewritten_file_is_refused(case, pdf, tmp_path):
    source, target = tmp_path / "in.pdf", tmp_path / "out.pdf"
    source.write_bytes(pdf)
    subprocess.run(["qpdf", "--linearize", source, target], check=True, capture_output=True)
    assert verifying.verify(pdf=target.read_bytes()).finding is Finding.ALTERED


def test_a_signer_with_our_names_is_foreign(case, unsigned):
    """Same names in the certificate, another key: the fingerprint is the whole trust."""
    root = Root.create(organisation="Tests", at=clock.now())
    forger = Signer.issue(root=root, organisation="Tests", at=clock.now())
    forged = signing.sign(unsigned, signer=forger, at=clock.now(), reason="Report issued").pdf
    verdict = verifying.verify(pdf=forged)
    assert verdict.finding is Finding.FOREIGN
    assert verdict.signer == f"Tests report signer {clock.now().year}"


def test_a_file_signed_by_us_but_never_issued_is_not_authentic(case, unsigned, key):
    ours = signing.sign(unsigned, signer=key, at=clock.now(), reason="Report issued").pdf
    assert verifying.verify(pdf=ours).finding is Finding.UNREGISTERED


@pytest.fixture
def key(case):
    return producing.signer()


@pytest.fixture
def unsigned(case):
    """The pages of a report before anybody signed them."""
    work = producing._read(job_of(case, ask(case)))
    assert work is not None
    return producing._render(work).pdf


def test_a_forged_file_under_a_reference_shows_both_digests(case, stranger, pdf):
    report = case.decision_report
    answer = post(stranger, flipped(pdf, 5000), at(report))
    text = answer.content.decode()
    assert f"It is not the file that was issued as {report.reference}." in text
    assert report.signed_sha256[:32] in text
    assert "File SHA-256, your file" in text


# By reference


def test_a_reference_alone_is_never_called_authentic(case, stranger):
    report = case.decision_report
    answer = stranger.get(at(report))
    text = answer.content.decode()
    assert heading(answer) == "Issued by us. Now check your file"
    assert "Authentic" not in text
    assert "genuine" not in text
    for shown in (report.reference, report.digest[:32], "Stands"):
        assert shown in text


@pytest.mark.parametrize("change", [str.lower, lambda text: f" {text} "])
def test_a_reference_is_found_however_it_was_typed(case, stranger, change):
    given = change(case.decision_report.reference)
    answer = stranger.get(FRONT, {"reference": given}, follow=True)
    assert heading(answer) == "Issued by us. Now check your file"


def test_an_unknown_reference_is_404_and_says_so(case, stranger):
    answer = stranger.get(reverse("reports:verify_reference", args=["AAAA-AAAA-AAAA"]))
    assert answer.status_code == 404
    assert heading(answer) == "No signed report has this reference"


@pytest.mark.parametrize("field", ["digest", "signed_sha256", "pk", "blob"])
def test_only_a_reference_opens_the_page_of_a_reference(case, stranger, field):
    value = str(getattr(case.decision_report, field))
    assert stranger.get(reverse("reports:verify_reference", args=[value])).status_code == 404


def test_a_report_that_is_not_signed_yet_does_not_exist_for_strangers(case, stranger):
    waiting = ask(case)
    assert stranger.get(at(waiting)).status_code == 404
    with tenancy.acting_as(scope="verify", key=waiting.reference):
        assert not Report.objects.exists()
