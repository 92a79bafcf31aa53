"""A typical week from recorded counts: means, gaps, cut days, seasons, surges."""

import datetime as dt
from decimal import Decimal

import pytest

from apps.engine.errors import InvalidInput
from apps.engine.pricing.recorded import Count, record_of, seasons_of

MONDAY = dt.date(2025, 1, 6)
D = Decimal


def counts(days: int, places=range(18, 34), *, each="10", start=MONDAY, but=None) -> list[Count]:
    """Weekdays from a Monday on, the same contacts in each interval but where `but` says others."""
    found = []
    for at in range(days):
        day = start + dt.timedelta(days=at)
        if day.weekday() < 5:
            found += [Count(day, place, D((but or {}).get((day, place), each))) for place in places]
    return found


def test_the_week_is_the_mean_of_its_days():
    twelve = {(MONDAY, 20): "12"}
    record = record_of(counts(14, but=twelve), interval_minutes=30)
    assert record.week[0][20] == D("11.00")
    assert record.week[0][21] == D("10.00")
    assert [sum(day) for day in record.week[5:]] == [0, 0]


def test_a_missing_interval_is_no_zero():
    held = [one for one in counts(28) if (one.day, one.place) != (MONDAY, 20)]
    record = record_of(held, interval_minutes=30)
    assert record.week[0][20] == D("10.00")
    assert record.missing == ((MONDAY, 20),)


def test_an_interval_that_is_rarely_open_is_spread_over_all_its_days():
    record = record_of([*counts(28), Count(MONDAY, 40, D(8))], interval_minutes=30)
    assert record.week[0][40] == D("2.00")
    assert record.missing == ()


def test_a_weekday_that_is_rarely_open_is_spread_over_all_weeks():
    saturday = MONDAY + dt.timedelta(days=5)
    extra = [Count(saturday, place, D(4)) for place in range(18, 34)]
    record = record_of([*counts(28), *extra], interval_minutes=30)
    assert record.week[5][18] == D("1.00")


def test_a_day_cut_short_is_left_out_and_named():
    last = MONDAY + dt.timedelta(days=28)
    record = record_of([*counts(28), Count(last, 18, D(900))], interval_minutes=30)
    assert record.partial == {last}
    assert record.week[0][18] == D("10.00")


def test_a_repeated_clock_hour_is_two_observations_of_it():
    held = [*counts(7), Count(MONDAY, 18, D(20))]
    assert record_of(held, interval_minutes=30).week[0][18] == D("15.00")


def test_seasons_need_every_month_and_weigh_to_one():
    year = counts(364)
    december = {(one.day, one.place): "30" for one in year if one.day.month == 12}
    records = [record_of(counts(364, but=december), interval_minutes=30)]
    factors = seasons_of(records)
    assert factors[11] / factors[0] == pytest.approx(3, abs=0.01)
    months = records[0].months
    assert sum(one.contacts for one in months) == sum(D(one.contacts) for one in records[0].taken)
    assert seasons_of([record_of(counts(300), interval_minutes=30)]) is None


def test_the_busiest_three_days_stand_beside_what_is_usual():
    surge = {
        (MONDAY + dt.timedelta(days=day), place): "40"
        for day in (8, 9, 10)
        for place in range(18, 34)
    }
    found = record_of(counts(28, but=surge), interval_minutes=30).surge
    assert (found.first, found.last) == (dt.date(2025, 1, 14), dt.date(2025, 1, 16))
    assert found.contacts == 3 * 16 * 40
    assert found.expected == 3 * 16 * D("17.5")


@pytest.mark.parametrize(
    ("given", "minutes"),
    [
        ([], 30),
        ([Count(MONDAY, 1, D(0))], 30),
        ([Count(MONDAY, 1, D(-1))], 30),
        ([Count(MONDAY, 48, D(1))], 30),
        ([Count(MONDAY, 1, D("0.001"))], 30),
        ([Count(MONDAY, 1, D(1))], 20),
    ],
)
def test_what_makes_no_week_is_refused(given, minutes):
    with pytest.raises(InvalidInput):
        record_of(given, interval_minutes=minutes)
