"""A workload is valid by construction; its months follow season, growth and repeats."""

from dataclasses import replace
from decimal import Decimal

import pytest

from apps.engine.errors import ConventionRequired, InvalidInput, ScaleError
from apps.engine.pricing.read_workload import read_workload
from apps.engine.pricing.workload import VolumeCounts, Workload
from apps.engine.reading import Reader
from tests.engine.pricing.offers import CASE, CLOSED_DAY, OPEN_DAY, QUEUE


def read(queue=None, **changes):
    raw = {**CASE["workload"], "queues": [{**QUEUE, **(queue or {})}], **changes}
    return read_workload(Reader(raw, "workload"))


def refused(queue=None, **changes):
    with pytest.raises(InvalidInput) as caught:
        read(queue, **changes)
    return caught.value


def test_a_week_runs_from_monday():
    (queue,) = read().queues
    assert len(queue.volumes) == 168
    assert queue.volumes[8] == 40
    assert queue.weekly_contacts == 3650
    assert sum(queue.open) == 50
    assert read().interval_hours == 1
    assert read().interval_s == 3600


@pytest.mark.parametrize("minutes", [15, 30])
def test_finer_intervals_need_more_volumes(minutes):
    per_day = 1440 // minutes
    week = [["1"] * per_day] * 7
    assert read({"week": week}, interval_minutes=minutes).intervals == 7 * per_day
    assert refused(interval_minutes=minutes).path == "workload.queues[0].week[0]"


def test_months_follow_season_and_growth():
    seasons = ["1"] * 11 + ["2"]
    factors = read(seasonality=seasons, growth_per_year="0.5").volume_factors(25)
    assert factors[11:13] == (2, Decimal("1.5"))
    assert factors[23:] == (3, Decimal("2.25"))


def test_issues_come_back_as_contacts_until_they_are_resolved():
    workload = read(volume_counts="issues", repeat_share="0.5")
    assert workload.repeats(Decimal("0.6")) == Decimal("1.25")
    with pytest.raises(InvalidInput):
        workload.repeats(None)
    with pytest.raises(InvalidInput):
        replace(workload, repeat_share=Decimal(1)).repeats(Decimal(0))
    assert read().repeats(None) == 1
    assert read().volume_counts is VolumeCounts.CONTACTS


def test_a_queue_can_stay_open_without_calls():
    (queue,) = read({"open": "always", "minimum_seats": 2}).queues
    assert queue.seats.sum() == 336
    windows = [{"days": [1, 2, 3, 4, 5], "from": "07:00", "to": "24:00"}]
    (queue,) = read({"open": windows}).queues
    assert sum(queue.open) == 85
    assert not queue.open[6]
    assert queue.open[7]
    assert not queue.open[5 * 24 + 10]


@pytest.mark.parametrize(
    ("opened", "path"),
    [
        ("sometimes", "open"),
        ([], "open"),
        ([{"days": [1], "from": "08:00", "to": "18:00"}], ""),
        ([{"days": [8], "from": "08:00", "to": "18:00"}], "open[0].days[0]"),
        ([{"days": [1], "from": "8:00", "to": "18:00"}], "open[0].from"),
        ([{"days": [1], "from": "08:30", "to": "18:00"}], "open[0].from"),
        ([{"days": [1], "from": "18:00", "to": "08:00"}], "open[0]"),
        ([{"days": [1], "from": "18:00", "to": "25:00"}], "open[0].to"),
        ([{"days": [1], "from": "18:00", "till": "20:00"}], "open[0].till"),
    ],
)
def test_wrong_opening_hours_are_named(opened, path):
    place = f"workload.queues[0].{path}".rstrip(".")
    assert refused({"open": opened}).path == place


@pytest.mark.parametrize(
    ("queue", "path"),
    [
        ({"aht_s": "0"}, "aht_s"),
        ({"aht_s": 300.5}, "aht_s"),
        ({"max_occupancy": "0"}, "max_occupancy"),
        ({"max_occupancy": "1.01"}, "max_occupancy"),
        ({"patience_s": "0"}, "patience_s"),
        ({"concurrency": 0}, "concurrency"),
        ({"minimum_seats": -1}, "minimum_seats"),
        ({"deferred": "yes"}, "deferred"),
        ({"deferred": True}, ""),
        ({"service_level": None}, ""),
        ({"service_level": {"share": "1", "seconds": "20", "definition": "offered"}},
         "service_level.share"),
        ({"service_level": {"share": "0.8", "seconds": "-1", "definition": "offered"}},
         "service_level.seconds"),
        ({"week": [OPEN_DAY] * 6}, "week"),
        ({"week": [[*OPEN_DAY[:-1], "-1"]] * 7}, "week[0][23]"),
        ({"week": [CLOSED_DAY] * 7}, ""),
        ({"name": ""}, "name"),
        ({"vioce": 1}, "vioce"),
    ],
)  # fmt: skip
def test_a_wrong_queue_is_named(queue, path):
    assert refused(queue).path == f"workload.queues[0].{path}".rstrip(".")


def test_a_service_level_without_its_definition_is_no_convention():
    error = refused({"service_level": {"share": "0.8", "seconds": "20"}})
    assert isinstance(error, ConventionRequired)
    assert error.path == "workload.queues[0].service_level.definition"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"interval_minutes": 20}, "workload.interval_minutes"),
        ({"queues": []}, "workload.queues"),
        ({"queues": [QUEUE, QUEUE]}, "workload"),
        ({"growth_per_year": "-0.95"}, "workload.growth_per_year"),
        ({"seasonality": ["1"] * 11}, "workload.seasonality"),
        ({"seasonality": ["0"] * 12}, "workload.seasonality[0]"),
        ({"handle_time": "gamma"}, "workload.handle_time"),
        ({"volume_counts": "calls"}, "workload.volume_counts"),
        ({"repeat_share": "1.1"}, "workload.repeat_share"),
        ({"queus": 1}, "workload.queus"),
    ],
)
def test_a_wrong_workload_is_named(change, path):
    assert refused(**change).path == path


def test_work_that_can_wait_has_no_target():
    (queue,) = read({"deferred": True, "service_level": None}).queues
    assert queue.target is None


def test_built_in_code_the_same_rules_hold():
    workload = read()
    (queue,) = workload.queues
    for change in (
        {"open": (True,)},
        {"volumes": (Decimal(-1),) * 168},
        {"aht_s": Decimal(0)},
        {"patience_s": Decimal(0)},
        {"max_occupancy": Decimal(2)},
        {"concurrency": 0},
    ):
        with pytest.raises(InvalidInput):
            replace(queue, **change)
    for change in ({"share": Decimal(1)}, {"seconds": Decimal(-1)}):
        with pytest.raises(ScaleError):
            replace(queue.target, **change)
    for change in (
        {"interval_minutes": 10},
        {"interval_minutes": 30},
        {"seasonality": (Decimal(0),) * 12},
        {"growth_per_year": Decimal(-1)},
        {"repeat_share": Decimal(2)},
    ):
        with pytest.raises(InvalidInput):
            replace(workload, **change)
    with pytest.raises(InvalidInput):
        Workload(interval_minutes=60, queues=())
