"""A frozen ranking, read: every figure stays the string that was frozen."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.core.charts.svg import Vendor
from apps.matrix.models import Ranking
from apps.matrix.selectors.rounds import latest_ranking
from apps.matrix.types import Desk
from apps.rfp.models import Lot
from apps.workspace.models import User

PRICE, SECTION = "price", "section:"
KEPT = 4  # records that a process keeps read: of 50 vendors and 300 criteria 20 MB each
Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Bidder:
    """One vendor of a record. `rank` and `total` are None where it is not admitted."""

    id: str
    letter: str
    name: str
    admitted: bool
    rank: int | None
    total: str | None
    total_low: str | None
    total_high: str | None
    quality: str
    tied: bool
    row: Plain

    @property
    def vendor(self) -> Vendor:
        return Vendor(self.letter, self.name)


@dataclass(frozen=True)
class Part:
    """A row of the matrix: a section or the price, with its weight in percent of the whole."""

    id: str
    label: str
    weight: str

    @property
    def share(self) -> Decimal:
        return Decimal(self.weight) / 100

    @property
    def code(self) -> str:
        """The code of a section, or of a criterion."""
        return self.id.removeprefix(SECTION)

    @property
    def field(self) -> str:
        """A name for its form field: ``section:4`` becomes ``w-4``."""
        return f"w-{self.code}"


@dataclass(frozen=True)
class Frozen:
    """A ranking with its record as plain data, and the letters of the bids in it.

    `content` is shared among requests: it is read, and never changed.
    """

    ranking: Ranking
    content: Plain
    letters: Mapping[str, str]

    @property
    def case(self) -> Plain:
        found: Plain = self.content["case"]
        return found

    @property
    def result(self) -> Plain:
        found: Plain = self.content["result"]
        return found

    @property
    def method(self) -> Plain:
        found: Plain = self.content["method"]
        return found

    @property
    def in_points(self) -> bool:
        """Whether a total is points; else it is an adjusted price, of which the lowest wins."""
        return bool(self.result["basis"]["total"] == "points")

    @property
    def with_price(self) -> bool:
        return self.ranking.stage == "full"

    @cached_property
    def bidders(self) -> Mapping[str, Bidder]:
        return {row["id"]: self._bidder(row) for row in self.result["vendors"]}

    def _bidder(self, row: Plain) -> Bidder:
        return Bidder(
            id=row["id"],
            letter=self.letters.get(row["id"], ""),
            name=row["name"],
            admitted=row["admitted"],
            rank=row["rank"],
            total=row["total"],
            total_low=row["total_low"],
            total_high=row["total_high"],
            quality=row["quality"],
            tied=bool(row["tied_with"]),
            row=row,
        )

    @cached_property
    def admitted(self) -> tuple[Bidder, ...]:
        """By rank, then letter."""
        held = [bidder for bidder in self.bidders.values() if bidder.admitted]
        return tuple(sorted(held, key=lambda bidder: (bidder.rank or 0, bidder.letter)))

    @cached_property
    def out(self) -> tuple[Bidder, ...]:
        """Those who are not admitted, by letter."""
        held = [bidder for bidder in self.bidders.values() if not bidder.admitted]
        return tuple(sorted(held, key=lambda bidder: bidder.letter))

    @cached_property
    def winners(self) -> tuple[Bidder, ...]:
        return tuple(self.bidders[name] for name in self.result["winners"])

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Names of all nodes, as people know them."""
        held = {node["id"]: node["name"] for node in self.result["weights"]["nodes"]}
        own = {PRICE: _("Price"), "quality": _("Quality"), "total": _("Total")}
        return {node: own.get(node, name) for node, name in held.items()}

    def label_of(self, node: str) -> str:
        """Name a question by its code and its topic."""
        label = self.labels.get(node, node)
        return node if label == node else f"{node} {label}"

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The rows of the matrix: sections in their order, price last."""
        nodes = self.result["weights"]["nodes"]
        shown = [node for node in nodes if node["id"].startswith(SECTION)]
        shown += [node for node in nodes if node["id"] == PRICE]
        return tuple(
            Part(node["id"], self.labels[node["id"]], node["percent_of_total"]) for node in shown
        )

    def points(self, bidder: Bidder, node: str) -> str | None:
        """What a vendor gets in a section or leaf; None where it has no score there."""
        groups, leaves = bidder.row["nodes"], bidder.row["contributions"]
        found: str | None = groups[node] if node in groups else leaves.get(node)
        return found


def frozen(user: User, ranking: Ranking) -> Frozen:
    """Read a ranking that this person may see."""
    opened = bids.bids_visible_to(user, ranking.scoring_round.rfp)
    return Frozen(
        ranking=ranking,
        content=_content_of(ranking),
        letters={str(bid): letter for bid, letter in opened.values_list("pk", "letter")},
    )


def standing(user: User, desk: Desk, lot: Lot | None = None) -> Frozen | None:
    """Return the ranking that stands, of one lot, as it is read; None before the lock."""
    ranking = latest_ranking(user, desk.procurement, lot, whole=False)
    return frozen(user, ranking) if ranking else None


@lru_cache(maxsize=KEPT)
def kept(pk: uuid.UUID, digest: str) -> dict[str, Any]:  # noqa: ARG001 -- both name a record
    """Return where a process keeps what it read of a record; the one used longest ago gives way.

    A record never changes. Who asks has found its row before: nothing is looked up here by
    anything that a request brings along.
    """
    return {}


def _content_of(ranking: Ranking) -> Plain:
    """Return a record as plain data, without the scores of single evaluators."""
    held = kept(ranking.pk, ranking.digest)
    if "content" not in held:
        content: dict[str, Any] = json.loads(ranking.record)
        content["case"].pop("individual", None)
        panel = content["result"]["panel"]
        content["result"]["panel"] = {"agreement": panel.get("agreement")} if panel else None
        held["content"] = content
    found: Plain = held["content"]
    return found
