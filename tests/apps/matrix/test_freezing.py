"""What is frozen: the case by the published rule, the record byte for byte, prices later."""

import hashlib
import json
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.engine import cases
from apps.matrix import selectors
from apps.matrix.models import Ranking
from apps.matrix.selectors.case import seed_of
from apps.matrix.services import ranking
from apps.rfp.selectors import weight_tree
from tests.conftest import acting_for
from tests.factories import matrix as make

# 1.01 6 points, 1.02 (by rule) 4, 1.04 5 in a section of 60%; 2.01 (by rule) 5, 2.02 5 in one of 40%.
# Agreed: 4, 4, 4 for the first vendor; 18% attrition gives level 3, 24 hours give level 5.
FIRST = {"1.01": "19.2", "1.02": "9.6", "1.04": "16", "2.01": "20", "2.02": "16"}


def record_of(stage, user):
    with acting_for(user):
        return selectors.latest_ranking(user, stage.procurement)


def freeze(stage, user, reason=""):
    with acting_for(user):
        return ranking.freeze(scoring_round=stage.round_for(user), reason=reason, actor=user)


def by_vendor(stage, frozen):
    rows = {row["id"]: row for row in json.loads(frozen.record)["result"]["vendors"]}
    return [rows[str(bid.pk)] for bid in stage.bids]


def test_the_record_says_what_the_published_rule_gives(locked, buyer):
    """24 * 4/5 = 19.2, 16 * 3/5 = 9.6, 20 * 4/5 = 16, 20 * 5/5 = 20, 20 * 4/5 = 16: 80.8 of 100."""
    frozen = record_of(locked, buyer.executive)
    first, second, third = by_vendor(locked, frozen)
    assert first["contributions"] == FIRST
    assert (first["name"], first["total"], first["rank"]) == ("Velora Connect", "80.8", 1)
    assert (second["total"], third["total"]) == ("68", "55.2")
    content = json.loads(frozen.record)
    assert content["case"]["robustness"] == {
        "draws": 10_000,
        "seed": seed_of(locked.rfp.digest),
        "concentration": "60",
    }
    assert content["case"]["missing"] == "zero"


def test_the_digest_is_of_the_bytes_and_the_engine_gives_them_again(locked, buyer):
    make.priced(locked)
    freeze(locked, buyer.lead)
    with acting_for(buyer.lead):
        rankings = list(Ranking.objects.order_by("stage"))
    assert [one.stage for one in rankings] == ["full", "quality"]
    for one in rankings:
        raw = one.record.encode()
        assert hashlib.sha256(raw).hexdigest() == one.digest
        record = cases.Record.from_bytes(raw)
        assert cases.replay(record).same
        assert cases.run("rank", json.loads(raw)["case"]).to_bytes() == raw


def test_prices_enter_by_the_published_formula_and_tree(locked, buyer):
    """Absolute linear, cap 2,200,000, floor 800,000, 40 points: 1,200,000 gives 40 * 10/14."""
    make.priced(locked)
    frozen = freeze(locked, buyer.lead)
    content = json.loads(frozen.record)
    with acting_for(buyer.lead):
        assert content["case"]["nodes"] == weight_tree(make.fresh(locked))
    assert content["case"]["price"] == {
        "criterion": "price",
        "formula": "absolute-linear",
        "params": {"cap": "2200000", "floor": "800000"},
        "currency": "GBP",
        "prices": {
            str(bid.pk): amount for bid, amount in zip(locked.bids, make.PRICES, strict=False)
        },
    }
    first = by_vendor(locked, frozen)[0]
    assert first["contributions"]["price"] == "28.571428571"
    assert first["quality"] == "48.48"  # 60% of 80.8
    assert first["total"] == "77.051428571"


def test_a_ranking_with_prices_waits_for_the_lock_the_prices_and_the_lead(opened, buyer):
    make.to_consensus(opened)
    with pytest.raises(WrongState, match="Lock the quality scores first"):
        freeze(opened, buyer.lead)
    make.locked(make.agreed(opened))
    with pytest.raises(WrongState, match="Adopt a price comparison first"):
        freeze(opened, buyer.lead)
    make.priced(opened)
    with pytest.raises(NotAllowed):
        freeze(opened, buyer.moderator)


def test_the_same_prices_give_the_same_record_and_others_supersede_it_with_a_reason(opened, buyer):
    make.priced(make.to_lock(opened))
    first = freeze(opened, buyer.lead)
    assert freeze(opened, buyer.lead).pk == first.pk
    make.priced(opened, ["1300000", "1500000"])
    with pytest.raises(Incomplete) as refused:
        freeze(opened, buyer.lead)
    assert refused.value.fields == {"reason": "Say why the frozen ranking is replaced."}
    second = freeze(opened, buyer.lead, reason="An assumption was corrected.")
    assert (second.number, second.supersedes_id, second.reason) == (
        2,
        first.pk,
        "An assumption was corrected.",
    )
    assert record_of(opened, buyer.auditor).pk == second.pk


def test_a_bid_that_missed_a_knock_out_is_named_and_not_ranked(buyer, vendors, set_clock):
    stage = make.opened(buyer, vendors, set_clock, answers={0: {"2.01": "96"}})
    make.to_lock(stage)
    first, second, _third = by_vendor(stage, record_of(stage, buyer.lead))
    assert (first["admitted"], first["rank"], first["total"]) == (False, None, None)
    assert first["reasons"] == [{"code": "knockout-failed", "knockout": "2.01"}]
    assert (second["rank"], second["admitted"]) == (1, True)


