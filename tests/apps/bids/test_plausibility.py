"""What deserves a second look in a price sheet: exactly what the engine's truth test finds."""

from decimal import Decimal

import pytest

from apps.bids.types.plausibility import plausibility

REALISM = {
    "agents_needed": "5.68",
    "agents_promised": "9.5",
    "floor_per_paid_hour": None,
    "price_per_paid_hour": "19.88",
    "queues": [{"name": "voice-en", "promised": "0.8", "erlang_c": "0.99663"}],
}


def found(**changes):
    return plausibility({**REALISM, **changes})


def test_enough_agents_leave_nothing_to_say():
    assert (found().short, found().queues) == (False, ())


@pytest.mark.parametrize(("planned", "short"), [("5.68", False), ("5.67", True), (None, False)])
def test_fewer_agents_than_needed_are_short_and_none_named_are_not(planned, short):
    assert found(agents_promised=planned).short is short


def test_a_queue_below_its_promise_is_named():
    queues = [
        {"name": "voice-en", "promised": "0.8", "erlang_c": "0.7999"},
        {"name": "chat", "promised": "0.8", "erlang_c": "0.8"},
    ]
    (one,) = found(queues=queues).queues
    assert (one.name, one.reached) == ("voice-en", Decimal("0.7999"))


@pytest.mark.parametrize(
    ("rate", "currency", "outside"),
    [("8", "USD", False), ("15", "USD", False), ("7.99", "USD", True), ("15.01", "USD", True),
     ("40", "GBP", False)],
)  # fmt: skip
def test_the_dated_prior_flags_an_hour_in_its_own_currency_alone(rate, currency, outside):
    assert found(price_per_paid_hour=rate).outside_prior(currency) is outside
