"""Who may request a report, when, and what a second click does."""

import json
import threading

import pytest
from django.db import connections

from apps.core import jobs, tenancy
from apps.core.errors import Incomplete, NotAllowed, NotFound, WrongState
from apps.core.models import AuditEvent, Job
from apps.reports import selectors
from apps.reports.models import Report
from apps.reports.selectors.types import REPORT_TYPES
from apps.reports.services import downloading, requesting
from apps.reports.states import ReportState
from tests.conftest import acting_for, make_buyer, make_vendor
from tests.factories.reports import ask, job_of, pdf_of, produced, read

pytestmark = pytest.mark.usefixtures("here")

MAY_REQUEST = ["lead", "approver"]
READERS = ["lead", "evaluator", "moderator", "approver", "executive", "auditor"]
OTHERS = ["evaluator", "moderator", "opener", "executive", "auditor"]


@pytest.mark.parametrize("role", MAY_REQUEST)
def test_the_lead_and_the_approver_request_reports(case, role):
    report = ask(case, actor=getattr(case.buyer, role))
    assert (report.state, report.version) == (ReportState.REQUESTED, 2)
    with acting_for(case.buyer.lead):
        event = AuditEvent.objects.get(action="report.request", subject_id=str(report.pk))
    details = json.loads(event.payload)["details"]
    assert details == {
        "digest": report.digest,
        "kind": "scorecard",
        "reference": report.reference,
        "version": 2,
    }


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_on_the_panel_requests_reports(case, role):
    with pytest.raises(NotAllowed):
        ask(case, actor=getattr(case.buyer, role))


def test_a_kind_that_does_not_exist_is_refused(case):
    with pytest.raises(Incomplete, match=r"Choose one of the report types\."):
        ask(case, "novel")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("scorecard", "The ranking with prices is missing"),
        ("decision_report", "The ranking with"),
        ("contract_schedule", "Record the contract first: its schedule is frozen with it."),
    ],
)
def test_before_there_is_a_ranking_the_sentence_says_what_comes_first(here, db, kind, sentence):
    buyer = make_buyer("Harbour Mutual")
    with acting_for(buyer.lead) as lead, pytest.raises(WrongState, match=sentence):
        requesting.request(kind=kind, procurement=buyer.procurement, actor=lead)
    with acting_for(buyer.lead):
        assert not Report.objects.filter(procurement=buyer.procurement).exists()


def test_a_second_click_finds_the_report_of_the_first(case):
    assert ask(case) == ask(case)
    with tenancy.acting_as(scope="jobs"):
        assert Job.objects.filter(kind="reports.produce", state="queued").count() == 1


def test_two_clicks_at_the_same_moment_make_one_report(committed_case):
    case, found, start = committed_case, [], threading.Barrier(2)

    def click():
        start.wait()
        found.append(ask(case).pk)
        connections.close_all()

    threads = [threading.Thread(target=click) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 2
    assert len(set(found)) == 1


def test_the_content_is_frozen_when_it_is_asked_for(case):
    report = ask(case)
    with acting_for(case.buyer.lead):
        type(case.procurement).objects.filter(pk=case.procurement.pk).update(title="Renamed since")
    assert jobs.run(job_of(case, report).pk) == "done"
    assert b"Renamed since" not in read(case, report).payload.encode()


def test_a_failed_report_cannot_be_tried_again_once_a_newer_one_was_requested(case):
    """Otherwise the older would be signed after the newer, and both would stand."""
    older = ask(case)
    with acting_for(case.buyer.lead):
        Report.objects.filter(pk=older.pk).update(state=ReportState.FAILED)
        Job.objects.filter(subject_id=older.pk).update(state="failed")
    produced(case)
    with acting_for(case.buyer.lead) as lead, pytest.raises(WrongState, match="A newer version"):
        requesting.retry(report=read(case, older), actor=lead)


def test_only_a_failed_report_is_tried_again(case):
    with acting_for(case.buyer.lead) as lead, pytest.raises(WrongState, match="Only a failed"):
        requesting.retry(report=case.scorecard, actor=lead)
    with acting_for(case.buyer.auditor) as auditor, pytest.raises(NotAllowed):
        requesting.retry(report=case.scorecard, actor=auditor)


# Reading and downloading


@pytest.mark.parametrize("role", READERS)
def test_readers_see_and_download_and_the_record_says_who(case, role):
    person = getattr(case.buyer, role)
    with acting_for(person):
        assert selectors.reports_visible_to(person, case.procurement).count() == 2
        found = downloading.download(report=case.scorecard, actor=person)
        event = AuditEvent.objects.filter(action="report.download").latest("seq")
    assert found.content == pdf_of(case.scorecard)
    assert found.name == f"{case.procurement.reference}-scorecard-v1.pdf"
    assert event.actor_id == person.pk


def test_an_opener_does_not_download(case):
    with acting_for(case.buyer.opener) as opener, pytest.raises(NotAllowed):
        downloading.download(report=case.scorecard, actor=opener)


def test_a_report_in_progress_is_not_handed_out(case):
    waiting = ask(case)
    with acting_for(case.buyer.lead) as lead, pytest.raises(WrongState, match="not signed yet"):
        downloading.download(report=waiting, actor=lead)


def test_a_file_that_was_changed_in_the_storage_is_not_handed_out(case):
    with acting_for(case.buyer.lead) as lead:
        Report.objects.filter(pk=case.scorecard.pk).update(signed_sha256="0" * 64)
        changed = read(case, case.scorecard)
        with pytest.raises(WrongState, match="not the one that was signed"):
            downloading.download(report=changed, actor=lead)


def test_a_report_of_another_tenant_does_not_exist(case):
    stranger = make_buyer("Harbour Mutual")
    with acting_for(stranger.lead) as lead:
        assert not Report.objects.exists()
        with pytest.raises(NotFound):
            selectors.report_for(
                lead, procurement_id=case.procurement.pk, report_id=case.scorecard.pk
            )


def test_a_vendor_sees_no_report(case):
    vendor = make_vendor("Another Vendor", case.buyer.organisation)
    for person in (vendor.owner, case.vendors[0].owner):
        with acting_for(person):
            assert not Report.objects.exists()


def test_the_lead_is_asked_for_the_decision_report_until_there_is_one(case):
    with acting_for(case.buyer.lead) as lead:
        decided = type(case.procurement).objects.get(pk=case.procurement.pk)
        assert selectors.todos(lead, decided) == []
        Report.objects.filter(kind="decision_report").update(kind="scorecard", version=9)
        assert [one.title for one in selectors.todos(lead, decided)] == [
            "Issue the decision report"
        ]


def test_every_report_type_has_its_words_and_its_template():
    assert list(REPORT_TYPES) == ["scorecard", "decision_report", "contract_schedule"]
    for slug, entry in REPORT_TYPES.items():
        assert entry.slug == slug
        assert entry.template == f"print/{slug}.html"
        assert str(entry.about).endswith(".")
