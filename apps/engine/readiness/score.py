"""Scores the answers to a framework: points, bounds, band, floors, and the gaps worth closing.

Shares are exact fractions until a figure leaves; bands and floors are decided on the figure as
it is printed, so that a reader of the record can decide them again. A missing answer counts
nothing in the lower bound and everything in the upper one; a band is given where both agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from apps.engine.errors import ScaleError
from apps.engine.numbers import TEXT_DECIMALS, round_half_up
from apps.engine.readiness.framework import Band, Dimension, Floor, Framework, Question
from apps.engine.reading import Reader

_PRECISION = 60

Answers = Mapping[str, int | None]


@dataclass(frozen=True, kw_only=True)
class Range:
    """What is certain, and what would be reached if every missing answer were the best one."""

    lo: Fraction
    hi: Fraction

    @property
    def low(self) -> Decimal:
        return _printed(self.lo)

    @property
    def high(self) -> Decimal:
        return _printed(self.hi)

    @property
    def exact(self) -> bool:
        return self.lo == self.hi


@dataclass(frozen=True, kw_only=True)
class DimensionScore:
    dimension: Dimension
    points: Range
    answered: int


@dataclass(frozen=True, kw_only=True)
class FloorResult:
    """`met` is None while missing answers leave it open."""

    floor: Floor
    points: Range
    met: bool | None


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A question below its top level; `level` is None where the answer is missing."""

    dimension: Dimension
    question: Question
    level: int | None

    @property
    def to_win(self) -> Fraction:
        return points_of(self.dimension, self.question, self.question.top - (self.level or 0))

    @property
    def per_level(self) -> Fraction:
        return points_of(self.dimension, self.question, 1)


@dataclass(frozen=True, kw_only=True)
class NextBand:
    """The fewest gaps that, closed to the top level, lift the lower bound into the next band."""

    band: Band
    missing: Decimal
    close: tuple[Gap, ...]


@dataclass(frozen=True, kw_only=True)
class Score:
    framework: Framework
    dimensions: tuple[DimensionScore, ...]
    total: Range
    band_lo: Band
    band_hi: Band
    floors: tuple[FloorResult, ...]
    gaps: tuple[Gap, ...]
    next_band: NextBand | None

    @property
    def band(self) -> Band | None:
        """The band, or None while missing answers could still move it."""
        return self.band_lo if self.band_lo == self.band_hi else None

    @property
    def missing(self) -> tuple[Question, ...]:
        return tuple(gap.question for gap in self.gaps if gap.level is None)


def read_answers(framework: Framework, reader: Reader) -> Answers:
    """Read levels by question; null or absent is a missing answer, an unknown name an error."""
    reader.only(*(question.slug for question in framework.questions))
    levels: dict[str, int | None] = {}
    for question in framework.questions:
        level = reader.optional(question.slug)
        levels[question.slug] = None if level is None else level.integer(0, question.top)
    return levels


def score(framework: Framework, answers: Answers) -> Score:
    """Score a framework; `answers` holds a level or None by question slug."""
    _check(framework, answers)
    dimensions = tuple(_score_dimension(item, answers) for item in framework.dimensions)
    lows = {item.dimension.slug: item.points.lo for item in dimensions}
    highs = {item.dimension.slug: item.points.hi for item in dimensions}
    gaps = _gaps(framework, answers)
    band_lo = band_of(framework, lows)
    return Score(
        framework=framework,
        dimensions=dimensions,
        total=Range(lo=sum(lows.values(), Fraction()), hi=sum(highs.values(), Fraction())),
        band_lo=band_lo,
        band_hi=band_of(framework, highs),
        floors=tuple(_judge(floor, lows, highs) for floor in framework.floors),
        gaps=gaps,
        next_band=_next_band(framework, band_lo, lows, gaps),
    )


def band_of(framework: Framework, points: Mapping[str, Fraction]) -> Band:
    """Return the band of a total, held below any band whose floors are not met."""
    total = _printed(sum(points.values(), Fraction()))
    best = framework.bands[0]
    for band in framework.bands[1:]:
        if total < band.start or not _floors_met(framework, band, points):
            break
        best = band
    return best


