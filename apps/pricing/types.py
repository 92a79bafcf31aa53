"""A price comparison as the pages show it: the record's figures with names, units and sentences."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.core.charts.break_even import BreakEven
from apps.core.charts.cost_stack import CostStack
from apps.core.charts.tornado import Tornado
from apps.core.charts.total_ranges import TotalRanges
from apps.core.finding import Finding
from apps.engine.cases import Record
from apps.engine.money import Money
from apps.pricing.models import Comparison
from apps.rfp.models import Lot

Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Assumed:
    """The buyer's own inputs of a price case. `number` 0 stands for the product's defaults."""

    terms: Plain
    uncertainty: Plain
    bids: Plain
    number: int = 0
    by: str = ""
    at: dt.datetime | None = None

    def plain(self) -> dict[str, Any]:
        return {"terms": self.terms, "uncertainty": self.uncertainty, "bids": self.bids}


@dataclass(frozen=True)
class Quote:
    """One quote of a record. Money is of the comparison's currency; agents are full-time equivalents."""

    id: str
    name: str
    letter: str
    model: str
    in_house: bool
    place: int
    total: Money
    present_value: Money
    per_contact: Money | None
    per_resolved: Money | None
    per_minute: Money | None
    paid: Decimal | None
    needed: Decimal | None
    price_pays: Decimal | None
    promised: Decimal | None
    fte: Decimal
    parts: Mapping[str, Money]
    saving: Money | None = None
    saving_share: Decimal | None = None
    excluded: tuple[str, ...] = ()
    model_name: str = ""
    agents: str = ""  # paid and needed, in words

    @property
    def short(self) -> bool:
        """Whether the price pays for fewer agents than the promised service level needs."""
        return self.paid is not None and self.needed is not None and self.paid < self.needed


@dataclass(frozen=True)
class Chance:
    """How one quote fares over all draws."""

    quote: Quote
    p5: Money
    p50: Money
    p95: Money
    tail: Money
    cheapest: str
    regret_expected: Money
    regret_largest: Money
    least_regret: bool


@dataclass(frozen=True)
class Lever:
    """One uncertain input: what every quote costs at its low and its high value."""

    label: str
    low_input: str
    high_input: str
    costs: tuple[tuple[Quote, Money, Money], ...]


@dataclass(frozen=True)
class Reality:
    """What a bid's own figures say about its service: sentences of typed facts."""

    quote: Quote
    tone: str
    sentence: str
    notes: tuple[str, ...]
    questions: tuple[str, ...]  # drafted for the vendor; nobody has sent them


@dataclass(frozen=True)
class Crossing:
    contacts: Decimal
    cost: Money
    below: Quote
    above: Quote
    jump: bool


@dataclass(frozen=True)
class Range:
    low: Decimal
    high: Decimal
    quote: Quote


@dataclass(frozen=True)
class Point:
    contacts: Decimal
    costs: tuple[Money, ...]


@dataclass(frozen=True)
class Volumes:
    chart: BreakEven
    forecast: Decimal
    crossings: tuple[Crossing, ...]
    ranges: tuple[Range, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Uncertain:
    draws: int
    seed: int
    rows: tuple[Chance, ...]
    ranges: TotalRanges
    tornado: Tornado
    about: Quote
    levers: tuple[Lever, ...]


@dataclass(frozen=True)
class Part:
    """One cost part over all quotes, in the order of the quotes."""

    label: str
    amounts: tuple[Money, ...]


@dataclass(frozen=True)
class Compared:
    """Everything a comparison shows."""

    record: Record
    currency: str
    months: int
    finding: Finding
    quotes: tuple[Quote, ...]
    stack: CostStack
    parts: tuple[Part, ...]
    volumes: Volumes
    realities: tuple[Reality, ...]
    remarks: tuple[str, ...]
    uncertain: Uncertain | None


@dataclass(frozen=True)
class Cell:
    """Most agents needed at once in one hour; `tone` 0 (none) to 5 (near the busiest)."""

    agents: int
    tone: int


@dataclass(frozen=True)
class Day:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Staffed:
    """One queue of the typical week in agents, hour by hour."""

    name: str
    contacts: Decimal
    handle_time: Decimal
    peak: int
    target: str
    days: tuple[Day, ...]
    hours: tuple[int, ...] = tuple(range(24))


@dataclass(frozen=True)
class Unlock:
    """One of the things that stand between now and the prices."""

    sentence: str
    done: bool


@dataclass(frozen=True)
class Term:
    """One assumption in words, for those who may only read it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Bidder:
    """A bid to which the buyer adds its own costs; `kpis` move its price and want an estimate."""

    id: str
    name: str
    kpis: tuple[str, ...] = ()


@dataclass(frozen=True)
class PricePage:
    """The page: sealed (`compared` is None, `unlocks` say why) or a comparison.

    `kind` is "adopted", "current" (under the assumptions that stand), "tried" (not saved) or
    "first" (the first offers, to look back at once final ones are open: never adopted).
    """

    kind: str
    compared: Compared | None
    adopted: Comparison | None
    outdated: bool
    assumed: Assumed
    terms: tuple[Term, ...]
    staffed: tuple[Staffed, ...]
    unlocks: tuple[Unlock, ...] = ()
    bidders: tuple[Bidder, ...] = ()
    may_set: bool = False
    may_adopt: bool = False
    after_opening: bool = False
    lots: tuple[Lot, ...] = ()
    lot: Lot | None = None  # the one that is shown
    final: tuple[str, ...] = ()  # names of the bids whose final offer is open
    behind: bool = False  # the adopted comparison leaves an opened final offer out
