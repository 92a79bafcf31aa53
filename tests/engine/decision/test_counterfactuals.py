"""Changing exactly what a walk names flips its outcome, and nothing smaller does."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.engine.decision.evidence import Shown
from apps.engine.decision.facts import FACTS, Kind
from apps.engine.decision.tree import parse
from apps.engine.decision.walk import Direction, flips, regions, walk
from tests.engine.decision.planting import TREES, shipped

TINY = Decimal("0.000000000001")
SHIPPED = {file.stem: parse(shipped(file.stem)) for file in TREES}


def some_value(fact):
    match fact.kind:
        case Kind.FLAG:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from(fact.options)
        case _:
            low = -2 if fact.minimum is None else fact.minimum
            high = low + 120 if fact.maximum is None else fact.maximum
            return st.decimals(low, high, places=0 if fact.whole else 3)


@st.composite
def evidence_for(draw, tree):
    facts = {node.fact.slug: node.fact for node in tree.nodes.values()}
    shown = {}
    for slug, fact in sorted(facts.items()):
        if draw(st.integers(0, 9)):
            shown[slug] = Shown(fact=fact, value=draw(some_value(fact)), source="random")
    return shown


def ends(tree, evidence, fact, value):
    shown = Shown(fact=fact, value=value, source="random")
    return walk(tree, {**evidence, fact.slug: shown}).recommendation


@pytest.mark.parametrize("name", SHIPPED)
@given(data=st.data())
def test_changing_exactly_what_is_named_flips_the_outcome_and_nothing_smaller_does(name, data):
    tree = SHIPPED[name]
    evidence = data.draw(evidence_for(tree))
    outcome = walk(tree, evidence)
    for flip in flips(tree, evidence, outcome):
        fact, value = flip.shown.fact, flip.shown.value
        if flip.distance is None:
            assert ends(tree, evidence, fact, flip.to) == flip.walk.recommendation
            continue
        away = 1 if flip.direction is Direction.UP else -1
        reached = flip.to + away * TINY if flip.strict else flip.to
        assert ends(tree, evidence, fact, reached) == flip.walk.recommendation
        assert flip.walk.recommendation != outcome.recommendation
        for share in (Decimal("0.25"), Decimal("0.5"), Decimal("0.999")):
            between = value + (flip.to - value) * share
            if not fact.whole or between == int(between):
                assert ends(tree, evidence, fact, between) == outcome.recommendation
        if flip.strict:
            assert ends(tree, evidence, fact, flip.to) == outcome.recommendation


@pytest.mark.parametrize("name", SHIPPED)
@given(data=st.data())
def test_a_fact_without_a_flip_can_take_any_value(name, data):
    tree = SHIPPED[name]
    evidence = data.draw(evidence_for(tree))
    outcome = walk(tree, evidence)
    flipping = {flip.shown.fact.slug for flip in flips(tree, evidence, outcome)}
    settled = sorted(set(evidence) - flipping)
    assume(settled)
    fact = evidence[data.draw(st.sampled_from(settled))].fact
    assert ends(tree, evidence, fact, data.draw(some_value(fact))) == outcome.recommendation


@given(data=st.data())
def test_regions_cover_the_scale_and_neighbours_end_differently(data):
    tree = SHIPPED["outsourcing"]
    evidence = data.draw(evidence_for(tree))
    fact = FACTS["readiness.score"]
    found = regions(tree, evidence, fact)
    value = data.draw(some_value(fact))
    (here,) = [region for region in found if region.holds(value)]
    assert ends(tree, evidence, fact, value) == here.walk.recommendation
    outcomes = [region.walk.recommendation for region in found]
    assert all(one != other for one, other in pairwise(outcomes))
