"""The schedule of a contract: gathered from frozen things, taken by the lead, frozen for good."""

import csv
import html
import io
import json
import subprocess

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.bids.services import assuming, ruling
from apps.core import jobs
from apps.core.errors import Incomplete, WrongState
from apps.core.models import AuditEvent, Job
from apps.core.tasks import load_handlers
from apps.decision import services
from apps.decision.models import Contract, Decision, Schedule
from apps.decision.selectors import obligations, offered_rows, schedule
from apps.decision.states import ObligationKind
from apps.proof import hashes
from apps.reports.models import Report
from apps.reports.services import downloading, requesting, verifying
from apps.rfp.states import EnvelopeKind
from tests.apps.lots.test_award_report import OPEN, SECRET
from tests.apps.reports.conftest import LEFT_OPEN, prepare_keys
from tests.conftest import acting_for, make_buyer, sign_in
from tests.factories import lots as make
from tests.factories import matrix as make_matrix
from tests.factories import reports as make_reports
from tests.factories import sealing
from tests.factories.bids import queries
from tests.scenes import scene

pytestmark = LEFT_OPEN
COMMITTED = {code: {"commitment": True} for code in ("1.01", "1.02", "2.01")}
REJECTED = {**OPEN, "wording": "=HYPERLINK(1) we pay nothing."}
ACCEPTED = {**OPEN, "wording": "=1+1 calendars, as in clause 4."}
WRONG = (
    ({"kpi-nps": {}}, "kpi-nps-value", "Give the target."),
    ({"kpi-nps": {"value": "101"}}, "kpi-nps-value", "Give a number of 100 or less."),
    ({"kpi-nps": {"value": "many"}}, "kpi-nps-value", "Write a number with digits only"),
    ({"kpi-ghost": {"value": "1"}}, "kpi-ghost", "The schedule has no such row."),
    ({"condition-1": {"value": "9"}}, "condition-1-value", "This is what was bid."),
    ({"condition-1": {"colour": "9"}}, "condition-1", "A row takes value, due and reports"),
    ({"condition-1": {"due": "x" * 301}}, "condition-1-due", "Shorten this to 300"),
)
NPS = {"kpi-nps": {"value": "40"}}


@scene
def awarded(move):
    """Castellan wins lot A: three commitments, one confidential; four rows it is subject to."""
    plain = make.answer

    def answer(stage, vendor, lots, answers=None):
        bid = plain(stage, vendor, lots, {**(answers or {}), "1.01": f"egret {lots} six weeks"})
        if vendor.organisation.name == "Castellan CX":
            with acting_for(vendor.owner) as owner:
                question = stage.questions["1.02"]
                assuming.mark(bid=bid, question=question, reason="A trade secret.", actor=owner)
        return bid

    buyer, subject = make_buyer(), {"Castellan CX": (OPEN, SECRET, REJECTED, ACCEPTED)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "answer", answer)
        stage = make.opened(buyer, move, subject=subject, questions=COMMITTED)
    make_matrix.to_lock(stage, make.VALUES)
    sealing.open_envelopes(stage.rfp, EnvelopeKind.COMMERCIAL)
    for code in make.NAMES:
        make.rank(stage, code)
    make_reports.assess(stage)
    with acting_for(buyer.moderator) as moderator:
        given = {"bid": stage.bid(1), "actor": moderator, "reason": "As it stands."}
        ruling.rule(number=1, verdict="priced", amount="1200", **given)
        for number, verdict in ((2, "accepted"), (3, "rejected"), (4, "accepted")):
            ruling.rule(number=number, verdict=verdict, **given)
    stage.decision = make.decide(stage, "A", conditions="Cover is shown first.\nA guarantee.")
    return stage


def url(stage, name):
    return reverse(f"decision:{name}", args=[stage.procurement.pk, stage.decision.pk])


def record(stage, **given):
    with acting_for(stage.buyer.lead) as lead:
        held = Decision.objects.select_related("procurement__rfp", "lot").get(pk=stage.decision.pk)
        day = held.approved_at.date()
        services.record_contract(decision=held, signed_on=day, actor=lead, schedule=given)
        return Schedule.objects.get()


def of_kind(content, kind):
    return [row for row in content["rows"] if row["kind"] == kind]


