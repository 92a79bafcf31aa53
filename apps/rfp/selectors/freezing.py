"""Everything published, as one canonical text: what vendors read is what will be judged."""

from typing import Any

from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.proof import canonical, hashes
from apps.rfp.models import Lot, Question, Rfp
from apps.rfp.selectors.awarding import IN_ORDER
from apps.rfp.selectors.informing import shortlist_rule
from apps.rfp.selectors.lots import View, price_params, views_of
from apps.rfp.selectors.presets import published_properties
from apps.rfp.selectors.price_rule import price_rule
from apps.rfp.selectors.reading import questionnaire, questions_until, round_of, workload_of
from apps.rfp.selectors.sealing import opening_terms
from apps.rfp.selectors.undertakings import undertakings_of
from apps.rfp.selectors.weights import weight_tree
from apps.rfp.types import Chapter, least, plain

FORM = "cceval.rfp.1"


def content_of(rfp: Rfp, chapters: tuple[Chapter, ...] | None = None) -> dict[str, Any]:
    """Return what is published as plain data. The in-house cost is nobody's but the buyer's.

    A draft may lack its deadline and its workload. `chapters` stand in for the stored ones when a
    change is tried out.
    """
    chapters = questionnaire(rfp) if chapters is None else chapters
    views = views_of(rfp, chapters)
    codes = {view.lot.pk: view.lot.code for view in views if view.lot}
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
        "final_offers": rfp.final_offers,
        **published_properties(rfp),
        "opening": opening_terms(rfp),
        "packs": rfp.packs,
        "award": _award(rfp, views),
        "price_of_record": rule.content() if (rule := price_rule(rfp)) else {},
        "pricing_models": rfp.pricing_models,
        "deadline": _deadline(rfp),
        "sections": [{**_chapter(one), **_asked_for(one, codes)} for one in chapters],
        **(_lots(rfp, views) if codes else _workload(rfp)),
        **_undertakings(rfp),
        **_before_or_after(rfp),
        **({"least_contacts": rfp.least_contacts} if rfp.least_contacts else {}),
        **({"asks_cost_floor": True} if rfp.asks_cost_floor else {}),
    }


def _before_or_after(rfp: Rfp) -> dict[str, Any]:
    """Say what a request for information is for, or which one a tender follows; else nothing."""
    if rfp.follows is not None:
        return {"follows": {"rfp": str(rfp.follows_id), "digest": rfp.follows.digest}}
    if rfp.asks_price:
        return {}
    rule = shortlist_rule(rfp)
    return {
        "kind": rfp.kind,
        "shortlist": {**rfp.shortlist, "sentence": rule.sentence} if rule else {},
    }


def _workload(rfp: Rfp, lot: Lot | None = None) -> dict[str, Any]:
    held = workload_of(rfp, lot)
    return {
        "workload": held.content if held else None,
        "workload_source": held.source if held else "",
    }


def _asked_for(chapter: Chapter, codes: dict[Any, str]) -> dict[str, str | None]:
    """Say for which lot a section is asked, None for all; nothing where there are no lots."""
    lot = chapter.section.lot_id
    return {"lot": codes[lot] if lot else None} if codes else {}


def _lots(rfp: Rfp, views: tuple[View, ...]) -> dict[str, Any]:
    """Return the lots, each with its own weights and its own workload."""
    return {
        "most_lots": rfp.most_lots,
        **({"lots_awarded": IN_ORDER} if rfp.most_lots else {}),
        "lots": [
            {
                "code": lot.code,
                "name": lot.name,
                "description": lot.description,
                "price_params": dict(price_params(rfp, lot)),
                "nodes": weight_tree(rfp, view.chapters),
                **_workload(rfp, lot),
                **({"least_contacts": lot.least_contacts} if lot.least_contacts else {}),
            }
            for view in views
            if (lot := view.lot)
        ],
    }


def _undertakings(rfp: Rfp) -> dict[str, Any]:
    """What vendors are asked to agree to, where there is anything."""
    held = {one.kind: one.text for one in undertakings_of(rfp)}
    return {"undertakings": held} if held else {}


def _deadline(rfp: Rfp) -> dict[str, Any] | None:
    held = round_of(rfp)
    if held is None:
        return None
    return {
        "closes_at": held.closes_at.isoformat(),
        "grace_seconds": int(held.grace.total_seconds()),
        "zone": held.zone,
        "questions_until": questions_until(rfp, held).isoformat(),
    }


def _award(rfp: Rfp, views: tuple[View, ...]) -> dict[str, Any]:
    return {
        "method": rfp.scoring_method,
        "missing": rfp.missing_policy,
        "hidden_counts": rfp.hidden_counts,
        "decimals": rfp.award_decimals,
        "quality_weight": plain(rfp.quality_weight),
        "quality_minimum": least(rfp.quality_minimum),
        **(_price(rfp) if rfp.asks_price else {}),
        # Lots have a tree each: their weights are never added up.
        **({} if views[0].lot else {"nodes": weight_tree(rfp, views[0].chapters)}),
    }


def _price(rfp: Rfp) -> dict[str, Any]:
    formula = PRICE_FORMULAE[rfp.price_formula]
    return {
        "price_weight": plain(rfp.price_weight),
        "price_formula": {
            "slug": formula.slug,
            "version": formula.version,
            "params": rfp.price_params,
            "depends_on_other_bids": formula.depends_on_others,
            **({} if rfp.price_decimals is None else {"decimals": rfp.price_decimals}),
        },
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    section = chapter.section
    return {
        "code": section.code,
        "title": section.title,
        "weight": plain(section.weight),
        "minimum": least(section.minimum),
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
        "minimum": least(question.minimum),
        "rubric": question.rubric,
        "auto": question.auto,
        "knockout": question.knockout,
        "condition": question.condition,
        "evidence": question.evidence,
        "evidence_required": question.evidence_required,
        "evidence_class": question.evidence_class,
        "evidence_expires": question.evidence_expires,
        "word_limit": question.word_limit,
        "limits": question.limits,
        "allows_na": question.allows_na,
        "commitment": question.commitment,
        "domain": question.domain,
        # Only where it is asked: what was published before keeps its digest.
        **({} if question.held_at is None else {"held_at": plain(question.held_at)}),
    }


def freeze(rfp: Rfp) -> tuple[str, str]:
    """Return the canonical JSON of what is published, and its SHA-256 in hexadecimal."""
    body = canonical.encode(content_of(rfp))
    return body.decode(), hashes.of_bytes(body)


def draft_digest(rfp: Rfp) -> str:
    """Return what stands for a draft under review: its content, and the findings accepted."""
    return hashes.of_value({"accepted": rfp.accepted_findings, "content": content_of(rfp)})
