"""Staffing and pricing against their peer, in one run on one machine: ratios and peak memory.

    python benchmarks/bench_pricing.py

Results are compared first; then best of 7 in processor time, because the machine may be shared and
everything here runs on one thread. The peer's loop over a year is extrapolated from 1,000 measured
intervals. Ratios matter, not times.
"""

import json
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from pyworkforce.queuing import ErlangC
from scipy.special import gammaincc, gammaln

from apps.engine.pricing import erlang
from apps.engine.pricing.case import read_quotes
from apps.engine.pricing.case import run as price
from apps.engine.pricing.distributions import Pert, Triangular
from apps.engine.pricing.erlang import ServiceLevel
from apps.engine.pricing.evaluate import Evaluator
from apps.engine.pricing.models import PRICING_MODELS
from apps.engine.pricing.read_terms import read_terms
from apps.engine.pricing.read_workload import read_workload
from apps.engine.pricing.staff_case import run as staff
from apps.engine.pricing.tco import total_cost
from apps.engine.pricing.uncertainty import Uncertainty, draw, simulate
from apps.engine.reading import Reader

ROOT = Path(__file__).resolve().parent.parent
YEAR, LOOP, REPEAT = 17_520, 1_000, 7
AHT, TARGET, SL, PATIENCE = 300.0, 20.0, 0.8, 120.0
DRAWS, MONTHS, VENDORS = 10_000, 60, 6
MODULES = (
    "apps.engine.cases", "apps.engine.matrix.case", "apps.engine.pricing.case",
    "apps.engine.pricing.staff_case", "apps.engine.readiness.case",
    "apps.engine.diagnostics.case", "apps.engine.decision.case",
)  # fmt: skip


def best(act, repeat=REPEAT):
    """Least processor time in ms after one run to warm up."""
    act()
    times = []
    for _ in range(repeat):
        start = time.process_time()
        act()
        times.append(time.process_time() - start)
    return min(times) * 1e3


