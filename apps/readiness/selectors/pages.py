"""The page of an assessment, in words: what the engine's record says."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core.charts.figures import number
from apps.core.charts.maturity import Maturity, MaturityBand
from apps.readiness.models import Assessment, AssessmentAnswer
from apps.readiness.selectors.assessments import answers_of, record_of
from apps.readiness.types import Asked, Gap, Pillar, Sheet

TONES = ("bad", "warn", "ok")
MOST_GAPS = 6


def _plain(value: str) -> str:
    given = Decimal(value)
    return number(given, decimals=0 if given == given.to_integral_value() else 1)


def sheet(assessment: Assessment) -> Sheet:
    """Return the assessment as it stands, or as it was signed off."""
    record = record_of(assessment)
    content, result = assessment.content, record.to_plain()["result"]
    given = answers_of(assessment)
    total = result["total"]
    exact = total["lo"] == total["hi"]
    bands = {band["slug"]: band for band in content["bands"]}
    band = bands.get(result["band"] or "")
    return Sheet(
        name=content["name"],
        source=content.get("source", ""),
        total=_plain(total["lo"])
        if exact
        else _("{low} to {high}").format(low=_plain(total["lo"]), high=_plain(total["hi"])),
        band=band["name"] if band else _("Indeterminate: answers are missing"),
        advice=band["advice"]
        if band
        else _("The band is given when the missing answers cannot move it any more."),
        tone=_tone(content, result["band"]),
        chart=_chart(content, total),
        pillars=tuple(_pillar(row, content, given) for row in result["dimensions"]),
        floors=tuple(_floor(floor, content) for floor in result["floors"] if floor["met"] is False),
        gaps=tuple(_gaps(result, content)),
        answered=sum(row["answered"] for row in result["dimensions"]),
        asked=sum(row["questions"] for row in result["dimensions"]),
        digest=assessment.digest,
    )


def _tone(content: Mapping[str, Any], band: str | None) -> str:
    slugs = [row["slug"] for row in content["bands"]]
    return TONES[min(slugs.index(band), len(TONES) - 1)] if band in slugs else ""


def _chart(content: Mapping[str, Any], total: Mapping[str, str]) -> Maturity:
    bands = tuple(
        MaturityBand(
            row["name"], float(row["from"]), float(row["to"]), TONES[min(at, len(TONES) - 1)]
        )
        for at, row in enumerate(content["bands"])
    )
    return Maturity(content["name"], float(total["lo"]), bands)


def _pillar(
    row: Mapping[str, Any], content: Mapping[str, Any], given: Mapping[str, AssessmentAnswer]
) -> Pillar:
    dimension = next(d for d in content["dimensions"] if d["slug"] == row["dimension"])
    exact = row["lo"] == row["hi"]
    return Pillar(
        slug=dimension["slug"],
        name=dimension["name"],
        about=dimension.get("about", ""),
        points=_plain(row["lo"]) if exact else f"{_plain(row['lo'])}\u2013{_plain(row['hi'])}",
        most=_plain(row["of"]),
        answered=row["answered"],
        questions=tuple(_asked(question, given) for question in dimension["questions"]),
    )


def _asked(question: Mapping[str, Any], given: Mapping[str, AssessmentAnswer]) -> Asked:
    answer = given.get(question["slug"])
    return Asked(
        slug=question["slug"],
        text=question["text"],
        hint=question.get("evidence", ""),
        anchors=tuple(enumerate(question["levels"])),
        level=answer.level if answer else None,
        evidence=answer.evidence if answer else "",
        by=answer.saved_by.name if answer else "",
    )


def _floor(floor: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    names = {d["slug"]: d["name"] for d in content["dimensions"]}
    bands = {b["slug"]: b["name"] for b in content["bands"]}
    return _("{band} needs at least {least} points in {pillar}.").format(
        band=bands[floor["band"]],
        least=_plain(floor["at_least"]),
        pillar=names.get(floor["dimension"], floor["dimension"]),
    )


def _gaps(result: Mapping[str, Any], content: Mapping[str, Any]) -> list[Gap]:
    questions = {q["slug"]: (q, d["name"]) for d in content["dimensions"] for q in d["questions"]}
    found = []
    for gap in result["gaps"][:MOST_GAPS]:
        question, pillar = questions[gap["question"]]
        found.append(
            Gap(question["text"], pillar, _plain(gap["points"]), question.get("advice", ""))
        )
    return found
