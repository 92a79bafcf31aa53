"""A ranking in words and figures, from records of the engine: ties, a sole bid, adjusted prices."""

import json
import uuid
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from apps.engine import cases
from apps.reports.selectors import drawings, intervals, knockouts, ranking, scorecard
from apps.reports.selectors.knockouts import Asked
from apps.reports.selectors.paper import DASH, method_of
from apps.reports.selectors.ranking import Ranked

EXAMPLE = json.loads((Path(settings.BASE_DIR) / "docs/engine/examples/rank.json").read_text())
LETTERS = {"aster": "A", "birch": "B", "cedar": "C", "dogwood": "D"}


def ranked(**changes):
    case = deepcopy(EXAMPLE) | changes
    case["robustness"] = {**case["robustness"], "draws": 200}
    return Ranked(cases.run("rank", case).to_plain(), LETTERS)


def test_a_paper_names_what_left_the_denominator_of_whom():
    case = deepcopy(EXAMPLE)
    leaf = next(iter(case["scores"]["aster"]))
    del case["scores"]["aster"][leaf]
    case.pop("individual", None)
    made = ranked(**case, not_applicable={"aster": [leaf]})
    rows = {row["label"]: row["value"] for row in method_of(made.plain)}
    name = next(row["name"] for row in made.result["vendors"] if row["id"] == "aster")
    assert rows["Not applicable"].startswith(f"{name}: {leaf}. The bid's own weighted mean")
    assert "Not applicable" not in {row["label"] for row in method_of(ranked().plain)}


def without(*vendors):
    """Knock these out as well; dogwood is out in the example itself."""
    held = [
        {"vendor": vendor, "code": "hours", "passed": vendor not in vendors} for vendor in LETTERS
    ]
    return ranked(knockouts=[*EXAMPLE["knockouts"], *held])


def level_with_aster():
    scores = {**EXAMPLE["scores"], "cedar": EXAMPLE["scores"]["aster"]}
    price = deepcopy(EXAMPLE["price"])
    price["prices"]["cedar"] = price["prices"]["aster"]
    return {"scores": scores, "price": price, "individual": EXAMPLE["individual"]}


def adjusted():
    """No weight for the price: the lowest price less 35,000 per point of quality wins."""
    nodes = [dict(node) for node in EXAMPLE["nodes"] if node["id"] != "price"]
    for node in nodes:
        node["weight"] = {"service": "60", "security": "40"}.get(node["id"], node["weight"])
    price = {
        "formula": "monetised-quality",
        "params": {"money_per_point": "35000"},
        "currency": "EUR",
        "prices": EXAMPLE["price"]["prices"],
    }
    return ranked(nodes=nodes, price=price, tie_break=[])


def test_the_first_is_named_with_its_lead():
    # Aster 74.3625, Cedar 72.875: a lead of 1.4875 (docs/engine/examples/rank.json).
    assert (
        scorecard.finding(ranked())
        == "Aster Contact ranks first of 3, 1.5 points ahead of Cedar Voice"
    )


def test_the_table_adds_up_and_shows_the_distance():
    rows = ranking.rows(ranked())["rows"]
    shown = [
        (r["rank"], r["vendor"]["name"], r["quality"], r["price"], r["total"], r["behind"])
        for r in rows
    ]
    assert shown == [
        ("1", "Aster Contact", "56.9", "17.5", "74.4", ""),
        ("2", "Cedar Voice", "49.0", "23.9", "72.9", "1.5"),
        ("3", "Birch Services", "48.0", "20.2", "68.2", "6.2"),
    ]


def test_equal_totals_are_called_equal():
    found = ranked(**level_with_aster(), tie_break=[])
    assert scorecard.finding(found) == (
        "Aster Contact and Cedar Voice share the first place, with a total of 74.4"
    )
    assert ranking.rows(found)["tie"] == "Equal totals share a rank: Aster Contact, Cedar Voice."
    assert [row["rank"] for row in ranking.rows(found)["rows"]] == ["1", "1", "3"]


