"""What the result would be under other weights. Nothing is saved, nothing signed changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.engine.errors import InvalidInput
from apps.engine.matrix import trying
from apps.engine.matrix.rank_case import RankCase
from apps.engine.matrix.weights import Node
from apps.matrix.selectors.findings import gap_text
from apps.matrix.selectors.frozen import PRICE, Bidder, Frozen, kept

QUALITY, TOTAL = "quality", "total"
ROUNDING = Decimal("0.01")


@dataclass(frozen=True)
class Outcome:
    """Totals under the weights tried, by vendor, and who would lead by how much.

    `row` has them in the order of the matrix, with whether that vendor leads. `weights` are those tried, by part, in percent as they were typed; `sum` is what they add up
    to: the engine takes each as a share of it. `first` is in what share of `draws` weightings of
    the parts around these the leader stays first, `published` the same of the published weights
    and their leader; None where nothing is claimed.
    """

    weights: Mapping[str, Decimal]
    totals: Mapping[str, str]
    row: tuple[tuple[str, bool], ...]
    leaders: tuple[Bidder, ...]
    gap: str
    same: bool
    first: str | None
    published: str | None
    draws: int

    @property
    def sum(self) -> Decimal:
        return sum(self.weights.values(), Decimal(0))

    @property
    def whole(self) -> bool:
        """Whether the weights add up to 100; sliders send four decimals each."""
        return abs(self.sum - 100) < ROUNDING


def what_if(frozen: Frozen, weights: Mapping[str, Decimal]) -> Outcome:
    """Rank the frozen case under other weights of its parts, given by the names of the parts."""
    if not sum(weights.values(), Decimal(0)) > 0:
        raise Incomplete(_("Give at least one section a weight above 0."))
    parts = tuple(part.id for part in frozen.parts)
    case = _case_of(frozen)
    try:
        tried = trying.under(case, _changes(case, weights), parts)
    except InvalidInput as error:
        raise Incomplete(error.sentence) from error
    return Outcome(
        weights=weights,
        totals=tried.totals,
        row=tuple((tried.totals[one.id], one.id in tried.winners) for one in frozen.admitted),
        leaders=tuple(frozen.bidders[name] for name in tried.winners),
        gap="" if tried.gap is None else gap_text(frozen, tried.gap),
        same=list(tried.winners) == frozen.result["winners"],
        first=tried.first,
        published=_published(frozen, parts),
        draws=case.robustness.draws if case.robustness else 0,
    )


def _case_of(frozen: Frozen) -> RankCase:
    held = kept(frozen.ranking.pk, frozen.ranking.digest)
    if "to try" not in held:
        held["to try"] = trying.read(frozen.case)
    found: RankCase = held["to try"]
    return found


def _published(frozen: Frozen, parts: tuple[str, ...]) -> str | None:
    """Return how often the leader is first around the published weights."""
    held = kept(frozen.ranking.pk, frozen.ranking.digest)
    if "published" not in held:
        held["published"] = trying.as_read(_case_of(frozen), parts).first
    found: str | None = held["published"]
    return found


def _changes(case: RankCase, weights: Mapping[str, Decimal]) -> dict[str, Node]:
    """Return the nodes that weigh otherwise: the parts, and what stands above them."""
    quality = sum((weight for part, weight in weights.items() if part != PRICE), Decimal(0))
    changed = {}
    for node in case.tree.nodes:
        weight, mode = node.weight, node.weights_of_children
        if node.id in {TOTAL, QUALITY}:
            mode = "points"
        if node.id == QUALITY and node.parent:
            weight = quality
        # Where quality weighs nothing, its sections keep the proportions they had.
        if node.id == PRICE or (node.id in weights and quality > 0):
            weight = weights[node.id]
        changed[node.id] = replace(node, weight=weight, weights_of_children=mode)
    return changed
