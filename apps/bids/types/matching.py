"""Finds the earlier answers that fit a new question: BM25 over three fields, in memory, offline.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section
3.6 (BM25F): a word counts by the field it stands in before its frequency saturates.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from apps.bids.types.words import WEAK, terms

Item = TypeVar("Item")

K1: Final = 1.2  # how fast a repeated word saturates
B: Final = 0.5  # how much a long text is held back
QUESTION, TOPIC, ANSWER = 3.0, 2.0, 0.6  # what a word counts by its field
# What kinds of terms count: a meaning that other words share, first letters, a word every question has.
CONCEPT, START, COMMON = 0.9, 0.3, 0.3


@dataclass(frozen=True)
class Text(Generic[Item]):
    """What is searched of one item."""

    item: Item
    question: str
    topic: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Match(Generic[Item]):
    item: Item
    score: float


class Index(Generic[Item]):
    """The items of one vendor, ready to be asked; made for one request and thrown away."""

    def __init__(self, texts: Sequence[Text[Item]]) -> None:
        self.texts = texts
        self.counts = [_weighted(one) for one in texts]
        self.lengths = [sum(one.values()) for one in self.counts]
        self.mean = sum(self.lengths) / len(texts) if texts else 1.0
        self.places: dict[str, list[int]] = {}
        for at, one in enumerate(self.counts):
            for term in one:
                self.places.setdefault(term, []).append(at)

    def best(self, question: str, most: int = 3) -> list[Match[Item]]:
        """Return the items that fit best, the best first; none that shares no word."""
        scores: dict[int, float] = {}
        for term in dict.fromkeys(terms(question)):
            for at in self.places.get(term, ()):
                scores[at] = scores.get(at, 0.0) + self._weight(term, at)
        ranked = sorted(scores, key=lambda at: (-scores[at], at))
        return [Match(self.texts[at].item, scores[at]) for at in ranked[:most]]

    def _weight(self, term: str, at: int) -> float:
        held = len(self.places[term])
        rare = math.log(1 + (len(self.texts) - held + 0.5) / (held + 0.5))
        length = 1 - B + B * self.lengths[at] / self.mean
        count = self.counts[at][term] / length
        return _kind(term) * rare * count * (K1 + 1) / (count + K1)


def _kind(term: str) -> float:
    if term in WEAK:
        return COMMON
    return {"=": CONCEPT, "~": START}.get(term[0], 1.0)


def _weighted(text: Text[Item]) -> Counter[str]:
    found: Counter[str] = Counter()
    fields = ((text.question, QUESTION), (text.topic, TOPIC), (text.answer, ANSWER))
    for words, weight in fields:
        for term in terms(words):
            found[term] += weight  # type: ignore[assignment]  # a counter of weights
    return found
