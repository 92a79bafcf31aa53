"""The drawings of the two sample reports, by the charts that the pages use as well."""

import segno

from apps.core.charts import (
    break_even,
    cost_stack,
    maturity,
    rank_shares,
    rosette,
    svg,
    total_ranges,
    vendor_glyph,
    winner_strips,
)

NAMES = {
    "B": "Castellan CX",
    "A": "Velora Connect",
    "D": "Northmoor BPO",
    "C": "Tamarind Global",
}
PARTS = ("Run", "Transition", "Governance and travel", "Indexation and currency", "Exit and risk")
COSTS = {
    "A": (25_900_000, 1_350_000, 1_100_000, 1_550_000, 1_700_000),
    "C": (27_600_000, 1_250_000, 950_000, 2_050_000, 1_850_000),
    "D": (29_100_000, 1_150_000, 900_000, 1_600_000, 1_250_000),
    "B": (34_740_000, 950_000, 450_000, 0, 600_000),
}
MODELS = {"A": "Per FTE", "B": "Managed service", "C": "Per minute", "D": "Outcome-based"}
RANGES = {
    "B": (79.6, 80.6, 81.4),
    "A": (76.5, 78.4, 80.4),
    "D": (74.1, 75.3, 76.5),
    "C": (70.2, 72.0, 73.9),
}
STRIPS = (
    ("Service delivery", 0.20, (("B", 0, 1),)),
    ("Security and data protection", 0.25, (("A", 0, 0.18), ("B", 0.18, 1))),
    ("Workforce and hiring", 0.15, (("B", 0, 0.26), ("A", 0.26, 1))),
    ("Technology and platform", 0.12, (("B", 0, 0.35), ("A", 0.35, 1))),
    ("Transition plan", 0.10, (("B", 0, 1),)),
    ("Cost over 36 months", 0.18, (("B", 0, 0.29), ("A", 0.29, 1))),
)


def vendor(letter):
    return svg.Vendor(letter, NAMES[letter])


def charts():
    rows = tuple(
        total_ranges.TotalRange(vendor(letter), *figures) for letter, figures in RANGES.items()
    )
    shares = {
        "B": (0.93, 0.07, 0, 0),
        "A": (0.07, 0.93, 0, 0),
        "D": (0, 0, 1, 0),
        "C": (0, 0, 0, 1),
    }
    ranks = tuple(rank_shares.RankRow(vendor(letter), row) for letter, row in shares.items())
    strips = tuple(
        winner_strips.Strip(label, weight, tuple(winner_strips.Segment(*one) for one in segments))
        for label, weight, segments in STRIPS
    )
    return {
        "total_ranges": total_ranges.render(
            total_ranges.TotalRanges("Weighted total and its 5 to 95% range", rows), width=720
        ),
        "rank_shares": rank_shares.render(
            rank_shares.RankShares(
                "Share of weightings in which each vendor takes each rank", ranks
            )
        ),
        "winner_strips": winner_strips.render(
            winner_strips.WinnerStrips("Leading vendor at every weight of a criterion", strips)
        ),
        "cost_stack": cost_stack.render(_costs()),
        "break_even": break_even.render(_volumes()),
        "maturity": maturity.render(_readiness()),
        **{f"glyph_{letter}": _glyph(letter) for letter in "ABCDE"},
    }


def seal(digest, address):
    """The two drawings that stand for one report: its rosette and the code with its address."""
    drawing = rosette.Rosette(digest, label="Drawing of this report's digest")
    code = segno.make(f"https://{address}", error="m")
    title = f"Code that opens {address}"
    return {
        "rosette": rosette.render(drawing, size=180),
        "qr": code.svg_inline(border=0, dark="#121D23", title=title),
    }


def _glyph(letter):
    return vendor_glyph.render(vendor_glyph.VendorGlyph(letter, label=letter))


def _costs():
    bars = tuple(
        cost_stack.CostBar(NAMES[letter], parts, note=MODELS[letter], letter=letter)
        for letter, parts in COSTS.items()
    )
    house = cost_stack.CostBar("In-house, as today", (44_120_000, 0, 0, 0, 0))
    return cost_stack.CostStack("Cost over 36 months by part", PARTS, (*bars, house), "EUR")


def _volumes():
    def line(name, cost):
        volumes = range(250_000, 551_000, 10_000)
        return break_even.CostLine(name, tuple((volume, cost(volume)) for volume in volumes))

    return break_even.BreakEven(
        "Monthly cost of the pricing models against contacts",
        (
            line("Per FTE", lambda volume: max(834_400, volume * 2.32)),
            line("Per minute", lambda volume: volume * 2.4676),
            line("Managed service", lambda volume: 965_000 + max(0, volume - 450_000) * 1.9),
        ),
        (
            break_even.Crossing(338_142, 834_400),
            break_even.Crossing(391_068, 965_000),
            break_even.Crossing(415_948, 965_000),
        ),
        currency="EUR",
        forecast=410_000,
        low=362_000,
        high=455_000,
    )


def _readiness():
    bands = (
        maturity.MaturityBand("High risk, fix the process first", 0, 50, "bad"),
        maturity.MaturityBand("Hybrid, consultative onboarding", 50, 80, "warn"),
        maturity.MaturityBand("Ready", 80, 100, "ok"),
    )
    return maturity.Maturity("Outsourcing readiness", 68, bands)
