"""Peers and the engine side by side, in one run on one machine: ratios and peak memory.

    python benchmarks/bench_matrix.py

Results are compared first; then best of 7 in processor time, because the machine may be shared and
everything here runs on one thread. Peers run by their fastest legitimate path, and a loop of
10,000 evaluations is extrapolated from 1,000 measured ones. Ratios matter, not times.
"""

import sys
import time
import tracemalloc
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from pymcdm import methods as pymcdm
from pymcdm.normalizations import vector_normalization
from skcriteria import mkdm
from skcriteria.agg.simple import WeightedSumModel
from skcriteria.agg.topsis import TOPSIS

from apps.engine.matrix import panel, robustness, sensitivity
from apps.engine.matrix.inputs import Missing, bounds
from apps.engine.matrix.linter import formula_matrix
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.methods.topsis import unit_columns
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.prices.rule import PriceRule
from apps.engine.matrix.product import totals as totals_of
from apps.engine.matrix.spaces import Dirichlet, Simplex, chunk_sizes

VENDORS, CRITERIA, DRAWS, EVALUATORS = 50, 200, 10_000, 12
SEED, REPEAT, LOOP = 20250401, 7, 1000

rng = np.random.default_rng(1)
V = 0.05 + 0.9 * rng.random((VENDORS, CRITERIA))
W = rng.dirichlet(np.ones(CRITERIA))


def taken(act):
    """Processor time in ms."""
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1e3


def best(act, repeat=REPEAT):
    """Least time in ms after one run to warm up."""
    act()
    return min(taken(act) for _ in range(repeat))


def in_turn(ours, others, repeat=REPEAT):
    """Least times in ms of ours and of each other, measured in turn and ours around each of them:
    a slow moment of the machine meets both sides of a ratio."""
    mine, theirs = [], [[] for _ in others]
    for act in (ours, *others):
        act()
    for _ in range(repeat):
        for found, act in zip(theirs, others, strict=True):
            mine += [taken(ours), taken(ours)]
            found.append(taken(act))
    return min(mine), [min(found) for found in theirs]


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


def samples(n):
    chunks = Simplex(CRITERIA).prepare(n, SEED)
    drawn = np.concatenate([chunks(i) for i in range(len(chunk_sizes(n)))])
    return drawn / drawn.sum(axis=1, keepdims=True)


def as_they_are(column, *, cost):  # noqa: ARG001 -- their signature
    return column


def skcriteria_ranks(model, values, weights):
    return [model.evaluate(mkdm(values, [max] * CRITERIA, weights=w)).rank_ for w in weights]


def pymcdm_ranks(method, values, weights):
    types = np.ones(CRITERIA)
    found = (method(values, w, types, validation=False) for w in weights)
    return [np.argsort(np.argsort(-one)) + 1 for one in found]


def same(ranks, method, values=V):
    """Acceptability from a peer's ranks equals ours on the same samples."""
    counts = np.zeros((VENDORS, VENDORS))
    for one in ranks:
        counts[np.arange(VENDORS), np.asarray(one) - 1] += 1 / len(ranks)
    ours = robustness.smaa(values, Simplex(CRITERIA), len(ranks), SEED, method=method)
    assert np.allclose(ours.acceptability, counts), "the results differ"


