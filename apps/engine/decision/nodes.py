"""What a decision tree is made of: nodes that ask one fact each, and leaves that recommend."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from types import MappingProxyType

from apps.engine.decision.facts import FACTS, Fact, Kind, Value
from apps.engine.errors import InvalidInput
from apps.engine.reading import Reader

SLUG = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*", re.ASCII)
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NOT_SHOWN = "not_shown"  # where a walk stops for lack of evidence; no leaf may take the name


class Answer(Enum):
    YES = "yes"
    NO = "no"
    MISSING = "missing"


class Comparison(Enum):
    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"
    IS = "is"


ORDERED = (Comparison.AT_LEAST, Comparison.ABOVE, Comparison.AT_MOST, Comparison.BELOW)


@dataclass(frozen=True, kw_only=True)
class Check:
    """A fact compared with a limit."""

    fact: Fact
    comparison: Comparison
    limit: Value

    def passes(self, value: Value) -> bool:
        if not isinstance(value, Decimal) or not isinstance(self.limit, Decimal):
            return value == self.limit
        return {
            Comparison.AT_LEAST: value >= self.limit,
            Comparison.ABOVE: value > self.limit,
            Comparison.AT_MOST: value <= self.limit,
            Comparison.BELOW: value < self.limit,
        }[self.comparison]


@dataclass(frozen=True, kw_only=True)
class Node:
    """A question to one fact. Without a `missing` route the walk stops where it is not shown.

    `conditions` are texts that hold for whatever is recommended after that answer; `addition`
    marks a question that the tree's source does not have.
    """

    slug: str
    question: str
    check: Check
    routes: Mapping[Answer, str]
    conditions: Mapping[Answer, str]
    addition: bool = False

    @property
    def fact(self) -> Fact:
        return self.check.fact

    def answer(self, value: Value | None) -> Answer:
        if value is None:
            return Answer.MISSING
        return Answer.YES if self.check.passes(value) else Answer.NO

    def ordered_routes(self) -> Iterator[tuple[Answer, str]]:
        """The routes in a fixed order, whatever order the file had."""
        for answer in Answer:
            if answer in self.routes:
                yield answer, self.routes[answer]


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A recommendation. `because` and `conditions` may name facts in braces."""

    slug: str
    recommend: str
    name: str
    because: str
    conditions: tuple[str, ...] = ()
    addition: bool = False


def check_slug(slug: str, path: str) -> None:
    if not SLUG.fullmatch(slug):
        raise InvalidInput(
            "Write a name of small letters, digits and single hyphens or underscores.", path=path
        )


def placeholders(text: str) -> tuple[str, ...]:
    """The facts that a text names in braces."""
    return tuple(PLACEHOLDER.findall(text))


# From plain data


def read_node(slug: str, reader: Reader) -> Node:
    reader.only(
        "question",
        "ask",
        *(comparison.value for comparison in Comparison),
        *(answer.value for answer in Answer),
        "conditions",
        "addition",
    )
    check_slug(slug, reader.path)
    routes = {Answer.YES: reader.key("yes").text(), Answer.NO: reader.key("no").text()}
    missing = reader.optional("missing")
    if missing is not None:
        routes[Answer.MISSING] = missing.text()
    return Node(
        slug=slug,
        question=reader.key("question").text(),
        check=_check(reader),
        routes=MappingProxyType(routes),
        conditions=MappingProxyType(_conditions(reader, routes)),
        addition=_flag(reader, "addition"),
    )


def _conditions(reader: Reader, routes: Mapping[Answer, str]) -> dict[Answer, str]:
    child = reader.optional("conditions")
    if child is None:
        return {}
    child.only(*(answer.value for answer in routes))
    return {Answer(name): _template(text) for name, text in child.entries()}


def _check(reader: Reader) -> Check:
    ask = reader.key("ask")
    fact = FACTS[ask.choice(FACTS)]
    if fact.kind is Kind.NAME:
        raise ask.error("Ask a fact that is a figure, a choice, or true or false.")
    allowed = ORDERED if fact.kind is Kind.NUMBER else (Comparison.IS,)
    given = [comparison for comparison in Comparison if reader.optional(comparison.value)]
    if not given and fact.kind is Kind.FLAG:
        return Check(fact=fact, comparison=Comparison.IS, limit=True)
    if len(given) != 1 or given[0] not in allowed:
        names = ", ".join(comparison.value for comparison in allowed)
        raise reader.error(f"Compare {fact.slug} with one of: {names}.")
    return Check(fact=fact, comparison=given[0], limit=fact.read(reader.key(given[0].value)))


def read_leaf(slug: str, reader: Reader) -> Leaf:
    reader.only("recommend", "name", "because", "conditions", "addition")
    check_slug(slug, reader.path)
    recommend = reader.key("recommend")
    check_slug(recommend.text(), recommend.path)
    if recommend.text() == NOT_SHOWN:
        raise recommend.error("Give a recommendation of your own; not_shown is where walks stop.")
    conditions = reader.optional("conditions")
    return Leaf(
        slug=slug,
        recommend=recommend.text(),
        name=reader.key("name").text(),
        because=_template(reader.key("because")),
        conditions=() if conditions is None else tuple(map(_template, conditions.items())),
        addition=_flag(reader, "addition"),
    )


def _template(reader: Reader) -> str:
    for name in placeholders(reader.text()):
        if name not in FACTS:
            raise reader.error(f"Put a known fact in braces; {{{name}}} is none.")
    return reader.text()


def _flag(reader: Reader, name: str) -> bool:
    child = reader.optional(name)
    return child is not None and child.flag()
