"""The award once more in exact fractions, written from the published rule and not from the engine."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction as F  # noqa: N817 -- it stands in every line
from statistics import median


def value(raw, scale, direction):
    low, high = (F(end) for end in scale)
    share = (F(raw) - low) / (high - low)
    return share if direction == "higher" else 1 - share


def leaf_weights(nodes):
    by_id = {node["id"]: node for node in nodes}

    def share(node):
        if node["parent"] is None:
            return F(1)
        parent = by_id[node["parent"]]
        level = [F(one["weight"]) for one in nodes if one["parent"] == parent["id"]]
        whole = F(100) if parent["weights_of_children"] == "percent" else sum(level)
        return share(parent) * F(node["weight"]) / whole

    parents = {node["parent"] for node in nodes}
    return {node["id"]: share(node) for node in nodes if node["id"] not in parents}


def price_points(formula, params, prices, points):
    """Points of each price in a list, in exact fractions."""
    low, high = min(prices), max(prices)
    clip = lambda x: min(max(x, F(0)), F(1))  # noqa: E731
    middle = {"mean-reference": sum(prices) / len(prices), "median-reference": median(prices)}
    rule = {
        "lowest-over-price": lambda p: low / p,
        "linear-on-lowest": lambda p: clip(1 - (p - low) / low),
        "min-max": lambda p: (high - p) / (high - low) if high > low else F(1),
        "rank": lambda p: 1 - F(sum(q < p for q in prices), max(len(prices) - 1, 1)),
        "absolute-linear": lambda p: clip(
            (F(params["cap"]) - p) / (F(params["cap"]) - F(params["floor"]))
        ),
    }
    if formula in middle:
        reference = middle[formula]
        return [points * clip(F(1, 2) - (p - reference) / (2 * reference)) for p in prices]
    return [points * rule[formula](p) for p in prices]


def rounded(x, decimals=9):
    """Round by the published rule: snap to 12 decimals, then half up to the award's decimals."""
    with localcontext(prec=60):
        exact = Decimal(x.numerator) / Decimal(x.denominator)
        snapped = exact.quantize(Decimal(1).scaleb(-12), ROUND_HALF_EVEN)
        return snapped.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def award(case):
    """Return total and place of each vendor of a case without gates; missing scores count 0."""
    weights = leaf_weights(case["nodes"])
    names = [one["id"] for one in case["vendors"]]
    totals = dict.fromkeys(names, F(0))
    for one in case["criteria"]:
        for name in names:
            raw = case["scores"][name].get(one["id"])
            if raw is not None:
                worth = value(raw, one["scale"], one["direction"])
                totals[name] += 100 * weights[one["id"]] * worth
    block = case["price"]
    prices = [F(block["prices"][name]) for name in names]
    points = 100 * weights[block["criterion"]]
    scored = price_points(block["formula"], block["params"], prices, points)
    for name, more in zip(names, scored, strict=True):
        totals[name] += more
    awarded = {name: rounded(x) for name, x in totals.items()}
    places = {name: 1 + sum(other > x for other in awarded.values()) for name, x in awarded.items()}
    return awarded, places
