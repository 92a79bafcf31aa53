"""The case ``{"tree": {…}, "evidence": {"fact": {"value", "source", "digest"?}}}``."""

from collections.abc import Mapping
from decimal import Decimal

from apps.engine.decision.evidence import Evidence, Shown, read_evidence
from apps.engine.decision.facts import Fact, Value
from apps.engine.decision.nodes import placeholders
from apps.engine.decision.regions import End
from apps.engine.decision.tree import Tree, parse
from apps.engine.decision.walk import Flip, Region, Step, Walk, flips, if_shown, walk
from apps.engine.numbers import text
from apps.engine.reading import Json, Outcome, Reader

SOLE = Decimal(1)
DECIMALS = 18  # figures of evidence leave with all the decimals they may come with


def run(case: Mapping[str, Json]) -> Outcome:
    reader = Reader(case).only("tree", "evidence")
    tree = parse(reader.key("tree").raw, "tree")
    evidence = read_evidence(reader.key("evidence"))
    walked = walk(tree, evidence)
    return Outcome(
        result=_result(tree, evidence, walked),
        method={
            "calculator": "decision.walk",
            "version": "1",
            "tree": tree.slug,
            "tree_version": tree.version,
        },
        warnings=_warnings(walked),
    )


def _result(tree: Tree, evidence: Evidence, walked: Walk) -> Mapping[str, Json]:
    return {
        "recommendation": walked.recommendation,
        "leaf": walked.leaf.slug if walked.leaf else None,
        "name": walked.leaf.name if walked.leaf else None,
        "path": [_step(step) for step in walked.steps],
        "reasons": [_reason(step) for step in walked.steps],
        "figures": _figures(evidence, walked),
        "conditions": _conditions(walked),
        "missing": [walked.missing.slug] if walked.missing else [],
        "ahead": list(_ahead(tree, evidence, walked)),
        "flips": [_flip(flip) for flip in flips(tree, evidence, walked)],
        "if_shown": [_if_shown(*pair) for pair in if_shown(tree, evidence, walked)],
    }


def _warnings(walked: Walk) -> tuple[Json, ...]:
    warnings: list[Json] = []
    for step in walked.steps:
        if step.shown is None:
            warnings.append({"code": "fact_not_shown", "fact": step.node.fact.slug})
        elif step.node.fact.slug == "bids.admitted" and step.shown.value == SOLE:
            fact: Json = {"code": "sole_remaining_bid", "fact": step.node.fact.slug}
            if fact not in warnings:
                warnings.append(fact)
    return tuple(warnings)


def _step(step: Step) -> Mapping[str, Json]:
    return {
        "node": step.node.slug,
        "question": step.node.question,
        "fact": step.node.fact.slug,
        "value": _value(step.shown.value) if step.shown else None,
        "source": step.shown.source if step.shown else None,
        "digest": step.shown.digest if step.shown else None,
        "answer": step.answer.value,
        "next": step.target,
        "addition": step.node.addition,
    }


def _reason(step: Step) -> Mapping[str, Json]:
    """A typed fact: what was compared with what, and how it came out."""
    check = step.node.check
    return {
        "code": f"{check.fact.slug}.{check.comparison.value}.{step.answer.value}",
        "fact": check.fact.slug,
        "unit": _unit(check.fact),
        "value": _value(step.shown.value) if step.shown else None,
        "comparison": check.comparison.value,
        "limit": _value(check.limit),
        "holds": None if step.shown is None else check.passes(step.shown.value),
    }


def _figures(evidence: Evidence, walked: Walk) -> Mapping[str, Json]:
    """The facts that the recommendation and its conditions name; null where not shown."""
    texts = (walked.leaf.because if walked.leaf else "", *walked.conditions)
    named = (name for template in texts for name in placeholders(template))
    return {name: _shown_value(evidence.get(name)) for name in named}


def _conditions(walked: Walk) -> list[Json]:
    """Where the texts of the conditions stand in the tree."""
    met: list[Json] = [
        {"node": step.node.slug, "answer": step.answer.value}
        for step in walked.steps
        if step.answer in step.node.conditions
    ]
    if walked.leaf:
        places = range(len(walked.leaf.conditions))
        met.extend({"leaf": walked.leaf.slug, "place": place} for place in places)
    return met


def _ahead(tree: Tree, evidence: Evidence, walked: Walk) -> list[str]:
    """Facts not shown that the walk may ask after the one it stopped at."""
    if walked.leaf:
        return []
    stopped = walked.steps[-1].node
    facts = tree.facts_from(stopped.slug)
    return [slug for slug in facts if slug != stopped.fact.slug and slug not in evidence]


def _flip(flip: Flip) -> Mapping[str, Json]:
    return {
        "fact": flip.shown.fact.slug,
        "unit": _unit(flip.shown.fact),
        "value": _value(flip.shown.value),
        "to": _value(flip.to),
        "strict": flip.strict,
        "direction": flip.direction.value if flip.direction else None,
        "distance": None if flip.distance is None else text(flip.distance, DECIMALS),
        **_outcome(flip.walk),
    }


def _if_shown(fact: Fact, region: Region) -> Mapping[str, Json]:
    option = region.low is None and region.high is None and region.first == region.last
    return {
        "fact": fact.slug,
        "unit": _unit(fact),
        "value": _value(region.first.sample) if option else None,
        "low": _end(region.low),
        "high": _end(region.high),
        **_outcome(region.walk),
    }


def _outcome(walked: Walk) -> dict[str, Json]:
    return {
        "recommendation": walked.recommendation,
        "leaf": walked.leaf.slug if walked.leaf else None,
        "missing": walked.missing.slug if walked.missing else None,
    }


def _end(end: End | None) -> Json:
    return None if end is None else {"value": _value(end.value), "strict": end.strict}


def _unit(fact: Fact) -> str | None:
    return fact.unit.value if fact.unit else None


def _shown_value(shown: Shown | None) -> Json:
    return None if shown is None else _value(shown.value)


def _value(value: Value) -> Json:
    return text(value, DECIMALS) if isinstance(value, Decimal) else value
