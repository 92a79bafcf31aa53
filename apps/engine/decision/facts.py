"""The facts that a decision tree may ask.

Each has a type, a unit and bounds, so that a tree cannot ask what nobody can answer, and a walk
knows how far a value may move. A new fact is one entry in the table.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from apps.engine.fields import ONE, WHOLE, ZERO, Unit
from apps.engine.reading import Reader
from apps.engine.registry import Registry

Value: TypeAlias = bool | Decimal | str


class Kind(Enum):
    FLAG = "flag"
    NUMBER = "number"
    CHOICE = "choice"
    NAME = "name"  # shown in sentences; a tree cannot branch on it


class Origin(Enum):
    """Where the product finds the fact."""

    STATEMENT = "statement"
    ASSESSMENT = "assessment"
    DIAGNOSTIC = "diagnostic"
    RANKING = "ranking"
    COMPARISON = "comparison"


@dataclass(frozen=True, kw_only=True)
class Fact:
    slug: str
    kind: Kind
    origin: Origin
    help: str
    unit: Unit | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    options: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return self.unit in WHOLE

    def read(self, reader: Reader) -> Value:
        match self.kind:
            case Kind.FLAG:
                return reader.flag()
            case Kind.CHOICE:
                return reader.choice(self.options)
            case Kind.NAME:
                return reader.text()
            case _:
                if self.whole:
                    reader.integer()
                return reader.decimal(self.minimum, self.maximum)


def _flag(slug: str, origin: Origin, text: str) -> Fact:
    return Fact(slug=slug, kind=Kind.FLAG, origin=origin, help=text)


def _choice(slug: str, origin: Origin, options: tuple[str, ...], text: str) -> Fact:
    return Fact(slug=slug, kind=Kind.CHOICE, origin=origin, options=options, help=text)


def _name(slug: str, origin: Origin, text: str) -> Fact:
    return Fact(slug=slug, kind=Kind.NAME, origin=origin, help=text)


def _number(
    slug: str,
    origin: Origin,
    unit: Unit,
    bounds: tuple[Decimal | None, Decimal | None],
    text: str,
) -> Fact:
    low, high = bounds
    return Fact(
        slug=slug,
        kind=Kind.NUMBER,
        origin=origin,
        unit=unit,
        minimum=low,
        maximum=high,
        help=text,
    )


HUNDRED, PILLAR = Decimal(100), Decimal(25)
SHARE = (ZERO, ONE)
POSITIVE = (ZERO, None)
PILLARS = (
    ("technology", "API infrastructure and technical agility."),
    ("knowledge", "Knowledge-base completeness and structure."),
    ("service_levels", "SLA definition and metric tracking."),
    ("security", "Security posture and data compliance."),
)

FACTS: Registry[Fact] = Registry(
    "fact",
    # What the buyer states, with a name and a document behind it
    _flag(
        "experience.drives_revenue",
        Origin.STATEMENT,
        "Customer experience drives measurable revenue; it does not only absorb cost.",
    ),
    _flag(
        "build.able",
        Origin.STATEMENT,
        "The company can build enterprise-grade omnichannel technology and hire talent around "
        "the clock without draining its core product.",
    ),
    _flag(
        "location.capability_and_cost",
        Origin.STATEMENT,
        "The aim is capability together with cost efficiency.",
    ),
    _number(
        "contacts.routine_share",
        Origin.STATEMENT,
        Unit.SHARE,
        SHARE,
        "Share of contacts that follow a routine.",
    ),
    _choice(
        "contacts.stakes",
        Origin.STATEMENT,
        ("low", "medium", "high"),
        "What is at stake for the customer in the contacts that are not routine: empathy, "
        "money, health.",
    ),
    _flag(
        "contacts.human_required",
        Origin.STATEMENT,
        "A law or regulator asks for a person to handle or review the contact.",
    ),
    # Readiness: F2 of the frameworks
    _number(
        "readiness.score",
        Origin.ASSESSMENT,
        Unit.POINTS,
        (ZERO, HUNDRED),
        "Readiness score, its lower bound while answers are missing.",
    ),
    _choice(
        "readiness.band",
        Origin.ASSESSMENT,
        ("high_risk", "hybrid", "ready"),
        "Readiness band; not shown while missing answers could move it.",
    ),
    _number(
        "readiness.gaps",
        Origin.ASSESSMENT,
        Unit.COUNT,
        POSITIVE,
        "Gaps whose closing lifts the score into the next band.",
    ),
    *(
        _number(f"readiness.{slug}", Origin.ASSESSMENT, Unit.POINTS, (ZERO, PILLAR), text)
        for slug, text in PILLARS
    ),
    # Diagnostics: F3, F4, F5, F7 and F12
    _number(
        "recovery.rate",
        Origin.DIAGNOSTIC,
        Unit.RATIO,
        (None, None),
        "Margin that support recovers and expands, over its own cost.",
    ),
    _number(
        "leakage.total",
        Origin.DIAGNOSTIC,
        Unit.MONEY,
        POSITIVE,
        "Margin lost and cost wasted in the period, in the currency of the procurement.",
    ),
    _number(
        "ai_efficiency.index",
        Origin.DIAGNOSTIC,
        Unit.POINTS,
        (ZERO, HUNDRED),
        "AI efficiency index.",
    ),
    _number(
        "roi.percent", Origin.DIAGNOSTIC, Unit.RATIO, (None, None), "True ROI, in per cent of OPEX."
    ),
    _choice(
        "location.cheapest",
        Origin.DIAGNOSTIC,
        ("in_house", "onshore", "nearshore", "offshore"),
        "Location with the lowest cost per resolved contact.",
    ),
    # The tender
    _number("bids.admitted", Origin.RANKING, Unit.COUNT, POSITIVE, "Number of admitted bids."),
    _name("ranking.leader", Origin.RANKING, "The vendor that ranks first."),
    _number(
        "ranking.lead",
        Origin.RANKING,
        Unit.POINTS,
        (ZERO, HUNDRED),
        "Points of 100 by which the leader is ahead of the second.",
    ),
    _number(
        "ranking.first_share",
        Origin.RANKING,
        Unit.SHARE,
        SHARE,
        "Share of the plausible weightings in which the leader stays first.",
    ),
    _name("pricing.model", Origin.COMPARISON, "The pricing model of the leader's quote."),
    _number(
        "pricing.saving_share",
        Origin.COMPARISON,
        Unit.SHARE,
        (None, ONE),
        "What the leader saves over the term, as a share of the in-house cost; negative when "
        "it costs more.",
    ),
    _flag(
        "staffing.price_pays_for_service",
        Origin.COMPARISON,
        "The leader's price pays for the agents that its promised service level needs.",
    ),
    _number(
        "staffing.agents_short",
        Origin.COMPARISON,
        Unit.RATIO,
        POSITIVE,
        "Agents (full-time equivalents) that the promised service level needs and the price does "
        "not pay for.",
    ),
)
