"""From the request to the signed PDF: real pages, real signature, real records."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from apps.core import jobs, tenancy
from apps.core.models import AuditEvent, Job
from apps.engine import cases
from apps.engine.cases import Record
from apps.proof import canonical, hashes, signatures
from apps.reports.models import Report, SigningCertificate
from apps.reports.services import producing, requesting
from apps.reports.states import ReportState
from tests.conftest import acting_for
from tests.factories.reports import ask, job_of, pdf_of, produced, read

pytestmark = pytest.mark.usefixtures("here")

FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
DIGEST = re.compile(r"\b[0-9a-f]{32,}\b")  # printed in two lines: its digits are no figures
# What a payload holds beside the words on its pages.
UNPRINTED = {"document", "records", "language", "direction", "id", "glyph", "level", "letter"}
BOTH = ["scorecard", "decision_report"]


def printed(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True
    )
    return done.stdout


def figures(content: object) -> set[str]:
    if isinstance(content, dict):
        return {
            found
            for key, part in content.items()
            if key not in UNPRINTED
            for found in figures(part)
        }
    if isinstance(content, list):
        return {found for part in content for found in figures(part)}
    return set(FIGURE.findall(DIGEST.sub("", content))) if isinstance(content, str) else set()


@pytest.mark.parametrize("kind", BOTH)
def test_poppler_calls_the_signature_valid_and_covering_everything(case, kind, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf_of(getattr(case, kind)))
    done = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False)
    assert "Signature Validation: Signature is Valid." in done.stdout
    assert "Total document signed" in done.stdout
    assert done.stdout.count("Signature #") == 1


@pytest.mark.parametrize("kind", BOTH)
def test_every_figure_of_the_payload_is_printed(case, kind, tmp_path):
    report = getattr(case, kind)
    found = set(FIGURE.findall(printed(pdf_of(report), tmp_path)))
    assert figures(json.loads(report.payload)) - found == set()


@pytest.mark.parametrize("kind", BOTH)
def test_the_file_carries_its_content_and_its_records_and_they_replay(case, kind):
    report = getattr(case, kind)
    attached = signatures.attachments(pdf_of(report))
    assert attached["payload.json"] == report.payload.encode()
    assert hashes.of_bytes(attached["payload.json"]) == report.digest
    listed = {row["file"]: row["digest"] for row in json.loads(report.payload)["records"]}
    held = {name: content for name, content in attached.items() if name != "payload.json"}
    assert {name: hashes.of_bytes(content) for name, content in held.items()} == listed
    for content in held.values():
        assert cases.replay(Record.from_bytes(content)).same


def test_the_decision_report_carries_all_four_records(case):
    assert set(signatures.attachments(pdf_of(case.decision_report))) == {
        "payload.json",
        "ranking.record.json",
        "prices.record.json",
        "decision.record.json",
        "readiness.record.json",
    }


def test_a_produced_report_is_settled_with_its_digests_and_an_event(case):
    report = read(case, case.scorecard)
    pdf = pdf_of(report)
    assert report.state == ReportState.SIGNED
    assert report.signed_sha256 == hashes.of_bytes(pdf)
    assert report.digest == hashes.of_bytes(report.payload.encode())
    assert canonical.encode(json.loads(report.payload)) == report.payload.encode()
    assert SigningCertificate.objects.get().fingerprint == report.certificate
    with acting_for(case.buyer.lead):
        event = AuditEvent.objects.get(action="report.sign", subject_id=str(report.pk))
    assert json.loads(event.payload)["details"]["signed_sha256"] == report.signed_sha256


def test_the_second_version_supersedes_the_first(case):
    second = produced(case)
    assert (second.version, second.state) == (2, ReportState.SIGNED)
    assert read(case, case.scorecard).state == ReportState.SUPERSEDED
    assert read(case, case.decision_report).state == ReportState.SIGNED


def test_the_same_content_gives_the_same_bytes_before_signing(case):
    work = producing._read(job_of(case, ask(case)))
    assert work is not None
    first, second = producing._render(work), producing._render(work)
    assert first.digest == second.digest


def stored():
    return sorted(path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file())


def test_a_job_of_a_signed_report_does_nothing(case):
    job = job_of(case, ask(case))
    assert jobs.run(job.pk) == "done"
    before = stored()
    producing.produce(job)()
    assert stored() == before
    assert jobs.run(job.pk) == "skipped"


def test_a_worker_that_lost_its_lease_leaves_an_orphan_file_and_no_second_pdf(case):
    """The crash between storing and committing, and a second worker that took the job over."""
    report = ask(case)
    job, before = job_of(case, report), len(stored())
    slow = jobs._claim(job.pk)
    assert slow is not None
    producing.produce(slow)  # its commit is never called
    with tenancy.acting_as(scope="jobs"):
        Job.objects.filter(pk=job.pk).update(lease_until="2020-01-01T00:00:00Z")
    assert jobs.run(job.pk) == "done"
    first = read(case, report)
    with acting_for(case.buyer.lead):
        assert not jobs._settle(slow, state="done")
    assert read(case, report).signed_sha256 == first.signed_sha256
    assert len(stored()) == before + 2
    with acting_for(case.buyer.lead):
        signed = AuditEvent.objects.filter(action="report.sign", subject_id=str(report.pk))
        assert signed.count() == 1


def test_a_missing_key_fails_with_a_sentence_and_can_be_tried_again(case, settings, tmp_path):
    report = ask(case)
    producing.signer.cache_clear()
    right, settings.SIGNING_DIR = settings.SIGNING_DIR, str(tmp_path)
    try:
        assert jobs.run(job_of(case, report).pk) == "failed"
    finally:
        settings.SIGNING_DIR = right
        producing.signer.cache_clear()
    failed = read(case, report)
    assert failed.state == ReportState.FAILED
    assert failed.failure == (
        "The signing key of this installation cannot be used. "
        "Try again; if it fails again, tell the administrator."
    )
    assert str(tmp_path) not in failed.failure
    with acting_for(case.buyer.lead) as lead:
        requesting.retry(report=failed, actor=lead)
    assert jobs.run(job_of(case, report).pk) == "done"
    again = read(case, report)
    assert (again.state, again.failure) == (ReportState.SIGNED, "")
    assert (again.reference, again.digest) == (report.reference, report.digest)


def test_a_record_that_is_gone_fails_at_once_with_its_name(case):
    report = ask(case)
    payload = json.loads(report.payload)
    payload["records"][0]["digest"] = "0" * 64
    with acting_for(case.buyer.lead):
        Report.objects.filter(pk=report.pk).update(payload=canonical.encode(payload).decode())
    assert jobs.run(job_of(case, report).pk) == "failed"
    assert read(case, report).failure.startswith(
        "The record ranking.record.json of this report is not in the database as it was frozen."
    )


def test_an_unforeseen_fault_is_tried_again_and_then_shown_without_its_details(case):
    report = ask(case)
    job = job_of(case, report)
    payload = json.loads(report.payload)
    del payload["finding"], payload["records"]
    with acting_for(case.buyer.lead):
        Report.objects.filter(pk=report.pk).update(payload=canonical.encode(payload).decode())
    assert jobs.run(job.pk) == "failed"
    assert read(case, report).state == ReportState.REQUESTED  # the sweeper rings again
    with tenancy.acting_as(scope="jobs"):
        Job.objects.filter(pk=job.pk).update(
            attempts=job.max_attempts - 1, run_after="2020-01-01T00:00:00Z"
        )
    assert jobs.run(job.pk) == "failed"
    failed = read(case, report)
    assert failed.state == ReportState.FAILED
    assert failed.failure == (
        "The worker could not finish; its log says why. "
        "Try again; if it fails again, tell the administrator."
    )


def test_each_stage_is_committed_while_the_next_one_runs(committed_case, monkeypatch):
    """Seen over a second connection, as the page of another process sees it."""
    case, seen = committed_case, []
    report = ask(case)
    job = job_of(case, report)
    show = jobs.show_stage

    def watched(held, stage):
        show(held, stage)
        seen.append((stage, in_another_connection(job.pk)))

    monkeypatch.setattr(jobs, "show_stage", watched)
    assert jobs.run(job.pk) == "done"
    assert seen == [(stage, stage) for stage in ("rendering", "signing", "storing")]
    assert in_another_connection(job.pk) == "done"


def in_another_connection(job_id):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT set_config('cceval.scope', 'jobs', false)")
            cursor.execute("SELECT stage FROM core_job WHERE id = %s", [job_id])
            return cursor.fetchone()[0]
    finally:
        other.close()


def test_no_transaction_is_open_while_the_pages_are_drawn(committed_case, monkeypatch):
    case, depth = committed_case, []
    render = producing.renderer().render_limited

    def watched(*args, **options):
        depth.append(connection.in_atomic_block)
        return render(*args, **options)

    monkeypatch.setattr(producing.renderer(), "render_limited", watched)
    report = produced(case)
    assert depth == [False]
    assert report.state == ReportState.SIGNED


def test_a_reference_is_readable_and_hard_to_guess():
    found = {requesting.new_reference() for _n in range(1000)}
    assert len(found) == 1000
    shape = re.compile(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}")
    assert all(shape.fullmatch(one) for one in found)
