"""What does not apply to a vendor leaves that vendor's denominator, and nobody else's."""

import copy
import hashlib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.engine.cases import run as record
from apps.engine.errors import InvalidInput, MissingScores
from apps.engine.matrix.case import run
from tests.engine.matrix.cases import base, example, without_price_leaf

# Two sections of three questions in points, sections in points too, so that a question or a section
# can be deleted and the rest still makes a whole.
LEAVES = tuple(f"{section}{at}" for section in "st" for at in (1, 2, 3))
GROUP = "weights_of_children"
POINTS = st.integers(1, 9)
SCORES = st.integers(0, 20).map(lambda k: str(k / 4))


def two_sections(weights, sections, scores, away=(), policy="zero"):
    nodes = [
        {"id": "all", "parent": None, "weight": None, GROUP: "points"},
        *(
            {"id": name, "parent": "all", "weight": str(weight), GROUP: "points"}
            for name, weight in zip("st", sections, strict=True)
        ),
        *(
            {"id": leaf, "parent": leaf[0], "weight": str(weight)}
            for leaf, weight in zip(LEAVES, weights, strict=True)
        ),
    ]
    return {
        "method": "weighted-sum",
        "missing": policy,
        "nodes": nodes,
        "criteria": [{"id": one, "scale": ["0", "5"], "direction": "higher"} for one in LEAVES],
        "vendors": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
        "scores": {
            "a": {leaf: s for leaf, s in zip(LEAVES, scores, strict=True) if leaf not in away},
            "b": dict.fromkeys(LEAVES, "2.5"),
        },
        "not_applicable": {"a": [leaf for leaf in LEAVES if leaf in away]},
    }


def without(case, leaves):
    """The same case as if these questions had never been asked of anybody."""
    case = copy.deepcopy(case)
    empty = [s for s in "st" if all(f"{s}{at}" in leaves for at in (1, 2, 3))]
    gone = {*leaves, *empty}
    case["nodes"] = [node for node in case["nodes"] if node["id"] not in gone]
    case["criteria"] = [one for one in case["criteria"] if one["id"] not in gone]
    case["scores"] = {
        vendor: {leaf: s for leaf, s in row.items() if leaf not in gone}
        for vendor, row in case["scores"].items()
    }
    del case["not_applicable"]
    return case


def vendor(case, name="a"):
    return next(one for one in run(case).result["vendors"] if one["id"] == name)


cases = st.tuples(
    st.lists(POINTS, min_size=6, max_size=6),
    st.lists(POINTS, min_size=2, max_size=2),
    st.lists(SCORES, min_size=6, max_size=6),
)


@given(cases, st.sets(st.sampled_from(LEAVES), min_size=1, max_size=5))
@settings(max_examples=80, deadline=None)
def test_the_vendor_gets_what_it_would_without_the_question_and_others_what_they_had(parts, away):
    case = two_sections(*parts, away=away)
    found = vendor(case)
    assert float(found["total"]) == pytest.approx(float(vendor(without(case, away))["total"]))
    assert found["missing"] == []
    whole = two_sections(*parts)
    assert vendor(case, "b") == vendor(whole, "b") | {"rank": vendor(case, "b")["rank"],
        "tied_with": vendor(case, "b")["tied_with"]}  # fmt: skip
    nodes = run(case).result["weights"]["nodes"]
    leaves = [float(node["percent_of_total"]) for node in nodes if node["leaf"]]
    assert sum(leaves) == pytest.approx(100), "the published weights stay as they are"


@given(cases, st.sampled_from(LEAVES))
@settings(max_examples=30, deadline=None)
def test_where_one_question_applies_it_decides_everything(parts, left):
    case = two_sections(*parts, away=set(LEAVES) - {left})
    score = float(parts[2][LEAVES.index(left)])
    assert float(vendor(case)["total"]) == pytest.approx(score * 20)


@given(cases)
@settings(max_examples=30, deadline=None)
def test_a_vendor_that_scores_the_same_everywhere_neither_gains_nor_loses(parts):
    weights, sections, _scores = parts
    same = ["3.5"] * 6
    total = vendor(two_sections(weights, sections, same, away={"s1", "t1", "t2", "t3"}))["total"]
    assert float(total) == pytest.approx(70)


