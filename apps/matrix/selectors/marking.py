"""Passages that an evaluator marked in an answer.

A mark is kept where it lies in what the vendor wrote. On the page names may be hidden, so that what
a browser counts is another text: both are runs of passages, and a mark that touches a hidden name
covers all of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.matrix.types import Mark

MOST = 40  # marks in one answer


@dataclass(frozen=True)
class Passage:
    """A run of an answer's text; `hidden` stands where a name of `size` characters was."""

    text: str
    hidden: bool = False
    size: int = 0
    marked: bool = False

    @property
    def length(self) -> int:
        """How many characters of the answer it stands for."""
        return self.size if self.hidden else len(self.text)


Paragraphs = Sequence[Sequence[Passage]]


def marked(passages: Sequence[Passage], marks: Iterable[Mark]) -> tuple[Passage, ...]:
    """Split the passages of a paragraph where a mark begins or ends."""
    spans = [(one.start, one.end) for one in marks]
    if not spans:
        return tuple(passages)
    found: list[Passage] = []
    at = 0
    for passage in passages:
        end = at + passage.length
        if passage.hidden:
            touched = any(start < end and at < stop for start, stop in spans)
            found.append(replace(passage, marked=touched))
        else:
            found += _split(passage, at, spans)
        at = end
    return tuple(found)


def _split(passage: Passage, at: int, spans: Sequence[tuple[int, int]]) -> Iterator[Passage]:
    size = len(passage.text)
    inside = {place - at for span in spans for place in span if at < place < at + size}
    cuts = sorted({0, size} | inside)
    for start, end in pairwise(cuts):
        covered = any(first <= at + start and at + end <= last for first, last in spans)
        yield replace(passage, text=passage.text[start:end], marked=covered)


def quotes(paragraphs: Paragraphs) -> tuple[tuple[Passage, ...], ...]:
    """Return each marked stretch by itself, as the page shows it."""
    found: list[tuple[Passage, ...]] = []
    for passages in paragraphs:
        run: list[Passage] = []
        for passage in (*passages, Passage("")):
            if passage.marked:
                run.append(replace(passage, marked=False))
            elif run:
                found.append(tuple(run))
                run = []
    return tuple(found)


def written(paragraphs: Paragraphs) -> str:
    """Write the marked stretches as a browser counts them: paragraph-start-end, with spaces between."""
    found: list[Mark] = []
    for place, passages in enumerate(paragraphs):
        at = 0
        for passage in passages:
            end = at + len(passage.text)
            if passage.marked and found and (found[-1].paragraph, found[-1].end) == (place, at):
                found[-1] = replace(found[-1], end=end)
            elif passage.marked:
                found.append(Mark(place, at, end))
            at = end
    return " ".join(f"{one.paragraph}-{one.start}-{one.end}" for one in found)


def placed(paragraphs: Paragraphs, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Say where marks that were made on the page lie in what was given, in order and joined.

    Incomplete when one lies outside the answer, or there are more than `MOST`.
    """
    if len(marks) > MOST:
        raise _refusal(_("Mark {most} passages at most in one answer.").format(most=MOST))
    if any(not _fits(paragraphs, one) for one in marks):
        raise _refusal(_("A marked passage is not in this answer. Reload the page and mark again."))
    found: list[Mark] = []
    for one in sorted(_given(paragraphs[mark.paragraph], mark) for mark in marks):
        last = found[-1] if found else None
        if last and last.paragraph == one.paragraph and one.start <= last.end:
            found[-1] = replace(last, end=max(last.end, one.end))
        else:
            found.append(one)
    return tuple(found)


def _refusal(sentence: str) -> Incomplete:
    return Incomplete(sentence, fields={"marks": sentence})


def _fits(paragraphs: Paragraphs, one: Mark) -> bool:
    if not 0 <= one.paragraph < len(paragraphs):
        return False
    length = sum(len(passage.text) for passage in paragraphs[one.paragraph])
    return 0 <= one.start < one.end <= length


def _given(passages: Sequence[Passage], one: Mark) -> Mark:
    """Move a mark from the text as shown to the text as given."""
    start = end = at = place = 0
    for passage in passages:
        size = len(passage.text)
        if at <= one.start < at + size:
            start = place if passage.hidden else place + one.start - at
        if at < one.end <= at + size:
            end = place + (passage.length if passage.hidden else one.end - at)
        at, place = at + size, place + passage.length
    return Mark(one.paragraph, start, end)
