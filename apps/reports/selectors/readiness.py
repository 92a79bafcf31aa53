"""The readiness assessment in the words and figures of paper."""

import json
from typing import Any

from django.utils.translation import gettext as _

from apps.core.templatetags import formats
from apps.readiness.models import Assessment
from apps.reports.selectors.paper import DASH, Plain, plain

MOST = 4  # gaps named


def total_of(assessment: Assessment | None) -> tuple[str, str]:
    """Return the score and what it means: ("72", "of 100, Hybrid")."""
    if assessment is None:
        return DASH, _("not assessed")
    total = _result(assessment)["total"]
    words = _("of {most}, {band}").format(most=plain(total["of"]), band=_band(assessment))
    return _between(total), words


def _result(assessment: Assessment) -> dict[str, Any]:
    return dict(json.loads(assessment.record)["result"])


def _band(assessment: Assessment) -> str:
    names = {band["slug"]: str(band["name"]) for band in assessment.content["bands"]}
    found = _result(assessment)["band"]
    return names[found] if found else _("no band while answers are missing")


def _between(score: Plain) -> str:
    """Show a score; a range where answers are missing."""
    if score["lo"] == score["hi"]:
        return plain(score["lo"])
    return _("{low} to {high}").format(low=plain(score["lo"]), high=plain(score["hi"]))


def block(assessment: Assessment | None) -> dict[str, Any]:
    """Return the readiness section of a report; one sentence where nothing was assessed."""
    if assessment is None:
        return {
            "note": _("not assessed"),
            "sentence": _("No readiness assessment was part of this decision."),
            "pillars": [],
            "actions": [],
        }
    content, result = assessment.content, _result(assessment)
    score, meaning = total_of(assessment)
    signed = formats.long_date(assessment.signed_off_at)
    note = _("{name}, signed off {date}").format(name=content["name"], date=signed)
    return {
        "note": note,
        "sentence": _("We score {score} {meaning}.").format(score=score, meaning=meaning),
        "pillars": [_pillar(row, content, result) for row in result["dimensions"]],
        "actions": _actions(content, result),
    }


def _pillar(row: Plain, content: Plain, result: Plain) -> dict[str, str]:
    names = {one["slug"]: one["name"] for one in content["dimensions"]}
    floors = [f for f in result.get("floors") or () if f["dimension"] == row["dimension"]]
    return {
        "name": names[row["dimension"]],
        "score": _("{points} of {most}").format(points=_between(row), most=plain(row["of"])),
        "floor": _floor(floors[-1]) if floors else DASH,
        "answered": _("{count} of {questions}").format(
            count=row["answered"], questions=row["questions"]
        ),
    }


def _floor(floor: Plain) -> str:
    words = _("{least}, met") if floor["met"] else _("{least}, not met")
    return words.format(least=plain(floor["at_least"]))


def _actions(content: Plain, result: Plain) -> list[dict[str, str]]:
    """Return what closes the largest gaps, in the framework's own words."""
    asked = {
        question["slug"]: (question, dimension["name"])
        for dimension in content["dimensions"]
        for question in dimension["questions"]
    }
    found = []
    for gap in result["gaps"][:MOST]:
        question, pillar = asked[gap["question"]]
        found.append(
            {
                "action": str(question.get("advice") or question["text"]),
                "pillar": pillar,
                "points": plain(gap["points"]),
            }
        )
    return found
