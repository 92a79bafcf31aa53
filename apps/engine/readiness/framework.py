"""A framework: dimensions of questions with anchored levels, and bands over the points.

Readiness, maturity and alignment scorecards are all of this shape. A framework is content, so it
arrives as plain data (a TOML file, a form), is checked here once, and is frozen from then on.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from apps.engine.errors import InvalidInput, ScaleError, WeightsError
from apps.engine.reading import Reader

SLUG = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*", re.ASCII)
MOST_DIMENSIONS, MOST_QUESTIONS, MOST_LEVELS, MOST_BANDS = 20, 60, 11, 10
MOST_POINTS = 1000


class Origin(Enum):
    """Whose rules these are: all from a source, partly, our default (no benchmark), or own."""

    PUBLISHED = "published"
    ADAPTED = "adapted"
    DEFAULT = "default"
    OWN = "own"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; level 0 stands for the first anchor and earns nothing.

    `ask_vendor` is what an RFP should ask because of this question.
    """

    slug: str
    text: str
    levels: tuple[str, ...]
    weight: Decimal = Decimal(1)
    evidence: str = ""
    advice: str = ""
    ask_vendor: str = ""

    def __post_init__(self) -> None:
        check_slug(self.slug)
        if not 2 <= len(self.levels) <= MOST_LEVELS:
            raise ScaleError(f"Describe 2 to {MOST_LEVELS} levels.", path="levels")
        if self.weight <= 0:
            raise WeightsError("Give a weight above 0.", path="weight")

    @property
    def top(self) -> int:
        return len(self.levels) - 1


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """A pillar: its points are shared among its questions in proportion to their weights."""

    slug: str
    name: str
    points: Decimal
    questions: tuple[Question, ...]
    about: str = ""

    def __post_init__(self) -> None:
        check_slug(self.slug)
        if not 0 < self.points <= MOST_POINTS:
            raise WeightsError(f"Give points above 0, and {MOST_POINTS} at most.", path="points")
        if not 1 <= len(self.questions) <= MOST_QUESTIONS:
            raise InvalidInput(f"Ask 1 to {MOST_QUESTIONS} questions.", path="questions")

    @property
    def weight(self) -> Decimal:
        return sum((question.weight for question in self.questions), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Band:
    """Totals from `start` up to, and without, `end`; the last band includes its end."""

    slug: str
    name: str
    start: Decimal
    end: Decimal
    advice: str = ""

    def __post_init__(self) -> None:
        check_slug(self.slug)
        if not self.start < self.end:
            raise ScaleError("Let a band end above its start.", path="to")


@dataclass(frozen=True, kw_only=True)
class Floor:
    """The least that a dimension needs for a band and for every band above it."""

    band: str
    dimension: str
    at_least: Decimal


@dataclass(frozen=True, kw_only=True)
class Framework:
    slug: str
    name: str
    version: str
    origin: Origin
    source: str
    points: Decimal
    dimensions: tuple[Dimension, ...]
    bands: tuple[Band, ...]
    floors: tuple[Floor, ...] = ()
    about: str = ""

    def __post_init__(self) -> None:
        check_slug(self.slug)
        if not 1 <= len(self.dimensions) <= MOST_DIMENSIONS:
            raise InvalidInput(f"Give 1 to {MOST_DIMENSIONS} dimensions.", path="dimensions")
        check_unique((item.slug for item in self.dimensions), "dimensions")
        check_unique((question.slug for question in self.questions), "questions")
        self._check_points()
        self._check_bands()
        self._check_floors()

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for item in self.dimensions for question in item.questions)

    def _check_points(self) -> None:
        total = sum((item.points for item in self.dimensions), Decimal(0))
        if total != self.points:
            raise WeightsError(
                f"The dimensions add up to {total} points; they must add up to {self.points}.",
                path="dimensions",
            )

    def _check_bands(self) -> None:
        if not 1 <= len(self.bands) <= MOST_BANDS:
            raise InvalidInput(f"Give 1 to {MOST_BANDS} bands.", path="bands")
        check_unique((band.slug for band in self.bands), "bands")
        edge = Decimal(0)
        for place, band in enumerate(self.bands):
            if band.start != edge:
                raise ScaleError(
                    f"Start this band at {edge}, where the one before ends.",
                    path=f"bands[{place}].from",
                )
            edge = band.end
        if edge != self.points:
            raise ScaleError(
                f"End the last band at {self.points}.", path=f"bands[{len(self.bands) - 1}].to"
            )

    def _check_floors(self) -> None:
        points = {item.slug: item.points for item in self.dimensions}
        above_lowest = [band.slug for band in self.bands[1:]]
        for place, floor in enumerate(self.floors):
            path = f"floors[{place}]"
            if floor.band not in above_lowest:
                raise InvalidInput(
                    "Name a band above the lowest one; the lowest takes everybody.",
                    path=f"{path}.band",
                )
            if floor.dimension not in points:
                raise InvalidInput(
                    f"Name one of the dimensions: {', '.join(points)}.", path=f"{path}.dimension"
                )
            if not 0 < floor.at_least <= points[floor.dimension]:
                raise ScaleError(
                    f"Ask for more than 0 and at most {points[floor.dimension]} points.",
                    path=f"{path}.at_least",
                )


