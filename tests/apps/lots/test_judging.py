"""Each lot is ranked, compared, decided and reported by itself; nothing is added up over lots."""

import json
from decimal import Decimal

import pytest

from apps.bids import selectors as bids
from apps.core.errors import Incomplete, WrongState
from apps.decision import services as deciding
from apps.matrix import selectors as matrix
from apps.matrix.services import ranking
from apps.pricing import selectors as prices
from apps.pricing import services as pricing
from apps.reports.models import Report
from apps.reports.services import requesting
from apps.workspace.states import Phase
from tests.conftest import acting_for
from tests.factories import lots as make
from tests.factories import matrix as make_matrix
from tests.factories import reports as make_reports

WINNERS = {"A": "Castellan CX", "B": "Velora Connect"}
BIDDERS = {
    "A": {"Velora Connect", "Castellan CX"},
    "B": {"Velora Connect", "Tamarind Global"},
}


def record(held) -> dict:
    return json.loads(held.record)


def ranked(stage, code) -> dict:
    found = matrix.latest_ranking(stage.buyer.lead, stage.procurement, make.lot(stage.rfp, code))
    assert found is not None
    return record(found)


def test_each_lot_has_a_ranking_of_the_bids_that_cover_it_with_a_winner_of_its_own(two_lots):
    with acting_for(two_lots.buyer.lead) as lead:
        for code, own in (("A", "4.01"), ("B", "5.01")):
            held = ranked(two_lots, code)
            names = {one["id"]: one["name"] for one in held["case"]["vendors"]}
            assert set(names.values()) == BIDDERS[code]
            assert [names[one] for one in held["result"]["winners"]] == [WINNERS[code]]
            asked = {one["id"] for one in held["case"]["criteria"]}
            assert asked == {"1.01", "1.02", "2.01", "2.02", own}
            assert held["case"]["price"]["params"] == make.LIMITS[code]
            shares = [
                Decimal(one["weight"])
                for one in held["case"]["nodes"]
                if one.get("parent") == "quality"
            ]
            assert sum(shares) == 100
        assert matrix.latest_ranking(lead, two_lots.procurement) is None


def test_each_lot_is_compared_on_its_own_workload_and_its_own_sheets(two_lots):
    with acting_for(two_lots.buyer.lead) as lead:
        for code, queue in (("A", "voice-en"), ("B", "chat-en")):
            held = make.lot(two_lots.rfp, code)
            case = record(prices.latest_comparison(lead, two_lots.procurement, held))["case"]
            assert [one["name"] for one in case["workload"]["queues"]] == [queue]
            assert {one["vendor"] for one in case["quotes"]} == BIDDERS[code] | {"In-house team"}
            amounts = bids.evaluated_prices(lead, two_lots.rfp, held)
            assert len(amounts) == 2
        both = [
            bids.evaluated_prices(lead, two_lots.rfp, make.lot(two_lots.rfp, code))[
                two_lots.bids[0].pk
            ]
            for code in "AB"
        ]
        assert both[0] != both[1]
        assert bids.evaluated_prices(lead, two_lots.rfp) == {}


def test_no_act_takes_the_lots_as_one_whole(two_lots):
    with acting_for(two_lots.buyer.lead) as lead:
        case = make.case_of(two_lots)
        for act in (
            lambda: pricing.adopt(procurement=case, actor=lead),
            lambda: pricing.set_assumptions(procurement=case, terms={}, actor=lead),
            lambda: ranking.freeze(scoring_round=two_lots.round_for(lead), actor=lead),
            lambda: deciding.propose(
                procurement=case, outcome="outsource", rationale="x", actor=lead
            ),
            lambda: deciding.state(
                procurement=case, fact="core_business", value="no", evidence="x", actor=lead
            ),
            lambda: requesting.request(kind="scorecard", procurement=case, actor=lead),
        ):
            with pytest.raises((WrongState, Incomplete)):
                act()