def test_what_was_bid_ruled_and_awarded_stands_by_itself_with_its_sources(awarded):
    found = record(awarded)
    assert hashes.of_bytes(found.record.encode()) == found.digest
    content = json.loads(found.record)
    assert content["vendor"]["name"] == "Castellan CX"
    first, secret, notice = of_kind(content, "commitment")
    assert (first["name"], first["value"]) == ("Ramp-up", "egret A six weeks")
    assert (notice["value"], notice["unit"]) == ("24", "hours")
    with acting_for(awarded.buyer.lead):
        bid = awarded.bid(1)
        digest = bid.submissions.get().manifest_digest
    assert first["digests"] == {"rfp": awarded.rfp.digest, "submission": digest}
    assert first["source"].startswith("Question 1.01, version 1 of the RFP, submission ")
    assert secret["value"].startswith("Left out: the vendor marked this as confidential.")
    priced, hidden, accepted = of_kind(content, "assumption")
    assert (priced["value"], priced["unit"]) == ("1200.00", "GBP over the term")
    assert hidden["wording"].startswith("Left out: the vendor marked")
    assert accepted["wording"] == "1.01: =1+1 calendars, as in clause 4."
    assert "we pay nothing" not in found.record  # rejected
    assert [row["wording"] for row in of_kind(content, "condition")] == [
        "Cover is shown first.",
        "A guarantee.",
    ]
    assert of_kind(content, "level")
    assert of_kind(content, "price")[0]["value"] == "9.5"
    assert all(row["due"] and row["reports"] for row in content["rows"])
    assert not of_kind(content, "kpi") + of_kind(content, "transition")
    with acting_for(awarded.buyer.lead):
        said = AuditEvent.objects.get(action="decision.record_contract")
    assert found.digest in json.dumps(said.payload)


def test_no_word_of_another_bid_or_of_what_is_confidential_is_in_it(awarded):
    found = record(awarded, **NPS)
    for secret in ("Velora", "Tamarind", "egret AB", "egret B", "The egret clause", "trade secret"):
        assert secret not in found.record


def test_offered_rows_stand_where_they_are_taken_and_say_what_is_a_default(awarded):
    taken = {
        **NPS,
        "transition-incubation": {},
        "transition-pilot": {"value": "14", "due": "In May", "reports": "The pilot lead"},
        "condition-2": {"due": "Before the signature"},
    }
    content = json.loads(record(awarded, **taken).record)
    (nps,) = of_kind(content, "kpi")
    assert (nps["value"], nps["unit"], nps["default"]) == ("40", "points, from -100 to 100", False)
    assert "0 to 10" in nps["wording"]
    incubation, pilot = of_kind(content, "transition")
    assert (incubation["value"], incubation["default"]) == ("30", True)
    assert (pilot["value"], pilot["due"], pilot["default"]) == ("14", "In May", False)
    first, second = of_kind(content, "condition")
    assert (first["default"], second["default"]) == (True, False)
    assert second["due"] == "Before the signature"


def test_a_wrong_row_is_refused_with_its_place_and_nothing_is_recorded(awarded):
    for given, field, sentence in WRONG:
        with pytest.raises(Incomplete) as refused:
            record(awarded, **given)
        assert list(refused.value.fields) == [field]
        assert refused.value.fields[field].startswith(sentence)
    with acting_for(awarded.buyer.lead):
        assert not Schedule.objects.exists()
        assert not Contract.objects.exists()


def test_the_lead_takes_rows_on_the_page_and_everybody_who_decides_reads_them(awarded):
    lead = sign_in(awarded.buyer.lead)
    page = html.unescape(lead.get(url(awarded, "schedule")).content.decode())
    assert "Not frozen yet" in page
    assert "Net promoter score (NPS)" in page
    assert lead.get(url(awarded, "schedule_table")).status_code == 409
    day = awarded.decision.approved_at.date().isoformat()
    unticked = lead.post(url(awarded, "contract"), {"signed_on": day, "kpi-nps-value": "40"})
    assert unticked.status_code == 422
    assert "Tick this row to take it, or clear its target." in unticked.content.decode()
    given = {"signed_on": day, "kpi-nps": "on", "kpi-nps-value": "40"}
    assert lead.post(url(awarded, "contract"), given).status_code == 302
    for person in (awarded.buyer.executive, awarded.buyer.auditor, awarded.buyer.approver):
        shown = html.unescape(sign_in(person).get(url(awarded, "schedule")).content.decode())
        assert "40 points, from -100 to 100" in shown
    for person in (awarded.buyer.evaluator, awarded.buyer.opener):
        assert sign_in(person).get(url(awarded, "schedule")).status_code == 403
    for vendor in awarded.vendors:
        for name in ("schedule", "schedule_record", "schedule_table"):
            assert sign_in(vendor.owner).get(url(awarded, name)).status_code == 404


