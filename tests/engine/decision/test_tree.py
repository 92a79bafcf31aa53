"""What a decision tree must be before anybody may walk it."""

import pytest

from apps.engine.decision.nodes import placeholders
from apps.engine.decision.tree import MOST_NODES, parse
from apps.engine.errors import InvalidInput
from tests.engine.decision.planting import TREES, leaf, node, plant, score_then_saving, shipped


def refused(raw, path=""):
    with pytest.raises(InvalidInput) as caught:
        parse(raw, path)
    return caught.value


@pytest.mark.parametrize("file", TREES, ids=lambda file: file.stem)
def test_a_shipped_tree_parses_under_the_name_of_its_file(file):
    assert parse(shipped(file.stem)).slug == file.stem


def test_the_guide_asks_three_questions_and_the_rest_is_marked_as_an_addition():
    tree = parse(shipped())
    assert [node.slug for node in tree.nodes.values() if not node.addition] == [
        "current_state",
        "core_competency",
        "location",
    ]


def test_the_texts_of_a_tree_are_kept():
    raw = score_then_saving() | {"about": "Two questions."}
    raw["leaves"]["keep"] |= {"conditions": ["Invest {leakage.total}."], "addition": True}
    raw["nodes"]["ready"]["conditions"] = {"no": "Close {readiness.gaps} gaps."}
    tree = parse(raw)
    assert tree.about == "Two questions."
    assert tree.leaves["keep"].conditions == ("Invest {leakage.total}.",)
    assert (tree.leaves["keep"].addition, tree.nodes["ready"].addition) == (True, False)
    assert {answer.value: text for answer, text in tree.nodes["ready"].conditions.items()} == {
        "no": "Close {readiness.gaps} gaps."
    }


def test_placeholders_are_the_names_in_braces():
    assert placeholders("{a.b} and {c}, not d") == ("a.b", "c")


def test_the_facts_ahead_come_nearest_first_and_once():
    tree = parse(shipped())
    assert tree.facts_from("lead") == (
        "ranking.first_share",
        "staffing.price_pays_for_service",
        "ranking.lead",
        "pricing.saving_share",
    )
    assert tree.facts_from("award") == ()


def test_a_route_to_nowhere_is_refused():
    raw = score_then_saving()
    raw["nodes"]["saving"]["no"] = "elsewhere"
    error = refused(raw)
    assert error.path == "nodes.saving.no"
    assert error.sentence == "Name a node or a leaf of this tree."


def test_a_start_that_is_no_node_is_refused():
    assert refused(score_then_saving() | {"start": "keep"}).path == "start"


def test_a_path_inside_a_case_is_named_from_the_case():
    assert refused(score_then_saving() | {"start": "keep"}, "tree").path == "tree.start"


def test_a_circle_is_refused_with_its_nodes():
    raw = score_then_saving()
    raw["nodes"]["saving"]["no"] = "ready"
    error = refused(raw)
    assert error.path == "nodes"
    assert error.sentence == (
        "Lead out of these nodes to a leaf; they go round in a circle: ready, saving."
    )


def test_a_leaf_that_nothing_leads_to_is_refused():
    raw = score_then_saving()
    raw["leaves"]["dream"] = leaf("dream")
    assert refused(raw).path == "leaves.dream"


def test_a_node_that_nothing_leads_to_is_refused():
    raw = score_then_saving()
    raw["nodes"]["lost"] = node("build.able", "keep", "prepare")
    assert refused(raw).path == "nodes.lost"


def test_a_leaf_that_only_contradictory_evidence_would_reach_is_refused():
    raw = plant(
        "high",
        {
            "high": node("readiness.score", "low", "prepare", at_least="60"),
            "low": node("readiness.score", "keep", "outsource", below="50"),
        },
        ("keep", "prepare", "outsource"),
    )
    error = refused(raw)
    assert error.path == "leaves.keep"
    assert error.sentence == (
        "Lead to this from another node, or remove it: no evidence reaches it."
    )


def test_a_branch_that_an_earlier_answer_has_settled_is_refused():
    raw = plant(
        "high",
        {
            "high": node("readiness.score", "again", "prepare", at_least="60"),
            "again": node("readiness.score", "outsource", "prepare", at_least="50"),
        },
        ("prepare", "outsource"),
    )
    error = refused(raw)
    assert error.path == "nodes.again.no"
    assert error.sentence == "Remove this branch: an earlier question has settled the answer."


def test_asking_twice_is_fine_where_both_answers_stay_open():
    raw = plant(
        "high",
        {
            "high": node("readiness.score", "outsource", "middle", at_least="80"),
            "middle": node("readiness.score", "keep", "prepare", at_least="50"),
        },
        ("outsource", "keep", "prepare"),
    )
    assert set(parse(raw).leaves) == {"outsource", "keep", "prepare"}


