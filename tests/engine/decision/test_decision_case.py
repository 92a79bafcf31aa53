"""The walk case: from plain data to the result that a record keeps."""

import pytest

from apps.engine.decision.case import run
from apps.engine.errors import InvalidInput
from tests.engine.decision.planting import leaf, node, plant, score_then_saving, shipped

SCORE = {"value": "68", "source": "Assessment of 14 August", "digest": "a" * 64}
SAVING = {"value": "0.050", "source": "Comparison 2"}


def calculated(evidence, tree=None):
    return run({"tree": tree or score_then_saving(), "evidence": evidence})


def test_the_result_names_the_recommendation_and_the_path_with_its_sources():
    result = calculated({"readiness.score": SCORE, "pricing.saving_share": SAVING}).result
    assert (result["recommendation"], result["leaf"], result["name"]) == (
        "outsource",
        "outsource",
        "Outsource",
    )
    assert result["path"][0] == {
        "node": "ready",
        "question": "How about readiness.score?",
        "fact": "readiness.score",
        "value": "68",
        "source": "Assessment of 14 August",
        "digest": "a" * 64,
        "answer": "yes",
        "next": "saving",
        "addition": False,
    }
    assert result["reasons"][1] == {
        "code": "pricing.saving_share.above.yes",
        "fact": "pricing.saving_share",
        "unit": "share",
        "value": "0.05",
        "comparison": "above",
        "limit": "0",
        "holds": True,
    }
    assert (result["missing"], result["ahead"]) == ([], [])


def test_a_figure_leaves_with_all_the_decimals_it_came_with():
    saving = SAVING | {"value": "0.050000000000000001"}
    result = calculated({"readiness.score": SCORE, "pricing.saving_share": saving}).result
    assert result["path"][1]["value"] == "0.050000000000000001"
    assert result["flips"][1]["distance"] == "0.050000000000000001"


def test_the_result_names_what_would_change_it():
    result = calculated({"readiness.score": SCORE, "pricing.saving_share": SAVING}).result
    assert result["flips"][0] == {
        "fact": "readiness.score",
        "unit": "points",
        "value": "68",
        "to": "60",
        "strict": True,
        "direction": "down",
        "distance": "8",
        "recommendation": "prepare",
        "leaf": "prepare",
        "missing": None,
    }
    assert result["if_shown"] == []


def test_a_walk_without_evidence_says_what_it_needs_now_and_may_need_later():
    outcome = calculated({})
    result = outcome.result
    assert (result["recommendation"], result["leaf"], result["name"]) == ("not_shown", None, None)
    assert (result["missing"], result["ahead"]) == (["readiness.score"], ["pricing.saving_share"])
    assert result["path"][0]["value"] is None
    assert result["reasons"][0]["holds"] is None
    assert outcome.warnings == ({"code": "fact_not_shown", "fact": "readiness.score"},)
    assert result["if_shown"] == [
        {
            "fact": "readiness.score",
            "unit": "points",
            "value": None,
            "low": {"value": "0", "strict": False},
            "high": {"value": "60", "strict": True},
            "recommendation": "prepare",
            "leaf": "prepare",
            "missing": None,
        }
    ]


def test_an_option_that_would_change_the_outcome_is_named_as_a_value():
    tree = plant("build", {"build": node("build.able", "keep", "go")}, ("keep", "go"))
    found = calculated({}, tree).result["if_shown"]
    assert [(entry["value"], entry["low"], entry["recommendation"]) for entry in found] == [
        (False, None, "go"),
        (True, None, "keep"),
    ]


def test_the_figures_that_the_texts_name_are_kept_and_what_is_not_shown_is_null():
    tree = score_then_saving()
    tree["leaves"]["outsource"] = leaf(
        "outsource",
        because="Scores {readiness.score}; {ranking.leader} leads.",
        conditions=["Saves {pricing.saving_share}.", "Close {readiness.gaps} gaps."],
    )
    result = calculated({"readiness.score": SCORE, "pricing.saving_share": SAVING}, tree).result
    assert result["figures"] == {
        "readiness.score": "68",
        "ranking.leader": None,
        "pricing.saving_share": "0.05",
        "readiness.gaps": None,
    }
    assert result["conditions"] == [
        {"leaf": "outsource", "place": 0},
        {"leaf": "outsource", "place": 1},
    ]


def test_conditions_on_the_way_name_their_node_and_answer():
    tree = score_then_saving()
    tree["nodes"]["ready"]["conditions"] = {"yes": "Mind the gaps.", "no": "Close them."}
    result = calculated({"readiness.score": SCORE}, tree).result
    assert result["conditions"] == [{"node": "ready", "answer": "yes"}]


def test_a_sole_remaining_bid_is_called_that_once():
    facts = {
        "experience.drives_revenue": False,
        "build.able": False,
        "location.capability_and_cost": True,
        "readiness.score": "84",
        "readiness.band": "ready",
        "bids.admitted": 1,
        "ranking.leader": "Castellan CX",
        "staffing.price_pays_for_service": True,
        "pricing.saving_share": "0.18",
        "pricing.model": "managed service",
    }
    evidence = {slug: {"value": value, "source": "x"} for slug, value in facts.items()}
    outcome = calculated(evidence, shipped())
    assert outcome.warnings == ({"code": "sole_remaining_bid", "fact": "bids.admitted"},)
    assert outcome.result["name"] == (
        "Outsource to the sole remaining bidder under its pricing model"
    )


def test_the_method_names_the_tree_and_its_version():
    assert calculated({}).method == {
        "calculator": "decision.walk",
        "version": "1",
        "tree": "small",
        "tree_version": "1",
    }


@pytest.mark.parametrize(
    ("case", "path"),
    [
        ({}, "tree"),
        ({"tree": score_then_saving()}, "evidence"),
        ({"tree": score_then_saving(), "evidence": {}, "by": "x"}, "by"),
        ({"tree": score_then_saving() | {"start": "x"}, "evidence": {}}, "tree.start"),
        (
            {"tree": score_then_saving(), "evidence": {"build.able": {"value": 1}}},
            "evidence.build.able.value",
        ),
    ],
)
def test_a_malformed_case_names_the_wrong_field(case, path):
    with pytest.raises(InvalidInput) as caught:
        run(case)
    assert caught.value.path == path
