"""Writes what the individual scores of a panel say, as plain data."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from apps.engine.errors import MissingScores
from apps.engine.matrix.agreement import alpha, icc, kendall_w, leave_one_out
from apps.engine.matrix.bias import Bias, bias
from apps.engine.matrix.case_robustness import FEWEST
from apps.engine.matrix.consensus import cells
from apps.engine.matrix.influence import (
    ENUMERATED,
    Dropped,
    Influence,
    influence,
    margin_noise,
)
from apps.engine.matrix.inputs import Floats, Ints, frozen, normalise
from apps.engine.matrix.model import Model, model
from apps.engine.matrix.rank_case import Individual
from apps.engine.matrix.scorecard import Scorecard
from apps.engine.numbers import text, texts
from apps.engine.reading import Json

LEVEL = "ordinal"
ICC_NAMES = ("one", "two", "three", "one_mean", "two_mean", "three_mean")


def panel(card: Scorecard) -> Json:
    """Return agreement, bias and influence of a panel, or None without individual scores.

    How firm the margin is against the panel's noise is left out where too few vendors are admitted.
    """
    individual, found = card.case.individual, model(card)
    if individual is None or found is None or not found.scored.any():
        return None
    rows = np.flatnonzero(card.gates.admitted)
    columns = np.array([card.case.tree.leaves.index(name) for name in _scored(found)])
    raw = individual.raw[:, rows][:, :, columns]
    criteria = [card.case.criteria[j] for j in columns]
    ends = [(one.worst, one.best) for one in criteria]
    places = normalise(raw, ends)  # on the scale itself, whatever its value function
    values = normalise(raw, ends, [one.value_function for one in criteria])
    away = card.case.not_applicable[np.ix_(rows, columns)]
    fixed = _with_filled(card, found, rows, columns) if away.any() else found
    return {
        "evaluators": list(individual.evaluators),
        "cells": _cells(raw, card.case.raw[np.ix_(rows, columns)], found),
        "agreement": _agreement(places, values, card.weights[columns], found),
        "bias": _bias(places, ends, individual, found),
        "influence": _influence(card, values, card.weights[columns], individual, fixed),
        "margin_noise": None
        if rows.size < FEWEST
        else _noise(card, np.where(away, 0.0, values), card.weights[columns], fixed),
    }


def _with_filled(card: Scorecard, found: Model, rows: Ints, columns: Ints) -> Model:
    """Count what does not apply to a vendor among what no evaluator moves, at its agreed mean."""
    away = card.case.not_applicable[np.ix_(rows, columns)]
    own = np.where(away, card.values[np.ix_(rows, columns)], 0.0) @ card.weights[columns]
    return replace(found, fixed=frozen(found.fixed + found.factor * own))


def _scored(found: Model) -> list[str]:
    return [name for name, on in zip(found.criteria, found.scored, strict=True) if on]


def _maybe(figure: float | None) -> str | None:
    return None if figure is None or not np.isfinite(figure) else text(figure)


def _cells(raw: Floats, agreed: Floats, found: Model) -> list[Json]:
    """Each scored cell in rubric points: what evaluators gave, and what was agreed."""
    seen = cells(raw)
    spread, distance, outside = seen.spread, seen.distance(agreed), seen.outside(agreed)
    return [
        {
            "vendor": vendor,
            "criterion": name,
            "scores": int(seen.count[i, j]),
            "mean": _maybe(float(seen.mean[i, j])),
            "median": _maybe(float(seen.median[i, j])),
            "least": _maybe(float(seen.least[i, j])),
            "most": _maybe(float(seen.most[i, j])),
            "spread": _maybe(float(spread[i, j])),
            "agreed": _maybe(float(agreed[i, j])),
            "distance": _maybe(float(distance[i, j])),
            "outside": bool(outside[i, j]),
        }
        for i, vendor in enumerate(found.vendors)
        for j, name in enumerate(_scored(found))
    ]


def _agreement(places: Floats, values: Floats, weights: Floats, found: Model) -> Json:
    """Alpha on the order of scores, for all cells and for each criterion; ICC, Kendall's W."""
    size = places.shape[0]
    if size < 2:
        return None
    names = _scored(found)
    everything = places.reshape(size, -1)
    complete = not np.isnan(everything).any()
    totals = values @ weights
    return {
        "level": LEVEL,
        "alpha": _alpha(everything),
        "alpha_by_criterion": [
            {"id": name, "alpha": _alpha(places[:, :, j])} for j, name in enumerate(names)
        ],
        "icc": _icc(everything) if complete and everything.shape[1] > 1 else None,
        "kendall_w": _maybe(kendall_w(totals)) if complete and totals.shape[1] > 1 else None,
    }


