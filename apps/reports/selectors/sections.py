"""One page per vendor, criterion by criterion with the agreed reasons; and who scored."""

import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from apps.bids.models import Bid
from apps.matrix import selectors as matrix
from apps.matrix.models import Assignment, Ranking, ScoringRound
from apps.matrix.selectors.counting import recused_in
from apps.matrix.selectors.holding import held_in
from apps.reports.selectors.paper import DASH, Plain, points, weight, whole
from apps.reports.selectors.ranking import HUNDRED, Ranked, level, score_of
from apps.rfp.models import Question
from apps.workspace.models import PanelMember, Recusal
from apps.workspace.selectors import panel_of
from apps.workspace.states import Interest, Role

MOST = 3  # strengths and concerns named per bid
STRONG, WEAK = Decimal("0.8"), Decimal("0.4")  # of the scale
SCORERS = frozenset({Role.LEAD, Role.EVALUATOR, Role.MODERATOR})

Reasons = Mapping[tuple[str, str], str]


def every(frozen: Ranking, ranked: Ranked) -> list[dict[str, Any]]:
    """Return the section of every admitted vendor, best first."""
    reasons = _reasons(frozen)
    return [_section(ranked, row, reasons) for row in ranked.placed]


def _reasons(frozen: Ranking) -> Reasons:
    """Return what the panel agreed on and why, by bid and question, word for word."""
    scoring_round, held = frozen.scoring_round, held_in(frozen)
    codes = dict(Question.objects.filter(rfp=scoring_round.rfp_id).values_list("pk", "code"))
    found = {
        (str(row.bid_id), codes[row.question_id]): row.reason
        for row in matrix.current_consensus(scoring_round)
    }
    for key, hold in held.items():
        found[key] = f"{found.get(key, '')} {hold.sentence}".strip()
    return found


def _section(ranked: Ranked, row: Plain, reasons: Reasons) -> dict[str, Any]:
    scored = [leaf for leaf in ranked.leaves if leaf["id"] != ranked.price_id]
    return {
        "vendor": ranked.shown(row),
        "place": _("rank {rank} of {count}, total {total}").format(
            rank=row["rank"], count=len(ranked.placed), total=ranked.total(row["total"])
        ),
        "finding": _finding(ranked, row),
        "weight_total": weight(ranked.quality_weight),
        "total": points(row["quality"]),
        "strengths": _named(row, scored, best=True),
        "concerns": _named(row, scored, best=False),
        "criteria": [_criterion(ranked, row, leaf, reasons) for leaf in scored],
    }


def _finding(ranked: Ranked, row: Plain) -> str:
    groups = [node for node in ranked.sections if node["id"] != ranked.price_id]
    ordered = sorted(groups, key=lambda node: -score_of(row, node))
    best, worst = ordered[0], ordered[-1]
    if score_of(row, best) == score_of(row, worst):
        return _("Equal on every group of criteria: {score} of 100.").format(
            score=whole(score_of(row, best))
        )
    return _("Strongest on {best} ({high} of 100), weakest on {worst} ({low}).").format(
        best=best["name"],
        high=whole(score_of(row, best)),
        worst=worst["name"],
        low=whole(score_of(row, worst)),
    )


def _named(row: Plain, scored: list[dict[str, Any]], *, best: bool) -> list[str]:
    """Name the heaviest criteria on which a bid stands at the upper, or the lower, end."""
    found = [leaf for leaf in scored if _stands_out(row["values"].get(leaf["id"]), best=best)]
    found.sort(key=lambda leaf: -Decimal(leaf["percent_of_total"]))
    return [f"{leaf['name']} ({leaf['id']})" for leaf in found[:MOST]]


def _stands_out(value: str | None, *, best: bool) -> bool:
    if value is None:
        return not best
    return Decimal(value) >= STRONG if best else Decimal(value) <= WEAK


def _criterion(ranked: Ranked, row: Plain, leaf: Plain, reasons: Reasons) -> dict[str, str]:
    key = leaf["id"]
    value = _score(row, key)
    others = [score for score in (_score(one, key) for one in ranked.placed) if score is not None]
    default = _("No score.") if value is None else _("Scored by the published rule.")
    return {
        "criterion": f"{key} {leaf['name']}",
        "weight": weight(leaf["percent_of_total"]),
        "score": whole(value),
        "level": level(value) if value is not None else "0",
        "median": whole(median(others)) if others else DASH,
        "points": points(row["contributions"][key]),
        "reason": reasons.get((row["id"], key), default),
    }


def _score(row: Plain, key: str) -> Decimal | None:
    value = row["values"].get(key)
    return None if value is None else Decimal(value) * HUNDRED


def panel(frozen: Ranking) -> dict[str, Any]:
    """Return who was on the panel, what they scored and which interests they declared."""
    scored = _sections_by_person(frozen.scoring_round)
    members = [one for one in panel_of(frozen.procurement) if one.role in SCORERS]
    recused, late = _recused(frozen)
    return {
        "note": _("scores were given alone, then agreed"),
        "rows": [
            {
                "name": one.user.name,
                "role": str(Role(one.role).label),
                "scored": _scored(
                    scored.get(one.user_id, []) if one.role == Role.EVALUATOR else []
                ),
                "interests": _interests(
                    one, recused.get(one.user_id, ()), late.get(one.user_id, ())
                ),
            }
            for one in members
        ],
    }


def _sections_by_person(scoring_round: ScoringRound) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = {}
    given = Assignment.objects.filter(scoring_round=scoring_round).select_related("section")
    for one in given.order_by("section__position"):
        found.setdefault(one.evaluator_id, []).append(one.section.code)
    return found


def _scored(codes: list[str]) -> str:
    return _("sections {codes}").format(codes=", ".join(codes)) if codes else DASH


def _recused(frozen: Ranking) -> tuple[dict[uuid.UUID, list[str]], dict[uuid.UUID, list[str]]]:
    """Return the vendors that evaluators did not judge, by person, and those found too late."""
    counted = {(one.evaluator, one.bid) for one in recused_in(frozen.scoring_round)}
    held = Recusal.objects.filter(procurement=frozen.procurement_id, vendor__isnull=False)
    rows = list(held.order_by("created_at", "pk").values_list("user", "vendor", "vendor__name"))
    bid_of = dict(
        Bid.objects.filter(
            round__rfp=frozen.scoring_round.rfp_id, vendor__in={vendor for _u, vendor, _n in rows}
        ).values_list("vendor", "pk")
    )
    out: dict[uuid.UUID, list[str]] = {}
    late: dict[uuid.UUID, list[str]] = {}
    for user, vendor, name in rows:
        found = late if (user, bid_of.get(vendor)) not in counted and vendor in bid_of else out
        found.setdefault(user, []).append(name)
    return out, late


def _interests(
    member: PanelMember, recused: Collection[str] = (), late: Collection[str] = ()
) -> str:
    if member.interest == Interest.CONFLICT:
        return member.interest_note or _("a conflict")
    if recused:
        return _("conflicted: gave {vendors} no score").format(vendors=", ".join(recused))
    if late:
        return _(
            "conflict with {vendors} found after the lock: scores given before are in it"
        ).format(vendors=", ".join(late))
    return _("none") if member.interest == Interest.NONE else _("not declared")
