"""From intervals to people: bases of shrinkage, minimum seats, one rounding at the end."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.errors import ConventionRequired, InvalidInput, ScaleError
from apps.engine.pricing import erlang
from apps.engine.pricing.staffing import (
    ShrinkageBase,
    fte,
    offered_load,
    required,
    scheduled,
    served,
    shrinkage,
    weighted,
)
from tests.engine.pricing.offers import CASE, values

PARTS = [Decimal("0.1"), Decimal("0.2")]
QUEUE = values(CASE)[0].queues[0]
HOUR = 3600


def test_the_same_percentages_differ_by_their_base():
    assert shrinkage(PARTS, base=ShrinkageBase.ADDITIVE) == Decimal("0.3")
    assert shrinkage(PARTS, base=ShrinkageBase.SEQUENTIAL) == Decimal("0.28")
    assert shrinkage([], base=ShrinkageBase.ADDITIVE) == 0


@pytest.mark.parametrize("base", [None, "additive"])
def test_the_base_has_to_be_named(base):
    with pytest.raises(ConventionRequired):
        shrinkage(PARTS, base=base)


@pytest.mark.parametrize("parts", [[Decimal("-0.1")], [Decimal(1)], [Decimal("0.5")] * 2])
def test_nobody_is_away_all_the_time(parts):
    with pytest.raises(ScaleError):
        shrinkage(parts, base=ShrinkageBase.ADDITIVE)


def test_scheduled_agents_are_divided_not_multiplied():
    assert scheduled(21, unavailable=Decimal("0.3")) == 30
    with pytest.raises(ScaleError):
        scheduled(21, unavailable=Decimal(1))


def staff(agents, **changes):
    options = {
        "interval_s": 1800,
        "parts": PARTS,
        "base": ShrinkageBase.ADDITIVE,
        "contract_hours": Decimal(40),
        **changes,
    }
    return fte(agents, **options)


def test_hours_and_people_of_a_day():
    found = staff([10] * 16)
    assert found.logged_in_hours == 80
    assert round(found.paid_hours, 20) == round(Decimal(800) / 7, 20)
    assert round(found.fte, 20) == round(Decimal(800) / 280, 20)
    assert found.heads == 3


def test_whole_people_are_rounded_once_at_the_end():
    quarter = [1] * 14  # 7 h of 40: 0.25 FTE with 30 % shrinkage
    assert [staff(quarter * times).heads for times in (1, 4, 8)] == [1, 1, 2]


def test_minimum_seats_and_inefficiency():
    assert staff([0, 5], minimum_seats=2).logged_in_hours == Decimal("3.5")
    assert staff([2, 2], inefficiency=Decimal("1.1")).logged_in_hours == Decimal("2.2")
    for wrong in ({"inefficiency": Decimal("0.9")}, {"contract_hours": Decimal(0)}):
        with pytest.raises(ScaleError):
            staff([1], **wrong)


# Requirements of a queue


def test_every_interval_meets_its_target_and_one_agent_less_does_not():
    agents = required(QUEUE, interval_s=HOUR)
    busy = QUEUE.week > 0
    level = served(QUEUE, agents, interval_s=HOUR).service_level
    assert level[busy].min() >= 0.8
    load = offered_load(QUEUE, interval_s=HOUR, volume=1.0, handle=1.0)
    assert (load / np.maximum(agents, 1)).max() <= 0.9
    fewer = served(QUEUE, agents - 1.0 * busy, interval_s=HOUR).service_level[busy]
    capped = load[busy] / (agents[busy] - 1) > 0.9
    assert ((fewer < 0.8) | capped).all()
    assert agents[~busy].tolist() == [0] * (~busy).sum()


def test_requirements_broadcast_over_volume_and_handle_time():
    grid = required(QUEUE, interval_s=HOUR, volume=[[1.0], [2.0]], handle=[[1.0, 1.2]])
    assert grid.shape == (2, 2, 168)
    assert grid[0, 0].tolist() == required(QUEUE, interval_s=HOUR).tolist()


@given(st.floats(0.1, 5), st.floats(0.5, 2))
def test_more_volume_or_longer_calls_never_need_fewer_agents(volume, handle):
    def hours(**factors):
        return required(QUEUE, interval_s=HOUR, **factors).sum()

    base = hours(volume=volume, handle=handle)
    assert hours(volume=volume * 1.1, handle=handle) >= base
    assert hours(volume=volume, handle=handle * 1.1) >= base


@given(st.floats(0.2, 5), st.floats(0.7, 1.5))
def test_real_requirements_follow_the_whole_ones(volume, handle):
    whole, real = (
        required(QUEUE, interval_s=HOUR, volume=volume, handle=handle, whole=flag).sum()
        for flag in (True, False)
    )
    assert real == pytest.approx(whole, rel=0.06)


def test_minimum_seats_hold_in_open_intervals_only():
    staffed = replace(QUEUE, minimum_seats=30)
    agents = required(staffed, interval_s=HOUR)
    assert agents[QUEUE.week > 0].min() == 30
    assert agents[QUEUE.week == 0].max() == 0


def test_an_agent_with_two_chats_counts_as_two_servers():
    chat = replace(QUEUE, concurrency=2)
    servers = required(QUEUE, interval_s=HOUR)
    assert required(chat, interval_s=HOUR).tolist() == np.ceil(servers / 2).tolist()
    level = served(chat, np.ceil(servers / 2), interval_s=HOUR).service_level
    assert level[QUEUE.week > 0].min() >= 0.8


def test_work_that_can_wait_is_levelled():
    post = replace(QUEUE, target=None, deferred=True)
    load = offered_load(post, interval_s=HOUR, volume=1.0, handle=1.0)
    assert required(post, interval_s=HOUR) == pytest.approx(load / 0.9)
    with pytest.raises(InvalidInput):
        served(post, load, interval_s=HOUR)


def test_the_mean_level_is_weighted_by_volume():
    figures = np.where(QUEUE.week > 100, 0.5, 1.0)
    busiest = QUEUE.week[QUEUE.week > 100].sum() / QUEUE.week.sum()
    assert float(weighted(QUEUE, figures)) == pytest.approx(1 - busiest / 2)


def test_erlang_a_needs_a_patience_and_serves_without_agents_too():
    agents = required(QUEUE, interval_s=HOUR)
    with pytest.raises(ConventionRequired):
        served(QUEUE, agents, interval_s=HOUR, model=erlang.Model.ERLANG_A)
    patient = replace(QUEUE, patience_s=Decimal(120))
    queue = served(patient, agents * 0, interval_s=HOUR, model=erlang.Model.ERLANG_A)
    assert queue.abandonment[QUEUE.week > 0] == pytest.approx(1, abs=1e-6)
