"""What weights come to, in words: of the sections, of each lot by itself, of quality and price."""

from decimal import Decimal

from django.utils.translation import gettext as _

from apps.rfp.models import Rfp
from apps.rfp.selectors.completeness import State, award_weights, section_weights, total_sentence
from apps.rfp.selectors.lots import View
from apps.rfp.types import plain


def weights_of(view: View) -> dict[str, Decimal]:
    return section_weights(chapter.section for chapter in view.chapters)


def total_of(view: View) -> str:
    """Write what the sections weigh together, of each lot by itself."""
    return plain(_sum(view))


def sentence_of(view: View) -> str:
    """Say what is wrong with the weights of the sections."""
    return view.named(total_sentence(_("Section"), _sum(view)))


def _sum(view: View) -> Decimal:
    return sum(weights_of(view).values(), Decimal(0))


def award_sentence(rfp: Rfp) -> str:
    """Say what is wrong with the weights of quality and price; empty when they add up."""
    known = State(rfp, (), ())
    return " ".join(blocker.sentence for blocker in award_weights(known))
