"""The page of the tree: the path as it stands or as it was frozen, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.charts.decision_path import DecisionPath, PathStep
from apps.decision.models import Decision
from apps.decision.selectors import wording
from apps.decision.selectors.evidence import statements_of, tree_of
from apps.decision.selectors.walking import outcomes, walk_for
from apps.decision.types import Asked, Change, Step, WalkPage
from apps.engine import cases
from apps.engine.decision.facts import FACTS, Kind, Origin
from apps.workspace.models import Procurement, User


def walk_page(user: User, procurement: Procurement, decision: Decision | None) -> WalkPage:
    """Return the frozen walk of a proposed or approved decision, else the walk as it stands."""
    frozen = decision is not None and decision.state != "draft"
    record = (
        cases.Record.from_bytes(decision.record.encode())
        if decision is not None and frozen
        else walk_for(user, procurement)
    )
    plain = record.to_plain()
    tree, result = plain["case"]["tree"], plain["result"]
    steps = tuple(_step(given, tree) for given in result["path"])
    return WalkPage(
        finding=_finding(result),
        reason=wording.recommendation(result, tree),
        steps=steps,
        chart=_chart(steps, result),
        conditions=tuple(wording.conditions(result, tree)),
        changes=tuple(_changes(result)),
        missing=tuple(wording.fact_name(slug) for slug in [*result["missing"], *result["ahead"]]),
        asked=tuple(_asked(procurement)),
        recommended=result["recommendation"] if result["leaf"] else "",
        digest=record.digest,
    )


def _finding(result: Mapping[str, Any]) -> str:
    if result["leaf"] is None:
        return _("The tree stops until one more fact is shown")
    return str(result["name"])


def _step(given: Mapping[str, Any], tree: Mapping[str, Any]) -> Step:
    node = tree["nodes"][given["node"]]
    other = "no" if given["answer"] == "yes" else "yes"
    return Step(
        question=given["question"],
        value=wording.value(given["fact"], given["value"]),
        answer=wording.answer(given["answer"]),
        source=given["source"] or "",
        digest=given["digest"] or "",
        otherwise=wording.target(str(node.get(other, "")), tree),
        addition=bool(given["addition"]),
    )


def _chart(steps: tuple[Step, ...], result: Mapping[str, Any]) -> DecisionPath:
    drawn = tuple(
        PathStep(
            step.question,
            step.value,
            step.answer,
            ((_("otherwise"), step.otherwise),) if step.otherwise else (),
        )
        for step in steps
    )
    return DecisionPath(_("Path through the decision tree"), drawn, _finding(result))


def _changes(result: Mapping[str, Any]) -> list[Change]:
    names = dict(outcomes())
    return [
        Change(
            fact=wording.fact_name(flip["fact"]),
            now=wording.value(flip["fact"], flip["value"]),
            to=wording.value(flip["fact"], flip["to"]),
            then=names.get(flip["recommendation"], _("another fact has to be shown")),
        )
        for flip in result["flips"]
        if flip["recommendation"] != result["recommendation"]
    ]


def _asked(procurement: Procurement) -> list[Asked]:
    """Return the facts of the tree that only people can state."""
    stated = statements_of(procurement)
    wanted = {node["ask"] for node in tree_of()["nodes"].values()}
    found = []
    for slug in FACTS:
        fact = FACTS[slug]
        if slug not in wanted or fact.origin is not Origin.STATEMENT:
            continue
        row = stated.get(slug)
        found.append(
            Asked(
                fact=slug,
                question=fact.help,
                kind=fact.kind.value,
                options=_options(slug),
                value=row.value if row else "",
                evidence=row.evidence if row else "",
                by=row.stated_by.name if row else "",
            )
        )
    return found


def _options(slug: str) -> tuple[tuple[str, str], ...]:
    fact = FACTS[slug]
    if fact.kind is Kind.FLAG:
        return (("yes", _("Yes")), ("no", _("No")))
    return tuple((option, option.replace("_", " ")) for option in fact.options)
