"""A week worked out from a month: nothing is lost, nothing arrives while it is closed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.errors import InvalidInput
from apps.engine.pricing.profile import Shape, typical_week

NINE_TO_FIVE = [(540, 1020)] * 5 + [None] * 2
STEPS = st.sampled_from([15, 30, 60])
DAYS = st.none() | st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(
    lambda hours: hours[0] < hours[1]
)


def week(contacts="4348.125", hours=NINE_TO_FIVE, shape=Shape.EVEN, **more):
    return typical_week(contacts_per_month=Decimal(contacts), hours=hours, shape=shape, **more)


def test_an_even_week_by_hand():
    """4,348.125 a month are 1,000 a week; 5 days of 16 half-hours: 12.5 in each."""
    found = week()
    assert [sum(day) for day in found] == [200] * 5 + [0] * 2
    assert set(found[0][18:34]) == {Decimal("12.5")}
    assert set(found[0][:18] + found[0][34:]) == {0}


def test_a_peak_by_hand():
    """Four hours: their middles lie at 1/8, 3/8, 5/8 and 7/8 of the day; heights between the bends.

    0.6 + 0.9 x 0.5 = 1.05; 1.5 - 0.5 x (0.125 / 0.35) = 1.321429; 1 - 0.5 x (0.025 / 0.4) =
    0.96875; 1 - 0.5 x (0.275 / 0.4) = 0.65625. Together 3.996429.
    """
    found = week("434.8125", [(600, 840)] + [None] * 6, Shape.ONE_PEAK, interval_minutes=60)
    assert [str(one) for one in found[0][10:14]] == ["26.27", "33.07", "24.24", "16.42"]


def test_two_peaks_stand_on_both_sides_of_a_quieter_noon():
    day = week(shape=Shape.TWO_PEAKS)[0][18:34]
    morning, noon, afternoon = max(day[:8]), day[8], max(day[8:])
    assert noon < afternoon < morning
    assert day[-1] < noon


@given(
    contacts=st.decimals("0.01", "1000000", places=2),
    hours=st.lists(DAYS, min_size=7, max_size=7).filter(any),
    shape=st.sampled_from(Shape),
    step=STEPS,
)
def test_the_week_adds_up_and_is_empty_while_closed(contacts, hours, shape, step):
    minutes = [one and (one[0] * 60, one[1] * 60) for one in hours]
    found = week(str(contacts), minutes, shape, interval_minutes=step)
    total = sum(map(sum, found))
    assert abs(total * Decimal("4.348125") - contacts) <= Decimal("0.0218")
    for day, opening in zip(found, hours, strict=True):
        assert len(day) == 1440 // step
        for place, volume in enumerate(day):
            is_open = opening and opening[0] * 60 <= place * step < opening[1] * 60
            assert volume >= 0
            assert is_open or volume == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"contacts": "0"}, "more than 0 contacts"),
        ({"hours": [None] * 7}, "at least one day"),
        ({"hours": NINE_TO_FIVE[:6]}, "seven days"),
        ({"hours": [(1020, 540)] + [None] * 6}, "the end after the beginning"),
        ({"hours": [(545, 1020)] + [None] * 6}, "step of 30 minutes"),
        ({"hours": [(0, 1470)] + [None] * 6}, "step of 30 minutes"),
        ({"interval_minutes": 20}, "15, 30 or 60"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(changes, says):
    with pytest.raises(InvalidInput, match=says):
        week(**changes)
