"""The charts of paper, drawn from what a payload's own records hold."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core.charts import (
    break_even,
    cost_stack,
    decision_path,
    maturity,
    rank_shares,
    score_bars,
    svg,
    winner_strips,
)
from apps.pricing.selectors import words
from apps.reports.selectors import intervals, records
from apps.reports.selectors.intervals import Interval
from apps.reports.selectors.paper import Payload, Plain, vendors_in
from apps.reports.selectors.ranking import HUNDRED, Ranked
from apps.reports.selectors.records import AttachedRecord

PAPER = 720  # px, the width of the text on A4
MOST_RANKS = 4
TONES = ("bad", "warn", "ok")


def ranked(content: Payload, attached: Sequence[AttachedRecord]) -> Ranked:
    """Read the attached ranking back, with the letters of the payload."""
    record = records.by_file(attached, records.RANKING)
    if record is None:
        raise LookupError("this report carries no ranking")
    return Ranked(record, _letters(content))


def _letters(content: Payload) -> dict[str, str]:
    return {vendor["id"]: vendor["letter"] for vendor in vendors_in(content)}


def totals(ranking: Ranked) -> str:
    """Draw the totals of the admitted bids as bars from zero; nothing where they are no points."""
    if not ranking.in_points:
        return ""
    bars = tuple(
        score_bars.ScoreBar(row["name"], float(row["total"]), ranking.letters.get(row["id"], ""))
        for row in ranking.placed
    )
    chart = score_bars.ScoreBars(_("Total of each admitted bid, points of 100"), bars)
    return score_bars.render(chart, width=PAPER)


def shares(ranking: Ranked, ranks: Sequence[str]) -> str:
    """Draw how often each bid takes each rank."""
    smaa = (ranking.result.get("smaa") or {}).get("around_published")
    if not smaa:
        return ""
    found = {row["id"]: tuple(float(place) for place in row["places"]) for row in smaa["vendors"]}
    chart = rank_shares.RankShares(
        _("Share of weightings in which each vendor takes each rank"),
        tuple(
            rank_shares.RankRow(
                svg.Vendor(ranking.letters.get(row["id"], ""), row["name"]), _four(found[row["id"]])
            )
            for row in ranking.placed
        ),
        ranks=tuple(ranks),
    )
    return rank_shares.render(chart, width=PAPER)


def _four(places: tuple[float, ...]) -> tuple[float, ...]:
    if len(places) <= MOST_RANKS:
        return places
    return (*places[: MOST_RANKS - 1], sum(places[MOST_RANKS - 1 :]))


def strips(ranking: Ranked) -> str:
    """Draw who leads at every weight of what can move the first place."""
    found = intervals.flipping(ranking)
    if not found:
        return ""
    drawn = tuple(
        winner_strips.Strip(one.name, float(one.weight / HUNDRED), _segments(ranking, one))
        for one in found
    )
    chart = winner_strips.WinnerStrips(_("Leading vendor at every weight of a criterion"), drawn)
    return winner_strips.render(chart, width=PAPER)


def _segments(ranking: Ranked, one: Interval) -> tuple[winner_strips.Segment, ...]:
    low, high = float(one.low / HUNDRED), float(one.high / HUNDRED)
    parts = ((one.below, 0.0, low), (ranking.leader["id"], low, high), (one.above, high, 1.0))
    return tuple(
        winner_strips.Segment(ranking.letters.get(who, ""), start, stop)
        for who, start, stop in parts
        if who and stop > start
    )


def costs(content: Payload, record: Plain) -> str:
    """Stack each quote's groups of cost, cheapest first."""
    result, letters = record["result"], _letters(content)
    groups = [str(label) for label, _parts in words.STACK]
    bars = tuple(
        cost_stack.CostBar(
            quote["vendor"],
            _grouped(quote["parts"]),
            note=str(words.MODELS[quote["model"]]),
            letter=letters.get(quote["id"], ""),
        )
        for quote in sorted(result["quotes"], key=lambda quote: int(quote["place"]))
    )
    chart = cost_stack.CostStack(
        content["prices"]["title"], tuple(groups), bars, result["currency"]
    )
    return cost_stack.render(chart, width=PAPER)


def _grouped(parts: Mapping[str, str]) -> tuple[float, ...]:
    return tuple(
        float(sum((Decimal(parts.get(code, "0")) for code in codes), Decimal(0)))
        for _label, codes in words.STACK
    )


def volumes(content: Payload, record: Plain) -> str:
    """Draw each quote's cost over the term against the volume, with every crossing."""
    volume, letters = record["result"]["volumes"], _letters(content)
    lines = tuple(
        break_even.CostLine(
            quote["vendor"],
            tuple(
                (float(point["contacts_per_month"]), float(point["costs"][at]))
                for point in volume["points"]
            ),
            letter=letters.get(quote["id"], ""),
        )
        for at, quote in enumerate(record["result"]["quotes"])
    )
    forecast = float(volume["forecast_contacts_per_month"])
    low, high = _assumed(record["case"])
    chart = break_even.BreakEven(
        _("Cost over the term against contacts a month"),
        lines,
        tuple(
            break_even.Crossing(float(one["contacts_per_month"]), float(one["cost"]))
            for one in volume["crossings"]
        ),
        currency=record["result"]["currency"],
        forecast=forecast,
        low=forecast * low,
        high=forecast * high,
        band_word=_("Assumed range"),
        y_word=_("present value of the term"),
    )
    return break_even.render(chart, width=PAPER)


def _assumed(case: Plain) -> tuple[float, float]:
    spread = (case.get("uncertainty") or {}).get("volume") or {}
    return float(spread.get("low", "1")), float(spread.get("high", "1"))


def path(content: Payload) -> str:
    """Draw the path through the tree, roads not taken beside it."""
    steps = tuple(
        decision_path.PathStep(
            step["question"],
            step["value"] or step["evidence"].partition(":")[0],
            step["answer"],
            ((step["other"], step["otherwise"]),),
        )
        for step in content["path"]["steps"]
    )
    chart = decision_path.DecisionPath(
        _("Path through the decision tree"), steps, content["path"]["outcome"]
    )
    return decision_path.render(chart, width=PAPER)


def readiness(record: Plain) -> str:
    """Draw the readiness score on its bands."""
    framework, total = record["case"]["framework"], record["result"]["total"]
    bands: list[Any] = framework["bands"]
    last = len(bands) - 1
    drawn = tuple(
        maturity.MaturityBand(
            band["name"],
            float(band["from"]),
            float(band["to"]),
            TONES[round(at * (len(TONES) - 1) / last)] if last else TONES[-1],
        )
        for at, band in enumerate(bands)
    )
    chart = maturity.Maturity(framework["name"], float(total["lo"]), drawn, high=float(total["of"]))
    return maturity.render(chart, width=PAPER)
