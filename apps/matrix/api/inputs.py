"""What several endpoints of the evaluation read: a judgement, its place, its value as text."""

import uuid
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.core.access import authorise
from apps.core.api import Input
from apps.matrix import selectors
from apps.matrix.models import Consensus, Score
from apps.matrix.services.judging import LONGEST_REASON
from apps.workspace.types import Call


class JudgementInput(Input):
    question = serializers.CharField(max_length=12)
    bid = serializers.CharField(max_length=2)  # its letter
    value = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True)
    version = serializers.IntegerField(min_value=0, required=False)


class ReasonInput(Input):
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True)


def as_text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def judgement(request: Call, procurement_id: uuid.UUID, permission: str) -> dict[str, Any]:
    """Return a judgement as the services take it; whose round it is comes first."""
    scoring_round = selectors.scoring_round_for(request.user, procurement_id=procurement_id)
    authorise(request.user, permission, scoring_round)
    given = JudgementInput(data=request.data).checked()
    place = selectors.place_for(
        request.user, procurement_id=procurement_id, code=given["question"], letter=given["bid"]
    )
    return {
        "scoring_round": place.scoring_round,
        "bid": place.bid,
        "question": place.question,
        "value": given["value"],
        "reason": given["reason"],
        "version": given.get("version"),
    }


def judged(one: Score | Consensus) -> dict[str, Any]:
    """Return what stands: one evaluator's, or what was agreed."""
    return {
        "bid": one.bid.letter,
        "question": one.question.code,
        "value": as_text(one.value),
        "reason": one.reason,
        "version": one.version,
    }
