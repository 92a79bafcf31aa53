"""The case `staff`: agents, hours and people of a typical week."""

import math
from decimal import Decimal

import pytest

from apps.engine.cases import run as record
from apps.engine.errors import InvalidInput
from apps.engine.pricing.staff_case import run
from tests.engine.pricing.offers import CASE, QUEUE, SHRINKAGE
from tests.engine.shipped import example


def case(queue=None, **changes):
    workload = {**CASE["workload"], "queues": [{**QUEUE, **(queue or {})}]}
    return {"workload": workload, "shrinkage": SHRINKAGE, **changes}


def result(queue=None, **changes):
    return run(case(queue, **changes)).result


def test_hours_and_people_follow_from_the_agents():
    found = result()
    (queue,) = found["queues"]
    agents = sum(Decimal(agents) for agents in queue["agents"])
    assert Decimal(queue["logged_in_hours"]) == agents
    assert Decimal(queue["paid_hours"]) == round(agents / Decimal("0.7"), 2)
    assert Decimal(found["week"]["fte"]) == round(agents / Decimal("0.7") / 40, 2)
    assert found["week"]["heads"] == math.ceil(agents / Decimal("0.7") / 40)
    assert len(queue["agents"]) == len(queue["load"]) == found["intervals"] == 168
    assert Decimal(queue["erlang_c"]["service_level"]) >= Decimal("0.8")
    assert queue["erlang_a"] is None


def test_a_seat_round_the_clock_is_six_people():
    (queue,) = result({"open": "always", "minimum_seats": 1})["queues"]
    assert queue["fte_of_one_seat"] == "6"
    assert min(Decimal(agents) for agents in queue["agents"]) == 1


def test_erlang_a_is_shown_beside_c_and_what_it_loses():
    (queue,) = result({"patience_s": "120"})["queues"]
    fewer = queue["erlang_a"]
    pairs = zip(fewer["agents"], queue["agents"], strict=True)
    assert all(Decimal(a) <= Decimal(c) for a, c in pairs)
    assert Decimal(fewer["agents_peak"]) < Decimal(queue["agents_peak"])
    assert Decimal(fewer["abandonment_with_these"]) > Decimal(fewer["abandonment"]) > 0
    assert fewer["definition"] == "offered"


def test_the_average_hour_is_shown_as_the_trap_it_is():
    outcome = run(case())
    (queue,) = outcome.result["queues"]
    assert Decimal(queue["flat_roster"]["service_level"]) < Decimal("0.8")
    assert [fact["code"] for fact in outcome.warnings] == ["flat_roster_misses_target"]


def test_a_flat_day_has_no_trap():
    flat = ["0"] * 8 + ["60"] * 10 + ["0"] * 6
    outcome = run(case({"week": [flat] * 7}))
    assert outcome.warnings == ()
    (queue,) = outcome.result["queues"]
    assert queue["flat_roster"]["hours_against_need"] == "1"


def test_work_that_can_wait_has_hours_only():
    (queue,) = result({"deferred": True, "service_level": None})["queues"]
    assert (queue["erlang_c"], queue["erlang_a"], queue["flat_roster"]) == (None, None, None)
    assert Decimal(queue["occupancy"]) == Decimal("0.9")


def test_inefficiency_and_contract_hours_are_taken_in():
    more = result(schedule_inefficiency="1.1", contract_hours_per_week="20")
    less = result()
    assert float(more["week"]["fte"]) == pytest.approx(2.2 * float(less["week"]["fte"]), abs=0.02)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"shrinkage": None}, "shrinkage"),
        ({"shrinkage": {"base": "additive", "parts": [{"name": "x", "share": "0.6"}] * 2}},
         "shrinkage"),
        ({"contract_hours_per_week": "90"}, "contract_hours_per_week"),
        ({"schedule_inefficiency": "3"}, "schedule_inefficiency"),
        ({"terms": {}}, "terms"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(change, path):
    with pytest.raises(InvalidInput) as caught:
        run(case(**change))
    assert caught.value.path == path


def test_more_work_than_the_formulas_are_checked_for_is_named():
    with pytest.raises(InvalidInput) as caught:
        run(case({"week": [["1000000"] * 24] * 7, "aht_s": "3600"}))
    assert caught.value.path == "workload"


def test_the_shipped_example_is_a_record_that_repeats_itself():
    raw = example("staff")
    assert record("staff", raw).digest == record("staff", raw).digest
