"""The scorecard: the weighted matrix, how sure it is, and every bid criterion by criterion."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.charts.figures import number
from apps.matrix import selectors as matrix
from apps.matrix.models import Assignment, Ranking
from apps.reports.selectors import drawings, ranking
from apps.reports.selectors.paper import (
    AttachedRecord,
    Issue,
    Payload,
    ReportType,
    glyphs,
    head,
    list_records,
    method_of,
    money,
    points,
    seal,
    weight,
)
from apps.reports.selectors.ranking import HUNDRED, Ranked, full_ranking, level, score_of
from apps.rfp.models import Question
from apps.workspace.models import Procurement, User
from apps.workspace.rules import panel_roles
from apps.workspace.selectors import panel_of
from apps.workspace.states import Interest, Role

MOST = 3  # strengths and concerns named per bid
STRONG, WEAK = Decimal("0.8"), Decimal("0.4")


def payload(
    *, user: User, procurement: Procurement, reference: str, version: int, at: dt.datetime
) -> Payload:
    """Freeze everything the scorecard prints; every figure comes from the frozen ranking."""
    issue = Issue(user, procurement, reference, version, at)
    ranked = full_ranking(user, procurement)
    first, *others = ranked.placed
    reasons = _reasons(user, procurement)
    records = list_records(_records_of(ranked))
    return {
        **head(issue, str(gettext_lazy("Scorecard"))),
        "finding": _finding(ranked, first, others),
        "lede": _lede(ranked, first),
        "facts": _facts(ranked, first, others),
        "ranking": ranking.rows(ranked),
        "vendors": [ranked.shown(row) for row in ranked.placed],
        "knockouts": ranking.knockouts(ranked),
        "matrix": ranking.matrix_block(ranked),
        "robustness": _robustness(ranked, first),
        "prices": _prices(ranked, procurement),
        "sections": [_section(ranked, row, reasons) for row in ranked.placed],
        "panel": _panel(user, procurement),
        "method": method_of(ranked.ranking),
        "records": records,
    }


def _finding(ranked: Ranked, first: Mapping[str, Any], others: Sequence[Any]) -> str:
    if not others:
        return _("{name} is the only bid left, with {total} of 100 points").format(
            name=first["name"], total=points(first["total"])
        )
    gap = Decimal(first["total"]) - Decimal(others[0]["total"])
    if gap == 0:
        return _("{name} and {second} are equal, with {total} of 100 points").format(
            name=first["name"], second=others[0]["name"], total=points(first["total"])
        )
    return _("{name} ranks first of {count}, {gap} points ahead of {second}").format(
        name=first["name"], count=len(others) + 1, gap=points(gap), second=others[0]["name"]
    )


def _lede(ranked: Ranked, first: Mapping[str, Any]) -> dict[str, str]:
    tightest = ranking.intervals(ranked)[0]
    after = _(". The award is most sensitive to the weight of {name}: {then}.").format(
        name=tightest["criterion"], then=tightest["then"]
    )
    return {
        "before": _("{name} reaches {total} of 100 points and stays first in").format(
            name=first["name"], total=points(first["total"])
        ),
        "key": _("{share} of plausible weightings").format(share=ranked.first_share(first["id"])),
        "after": after,
    }


def _facts(ranked: Ranked, first: Mapping[str, Any], others: Sequence[Any]) -> list[dict[str, str]]:
    agreement = ((ranked.result.get("panel") or {}).get("agreement") or {}).get("alpha") or {}
    alpha = agreement.get("value")
    gap = Decimal(first["total"]) - Decimal(others[0]["total"]) if others else None
    draws = ranked.case["robustness"]["draws"]
    rows = [
        (
            _("Weighted total"),
            points(first["total"]),
            _("of 100, {name}").format(name=first["name"]),
        ),
        (
            _("Lead"),
            points(gap),
            _("points over {name}").format(name=others[0]["name"]) if others else _("no other bid"),
        ),
        (
            _("First in"),
            ranked.first_share(first["id"]),
            _("of {draws} weightings").format(draws=number(draws)),
        ),
        (
            _("Agreement"),
            number(Decimal(alpha), decimals=2) if alpha else "\u2013",
            _("Krippendorff's alpha of the panel"),
        ),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in rows]


def _robustness(ranked: Ranked, first: Mapping[str, Any]) -> dict[str, Any]:
    robustness = ranked.case["robustness"]
    return {
        "note": _("{draws} draws, seed {seed}").format(
            draws=number(robustness["draws"]), seed=robustness["seed"]
        ),
        "sentence": _(
            "{name} is first in {share} of the weightings drawn around the published ones."
        ).format(name=first["name"], share=ranked.first_share(first["id"])),
        "ranks": [_("1st"), _("2nd"), _("3rd"), _("4th or later")],
        "intervals": ranking.intervals(ranked),
    }


def _prices(ranked: Ranked, procurement: Procurement) -> dict[str, Any]:
    price = ranked.result["price"]
    shown = {row["id"]: row for row in price["vendors"]}
    code = price["currency"]
    cheapest = sorted(ranked.placed, key=lambda row: Decimal(shown[row["id"]]["price"]))
    months = procurement.rfp.term_months
    return {
        "note": _("{code}, present value over {months} months").format(code=code, months=months),
        "cost_label": _("Cost over {months} months").format(months=months),
        "rows": [
            {
                "vendor": ranked.shown(row),
                "model": "",
                "cost": money(shown[row["id"]]["price"], code),
                "points": points(row["contributions"]["price"]),
            }
            for row in cheapest
        ],
        "formula": next(
            (
                row["value"]
                for row in method_of(ranked.ranking)
                if row["label"] == _("Price formula")
            ),
            "",
        ),
    }


def _reasons(user: User, procurement: Procurement) -> dict[tuple[str, str], str]:
    """Return the panel's reason per bid and question: what was agreed, word for word."""
    scoring_round = matrix.latest_round(procurement)
    assert scoring_round is not None  # noqa: S101 -- a ranking has a round
    codes = dict(Question.objects.filter(rfp=procurement.rfp).values_list("pk", "code"))
    agreed = matrix.current_consensus(scoring_round)
    return {(str(row.bid_id), codes[row.question_id]): row.reason for row in agreed}


