"""Everything published, as one canonical text: what vendors read is what will be judged."""

from typing import Any

from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.proof import canonical, hashes
from apps.rfp.models import Question, Rfp
from apps.rfp.selectors.presets import published_properties
from apps.rfp.selectors.price_rule import price_rule
from apps.rfp.selectors.reading import questionnaire
from apps.rfp.selectors.weights import weight_tree
from apps.rfp.types import Chapter, plain

FORM = "cceval.rfp.1"


def content_of(rfp: Rfp) -> dict[str, Any]:
    """Return what is published as plain data. The in-house cost is nobody's but the buyer's."""
    chapters = questionnaire(rfp)
    return {
        "form": FORM,
        "rfp": str(rfp.pk),
        "procurement": {
            "reference": rfp.procurement.reference,
            "title": rfp.procurement.title,
            "currency": rfp.procurement.currency,
            "buyer": rfp.procurement.organisation.name,
        },
        "introduction": rfp.introduction,
        "questionnaire": rfp.questionnaire,
        "facts": rfp.facts,
        "term_months": rfp.term_months,
        "envelope_order": rfp.envelope_order,
        **published_properties(rfp),
        "packs": rfp.packs,
        "award": _award(rfp, chapters),
        "price_of_record": rule.content() if (rule := price_rule(rfp)) else {},
        "pricing_models": rfp.pricing_models,
        "deadline": {
            "closes_at": rfp.round.closes_at.isoformat(),
            "grace_seconds": int(rfp.round.grace.total_seconds()),
            "zone": rfp.round.zone,
        },
        "sections": [_chapter(chapter) for chapter in chapters],
        "workload": rfp.workload.content,
        "workload_source": rfp.workload.source,
    }


def _award(rfp: Rfp, chapters: tuple[Chapter, ...]) -> dict[str, Any]:
    formula = PRICE_FORMULAE[rfp.price_formula]
    return {
        "method": rfp.scoring_method,
        "missing": rfp.missing_policy,
        "decimals": rfp.award_decimals,
        "quality_weight": plain(rfp.quality_weight),
        "price_weight": plain(rfp.price_weight),
        "price_formula": {
            "slug": formula.slug,
            "version": formula.version,
            "params": rfp.price_params,
            "depends_on_other_bids": formula.depends_on_others,
        },
        "nodes": weight_tree(rfp, chapters),
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    section = chapter.section
    return {
        "code": section.code,
        "title": section.title,
        "weight": plain(section.weight),
        "envelope": section.envelope,
        "questions": [_question(question) for question in chapter.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "code": question.code,
        "topic": question.topic,
        "text": question.text,
        "kind": question.kind,
        "options": question.options,
        "unit": question.unit,
        "points": plain(question.weight),
        "mode": question.mode,
        "required": question.required,
        "scale": [plain(question.scale_min), plain(question.scale_max)],
        "rubric": question.rubric,
        "auto": question.auto,
        "knockout": question.knockout,
        "condition": question.condition,
        "evidence": question.evidence,
        "evidence_required": question.evidence_required,
        "word_limit": question.word_limit,
        "domain": question.domain,
    }


def freeze(rfp: Rfp) -> tuple[str, str]:
    """Return the canonical JSON of what is published, and its SHA-256 in hexadecimal."""
    body = canonical.encode(content_of(rfp))
    return body.decode(), hashes.of_bytes(body)