def test_the_files_are_the_frozen_bytes_and_a_table_no_spreadsheet_calculates(awarded):
    frozen = record(awarded, **NPS)
    client = sign_in(awarded.buyer.auditor)
    assert client.get(url(awarded, "schedule_record")).content.decode() == frozen.record
    text = client.get(url(awarded, "schedule_table")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(json.loads(frozen.record)["rows"])
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]
    assert {row["kind"] for row in rows} >= {"commitment", "assumption", "condition", "kpi"}


def test_the_api_shows_what_may_be_taken_and_records_the_same(awarded):
    client = sign_in(awarded.buyer.lead)
    case = f"/api/v1/procurements/{awarded.procurement.pk}/decision/{awarded.decision.pk}"
    shown = client.get(f"{case}/schedule/").json()
    assert shown["digest"] is None
    assert {one["kind"] for one in shown["offered"]} == {"kpi", "transition"}
    day = awarded.decision.approved_at.date().isoformat()
    body = {"signed_on": day, "schedule": {"kpi-csat": {"value": "6"}}}
    refused = client.post(f"{case}/contract/", body, content_type="application/json")
    assert refused.status_code == 422
    body["schedule"]["kpi-csat"]["value"] = "4.2"
    assert (
        client.post(f"{case}/contract/", body, content_type="application/json").status_code == 201
    )
    found = client.get(f"{case}/schedule/").json()
    assert hashes.of_bytes(found["record"].encode()) == found["digest"]
    assert sign_in(awarded.vendors[1].owner).get(f"{case}/schedule/").status_code == 404
    assert sign_in(awarded.buyer.evaluator).get(f"{case}/schedule/").status_code == 403


def test_a_frozen_schedule_stays_as_it_was(awarded):
    record(awarded)
    with acting_for(awarded.buyer.lead):
        assert Contract.objects.count() == 1
        for change in (
            lambda: Schedule.objects.update(record="{}"),
            lambda: Schedule.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
    with pytest.raises(WrongState, match="recorded already"):
        record(awarded)


def test_the_page_costs_the_same_whatever_the_number_of_rows(awarded, monkeypatch):
    client, every = sign_in(awarded.buyer.lead), obligations.obligations
    costs = set()
    for count in (1, 3):
        monkeypatch.setattr(schedule, "obligations", lambda *given, n=count: every(*given)[:n])
        costs.add(queries(client, url(awarded, "schedule")))
    assert len(costs) == 1


def test_every_offered_row_has_a_definition_a_unit_and_bounds_that_hold_its_default():
    rows = list(offered_rows.offered())
    figures = {row.key for row in rows if row.kind == ObligationKind.KPI}
    assert figures == {f"kpi-{one}" for one in ("nps", "csat", "ces", "fcr", "aht", "sentiment")}
    for row in rows:
        assert all((row.name, row.unit, row.due, row.reports))
        assert row.wording.endswith(".")
        assert float(row.least) < float(row.most)
        if row.kind == ObligationKind.TRANSITION:
            assert float(row.least) <= float(row.value) <= float(row.most)
        else:
            assert row.value == ""
    assert "no benchmarks" in rows[0].source


def test_the_schedule_is_a_signed_report(awarded, tmp_path):
    prepare_keys()
    load_handlers()
    record(awarded, **NPS)
    with acting_for(awarded.buyer.lead) as lead:
        case, lot = make.case_of(awarded), make.lot(awarded.rfp, "A")
        report = requesting.request(kind="contract_schedule", procurement=case, actor=lead, lot=lot)
        job = Job.objects.get(subject_id=report.pk)
    assert jobs.run(job.pk) == "done"
    with acting_for(awarded.buyer.lead) as lead:
        held = Report.objects.select_related("procurement").get(pk=report.pk)
        pdf = downloading.download(report=held, actor=lead).content
    found = verifying.verify(pdf=pdf)
    assert {one.outcome.value for one in found.answers} == {"passed"}
    path = tmp_path / "schedule.pdf"
    path.write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    said = " ".join(text.split())
    for wanted in ("What Castellan CX owes under the contract", "Net promoter score (NPS)"):
        assert wanted in said
    assert "The egret clause" not in said
