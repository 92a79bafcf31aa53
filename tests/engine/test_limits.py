"""Figures of a case file: both ends of what is documented are read, one step beyond is refused."""

import copy
from decimal import Decimal

import pytest

from apps.engine.errors import InvalidInput
from apps.engine.matrix.case_input import read as read_rank
from apps.engine.matrix.rule_input import read as read_rule
from apps.engine.pricing.case import read_quotes
from apps.engine.pricing.read_terms import read_terms
from apps.engine.pricing.read_uncertainty import read_uncertainty
from apps.engine.pricing.read_workload import read_workload
from apps.engine.reading import Reader
from tests.engine.matrix.test_rule_input import RULE
from tests.engine.shipped import example

LARGEST_SEED = 2**53 - 1
DAY = 86_400


def read_price(case):
    reader = Reader(case)
    workload, terms = read_workload(reader.key("workload")), read_terms(reader.key("terms"))
    read_quotes(reader.key("quotes"), workload, terms)
    read_uncertainty(reader.key("uncertainty"))


PRICE = example("price")
PRICE["terms"] |= {
    "volume_range": {"low": "0.5", "high": "1.5"},
    "discount": {"rate": "0.08", "basis": "real", "inflation": "0.02"},
}
PRICE["workload"]["seasonality"] = ["1"] * 12
READERS = {
    "rank": (example("rank"), read_rank),
    "rule": (RULE, read_rule),
    "price": (PRICE, read_price),
}
# kind, path, least, most (None where a side is open), step
LIMITS = [
    ("rank", "award_decimals", 0, 12, 1),
    ("rank", "price.decimals", 0, 12, 1),
    ("rank", "price.prices.aster", 0, None, "0.01"),
    ("rank", "thresholds[0].at_least_percent", 0, 100, "0.01"),
    ("rank", "robustness.draws", 100, 1_000_000, 1),
    ("rank", "robustness.seed", 0, LARGEST_SEED, 1),
    ("rank", "robustness.concentration", 1, 1_000_000, "0.01"),
    ("rule", "award_decimals", 0, 12, 1),
    ("rule", "price.decimals", 0, 12, 1),
    ("rule", "thresholds[0].at_least_percent", 0, 100, "0.01"),
    ("price", "workload.growth_per_year", "-0.9", 10, "0.01"),
    ("price", "workload.repeat_share", 0, 1, "0.01"),
    ("price", "workload.seasonality[0]", "0.001", 100, "0.0001"),
    ("price", "workload.queues[0].aht_s", 1, DAY, "0.1"),
    ("price", "workload.queues[0].patience_s", 1, DAY, "0.1"),
    ("price", "workload.queues[0].max_occupancy", "0.01", 1, "0.001"),
    ("price", "workload.queues[0].concurrency", 1, 10, 1),
    ("price", "workload.queues[0].minimum_seats", 0, 10_000, 1),
    ("price", "workload.queues[0].service_level.share", 0, "0.9999", "0.0001"),
    ("price", "workload.queues[0].service_level.seconds", 0, DAY, "0.1"),
    ("price", "workload.queues[0].week[0][20]", 0, 1_000_000, "0.1"),
    ("price", "terms.months", 1, 120, 1),
    ("price", "terms.discount.rate", "-0.9999", 10, "0.0001"),
    ("price", "terms.discount.inflation", "-0.9999", 10, "0.0001"),
    ("price", "terms.indexation", "-0.9999", 10, "0.0001"),
    ("price", "terms.days_per_year", 360, 366, "0.01"),
    ("price", "terms.volume_range.low", "0.01", 100, "0.001"),
    ("price", "terms.volume_range.high", "0.01", 100, "0.001"),
    ("price", "quotes[1].contract_hours_per_week", 1, 80, "0.1"),
    ("price", "quotes[1].schedule_inefficiency", 1, 2, "0.01"),
    ("price", "quotes[1].first_contact_resolution", 0, 1, "0.01"),
    ("price", "quotes[1].promised_fte", 0, None, "0.01"),
    ("price", "quotes[1].floor_cost_per_paid_hour", "0.000000001", None, "0.000000001"),
    ("price", "quotes[1].aht_s.voice-en", 1, DAY, "0.1"),
    ("price", "quotes[1].shrinkage.parts[0].share", 0, "0.9999", "0.0001"),
    ("price", "quotes[1].ramp.start", "0.01", 1, "0.001"),
    ("price", "quotes[1].ramp.months", "0.01", 60, "0.001"),
    ("price", "quotes[1].attrition_per_year", 0, 5, "0.01"),
    ("price", "quotes[1].training.hours_per_hire", 0, 2000, "0.1"),
    ("price", "quotes[1].training.rate", 0, None, "0.01"),
    ("price", "quotes[1].one_offs[0].month", 1, 36, 1),
    ("price", "quotes[1].exit.month", 1, 36, 1),
    ("price", "quotes[2].ramp.table[0]", "0.01", 1, "0.001"),
    ("price", "quotes[2].fx.rate", "0.000000001", None, "0.000000001"),
    ("price", "quotes[2].fx.yearly[0]", "0.000000001", None, "0.000000001"),
    ("price", "quotes[2].fx.volatility", 0, 2, "0.01"),
    ("price", "uncertainty.draws", 1000, 100_000, 1),
    ("price", "uncertainty.seed", 0, LARGEST_SEED, 1),
    ("price", "uncertainty.dependence[0].correlation", -1, 1, "0.01"),
]


def refused_at(kind, path, figure):
    """Whether the case with this figure in this place is refused, and for this place."""
    case, read = READERS[kind]
    case = copy.deepcopy(case)
    *above, last = path.replace("]", "").replace("[", ".").split(".")
    whole = case
    for name in above:
        whole = whole[int(name) if isinstance(whole, list) else name]
    whole[int(last) if isinstance(whole, list) else last] = str(figure)
    try:
        read(case)
    except InvalidInput as error:
        return error.path == path
    return False


@pytest.mark.parametrize(("kind", "path", "least", "most", "step"), LIMITS)
def test_a_figure_is_read_up_to_its_documented_ends_and_not_beyond(kind, path, least, most, step):
    assert not refused_at(kind, path, least)
    assert refused_at(kind, path, Decimal(least) - Decimal(step))
    if most is not None:
        assert not refused_at(kind, path, most)
        assert refused_at(kind, path, Decimal(most) + Decimal(step))
