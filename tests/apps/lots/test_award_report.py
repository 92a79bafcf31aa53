"""The award on paper: winner, back-up, conditions and verdicts, and nothing that is confidential."""

import json

from apps.bids.services import ruling
from apps.core import clock
from apps.decision.models import Award
from apps.reports.selectors.paper import Issue
from apps.reports.selectors.types import REPORT_TYPES
from apps.rfp.states import EnvelopeKind
from tests.apps.lots.test_awarding import VELORA_LEADS, ranked
from tests.conftest import acting_for
from tests.factories import lots as make
from tests.factories import matrix as make_matrix
from tests.factories import reports as make_reports
from tests.factories import sealing

OPEN = {"kind": "assumption", "place": "1.01", "wording": "Agents may work from home."}
SECRET = {
    **OPEN,
    "wording": "The egret clause.",
    "is_confidential": "on",
    "confidential": "A trade secret.",
}


def payload(stage, kind, code):
    with acting_for(stage.buyer.lead) as lead:
        case, lot = make.case_of(stage), make.lot(stage.rfp, code)
        issue = Issue(lead, case, "R7QK-4MDX-C5LP", 1, clock.now(), lot)
        return REPORT_TYPES[kind].payload(issue)


def rows_of(award):
    return {row["label"]: row["value"] for row in award["rows"]}


def subject_to(buyer, set_clock):
    """Castellan, which is to win lot A, is subject to two rows, one of them confidential."""
    stage = make.opened(buyer, set_clock, subject={"Castellan CX": (OPEN, SECRET)})
    make_matrix.to_lock(stage, make.VALUES)
    sealing.open_envelopes(stage.rfp, EnvelopeKind.COMMERCIAL)
    for code in make.NAMES:
        make.rank(stage, code)
    make_reports.assess(stage)
    with acting_for(buyer.moderator) as moderator:
        bid = stage.bid(1)
        given = {"bid": bid, "actor": moderator}
        ruling.rule(number=1, verdict="priced", amount="1200", reason="It costs us.", **given)
        ruling.rule(number=2, verdict="rejected", reason="No egret clause with us.", **given)
    return stage


def test_reports_print_winner_back_up_conditions_and_verdicts(buyer, set_clock):
    stage = subject_to(buyer, set_clock)
    assert payload(stage, "scorecard", "A")["award"] is None
    make.decide(stage, "A", backup=stage.bids[0].pk, conditions="Cover is shown first.")
    with acting_for(buyer.lead):
        digest = Award.objects.get().digest
    for kind in ("scorecard", "decision_report"):
        award = payload(stage, kind, "A")["award"]
        assert (award["title"], award["digest"]) == ("Award", digest)
        assert rows_of(award) == {
            "Winner": "Castellan CX",
            "Back-up": "Velora Connect",
            "Conditions": "Cover is shown first.",
            "Standstill": "None is published",
        }
        first, second = award["rulings"]
        assert (first["vendor"]["name"], first["number"]) == ("Castellan CX", "1")
        assert first["wording"] == "1.01: Agents may work from home."
        assert (first["verdict"], first["reason"]) == ("Priced: £1,200", "It costs us.")
        assert second["verdict"] == "Rejected"


def test_what_is_confidential_is_on_no_report(buyer, set_clock):
    stage = subject_to(buyer, set_clock)
    make.decide(stage, "A")
    for kind in ("scorecard", "decision_report"):
        found = payload(stage, kind, "A")
        assert "egret" not in json.dumps(found)
        assert "A trade secret" not in json.dumps(found)
        assert found["award"]["rulings"][1]["wording"].startswith("Left out: the vendor marked")


def test_a_lot_that_goes_to_the_next_says_so_and_names_who_gets_it(buyer, set_clock):
    stage = ranked(buyer, set_clock, most_lots=1)
    for code in "AB":
        make.decide(stage, code)
    report = payload(stage, "decision_report", "B")
    assert report["finding"].startswith("Award to Tamarind Global: ")
    shown = rows_of(report["award"])
    assert shown["Winner"] == "Tamarind Global"
    said = "Velora Connect has won as many lots as the RFP allows one vendor."
    assert shown["Why not the first"] == said
    chosen = [
        row["vendor"]["name"]
        for row in report["prices"]["rows"]
        for cell in row["cells"]
        if cell["chosen"]
    ]
    assert chosen == ["Tamarind Global"]


def test_an_outcome_that_awards_nothing_prints_that(buyer, set_clock):
    stage = make_matrix.to_lock(make.opened(buyer, set_clock), VELORA_LEADS)
    sealing.open_envelopes(stage.rfp, EnvelopeKind.COMMERCIAL)
    for code in make.NAMES:
        make.rank(stage, code)
    make_reports.assess(stage)
    make.decide(stage, "A", "re_tender")
    award = payload(stage, "decision_report", "A")["award"]
    assert rows_of(award) == {"Winner": "None: the tender ends without an award."}
