"""What rests on scores that were re-opened: a proposal goes back, a report stands no more."""

import json

import pytest

from apps.core import jobs
from apps.core.errors import WrongState
from apps.core.models import Job
from apps.core.tasks import load_handlers
from apps.decision import services as deciding
from apps.decision.models import Decision
from tests.apps.matrix.test_reopening import agree, ask, confirm
from tests.apps.reports.conftest import prepare_keys
from tests.conftest import acting_for, make_buyer
from tests.factories import matrix as make_matrix
from tests.factories import reports as make


def proposed(stage):
    return Decision.objects.select_related("procurement").latest("number")


@pytest.fixture
def stage(db, set_clock, own_cache):
    """A decision is proposed on the frozen ranking."""
    prepare_keys()
    load_handlers()
    made = make.priced(make_buyer(), set_clock)
    make.assess(made)
    make.ranked(made)
    make.propose(made)
    return made


def test_a_proposal_goes_back_and_reports_are_superseded(stage):
    buyer, case = stage.buyer, make.found_of(stage)
    card = make.produced(case, "scorecard")
    late = make.ask(case, "decision_report")
    request = ask(stage)
    with acting_for(buyer.approver) as approver, pytest.raises(WrongState, match="asks to re-open"):
        deciding.approve(decision=proposed(stage), actor=approver)
    confirm(stage, request)
    with acting_for(buyer.lead):
        job = Job.objects.get(kind="reports.supersede")
    assert jobs.run(job.pk) == "done"
    assert make.read(case, card).state == "superseded"
    # What was in progress is signed, and marked in the same moment.
    assert jobs.run(make.job_of(case, late).pk) == "done"
    assert make.read(case, late).state == "superseded"
    with pytest.raises(WrongState, match="The ranking with prices is missing"):
        make.ask(case, "scorecard")
    _nothing_is_decided(stage)
    agree(stage, 3, "Names an owner for each step: anchor 3.")
    make_matrix.locked(stage)
    with pytest.raises(WrongState, match="The ranking with prices is missing"):
        make.ask(case, "scorecard")
    make.freeze(stage)
    with acting_for(buyer.approver) as approver:
        with pytest.raises(WrongState, match="re-opened after this was proposed"):
            deciding.approve(decision=proposed(stage), actor=approver)
        deciding.send_back(decision=proposed(stage), reason="Scores moved.", actor=approver)
    make.propose(stage)
    make.approve(stage)
    for kind in ("scorecard", "decision_report"):
        _says_so(make.produced(case, kind))


def _says_so(report):
    rows = {row["label"]: row["value"] for row in json.loads(report.payload)["method"]}
    said = rows["Locked scores re-opened"]
    assert "asked by Sofia Marin" in said
    assert "Prices had been opened, and the scores were agreed anew with them known." in said
    assert report.state == "signed"


def _nothing_is_decided(stage):
    buyer = stage.buyer
    with acting_for(buyer.approver) as approver, pytest.raises(WrongState, match="re-opened"):
        deciding.approve(decision=proposed(stage), actor=approver)
    with acting_for(buyer.lead) as lead, pytest.raises(WrongState, match="needs locked scores"):
        deciding.propose(
            procurement=stage.procurement, outcome="outsource", rationale="Now.", actor=lead
        )