def sampled():
    print(f"\nSMAA, {DRAWS:,} x {VENDORS} vendors x {CRITERIA} criteria\n")
    head("method", "by", "ms", "ratio to the engine")
    weights = samples(LOOP)
    summed = V / V.sum(axis=0)
    peers = {
        "weighted-sum": [
            ("scikit-criteria", lambda w: skcriteria_ranks(WeightedSumModel(), V, w), V),
            (
                "pymcdm, its own sum normalisation",
                lambda w: pymcdm_ranks(pymcdm.WSM(), V, w),
                summed,
            ),
            (
                "pymcdm, values taken as they are",
                lambda w: pymcdm_ranks(pymcdm.WSM(as_they_are), V, w),
                V,
            ),
        ],
        "topsis": [
            ("scikit-criteria", lambda w: skcriteria_ranks(TOPSIS(), unit_columns(V), w), V),
            (
                "pymcdm, vector normalisation",
                lambda w: pymcdm_ranks(pymcdm.TOPSIS(vector_normalization), V, w),
                V,
            ),
        ],
    }
    for method, runs in peers.items():

        def ours(method=method):
            return robustness.smaa(V, Simplex(CRITERIA), DRAWS, SEED, method=method)

        for _, ranks, values in runs:
            same(ranks(weights), method, values)
        mine, theirs = in_turn(ours, [lambda r=ranks: r(weights) for _, ranks, _ in runs])
        line(method, f"engine, {peak(ours):.1f} MB at most", f"{mine:.1f}", "")
        for (name, *_), one in zip(runs, theirs, strict=True):
            line(method, name, f"{one * DRAWS / LOOP:,.0f}", f"{one * DRAWS / LOOP / mine:.0f}")


def each(act, items):
    """Call without keeping what comes back."""
    for item in items:
        act(item)


def steps_of_the_floor():
    """What no arrangement avoids: draw weights, multiply, order, read them for central weights."""
    generator = np.random.Generator(np.random.SFC64(SEED))
    shapes = [(size, CRITERIA) for size in chunk_sizes(DRAWS)]
    cloud = [generator.standard_exponential(shape) for shape in shapes]
    totals = [totals_of(chunk, V) for chunk in cloud]
    return (
        lambda: each(generator.standard_exponential, shapes),
        lambda: each(lambda chunk: totals_of(chunk, V), cloud),
        lambda: each(lambda chunk: np.argsort(chunk, axis=0), totals),
        lambda: each(lambda chunk: np.add.reduce(chunk, axis=0), cloud),
    )


def floor():
    def ours():
        return robustness.smaa(V, Simplex(CRITERIA), DRAWS, SEED)

    mine, parts = in_turn(ours, steps_of_the_floor())
    print("\nFloor of SMAA: random numbers, one product, one sort, the weights read again once\n")
    head("random ms", "product ms", "sort ms", "read ms", "floor ms", "engine ms", "engine / floor")
    low = sum(parts)
    line(*(f"{x:.1f}" for x in (*parts, low, mine, mine / low)))


def single():
    print(f"\nOne ranking, {VENDORS} x {CRITERIA}\n")
    head(
        "method", "engine us", "scikit-criteria us", "ratio", "pymcdm us", "unvalidated us", "ratio"
    )
    many = 200
    types = np.ones(CRITERIA)

    def checked(slug):
        return METHODS[slug].score(V, W)

    pairs = [
        ("weighted-sum", WeightedSumModel(), V, pymcdm.WSM(as_they_are)),
        ("topsis", TOPSIS(), unit_columns(V), pymcdm.TOPSIS(vector_normalization)),
    ]
    for slug, model, scaled, other in pairs:
        ours = checked(slug)
        theirs = other(V, W, types)
        assert np.allclose(ours, theirs), "the results differ"

        def many_times(act):
            return lambda: [act() for _ in range(many)]

        mine, theirs = in_turn(
            many_times(lambda s=slug: checked(s)),
            [
                many_times(
                    lambda m=model, s=scaled: m.evaluate(mkdm(s, [max] * CRITERIA, weights=W))
                ),
                many_times(lambda o=other: o(V, W, types)),
                many_times(lambda o=other: o(V, W, types, validation=False)),
            ],
        )
        mine, one, two, bare = (x / many * 1e3 for x in (mine, *theirs))
        line(
            slug, f"{mine:.1f}", f"{one:.0f}", f"{one / mine:.0f}",
            f"{two:.0f}", f"{bare:.0f}", f"{bare / mine:.0f}",
        )  # fmt: skip


