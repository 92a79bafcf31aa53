"""Groups below the parts of the whole, as in quality and price over sections over questions."""

from apps.engine import cases


def nested() -> dict[str, object]:
    """Quality 60 in two sections of one question each, price-like part 40; x leads y 56 to 50, z has none."""
    return {
        "method": "weighted-sum",
        "missing": "zero",
        "nodes": [
            {"id": "total", "weights_of_children": "percent"},
            {"id": "quality", "parent": "total", "weight": "60", "weights_of_children": "percent"},
            {"id": "rest", "parent": "total", "weight": "40"},
            {
                "id": "section:1",
                "parent": "quality",
                "weight": "50",
                "weights_of_children": "points",
            },
            {
                "id": "section:2",
                "parent": "quality",
                "weight": "50",
                "weights_of_children": "points",
            },
            {"id": "1.01", "parent": "section:1", "weight": "3"},
            {"id": "2.01", "parent": "section:2", "weight": "7"},
        ],
        "criteria": [
            {"id": name, "scale": ["0", "10"], "direction": "higher"}
            for name in ("rest", "1.01", "2.01")
        ],
        "vendors": [{"id": name, "name": name.upper()} for name in "xyz"],
        "scores": {
            "x": {"rest": "5", "1.01": "10", "2.01": "2"},
            "y": {"rest": "5", "1.01": "5", "2.01": "5"},
            "z": {"rest": "0", "1.01": "0", "2.01": "0"},
        },
    }


def test_a_group_inside_a_part_has_its_own_interval_of_weights():
    """Gap over t, the weight of section 1: 0.5 t - (9/70) (1 - t) is 0 at t = 9/44."""
    found = cases.run("rank", nested()).to_plain()["result"]["weight_intervals"]["nodes"]
    assert [row["id"] for row in found] == ["quality", "rest", "section:1", "section:2"]
    assert found[2] == {
        "id": "section:1",
        "weight": "30",
        "low": "20.454545455",
        "high": "100",
        "wins_below": "y",
        "wins_above": None,
    }


def test_a_group_with_one_question_has_the_interval_of_that_question():
    found = cases.run("rank", nested()).to_plain()["result"]["weight_intervals"]
    alone = {row["id"]: row for row in found["criteria"]}
    groups = {row["id"]: row for row in found["nodes"]}
    for group, question in (("section:1", "1.01"), ("section:2", "2.01")):
        assert {**groups[group], "id": question} == alone[question]


def test_a_group_that_carries_all_the_weight_has_no_interval():
    case = nested()
    case["nodes"] = [
        {"id": "total", "weights_of_children": "percent"},
        {"id": "quality", "parent": "total", "weight": "100", "weights_of_children": "percent"},
        {"id": "rest", "parent": "total", "weight": "0"},
        {"id": "section:1", "parent": "quality", "weight": "100", "weights_of_children": "points"},
        {"id": "section:2", "parent": "quality", "weight": "0", "weights_of_children": "points"},
        {"id": "1.01", "parent": "section:1", "weight": "3"},
        {"id": "2.01", "parent": "section:2", "weight": "7"},
    ]
    found = cases.run("rank", case).to_plain()["result"]["weight_intervals"]["nodes"]
    assert [(row["id"], row["low"], row["high"]) for row in found] == [
        ("quality", None, None),
        ("rest", "0", "100"),
        ("section:1", None, None),
    ]
