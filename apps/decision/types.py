"""What the page of the decision tree shows, ready to print."""

import datetime as dt
from dataclasses import dataclass

from apps.bids.selectors.results import OwnResult
from apps.core.charts.decision_path import DecisionPath
from apps.core.finding import Finding
from apps.decision.models import Decision
from apps.rfp.models import Lot


@dataclass(frozen=True)
class Step:
    """One question of the path, its answer, what shows it, and the road not taken."""

    number: int
    question: str
    value: str
    answer: str
    source: str
    digest: str
    other: tuple[str, str]  # the answer not given, and where it leads
    addition: bool


@dataclass(frozen=True)
class Change:
    """A fact that would have to become another for another recommendation."""

    fact: str
    now: str
    to: str
    then: str


@dataclass(frozen=True)
class Missing:
    """A fact that is not shown: what shows it, and where that is done."""

    fact: str
    shown_by: str
    url: str
    stops: bool  # the walk stopped here; others may be asked after it


@dataclass(frozen=True)
class Asked:
    """A fact that people state: its question, its kind of answer, what was stated."""

    fact: str
    question: str
    hint: str
    calculated: bool  # the result of a diagnostic, not an opinion
    percent: bool
    options: tuple[tuple[str, str], ...]
    value: str
    evidence: str
    by: str
    at: str


@dataclass(frozen=True)
class Taken:
    """A decision in words: what was proposed, against or with the tree, and what became of it."""

    decision: Decision
    outcome: str
    recommended: str
    overridden: bool
    approved: bool
    waiting: bool
    sent_back: bool


@dataclass(frozen=True)
class ToldRow:
    """What one vendor is told, as the panel sees it in a list."""

    name: str
    outcome: str
    because: str


@dataclass(frozen=True)
class LetterShown:
    """The letter of one vendor, as the panel reads it beside the others."""

    name: str
    letter: OwnResult


@dataclass(frozen=True)
class AwardShown:
    """An award in words. `until` is the last day of its standstill, known from the approval on."""

    winner: str
    backup: str
    conditions: str
    days: int
    until: dt.date | None
    digest: str
    told: tuple[ToldRow, ...]
    signed_on: dt.date | None
    recorded_by: str
    may_sign: bool


@dataclass(frozen=True)
class Picks:
    """What a person may say of an award: who of a tie wins, who stands behind; (bid, name) each.

    `winners` is empty where the ranking alone says who wins.
    """

    winners: tuple[tuple[str, str], ...]
    backups: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Road:
    """One of the shipped trees."""

    slug: str
    name: str
    here: bool


@dataclass(frozen=True)
class WalkPage:
    finding: Finding
    reason: str
    about: str
    source: str
    steps: tuple[Step, ...]
    chart: DecisionPath
    conditions: tuple[str, ...]
    changes: tuple[Change, ...]
    if_shown: tuple[Change, ...]
    missing: tuple[Missing, ...]
    notes: tuple[str, ...]
    asked: tuple[Asked, ...]
    roads: tuple[Road, ...]
    recommended: str
    digest: str
    taken: Taken | None
    earlier: tuple[Taken, ...]
    frozen: bool
    outdated: bool
    may_state: bool
    may_propose: bool
    may_approve: bool
    own_proposal: bool
    award: AwardShown | None = None
    candidates: Picks | None = None  # before a proposal, where somebody could win
    lots: tuple[Lot, ...] = ()
    lot: Lot | None = None  # the one that is decided here
