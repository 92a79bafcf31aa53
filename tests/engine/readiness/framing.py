"""Small frameworks for the tests of the readiness package."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
FRAMEWORKS = sorted((ROOT / "apps/readiness/frameworks").glob("*.toml"))


def shipped(name="outsourcing_readiness"):
    return tomllib.loads((ROOT / f"apps/readiness/frameworks/{name}.toml").read_text())


def question(slug, levels=6, **more):
    anchors = [f"Level {place}." for place in range(levels)]
    return {"slug": slug, "text": f"How is {slug}?", "levels": anchors, **more}


def dimension(slug, points, *questions):
    return {"slug": slug, "name": slug.title(), "points": points, "questions": list(questions)}


def band(slug, start, end):
    return {"slug": slug, "name": slug.title(), "from": start, "to": end, "advice": "Go on."}


def two_pillars(**more):
    """Two pillars of 50 points: one with two questions, one with a heavy and a light one."""
    return {
        "slug": "small",
        "name": "A small framework",
        "version": "1",
        "origin": "own",
        "source": "The tests",
        "points": 100,
        "dimensions": [
            dimension("people", 50, question("skills"), question("cover")),
            dimension("tools", 50, question("crm", weight=4), question("phones", levels=2)),
        ],
        "bands": [band("low", 0, 50), band("middle", 50, 80), band("top", 80, 100)],
        "floors": [{"band": "top", "dimension": "tools", "at_least": 40}],
        **more,
    }
