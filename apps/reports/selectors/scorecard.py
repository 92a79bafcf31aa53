"""The scorecard: the weighted matrix, how sure it is, and every bid criterion by criterion."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.charts.figures import number
from apps.matrix.models import Ranking
from apps.pricing import selectors as prices
from apps.pricing.selectors import words
from apps.reports.selectors import award as awards
from apps.reports.selectors import (
    drawings,
    intervals,
    knockouts,
    ranking,
    records,
    sections,
    small_field,
)
from apps.reports.selectors.commitment import commitments, course_of, opening_of, roles_of
from apps.reports.selectors.paper import (
    DASH,
    Issue,
    Payload,
    ReportType,
    head,
    method_of,
    money,
    points,
    price_formula,
    weight,
)
from apps.reports.selectors.ranking import Ranked
from apps.reports.selectors.records import AttachedRecord


def payload(issue: Issue) -> Payload:
    """Freeze everything the scorecard prints; every figure comes from the frozen ranking."""
    user, procurement = issue.user, issue.procurement
    frozen = ranking.standing(user, procurement, issue.lot)
    ranked = ranking.read(user, frozen)
    asked = knockouts.asked_in(user, frozen.scoring_round.rfp)
    savings = _savings(issue)
    return {
        **head(issue, _("Scorecard")),
        "finding": finding(ranked),
        "lede": lede(ranked, savings),
        "facts": _facts(ranked),
        "ranking": ranking.rows(ranked),
        "vendors": [ranked.shown(row) for row in ranked.placed],
        "knockouts": knockouts.table(ranked, asked),
        "matrix": ranking.matrix_block(ranked),
        "robustness": _robustness(ranked, savings),
        "prices": _prices(issue, frozen, ranked),
        "sections": sections.every(frozen, ranked),
        "panel": sections.panel(frozen),
        "award": awards.block(user, awards.approved_on(frozen), ranked),
        "method": [
            *commitments(frozen.scoring_round.rfp),
            *opening_of(frozen.scoring_round.rfp),
            *roles_of(frozen.scoring_round.rfp),
            *course_of(frozen.scoring_round.rfp),
            *method_of(ranked.plain),
        ],
        "records": records.listed(frozen),
    }


def finding(ranked: Ranked) -> str:
    """Say who is first, in one sentence without a full stop."""
    first, *others = ranked.placed
    total = ranked.total(first["total"])
    if not others:
        return _("{name} is the sole remaining bid, with a total of {total}").format(
            name=first["name"], total=total
        )
    if len(ranked.winners) > 1:
        names = _(" and ").join(row["name"] for row in ranked.winners)
        return _("{names} share the first place, with a total of {total}").format(
            names=names, total=total
        )
    return _("{name} ranks first of {count}, {gap}").format(
        name=first["name"], count=len(ranked.placed), gap=ranking.gap(ranked, others[0])
    )


def lede(ranked: Ranked, savings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Say how sure the first place is; of a small field what its price is beside the cap."""
    first = ranked.leader
    if ranked.is_small:
        before = _("{name} has a total of {total};")
        return {
            "before": before.format(name=first["name"], total=ranked.total(first["total"])),
            "key": small_field.key(ranked),
            "after": f". {small_field.sentences(ranked, savings)}",
        }
    return {
        "before": _("{name} has a total of {total} and is first in").format(
            name=first["name"], total=ranked.total(first["total"])
        ),
        "key": _("{share} of plausible weightings").format(share=ranked.first_share(first["id"])),
        "after": f". {_tightest(ranked)}",
    }


def _tightest(ranked: Ranked) -> str:
    found = intervals.flipping(ranked)
    if not found:
        return _("No single weight can move the first place.")
    return _("The nearest weight to move it is {name}: {then}.").format(
        name=found[0].name, then=intervals.sentence(ranked, found[0])
    )