def check_slug(slug: str) -> None:
    if not SLUG.fullmatch(slug):
        raise InvalidInput(
            "Write a slug of small letters, digits and single hyphens or underscores.", path="slug"
        )


def check_unique(slugs: Iterable[str], path: str) -> None:
    seen: set[str] = set()
    for slug in slugs:
        if slug in seen:
            raise InvalidInput(f"Use the slug {slug} once.", path=path)
        seen.add(slug)


# From plain data


def parse(raw: object, path: str = "") -> Framework:
    """Read a framework from plain data; a fault is named with the path of its field."""
    reader = Reader(raw, path).only(
        "slug",
        "name",
        "version",
        "origin",
        "source",
        "about",
        "points",
        "dimensions",
        "bands",
        "floors",
    )
    with placed(reader):
        return Framework(
            slug=reader.key("slug").text(),
            name=reader.key("name").text(),
            version=reader.key("version").text(),
            origin=Origin(reader.key("origin").choice(origin.value for origin in Origin)),
            source=reader.key("source").text(),
            about=_text(reader, "about"),
            points=reader.key("points").decimal(0, MOST_POINTS),
            dimensions=tuple(_dimension(item) for item in reader.key("dimensions").items()),
            bands=tuple(_band(item) for item in reader.key("bands").items()),
            floors=tuple(_floor(item) for item in _list(reader, "floors")),
        )


def _dimension(reader: Reader) -> Dimension:
    reader.only("slug", "name", "about", "points", "questions")
    with placed(reader):
        return Dimension(
            slug=reader.key("slug").text(),
            name=reader.key("name").text(),
            about=_text(reader, "about"),
            points=reader.key("points").decimal(),
            questions=tuple(_question(item) for item in reader.key("questions").items()),
        )


def _question(reader: Reader) -> Question:
    reader.only("slug", "text", "levels", "weight", "evidence", "advice", "ask_vendor")
    weight = reader.optional("weight")
    with placed(reader):
        return Question(
            slug=reader.key("slug").text(),
            text=reader.key("text").text(),
            levels=tuple(level.text() for level in reader.key("levels").items()),
            weight=Decimal(1) if weight is None else weight.decimal(),
            evidence=_text(reader, "evidence"),
            advice=_text(reader, "advice"),
            ask_vendor=_text(reader, "ask_vendor"),
        )


def _band(reader: Reader) -> Band:
    reader.only("slug", "name", "from", "to", "advice")
    with placed(reader):
        return Band(
            slug=reader.key("slug").text(),
            name=reader.key("name").text(),
            start=reader.key("from").decimal(),
            end=reader.key("to").decimal(),
            advice=_text(reader, "advice"),
        )


def _floor(reader: Reader) -> Floor:
    reader.only("band", "dimension", "at_least")
    return Floor(
        band=reader.key("band").text(),
        dimension=reader.key("dimension").text(),
        at_least=reader.key("at_least").decimal(),
    )


def _text(reader: Reader, name: str) -> str:
    child = reader.optional(name)
    return "" if child is None else child.text()


def _list(reader: Reader, name: str) -> Sequence[Reader]:
    child = reader.optional(name)
    return () if child is None else child.items()


@contextmanager
def placed(reader: Reader) -> Iterator[None]:
    """Lengthen the path of a fault that was found without knowing where the thing stands."""
    try:
        yield
    except InvalidInput as error:
        inner = error.path or ""
        if reader.path and not inner.startswith(reader.path):
            error.path = f"{reader.path}.{inner}" if inner else reader.path
        raise
