"""What a readiness record says: points, bands, floors and gaps in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.charts.maturity import Maturity, MaturityBand
from apps.core.finding import Finding
from apps.core.templatetags import formats
from apps.engine.cases import Record
from apps.readiness.models import Assessment, AssessmentAnswer
from apps.readiness.types import Asked, Band, Floor, Gap, Pillar, Sheet

TONES = ("bad", "warn", "ok")
Plain = Mapping[str, Any]


def plain(points: str) -> str:
    """Write points as they are: whole where they are whole, else with one decimal."""
    given = Decimal(points)
    return formats.number(given, 0 if given == given.to_integral_value() else 1)


def sheet_of(
    assessment: Assessment, record: Record, given: Mapping[str, AssessmentAnswer]
) -> Sheet:
    """Put a record, its framework's texts and the answers together."""
    held = _Held(assessment.content, record, given)
    result, content = held.result, held.content
    return Sheet(
        finding=_finding(held, assessment.procurement.organisation.name),
        name=content["name"],
        source=content["source"],
        own_rules=content["origin"] in {"adapted", "default"},
        total=held.total,
        of=plain(result["total"]["of"]),
        band=held.bands[result["band"]]["name"] if result["band"] else "",
        advice=held.bands[result["band"]].get("advice", "") if result["band"] else "",
        chart=_chart(held),
        pillars=tuple(_pillar(held, row) for row in result["dimensions"]),
        bands=tuple(_band(held, place) for place in range(len(content["bands"]))),
        floors=tuple(_floor(held, row) for row in result["floors"]),
        gaps=tuple(_gap(held, row) for row in result["gaps"]),
        step=_step(held),
        answered=sum(row["answered"] for row in result["dimensions"]),
        asked=sum(row["questions"] for row in result["dimensions"]),
    )


class _Held:
    """A record's result beside the texts of the framework it was made with."""

    def __init__(
        self, content: Plain, record: Record, given: Mapping[str, AssessmentAnswer]
    ) -> None:
        result: Any = record.to_plain()["result"]
        self.content, self.given = content, given
        self.result: dict[str, Any] = result
        self.bands = {row["slug"]: row for row in content["bands"]}
        self.pillars = {row["slug"]: row for row in content["dimensions"]}
        self.questions = {
            q["slug"]: (q, row) for row in content["dimensions"] for q in row["questions"]
        }
        self.closing: list[str] = (result["next_band"] or {}).get("close", [])

    @property
    def total(self) -> str:
        low, high = self.result["total"]["lo"], self.result["total"]["hi"]
        if low == high:
            return plain(low)
        return _("{low} to {high}").format(low=plain(low), high=plain(high))

    @property
    def missing(self) -> int:
        return sum(row["questions"] - row["answered"] for row in self.result["dimensions"])

    def tone(self, place: int) -> str:
        """Return the tone of a band by its place: the first is bad, the last is well."""
        last = len(self.content["bands"]) - 1
        return TONES[0] if place == 0 else TONES[-1] if place == last else TONES[1]

    def tone_of(self, share: Decimal) -> str:
        """Return the tone of the band in which a share of the points lies."""
        reached = share * Decimal(str(self.content["points"]))
        starts = [Decimal(str(row["from"])) for row in self.content["bands"]]
        return self.tone(max(place for place, start in enumerate(starts) if reached >= start))


def _finding(held: _Held, buyer: str) -> Finding:
    of, band = plain(held.result["total"]["of"]), held.result["band"]
    if not held.missing:
        before = _("{buyer} scores {total} of {of}: ").format(buyer=buyer, total=held.total, of=of)
        after = f". {_step(held)}" if held.closing else "."
        return Finding(before, held.bands[band]["name"], after)
    before = _("{buyer} scores {total} of {of} so far: ").format(
        buyer=buyer, total=held.total, of=of
    )
    key = ngettext("{count} answer is missing", "{count} answers are missing", held.missing).format(
        count=held.missing
    )
    if band:
        after = _(", and the band is {band} whatever they are.").format(
            band=held.bands[band]["name"]
        )
        return Finding(before, key, after)
    return Finding(before, key, _(", and the band depends on them."))


def _step(held: _Held) -> str:
    """Say which band comes next and how many gaps lead there; nothing in the top band."""
    following = held.result["next_band"]
    if following is None:
        return ""
    name = held.bands[following["band"]]["name"]
    return ngettext(
        "Closing {count} gap reaches {band}.",
        "Closing {count} gaps reaches {band}.",
        len(held.closing),
    ).format(count=len(held.closing), band=name)


def _chart(held: _Held) -> Maturity:
    total = held.result["total"]
    return Maturity(
        title=_("{name}: {total} of {of}").format(
            name=held.content["name"], total=held.total, of=plain(total["of"])
        ),
        score=float(total["lo"]),
        bands=tuple(
            MaturityBand(row["name"], float(row["from"]), float(row["to"]), held.tone(place))
            for place, row in enumerate(held.content["bands"])
        ),
        high=float(held.content["points"]),
        target=float(total["hi"]) if total["hi"] != total["lo"] else None,
    )


def _pillar(held: _Held, row: Plain) -> Pillar:
    content = held.pillars[row["dimension"]]
    share = Decimal(row["lo"]) / Decimal(row["of"])
    low, high = plain(row["lo"]), plain(row["hi"])
    return Pillar(
        slug=content["slug"],
        name=content["name"],
        about=content.get("about", ""),
        points=low if low == high else _("{low} to {high}").format(low=low, high=high),
        of=plain(row["of"]),
        share=float(share),
        tone=held.tone_of(share),
        answered=row["answered"],
        questions=tuple(_asked(held, question) for question in content["questions"]),
    )


def _asked(held: _Held, question: Plain) -> Asked:
    answer = held.given.get(question["slug"])
    return Asked(
        slug=question["slug"],
        text=question["text"],
        hint=question.get("evidence", ""),
        anchors=tuple(enumerate(question["levels"])),
        level=answer.level if answer else None,
        evidence=answer.evidence if answer else "",
        by=answer.saved_by.name if answer else "",
        closes=question["slug"] in held.closing,
    )


def _span(bands: Sequence[Mapping[str, Any]], place: int) -> str:
    """Write the points of a band; its upper end belongs to the band above, if there is one."""
    if place == 0 and len(bands) > 1:
        return _("below {high}").format(high=plain(str(bands[place]["to"])))
    return _("from {low}").format(low=plain(str(bands[place]["from"])))


def _band(held: _Held, place: int) -> Band:
    row = held.content["bands"][place]
    return Band(
        name=row["name"],
        span=_span(held.content["bands"], place),
        advice=row.get("advice", ""),
        tone=held.tone(place),
        current=row["slug"] == held.result["band"],
    )


def _floor(held: _Held, row: Plain) -> Floor:
    low, high = plain(row["lo"]), plain(row["hi"])
    return Floor(
        pillar=held.pillars[row["dimension"]]["name"],
        points=low if low == high else _("{low} to {high}").format(low=low, high=high),
        least=plain(row["at_least"]),
        band=held.bands[row["band"]]["name"],
        met=row["met"],
    )


def _gap(held: _Held, row: Plain) -> Gap:
    question, pillar = held.questions[row["question"]]
    level = (
        _("no answer")
        if row["level"] is None
        else _("{level} of {top}").format(level=row["level"], top=row["top"])
    )
    return Gap(
        question=question["text"],
        pillar=pillar["name"],
        level=level,
        points=plain(row["points"]),
        advice=question.get("advice", ""),
        closes=row["question"] in held.closing,
    )