def by_hand(**changes):
    """Section s: points 2, 1, 1; section t: 1, 1, 2; the sections 60 and 40 of 100."""
    scores = ("4", "3", "5", "2", "4", "1")
    return two_sections((2, 1, 1, 1, 1, 2), (60, 40), scores, **changes)


def test_a_question_a_section_and_a_blank_by_hand():
    # s2 away: s = (2·4 + 1·5) / 3 of 5; t = (2 + 4 + 2·1) / 4 of 5
    found = vendor(by_hand(away={"s2"}))
    assert float(found["total"]) == pytest.approx(60 * 13 / 15 + 40 * 8 / 20)
    assert float(found["values"]["s2"]) == pytest.approx(13 / 15)
    assert float(found["nodes"]["s"]) == pytest.approx(60 * 13 / 15)
    # all of t away: s alone, one level up
    found = vendor(by_hand(away={"t1", "t2", "t3"}))
    assert float(found["total"]) == pytest.approx(100 * (2 * 4 + 3 + 5) / 20)
    # s2 away and s3 left blank: the blank counts 0 in its section as it does anywhere
    blank = by_hand(away={"s2"})
    blank["scores"]["a"]["s3"] = None
    found = vendor(blank)
    assert found["missing"] == ["s3"]
    assert float(found["total"]) == pytest.approx(60 * 8 / 15 + 16)
    assert float(found["total_high"]) == pytest.approx(60 * 13 / 15 + 16)


def test_blank_cells_keep_the_published_policy():
    blank = by_hand(away={"s2"}, policy="block")
    assert vendor(blank)["admitted"] is True
    blank["scores"]["a"]["s3"] = None
    with pytest.raises(MissingScores) as refused:
        run(blank)
    assert refused.value.path == "scores.a.s3"
    left_out = run(blank | {"missing": "exclude"})
    assert "s3" not in left_out.result["criteria_in_play"]
    assert "s2" in left_out.result["criteria_in_play"], "not applicable to one is no blank"
    found = next(one for one in left_out.result["vendors"] if one["id"] == "a")
    assert float(found["values"]["s2"]) == pytest.approx(4 / 5)


def test_a_record_says_which_cells_were_filled_and_how():
    found = run(by_hand(away={"s2", "t1"}))
    assert found.method["not_applicable"] == "own-weighted-mean"
    assert {"code": "not-applicable-filled", "vendor": "a", "criteria": ["s2", "t1"]} in (
        found.warnings
    )


def test_a_case_without_such_cells_gives_the_bytes_it_always_gave():
    digest = hashlib.sha256(record("rank", example()).to_bytes()).hexdigest()
    assert digest == "8325ee024d43d2dcdca84eace84055c40cc536bef21ccae62da51e5644ea822a"
    plain = record("rank", base()).to_plain()
    with_none = record("rank", base(not_applicable={"a": []})).to_plain()
    assert {**with_none, "case": plain["case"]} == plain


def test_nothing_applicable_is_refused_unless_the_vendor_is_out_anyway():
    everything = by_hand(away=set(LEAVES))
    with pytest.raises(MissingScores, match="Nothing that is scored applies") as refused:
        run(everything)
    assert refused.value.path == "not_applicable.a"
    out = everything | {
        "knockouts": [
            {"vendor": "a", "code": "K", "passed": False},
            {"vendor": "b", "code": "K", "passed": True},
        ]
    }
    assert run(out).result["winners"] == ["b"]


def test_criteria_of_no_weight_fill_nothing():
    case = by_hand(away={"s1", "s3"})
    next(node for node in case["nodes"] if node["id"] == "s2")["weight"] = "0"
    # nothing that weighs is left of s: t alone decides
    assert float(vendor(case)["total"]) == pytest.approx(100 * 8 / 20)


@pytest.mark.parametrize(
    ("given", "path", "sentence"),
    [
        ({"z": ["staff"]}, "not_applicable.z", "Name vendors of the list only."),
        ({"a": ["wages"]}, "not_applicable.a[0]", "Name one of the criteria that are scored"),
        ({"a": ["price"]}, "not_applicable.a[0]", "Name one of the criteria that are scored"),
        ({"a": ["staff"]}, "not_applicable.a[0]", "Leave the score empty"),
        ({"a": "staff"}, "not_applicable.a", "Give a list here."),
    ],
)
def test_what_cannot_be_marked_is_refused_with_its_path(given, path, sentence):
    with pytest.raises(InvalidInput, match=sentence) as refused:
        run(base(not_applicable=given))
    assert refused.value.path == path


