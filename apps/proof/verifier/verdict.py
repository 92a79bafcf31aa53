"""Answers to questions about evidence, and what they come to together."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "FAILED"
    OPEN = "not checked"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One question about one file, answered in one sentence."""

    file: str
    question: str
    outcome: Outcome
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """All answers together: good only if each question was asked and passed."""

    answers: tuple[Answer, ...]

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> "Verdict":
        return cls(tuple(answers))

    @property
    def outcome(self) -> Outcome:
        found = {answer.outcome for answer in self.answers}
        if Outcome.FAILED in found:
            return Outcome.FAILED
        return Outcome.PASSED if found == {Outcome.PASSED} else Outcome.OPEN

    @property
    def sentence(self) -> str:
        return {
            Outcome.PASSED: "Genuine: issued, unaltered, and every question was answered.",
            Outcome.FAILED: "Do not rely on these files: at least one check failed.",
            Outcome.OPEN: "Not everything could be checked; nothing that was checked failed.",
        }[self.outcome]
