"""A wrong case gets one sentence with the path of the field."""

import pytest

from apps.engine.errors import (
    ConventionRequired,
    InvalidInput,
    MissingScores,
    WeightsError,
)
from apps.engine.matrix.case import run
from tests.engine.matrix.cases import BASE, base

WRONG = [
    ({"method": "topsis"}, "method", InvalidInput),
    ({"method": None}, "method", ConventionRequired),
    ({"missing": None}, "missing", ConventionRequired),
    ({"colour": "red"}, "colour", InvalidInput),
    ({"award_decimals": "13"}, "award_decimals", InvalidInput),
    ({"nodes": BASE["nodes"][:1]}, "nodes", InvalidInput),
    ({"nodes": [*BASE["nodes"], BASE["nodes"][1]]}, "nodes[5].id", InvalidInput),
    ({"price": BASE["price"] | {"criterion": "cost"}}, "price.criterion", InvalidInput),
    (
        {"nodes": [*BASE["nodes"][:4], BASE["nodes"][4] | {"weight": "39"}]},
        "nodes[0]",
        WeightsError,
    ),
    ({"nodes": [*BASE["nodes"][:4], BASE["nodes"][4] | {"parent": "x"}]}, "nodes[4]", InvalidInput),
    ({"nodes": [*BASE["nodes"], BASE["nodes"][0] | {"id": "two"}]}, "nodes", InvalidInput),
    (
        {"nodes": [*BASE["nodes"][:4], BASE["nodes"][4] | {"id": "p q"}]},
        "nodes[4].id",
        InvalidInput,
    ),
    ({"criteria": BASE["criteria"][:1]}, "criteria", InvalidInput),
    ({"criteria": [*BASE["criteria"], BASE["criteria"][0]]}, "criteria[2].id", InvalidInput),
    ({"criteria": [{"id": "price"}]}, "criteria[0].id", InvalidInput),
    (
        {"criteria": [BASE["criteria"][0] | {"scale": ["5", "0"]}, BASE["criteria"][1]]},
        "criteria[0].scale",
        InvalidInput,
    ),
    (
        {"criteria": [BASE["criteria"][0] | {"direction": None}, BASE["criteria"][1]]},
        "criteria[0].direction",
        ConventionRequired,
    ),
    (
        {
            "criteria": [
                BASE["criteria"][0] | {"value_function": [["0", "0"], ["0", "1"]]},
                BASE["criteria"][1],
            ]
        },
        "criteria[0].value_function",
        InvalidInput,
    ),
    ({"vendors": [*BASE["vendors"], BASE["vendors"][0]]}, "vendors[3].id", InvalidInput),
    ({"vendors": [{"id": "a"}]}, "vendors[0].name", InvalidInput),
    ({"scores": {"x": {}}}, "scores.x", InvalidInput),
    ({"scores": {"a": {"speed": "1"}}}, "scores.a.speed", InvalidInput),
    ({"scores": {"a": {"price": "1"}}}, "scores.a.price", InvalidInput),
    ({"scores": {"a": {"staff": "6"}}}, "scores.a.staff", InvalidInput),
    ({"scores": {"a": {"staff": 4.5}}}, "scores.a.staff", InvalidInput),
    (
        {"knockouts": [{"vendor": "x", "code": "k", "passed": True}]},
        "knockouts[0].vendor",
        InvalidInput,
    ),
    (
        {"knockouts": [{"vendor": "a", "code": "k", "passed": "yes"}]},
        "knockouts[0].passed",
        InvalidInput,
    ),
    ({"thresholds": [{"on": "all", "at_least_percent": "50"}]}, "thresholds[0].on", InvalidInput),
    (
        {"thresholds": [{"on": "staff", "at_least_percent": "101"}]},
        "thresholds[0].at_least_percent",
        InvalidInput,
    ),
    ({"tie_break": [{"by": "node", "id": "x"}]}, "tie_break[0].id", InvalidInput),
    ({"price": BASE["price"] | {"formula": "cheapest"}}, "price.formula", InvalidInput),
    ({"price": BASE["price"] | {"currency": "euro"}}, "price.currency", InvalidInput),
    ({"price": BASE["price"] | {"params": {"cap": "1"}}}, "price.params.floor", InvalidInput),
    ({"price": BASE["price"] | {"params": {"top": "1"}}}, "price.params.top", InvalidInput),
    ({"price": BASE["price"] | {"prices": {"x": "1"}}}, "price.prices.x", InvalidInput),
    ({"price": BASE["price"] | {"prices": {"a": "-1"}}}, "price.prices.a", InvalidInput),
    (
        {"price": BASE["price"] | {"formula": "price-per-quality", "params": None}},
        "price.criterion",
        InvalidInput,
    ),
    (
        {"robustness": {"draws": "10", "seed": 1, "concentration": "60"}},
        "robustness.draws",
        InvalidInput,
    ),
    ({"individual": {}}, "individual", MissingScores),
    ({"individual": {"e 1": {}}}, "individual.e 1", InvalidInput),
]


@pytest.mark.parametrize(
    ("change", "path", "kind"), WRONG, ids=lambda x: x if isinstance(x, str) else ""
)
def test_a_wrong_case_gets_one_sentence_with_the_path_of_the_field(change, path, kind):
    with pytest.raises(kind) as raised:
        run(base(**change))
    assert raised.value.path == path
    assert raised.value.sentence.endswith(".")