def test_a_question_of_a_lot_is_scored_for_the_bids_that_cover_it_alone(two_lots):
    with acting_for(two_lots.buyer.moderator) as moderator:
        held = matrix.board(moderator, two_lots.round_for(moderator))
        who = {}
        for bid, question in held.cells:
            who.setdefault(question.code, set()).add(bid.vendor.name)
        everybody = BIDDERS["A"] | BIDDERS["B"]
        assert who == {
            "1.01": everybody, "2.02": everybody, "4.01": BIDDERS["A"], "5.01": BIDDERS["B"],
        }  # fmt: skip
        tamarind = two_lots.bids[2]
        cell = (tamarind, two_lots.questions["4.01"])
        standing = matrix.standing_of(moderator, two_lots.round_for(moderator), cell)
        assert not standing.asked


def test_a_knock_out_of_one_lot_costs_that_lot_alone(buyer, set_clock):
    stage = make.locked(buyer, set_clock, {"Velora Connect": {"5.02": "1"}})
    velora = str(stage.bids[0].pk)
    with acting_for(buyer.lead) as lead:
        for code, admitted in (("A", True), ("B", False)):
            held = record(
                matrix.latest_of_stage(stage.round_for(lead), "quality", make.lot(stage.rfp, code))
            )
            rows = {one["id"]: one["admitted"] for one in held["result"]["vendors"]}
            assert rows[velora] is admitted
    with acting_for(buyer.moderator) as moderator:
        cells = matrix.board(moderator, stage.round_for(moderator)).cells
        scored = {question.code for bid, question in cells if str(bid.pk) == velora}
        assert scored == {"1.01", "2.02", "4.01"}


def test_each_lot_is_decided_and_the_procurement_with_the_last(two_lots):
    make_reports.assess(two_lots)
    first = make.decide(two_lots, "A")
    with acting_for(two_lots.buyer.lead) as lead:
        case = make.case_of(two_lots)
        assert case.phase == Phase.COMMERCIAL
        held = make.lot(two_lots.rfp, "A")
        for act in (
            lambda: pricing.adopt(procurement=case, lot=held, actor=lead, reason="Again."),
            lambda: ranking.freeze(
                scoring_round=two_lots.round_for(lead), lot=held, actor=lead, reason="Again."
            ),
            lambda: deciding.propose(
                procurement=case, lot=held, outcome="outsource", rationale="Again.", actor=lead
            ),
        ):
            with pytest.raises(WrongState, match="decided"):
                act()
    second = make.decide(two_lots, "B")
    assert first.digest != second.digest
    with acting_for(two_lots.buyer.lead):
        assert make.case_of(two_lots).phase == Phase.DECIDED


@pytest.mark.parametrize("kind", ["scorecard", "decision_report"])
def test_a_report_is_of_one_lot_and_names_nothing_of_another(two_lots, kind):
    make_reports.assess(two_lots)
    for code in "AB":
        make.decide(two_lots, code)
    for code in "AB":
        with acting_for(two_lots.buyer.lead) as lead:
            report = requesting.request(
                kind=kind,
                procurement=make.case_of(two_lots),
                lot=make.lot(two_lots.rfp, code),
                actor=lead,
            )
            text = Report.objects.get(pk=report.pk).payload
        payload = json.loads(text)
        assert payload["document"]["kind"].endswith(f", lot {code}: {make.NAMES[code]}")
        shown = {row["vendor"]["name"] for row in payload["ranking"]["rows"]}
        assert shown == BIDDERS[code]
        other = {"A": "Tamarind Global", "B": "Castellan CX"}[code]
        assert other not in text
        assert WINNERS[code] in payload["finding"]
        assert report.version == 1


def test_a_lot_nobody_bid_for_holds_nothing_up(buyer, set_clock, monkeypatch):
    monkeypatch.setattr(make, "VENDORS", {"Castellan CX": "A"})
    stage = make_matrix.to_lock(
        make.opened(buyer, set_clock), {"1.01": (5,), "2.02": (5,), "4.01": (5,)}
    )
    with acting_for(buyer.lead) as lead:
        assert matrix.latest_ranking(lead, stage.procurement, make.lot(stage.rfp, "B")) is None
        assert matrix.latest_ranking(lead, stage.procurement, make.lot(stage.rfp, "A"))
