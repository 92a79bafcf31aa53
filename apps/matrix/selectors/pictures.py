"""The charts of a frozen ranking: what they draw is what was frozen."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from django.utils.translation import gettext as _

from apps.core.charts.rank_shares import RankRow, RankShares
from apps.core.charts.score_bars import ScoreBar, ScoreBars
from apps.core.charts.total_ranges import TotalRange, TotalRanges
from apps.core.charts.winner_strips import Segment, Strip, WinnerStrips
from apps.engine.matrix.case_robustness import FEWEST
from apps.engine.matrix.stability import NOBODY, weight_intervals
from apps.matrix.selectors.findings import rival_beyond
from apps.matrix.selectors.frozen import Frozen, Part, Plain

HUNDRED = 100.0
CLOSE = 1e-9


def rank_shares(frozen: Frozen) -> RankShares | None:
    """How often each vendor takes each rank; None for a field too small to claim anything."""
    seen = frozen.result["smaa"]
    if not seen or len(frozen.admitted) < FEWEST:
        return None
    places = {row["id"]: row["places"] for row in seen["around_published"]["vendors"]}
    return RankShares(
        title=_("Share of plausible weightings in which each vendor takes each rank"),
        rows=tuple(
            RankRow(bidder.vendor, tuple(float(share) for share in places[bidder.id]))
            for bidder in frozen.admitted
        ),
        ranks=(_("1st"), _("2nd"), _("3rd"), _("4th or later")),
    )


def total_ranges(frozen: Frozen) -> TotalRanges | None:
    """Totals, with missing scores at worst and at best."""
    if not frozen.in_points or not frozen.admitted:
        return None
    return TotalRanges(
        title=_("Total points of each vendor, with missing scores at worst and at best"),
        rows=tuple(
            TotalRange(
                bidder.vendor,
                float(bidder.total_low or 0),
                float(bidder.total or 0),
                float(bidder.total_high or 0),
            )
            for bidder in frozen.admitted
        ),
    )


def where_points_come_from(frozen: Frozen) -> ScoreBars | None:
    """Points of the first vendor by part, with a tick where the second one is."""
    if not frozen.in_points or not frozen.admitted:
        return None
    first, *others = frozen.admitted
    second = others[0] if others else None
    return ScoreBars(
        title=_("Points of {name} by section").format(name=first.name),
        bars=tuple(
            ScoreBar(
                part.label,
                _float(frozen.points(first, part.id)),
                letter=first.letter,
                mark=_float(frozen.points(second, part.id)) if second else None,
            )
            for part in frozen.parts
        ),
        maximum=max(float(part.weight) for part in frozen.parts) or 1.0,
    )


def _float(points: str | None) -> float | None:
    return None if points is None else float(points)


def winner_strips(frozen: Frozen) -> WinnerStrips | None:
    """Who leads at every weight of a part, the others keeping their proportions."""
    held = frozen.result["weight_intervals"]
    if not held or not frozen.in_points or len(frozen.admitted) < 2:  # noqa: PLR2004 -- a rival
        return None
    intervals = {row["id"]: row for row in held["nodes"]}
    shown = [part for part in frozen.parts if _has_ends(intervals.get(part.id))]
    if not shown:
        return None
    return WinnerStrips(
        title=_("Leading vendor at every possible weight of each section"),
        strips=tuple(_strip(frozen, part, intervals[part.id]) for part in shown),
        flips_above=_("flips above {share}"),
        flips_below=_("flips below {share}"),
        always=_("{letter} leads at any weight"),
    )


def _has_ends(row: Plain | None) -> bool:
    return row is not None and row["low"] is not None


def _strip(frozen: Frozen, part: Part, row: Plain) -> Strip:
    middle = Segment(
        frozen.winners[0].letter, float(row["low"]) / HUNDRED, float(row["high"]) / HUNDRED
    )
    segments = [
        *_beyond(frozen, part, row, below=True),
        middle,
        *_beyond(frozen, part, row, below=False),
    ]
    return Strip(part.label, float(row["weight"]) / HUNDRED, tuple(segments))


def _beyond(frozen: Frozen, part: Part, row: Plain, *, below: bool) -> list[Segment]:
    """Return who leads beyond an end of the interval: from rival to rival, up to 0 or 100%.

    Along one weight totals are straight lines, so that the engine's interval of each leader in
    turn gives the next one.
    """
    leader = rival_beyond(frozen, row, above=not below)
    whole = float(frozen.result["basis"]["attainable"])  # below 100 where criteria are left out
    at = float(row["low" if below else "high"]) / whole
    values, names = _sides(frozen, part, Decimal(row["weight"]))
    found: list[Segment] = []
    while leader is not None and len(found) < len(names):
        ends = weight_intervals(values, [at, 1 - at], names.index(leader))
        rival = int((ends.rival_lo if below else ends.rival_hi)[0])
        end = float((ends.lo if below else ends.hi)[0])
        start, stop = sorted((at * whole / HUNDRED, end * whole / HUNDRED))
        found.append(Segment(frozen.bidders[leader].letter, start, stop))
        leader = None if rival == NOBODY or abs(end - at) < CLOSE else names[rival]
        at = end
    return list(reversed(found)) if below else found


def _sides(
    frozen: Frozen, part: Part, weight: Decimal
) -> tuple[Sequence[Sequence[float]], list[str]]:
    """Values 0..1 of each admitted vendor (A, 2): inside the part, and in everything else."""
    attainable = Decimal(frozen.result["basis"]["attainable"])
    rows = []
    for bidder in frozen.admitted:
        inside = Decimal(frozen.points(bidder, part.id) or 0)
        rest = Decimal(bidder.total or 0) - inside
        rows.append([_value(inside, weight), _value(rest, attainable - weight)])
    return rows, [bidder.id for bidder in frozen.admitted]


def _value(points: Decimal, weight: Decimal) -> float:
    return float(np.clip(float(points / weight), 0, 1)) if weight > 0 else 0.0


def tone(points: str | None, weight: str) -> int:
    """The shade of a cell, 0 to 5: the share of the points that were to be had."""
    if points is None or Decimal(weight) == 0:
        return 0
    return min(int(Decimal(points) / Decimal(weight) * 5 + Decimal("0.5")), 5)


def best(frozen: Frozen, part: Part) -> frozenset[str]:
    """The vendors with the most points in a part."""
    held: dict[str, Decimal] = {}
    for bidder in frozen.admitted:
        points = frozen.points(bidder, part.id)
        if points is not None:
            held[bidder.id] = Decimal(points)
    most = max(held.values(), default=None)
    return frozenset(name for name, points in held.items() if points == most)
