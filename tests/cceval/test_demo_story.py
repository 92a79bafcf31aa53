"""The story the demo tells, by the engine: what the bids cost, who is short of agents, what follows."""

from decimal import Decimal
from functools import cache
from typing import Any

from apps.engine import cases
from tests.cceval.demo_files import CASE, FRAMEWORK, VENDORS, contacts

TERMS = ("months", "discount", "timing", "indexation", "volume_range")
QUEUE = (
    *("channel", "language", "aht_s", "patience_s", "max_occupancy"),
    *("minimum_seats", "service_level"),
)
WORKLOAD = ("interval_minutes", "growth_per_year", "seasonality", "handle_time")


def price_case() -> dict[str, Any]:
    workload, assumptions = CASE["workload"], CASE["assumptions"]
    week = [str(volume) for volume in contacts()]
    days = [week[day * 48 : day * 48 + 48] for day in range(7)]
    queue = {"name": workload["queue"], "week": days, **{name: workload[name] for name in QUEUE}}
    own = {name: value for name, value in CASE["in_house"].items() if name != "name"}
    return {
        "workload": {"queues": [queue], **{name: workload[name] for name in WORKLOAD}},
        "terms": {"currency": "GBP", **{name: assumptions[name] for name in TERMS}},
        "quotes": [
            *(
                {
                    "id": key,
                    "vendor": vendor["name"],
                    **vendor["price_sheet"],
                    **assumptions["vendors"][key],
                }
                for key, vendor in VENDORS.items()
            ),
            {"id": "in_house", "vendor": CASE["in_house"]["name"], "in_house": True, **own},
        ],
    }


@cache
def compared() -> dict[str, dict[str, Any]]:
    result = cases.run("price", price_case()).to_plain()["result"]
    return {quote["id"]: quote for quote in result["quotes"]}


def test_three_years_cost_between_one_and_two_million_and_the_cheapest_is_tamarind() -> None:
    totals = {key: Decimal(quote["total"]) for key, quote in compared().items()}
    assert sorted(totals, key=totals.__getitem__) == [
        *("tamarind", "velora", "castellan", "northmoor", "in_house"),
    ]
    assert min(totals.values()) > 900_000
    assert max(totals[key] for key in VENDORS) < 1_600_000


def test_the_two_close_bids_differ_by_less_than_a_tenth_in_cost() -> None:
    velora, castellan = (Decimal(compared()[key]["total"]) for key in ("velora", "castellan"))
    assert 1 < castellan / velora < Decimal("1.1")


def test_only_the_cheapest_bid_pays_for_fewer_agents_than_its_service_level_needs() -> None:
    short = [
        key
        for key in VENDORS
        if Decimal(compared()[key]["realism"]["agents_paid_for"])
        < Decimal(compared()[key]["realism"]["agents_needed"])
    ]
    assert short == ["tamarind"]


def test_no_bid_is_below_the_lowest_defensible_cost() -> None:
    assert [key for key in VENDORS if compared()[key]["realism"]["below_cost_floor"]] == []


def test_readiness_lies_in_the_hybrid_band() -> None:
    answers = {item["question"]: item["level"] for item in CASE["readiness"]["answers"]}
    record = cases.run("score", {"framework": FRAMEWORK, "answers": answers}).to_plain()
    assert record["result"]["total"] == {"lo": "72", "hi": "72", "of": "100"}
    assert record["result"]["band"] == "hybrid"