def tender():
    """Bids, panel and rule of the full report."""
    quality = V @ W * 60
    prices = 1e6 * np.exp(0.18 * rng.standard_normal(VENDORS))
    rule = PriceRule(formula=PRICE_FORMULAE["lowest-over-price"], points=40.0)
    scores = np.clip(V + rng.normal(0, 0.05, (EVALUATORS, VENDORS, CRITERIA)), 0, 1)
    return quality, prices, rule, np.round(scores * 5) / 5


QUALITY, PRICES, RULE, SCORES = tender()
PLAIN = [
    PriceRule(formula=one, points=40.0)
    for one in PRICE_FORMULAE.values()
    if not any(field.required for field in one.fields)
]


def exact():
    robustness.weight_intervals(V, W)
    robustness.award_move(V, W)
    sensitivity.criterion_power(V, W)
    robustness.bidder_influence(QUALITY, PRICES, RULE)
    robustness.phantom_price(QUALITY, PRICES, RULE.points)
    formula_matrix(QUALITY, PRICES, PLAIN)
    a = RULE.winners(QUALITY, PRICES)[0]
    sensitivity.value_of_quality(QUALITY, PRICES, RULE, a, (a + 1) % VENDORS)
    bounds(V, Missing.ZERO)


def panel_part():
    panel.influence(SCORES, W)
    panel.margin_noise(SCORES, W, SEED)
    panel.bias(SCORES, 0.2)


def report():
    robustness.smaa(V, Dirichlet(W, 60), DRAWS, SEED)
    robustness.smaa(V, Simplex(CRITERIA), DRAWS, SEED)
    exact()
    panel_part()


def reports():
    print(f"\nRobustness report, {VENDORS} x {CRITERIA}, {EVALUATORS} evaluators\n")
    head("part", "engine ms", "peak MB")
    parts = [
        ("weight intervals", lambda: robustness.weight_intervals(V, W)),
        ("least move that flips the award", lambda: robustness.award_move(V, W)),
        ("leave one bidder out", lambda: robustness.bidder_influence(QUALITY, PRICES, RULE)),
        ("influence of evaluators, all subsets", lambda: panel.influence(SCORES, W)),
        ("noise of the panel, 10,000 panels", lambda: panel.margin_noise(SCORES, W, SEED)),
        ("severity and favouritism", lambda: panel.bias(SCORES, 0.2)),
        (
            "ordinal alpha and without each",
            lambda: panel.leave_one_out(SCORES.reshape(EVALUATORS, -1), "ordinal"),
        ),
        ("all exact parts of maths.md 6", exact),
        (
            "SMAA around published weights",
            lambda: robustness.smaa(V, Dirichlet(W, 60), DRAWS, SEED),
        ),
        ("SMAA over all weights", lambda: robustness.smaa(V, Simplex(CRITERIA), DRAWS, SEED)),
        ("full report", report),
    ]
    for name, act in parts:
        line(name, f"{best(act):.2f}", f"{peak(act):.1f}")


def growth():
    print("\nGrowth of SMAA (weighted sum) and of the exact parts as one size doubles\n")
    head("what", "size", "SMAA ms", "factor", "weight intervals ms", "factor")
    base = {"vendors": 25, "criteria": 100, "draws": 5000}
    for what, smallest in base.items():
        before = None
        for step in range(3):
            size = base | {what: smallest * 2**step}
            v = rng.random((size["vendors"], size["criteria"]))
            w = rng.dirichlet(np.ones(size["criteria"]))
            space = Simplex(size["criteria"])
            now = (
                best(lambda v=v, s=space, n=size["draws"]: robustness.smaa(v, s, n, SEED)),
                best(lambda v=v, w=w: robustness.weight_intervals(v, w)),
            )
            factors = (
                [f"{x / y:.2f}" for x, y in zip(now, before, strict=True)] if before else ["", ""]
            )
            line(what, f"{size[what]:,}", f"{now[0]:.1f}", factors[0], f"{now[1]:.3f}", factors[1])
            before = now


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sampled()
    floor()
    single()
    reports()
    growth()
