"""The library of reports as people use it."""

import re

import pytest
from django.urls import reverse

from apps.core import jobs, tenancy
from apps.core.models import AuditEvent, Job
from apps.reports.models import Report
from apps.reports.states import ReportState
from tests.conftest import acting_for, make_buyer
from tests.factories.reports import ask, job_of, pdf_of, read

pytestmark = pytest.mark.usefixtures("here")


def url(case, name="library", *more):
    return reverse(f"reports:{name}", args=[case.procurement.pk, *more])


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def test_the_library_features_the_newest_report_that_stands(case, client_for):
    text = words(client_for(case.buyer.executive).get(url(case)))
    assert f"Decision report: {case.procurement.title}" in text
    assert case.decision_report.reference in text
    assert "Scorecard, version 1" in text
    assert "Request a report" not in text


def test_the_lead_requests_a_report_and_watches_it(case, client_for):
    client = client_for(case.buyer.lead)
    done = client.post(url(case, "request"), {"kind": "scorecard"})
    assert (done.status_code, done["Location"]) == (302, url(case))
    with acting_for(case.buyer.lead):
        report = Report.objects.get(state=ReportState.REQUESTED)
    page = client.get(url(case))
    assert "Waiting for a worker" in words(page)
    assert "In progress, see above." in words(page)
    assert f'href="{url(case)}">Reload</a>' in page.content.decode()
    mark = f"{report.pk}:queued"
    assert client.get(url(case, "progress"), {"of": mark}).status_code == 204
    stage(case, report, "rendering")
    moved = client.get(url(case, "progress"), {"of": mark})
    assert "HX-Refresh" not in moved
    assert "Rendering the pages now" in words(moved)
    assert jobs.run(job_of(case, report).pk) == "done"
    over = client.get(url(case, "progress"), {"of": f"{report.pk}:rendering"})
    assert over["HX-Refresh"] == "true"
    assert "Scorecard, version 2" in words(client.get(url(case)))


def stage(case, report, name):
    with tenancy.acting_as(scope="jobs"):
        Job.objects.filter(subject_id=report.pk).update(stage=name)


def test_a_double_click_makes_one_report(case, client_for):
    client = client_for(case.buyer.lead)
    for _click in range(2):
        assert client.post(url(case, "request"), {"kind": "scorecard"}).status_code == 302
    with acting_for(case.buyer.lead):
        assert Report.objects.filter(kind="scorecard").count() == 2


def test_a_failed_report_shows_why_and_is_tried_again(case, client_for):
    report = ask(case)
    with acting_for(case.buyer.lead):
        Report.objects.filter(pk=report.pk).update(
            state=ReportState.FAILED, failure="Its pages cannot be laid out."
        )
        Job.objects.filter(subject_id=report.pk).update(state="failed")
    client = client_for(case.buyer.lead)
    text = words(client.get(url(case)))
    assert "Its pages cannot be laid out." in text
    assert "Try again" in text
    assert "Try again" not in words(client_for(case.buyer.auditor).get(url(case)))
    assert client.post(url(case, "retry", report.pk)).status_code == 302
    assert read(case, report).state == ReportState.REQUESTED
    assert client.post(url(case, "retry", report.pk)).status_code == 409


def test_before_there_is_a_ranking_the_page_says_what_is_missing(here, db, client_for):
    buyer = make_buyer("Harbour Mutual")
    client = client_for(buyer.lead)
    page = client.get(reverse("reports:library", args=[buyer.procurement.pk]))
    text = words(page)
    assert "No reports yet" in text
    assert text.count("The ranking with prices is missing.") == 2
    assert "Record the contract first: its schedule is frozen with it." in text
    assert page.content.decode().count('aria-disabled="true"') == 3
    refused = client.post(
        reverse("reports:request", args=[buyer.procurement.pk]), {"kind": "scorecard"}
    )
    assert refused.status_code == 409
    assert "Lock the scores, adopt a price comparison, then freeze the ranking." in words(refused)


