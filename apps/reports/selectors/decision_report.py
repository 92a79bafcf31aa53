"""The decision report: what is decided, why, at what cost, and what would change the answer."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import WrongState
from apps.core.templatetags import formats
from apps.decision import selectors as decisions
from apps.decision.models import Decision
from apps.decision.states import DecisionState
from apps.engine.pricing.models import PRICING_MODELS
from apps.matrix.models import Ranking
from apps.pricing import selectors as prices
from apps.pricing.models import Comparison
from apps.readiness import selectors as readiness
from apps.readiness.models import Assessment
from apps.reports.selectors import drawings, ranking, wording
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
    result_of,
    seal,
    share,
    vendor,
)
from apps.reports.selectors.ranking import full_ranking
from apps.workspace.models import Procurement, User

MOST = 3
IN_HOUSE = "in-house"


class Case:
    """Everything the report is written from: frozen records, read once."""

    def __init__(self, user: User, procurement: Procurement) -> None:
        self.user, self.procurement = user, procurement
        self.ranked = full_ranking(user, procurement)
        comparison = prices.latest_comparison(user, procurement)
        decision = decisions.latest_decision(user, procurement)
        if comparison is None or decision is None:
            raise WrongState(
                _("This report needs an adopted price comparison and a proposed decision.")
            )
        self.comparison, self.decision = comparison, decision
        self.assessment = readiness.latest_assessment(user, procurement)
        self.cost = result_of(comparison.record)["result"]
        self.walk = result_of(decision.record)
        self.currency = procurement.currency
        self.quotes = {quote["id"]: quote for quote in self.cost["quotes"]}

    @property
    def leader(self) -> dict[str, Any]:
        return self.ranked.placed[0]

    def name_of(self, quote: Mapping[str, Any]) -> dict[str, str]:
        letter = self.ranked.letters.get(quote["id"], "")
        return vendor(letter, quote["vendor"])


def payload(
    *, user: User, procurement: Procurement, reference: str, version: int, at: dt.datetime
) -> Payload:
    """Freeze everything the report prints; every figure comes from a frozen record."""
    case = Case(user, procurement)
    return {
        **head(
            Issue(user, procurement, reference, version, at), str(gettext_lazy("Decision report"))
        ),
        "finding": _finding(case),
        "lede": _lede(case),
        "facts": _facts(case),
        "ranking": ranking.rows(case.ranked),
        "knockouts": ranking.knockouts(case.ranked),
        "reasons_for": {
            "title": _("Why {name}").format(name=case.leader["name"]),
            "entries": _reasons_for(case),
        },
        "reasons_against": {
            "title": _("What speaks against it"),
            "entries": _reasons_against(case),
        },
        "asked": _asked(case),
        "prices": _prices(case),
        "readiness": _readiness(case),
        "path": _path(case),
        "changes": _changes(case),
        "approvals": _approvals(case.decision),
        "method": method_of(case.ranked.ranking) if case.ranked.ranking else [],
        "records": list_records(_records_of(case)),
    }


def _outcome(case: Case) -> str:
    return dict(decisions.outcomes())[case.decision.outcome]


def _finding(case: Case) -> str:
    if case.decision.outcome.startswith("outsource"):
        quote = case.quotes[case.leader["id"]]
        return _("Award to {name}: {model}").format(
            name=case.leader["name"], model=_model(quote["model"])
        )
    return _outcome(case)


def _lede(case: Case) -> dict[str, str]:
    leader = case.leader
    return {
        "before": _(
            "{name} leads {count} admitted bids with {total} of 100 points and stays first in"
        ).format(name=leader["name"], count=len(case.ranked.placed), total=points(leader["total"])),
        "key": _("{share} of plausible weightings").format(
            share=case.ranked.first_share(leader["id"])
        ),
        "after": ". " + case.decision.rationale.strip(),
    }


def _facts(case: Case) -> list[dict[str, str]]:
    quote = case.quotes[case.leader["id"]]
    others = case.ranked.placed[1:]
    gap = Decimal(case.leader["total"]) - Decimal(others[0]["total"]) if others else None
    score = _readiness_total(case.assessment)
    months = case.procurement.rfp.term_months
    rows = [
        (
            _("Weighted total"),
            points(case.leader["total"]),
            _("{gap} ahead of {name}").format(gap=points(gap), name=others[0]["name"])
            if others
            else _("the only bid left"),
        ),
        (
            _("First in"),
            case.ranked.first_share(case.leader["id"]),
            _("of plausible weightings"),
        ),
        (
            _("Cost over {months} months").format(months=months),
            wording.millions(quote["total"], case.currency),
            _saving_note(case),
        ),
        (_("Our readiness"), score[0], score[1]),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in rows]


def _saving_of(case: Case, quote_id: str) -> Mapping[str, Any] | None:
    rows = (case.cost.get("baseline") or {}).get("quotes", [])
    return next((row for row in rows if row["id"] == quote_id), None)


def _saving_note(case: Case) -> str:
    saving = _saving_of(case, case.leader["id"])
    if saving is None:
        return _("all cost over the term")
    amount = Decimal(saving["saving"])
    words = _("{amount} below in-house") if amount >= 0 else _("{amount} above in-house")
    return words.format(amount=wording.millions(abs(amount), case.currency))


def _readiness_total(assessment: Assessment | None) -> tuple[str, str]:
    if assessment is None:
        return "\u2013", _("not assessed")
    result = result_of(assessment.record)["result"]
    bands = {band["slug"]: band["name"] for band in assessment.content["bands"]}
    band = bands.get(result["band"], _("indeterminate"))
    return f"{Decimal(result['total']['lo']):.0f}", _("of 100, {band}").format(band=band)


def _entry(title: str, text: str) -> dict[str, str]:
    return {"title": title, "text": text}


def _reasons_for(case: Case) -> list[dict[str, str]]:
    """Name the sections in which the leader wins most points over the second."""
    others = case.ranked.placed[1:]
    found = []
    if others:
        second = others[0]
        ahead = sorted(
            case.ranked.sections,
            key=lambda node: _points_of(second, node) - _points_of(case.leader, node),
        )
        for node in ahead[: MOST - 1]:
            more = _points_of(case.leader, node) - _points_of(second, node)
            if more > 0:
                found.append(
                    _entry(
                        node["name"],
                        _("{score} of 100, {points} points of the total ahead of {name}.").format(
                            score=f"{ranking.score_of(case.leader, node):.0f}",
                            points=points(more),
                            name=second["name"],
                        ),
                    )
                )
    saving = _saving_of(case, case.leader["id"])
    if saving is not None and Decimal(saving["saving"]) > 0:
        found.append(
            _entry(
                _("{share} below today's cost").format(share=share(saving["saving_share"])),
                _("{amount} less than the in-house team over the term, at the same volume.").format(
                    amount=money(saving["saving"], case.currency)
                ),
            )
        )
    return found


def _points_of(row: Mapping[str, Any], node: Mapping[str, Any]) -> Decimal:
    return Decimal(row["nodes"].get(node["id"], row["contributions"].get(node["id"], "0")))


def _reasons_against(case: Case) -> list[dict[str, str]]:
    found = []
    leader = case.quotes[case.leader["id"]]
    bids = [case.quotes[row["id"]] for row in case.ranked.placed]
    cheapest = min(bids, key=lambda quote: Decimal(quote["present_value"]))
    if cheapest["id"] != leader["id"]:
        more = Decimal(leader["present_value"]) - Decimal(cheapest["present_value"])
        found.append(
            _entry(
                _("{amount} above the lowest cost").format(amount=money(more, case.currency)),
                _lowest(cheapest),
            )
        )
    tightest = ranking.intervals(case.ranked)[0]
    found.append(
        _entry(
            _("Sensitive to {name}").format(name=tightest["criterion"]),
            _("{then}; published weight {weight}.").format(
                then=tightest["then"][:1].upper() + tightest["then"][1:], weight=tightest["weight"]
            ),
        )
    )
    weakest = min(case.ranked.sections, key=lambda node: ranking.score_of(case.leader, node))
    found.append(
        _entry(
            _("Weakest on {name}").format(name=weakest["name"]),
            _("{score} of 100.").format(score=f"{ranking.score_of(case.leader, weakest):.0f}"),
        )
    )
    return found[:MOST]


def _lowest(quote: Mapping[str, Any]) -> str:
    realism = quote["realism"]
    needed, paid = realism["agents_needed"], realism["agents_paid_for"]
    if needed and paid and Decimal(paid) < Decimal(needed):
        return _(
            "{name} is cheapest; its price pays for {paid} agents, its service level needs {needed}."
        ).format(name=quote["vendor"], paid=points(paid), needed=points(needed))
    return _("{name} is cheapest over the term.").format(name=quote["vendor"])


def _asked(case: Case) -> dict[str, str]:
    approved = case.decision.state == DecisionState.APPROVED
    text = case.decision.rationale.strip()
    if case.decision.outcome != case.decision.recommendation:
        text = _("Decided against the tree's recommendation. {text}").format(text=text)
    return {
        "title": _("Decision taken") if approved else _("Decision asked for"),
        "text": f"{_outcome(case)}. {text}",
    }


def _model(slug: str) -> str:
    return str(PRICING_MODELS[slug].name)


def _prices(case: Case) -> dict[str, Any]:
    months = case.procurement.rfp.term_months
    models = [slug for slug in PRICING_MODELS if slug in {q["model"] for q in _offered(case)}]
    leader = case.quotes[case.leader["id"]]
    return {
        "title": _("Cost over {months} months under each pricing model").format(months=months),
        "note": _("{code}, one workload for all, {contacts} contacts over the term").format(
            code=case.currency, contacts=wording.whole(leader["contacts"])
        ),
        "sentence": _sentence(case, leader),
        "models": [_model(slug) for slug in models],
        "rows": [*(_price_row(case, quote, models) for quote in _offered(case)), *_house(case)],
        "parts": [wording.part(part) for part in _parts(case)],
        "reason": _(
            "Order by {order}. Each vendor offered one of the models the RFP allowed."
        ).format(order=_("present value")),
        "bridge": _bridge(case, leader),
        "today": _today(case, leader),
        "point": _point(case),
    }


def _offered(case: Case) -> list[dict[str, Any]]:
    return [
        q for q in sorted(case.cost["quotes"], key=lambda q: int(q["place"])) if q["id"] != IN_HOUSE
    ]


def _sentence(case: Case, leader: Mapping[str, Any]) -> str:
    return _("{name} costs {total} over the term, {value} in present value.").format(
        name=leader["vendor"],
        total=money(leader["total"], case.currency),
        value=money(leader["present_value"], case.currency),
    )


def _price_row(case: Case, quote: Mapping[str, Any], models: Sequence[str]) -> dict[str, Any]:
    return {
        "vendor": case.name_of(quote),
        "single": "",
        "cells": [
            {
                "amount": money(quote["total"], case.currency)
                if slug == quote["model"]
                else _("not offered"),
                "chosen": slug == quote["model"] and quote["id"] == case.leader["id"],
            }
            for slug in models
        ],
    }


def _house(case: Case) -> list[dict[str, Any]]:
    quote = case.quotes.get(IN_HOUSE)
    if quote is None:
        return []
    amount = _("{amount} at this volume").format(amount=money(quote["total"], case.currency))
    return [{"vendor": vendor("", quote["vendor"]), "single": amount, "cells": []}]


def _parts(case: Case) -> list[str]:
    """Return the parts of cost that occur, in the order of the first quote that has them."""
    return list(dict.fromkeys(part for quote in case.cost["quotes"] for part in quote["parts"]))


def _bridge(case: Case, leader: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        {"label": wording.part(part), "amount": money(amount, case.currency)}
        for part, amount in leader["parts"].items()
        if Decimal(amount) != 0
    ]
    label = f"{leader['vendor']}, {_model(leader['model'])}"
    return {
        "title": _("What the total is made of"),
        "rows": rows,
        "total": {"label": label, "amount": money(leader["total"], case.currency)},
    }


def _today(case: Case, leader: Mapping[str, Any]) -> dict[str, Any]:
    house, saving = case.quotes.get(IN_HOUSE), _saving_of(case, case.leader["id"])
    if house is None or saving is None:
        return {"rows": [], "total": {"label": _("No in-house cost was given"), "amount": "\u2013"}}
    return {
        "rows": [
            {"label": house["vendor"], "amount": money(house["total"], case.currency)},
            {"label": leader["vendor"], "amount": money(leader["total"], case.currency)},
        ],
        "total": {
            "label": _("Saved over the term"),
            "amount": money(saving["saving"], case.currency),
        },
    }


def _point(case: Case) -> str:
    value = case.ranked.result.get("value_of_quality") or {}
    for rival in value.get("rivals", []):
        if rival["paid"] is not None and Decimal(rival["paid"]) > 0:
            name = case.ranked.by_id(rival["id"])["name"]
            return _(
                "Against {name}, one more point of quality costs {paid}: {gap} for {points} points."
            ).format(
                name=name,
                paid=money(rival["paid"], case.currency),
                gap=money(rival["price_gap"], case.currency),
                points=points(rival["quality_gap"]),
            )
    return ""


def _readiness(case: Case) -> dict[str, Any]:
    if case.assessment is None:
        return {
            "note": _("not assessed"),
            "sentence": _("No readiness assessment was signed off."),
            "pillars": [],
            "actions": [],
        }
    content = case.assessment.content
    result = result_of(case.assessment.record)["result"]
    total, band = _readiness_total(case.assessment)
    pillars = {row["slug"]: row for row in content["dimensions"]}
    return {
        "note": _("{name}, signed off {date}").format(
            name=content["name"], date=formats.long_date(case.assessment.signed_off_at)
        ),
        "sentence": _("We score {total} {band}.").format(total=total, band=band),
        "pillars": [
            {
                "name": pillars[row["dimension"]]["name"],
                "score": _("{points} of {most}").format(
                    points=wording.plain(row["lo"]), most=wording.plain(row["of"])
                ),
                "band": "",
                "gap": wording.gap_in(result, content, row["dimension"]),
            }
            for row in result["dimensions"]
        ],
        "actions": [
            {"action": action, "owner": "\u2013", "due": "\u2013"}
            for action in wording.actions(result, content)[:MOST]
        ],
    }


def _path(case: Case) -> dict[str, Any]:
    result, tree = case.walk["result"], case.walk["case"]["tree"]
    return {
        "note": _("{name}, version {version}").format(name=tree["name"], version=tree["version"]),
        "steps": [wording.step(step, tree) for step in result["path"]],
        "recommendation": wording.recommendation(result, tree),
    }


def _changes(case: Case) -> list[dict[str, str]]:
    """Return what would change the answer: weights first, then the facts of the tree."""
    found = [
        {
            "fact": _("Weight of {name}").format(name=row["criterion"]),
            "now": row["weight"],
            "threshold": row["holds"],
            "then": row["then"][:1].upper() + row["then"][1:],
        }
        for row in ranking.intervals(case.ranked)[:MOST]
    ]
    return found + wording.flips(case.walk["result"], case.walk["case"]["tree"])


def _approvals(decision: Decision) -> list[dict[str, str]]:
    rows = [
        {
            "name": decision.proposed_by.name,
            "role": decision.proposed_by.job_title or _("Procurement lead"),
            "act": _("Proposed {at}").format(at=formats.deadline(decision.created_at)),
        }
    ]
    if decision.approved_by is not None:
        rows.append(
            {
                "name": decision.approved_by.name,
                "role": decision.approved_by.job_title or _("Approver"),
                "act": _("Approved {at}").format(at=formats.deadline(decision.approved_at)),
            }
        )
    return rows


def _records_of(case: Case) -> list[AttachedRecord]:
    found = [
        AttachedRecord(
            _("Price comparison"), "prices.record.json", case.comparison.record.encode()
        ),
        AttachedRecord(_("Decision"), "decision.record.json", case.decision.record.encode()),
    ]
    if case.ranked.ranking is not None:
        content = case.ranked.ranking.record.encode()
        found.insert(0, AttachedRecord(_("Ranking"), "ranking.record.json", content))
    if case.assessment is not None:
        content = case.assessment.record.encode()
        found.append(AttachedRecord(_("Readiness"), "readiness.record.json", content))
    return found


def records(procurement: Procurement, content: Payload) -> list[AttachedRecord]:
    """Return the records the frozen payload names, by their digests."""
    found = []
    for row in content["records"]:
        for model in (Ranking, Comparison, Decision, Assessment):
            rows = model.objects.filter(procurement=procurement, digest=row["digest"])  # type: ignore[attr-defined]  # each is a model
            kept = rows.first()
            if kept is not None:
                found.append(AttachedRecord(row["name"], row["file"], kept.record.encode()))
                break
    return found


def charts(
    content: Payload, *, digest: str, address: str, attached: Sequence[AttachedRecord]
) -> dict[str, str]:
    """Draw what the payload's own records show."""
    letters = [row["vendor"]["letter"] for row in content["ranking"]["rows"]]
    letters += [row["vendor"]["letter"] for row in content["knockouts"]]
    letters += [row["vendor"]["letter"] for row in content["prices"]["rows"]]
    drawn = {
        **seal(digest, address, content["document"]["reference"]),
        **glyphs(list(dict.fromkeys(letters))),
        "cost_stack": drawings.costs(content, attached),
        "break_even": drawings.volumes(content, attached),
        "decision_tree": drawings.path(content),
    }
    scale = drawings.readiness(attached)
    return {**drawn, "maturity": scale} if scale else drawn


DECISION_REPORT = ReportType(
    slug="decision_report",
    name=gettext_lazy("Decision report"),
    about=gettext_lazy("What is decided and why, at what cost, and what would change the answer."),
    template="print/decision_report.html",
    payload=payload,
    charts=charts,
    records=records,
)
