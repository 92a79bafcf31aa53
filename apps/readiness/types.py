"""What the readiness page shows, ready to print."""

from dataclasses import dataclass

from apps.core.charts.maturity import Maturity


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


@dataclass(frozen=True)
class Pillar:
    slug: str
    name: str
    about: str
    points: str
    most: str
    answered: int
    questions: tuple[Asked, ...]


@dataclass(frozen=True)
class Gap:
    question: str
    pillar: str
    points: str
    advice: str


@dataclass(frozen=True)
class Sheet:
    """An assessment: score with bounds, band or none, pillars, floors not met, gaps."""

    name: str
    source: str
    total: str
    band: str
    advice: str
    tone: str
    chart: Maturity
    pillars: tuple[Pillar, ...]
    floors: tuple[str, ...]
    gaps: tuple[Gap, ...]
    answered: int
    asked: int
    digest: str
