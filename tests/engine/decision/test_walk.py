"""Walking a tree: path, recommendation, and exactly what would change it."""

from decimal import Decimal

import pytest

from apps.engine.decision.facts import FACTS
from apps.engine.decision.tree import parse
from apps.engine.decision.walk import fill, flips, if_shown, walk
from tests.engine.decision.planting import (
    TREES,
    node,
    plant,
    score_then_saving,
    shipped,
    show,
)

SMALL = parse(score_then_saving())
SHIPPED = {file.stem: parse(shipped(file.stem)) for file in TREES}

TYPICAL = {
    "experience__drives_revenue": False,
    "build__able": False,
    "location__capability_and_cost": True,
    "readiness__score": "84",
    "readiness__band": "ready",
    "bids__admitted": "4",
    "ranking__first_share": "0.93",
    "staffing__price_pays_for_service": True,
    "pricing__saving_share": "0.18",
}


def walked(**changes):
    """Walk the shipped tree with a typical case; None takes a fact away."""
    facts = {name: value for name, value in (TYPICAL | changes).items() if value is not None}
    return walk(SHIPPED["outsourcing"], show(**facts))


def test_the_path_holds_each_question_its_answer_and_its_evidence():
    evidence = show(readiness__score="68", pricing__saving_share="0")
    found = walk(SMALL, evidence)
    assert [(step.node.slug, step.answer.value, step.target) for step in found.steps] == [
        ("ready", "yes", "saving"),
        ("saving", "no", "keep"),
    ]
    assert found.steps[0].shown == evidence["readiness.score"]
    assert found.recommendation == "keep"


def test_a_limit_itself_counts_as_the_comparison_says():
    def answer(comparison):
        nodes = {"one": node("readiness.score", "yes", "no", **{comparison: "60"})}
        tree = parse(plant("one", nodes, ("yes", "no")))
        return [walk(tree, show(readiness__score=x)).recommendation for x in ("59", "60", "61")]

    assert answer("at_least") == ["no", "yes", "yes"]
    assert answer("above") == ["no", "no", "yes"]
    assert answer("at_most") == ["yes", "yes", "no"]
    assert answer("below") == ["yes", "no", "no"]


def test_a_walk_stops_where_a_fact_is_not_shown():
    found = walk(SMALL, show(readiness__score="68"))
    assert found.recommendation == "not_shown"
    assert found.leaf is None
    assert found.missing == FACTS["pricing.saving_share"]
    assert found.steps[-1].target is None


@pytest.mark.parametrize(
    ("changes", "recommendation", "leaf"),
    [
        ({}, "outsource", "award"),
        ({"experience__drives_revenue": True}, "optimise", "optimise"),
        (
            {"experience__drives_revenue": True, "recovery__rate": "0.31"},
            "optimise",
            "optimise",
        ),
        # a statement that the figures contradict does not end the walk
        ({"experience__drives_revenue": True, "recovery__rate": "0.30"}, "outsource", "award"),
        ({"build__able": True}, "keep_in_house", "invest_in_house"),
        (
            {"location__capability_and_cost": False, "location__cheapest": "in_house"},
            "keep_in_house",
            "in_house_cheaper",
        ),
        (
            {"location__capability_and_cost": False, "location__cheapest": "nearshore"},
            "outsource",
            "award",
        ),
        ({"readiness__score": "49.999"}, "prepare", "prepare"),
        ({"readiness__score": "50", "readiness__band": "hybrid"}, "outsource", "award"),
        ({"bids__admitted": "0"}, "re_tender", "no_bid"),
        ({"bids__admitted": "1"}, "outsource_sole", "award_sole"),
        ({"bids__admitted": "1", "pricing__saving_share": "-0.01"}, "re_tender", "sole_unsound"),
        (
            {"bids__admitted": "1", "staffing__price_pays_for_service": False},
            "re_tender",
            "sole_unsound",
        ),
        ({"ranking__first_share": "0.79", "ranking__lead": "2"}, "outsource", "award"),
        ({"ranking__first_share": "0.79", "ranking__lead": "1.9"}, "confirm_ranking", "too_close"),
        ({"staffing__price_pays_for_service": False}, "clarify_price", "staffing_gap"),
        ({"pricing__saving_share": "-0.001"}, "keep_in_house", "no_saving"),
        ({"bids__admitted": None}, "not_shown", None),
    ],
)
def test_the_executive_tree_recommends(changes, recommendation, leaf):
    found = walked(**changes)
    assert found.recommendation == recommendation
    assert (found.leaf.slug if found.leaf else None) == leaf


def test_conditions_met_on_the_way_come_before_those_of_the_leaf():
    found = walked(readiness__score="68", readiness__band="hybrid")
    assert [condition.split()[0] for condition in found.conditions] == [
        "Offshore",
        "Onboard",
        "Hold",
    ]


