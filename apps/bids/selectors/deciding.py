"""What a vendor decides by: to bid or not to bid. The same before and after accepting."""

import math
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.bids.models import Bid
from apps.bids.selectors.invitations import invitation_by
from apps.bids.states import InvitationState
from apps.core import tenancy
from apps.core.errors import NotFound
from apps.engine.pricing.models import PRICING_MODELS
from apps.rfp import answers
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors import (
    counts,
    lots_of,
    minutes_of,
    models_to_bid,
    promises,
    questionnaire,
    scored_price,
    shortlist_rule,
    undertakings_of,
    workload_of,
)
from apps.rfp.selectors.awarding import told_of_others
from apps.rfp.types import plain


def about(bid: Bid) -> dict[str, Any]:
    """Return what tells a vendor what it is in for, on its own page."""
    return terms_of(bid.round.rfp)


def about_by(token: str) -> dict[str, Any]:
    """Return the same to the holder of an invitation, who has accepted nothing yet."""
    invitation = invitation_by(token)
    if invitation.state == InvitationState.DECLINED:
        raise NotFound(_("You declined this invitation. Open its link to change your mind."))
    with tenancy.acting_as(organisation=invitation.vendor_id):
        held = Rfp.objects.select_related("procurement__organisation", "round", "workload")
        rfp = held.get(pk=invitation.rfp_id)
        return {**terms_of(rfp), "invitation": invitation}


def terms_of(rfp: Rfp) -> dict[str, Any]:
    """Return sections, weights, knock-outs, effort, volume, dates and the form of the contract."""
    chapters, lots = questionnaire(rfp), lots_of(rfp)
    codes: dict[Any, str] = {lot.pk: lot.code for lot in lots}
    places = {one.pk: chapter.section for chapter in chapters for one in chapter.questions}
    asked = [
        one
        for chapter in chapters
        for one in chapter.questions
        if counts(rfp, one) and not one.in_stage
    ]
    return {
        "rfp": rfp,
        "round": rfp.round,
        "opens_at": rfp.round.closes_at + rfp.round.grace,
        "lots": lots,
        "committed": [lot for lot in lots if lot.least_contacts],
        "chapters": chapters,
        "knockouts": [
            (one.code, answers.reason_of(one), codes.get(places[one.pk].lot_id, ""))
            for one in asked
            if one.knockout
        ],
        "stages": [
            (one, chapter) for chapter in chapters for one in chapter.questions if one.in_stage
        ],
        "questions": len(asked),
        "hours": math.ceil(sum(map(minutes_of, asked)) / 60),
        "commitments": sum(one.commitment for one in asked),
        "volumes": [one for lot in lots or (None,) for one in _volumes(rfp, lot)],
        "undertakings": undertakings_of(rfp),
        "scored_prices": [(lot, scored_price(rfp, lot)) for lot in lots or (None,)]
        if rfp.asks_price
        else [],
        "shortlist_sentence": rule.sentence if (rule := shortlist_rule(rfp)) else "",
        "quality": plain(rfp.quality_weight),
        "price": plain(rfp.price_weight),
        "promises": promises(rfp),
        "told_of_others": told_of_others(rfp),
        "model_names": [PRICING_MODELS[slug].name for slug in models_to_bid(rfp)],
    }


def _volumes(rfp: Rfp, lot: Lot | None) -> list[tuple[str, Decimal]]:
    """Return the contacts of one week of each queue, as every bid is priced on them."""
    workload = workload_of(rfp, lot)
    queues = workload.content.get("queues", ()) if workload else ()
    return [
        (
            f"{lot.code} {queue['name']}" if lot else str(queue["name"]),
            sum((Decimal(str(cell)) for day in queue["week"] for cell in day), Decimal(0)),
        )
        for queue in queues
    ]
