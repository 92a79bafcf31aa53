"""An RFP as the API shows it, and how an endpoint finds it."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Pages
from apps.core.errors import Incomplete
from apps.rfp import selectors
from apps.rfp.models import Lot, Question, Rfp
from apps.rfp.selectors.awarding import explains
from apps.rfp.types import least, plain
from apps.workspace.types import Call

Row = TypeVar("Row")


def found(call: Call, procurement_id: uuid.UUID) -> Rfp:
    rfp = selectors.rfp_for(call.user, procurement_id=procurement_id)
    authorise(call.user, "rfp.view", rfp)
    return rfp


def named(data: object) -> dict[str, Any]:
    """Take any fields by name; the service says which of them it knows."""
    if not isinstance(data, dict):
        raise Incomplete(_("Send one JSON object."))
    return {str(name): value for name, value in data.items()}


def paged(call: Call, rows: Sequence[Row], show: Callable[[Row], dict[str, Any]]) -> Response:
    """Answer one page of rows, 100 at most, with links to the others."""
    pages = Pages()
    held: Any = pages.paginate_queryset(rows, call)  # type: ignore[arg-type]  # any sequence
    return pages.get_paginated_response([show(one) for one in held or []])


def shown(rfp: Rfp) -> dict[str, Any]:
    """Return an RFP as the API shows it."""
    held, workload = selectors.round_of(rfp), selectors.workload_of(rfp)
    lots = selectors.lots_of(rfp)
    codes: dict[uuid.UUID | None, str] = {lot.pk: lot.code for lot in lots}
    return {
        "id": str(rfp.pk),
        "state": rfp.state,
        "kind": rfp.kind,
        "follows": str(rfp.follows_id) if rfp.follows_id else None,
        "shortlist": rfp.shortlist,
        "questionnaire": rfp.questionnaire,
        "packs": rfp.packs,
        "preset": rfp.preset,
        "procedure": rfp.procedure,
        "periods": rfp.periods,
        "price_of_record": rfp.price_of_record,
        "introduction": rfp.introduction,
        "envelope_order": rfp.envelope_order,
        "final_offers": rfp.final_offers,
        "explains": explains(rfp),
        "names_published": rfp.names_published,
        "asks_cost_floor": rfp.asks_cost_floor,
        "keys_needed": rfp.keys_needed,
        "spare_key": rfp.spare_key,
        "quality_weight": plain(rfp.quality_weight),
        "price_weight": plain(rfp.price_weight),
        "quality_minimum": least(rfp.quality_minimum),
        "scoring_method": rfp.scoring_method,
        "price_formula": rfp.price_formula,
        "price_params": rfp.price_params,
        "price_decimals": rfp.price_decimals,
        "pricing_models": rfp.pricing_models,
        "missing_policy": rfp.missing_policy,
        "hidden_counts": rfp.hidden_counts,
        "award_decimals": rfp.award_decimals,
        "facts": rfp.facts,
        "term_months": rfp.term_months,
        "least_contacts": rfp.least_contacts,
        "needs_review": rfp.needs_review,
        "question_days": rfp.question_days,
        "published_at": rfp.published_at,
        "digest": rfp.digest,
        "closes_at": held.closes_at if held else None,
        "zone": held.zone if held else None,
        "workload": workload.content if workload and not lots else None,
        "lots": [lot_shown(lot) for lot in lots],
        "most_lots": rfp.most_lots,
        "sections": [
            {
                "id": str(chapter.section.pk),
                "code": chapter.section.code,
                "title": chapter.section.title,
                "weight": chapter.weight,
                "minimum": least(chapter.section.minimum),
                "envelope": chapter.section.envelope,
                "lot": codes.get(chapter.section.lot_id),
                "questions": [question_shown(one) for one in chapter.questions],
            }
            for chapter in selectors.questionnaire(rfp)
        ],
    }


def lot_shown(lot: Lot) -> dict[str, Any]:
    return {
        "id": str(lot.pk),
        "code": lot.code,
        "name": lot.name,
        "description": lot.description,
        "price_params": lot.price_params,
        "least_contacts": lot.least_contacts,
        "workload": lot.workload or None,
        "workload_source": lot.workload_source,
    }


def question_shown(one: Question) -> dict[str, Any]:
    names = (
        *("code", "topic", "text", "kind", "options", "unit", "required", "mode", "rubric"),
        *("knockout", "condition", "auto", "evidence", "evidence_required", "word_limit"),
        *("domain", "limits", "allows_na", "commitment", "evidence_class", "evidence_expires"),
    )
    return {
        "id": str(one.pk),
        "weight": plain(one.weight),
        "minimum": least(one.minimum),
        "held_at": least(one.held_at),
        **{name: getattr(one, name) for name in names},
    }
