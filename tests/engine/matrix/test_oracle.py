"""The engine in floats against the same rule in exact fractions."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.matrix.case import run
from tests.engine.matrix.cases import BASE, base
from tests.engine.matrix.oracle import award

POINT_FORMULAE = [
    "absolute-linear",
    "lowest-over-price",
    "linear-on-lowest",
    "min-max",
    "mean-reference",
    "median-reference",
    "rank",
]
scores = st.one_of(st.none(), st.integers(0, 20).map(lambda k: str(Decimal(k) / 4)))
prices = st.integers(5_000, 25_000).map(lambda cents: str(Decimal(cents) / 100))


@st.composite
def tenders(draw, formula):
    names = [f"v{i}" for i in range(draw(st.integers(1, 6)))]
    price, staff = draw(st.integers(1, 99)), draw(st.integers(0, 50))
    nodes = [
        BASE["nodes"][0],
        BASE["nodes"][1] | {"weight": str(100 - price), "weights_of_children": "points"},
        BASE["nodes"][2] | {"weight": str(staff)},
        BASE["nodes"][3] | {"weight": "7"},
        BASE["nodes"][4] | {"weight": str(price)},
    ]
    lower = BASE["criteria"][1] | {"direction": "lower"}
    return base(
        nodes=nodes,
        criteria=[BASE["criteria"][0], lower],
        vendors=[{"id": name, "name": name} for name in names],
        scores={name: {"staff": draw(scores), "plan": draw(scores)} for name in names},
        price={
            "criterion": "price",
            "formula": formula,
            "params": {"cap": "200", "floor": "100"} if formula == "absolute-linear" else {},
            "currency": "EUR",
            "prices": {name: draw(prices) for name in names},
        },
    )


@pytest.mark.parametrize("formula", POINT_FORMULAE)
@settings(max_examples=25)
@given(st.data())
def test_totals_and_places_equal_exact_arithmetic(formula, data):
    case = data.draw(tenders(formula))
    totals, places = award(case)
    for one in run(case).result["vendors"]:
        assert Decimal(one["total"]) == totals[one["id"]]
        assert one["rank"] == places[one["id"]]