def away(**changes):
    case = base(**changes)
    case["scores"]["a"] = {"staff": "4"}
    return case | {"not_applicable": {"a": ["plan"]}}


def test_price_fills_no_question_and_no_question_fills_the_price():
    found = vendor(away())
    # quality 60 · 4/5; price 40 · 0.8
    assert (found["quality"], found["total"]) == ("48", "80")
    assert found["contributions"] == {"staff": "24", "plan": "24", "price": "32"}
    # the price beside the questions, without a group between them
    flat = away()
    flat["nodes"] = [
        {"id": "all", "parent": None, "weight": None, "weights_of_children": "percent"},
        {"id": "staff", "parent": "all", "weight": "30"},
        {"id": "plan", "parent": "all", "weight": "30"},
        {"id": "price", "parent": "all", "weight": "40"},
    ]
    assert vendor(flat)["contributions"] == {"staff": "24", "plan": "24", "price": "32"}
    flat["scores"]["a"] = {}
    flat["not_applicable"]["a"] = ["staff", "plan"]
    with pytest.raises(MissingScores, match="Nothing that is scored applies"):
        run(flat)
    lowest = without_price_leaf("price-per-quality", {})
    lowest["scores"]["a"] = {"staff": "4"}
    lowest["not_applicable"] = {"a": ["plan"]}
    assert vendor(lowest)["total"] == "1.5", "120 for 80 points"


def test_minimums_do_not_ask_what_does_not_apply_and_thresholds_read_what_was_filled():
    case = away(thresholds=[{"on": "quality", "at_least_percent": "80"}])
    case["criteria"][1]["minimum"] = "1"
    assert vendor(case)["admitted"] is True
    case["thresholds"] = [{"on": "quality", "at_least_percent": "81"}]
    assert [one["code"] for one in vendor(case)["reasons"]] == ["below-threshold"]


PANEL = {
    "e": {"a": {"staff": "4"}, "b": {"staff": "3", "plan": "5"}, "c": {"staff": "2", "plan": "1"}},
    "f": {"a": {"staff": "5"}, "b": {"staff": "2", "plan": "4"}, "c": {"staff": "1", "plan": "1"}},
    "g": {"a": {"staff": "3"}, "b": {"staff": "4", "plan": "5"}, "c": {"staff": "1", "plan": "2"}},
}


def test_every_analysis_sees_the_filled_value():
    robust = {"draws": 1000, "seed": 7, "concentration": "60"}
    found = run(away(individual=PANEL, robustness=robust)).result
    full = away(individual=PANEL, robustness=robust)
    full["scores"]["a"]["plan"] = "4"  # what it is filled with
    del full["not_applicable"]
    same = run(full).result
    for name in ("smaa", "weight_intervals", "award_move", "cross_checks", "formula_matrix"):
        assert found[name] == same[name], name
    panel = found["panel"]
    assert panel["influence"]["winners_of_means"] == ["a"]
    assert panel["margin_noise"]["judged"] is True
    # means: A 24 + 24 filled + 32, B 18 + 28 + 20
    assert float(panel["influence"]["margin"]) == pytest.approx(14)
    one = panel["influence"]["one_score"]
    assert one is None or (one["vendor"], one["criterion"]) != ("a", "plan")
    cell = next(c for c in panel["cells"] if (c["vendor"], c["criterion"]) == ("a", "plan"))
    assert (cell["scores"], cell["agreed"]) == (0, None)


@given(cases, st.sets(st.sampled_from(LEAVES[:3]), min_size=1, max_size=2))
@settings(max_examples=30, deadline=None)
def test_no_answer_left_out_helps_a_vendor_beyond_its_own_mean_of_the_section(parts, gone):
    """The bound of any gain: what is filled never passes the best score left in the section."""
    assume(gone < set(LEAVES[:3]))
    found = vendor(two_sections(*parts, away=gone))
    kept = [
        float(score) / 5
        for leaf, score in zip(LEAVES[:3], parts[2][:3], strict=True)
        if leaf not in gone
    ]
    for leaf in gone:
        assert min(kept) - 1e-9 <= float(found["values"][leaf]) <= max(kept) + 1e-9
