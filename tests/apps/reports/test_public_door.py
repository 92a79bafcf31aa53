"""What the public pages tell nobody, and what they answer to bad input."""

import re
import subprocess

import pytest
from django.db import connection
from django.test import Client

from apps.core import tenancy
from apps.proof.verifier.verdict import Answer, Outcome
from apps.reports.adapters.uploads import LARGEST
from apps.reports.models import Report
from apps.reports.selectors import recomputation
from apps.workspace.models import Organisation, Procurement
from tests.apps.reports.public import FRONT, at, flipped, heading, post
from tests.factories.reports import pdf_of, read

pytestmark = pytest.mark.usefixtures("here")


def secrets(case):
    report = read(case, case.decision_report)
    return {
        case.procurement.title,
        case.procurement.reference,
        case.procurement.organisation.name,
        report.requested_by.name,
        *case.bids,
        str(case.procurement.pk),
        str(report.pk),
    }


@pytest.mark.parametrize("kind", ["scorecard", "decision_report"])
def test_no_page_of_verification_names_the_procurement_or_its_vendors(case, stranger, kind):
    report = getattr(case, kind)
    pdf = pdf_of(report)
    answers = [
        stranger.get(FRONT),
        stranger.get(at(report)),
        post(stranger, pdf),
        post(stranger, flipped(pdf, 5000), at(report)),
        stranger.post(
            "/api/v1/verify/", {"sha256": report.signed_sha256}, content_type="application/json"
        ),
    ]
    for answer in answers:
        text = answer.content.decode()
        assert {secret for secret in secrets(case) if secret in text} == set()


def test_a_reference_does_not_tell_what_kind_of_report_it_names(case, stranger):
    pages = [
        stranger.get(at(report)).content.decode()
        for report in (case.scorecard, case.decision_report)
    ]
    assert all("corecard" not in page and "ecision report" not in page for page in pages)


def test_a_signed_in_person_learns_no_more_than_a_stranger(case, stranger, client_for):
    report = case.decision_report
    member = client_for(case.buyer.lead)
    pages = [client.get(at(report)).content.decode() for client in (stranger, member)]
    mains = [re.search(r"<main.*</main>", page, re.DOTALL)[0] for page in pages]
    assert mains[0] == mains[1]


@pytest.mark.parametrize("field", ["reference", "digest", "signed_sha256"])
def test_the_public_door_admits_one_row_by_its_key_and_nothing_else(case, field):
    report = case.decision_report
    with tenancy.acting_as(scope="verify", key=getattr(report, field)):
        assert list(Report.objects.values_list("pk", flat=True)) == [report.pk]
        assert not Procurement.objects.exists()
        assert not Organisation.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE reports_report SET failure = 'x'")
            assert cursor.rowcount == 0
    for key in ("", "A", report.reference[:-1], report.blob, str(report.pk)):
        with tenancy.acting_as(scope="verify", key=key):
            assert not Report.objects.exists()


# Bad input


def test_a_check_without_a_file_says_what_to_do(case, stranger):
    for address in (FRONT, at(case.scorecard)):
        answer = stranger.post(address, {})
        assert answer.status_code == 422
        assert "Choose the PDF file to check." in answer.content.decode()
    empty = post(stranger, b"")
    assert empty.status_code == 422
    assert "The file is empty. Choose another one." in empty.content.decode()


def test_a_file_as_large_as_any_report_is_read_and_a_larger_one_refused(case, stranger):
    fits = post(stranger, b"%PDF-1.7\n".ljust(LARGEST, b"x"))
    assert heading(fits) == "This file cannot be read as a PDF"
    refused = post(stranger, b"%PDF-1.7\n".ljust(LARGEST + 1, b"x"))
    assert refused.status_code == 413
    assert "The file is larger than 20 MB, so it is no report of ours." in refused.content.decode()


def test_the_check_needs_no_cookie_and_no_token(case, pdf):
    strict = Client(enforce_csrf_checks=True)
    answer = post(strict, pdf)
    assert answer.status_code == 200
    assert heading(answer) == "This report is genuine and has not been changed"
    assert "no-store" in answer["Cache-Control"]


def test_the_thirty_first_check_in_a_minute_waits(case, stranger):
    address = at(case.scorecard)
    assert {stranger.get(address).status_code for _n in range(30)} == {200}
    refused = stranger.get(address)
    assert refused.status_code == 429
    assert "Wait a minute, then try again." in refused.content.decode()
    assert post(stranger, b"%PDF-").status_code == 429
    assert stranger.get(FRONT).status_code == 200
    assert stranger.get(address, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_without_a_cache_nobody_is_kept_out(case, stranger, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert stranger.get(at(case.scorecard)).status_code == 200


# Certificates


def test_the_certificates_can_be_fetched_and_are_the_ones_that_signed(
    case, stranger, tmp_path, pdf
):
    text = stranger.get(FRONT).content.decode()
    found = re.findall(r'href="(/verify/certificates/[0-9a-f]{64}\.pem)"', text)
    assert len(found) == 2
    signer, root = (stranger.get(address) for address in found)
    assert signer["Content-Disposition"].startswith("attachment")
    (tmp_path / "signer.pem").write_bytes(signer.content)
    (tmp_path / "root.pem").write_bytes(root.content)
    chain = subprocess.run(
        ["openssl", "verify", "-purpose", "any", "-CAfile", "root.pem", "signer.pem"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert chain.stdout.strip() == "signer.pem: OK"
    assert stranger.get(f"/verify/certificates/{'0' * 64}.pem").status_code == 404


# Words


def test_a_record_that_gives_another_result_is_said_aloud():
    answers = [answer(Outcome.PASSED, "ranking"), answer(Outcome.FAILED, "prices")]
    assert recomputation(answers).label == "Recomputed: not everything agrees"


@pytest.mark.parametrize(
    ("answers", "label"),
    [
        ([], "Not recomputed here"),
        ([("passed", "")], "Nothing to recompute"),
        ([("not checked", "ranking")], "Not recomputed here"),
    ],
    ids=["none", "no record", "open"],
)
def test_what_was_not_recomputed_is_not_called_recomputed(answers, label):
    given = [answer(Outcome(outcome), name) for outcome, name in answers]
    assert recomputation(given).label == label


def answer(outcome, name):
    question = f"Does {name}.record.json give the same result again?" if name else "Is it whole?"
    return Answer(file="report.pdf", question=question, outcome=outcome, sentence="So it is.")
