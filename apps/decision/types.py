"""What the page of the decision tree shows, ready to print."""

from dataclasses import dataclass

from apps.core.charts.decision_path import DecisionPath


@dataclass(frozen=True)
class Step:
    """One question of the path, its answer, what shows it, and the road not taken."""

    question: str
    value: str
    answer: str
    source: str
    digest: str
    otherwise: str
    addition: bool


@dataclass(frozen=True)
class Change:
    """A fact that would have to become another for another recommendation."""

    fact: str
    now: str
    to: str
    then: str


@dataclass(frozen=True)
class Asked:
    """A fact that people state: its question, its kind of answer, what was stated."""

    fact: str
    question: str
    kind: str  # flag, choice, number
    options: tuple[tuple[str, str], ...]
    value: str
    evidence: str
    by: str


@dataclass(frozen=True)
class WalkPage:
    finding: str
    reason: str
    steps: tuple[Step, ...]
    chart: DecisionPath
    conditions: tuple[str, ...]
    changes: tuple[Change, ...]
    missing: tuple[str, ...]
    asked: tuple[Asked, ...]
    recommended: str
    digest: str
