"""The rubric of a question: its whole scores, what each means, how deep each is shaded."""

from dataclasses import dataclass
from decimal import Decimal

from apps.rfp.models import Question

SHADES = 5
ABSTAIN = "abstain"


@dataclass(frozen=True)
class Anchor:
    """A point of the rubric; `tone` is its shade where the scale is not 0 to 5."""

    score: str
    label: str
    text: str
    tone: str


def scale_of(question: Question) -> tuple[str, ...]:
    """Return the whole scores of a question's own scale, as the rubric names them."""
    return tuple(str(n) for n in range(int(question.scale_min), int(question.scale_max) + 1))


def anchors_of(question: Question) -> tuple[Anchor, ...]:
    low, high = question.scale_min, question.scale_max
    return tuple(
        Anchor(
            score=score,
            label="",
            text=question.rubric.get(score, ""),
            tone=str(round((Decimal(score) - low) / (high - low) * SHADES)),
        )
        for score in scale_of(question)
    )


def shown_value(value: Decimal | None) -> str:
    return ABSTAIN if value is None else f"{value.normalize():f}"
