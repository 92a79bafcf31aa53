import pytest

from apps.engine.errors import InvalidInput
from apps.engine.matrix.rule_input import findings, read
from tests.engine.matrix.cases import BASE

RULE = {
    "method": "weighted-sum",
    "missing": "zero",
    "award_decimals": 9,
    "tie_break": [{"by": "price"}],
    "nodes": BASE["nodes"],
    "criteria": BASE["criteria"],
    "thresholds": [{"on": "quality", "at_least_percent": "50"}],
    "price": {
        "criterion": "price",
        "formula": "absolute-linear",
        "params": {"cap": "200", "floor": "100"},
        "currency": "EUR",
        "decimals": 2,
    },
}


def weights(*changes):
    changed = dict(changes)
    return [node | {"weight": changed.get(node["id"], node["weight"])} for node in BASE["nodes"]]


def test_a_rule_is_linted_from_the_names_of_a_case():
    assert findings(RULE, 1) == [
        {
            "code": "price-points-rounded",
            "severity": "warning",
            "where": "absolute-linear",
            "facts": {"decimals": "2"},
        },
        {
            "code": "needs-cost-estimate",
            "severity": "note",
            "where": "absolute-linear",
            "facts": {},
        },
    ]


def test_price_carries_the_points_of_its_leaf():
    assert read(RULE).price.points == 40
    below = [
        *BASE["nodes"][:4],
        {"id": "money", "parent": "all", "weight": "40", "weights_of_children": "points"},
        {"id": "price", "parent": "money", "weight": "1"},
        {"id": "fees", "parent": "money", "weight": "3"},
    ]
    criteria = [*BASE["criteria"], {"id": "fees", "scale": ["0", "5"], "direction": "higher"}]
    assert read(RULE | {"nodes": below, "criteria": criteria}).price.points == pytest.approx(10)


def test_wrong_weights_are_read_and_found():
    rule = RULE | {"nodes": weights(("price", "30"))}
    assert read(rule).price.points == pytest.approx(100 / 3)
    assert findings(rule, 1)[0]["code"] == "weights-miss-100"
    unnamed = [node | {"weights_of_children": None} for node in BASE["nodes"]]
    assert read(RULE | {"nodes": unnamed}).price.points == pytest.approx(40)
    nothing = RULE | {"nodes": weights(("price", "0"), ("quality", "0"))}
    assert read(nothing).price.points == 100
    lost = [*BASE["nodes"][:4], BASE["nodes"][4] | {"parent": "x"}]
    circle = [
        *BASE["nodes"][:4],
        {"id": "x", "parent": "y", "weight": "1", "weights_of_children": "points"},
        {"id": "y", "parent": "x", "weight": "1", "weights_of_children": "points"},
        BASE["nodes"][4] | {"parent": "x"},
    ]
    for nodes in (lost, circle):
        assert "tree-broken" in [one["code"] for one in findings(RULE | {"nodes": nodes}, 1)]


def test_a_rule_without_price_points_has_no_price_leaf():
    block = {"formula": "monetised-quality", "params": {"money_per_point": "5"}}
    rule = read(RULE | {"nodes": BASE["nodes"], "price": block, "criteria": BASE["criteria"]})
    assert rule.price.formula.slug == "monetised-quality"
    assert not any(one.priced for one in rule.criteria)
    plain = {name: value for name, value in RULE.items() if name not in {"price", "award_decimals"}}
    assert read(plain).price is None
    assert read(plain).award_decimals == 9


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"vendors": []}, "vendors"),
        ({"thresholds": [{"on": "x", "at_least_percent": "5"}]}, "thresholds[0].on"),
        ({"price": RULE["price"] | {"criterion": "all"}}, "price.criterion"),
        ({"criteria": [{"id": "price"}]}, "criteria[0].id"),
    ],
)
def test_a_rule_that_cannot_be_read_names_the_field(change, path):
    with pytest.raises(InvalidInput) as raised:
        read(RULE | change)
    assert raised.value.path == path
