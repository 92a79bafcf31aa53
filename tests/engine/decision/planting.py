"""Small trees and evidence for the tests of the decision package."""

import tomllib
from decimal import Decimal
from pathlib import Path

from apps.engine.decision.evidence import Shown
from apps.engine.decision.facts import FACTS

ROOT = Path(__file__).parents[3]
TREES = sorted((ROOT / "apps/decision/trees").glob("*.toml"))


def shipped(name="outsourcing"):
    return tomllib.loads((ROOT / f"apps/decision/trees/{name}.toml").read_text())


def node(ask, yes, no, **more):
    return {"question": f"How about {ask}?", "ask": ask, "yes": yes, "no": no, **more}


def leaf(recommend, **more):
    return {"recommend": recommend, "name": recommend.title(), "because": "So it is.", **more}


def plant(start, nodes, leaves):
    """Plain data of a tree; `leaves` are recommendations by their own name."""
    return {
        "slug": "small",
        "name": "A small tree",
        "version": "1",
        "source": "The tests",
        "start": start,
        "nodes": nodes,
        "leaves": {name: leaf(name) for name in leaves},
    }


def score_then_saving():
    """Ready at 60; then outsource from a saving above 0."""
    return plant(
        "ready",
        {
            "ready": node("readiness.score", "saving", "prepare", at_least="60"),
            "saving": node("pricing.saving_share", "outsource", "keep", above="0"),
        },
        ("prepare", "outsource", "keep"),
    )


def show(**values):
    """Evidence by fact, with `__` for the point of its slug."""
    named = {name.replace("__", "."): value for name, value in values.items()}
    return {
        slug: Shown(fact=FACTS[slug], value=exact(value), source="The tests")
        for slug, value in named.items()
    }


def exact(value):
    return value if isinstance(value, bool) or value in OPTIONS else Decimal(value)


OPTIONS = frozenset(option for fact in FACTS.values() for option in fact.options)
