"""Against pyworkforce 0.5.1 on random inputs; where it differs, its known bugs are named."""

import math

import numpy as np
import pytest
from pyworkforce.queuing import ErlangC

from apps.engine.numbers import ceil_div
from apps.engine.pricing import erlang
from apps.engine.pricing.erlang import ServiceLevel

INTERVAL_MIN = 30


def theirs(load, aht_s, target_s, shrinkage=0.0):
    return ErlangC(
        transactions=load * INTERVAL_MIN * 60 / aht_s,
        aht=aht_s / 60,
        interval=INTERVAL_MIN,
        asa=target_s / 60,
        shrinkage=shrinkage,
    )


def cases(size, seed, largest=120.0):
    rng = np.random.default_rng(seed)
    for _ in range(size):
        yield (
            float(rng.uniform(0.1, largest)),
            float(rng.uniform(60, 900)),
            float(rng.choice([5, 20, 60])),
            float(rng.uniform(0.05, 0.97)),
        )


def test_service_level_and_wait_agree_for_the_same_agents():
    for load, aht, target, _ in cases(300, seed=1):
        agents = math.floor(load) + 1 + int(load) % 7
        queue = erlang.c(
            load, agents, aht_s=aht, target_s=target, sl_definition=ServiceLevel.OFFERED
        )
        peer = theirs(load, aht, target)
        assert float(queue.service_level) == pytest.approx(peer.service_level(agents), abs=1e-9)
        assert float(queue.wait_probability) == pytest.approx(
            peer.waiting_probability(agents), abs=1e-9
        )


def test_agents_agree_except_where_the_peer_starts_its_search_too_high():
    """pyworkforce starts at round(load + 1): a load of x.5 or more skips floor(load) + 1."""
    differing = 0
    for load, aht, target, sl in [*cases(400, seed=2), *cases(200, seed=3, largest=3)]:
        ours = int(erlang.agents(load, aht_s=aht, sl=sl, target_s=target))
        peer = theirs(load, aht, target).required_positions(service_level=sl)["raw_positions"]
        if ours == peer:
            continue
        differing += 1
        assert peer == round(load + 1) > ours
        level = erlang.c(
            load, ours, aht_s=aht, target_s=target, sl_definition=ServiceLevel.OFFERED
        ).service_level
        assert float(level) >= sl
    assert differing > 0


def test_the_peer_asks_for_two_agents_where_one_is_enough():
    peer = theirs(0.5, 300, 0.001).required_positions(service_level=0.5)["raw_positions"]
    assert peer == 2
    assert int(erlang.agents(0.5, aht_s=300, sl=0.5, target_s=0.001)) == 1


def test_the_peer_adds_an_agent_where_a_float_quotient_is_whole():
    """21 of 30 scheduled agents are available at 30 %; ceil(21/(1 - 0.3)) is 31 in floats."""
    assert math.ceil(21 / (1 - 0.3)) == 31
    assert ceil_div(21, 1 - 0.3) == 30
    wrong = [
        (agents, percent)
        for agents in range(1, 201)
        for percent in range(1, 60)
        if math.ceil(agents / (1 - percent / 100)) != -(-agents * 100 // (100 - percent))
    ]
    assert (21, 30) in wrong
    assert all(
        ceil_div(agents, 1 - percent / 100) == -(-agents * 100 // (100 - percent))
        for agents, percent in wrong
    )


def test_the_peer_raises_where_nobody_calls():
    with pytest.raises(ValueError, match="transactions"):
        ErlangC(transactions=0, aht=3, interval=30, asa=0.3)
    assert int(erlang.agents(0, aht_s=180, sl=0.8, target_s=20)) == 0


def test_the_peer_raises_where_callers_must_be_answered_at_once():
    with pytest.raises(ValueError, match="asa"):
        ErlangC(transactions=100, aht=3, interval=30, asa=0)
    assert int(erlang.agents(10, aht_s=180, sl=0.8, target_s=0)) == 14