def peak(act):
    """Most memory in MB that the call holds at once."""
    tracemalloc.start()
    act()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def line(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def head(*cells):
    line(*cells)
    line(*("---" for _ in cells))


# A year of half-hours


def loads(size, seed=1):
    """Two-peak days of half-hours that differ from one another; 12 to about 2,100 erlangs."""
    rng = np.random.default_rng(seed)
    h = np.arange(48)
    day = 0.25 + 0.75 * np.exp(-(((h - 22) / 9) ** 2)) + 0.35 * np.exp(-(((h - 34) / 5) ** 2))
    days = rng.uniform(0.03, 1, -(-size // 48))[:, None] * day * rng.uniform(0.9, 1.1, 48)
    return 12 + 2_088 * (days / days.max()).ravel()[:size]


def ours(load):
    return erlang.agents(load, aht_s=AHT, sl=SL, target_s=TARGET)


def theirs(load):
    """The peer's own loop: one object and one search for each interval."""
    found = []
    for one in load:
        queue = ErlangC(transactions=one * 1800 / AHT, aht=AHT / 60, interval=30, asa=TARGET / 60)
        found.append(queue.required_positions(service_level=SL)["raw_positions"])
    return np.array(found)


def floor(load):
    """One evaluation of Erlang B's two special functions: no exact method does with less."""
    return gammaincc(load + 1, load) + gammaln(load + 1)


def staffed():
    print(f"\nErlang C, a year of {YEAR:,} half-hours, 12 to 2,100 erlangs, 80 % in 20 s\n")
    year = loads(YEAR)
    some = np.random.default_rng(2).choice(year, LOOP, replace=False)
    assert np.array_equal(ours(some), theirs(some)), "the agents differ"
    mine = best(lambda: ours(year))
    peer = best(lambda: theirs(some), 2) * YEAR / LOOP
    head("by", "ms", "ratio to the engine", "MB")
    line("engine", f"{mine:.1f}", "", f"{peak(lambda: ours(year)):.1f}")
    line(
        "pyworkforce, plain loop",
        f"{peer:,.0f}",
        f"{peer / mine:.0f}",
        f"{peak(lambda: theirs(some[:50])):.1f}",
    )
    least = best(lambda: floor(year))
    line("floor: the special functions once", f"{least:.1f}", f"{least / mine:.2f}", "")
    by_a = {"aht_s": AHT, "target_s": TARGET, "sl_definition": ServiceLevel.OFFERED}
    agents = ours(year)
    every = best(lambda: erlang.a(year, agents, patience_s=PATIENCE, **by_a))
    print(f"\nErlang A, all metrics of the same year: {every:.1f} ms; the peer has none.")


# Total cost under uncertainty

TIERS = [{"up_to": "150000", "rate": "0.49"}, {"up_to": "250000", "rate": "0.46"}, {"rate": "0.44"}]
RATES = {
    "per_fte": {
        "unit": "hour", "billable_hour": "paid", "rate": "17", "minimum_quantity": "3000",
    },
    "per_minute": {
        "increment_s": "30", "tiering": "graduated", "tiers": TIERS, "minimum_minutes": "120000",
    },
    "outcome_based": {
        "fee": "70000", "rate": "1.55", "floor": "-0.1", "cap": "0.05",
        "kpis": [{"kpi": "csat", "target": "4.2", "slope_above": "0.04", "slope_below": "0.06"}],
    },
    "managed_service": {
        "fee": "158000", "band_from": "38000", "band_to": "47000", "overage_rate": "3.6",
        "true_down_rate": "1.2",
    },
}  # fmt: skip


def example(name):
    return json.loads((ROOT / f"docs/engine/examples/{name}.json").read_text())


def demands(months=MONTHS, vendors=VENDORS, *, seasonal=False, growing=True):
    """Every vendor under four models, with a handle time of its own."""
    reader = Reader(example("price"))
    workload = read_workload(reader.key("workload"))
    season = tuple(Decimal(100 + month) / 100 for month in range(12))
    workload = replace(
        workload,
        queues=workload.queues[:1],
        seasonality=season if seasonal else workload.seasonality,
        growth_per_year=Decimal("0.04") if growing else Decimal(0),
    )
    terms = replace(read_terms(reader.key("terms")), months=months)
    raw = {
        "id": "x", "vendor": "x", "model": "per_fte", "rates": RATES["per_fte"],
        "shrinkage": example("staff")["shrinkage"],
    }  # fmt: skip
    (one,) = read_quotes(Reader([raw]), workload, terms)
    return [
        total_cost(
            replace(
                one,
                id=f"{vendor} {slug}",
                vendor=str(vendor),
                model=PRICING_MODELS[slug],
                rates=PRICING_MODELS[slug].read_rates(rates),
                aht_s=((workload.queues[0].name, Decimal(330 + 5 * vendor)),),
            ),
            workload,
            terms,
        ).demand
        for vendor in range(vendors)
        for slug, rates in RATES.items()
    ]


def uncertain(draws):
    return Uncertainty(
        draws=draws,
        seed=7,
        distributions={"volume": Pert(0.8, 1, 1.25), "aht": Triangular(0.9, 1, 1.15)},
        correlations=(("volume", "aht", 0.3),),
    )


def simulated():
    size = f"{DRAWS:,} x {MONTHS} months x {VENDORS} vendors x {len(RATES)} models"
    print(f"\nTotal cost under uncertainty, {size}\n")
    head("workload", "draws", "grids", "costs", "sums", "all together, ms", "MB")
    for name, seasonal in (("grows every year", False), ("every month differs", True)):
        served = demands(seasonal=seasonal)
        asked = uncertain(DRAWS)
        scenarios = draw(asked, served)
        evaluator = Evaluator(served, scenarios)
        costs = evaluator.costs(scenarios)

        def everything(served=served, asked=asked):
            drawn = draw(asked, served)
            return simulate(Evaluator(served, drawn).costs, drawn)

        def grids(served=served, scenarios=scenarios):
            built = Evaluator(served, scenarios)
            for curve in built.curves.values():
                curve.surface  # noqa: B018 -- built when first asked for

        line(
            name,
            f"{best(lambda served=served: draw(uncertain(DRAWS), served)):.1f}",
            f"{best(grids):.1f}",
            f"{best(lambda e=evaluator, s=scenarios: e.costs(s)):.1f}",
            f"{best(lambda c=costs, s=scenarios: simulate(lambda _: c, s)):.1f}",
            f"{best(everything):.1f}",
            f"{peak(everything):.1f}",
        )
    print(f"\nOne multiplication of as many cells: {one_pass():.1f} ms")


def one_pass():
    """A single multiplication of as many cells, in chunks that stay in the cache."""
    cells = DRAWS * MONTHS * VENDORS * len(RATES)
    a, b, out = np.ones(49_152), np.ones(49_152), np.ones(49_152)

    def act():
        for _ in range(cells // a.size):
            np.multiply(a, b, out=out)

    return best(act)


def cost_of(draws, months, vendors, *, seasonal=True):
    served = demands(months, vendors, seasonal=seasonal, growing=False)
    scenarios = draw(uncertain(draws), served)
    evaluator = Evaluator(served, scenarios)
    return best(lambda: evaluator.costs(scenarios), 3)


def growing():
    print("\nHow it grows, ms\n")
    head("what", "once", "doubled", "fourfold")
    rows = {
        "Erlang C, 17,520 intervals": lambda n: best(lambda: ours(loads(YEAR * n))),
        "Erlang C, loads up to 2,100 erlangs": lambda n: best(lambda: ours(loads(YEAR) * n)),
        "costs, 5,000 draws": lambda n: cost_of(5_000 * n, 24, 6),
        "costs, 24 months": lambda n: cost_of(5_000, 24 * n, 6),
        "costs, 6 vendors": lambda n: cost_of(5_000, 24, 6 * n),
    }
    for name, measure in rows.items():
        line(name, *(f"{measure(n):.1f}" for n in (1, 2, 4)))


def whole_cases():
    print("\nWhole cases of the documentation\n")
    head("case", "ms", "MB")
    for name, run, size in (
        ("price", price, "6 quotes, 2 queues, 36 months, 10,000 draws"),
        ("staff", staff, "2 queues, 672 intervals"),
    ):
        raw = example(name)
        time_ = best(lambda run=run, raw=raw: run(raw), 3)
        line(f"{name}: {size}", f"{time_:.0f}", f"{peak(lambda r=run, c=raw: r(c)):.1f}")


def imported():
    print(f"\nImport in a fresh process, best of {REPEAT}\n")
    head("what", "s, wall", "s, processor")
    for name, code in (
        ("numpy and scipy.special alone", "import numpy, scipy.special"),
        ("apps.engine.cases, the door", "import apps.engine.cases"),
        ("apps.engine.pricing, price and staff", f"import {', '.join(MODULES[2:4])}"),
        ("apps.engine, every calculator", f"import {', '.join(MODULES)}"),
        ("pyworkforce.queuing", "import pyworkforce.queuing"),
    ):
        clock = (
            "import time; w, p = time.perf_counter(), time.process_time(); "
            f"{code}; print(time.perf_counter() - w, time.process_time() - p)"
        )
        command = [sys.executable, "-c", clock]
        times = [
            [float(figure) for figure in subprocess.check_output(command, cwd=ROOT).split()]  # noqa: S603 -- our own interpreter
            for _ in range(REPEAT)
        ]
        line(name, *(f"{min(column):.2f}" for column in zip(*times, strict=True)))


if __name__ == "__main__":
    staffed()
    simulated()
    growing()
    whole_cases()
    imported()