def test_a_tie_that_the_published_rule_breaks_says_so():
    found = ranked(
        scores={**EXAMPLE["scores"], "cedar": {
            **EXAMPLE["scores"]["aster"], "staffing": "3", "certificates": "4", "incidents": "5",
        }},
        price={**EXAMPLE["price"], "prices": {**EXAMPLE["price"]["prices"], "cedar": "3800000"}},
    )  # fmt: skip
    # Cedar: staffing 13.5, training 5.4, go-live 10.4625, certificates 12, incidents 10, price 22.
    assert [Decimal(row["total"]) for row in found.placed[:2]] == [
        Decimal("74.3625"),
        Decimal("73.3625"),
    ]
    assert ranking.rows(found)["tie"] == ""


def test_a_sole_remaining_bid_is_called_that():
    found = without("birch", "cedar")
    assert (
        scorecard.finding(found) == "Aster Contact is the sole remaining bid, with a total of 74.4"
    )
    said = scorecard.lede(found)
    assert said["key"] == "1 bid is admitted, too few to say how firm that is"
    assert said["after"] == ". The price of Aster Contact is €1,750,000 below the published cap."
    assert intervals.table(found) == []
    assert drawings.strips(found) == ""
    assert "Aster Contact" in drawings.totals(found)


def test_where_the_lowest_adjusted_price_wins_totals_are_money():
    # Cedar: 3,610,000 - 35,000 x 69.3 = 1,184,500; Aster: 4,250,000 - 35,000 x 81.95 = 1,381,750.
    found = adjusted()
    assert scorecard.finding(found) == (
        "Cedar Voice ranks first of 3, €197,250 below the adjusted price of Aster Contact"
    )
    table = ranking.rows(found)
    assert (table["price_label"], table["total_label"]) == ("Price", "Adjusted price")
    first = table["rows"][0]
    assert (first["price"], first["total"], first["behind"]) == ("€3,610,000", "€1,184,500", "")
    assert drawings.totals(found) == ""
    assert [node["name"] for node in found.sections] == ["Service", "Security"]


def test_the_matrix_shows_scores_of_100_and_the_points_they_bring():
    block = ranking.matrix_block(ranked())
    assert [(row["criterion"], row["weight"]) for row in block["rows"]] == [
        ("Service", "45%"), ("Security", "25%"), ("Price", "30%"),
    ]  # fmt: skip
    # Aster on security: certificates 15 of 15, incidents 8 of 10 points; 23 of 25 are 92 of 100.
    assert block["rows"][1]["cells"][0] == {"score": "92", "level": "5", "points": "23.0"}
    assert block["totals"] == ["74.4", "72.9", "68.2"]


def test_half_a_point_is_rounded_up():
    row = {"nodes": {"a": "2.625"}, "contributions": {}}
    node = {"id": "a", "percent_of_total": "4.2"}
    assert ranking.score_of(row, node) == Decimal("62.5")
    cell = ranking._cell(row, node)
    assert (cell["score"], cell["points"]) == ("63", "2.6")


@pytest.mark.parametrize(
    ("score", "level"),
    [("0", "0"), ("19.9", "0"), ("20", "1"), ("60", "3"), ("75", "4"), ("89.9", "4"), ("90", "5")],
)
def test_the_tint_follows_the_score(score, level):
    assert ranking.level(Decimal(score)) == level


def test_the_intervals_come_tightest_first_and_name_who_leads_outside():
    found = ranked()
    rows = intervals.table(found)
    rooms = [one.room for one in intervals.flipping(found)]
    assert rooms == sorted(rooms)
    price = next(row for row in rows if row["criterion"] == "Price")
    # Above a weight of 34.562716816 % for the price Cedar leads (the record's weight_intervals).
    assert (price["weight"], price["holds"]) == ("30%", "0% to 34.6%")
    assert price["then"] == "Cedar Voice leads above 34.6%"
    assert price["close"]


