"""Erlang B, C and A: identities, limits, and the least number of agents."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.engine.errors import (
    ConventionRequired,
    InfeasibleTarget,
    InvalidInput,
    UnstableQueue,
)
from apps.engine.pricing import erlang
from apps.engine.pricing.erlang import ServiceLevel

OFFERED = ServiceLevel.OFFERED
loads = st.floats(0.01, 400)
waits = st.sampled_from([0.0, 5.0, 20.0, 60.0, 600.0])
handle_times = st.floats(20, 1800)


def c(load, agents, **options):
    options = {"aht_s": 300, "target_s": 20, "sl_definition": OFFERED, **options}
    return erlang.c(load, agents, **options)


def a(load, agents, **options):
    options = {
        "aht_s": 300,
        "target_s": 20,
        "patience_s": 120,
        "sl_definition": OFFERED,
        **options,
    }
    return erlang.a(load, agents, **options)


# Erlang B


@given(st.floats(0.01, 2000), st.integers(0, 2000))
def test_the_gamma_form_of_erlang_b_is_its_recursion(load, lines):
    assert float(erlang.b(load, lines)) == pytest.approx(
        erlang.b_recursive(load, lines), rel=1e-9, abs=1e-300
    )


@pytest.mark.parametrize(("load", "lines"), [(25_100, 20_100), (25_100, 25_100), (9_000, 10)])
def test_erlang_b_holds_for_large_centres_and_deep_overload(load, lines):
    assert float(erlang.b(load, lines)) == pytest.approx(erlang.b_recursive(load, lines), rel=3e-11)


@given(loads, st.floats(0, 500))
def test_blocking_is_a_share_and_falls_with_lines(load, lines):
    few, more = float(erlang.b(load, lines)), float(erlang.b(load, lines + 0.5))
    assert 0 <= more <= few <= 1


def test_erlang_b_broadcasts_and_nobody_calling_is_never_blocked():
    table = erlang.b(np.array([0.0, 1.0])[:, None], np.array([1, 2]))
    assert table == pytest.approx(np.array([[0, 0], [0.5, 0.2]]))


@pytest.mark.parametrize(("load", "lines"), [(-1, 1), (1, -1), (math.nan, 1), (1, math.inf)])
def test_figures_that_are_none_are_refused(load, lines):
    with pytest.raises(InvalidInput):
        erlang.b(load, lines)


@given(st.floats(0.01, 800), st.floats(0.0001, 0.9999))
def test_lines_are_the_least_that_block_no_more_than_the_target(load, target):
    lines = int(erlang.lines(load, target))
    assert float(erlang.b(load, lines)) <= target * (1 + 1e-9)
    assert lines == 0 or float(erlang.b(load, lines - 1)) > target


def test_no_load_needs_no_lines_and_no_blocking_cannot_be_had():
    assert erlang.lines([0, 5], [0, 0.01]).tolist() == [0, 11]
    with pytest.raises(InfeasibleTarget):
        erlang.lines(5, 0)
    with pytest.raises(InvalidInput):
        erlang.lines(5, 1.5)


@given(st.integers(1, 2000), st.floats(1e-9, 0.99))
def test_the_load_of_some_lines_blocks_exactly_the_target(lines, target):
    assert float(erlang.b(erlang.load(lines, target), lines)) == pytest.approx(target, rel=1e-6)


@pytest.mark.parametrize("target", [0, 1])
def test_a_load_needs_a_target_between_the_ends(target):
    with pytest.raises(InfeasibleTarget):
        erlang.load(10, target)


@given(loads, st.integers(1, 500), st.floats(0, 1))
def test_retries_make_the_offered_load_larger_than_the_fresh_one(load, lines, retry):
    fresh = float(erlang.extended_b(load, lines, retry))
    assert fresh <= load
    assert fresh == pytest.approx(load * (1 - retry * float(erlang.b(load, lines))))
    assert float(erlang.extended_b(load, lines, 0)) == load


# Erlang C


@given(loads, st.floats(0.01, 60), waits, handle_times)
def test_erlang_c_stays_in_its_bounds_and_above_erlang_b(load, spare, wait, aht):
    queue = c(load, load + spare, aht_s=aht, target_s=wait)
    waiting = float(queue.wait_probability)
    assert 0 <= waiting <= 1 + 1e-12
    assert waiting >= float(erlang.b(load, load + spare)) - 1e-12
    assert -1e-12 <= float(queue.service_level) <= 1
    assert float(queue.occupancy) == pytest.approx(load / (load + spare))
    assert float(queue.abandonment) == 0


@given(loads, st.floats(0.01, 60), waits)
def test_more_agents_and_more_time_never_lower_the_service_level(load, spare, wait):
    level = float(c(load, load + spare, target_s=wait).service_level)
    assert float(c(load, load + spare + 1, target_s=wait).service_level) >= level - 1e-12
    assert float(c(load, load + spare, target_s=wait + 10).service_level) >= level - 1e-12


@given(st.floats(0.5, 50), st.integers(1, 20))
def test_the_mean_wait_satisfies_littles_law(load, spare):
    """Queue length = arrival rate times wait; the length from the chain's own distribution."""
    agents = math.floor(load) + spare
    assume(agents - load > 1e-3)
    queue = c(load, agents)
    busy = load / agents
    length = float(queue.wait_probability) * busy / (1 - busy)
    assert length == pytest.approx(load / 300 * float(queue.asa_s), rel=1e-9)