def test_conditions_are_kept_where_the_walk_stops():
    found = walked(bids__admitted=None, readiness__score="68", readiness__band="hybrid")
    assert [condition.split()[0] for condition in found.conditions] == ["Offshore", "Onboard"]


# What would change it


def told(tree, evidence):
    return [
        (flip.shown.fact.slug, flip.to, flip.strict, flip.walk.recommendation)
        for flip in flips(tree, evidence, walk(tree, evidence))
    ]


def test_the_nearest_value_that_changes_the_outcome_is_named_for_each_fact():
    evidence = show(readiness__score="68", pricing__saving_share="0.05")
    assert told(SMALL, evidence) == [
        ("readiness.score", Decimal(60), True, "prepare"),
        ("pricing.saving_share", Decimal(0), False, "keep"),
    ]
    first, second = flips(SMALL, evidence, walk(SMALL, evidence))
    assert (first.distance, second.distance) == (Decimal(8), Decimal("0.05"))


def test_a_flip_may_lead_to_where_evidence_is_missing():
    evidence = show(readiness__score="50")
    (flip,) = flips(SMALL, evidence, walk(SMALL, evidence))
    assert (flip.to, flip.strict, flip.walk.recommendation) == (Decimal(60), False, "not_shown")
    assert flip.walk.missing == FACTS["pricing.saving_share"]


def test_both_directions_are_named_the_nearer_first():
    tree = parse(
        plant(
            "high",
            {
                "high": node("readiness.score", "outsource", "middle", at_least="80"),
                "middle": node("readiness.score", "keep", "prepare", at_least="50"),
            },
            ("outsource", "keep", "prepare"),
        )
    )
    assert told(tree, show(readiness__score="75")) == [
        ("readiness.score", Decimal(80), False, "outsource"),
        ("readiness.score", Decimal(50), True, "prepare"),
    ]
    # on the limit itself, anything below changes the outcome
    assert told(tree, show(readiness__score="50")) == [
        ("readiness.score", Decimal(50), True, "prepare"),
        ("readiness.score", Decimal(80), False, "outsource"),
    ]


def test_a_count_flips_at_a_whole_number():
    assert [
        (flip.to, flip.strict, flip.walk.recommendation)
        for flip in flips(SHIPPED["outsourcing"], show(**TYPICAL), walked())
        if flip.shown.fact.slug == "bids.admitted"
    ] == [(Decimal(1), False, "outsource_sole")]


def test_every_other_option_of_a_choice_that_changes_the_outcome_is_named():
    tree = parse(
        plant(
            "band",
            {"band": node("readiness.band", "outsource", "prepare", **{"is": "ready"})},
            ("outsource", "prepare"),
        )
    )
    assert told(tree, show(readiness__band="ready")) == [
        ("readiness.band", "high_risk", False, "prepare"),
        ("readiness.band", "hybrid", False, "prepare"),
    ]
    (flip,) = flips(
        tree, show(readiness__band="hybrid"), walk(tree, show(readiness__band="hybrid"))
    )
    assert (flip.to, flip.distance) == ("ready", None)


def test_a_fact_that_is_not_asked_on_the_path_flips_nothing():
    evidence = show(readiness__score="40", pricing__saving_share="0.05")
    assert {slug for slug, *_ in told(SMALL, evidence)} == {"readiness.score"}


def test_a_missing_optional_fact_is_named_with_the_values_that_would_change_the_outcome():
    tree = SHIPPED["outsourcing"]
    evidence = show(**(TYPICAL | {"experience__drives_revenue": True}))
    found = walk(tree, evidence)
    ((fact, region),) = if_shown(tree, evidence, found)
    assert (fact.slug, region.walk.recommendation) == ("recovery.rate", "outsource")
    assert (region.low, region.high.value, region.high.strict) == (None, Decimal("0.30"), False)


def test_what_a_stopped_walk_needs_is_named_by_region():
    evidence = show(readiness__score="68")
    found = [
        (region.low, region.high, region.walk.recommendation)
        for _, region in if_shown(SMALL, evidence, walk(SMALL, evidence))
    ]
    assert [recommendation for _, _, recommendation in found] == ["keep", "outsource"]
    assert (found[0][1].value, found[1][0].strict) == (Decimal(0), True)


def test_a_text_is_filled_with_what_is_shown_and_says_what_is_not():
    evidence = show(readiness__score="68")
    text = fill(
        "Scores {readiness.score}; {readiness.gaps} gaps.",
        evidence,
        lambda shown: f"<{shown.value}>",
        "(not shown)",
    )
    assert text == "Scores <68>; (not shown) gaps."
