"""A tree is accepted exactly where evidence reaches all of it: checked by trying everything."""

from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from apps.engine.decision.facts import FACTS
from apps.engine.decision.regions import pieces
from apps.engine.decision.tree import parse
from apps.engine.errors import InvalidInput
from tests.engine.decision.planting import node, plant

QUESTIONS = (
    ("build.able", {}),
    ("readiness.score", {"at_least": "60"}),
    ("readiness.score", {"above": "60"}),
    ("readiness.score", {"at_most": "40"}),
    ("readiness.band", {"is": "ready"}),
)


@st.composite
def small_trees(draw):
    """Trees of up to five nodes; a node leads to later nodes or to a leaf."""
    size = draw(st.integers(1, 5))
    nodes = {}
    for place in range(size):
        ask, check = draw(st.sampled_from(QUESTIONS))
        targets = [f"n{later}" for later in range(place + 1, size)] + ["left", "right"]
        routes = draw(st.tuples(*[st.sampled_from(targets)] * 2))
        more = {"missing": draw(st.sampled_from(targets))} if draw(st.booleans()) else {}
        nodes[f"n{place}"] = node(ask, *routes, **check, **more)
    return plant("n0", nodes, ("left", "right"))


def tried(raw):
    """Branches and places that some evidence reaches, by walking with all of it."""
    facts = [FACTS[slug] for slug in ("build.able", "readiness.score", "readiness.band")]
    limits = [Decimal(40), Decimal(60)]
    values = [[None, *(piece.sample for piece in pieces(fact, limits))] for fact in facts]
    branches, places = set(), {"n0"}
    for combination in product(*values):
        known = dict(zip((fact.slug for fact in facts), combination, strict=True))
        place = "n0"
        while place in raw["nodes"]:
            answer = answered(raw["nodes"][place], known)
            branches.add((place, answer))
            place = raw["nodes"][place].get(answer)
            places.add(place)
    return branches, places - {None}


def answered(raw, known):
    value = known[raw["ask"]]
    if value is None:
        return "missing"
    checks = {
        "at_least": lambda limit: value >= Decimal(limit),
        "above": lambda limit: value > Decimal(limit),
        "at_most": lambda limit: value <= Decimal(limit),
        "is": lambda limit: value == limit,
    }
    passed = [check(raw[name]) for name, check in checks.items() if name in raw] or [value]
    return "yes" if passed[0] else "no"


@given(raw=small_trees())
def test_a_tree_is_accepted_exactly_where_all_of_it_can_be_reached(raw):
    branches, places = tried(raw)
    wanted = {
        (slug, answer)
        for slug, entry in raw["nodes"].items()
        for answer in ("yes", "no", "missing")
        if answer in entry
    }
    whole = wanted <= branches and places == {*raw["nodes"], *raw["leaves"]}
    try:
        parse(raw)
    except InvalidInput:
        assert not whole
    else:
        assert whole
