"""Who is admitted, and which criteria count: decided before any price is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from apps.engine.errors import MissingScores
from apps.engine.matrix.applicable import filled, refuse_empty
from apps.engine.matrix.inputs import Flags, Floats, Missing
from apps.engine.matrix.rank_case import RankCase, Threshold
from apps.engine.matrix.ranking import admit
from apps.engine.numbers import snap, text

Reason = Mapping[str, str]


@dataclass(frozen=True, eq=False, kw_only=True)
class Gates:
    """Admitted vendors (V,), why the others are out, and the criteria in play (C,)."""

    admitted: Flags
    reasons: tuple[tuple[Reason, ...], ...]
    active: Flags


def pass_gates(case: RankCase, values: Floats) -> Gates:
    """Apply knock-outs, then minimum scores, then thresholds; `values` (V, C) with NaN."""
    through, reasons = _knockouts(case)
    absent = np.isnan(values) & ~_priced(case) & ~case.not_applicable & through[:, None]
    if case.missing is Missing.BLOCK and absent.any():
        v, c = np.argwhere(absent)[0]
        raise MissingScores(
            "This score is missing, and the published rule allows no ranking then.",
            path=f"scores.{case.vendors[v]}.{case.criteria[c].id}",
        )
    active: Flags = np.ones(len(case.criteria), dtype=bool)
    if case.missing is Missing.EXCLUDE:
        active = np.logical_not(absent.any(axis=0))
    if case.price is not None and case.price.prices is None:
        active &= ~_priced(case)
    refuse_empty(case, active, through)
    reached = filled(case, np.nan_to_num(values), active)
    for found in (_minimums(case, active), _thresholds(case, reached, active)):
        for i, more in enumerate(found):
            reasons[i].extend(more)
    admitted = np.array([not found for found in reasons], dtype=bool)
    return Gates(admitted=admitted, reasons=tuple(tuple(r) for r in reasons), active=active)


def _priced(case: RankCase) -> Flags:
    return np.array([one.priced for one in case.criteria], dtype=bool)


def _knockouts(case: RankCase) -> tuple[Flags, list[list[Reason]]]:
    codes = tuple(dict.fromkeys(one.code for one in case.knockouts))
    answers = np.full((len(case.vendors), len(codes)), np.nan)
    for one in case.knockouts:
        if one.passed is not None:
            answers[case.vendors.index(one.vendor), codes.index(one.code)] = float(one.passed)
    result = admit(answers)
    reasons: list[list[Reason]] = [
        [
            {
                "code": "knockout-failed" if reason.answered else "knockout-unanswered",
                "knockout": codes[reason.requirement],
            }
            for reason in found
        ]
        for found in result.reasons
    ]
    return result.admitted, reasons


def _minimums(case: RankCase, active: Flags) -> list[list[Reason]]:
    """Compare raw scores with minimum scores, at or above on the unrounded figure.

    A criterion that does not apply to a vendor has no score to compare.
    """
    held = [j for j, one in enumerate(case.criteria) if one.minimum is not None and active[j]]
    sign = np.array([np.sign(case.criteria[j].best - case.criteria[j].worst) for j in held])
    least = np.array([case.criteria[j].minimum for j in held], dtype=np.float64)
    given = np.where(case.not_applicable[:, held], least, case.raw[:, held])
    result = admit(given * sign, least * sign)
    found: list[list[Reason]] = []
    for vendor, reasons in enumerate(result.reasons):
        found.append([])
        for reason in reasons:
            j = held[reason.requirement]
            fact = {
                "code": "below-minimum" if reason.answered else "minimum-unanswered",
                "criterion": case.criteria[j].id,
                "minimum": text(float(least[reason.requirement])),
            }
            if reason.answered:
                fact["score"] = text(float(case.raw[vendor, j]))
            found[-1].append(fact)
    return found


def _thresholds(case: RankCase, values: Floats, active: Flags) -> list[list[Reason]]:
    """Compare what a group reaches, in percent of what it can reach; missing counts 0."""
    found: list[list[Reason]] = [[] for _ in case.vendors]
    for threshold in case.thresholds:
        percent = group_percent(case, values, active, threshold.on)
        for vendor, share in enumerate(percent):
            if share is not None and float(snap(share)) < threshold.at_least:
                found[vendor].append(_below(threshold, share))
    return found


def _below(threshold: Threshold, share: float) -> Reason:
    return {
        "code": "below-threshold",
        "node": threshold.on,
        "percent": text(share),
        "at_least_percent": text(threshold.at_least),
    }


def group_percent(case: RankCase, values: Floats, active: Flags, node: str) -> list[float | None]:
    """Percent of its attainable value that each vendor reaches in a group; None if none counts."""
    shares = np.array([float(case.tree.share(leaf, node)) for leaf in case.tree.leaves]) * active
    if not shares.sum() > 0:
        return [None] * len(case.vendors)
    reached = np.nan_to_num(values) @ shares / shares.sum() * 100
    return [float(x) for x in reached]
