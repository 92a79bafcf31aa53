"""What every judgement has to be, one evaluator's or the panel's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.bids.models import Bid
from apps.bids.selectors.groups import require_released
from apps.core.errors import Incomplete, WrongState
from apps.matrix import selectors
from apps.matrix.models import Score, ScoringRound
from apps.matrix.selectors.marking import placed
from apps.matrix.types import Cell, Mark
from apps.rfp.models import Question
from apps.rfp.states import ScoringMode
from apps.workspace.models import User

LONGEST_REASON = 4000


@dataclass(frozen=True)
class Judgement:
    """What was typed for one bid: None abstains. `version` is the one it was written on."""

    bid: Bid
    value: Decimal | None
    reason: str
    version: int | None
    marks: tuple[Mark, ...] | None = None  # as the page counts them; None leaves those that stand


def check_judgement(question: Question, value: Decimal | None, reason: str) -> None:
    """Refuse a value outside the question's own scale, between its steps, or without a reason."""
    wrong: dict[str, str] = {}
    low, high = question.scale_min, question.scale_max
    if value is not None and not low <= value <= high:
        wrong["value"] = _("Choose a score from {low} to {high}.").format(
            low=f"{low.normalize():f}", high=f"{high.normalize():f}"
        )
    elif value is not None and value != value.to_integral_value():
        wrong["value"] = _("Choose a whole score: the rubric has no half steps.")
    if not reason.strip():
        wrong["reason"] = _("Give a reason: what in the answer meets which anchor.")
    elif len(reason.strip()) > LONGEST_REASON:
        wrong["reason"] = _("Shorten the reason to {limit} characters.").format(
            limit=LONGEST_REASON
        )
    if wrong:
        raise Incomplete(" ".join(wrong.values()), fields=wrong)


def kept_marks(
    actor: User,
    scoring_round: ScoringRound,
    cell: Cell,
    marks: Sequence[Mark] | None,
    last: Score | None,
) -> list[list[int]]:
    """Return the marks to keep, by their place in what the vendor wrote; None keeps those of `last`."""
    if marks is None:
        return last.marks if last else []
    if not marks:
        return []
    found = placed(selectors.answer_to_mark(actor, scoring_round, cell), marks)
    return [[one.paragraph, one.start, one.end] for one in found]


def require_cell(actor: User, scoring_round: ScoringRound, cell: Cell) -> None:
    """Refuse an answer that nobody scores."""
    if cell[1].mode != ScoringMode.MANUAL:
        raise WrongState(_("This question is not scored by evaluators."))
    require_released(cell[1].section_id)
    standing = selectors.standing_of(actor, scoring_round, cell)
    if not standing.admitted:
        raise WrongState(_("This bid is not scored: it did not pass the knock-out criteria."))
    if not standing.asked:
        raise WrongState(_("This bid was not asked this question."))
    if not standing.applies:
        raise WrongState(_("The vendor answered that this does not apply; no score is given."))
