"""Small values that the pages, the services and the apps above read."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.rfp.models import Question, Rfp, Section
from apps.rfp.states import SCORED
from apps.workspace.models import Procurement


def plain(value: Decimal) -> str:
    """Write a figure without trailing zeros: 12.5000 becomes 12.5, 100.0000 becomes 100."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def least(minimum: Decimal | None) -> str | None:
    """Write a minimum, None where none is asked."""
    return None if minimum is None else plain(minimum)


@dataclass(frozen=True)
class Desk:
    """A procurement with its RFP, which the lead may not have started yet."""

    procurement: Procurement
    rfp: Rfp | None


@dataclass(frozen=True)
class Chapter:
    """A section with its questions, in the order in which vendors see them."""

    section: Section
    questions: tuple[Question, ...]

    @property
    def scored(self) -> tuple[Question, ...]:
        return tuple(q for q in self.questions if q.mode in SCORED and q.weight > 0)

    @property
    def weight(self) -> str:
        return plain(self.section.weight)


@dataclass(frozen=True)
class Demand:
    """What is priced: the `workload` of the engine's price case, and where its figures come from."""

    content: dict[str, Any]
    source: str


@dataclass(frozen=True)
class Blocker:
    """One reason why an RFP cannot be published yet, and the page that settles it.

    `query` leads to the place on that page, for example ``?section=4``.
    """

    code: str
    sentence: str
    url_name: str
    query: str = ""


@dataclass(frozen=True)
class Finding:
    """What the linter says about the scoring rule, in words.

    An error has to be mended; a warning is mended or accepted with a reason; a note is read.
    """

    code: str
    severity: str
    title: str
    text: str
    where: tuple[str, ...] = ()
    reason: str = ""

    @property
    def open(self) -> bool:
        return self.severity == "error" or (self.severity == "warning" and not self.reason)


@dataclass(frozen=True)
class Shipped:
    """A questionnaire that comes with the product, as the start page shows it."""

    slug: str
    title: str
    version: str
    note: str
    sections: int
    questions: int
    scored: int
    knockouts: int


@dataclass(frozen=True)
class Fact:
    """Something conditions and knock-outs ask about the tender itself."""

    key: str
    label: str
    help: str
    kind: str  # bool, single_choice, multi_choice
    options: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class ScoredPrice:
    """How a price earns points, in words: the formula with its figures, and what counts as price."""

    formula: str
    text: str
    params: tuple[tuple[str, str], ...]  # what a figure means, and the figure
    counts: str
    rule: tuple[str, ...]  # the price of record, a sentence for each part
