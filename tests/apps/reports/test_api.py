"""Reports by API: the same services and the same refusals as the pages."""

import pytest
from django.conf import settings
from django.test import Client

from apps.core import jobs
from apps.reports.models import Report
from apps.reports.states import ReportState
from tests.conftest import acting_for, make_buyer
from tests.factories.reports import ask, job_of, pdf_of, produced

pytestmark = pytest.mark.usefixtures("here")

JSON = "application/json"
VERIFY = "/api/v1/verify/"


def url(case, *more):
    parts = "".join(f"{part}/" for part in more)
    return f"/api/v1/procurements/{case.procurement.pk}/reports/{parts}"


def post(client, address, body):
    return client.post(address, body, content_type=JSON)


def test_a_report_is_requested_watched_and_fetched(case, client_for):
    client = client_for(case.buyer.lead)
    asked = post(client, url(case), {"kind": "scorecard"})
    assert asked.status_code == 202
    given = asked.json()
    assert (given["state"], given["stage"], given["file"]) == ("requested", "queued", None)
    assert post(client, url(case), {"kind": "scorecard"}).json()["id"] == given["id"]
    with acting_for(case.buyer.lead):
        report = Report.objects.get(pk=given["id"])
    assert jobs.run(job_of(case, report).pk) == "done"
    done = client.get(url(case, given["id"])).json()
    assert (done["state"], done["stage"], done["version"]) == ("signed", "done", 2)
    assert done["file"].startswith(f"{settings.ORIGIN}/p/{case.procurement.pk}/reports/")
    fetched = client.get(done["file"].removeprefix(settings.ORIGIN))
    assert fetched["Content-Type"] == "application/pdf"


def test_the_list_is_newest_first_with_its_digests(case, client_for):
    rows = client_for(case.buyer.auditor).get(url(case)).json()
    assert [row["kind"] for row in rows] == ["decision_report", "scorecard"]
    assert rows[1]["signed_sha256"] == case.scorecard.signed_sha256
    assert rows[1]["digest"] == case.scorecard.digest
    assert rows[1]["requested_by"] == case.buyer.lead.name


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"kind": "novel"}, 422, "kind"),
        ({}, 422, "kind"),
        ({"kind": "scorecard", "title": "x"}, 422, "title"),
    ],
)
def test_bad_input_is_a_sentence_beside_its_field(case, client_for, body, status, field):
    answer = post(client_for(case.buyer.lead), url(case), body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["fields"]) == [field]


def test_the_wrong_role_is_403_and_a_stranger_404(case, client_for):
    stranger = make_buyer("Harbour Mutual")
    reader, opener = client_for(case.buyer.auditor), client_for(case.buyer.opener)
    assert post(reader, url(case), {"kind": "scorecard"}).status_code == 403
    assert opener.get(url(case)).status_code == 403
    assert opener.get(url(case, case.scorecard.pk)).status_code == 403
    for person in (stranger.lead, case.vendors[0].owner):
        assert client_for(person).get(url(case)).status_code == 404
        assert client_for(person).get(url(case, case.scorecard.pk)).status_code == 404
    assert Client().get(url(case)).status_code == 403


def test_before_there_is_a_ranking_it_is_409_with_the_sentence(here, db, client_for):
    buyer = make_buyer("Harbour Mutual")
    address = f"/api/v1/procurements/{buyer.procurement.pk}/reports/"
    answer = post(client_for(buyer.lead), address, {"kind": "decision_report"})
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("The ranking with prices is missing.")


def test_only_a_failed_report_is_tried_again(case, client_for):
    client = client_for(case.buyer.lead)
    report = ask(case)
    assert post(client, url(case, report.pk, "retry"), {}).status_code == 409
    with acting_for(case.buyer.lead):
        Report.objects.filter(pk=report.pk).update(state=ReportState.FAILED, failure="x")
    answer = post(client, url(case, report.pk, "retry"), {})
    assert (answer.status_code, answer.json()["state"]) == (202, "requested")


# Anybody


def test_a_known_file_is_answered_by_its_digest_without_signing_in(case):
    report = case.scorecard
    answer = post(Client(), VERIFY, {"sha256": report.signed_sha256.upper()})
    assert answer.json() == {
        "known": True,
        "state": "current",
        "reference": report.reference,
        "version": 1,
        "signed_at": report.signed_at.isoformat().replace("+00:00", "Z"),
        "digest": report.digest,
    }
    produced(case)
    again = post(Client(), VERIFY, {"sha256": report.signed_sha256})
    assert again.json()["state"] == "superseded"


@pytest.mark.parametrize("field", ["digest", "unsigned_sha256"])
def test_only_the_digest_of_the_signed_file_is_known(case, field):
    answer = post(Client(), VERIFY, {"sha256": getattr(case.scorecard, field)})
    assert answer.json() == {"known": False}


@pytest.mark.parametrize("value", ["", "abc", "0" * 63, "g" * 64, "0" * 201, None, 7])
def test_what_is_no_digest_is_refused_with_a_sentence(case, value):
    answer = post(Client(), VERIFY, {"sha256": value})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["sha256"]


def test_a_file_is_not_taken_here(case):
    answer = Client().post(VERIFY, pdf_of(case.scorecard), content_type="application/pdf")
    assert answer.status_code == 415


def test_the_thirty_first_question_in_a_minute_waits(case):
    client = Client()
    body = {"sha256": "0" * 64}
    assert {post(client, VERIFY, body).status_code for _n in range(30)} == {200}
    assert post(client, VERIFY, body).status_code == 429