@pytest.mark.parametrize("kind", ["", "novel"])
def test_an_unknown_kind_is_a_sentence(case, client_for, kind):
    answer = client_for(case.buyer.lead).post(url(case, "request"), {"kind": kind})
    assert answer.status_code == 422


def test_a_download_is_the_signed_file_under_a_plain_name(case, client_for):
    answer = client_for(case.buyer.auditor).get(url(case, "file", case.decision_report.pk))
    assert answer.content == pdf_of(case.decision_report)
    assert answer["Content-Type"] == "application/pdf"
    name = f"{case.procurement.reference}-decision-report-v1.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    with acting_for(case.buyer.lead):
        event = AuditEvent.objects.filter(action="report.download").latest("seq")
    assert event.actor_id == case.buyer.auditor.pk


@pytest.mark.parametrize(
    ("reference", "named"),
    [
        ("CC/2026/7", 'filename="CC-2026-7-scorecard-v1.pdf"'),
        ('a"b', 'filename="ab-scorecard-v1.pdf"'),
        ("Größe 7", "filename*=utf-8''Gr%C3%B6%C3%9Fe%207-scorecard-v1.pdf"),
    ],
)
def test_a_download_is_named_as_rfc_6266_says(case, client_for, reference, named):
    with acting_for(case.buyer.lead):
        type(case.procurement).objects.filter(pk=case.procurement.pk).update(reference=reference)
    answer = client_for(case.buyer.lead).get(url(case, "file", case.scorecard.pk))
    assert answer["Content-Disposition"] == f"attachment; {named}"


ALL = ["library", "progress", "file"]


def address(case, name):
    return url(case, name, *([case.scorecard.pk] if name == "file" else []))


@pytest.mark.parametrize("name", ALL)
def test_an_opener_is_refused_and_the_refusal_recorded(case, client_for, name):
    assert client_for(case.buyer.opener).get(address(case, name)).status_code == 403
    with acting_for(case.buyer.lead):
        event = AuditEvent.objects.filter(refused=True).latest("seq")
    assert event.action == f"refused.reports:{name}"


@pytest.mark.parametrize("name", ALL)
def test_for_strangers_and_vendors_there_is_nothing(case, client_for, client, name):
    stranger = make_buyer("Harbour Mutual")
    for person in (stranger.lead, case.vendors[0].owner):
        assert client_for(person).get(address(case, name)).status_code == 404
    assert client.get(address(case, name)).status_code == 302


@pytest.mark.parametrize("role", ["evaluator", "executive", "auditor"])
def test_readers_cannot_request(case, client_for, role):
    client = client_for(getattr(case.buyer, role))
    assert client.post(url(case, "request"), {"kind": "scorecard"}).status_code == 403


def test_a_report_of_this_tenant_is_not_found_under_another_procurement(case, client_for):
    other = make_buyer("Harbour Mutual")
    address = reverse("reports:file", args=[other.procurement.pk, case.scorecard.pk])
    assert client_for(other.lead).get(address).status_code == 404


@pytest.mark.parametrize(("role", "queries"), [("executive", 14), ("lead", 22)])
def test_the_library_asks_the_same_number_of_questions_for_more_reports(
    case, client_for, django_assert_num_queries, role, queries
):
    client = client_for(getattr(case.buyer, role))
    client.get(url(case))
    with django_assert_num_queries(queries):
        client.get(url(case))
    copies(case, 4)
    with django_assert_num_queries(queries):
        client.get(url(case))


def copies(case, count):
    with acting_for(case.buyer.lead):
        for version in range(2, 2 + count):
            copy = Report.objects.get(pk=case.scorecard.pk)
            copy.pk, copy.version, copy.reference = None, version, f"COPY-{version}"
            copy.state = ReportState.SUPERSEDED
            copy.save(force_insert=True)