def _alpha(x: Floats) -> Json:
    try:
        seen = alpha(x, LEVEL)
    except MissingScores:
        return None
    without: list[Json] = [
        None if one is None else _maybe(one.value) for one in leave_one_out(x, LEVEL)
    ]
    return {
        "value": _maybe(seen.value),
        "verdict": seen.verdict,
        "units": seen.units,
        "ratings": seen.ratings,
        "without_each": without,
    }


def _icc(x: Floats) -> Json:
    seen = icc(x)
    return {name: _maybe(getattr(seen, name)) for name in ICC_NAMES}


def _bias(
    places: Floats, ends: Sequence[tuple[float, float]], individual: Individual, found: Model
) -> Json:
    """Severity and favouritism in steps of the rubric (the mean step where scales differ)."""
    step = float(np.mean([1 / abs(best - worst) for worst, best in ends]))
    try:
        seen = bias(places, step)
    except MissingScores:
        return None
    return {
        "cells": seen.cells,
        "error_steps": text(seen.error / step),
        "evaluators": [
            {
                "id": name,
                "severity_steps": text(float(seen.severity[e]) / step),
                "t": _maybe(float(seen.t[e])),
                "severity_flag": bool(seen.severity_flags[e]),
                "favouritism": _favours(seen, e, step, found),
            }
            for e, name in enumerate(individual.evaluators)
        ],
    }


def _favours(seen: Bias, e: int, step: float, found: Model) -> list[Json]:
    return [
        {
            "vendor": vendor,
            "steps": _maybe(float(seen.favouritism[e, i]) / step),
            "z": _maybe(float(seen.z[e, i])),
            "flag": bool(seen.favouritism_flags[e, i]),
        }
        for i, vendor in enumerate(found.vendors)
    ]


def _influence(
    card: Scorecard, values: Floats, weights: Floats, individual: Individual, found: Model
) -> Json:
    """Who decided, had the award been made on the mean of the individual scores."""
    asked = card.case.robustness
    names = individual.evaluators
    if len(names) > ENUMERATED and asked is None:
        return None
    seed = asked.seed if asked else None
    seen = influence(values, weights, found.fixed, found.factor, seed)
    return {
        "winners_of_means": [found.vendors[i] for i in seen.winners],
        "margin": _scaled(found, seen.margin),
        "pivotal": [names[e] for e in seen.pivotal],
        "without_one": [_dropped(one, names, found) for one in seen.singles],
        "without_two": [_dropped(one, names, found) for one in seen.pairs],
        "one_score": _one_score(card, seen, names, found),
        "banzhaf": dict(zip(names, texts(float(x) for x in seen.banzhaf), strict=True)),
    }


def _scaled(found: Model, margin: float) -> str | None:
    return None if found.scale is None else text(margin * found.scale)


def _dropped(one: Dropped, names: Sequence[str], found: Model) -> Json:
    return {
        "without": [names[e] for e in one.evaluators],
        "winners": [found.vendors[i] for i in one.winners],
        "margin": _scaled(found, one.margin),
        "changed": one.changed,
    }


def _one_score(card: Scorecard, seen: Influence, names: Sequence[str], found: Model) -> Json:
    """The smallest change of one score that ties; in rubric points on a straight scale only."""
    one = seen.one_score
    if one is None:
        return None
    name = _scored(found)[one.criterion]
    criterion = card.case.criteria[card.case.tree.leaves.index(name)]
    straight = criterion.value_function is None
    points = one.change * (criterion.best - criterion.worst)
    return {
        "evaluator": names[one.evaluator],
        "vendor": found.vendors[one.vendor],
        "criterion": name,
        "rival": found.vendors[one.rival],
        "value_change": text(one.change),
        "score_change": text(points) if straight else None,
    }


def _noise(card: Scorecard, values: Floats, weights: Floats, found: Model) -> Json:
    """Whether the lead stands out from how much the evaluators differ about it."""
    asked = card.case.robustness
    if asked is None or np.isnan(values).any():
        return None
    seen = margin_noise(values, weights, asked.seed, found.fixed, found.factor)
    return {
        "winner": found.vendors[seen.winner],
        "judged": seen.judged,
        "draws": seen.draws,
        "rivals": [
            {"id": vendor, "t": _maybe(float(seen.t[i])), "ahead": _maybe(float(seen.ahead[i]))}
            for i, vendor in enumerate(found.vendors)
            if i != seen.winner
        ],
    }
