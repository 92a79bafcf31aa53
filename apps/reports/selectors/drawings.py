"""The charts of paper, drawn from what the payload's records hold."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.core.charts import (
    break_even,
    cost_stack,
    decision_path,
    maturity,
    rank_shares,
    svg,
    winner_strips,
)
from apps.engine.pricing.models import PRICING_MODELS
from apps.reports.selectors import wording
from apps.reports.selectors.paper import AttachedRecord, Payload
from apps.reports.selectors.ranking import Ranked

PAPER = 720
MOST_RANKS = 4


def from_records(content: Payload, attached: Sequence[AttachedRecord]) -> Ranked:
    """Read the attached ranking back, with the letters of the payload."""
    names = [*content["ranking"]["rows"], *content.get("knockouts", [])]
    by_name = {row["vendor"]["name"]: row["vendor"]["letter"] for row in names}
    record = next(one for one in attached if one.file == "ranking.record.json")
    plain = json.loads(record.content)
    letters = {v["id"]: by_name.get(v["name"], "") for v in plain["result"]["vendors"]}
    return Ranked(None, plain["case"], plain["result"], letters)


def _svg_vendor(ranked: Ranked, row: dict[str, Any]) -> svg.Vendor:
    return svg.Vendor(ranked.letters.get(row["id"], ""), row["name"])


def shares(ranked: Ranked) -> str:
    around = ranked.result["smaa"]["around_published"]["vendors"]
    found = {row["id"]: tuple(float(place) for place in row["places"]) for row in around}
    chart = rank_shares.RankShares(
        _("Share of weightings in which each vendor takes each rank"),
        tuple(
            rank_shares.RankRow(_svg_vendor(ranked, row), _four(found[row["id"]]))
            for row in ranked.placed
        ),
    )
    return rank_shares.render(chart, width=PAPER)


def _four(places: tuple[float, ...]) -> tuple[float, ...]:
    if len(places) <= MOST_RANKS:
        return places
    return (*places[: MOST_RANKS - 1], sum(places[MOST_RANKS - 1 :]))


def strips(ranked: Ranked) -> str:
    leader = ranked.placed[0]
    rows = {row["id"]: row for row in ranked.result["weight_intervals"]["nodes"]}
    rows |= {row["id"]: row for row in ranked.result["weight_intervals"]["criteria"]}
    drawn = tuple(
        winner_strips.Strip(
            node["name"],
            float(rows[node["id"]]["weight"]) / 100,
            _segments(ranked, rows[node["id"]], leader["id"]),
        )
        for node in ranked.sections
        if node["id"] in rows
    )
    chart = winner_strips.WinnerStrips(_("Leading vendor at every weight of a criterion"), drawn)
    return winner_strips.render(chart, width=PAPER)


def _segments(
    ranked: Ranked, row: dict[str, Any], leader: str
) -> tuple[winner_strips.Segment, ...]:
    low, high = float(row["low"]) / 100, float(row["high"]) / 100
    parts = [(row["wins_below"], 0.0, low), (leader, low, high), (row["wins_above"], high, 1.0)]
    return tuple(
        winner_strips.Segment(ranked.letters[who], start, stop)
        for who, start, stop in parts
        if who and stop > start
    )


def _prices(attached: Sequence[AttachedRecord]) -> dict[str, Any]:
    record = next(one for one in attached if one.file == "prices.record.json")
    return dict(json.loads(record.content))


def _letters(content: Payload) -> dict[str, str]:
    return {row["vendor"]["name"]: row["vendor"]["letter"] for row in content["prices"]["rows"]}


def costs(content: Payload, attached: Sequence[AttachedRecord]) -> str:
    """Stack each quote's parts of cost, cheapest first."""
    record = _prices(attached)
    quotes = sorted(record["result"]["quotes"], key=lambda q: int(q["place"]))
    codes = list(dict.fromkeys(code for quote in quotes for code in quote["parts"]))
    letters = _letters(content)
    bars = tuple(
        cost_stack.CostBar(
            quote["vendor"],
            tuple(float(quote["parts"].get(code, "0")) for code in codes),
            note=str(PRICING_MODELS[quote["model"]].name),
            letter=letters.get(quote["vendor"], ""),
        )
        for quote in quotes
    )
    chart = cost_stack.CostStack(
        content["prices"]["title"],
        tuple(wording.part(code) for code in codes),
        bars,
        record["result"]["currency"],
    )
    return cost_stack.render(chart, width=PAPER)


def volumes(content: Payload, attached: Sequence[AttachedRecord]) -> str:
    """Draw each quote's cost over the term against the volume, with every crossing."""
    record = _prices(attached)
    result, letters = record["result"], _letters(content)
    points = result["volumes"]["points"]
    lines = tuple(
        break_even.CostLine(
            quote["vendor"],
            tuple(
                (float(point["contacts_per_month"]), float(point["costs"][at])) for point in points
            ),
            letter=letters.get(quote["vendor"], ""),
        )
        for at, quote in enumerate(result["quotes"])
    )
    crossings = tuple(
        break_even.Crossing(float(one["contacts_per_month"]), float(one["cost"]))
        for one in result["volumes"]["crossings"]
    )
    forecast = float(result["volumes"]["forecast_contacts_per_month"])
    spread = record["case"].get("uncertainty", {}).get("volume", {})
    chart = break_even.BreakEven(
        _("Cost over the term against contacts a month"),
        lines,
        crossings,
        currency=result["currency"],
        forecast=forecast,
        low=forecast * float(spread.get("low", "1")),
        high=forecast * float(spread.get("high", "1")),
        band_word=_("Assumed range"),
        y_word=_("present value of the term"),
    )
    return break_even.render(chart, width=PAPER)


def path(content: Payload) -> str:
    """Draw the path through the tree, roads not taken beside it."""
    steps = tuple(
        decision_path.PathStep(
            step["question"],
            step["evidence"],
            step["answer"],
            ((_("otherwise"), step["otherwise"]),),
        )
        for step in content["path"]["steps"]
    )
    outcome = content["path"]["recommendation"].partition(".")[0]
    chart = decision_path.DecisionPath(_("Path through the decision tree"), steps, outcome)
    return decision_path.render(chart, width=PAPER)


def readiness(attached: Sequence[AttachedRecord]) -> str:
    """Draw the readiness score on its bands; empty when there is no assessment."""
    record = next((one for one in attached if one.file == "readiness.record.json"), None)
    if record is None:
        return ""
    plain = json.loads(record.content)
    framework, total = plain["case"]["framework"], plain["result"]["total"]
    tones = ("bad", "warn", "ok")
    bands = tuple(
        maturity.MaturityBand(
            band["name"], float(band["from"]), float(band["to"]), tones[min(at, len(tones) - 1)]
        )
        for at, band in enumerate(framework["bands"])
    )
    return maturity.render(
        maturity.Maturity(framework["name"], float(total["lo"]), bands), width=PAPER
    )
