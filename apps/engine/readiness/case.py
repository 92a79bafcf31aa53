"""The case ``{"framework": {…}, "answers": {"question": level or null}}``."""

from collections.abc import Mapping

from apps.engine.numbers import TEXT_DECIMALS, text
from apps.engine.readiness.framework import Framework, Origin, parse
from apps.engine.readiness.score import Gap, NextBand, Range, Score, read_answers, score
from apps.engine.reading import Json, Outcome, Reader


def run(case: Mapping[str, Json]) -> Outcome:
    reader = Reader(case).only("framework", "answers")
    framework = parse(reader.key("framework").raw, "framework")
    scored = score(framework, read_answers(framework, reader.key("answers")))
    return Outcome(result=_result(scored), method=_method(framework), warnings=_warnings(scored))


def _method(framework: Framework) -> Mapping[str, Json]:
    return {
        "calculator": "readiness.score",
        "version": "1",
        "framework": framework.slug,
        "framework_version": framework.version,
        "decimals": TEXT_DECIMALS,
        "rounding": "half-up",
        "missing_answers": "bounds",
    }


def _warnings(scored: Score) -> tuple[Json, ...]:
    warnings: list[Json] = []
    if scored.framework.origin in {Origin.ADAPTED, Origin.DEFAULT}:
        origin = scored.framework.origin.value
        warnings.append({"code": "default_rules_no_benchmark", "origin": origin})
    if scored.missing:
        questions = [question.slug for question in scored.missing]
        warnings.append({"code": "answers_missing", "questions": questions})
    if scored.band is None:
        bands = [scored.band_lo.slug, scored.band_hi.slug]
        warnings.append({"code": "band_indeterminate", "bands": bands})
    return tuple(warnings)


def _result(scored: Score) -> Mapping[str, Json]:
    return {
        "total": _range(scored.total, of=text(scored.framework.points)),
        "band": scored.band.slug if scored.band else None,
        "band_lo": scored.band_lo.slug,
        "band_hi": scored.band_hi.slug,
        "dimensions": [
            {
                "dimension": item.dimension.slug,
                **_range(item.points, of=text(item.dimension.points)),
                "answered": item.answered,
                "questions": len(item.dimension.questions),
            }
            for item in scored.dimensions
        ],
        "floors": [
            {
                "band": item.floor.band,
                "dimension": item.floor.dimension,
                "at_least": text(item.floor.at_least),
                **_range(item.points),
                "met": item.met,
            }
            for item in scored.floors
        ],
        "gaps": [_gap(gap) for gap in scored.gaps],
        "next_band": _next(scored.next_band) if scored.next_band else None,
    }


def _range(points: Range, of: str | None = None) -> dict[str, Json]:
    bounds: dict[str, Json] = {"lo": text(points.low), "hi": text(points.high)}
    return bounds if of is None else {**bounds, "of": of}


def _gap(gap: Gap) -> Mapping[str, Json]:
    return {
        "dimension": gap.dimension.slug,
        "question": gap.question.slug,
        "level": gap.level,
        "top": gap.question.top,
        "points": text(Range(lo=gap.to_win, hi=gap.to_win).low),
        "points_per_level": text(Range(lo=gap.per_level, hi=gap.per_level).low),
    }


def _next(step: NextBand) -> Mapping[str, Json]:
    return {
        "band": step.band.slug,
        "points_missing": text(step.missing),
        "close": [gap.question.slug for gap in step.close],
    }
