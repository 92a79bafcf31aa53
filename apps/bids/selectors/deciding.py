"""What a vendor decides by: to bid or not to bid."""

from typing import Any

from apps.bids.models import Bid
from apps.engine.pricing.models import PRICING_MODELS
from apps.rfp import answers
from apps.rfp.selectors import counts, lots_of, models_to_bid, promises, questionnaire, scored_price
from apps.rfp.types import plain


def about(bid: Bid) -> dict[str, Any]:
    """Return what tells a vendor what it is in for: sections, knock-outs, ways to price."""
    chapters = questionnaire(bid.round.rfp)
    return {
        "lots": lots_of(bid.round.rfp),
        "chapters": chapters,
        "knockouts": [
            (question.code, answers.reason_of(question))
            for chapter in chapters
            for question in chapter.questions
            if question.knockout and counts(bid.round.rfp, question)
        ],
        "stages": [
            (question, chapter)
            for chapter in chapters
            for question in chapter.questions
            if question.in_stage
        ],
        "scored_price": scored_price(bid.round.rfp),
        "quality": plain(bid.round.rfp.quality_weight),
        "price": plain(bid.round.rfp.price_weight),
        "promises": promises(bid.round.rfp),
        "model_names": [PRICING_MODELS[slug].name for slug in models_to_bid(bid.round.rfp)],
    }
