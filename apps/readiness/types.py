"""An assessment as its pages show it: points in words, sentences from the record's figures."""

import datetime as dt
from dataclasses import dataclass

from apps.core.charts.maturity import Maturity
from apps.core.finding import Finding
from apps.readiness.models import Assessment


@dataclass(frozen=True)
class Given:
    """An answer: a level, None where there is none yet, and what shows it."""

    level: int | None
    evidence: str


@dataclass(frozen=True)
class Asked:
    """One question of a framework with its anchors and what was answered."""

    slug: str
    text: str
    hint: str
    anchors: tuple[tuple[int, str], ...]
    level: int | None
    evidence: str
    by: str
    closes: bool  # one of the gaps that, closed, lift into the next band

    @property
    def top(self) -> int:
        return len(self.anchors) - 1

    @property
    def anchor(self) -> str:
        return "" if self.level is None else self.anchors[self.level][1]

    @property
    def pips(self) -> tuple[bool, ...]:
        return tuple(at < (self.level or 0) for at in range(self.top))


@dataclass(frozen=True)
class Pillar:
    """`share` is of its lower end, 0 to 1; `tone` that of the band the share lies in."""

    slug: str
    name: str
    about: str
    points: str
    of: str
    share: float
    tone: str
    answered: int
    questions: tuple[Asked, ...]


@dataclass(frozen=True)
class Gap:
    question: str
    pillar: str
    level: str
    points: str
    advice: str
    closes: bool


@dataclass(frozen=True)
class Band:
    name: str
    span: str
    advice: str
    tone: str
    current: bool


@dataclass(frozen=True)
class Floor:
    """The least a pillar needs for a band; `met` is None while missing answers leave it open."""

    pillar: str
    points: str
    least: str
    band: str
    met: bool | None


@dataclass(frozen=True)
class Past:
    """One assessment of the history."""

    number: int
    state: str
    at: dt.datetime
    by: str
    total: str
    band: str
    digest: str
    here: bool


@dataclass(frozen=True)
class Sheet:
    """An assessment: score with bounds, band or none, pillars, floors, gaps, the way on."""

    finding: Finding
    name: str
    source: str
    own_rules: bool
    total: str
    of: str
    band: str
    advice: str
    chart: Maturity
    pillars: tuple[Pillar, ...]
    bands: tuple[Band, ...]
    floors: tuple[Floor, ...]
    gaps: tuple[Gap, ...]
    step: str
    answered: int
    asked: int


@dataclass(frozen=True)
class Framework:
    slug: str
    name: str
    about: str


@dataclass(frozen=True)
class ReadinessPage:
    """The page of one framework; `sheet` is None before it was begun for the first time."""

    framework: Framework
    assessment: Assessment | None
    sheet: Sheet | None
    history: tuple[Past, ...]
    others: tuple[Framework, ...]
    draft: bool
    newest: bool
    may_begin: bool
    may_assess: bool
    may_sign_off: bool


@dataclass(frozen=True)
class AnswerPage:
    """One pillar to be answered; `seen` names the answers the page was drawn from."""

    assessment: Assessment
    pillar: Pillar
    pillars: tuple[Pillar, ...]
    seen: str
    following: str  # slug of the next pillar, empty for the last