def _facts(ranked: Ranked) -> list[dict[str, str]]:
    first, *others = ranked.placed
    draws = (ranked.case.get("robustness") or {}).get("draws")
    lead = ranked.total(ranked.behind(others[0])) if others else DASH
    over = _("over {name}").format(name=others[0]["name"]) if others else _("no other bid is left")
    rows = (
        (_("Total"), ranked.total(first["total"]), first["name"]),
        (_("Lead"), lead, over),
        small_field.fact(ranked)
        if ranked.is_small
        else (
            _("First in"),
            ranked.first_share(first["id"]),
            _("of {draws} weightings").format(draws=number(draws)) if draws else "",
        ),
        (_("Agreement"), _alpha(ranked), _("Krippendorff's alpha of the panel")),
    )
    return [{"label": label, "value": value, "note": note} for label, value, note in rows]


def _alpha(ranked: Ranked) -> str:
    agreement = (ranked.result.get("panel") or {}).get("agreement") or {}
    value = (agreement.get("alpha") or {}).get("value")
    return number(Decimal(value), decimals=2) if value is not None else DASH


def _robustness(ranked: Ranked, savings: Mapping[str, str] | None) -> dict[str, Any]:
    if ranked.is_small:
        said = f"{small_field.key(ranked)}. {small_field.sentences(ranked, savings)}"
        empty: dict[str, Any] = {"note": "", "ranks": [], "intervals": [], "elsewhere": ""}
        return {**empty, "small": True, "sentence": said}
    asked = ranked.case.get("robustness")
    words = _("{draws} draws, seed {seed}")
    return {
        "note": words.format(draws=number(asked["draws"]), seed=asked["seed"]) if asked else "",
        "sentence": _(
            "{name} is first in {share} of the weightings around the agreed ones."
        ).format(name=ranked.leader["name"], share=ranked.first_share(ranked.leader["id"])),
        "ranks": [_("1st"), _("2nd"), _("3rd"), _("4th or later")][: len(ranked.placed)],
        "intervals": intervals.table(ranked),
        "elsewhere": intervals.elsewhere(ranked),
    }


def _prices(issue: Issue, frozen: Ranking, ranked: Ranked) -> dict[str, Any]:
    price = ranked.result["price"]
    given = {row["id"]: row["price"] for row in price["vendors"]}
    models = _models(issue)
    months = frozen.scoring_round.rfp.term_months
    return {
        "note": _("weight {weight}").format(weight=_price_weight(ranked)),
        "cost_label": _("Present value, {months} months").format(months=months),
        "rows": [
            {
                "vendor": ranked.shown(row),
                "model": models.get(row["id"], ""),
                "cost": money(given[row["id"]], price["currency"]),
                "points": points(row["contributions"].get(ranked.price_id)),
            }
            for row in sorted(ranked.placed, key=lambda row: Decimal(given[row["id"]]))
        ],
        "formula": price_formula(ranked.plain),
    }


def _savings(issue: Issue) -> Mapping[str, str] | None:
    """Return what each bid costs below the in-house case; None where none was compared."""
    adopted = prices.latest_comparison(issue.user, issue.procurement, issue.lot)
    if adopted is None:
        return None
    baseline = AttachedRecord("", "", adopted.record.encode()).plain["result"]["baseline"]
    return {one["id"]: one["saving"] for one in baseline["quotes"]} if baseline else None


def _models(issue: Issue) -> Mapping[str, str]:
    """Return the pricing model of each bid, from the comparison that gave the prices."""
    adopted = prices.latest_comparison(issue.user, issue.procurement, issue.lot)
    if adopted is None:
        return {}
    quotes = AttachedRecord("", "", adopted.record.encode()).plain["result"]["quotes"]
    return {quote["id"]: str(words.MODELS[quote["model"]]) for quote in quotes}


def _price_weight(ranked: Ranked) -> str:
    found = [node for node in ranked.sections if node["id"] == ranked.price_id]
    return weight(found[0]["percent_of_total"]) if found else DASH


def charts(content: Payload, attached: Sequence[AttachedRecord]) -> Mapping[str, str]:
    """Draw what the payload's own record shows."""
    ranked = drawings.ranked(content, attached)
    return {
        "rank_shares": drawings.shares(ranked, content["robustness"]["ranks"]),
        "winner_strips": drawings.strips(ranked),
    }


SCORECARD = ReportType(
    slug="scorecard",
    name=gettext_lazy("Scorecard"),
    about=gettext_lazy(
        "The weighted matrix, how sure it is, and every bid criterion by criterion."
    ),
    template="print/scorecard.html",
    require=ranking.standing,
    payload=payload,
    charts=charts,
)