def test_a_missing_route_is_refused_after_the_same_fact_was_shown():
    raw = plant(
        "high",
        {
            "high": node("readiness.score", "outsource", "middle", at_least="80"),
            "middle": node("readiness.score", "keep", "prepare", at_least="50", missing="prepare"),
        },
        ("outsource", "keep", "prepare"),
    )
    assert refused(raw).path == "nodes.middle.missing"


def test_too_many_ways_through_a_tree_are_refused_and_not_counted_for_ever():
    facts = [
        "experience.drives_revenue",
        "build.able",
        "location.capability_and_cost",
        "contacts.human_required",
        "staffing.price_pays_for_service",
    ]
    limits = [str(limit) for limit in range(1, 10)]
    chain = [("readiness.score", {"at_least": limit}) for limit in limits]
    chain += [("readiness.technology", {"at_least": limit}) for limit in limits]
    chain += [("readiness.knowledge", {"at_least": limit}) for limit in limits]
    chain += [("readiness.security", {"at_least": limit}) for limit in limits]
    chain += [(fact, {}) for fact in facts]
    chain = chain + list(reversed(chain))
    nodes = {}
    for place, (fact, check) in enumerate(chain):
        onward = f"n{place + 1}" if place + 1 < len(chain) else None
        nodes[f"n{place}"] = node(fact, onward or "keep", onward or "prepare", **check)
    error = refused(plant("n0", nodes, ("keep", "prepare")))
    assert error.sentence == (
        "Ask the same facts in fewer places: this tree has too many ways through it."
    )


def test_a_tree_of_too_many_nodes_is_refused():
    nodes = {f"n{place}": node("build.able", "keep", "prepare") for place in range(MOST_NODES + 1)}
    assert refused(plant("n0", nodes, ("keep", "prepare"))).sentence == "Give 1 to 100 nodes."
    assert refused(plant("n0", {}, ())).path == "nodes"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda raw: raw.update(slug="Two Words"), "slug"),
        (lambda raw: raw.update(source=" "), "source"),
        (lambda raw: raw.pop("version"), "version"),
        (lambda raw: raw.update(colour="red"), "colour"),
        (lambda raw: raw["nodes"].update({"Bad Name": raw["nodes"]["ready"]}), "nodes.Bad Name"),
        (lambda raw: raw["leaves"].update({"-x": leaf("x")}), "leaves.-x"),
        (lambda raw: raw["leaves"].update(ready=leaf("x")), "leaves.ready"),
        (lambda raw: raw["leaves"].update(keep=leaf("not_shown")), "leaves.keep.recommend"),
        (lambda raw: raw["leaves"].update(keep=leaf("Keep it")), "leaves.keep.recommend"),
        (
            lambda raw: raw["leaves"].update(keep=leaf("x", because="{no.fact}")),
            "leaves.keep.because",
        ),
        (
            lambda raw: raw["leaves"].update(keep=leaf("x", conditions=["y", "{no.fact}"])),
            "leaves.keep.conditions[1]",
        ),
        (lambda raw: raw["nodes"]["ready"].update(ask="readiness.mood"), "nodes.ready.ask"),
        (lambda raw: raw["nodes"]["ready"].update(ask="ranking.leader"), "nodes.ready.ask"),
        (lambda raw: raw["nodes"]["ready"].update(above="3"), "nodes.ready"),
        (lambda raw: raw["nodes"]["ready"].pop("at_least"), "nodes.ready"),
        (lambda raw: raw["nodes"]["ready"].update(at_least="101"), "nodes.ready.at_least"),
        (lambda raw: raw["nodes"]["ready"].update(at_least=60.5), "nodes.ready.at_least"),
        (lambda raw: raw["nodes"]["ready"].update(addition="yes"), "nodes.ready.addition"),
        (lambda raw: raw["nodes"]["ready"].pop("question"), "nodes.ready.question"),
        (
            lambda raw: raw["nodes"]["ready"].update(conditions={"missing": "x"}),
            "nodes.ready.conditions.missing",
        ),
        (
            lambda raw: raw["nodes"].update(
                ready=node("build.able", "saving", "keep", at_least="1")
            ),
            "nodes.ready",
        ),
    ],
)
def test_a_fault_is_named_with_the_path_of_its_field(change, path):
    raw = score_then_saving()
    change(raw)
    assert refused(raw).path == path


def test_a_flag_may_be_asked_for_false_and_a_choice_for_one_option():
    raw = plant(
        "build",
        {
            "build": node("build.able", "band", "keep", **{"is": False}),
            "band": node("readiness.band", "outsource", "prepare", **{"is": "ready"}),
        },
        ("keep", "outsource", "prepare"),
    )
    tree = parse(raw)
    assert [tree.nodes[slug].check.limit for slug in ("build", "band")] == [False, "ready"]
