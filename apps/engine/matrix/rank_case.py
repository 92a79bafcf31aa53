"""A rank case, read and checked: what was published, who bid, how it was scored."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.engine.matrix.inputs import Flags, Floats, Method, Missing, ValueFunction
from apps.engine.matrix.prices.formula import PriceFormula
from apps.engine.matrix.weights import Tree


@dataclass(frozen=True)
class Criterion:
    """A leaf with its own scale, worst end first; the price leaf has none."""

    id: str
    worst: float = 0.0
    best: float = 1.0
    value_function: ValueFunction | None = None
    minimum: float | None = None
    priced: bool = False


@dataclass(frozen=True)
class Knockout:
    vendor: str
    code: str
    passed: bool | None


@dataclass(frozen=True)
class Threshold:
    """The least share, in percent, of what a group of criteria can reach."""

    on: str
    at_least: float


@dataclass(frozen=True)
class TieBreak:
    """`by` node: more points on that node; `by` price: the lower price."""

    by: str
    node: str | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class PriceBlock:
    """How prices are scored; `prices` is None while the commercial envelopes are sealed."""

    criterion: str | None
    formula: PriceFormula
    params: Mapping[str, float]
    currency: str
    decimals: int | None
    prices: Floats | None
    days: Floats | None
    alternatives: tuple[tuple[PriceFormula, Mapping[str, float]], ...] = ()


@dataclass(frozen=True)
class Robustness:
    draws: int
    seed: int
    concentration: float


@dataclass(frozen=True, eq=False)
class Individual:
    """Scores of each evaluator, raw rubric points (E, V, C), NaN where there is none."""

    evaluators: tuple[str, ...]
    raw: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class RankCase:
    tree: Tree
    names: Mapping[str, str]
    criteria: tuple[Criterion, ...]
    vendors: tuple[str, ...]
    vendor_names: tuple[str, ...]
    raw: Floats
    not_applicable: Flags  # (V, C): cells that do not apply, which is not the same as missing
    knockouts: tuple[Knockout, ...]
    thresholds: tuple[Threshold, ...]
    price: PriceBlock | None
    method: Method
    missing: Missing
    award_decimals: int
    tie_break: tuple[TieBreak, ...]
    robustness: Robustness | None
    individual: Individual | None