def points_of(dimension: Dimension, question: Question, levels: int) -> Fraction:
    """Points that so many levels of a question are worth."""
    share = Fraction(question.weight) / Fraction(dimension.weight)
    return Fraction(dimension.points) * share * Fraction(levels, question.top)


def _printed(points: Fraction) -> Decimal:
    with localcontext(prec=_PRECISION):
        exact = Decimal(points.numerator) / Decimal(points.denominator)
    return round_half_up(exact, TEXT_DECIMALS)


def _check(framework: Framework, answers: Answers) -> None:
    tops = {question.slug: question.top for question in framework.questions}
    for slug, level in answers.items():
        if slug not in tops:
            raise ScaleError("Remove this answer; the framework has no such question.", path=slug)
        if level is not None and not 0 <= level <= tops[slug]:
            raise ScaleError(f"Give a level from 0 to {tops[slug]}.", path=slug)


def _score_dimension(dimension: Dimension, answers: Answers) -> DimensionScore:
    lo = hi = Fraction()
    answered = 0
    for question in dimension.questions:
        level = answers.get(question.slug)
        answered += level is not None
        lo += points_of(dimension, question, 0 if level is None else level)
        hi += points_of(dimension, question, question.top if level is None else level)
    return DimensionScore(dimension=dimension, points=Range(lo=lo, hi=hi), answered=answered)


def _met(floor: Floor, points: Mapping[str, Fraction]) -> bool:
    return _printed(points[floor.dimension]) >= floor.at_least


def _floors_met(framework: Framework, band: Band, points: Mapping[str, Fraction]) -> bool:
    return all(_met(floor, points) for floor in framework.floors if floor.band == band.slug)


def _judge(
    floor: Floor, lows: Mapping[str, Fraction], highs: Mapping[str, Fraction]
) -> FloorResult:
    certain, possible = _met(floor, lows), _met(floor, highs)
    return FloorResult(
        floor=floor,
        points=Range(lo=lows[floor.dimension], hi=highs[floor.dimension]),
        met=certain if certain == possible else None,
    )


def _gaps(framework: Framework, answers: Answers) -> tuple[Gap, ...]:
    """Every question below its top level, the one with most points to be won first."""
    gaps = (
        Gap(dimension=dimension, question=question, level=answers.get(question.slug))
        for dimension in framework.dimensions
        for question in dimension.questions
    )
    # sorted() is stable: equal gaps stay in the order of the framework
    return tuple(
        sorted((gap for gap in gaps if gap.to_win), key=lambda gap: gap.to_win, reverse=True)
    )


def _next_band(
    framework: Framework, band: Band, points: Mapping[str, Fraction], gaps: tuple[Gap, ...]
) -> NextBand | None:
    place = framework.bands.index(band) + 1
    if place == len(framework.bands):
        return None
    target = framework.bands[place]
    missing = target.start - _printed(sum(points.values(), Fraction()))
    return NextBand(
        band=target,
        missing=max(missing, Decimal(0)),
        close=_fewest(framework, target, points, gaps),
    )


def _fewest(
    framework: Framework, target: Band, points: Mapping[str, Fraction], gaps: tuple[Gap, ...]
) -> tuple[Gap, ...]:
    """Take the largest gaps of each dimension below its floor, then the largest of all.

    No smaller set will do: every set needs that many gaps in each such dimension, and among
    sets of one size this one wins most points.
    """
    chosen: dict[str, Gap] = {}
    for floor in framework.floors:
        if floor.band == target.slug:
            here = [gap for gap in gaps if gap.dimension.slug == floor.dimension]
            _take(chosen, here, start=points[floor.dimension], goal=floor.at_least)
    _take(chosen, gaps, start=sum(points.values(), Fraction()), goal=target.start)
    return tuple(gap for gap in gaps if gap.question.slug in chosen)


def _take(chosen: dict[str, Gap], among: Iterable[Gap], *, start: Fraction, goal: Decimal) -> None:
    """Add gaps until those chosen among these lift `start` to the goal."""
    among = tuple(among)
    reached = start + sum((gap.to_win for gap in among if gap.question.slug in chosen), Fraction())
    for gap in among:
        if _printed(reached) >= goal:
            return
        if gap.question.slug not in chosen:
            chosen[gap.question.slug] = gap
            reached += gap.to_win
