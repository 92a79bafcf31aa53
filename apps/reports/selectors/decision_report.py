"""The decision report: what is decided, why, at what cost, and what would change the answer."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.charts.figures import millions
from apps.core.templatetags import formats
from apps.decision import selectors as decisions
from apps.decision.models import Decision
from apps.decision.selectors import changes, wording
from apps.decision.states import DecisionState
from apps.pricing.selectors import words
from apps.reports.selectors import (
    arguments,
    costs,
    decision_case,
    drawings,
    intervals,
    knockouts,
    ranking,
    records,
    small_field,
)
from apps.reports.selectors.commitment import commitments, course_of, opening_of, roles_of
from apps.reports.selectors.decision_case import Case
from apps.reports.selectors.paper import (
    Issue,
    Payload,
    ReportType,
    head,
    method_of,
    weight,
)
from apps.reports.selectors.readiness import block as readiness_block
from apps.reports.selectors.readiness import total_of
from apps.reports.selectors.records import AttachedRecord

NEAREST = 3  # weights named among what would change the answer


def payload(issue: Issue) -> Payload:
    """Freeze everything the report prints; every figure comes from a frozen record."""
    case = decision_case.read(issue.user, issue.procurement, issue.lot)
    asked = knockouts.asked_in(issue.user, case.rfp)
    frozen = case.frozen
    return {
        **head(issue, _("Decision report")),
        "finding": _finding(case),
        "lede": _lede(case),
        "facts": _facts(case),
        "ranking": ranking.rows(case.ranked),
        "knockouts": knockouts.table(case.ranked, asked),
        "reasons_for": {
            "title": _("What speaks for {name}").format(name=case.ranked.leader["name"]),
            "entries": arguments.for_the_first(case),
        },
        "reasons_against": {
            "title": _("What speaks against it"),
            "entries": arguments.against_the_first(case),
        },
        "asked": _asked(case),
        "award": case.award,
        "prices": costs.block(case),
        "readiness": readiness_block(frozen.assessment),
        "path": _path(case),
        "changes": _changes(case),
        "approvals": _approvals(frozen.decision),
        "method": [
            *commitments(case.rfp),
            *opening_of(case.rfp),
            *roles_of(case.rfp),
            *course_of(case.rfp),
            *method_of(case.ranked.plain),
        ],
        "records": records.listed(
            frozen.ranking, frozen.comparison, frozen.decision, frozen.assessment
        ),
    }


def _outcome(case: Case) -> str:
    names = {leaf["recommend"]: str(leaf["name"]) for leaf in case.tree["leaves"].values()}
    return names[case.decision.outcome]


def _finding(case: Case) -> str:
    if case.winner is None:
        return _outcome(case)
    quote = case.quotes[case.winner]
    return _("Award to {name}: {model}").format(
        name=quote["vendor"], model=words.MODELS[quote["model"]]
    )


def _lede(case: Case) -> dict[str, str]:
    leader = case.ranked.leader
    if case.ranked.is_small:
        return _lede_of_few(case)
    before = _("{name} is first of {count} admitted bids with a total of {total}, and first in")
    after = _(". Over {months} months it costs {amount}{saving}.")
    return {
        "before": before.format(
            name=leader["name"],
            count=len(case.ranked.placed),
            total=case.ranked.total(leader["total"]),
        ),
        "key": _("{share} of plausible weightings").format(
            share=case.ranked.first_share(leader["id"])
        ),
        "after": after.format(
            months=case.rfp.term_months,
            amount=millions(Decimal(case.first["total"]), case.currency),
            saving=f", {note}" if (note := _saving_note(case)) else "",
        ),
    }


def _lede_of_few(case: Case) -> dict[str, str]:
    """Say what so few bids allow: a total, a cost, and what that is beside the cap or in-house."""
    leader = case.ranked.leader
    saved = case.saving(leader["id"])
    savings = None if saved is None else {str(leader["id"]): str(saved["saving"])}
    before = _("{name} has a total of {total} and costs {amount} over {months} months;")
    return {
        "before": before.format(
            name=leader["name"],
            total=case.ranked.total(leader["total"]),
            amount=millions(Decimal(case.first["total"]), case.currency),
            months=case.rfp.term_months,
        ),
        "key": small_field.key(case.ranked),
        "after": f". {small_field.sentences(case.ranked, savings)}",
    }


def _facts(case: Case) -> list[dict[str, str]]:
    leader, ranked = case.ranked.leader, case.ranked
    lead = ranking.gap(ranked, case.others[0]) if case.others else _("the sole remaining bid")
    score, band = total_of(case.frozen.assessment)
    rows = (
        (_("Total"), ranked.total(leader["total"]), lead),
        small_field.fact(ranked)
        if ranked.is_small
        else (_("First in"), ranked.first_share(leader["id"]), _("of plausible weightings")),
        (
            _("Cost over {months} months").format(months=case.rfp.term_months),
            millions(Decimal(case.first["total"]), case.currency),
            _saving_note(case) or _("all cost of the term"),
        ),
        (_("Our readiness"), score, band),
    )
    return [{"label": label, "value": value, "note": note} for label, value, note in rows]


def _saving_note(case: Case) -> str:
    saving = case.saving(case.ranked.leader["id"])
    if saving is None:
        return ""
    amount = Decimal(saving["saving"])
    words = _("{amount} below in-house") if amount >= 0 else _("{amount} above in-house")
    return words.format(amount=millions(abs(amount), case.currency))


def _asked(case: Case) -> dict[str, str]:
    decision = case.decision
    taken = decision.state == DecisionState.APPROVED
    text = f"{_outcome(case)}. {decision.rationale.strip()}"
    if decision.outcome != decision.recommendation:
        text = _("The tree recommends otherwise: {recommendation}. {text}").format(
            recommendation=_recommended(case), text=text
        )
    return {"title": _("Decision taken") if taken else _("Decision asked for"), "text": text}


def _recommended(case: Case) -> str:
    """Return what the tree recommends, by name."""
    return str(case.walk["name"] or _("The tree stops: a fact is not shown yet"))


def _path(case: Case) -> dict[str, Any]:
    """Return the path in the words of the decision page: paper and page show the same figures."""
    outcome, reason = _recommended(case), wording.because(case.walk, case.tree)
    return {
        "note": _("{name}, version {version}").format(
            name=case.tree["name"], version=case.tree["version"]
        ),
        "steps": [
            {
                "question": step.question,
                "evidence": step.source or _("nothing yet"),
                "answer": step.answer,
                "value": "" if asked["value"] is None else step.value,
                "other": step.other[0],
                "otherwise": step.other[1],
            }
            for asked, step in zip(
                case.walk["path"], decisions.steps_of(case.walk, case.tree), strict=True
            )
        ],
        "outcome": outcome,
        "recommendation": f"{outcome}. {reason}".strip(),
        "conditions": list(wording.conditions(case.walk, case.tree)),
    }


def _changes(case: Case) -> list[dict[str, str]]:
    """Return what would change the answer: the nearest weights, then the facts of the tree."""
    weights = [
        {
            "fact": _("Weight of {name}").format(name=one.name),
            "now": weight(one.weight),
            "threshold": at,
            "then": then,
        }
        for one in intervals.flipping(case.ranked)[:NEAREST]
        for at, then in intervals.thens(case.ranked, one)
    ]
    facts = (*changes.flips(case.walk, case.tree), *changes.if_shown(case.walk, case.tree))
    return weights + [
        {"fact": one.fact, "now": one.now, "threshold": one.to, "then": one.then} for one in facts
    ]


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


def charts(content: Payload, attached: Sequence[AttachedRecord]) -> Mapping[str, str]:
    """Draw what the payload's own records show."""
    prices = records.by_file(attached, records.PRICES)
    assessment = records.by_file(attached, records.READINESS)
    if prices is None:
        raise LookupError("this report carries no price comparison")
    return {
        "totals": drawings.totals(drawings.ranked(content, attached)),
        "cost_stack": drawings.costs(content, prices),
        "break_even": drawings.volumes(content, prices),
        "decision_tree": drawings.path(content),
        "maturity": drawings.readiness(assessment) if assessment else "",
    }


DECISION_REPORT = ReportType(
    slug="decision_report",
    name=gettext_lazy("Decision report"),
    about=gettext_lazy("What is decided and why, at what cost, and what would change the answer."),
    template="print/decision_report.html",
    require=decision_case.require,
    payload=payload,
    charts=charts,
)