def _section(
    ranked: Ranked, row: Mapping[str, Any], reasons: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    leaves = [
        node for node in ranked.result["weights"]["nodes"] if node["leaf"] and node["id"] != "price"
    ]
    scored = sorted(ranked.sections, key=lambda node: -score_of(row, node))
    quality = [node for node in scored if node["id"] != "price"]
    named = {node["id"]: node["name"] for node in leaves}
    return {
        "vendor": ranked.shown(row),
        "place": _("rank {rank} of {count}, {total} points").format(
            rank=row["rank"], count=len(ranked.placed), total=points(row["total"])
        ),
        "finding": _("Strongest on {best} ({high}), weakest on {worst} ({low}).").format(
            best=quality[0]["name"],
            high=f"{score_of(row, quality[0]):.0f}",
            worst=quality[-1]["name"],
            low=f"{score_of(row, quality[-1]):.0f}",
        ),
        "weight_total": weight(_quality_weight(ranked)),
        "total": points(row["quality"]),
        "strengths": _named(row, named, best=True),
        "concerns": _named(row, named, best=False),
        "criteria": [_criterion(ranked, row, node, reasons) for node in leaves],
    }


def _quality_weight(ranked: Ranked) -> str:
    nodes = {node["id"]: node for node in ranked.result["weights"]["nodes"]}
    return str(nodes["quality"]["percent_of_total"])


def _named(row: Mapping[str, Any], named: Mapping[str, str], *, best: bool) -> list[str]:
    """Name the heaviest criteria on which a bid is at the upper, or lower, end of the scale."""
    values = {key: Decimal(value) for key, value in row["values"].items() if key in named}
    found = [k for k, v in values.items() if (v >= STRONG if best else v <= WEAK)]
    found.sort(key=lambda k: (-values[k] if best else values[k], k))
    return [f"{named[key]} ({key})" for key in found[:MOST]]


def _criterion(
    ranked: Ranked,
    row: Mapping[str, Any],
    node: Mapping[str, Any],
    reasons: Mapping[tuple[str, str], str],
) -> dict[str, str]:
    key = node["id"]
    score = Decimal(row["values"][key]) * HUNDRED
    every = [Decimal(other["values"][key]) * HUNDRED for other in ranked.placed]
    return {
        "criterion": f"{key} {node['name']}",
        "weight": weight(Decimal(node["percent_of_total"]).quantize(Decimal("0.1"))),
        "score": f"{score:.0f}",
        "level": level(score),
        "median": f"{median(every):.0f}",
        "points": points(row["contributions"][key]),
        "reason": reasons.get((row["id"], key), _("Scored by the published rule.")),
    }


def _panel(user: User, procurement: Procurement) -> dict[str, Any]:
    scored: dict[Any, list[str]] = {}
    for given in (
        Assignment.objects.filter(scoring_round__procurement=procurement)
        .select_related("section")
        .order_by("section__position")
    ):
        scored.setdefault(given.evaluator_id, []).append(given.section.code)
    rows = []
    for member in panel_of(procurement):
        if member.role in {Role.EVALUATOR, Role.MODERATOR, Role.LEAD} and panel_roles(
            user, procurement
        ):
            codes = scored.get(member.user_id, []) if member.role == Role.EVALUATOR else []
            interests = _("None") if member.interest == Interest.NONE else _("Not asked")
            if member.interest == Interest.CONFLICT:
                interests = member.interest_note
            rows.append(
                {
                    "name": member.user.name,
                    "role": str(Role(member.role).label),
                    "scored": _("sections {codes}").format(codes=", ".join(codes))
                    if codes
                    else "\u2013",
                    "interests": interests,
                }
            )
    return {"note": _("scores were given alone, then agreed"), "rows": rows}


def _records_of(ranked: Ranked) -> list[AttachedRecord]:
    return [AttachedRecord(_("Ranking"), "ranking.record.json", ranked.ranking.record.encode())]


def records(procurement: Procurement, content: Payload) -> list[AttachedRecord]:
    """Return the records the frozen payload names, by their digests."""
    wanted = {row["digest"]: row for row in content["records"]}
    rankings = Ranking.objects.filter(procurement=procurement, digest__in=list(wanted))
    return [
        AttachedRecord(wanted[r.digest]["name"], wanted[r.digest]["file"], r.record.encode())
        for r in rankings.order_by("digest").distinct("digest")
    ]


def charts(
    content: Payload, *, digest: str, address: str, attached: Sequence[AttachedRecord]
) -> dict[str, str]:
    """Draw what the payload's own records show."""
    letters = [v["letter"] for v in content["vendors"]]
    letters += [row["vendor"]["letter"] for row in content["knockouts"]]
    ranked = drawings.from_records(content, attached)
    return {
        **seal(digest, address, content["document"]["reference"]),
        **glyphs(letters),
        "rank_shares": drawings.shares(ranked),
        "winner_strips": drawings.strips(ranked),
    }


SCORECARD = ReportType(
    slug="scorecard",
    name=gettext_lazy("Scorecard"),
    about=gettext_lazy(
        "The weighted matrix, how sure it is, and every bid criterion by criterion."
    ),
    template="print/scorecard.html",
    payload=payload,
    charts=charts,
    records=records,
)