def test_without_a_wait_the_level_is_the_share_answered_at_once():
    queue = c(20, 25, target_s=0)
    assert float(queue.service_level) == pytest.approx(1 - float(queue.wait_probability))


def test_too_few_agents_raise_or_give_the_limits():
    with pytest.raises(UnstableQueue):
        c(10, 10)
    queue = c([10, 10, 0], [10, 0, 0], bounds=True)
    assert queue.service_level.tolist() == [0, 0, 1]
    assert queue.asa_s.tolist() == [math.inf, math.inf, 0]
    assert queue.occupancy.tolist() == [1, 1, 0]
    assert queue.wait_probability.tolist() == [1, 1, 0]


def test_the_definition_of_the_service_level_has_to_be_named():
    for call in (c, a):
        with pytest.raises(ConventionRequired):
            call(10, 12, sl_definition=None)
        with pytest.raises(ConventionRequired):
            call(10, 12, sl_definition="offered")


# Erlang A


@given(st.floats(0.5, 300), st.floats(0.3, 1.5), st.floats(5, 2000), waits)
@settings(max_examples=200)
def test_erlang_a_stays_in_its_bounds(load, cover, patience, wait):
    queue = a(load, max(load * cover, 0.5), patience_s=patience, target_s=wait)
    for share in (
        queue.wait_probability,
        queue.service_level,
        queue.abandonment,
        queue.occupancy,
    ):
        assert -1e-9 <= float(share) <= 1 + 1e-9
    assert float(queue.asa_s) == pytest.approx(float(queue.abandonment) * patience)


def chain(load, agents, patience_ratio, states=6000):
    """The stationary law of the birth-death chain, states above `agents` are waiting callers."""
    k = np.arange(1, states)
    leaving = np.where(k <= agents, k, agents + (k - agents) / patience_ratio)
    log = np.concatenate([[0.0], np.cumsum(np.log(load) - np.log(leaving))])
    law = np.exp(log - log.max())
    return law / law.sum()


@given(st.floats(0.5, 200), st.floats(0.5, 1.4), st.floats(0.05, 20))
@settings(max_examples=60)
def test_erlang_a_is_the_birth_death_chain(load, cover, ratio):
    agents = max(1, round(load * cover))
    law = chain(load, agents, ratio)
    waiting = np.arange(len(law)) - agents
    queue = a(load, agents, patience_s=300 * ratio)
    assert float(queue.wait_probability) == pytest.approx(law[waiting >= 0].sum(), abs=1e-9)
    lost = (law * np.maximum(waiting, 0)).sum() / ratio / load
    assert float(queue.abandonment) == pytest.approx(lost, abs=1e-9)
    served = (law * np.minimum(np.arange(len(law)), agents)).sum() / agents
    assert float(queue.occupancy) == pytest.approx(served, abs=1e-9)


@pytest.mark.parametrize(("load", "agents", "patience"), [(20, 22, 120), (50, 40, 60), (5, 9, 900)])
def test_the_closed_form_of_the_service_level_is_the_integral_of_the_wait(load, agents, patience):
    """Density of the virtual wait v, from the states at arrival: proportional to
    exp(-agents·v/AHT)·exp(load·patience/AHT·(1 - e^(-v/patience))) (Baccelli and Hebuterne 1981)."""
    aht, target = 300.0, 20.0
    queue = a(load, agents, patience_s=patience, target_s=target)
    v = np.linspace(0, 100 * target, 800_001)  # the target lies on a node
    y = load * patience / aht
    log = -agents * v / aht + y * -np.expm1(-v / patience)
    density = np.exp(log - log.max())
    step = v[1] - v[0]
    density /= (density.sum() - (density[0] + density[-1]) / 2) * step
    within = v <= target + 1e-9
    alive = density * np.exp(-v / patience)
    answered = (alive[within].sum() - (alive[0] + alive[within][-1]) / 2) * step
    waits = float(queue.wait_probability)
    assert float(queue.service_level) == pytest.approx(1 - waits + waits * answered, abs=1e-6)


@given(st.floats(0.5, 100), st.integers(1, 15), waits)
def test_endless_patience_makes_erlang_a_erlang_c(load, spare, wait):
    agents = math.floor(load) + spare
    assume(agents - load > 0.05)
    patient, endless = (
        c(load, agents, target_s=wait),
        a(load, agents, target_s=wait, patience_s=1e12),
    )
    assert float(endless.service_level) == pytest.approx(float(patient.service_level), abs=1e-6)
    assert float(endless.wait_probability) == pytest.approx(
        float(patient.wait_probability), abs=1e-6
    )


def test_the_three_definitions_differ_once_callers_abandon():
    offered, answered, less_short = (
        float(a(20, 20, sl_definition=named).service_level) for named in ServiceLevel
    )
    abandoned = float(a(20, 20).abandonment)
    assert answered == pytest.approx(offered / (1 - abandoned))
    assert offered < less_short < answered


def test_far_below_capacity_erlang_a_keeps_its_range():
    """P(x, y) underflows here: 400 agents for a load of 2 with a long patience."""
    queue = a(2, 400, patience_s=3000)
    assert float(queue.service_level) == pytest.approx(1)
    assert float(queue.abandonment) == pytest.approx(0, abs=1e-12)
    empty = a(0, 3)
    assert float(empty.service_level) == 1
    assert float(empty.occupancy) == 0


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -1.0])
def test_one_odd_figure_among_many_is_refused(odd):
    with pytest.raises(InvalidInput, match="the load"):
        erlang.b([1.0, odd, 2.0], 5)