def test_a_question_that_a_bid_was_not_asked_counts_as_the_published_policy_says(
    buyer, vendors, set_clock
):
    """The RFP says that a missing score counts 0; nobody's weights are changed for it."""
    stage = make.opened(
        buyer,
        vendors,
        set_clock,
        extra=[("2", make.DRILLS)],
        answers={0: {"2.01": "60"}, 1: {"2.03": "Twice a year."}, 2: {"2.03": "Never."}},
        hidden_counts="unanswered",
    )
    make.to_lock(stage)
    frozen = record_of(stage, buyer.lead)
    first, second, _third = by_vendor(stage, frozen)
    content = json.loads(frozen.record)
    assert content["case"]["scores"][first["id"]]["2.03"] is None
    assert (first["missing"], first["contributions"]["2.03"]) == (["2.03"], "0")
    assert second["contributions"]["2.03"] == "8"  # 40% * 5/15 * 3/5
    weights = {
        node["id"]: node["percent_of_total"] for node in content["result"]["weights"]["nodes"]
    }
    assert Decimal(weights["section:2"]) == 40


def test_a_hidden_question_leaves_the_denominator_of_the_bid_that_hides_it(
    buyer, vendors, set_clock
):
    stage = make.opened(
        buyer,
        vendors,
        set_clock,
        extra=[("2", make.DRILLS)],
        answers={0: {"2.01": "60"}, 1: {"2.03": "Twice a year."}},
    )
    make.to_lock(stage)
    frozen = record_of(stage, buyer.lead)
    first, second, third = by_vendor(stage, frozen)
    content = json.loads(frozen.record)
    assert content["case"]["not_applicable"] == {first["id"]: ["2.03"]}
    # 2.01 level 2, 2.02 level 4: (5 * 2 + 5 * 4) / 10 of 5 is what stands in 2.03 too
    assert (first["missing"], first["nodes"]["section:2"]) == ([], "24")
    assert second["contributions"]["2.03"] == "8"
    # asked and left blank is another thing: people score it as they score any answer
    assert third["contributions"]["2.03"] == "5.333333333"


AWAY = {**make.DRILLS, "condition": {}, "allows_na": True}


def test_not_applicable_leaves_the_denominator_and_the_page_names_it(buyer, vendors, set_clock):
    stage = make.opened(
        buyer,
        vendors,
        set_clock,
        extra=[("2", AWAY)],
        answers={
            0: {"2.03": {"not_applicable": "Our customer runs the drills."}},
            1: {"2.03": "Twice a year."},
            2: {"2.03": "Never."},
        },
    )
    make.to_lock(stage)
    frozen = record_of(stage, buyer.lead)
    first, second, _third = by_vendor(stage, frozen)
    # 2.01 level 5, 2.02 level 4: 36 of 40 with 2.03 out of the denominator
    assert first["nodes"]["section:2"] == "36"
    assert second["contributions"]["2.03"] == "8"
    content = json.loads(frozen.record)
    assert content["method"]["not_applicable"] == "own-weighted-mean"
    assert cases.replay(cases.Record.from_bytes(frozen.record.encode())).same
    with acting_for(buyer.lead):
        page = selectors.ranking_page(buyer.lead, selectors.desk_for(
            buyer.lead, procurement_id=stage.procurement.pk))  # fmt: skip
    assert page.filled == (("Velora Connect", ("2.03 Drills",)),)


def test_the_quality_record_knows_nothing_of_price(locked, buyer):
    content = json.loads(record_of(locked, buyer.lead).record)
    assert "price" not in content["case"]
    assert content["result"]["price"] is None
    assert content["case"]["nodes"][0] == {
        "id": "quality",
        "name": "Quality",
        "parent": None,
        "weight": None,
        "weights_of_children": "percent",
    }


def test_when_every_bid_is_out_the_record_says_so(buyer, vendor_a, set_clock):
    stage = make.opened(buyer, [vendor_a], set_clock, answers={0: {"2.01": "96"}})
    make.locked(make.in_consensus(make.begun(stage)))
    content = json.loads(record_of(stage, buyer.lead).record)
    assert content["result"]["winners"] == []
    assert {"code": "nobody-admitted"} in content["warnings"]


def test_a_frozen_ranking_cannot_be_changed_in_the_database(locked, buyer):
    with acting_for(buyer.lead):
        for change in (
            lambda: Ranking.objects.update(digest="0" * 64),
            lambda: Ranking.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        assert Ranking.objects.count() == 1


MINIMA = (
    # 1.04 at least 3: the third bid has 2. Quality at least 60: the third bid has 55.2.
    ({"extra": (("1", {**make.SITES, "minimum": "3"}),)}, "Below the minimum score of 3 in"),
    ({"quality_minimum": "60"}, "Below the threshold of 60% in Quality."),
)


@pytest.mark.parametrize(("published", "reason"), MINIMA)
def test_a_bid_below_a_published_minimum_is_not_ranked(
    buyer, vendors, set_clock, client_for, published, reason
):
    stage = make.to_lock(make.opened(buyer, vendors, set_clock, **published))
    first, second, third = by_vendor(stage, record_of(stage, buyer.executive))
    assert (first["rank"], second["rank"], third["rank"]) == (1, 2, None)
    page = client_for(buyer.lead).get(f"/p/{stage.procurement.pk}/ranking/").content.decode()
    assert reason in page
