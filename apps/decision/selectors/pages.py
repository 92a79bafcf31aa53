"""The page of the tree: the path as it stands or as it was frozen, in words."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.access import can
from apps.core.charts.decision_path import DecisionPath, PathStep
from apps.core.errors import NotFound
from apps.core.templatetags import formats
from apps.decision.models import Decision, Statement
from apps.decision.selectors import changes, wording
from apps.decision.selectors.award_page import award_shown, picks_for
from apps.decision.selectors.evidence import (
    TREE,
    ranking_is_outdated,
    stated_facts,
    statements_of,
    tree_of,
    trees,
)
from apps.decision.selectors.findings import finding, notes
from apps.decision.selectors.walking import decisions_of, outcomes, same_walk, walk_for
from apps.decision.states import DecisionState
from apps.decision.types import Asked, Missing, Road, Step, Taken, WalkPage
from apps.engine import cases
from apps.engine.decision.facts import FACTS, Fact, Kind, Origin
from apps.engine.fields import Unit
from apps.rfp.models import Lot
from apps.rfp.selectors import is_decided, lots_in, query_of
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase

Plain = Mapping[str, Any]
OPEN = frozenset({Phase.PREPARING, Phase.TENDERING, Phase.TECHNICAL, Phase.COMMERCIAL})


def walk_page(
    user: User, procurement: Procurement, *, tree: str = "", lot: Lot | None = None
) -> WalkPage:
    """Return the frozen walk of a proposed or approved decision, else the walk as it stands.

    A tender with lots is decided lot by lot.
    """
    slug = tree or TREE
    if slug not in trees():
        raise NotFound(_("There is no such decision tree."))
    taken = tuple(_taken(one) for one in decisions_of(procurement, lot)) if slug == TREE else ()
    latest = taken[0] if taken else None
    now = walk_for(user, procurement, slug, lot=lot)
    frozen = latest is not None and (latest.approved or latest.waiting)
    record = cases.Record.from_bytes(latest.decision.record.encode()) if latest and frozen else now
    plain: Any = record.to_plain()
    case, result = plain["case"], plain["result"]
    steps = steps_of(result, case["tree"])
    waiting = latest is not None and latest.waiting
    mine = latest is not None and latest.decision.proposed_by_id == user.pk
    judges = waiting and can(user, "decision.judge", procurement)
    recommended = result["recommendation"] if result["leaf"] else ""
    undecided = not is_decided(lot)
    may_propose = (
        slug == TREE
        and bool(recommended)
        and procurement.phase == Phase.COMMERCIAL
        and undecided
        and not waiting
        and can(user, "decision.propose", procurement)
    )
    return WalkPage(
        finding=finding(result, latest if frozen else None),
        reason=wording.because(result, case["tree"]),
        about=case["tree"].get("about", ""),
        source=case["tree"]["source"],
        steps=steps,
        chart=_chart(steps, result, case["tree"]),
        conditions=wording.conditions(result, case["tree"]),
        changes=changes.flips(result, case["tree"]),
        if_shown=changes.if_shown(result, case["tree"]),
        missing=tuple(_missing(result, procurement, lot)),
        notes=notes(
            plain["warnings"],
            outdated_ranking=not frozen and ranking_is_outdated(user, procurement, lot),
        ),
        asked=tuple(_asked(procurement, slug, lot)),
        roads=tuple(Road(one, str(tree_of(one)["name"]), one == slug) for one in trees()),
        recommended=recommended,
        digest=record.digest,
        taken=latest,
        earlier=taken[1:],
        frozen=frozen,
        outdated=waiting and not same_walk(record, now),
        may_state=procurement.phase in OPEN
        and undecided
        and can(user, "decision.state", procurement),
        may_propose=may_propose,
        may_approve=judges and not mine,
        own_proposal=judges and mine,
        award=award_shown(user, latest.decision) if latest and frozen else None,
        candidates=picks_for(user, procurement, lot) if may_propose else None,
        lots=lots_in(procurement),
        lot=lot,
    )


def _taken(decision: Decision) -> Taken:
    names = dict(outcomes(decision.tree)) if decision.tree in trees() else {}
    return Taken(
        decision=decision,
        outcome=names.get(decision.outcome, decision.outcome),
        recommended=names.get(decision.recommendation, decision.recommendation),
        overridden=decision.outcome != decision.recommendation,
        approved=decision.state == DecisionState.APPROVED,
        waiting=decision.state == DecisionState.PROPOSED,
        sent_back=decision.state == DecisionState.DRAFT and decision.sent_back_by is not None,
    )


def steps_of(result: Plain, tree: Plain) -> tuple[Step, ...]:
    """Return the path in words, for the page and for paper alike."""
    places = {step["node"]: at for at, step in enumerate(result["path"], start=1)}
    return tuple(
        Step(
            number=at,
            question=step["question"],
            # yes and no are the answer already
            value=""
            if isinstance(step["value"], bool)
            else wording.value(step["fact"], step["value"]),
            answer=wording.answer(step["answer"]),
            source=step["source"] or "",
            digest=step["digest"] or "",
            other=_other(step, tree, places),
            addition=step["addition"],
        )
        for at, step in enumerate(result["path"], start=1)
    )


def _other(step: Plain, tree: Plain, places: Mapping[str, int]) -> tuple[str, str]:
    """Say where the other answer leads: to a recommendation, or on to a question."""
    other = "no" if step["answer"] == "yes" else "yes"
    target = tree["nodes"][step["node"]][other]
    if target in tree["leaves"]:
        where = tree["leaves"][target]["name"]
    elif target in places:
        where = _("question {number}").format(number=places[target])
    else:
        where = tree["nodes"][target]["question"]
    return wording.answer(other), where


def _chart(steps: tuple[Step, ...], result: Plain, tree: Plain) -> DecisionPath:
    stopped = result["leaf"] is None
    outcome = _("Not shown yet") if stopped else str(result["name"])
    return DecisionPath(
        title=_("Path through the decision tree: {tree}").format(tree=tree["name"]),
        steps=tuple(
            PathStep(
                question=step.question,
                evidence=step.value or step.source,
                answer=step.answer,
                others=(step.other,),
            )
            for step in steps
        ),
        outcome=outcome,
        notes=tuple(wording.fact_name(slug) for slug in result["missing"]),
        question_word=_("Question {number}"),
        outcome_word=_("The tree stops") if stopped else _("Recommendation"),
    )


def _missing(result: Plain, procurement: Procurement, lot: Lot | None) -> list[Missing]:
    """Return the fact the walk stopped at, then those it may ask afterwards."""
    return [
        _gap(FACTS[slug], procurement, lot, stops=slug in result["missing"])
        for slug in [*result["missing"], *result["ahead"]]
    ]


def _gap(fact: Fact, procurement: Procurement, lot: Lot | None, *, stops: bool) -> Missing:
    ways = {
        Origin.STATEMENT: (_("A statement below"), f"#f-{fact.slug}"),
        Origin.ASSESSMENT: (_("The signed-off readiness assessment"), "readiness:assessment"),
        Origin.RANKING: (_("The ranking with prices"), "matrix:ranking"),
        Origin.COMPARISON: (_("The adopted price comparison"), "pricing:comparison"),
        Origin.DIAGNOSTIC: (_("A statement below, with its calculation"), f"#f-{fact.slug}"),
    }
    shown_by, place = ways[fact.origin]
    page = place and not place.startswith("#")
    url = reverse(place, args=[procurement.pk]) + query_of(lot) if page else place
    return Missing(wording.fact_name(fact.slug), shown_by, url, stops=stops)


def _asked(procurement: Procurement, tree: str, lot: Lot | None) -> list[Asked]:
    """Return the facts of a tree that only people can state, in the order of the facts."""
    stated = statements_of(procurement, lot)
    return [_statement(fact, stated.get(fact.slug)) for fact in stated_facts(tree)]


def _statement(fact: Fact, row: Statement | None) -> Asked:
    return Asked(
        fact=fact.slug,
        question=fact.help,
        hint=str(wording.HINTS.get(fact.slug, "")),
        calculated=fact.origin is Origin.DIAGNOSTIC,
        percent=fact.unit is Unit.SHARE,
        options=_options(fact),
        value=row.value if row else "",
        evidence=row.evidence if row else "",
        by=row.stated_by.name if row else "",
        at=formats.deadline(row.created_at) if row else "",
    )


def _options(fact: Fact) -> tuple[tuple[str, str], ...]:
    if fact.kind is Kind.FLAG:
        return (("yes", _("Yes")), ("no", _("No")))
    return tuple((option, str(wording.OPTIONS.get(option, option))) for option in fact.options)
