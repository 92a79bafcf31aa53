"""What the engine refuses, and why: each error carries one sentence for people.

`path` names the wrong field of a case, for example ``vendors[2].name``. Whoever knows the place
adds it with `at`; an error that already names one keeps it.
"""

from typing import Self


class InvalidInput(ValueError):
    """The input breaks a rule of the calculation; the sentence says what to do about it."""

    def __init__(self, sentence: str, *, path: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.path = path or None

    def at(self, path: str) -> Self:
        """Name the wrong field, unless a deeper place is known already."""
        self.path = self.path or path or None
        return self

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else self.sentence


class WeightsError(InvalidInput):
    """Weights are negative, or do not add up to what was published."""


class ScaleError(InvalidInput):
    """A figure lies outside its scale, or the scale itself has no length."""


class MissingScores(InvalidInput):
    """A figure is missing where the calculation cannot do without it."""


class PriceFormulaUndefined(InvalidInput):
    """A price formula has no value for these prices."""


class InconsistentComparison(InvalidInput):
    """A pairwise comparison matrix is not positive and reciprocal."""


class UnstableQueue(InvalidInput):
    """Fewer agents than offered load: the queue grows without end."""


class InfeasibleTarget(InvalidInput):
    """No number of agents, lines or months reaches the target."""


class ConventionRequired(InvalidInput):
    """A convention that changes the figure was not named."""


class CurrencyMismatch(InvalidInput):
    """Amounts in different currencies were put together."""
