"""The least number of agents that a target needs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.errors import (
    ConventionRequired,
    InfeasibleTarget,
    InvalidInput,
    ScaleError,
)
from apps.engine.pricing import erlang
from apps.engine.pricing.erlang import Model, ServiceLevel

OFFERED = ServiceLevel.OFFERED
loads = st.floats(0.01, 400)
targets = st.floats(0.01, 0.995)
waits = st.sampled_from([0.0, 5.0, 20.0, 60.0, 600.0])
handle_times = st.floats(20, 1800)


def meets(load, agents, sl, wait, aht, ceiling):
    if agents <= load:
        return False
    queue = erlang.c(load, agents, aht_s=aht, target_s=wait, sl_definition=OFFERED)
    return float(queue.service_level) >= sl - 1e-12 and load / agents <= ceiling + 1e-9


@given(loads, targets, waits, handle_times, st.floats(0.5, 1))
@settings(max_examples=400)
def test_agents_are_the_least_that_meet_the_target(load, sl, wait, aht, ceiling):
    agents = int(erlang.agents(load, aht_s=aht, sl=sl, target_s=wait, max_occupancy=ceiling))
    assert meets(load, agents, sl, wait, aht, ceiling)
    assert not meets(load, agents - 1, sl, wait, aht, ceiling)


@given(st.floats(1, 150), st.floats(0.1, 0.95), st.floats(20, 900), st.floats(0.005, 1))
@settings(max_examples=60)
def test_agents_by_erlang_a_are_the_least_too(load, sl, patience, most_lost):
    options = {"aht_s": 300, "target_s": 20, "patience_s": patience, "sl_definition": OFFERED}
    agents = int(
        erlang.agents(load, sl=sl, model=Model.ERLANG_A, max_abandonment=most_lost, **options)
    )

    def enough(number):
        queue = erlang.a(load, number, **options)
        return float(queue.service_level) >= sl - 1e-12 and float(queue.abandonment) <= most_lost

    assert enough(agents)
    assert agents == 1 or not enough(agents - 1)


@given(loads, loads, targets, st.sampled_from([0.8, 1.0]))
def test_pooling_two_queues_never_needs_more_agents(first, second, sl, ceiling):
    options = {"aht_s": 300, "sl": sl, "target_s": 20, "max_occupancy": ceiling}
    apart = erlang.agents([first, second], **options).sum()
    assert erlang.agents(first + second, **options) <= apart


@given(loads, targets, waits)
def test_real_agents_lie_between_the_last_that_fails_and_the_first_that_passes(load, sl, wait):
    options = {"aht_s": 300, "sl": sl, "target_s": wait}
    real, whole = float(erlang.real_agents(load, **options)), int(erlang.agents(load, **options))
    assert max(load, whole - 1 - 1e-9) <= real <= whole + 1e-9


def test_real_agents_grow_without_steps():
    fine = np.linspace(4.5, 6.5, 20_001)
    steps = np.diff(erlang.real_agents(fine, aht_s=300, sl=0.8, target_s=20))
    assert steps.min() > 0
    assert steps.max() < 2e-4


def test_no_load_needs_no_agents_and_a_whole_quotient_stays_whole():
    agents = erlang.agents([0, 7], aht_s=300, sl=0.8, target_s=20, max_occupancy=0.7)
    assert agents.tolist() == [0, 10]  # 7/0.7 is 10.000000000000002 in floats
    assert erlang.agents(
        [0.0, 5.0], aht_s=300, sl=0.8, target_s=20, model=Model.ERLANG_A, patience_s=60,
        sl_definition=OFFERED,
    ).tolist() == [0, 7]  # fmt: skip


def test_half_an_erlang_at_half_answered_at_once_needs_one_agent():
    """The exact tie SL = 1 - 0.5: noise must not ask for a second agent."""
    assert int(erlang.agents(0.5, aht_s=300, sl=0.5, target_s=0)) == 1


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"sl": 1.0}, InfeasibleTarget),
        ({"sl": 1.1}, InvalidInput),
        ({"max_occupancy": 0.0}, InvalidInput),
        ({"aht_s": 0.0}, InvalidInput),
        ({"target_s": -1.0}, InvalidInput),
        ({"load": 100_001.0}, ScaleError),
        ({"model": Model.ERLANG_A}, ConventionRequired),
        ({"model": Model.ERLANG_A, "patience_s": 60}, ConventionRequired),
    ],
)
def test_targets_that_mean_nothing_are_refused(options, error):
    options = {"load": 10, "aht_s": 300, "sl": 0.8, "target_s": 20, **options}
    with pytest.raises(error):
        erlang.agents(options.pop("load"), **options)


def test_agents_answer_in_the_shape_of_their_load():
    load = np.arange(12.0).reshape(3, 4)
    assert erlang.agents(load, aht_s=300, sl=0.8, target_s=20).shape == (3, 4)
    assert erlang.agents(load, aht_s=300, sl=0.8, target_s=20).dtype == np.int64


def test_a_load_of_a_hundred_thousand_erlangs_is_the_largest():
    options = {"aht_s": 300, "sl": 0.8, "target_s": 20}
    assert erlang.agents(100_000, **options) > 100_000
    with pytest.raises(ScaleError, match="more than 100,000 agents"):
        erlang.agents(100_000.5, **options)