def test_a_share_never_claims_all_or_nothing():
    found = ranked()
    around = found.result["smaa"]["around_published"]["vendors"]
    around[0]["first"], around[1]["first"] = "0.9996", "0.0004"
    held = Ranked({**found.plain, "result": found.result}, LETTERS)
    shares = [held.first_share(row["id"]) for row in around[:2]]
    assert shares == [">\N{NO-BREAK SPACE}99%", "<\N{NO-BREAK SPACE}1%"]


def test_a_criterion_that_is_left_out_is_in_no_table():
    found = ranked(missing="exclude")  # birch has no score for incidents
    assert "incidents" not in {leaf["id"] for leaf in found.leaves}
    assert found.quality_weight == Decimal(60)


def test_every_reason_of_an_exclusion_has_its_words():
    scores = deepcopy(EXAMPLE["scores"])
    scores["birch"] |= {"staffing": "1", "training": "0", "transition-days": "170"}
    found = ranked(scores=scores)
    asked = Asked(questions={}, given={}, marks={})
    rows = {
        (row["vendor"]["name"], row["requirement"], row["answer"])
        for row in knockouts.table(found, NoAnswers(asked))
    }
    assert ("Birch Services", "Staffing plan: a score of 2 or more", "scored 1") in rows
    assert ("Dogwood Care", "data-in-eu", "Not answered") in rows


def test_an_answer_that_its_vendor_marked_as_confidential_is_not_quoted():
    bid, other = uuid.uuid4(), uuid.uuid4()
    asked = Asked(questions={}, given={}, marks={bid: {"2.01": "Trade secret."}})
    left_out = "Left out: the vendor marked this as confidential"
    assert asked.answer(str(bid), "2.01") == left_out
    assert asked.answer(str(bid), "2.02") == asked.answer(str(other), "2.01") == "Not answered"


class NoAnswers:
    """Identifiers of the example are no uuid; nothing was answered."""

    def __init__(self, asked):
        self.requirement = asked.requirement

    def answer(self, _bid, _code):
        return "Not answered"


def test_the_method_is_said_in_words():
    rows = {row["label"]: row["value"] for row in method_of(ranked().plain)}
    assert rows == {
        "Scoring": "Weighted sum of agreed scores; totals are compared rounded to 9 decimals",
        "Price formula": "Absolute linear: cap €6,000,000, floor €3,000,000",
        "Robustness": "200 random weightings around the agreed ones, concentration 60, seed 20250401",
        "Missing scores": "A missing score counts zero",
        "Engine": cases.ENGINE_VERSION,
    }


SAVED = {"aster": "120000", "birch": "-5"}


def test_of_two_bids_a_paper_claims_nothing_and_holds_the_price_to_the_cap():
    two = without("cedar")
    said = scorecard.lede(two, SAVED)
    assert said["key"] == "2 bids are admitted, too few to say how firm that is"
    assert "published cap" in said["after"]
    assert "weightings" not in json.dumps(scorecard._facts(two))
    block = scorecard._robustness(two, SAVED)
    assert (block["small"], block["intervals"], block["ranks"]) == (True, [], [])
    assert {row["first_share"] for row in ranking.rows(two)["rows"]} == {DASH}
    assert "Robustness" not in {row["label"] for row in method_of(two.plain)}


def test_without_a_cap_the_in_house_case_stands_in_and_relative_points_are_warned_of():
    price = deepcopy(EXAMPLE["price"]) | {"formula": "lowest-over-price", "params": {}}
    held = [{"vendor": vendor, "code": "hours", "passed": vendor != "cedar"} for vendor in LETTERS]
    two = ranked(price=price, knockouts=[*EXAMPLE["knockouts"], *held])
    first = two.leader
    said = scorecard.lede(two, {first["id"]: "120000"})["after"]
    assert f"{first['name']} costs" in said
    assert "120,000" in said
    assert "less than the in-house case" in said
    assert "of so few they say nothing of value" in said
    assert "no published cap and no in-house case" in scorecard.lede(two)["after"]
