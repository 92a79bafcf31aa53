"""Where a questionnaire comes from: shipped, one's own template, an earlier RFP, or nothing."""

import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from apps.core import seeds
from apps.core.access import authorise
from apps.core.errors import WrongState
from apps.rfp.models import Question, Rfp, Section, Template, Undertaking
from apps.rfp.selectors.informing import essential_has_none
from apps.rfp.selectors.library import earlier_for, template_for
from apps.rfp.selectors.presets import APART
from apps.rfp.selectors.reading import QUESTIONNAIRES
from apps.rfp.selectors.shipping import BASE, PACKS, defaults_of, form_for, pack_form, parts_for
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services import rows
from apps.rfp.services.drafting import open_draft, record, refuse
from apps.rfp.services.lots import copy_figures
from apps.rfp.states import (
    IN_STAGES,
    EnvelopeKind,
    EnvelopeOrder,
    FinalOffers,
    Preset,
    RfpKind,
)
from apps.rfp.workbooks.form import Part, of_file
from apps.workspace.models import Procurement, User
from apps.workspace.services import panel
from apps.workspace.states import Phase

EMPTY = "empty"
# What an earlier request for information hands on: prices and the award are the tender's own to say.
COPIED_OF_INFORMATION = (
    *("packs", "facts", "missing_policy", "hidden_counts", "award_decimals"),
    *("scoring_method", "procedure"),
)
# What an earlier tender hands on: how bids are judged, never when or by whom.
COPIED = (
    *COPIED_OF_INFORMATION,
    *("quality_weight", "price_weight", "quality_minimum", "price_formula", "price_params"),
    *("price_decimals", "pricing_models", "price_of_record", "asks_cost_floor", "names_published"),
    *("explains", "envelope_order", "final_offers", "term_months", "most_lots", "least_contacts"),
)


def _begin(
    procurement: Procurement, actor: User, questionnaire: str, preset: str, **values: Any
) -> Rfp:
    authorise(actor, "rfp.author", procurement)
    locked = Procurement.objects.select_for_update(of=("self",)).get(pk=procurement.pk)
    if Rfp.objects.filter(procurement=locked).exists():
        raise WrongState(_("This procurement has its questionnaire already. Open it to edit."))
    if locked.phase != Phase.PREPARING:
        raise WrongState(_("A questionnaire is started while the procurement is being prepared."))
    if preset not in Preset.values:
        raise refuse("preset", _("Choose Essential, Assured or Public."))
    panel.keep_apart(procurement=procurement, pairs=APART[preset], actor=actor)
    return Rfp.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        questionnaire=questionnaire,
        preset=preset,
        needs_review=preset != Preset.ESSENTIAL,
        **{"facts": defaults_of(questionnaire), **values},
    )


def _done(rfp: Rfp, actor: User, **details: Any) -> Rfp:
    record(rfp, "start", actor, questionnaire=rfp.questionnaire, preset=rfp.preset, **details)
    rfp.refresh_from_db()  # defaults come back as the decimals they are
    return rfp


@transaction.atomic
def start(
    *,
    procurement: Procurement,
    source: str,
    actor: User,
    packs: Collection[str] = (),
    preset: str = Preset.ASSURED,
    kind: str = RfpKind.TENDER,
) -> Rfp:
    """Start from what `source` names: a shipped slug, `template:<id>`, `rfp:<id>` or `empty`.

    A request for information takes of it what is answered in writing and without a price.
    """
    if kind not in RfpKind.values:
        raise refuse("kind", _("Choose a tender or a request for information."))
    if kind == RfpKind.INFORMATION and preset == Preset.ESSENTIAL:
        raise refuse("preset", essential_has_none())
    started = _start(procurement, source, actor, packs, preset)
    return started if kind == RfpKind.TENDER else _ask_information(started, actor)


def _ask_information(rfp: Rfp, actor: User) -> Rfp:
    """Turn what was just started into a request for information: no price, no stage, no lot."""
    Question.objects.filter(rfp=rfp, mode__in=IN_STAGES).delete()
    Section.objects.filter(rfp=rfp, envelope=EnvelopeKind.COMMERCIAL).delete()
    Section.objects.filter(rfp=rfp, questions=None).delete()
    rfp.kind = RfpKind.INFORMATION
    rfp.quality_weight, rfp.price_weight = Decimal(100), Decimal(0)
    rfp.envelope_order, rfp.final_offers = EnvelopeOrder.TECHNICAL_FIRST, FinalOffers.NO
    rfp.price_params, rfp.price_of_record, rfp.pricing_models = {}, {}, []
    rfp.save()
    record(rfp, "ask_information", actor)
    return rfp


def _start(
    procurement: Procurement, source: str, actor: User, packs: Collection[str], preset: str
) -> Rfp:
    kind, _colon, name = source.partition(":")
    if source == EMPTY:
        return start_empty(procurement=procurement, actor=actor, preset=preset)
    if kind == "template":
        held = template_for(actor, procurement_id=procurement.pk, template_id=_identifier(name))
        return start_from_template(
            procurement=procurement,
            template=held.template,
            actor=actor,
            packs=packs,
            preset=preset,
        )
    if kind == "rfp":
        earlier = earlier_for(actor, procurement, _identifier(name))
        return start_from_rfp(procurement=procurement, source=earlier, actor=actor, preset=preset)
    return start_from(
        procurement=procurement, questionnaire=source, actor=actor, packs=packs, preset=preset
    )


def _identifier(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise refuse("questionnaire", _("Choose what to start from in the list.")) from None


@transaction.atomic
def start_from(
    *,
    procurement: Procurement,
    questionnaire: str,
    actor: User,
    packs: Collection[str] = (),
    preset: str = Preset.ASSURED,
) -> Rfp:
    """Start from a shipped questionnaire, as its preset asks it; everything in it is editable.

    Sections of packs begin with weight 0: what they weigh is shared out on the weights page.
    """
    if questionnaire not in seeds.names(QUESTIONNAIRES):
        raise refuse("questionnaire", _("Choose one of the questionnaires in the list."))
    chosen = _packs(packs)
    rfp = _begin(procurement, actor, questionnaire, preset, packs=chosen)
    form = form_for(questionnaire, preset)
    rows.write(rfp, form.parts)
    _add_packs(rfp, chosen, after=len(form.parts))
    return _done(rfp, actor, version=form.head["version"], packs=chosen)


@transaction.atomic
def start_empty(
    *, procurement: Procurement, actor: User, preset: str = Preset.ASSURED, like: str = BASE
) -> Rfp:
    """Start with no question.

    `like` names the shipped questionnaire whose facts are asked and whose questions stay at hand;
    any other name is of none here, and the RFP asks no facts.
    """
    known = like if like in seeds.names(QUESTIONNAIRES) else ""
    return _done(_begin(procurement, actor, known, preset), actor, empty=True)


@transaction.atomic
def start_from_template(
    *,
    procurement: Procurement,
    template: Template,
    actor: User,
    packs: Collection[str] = (),
    preset: str = Preset.ASSURED,
) -> Rfp:
    """Start from a template of the organisation."""
    chosen = _packs(packs)
    rfp = _begin(procurement, actor, template.questionnaire, preset, packs=chosen)
    form = of_file(template.content)
    rows.write_form(rfp, form)
    _add_packs(rfp, chosen, after=len(form.parts))
    return _done(rfp, actor, template=template.pk, name=template.name, packs=chosen)


@transaction.atomic
def start_from_rfp(
    *, procurement: Procurement, source: Rfp, actor: User, preset: str = Preset.ASSURED
) -> Rfp:
    """Start from an earlier RFP that the person may see: what it asked and how it was judged.

    Its dates, its accepted findings and its bids stay where they are.
    """
    authorise(actor, "rfp.view", source)
    names = COPIED if source.asks_price else COPIED_OF_INFORMATION
    values = {name: getattr(source, name) for name in names}
    rfp = _begin(procurement, actor, source.questionnaire, preset, **values)
    rows.write_form(rfp, form_of(source))
    copy_figures(source, rfp)
    _copy_undertakings(source, rfp)
    return _done(rfp, actor, copied=source.pk)


def _copy_undertakings(source: Rfp, rfp: Rfp) -> None:
    """Ask vendors to agree to the same texts; what was agreed to then is no agreement now."""
    Undertaking.objects.bulk_create(
        Undertaking(organisation_id=rfp.organisation_id, rfp=rfp, kind=one.kind, text=one.text)
        for one in Undertaking.objects.filter(rfp=source).order_by("kind")
    )


def _packs(wanted: Collection[str]) -> list[str]:
    known = seeds.names(PACKS)
    if not set(wanted) <= set(known):
        raise refuse("packs", _("Choose packs of the list."))
    return [slug for slug in known if slug in wanted]


def _add_packs(rfp: Rfp, packs: Collection[str], *, after: int) -> None:
    """Add the sections of packs with weight 0; a code that is taken is refused, never overwritten."""
    parts = [part for slug in packs for part in pack_form(slug).parts]
    held = set(Section.objects.filter(rfp=rfp).values_list("code", flat=True))
    codes = set(Question.objects.filter(rfp=rfp).values_list("code", flat=True))
    taken = held & {part.code for part in parts}
    taken |= codes & {item.code for part in parts for item in part.items}
    if taken:
        sentence = _("The questionnaire has {codes} already. Remove them before you add the pack.")
        raise refuse("packs", sentence.format(codes=", ".join(sorted(taken))))
    rows.write(rfp, parts, after=after, weight="0")


@transaction.atomic
def add_pack(*, rfp: Rfp, pack: str, actor: User) -> None:
    """Add a pack to a draft, after its last section and with weight 0."""
    open_draft(rfp, actor)
    chosen = _packs([pack])
    last = Section.objects.filter(rfp=rfp).aggregate(last=models.Max("position"))["last"] or 0
    _add_packs(rfp, chosen, after=last)
    rfp.packs = sorted({*rfp.packs, *chosen})
    rfp.save(update_fields=["packs"])
    record(rfp, "add_pack", actor, section=pack_form(pack).head["title"], pack=pack)


@transaction.atomic
def keep_questions(*, rfp: Rfp, codes: Collection[str], actor: User) -> None:
    """Keep exactly these questions; shipped ones that were taken out come back.

    Sections without a question go. Weights stay as they are: nothing is shared out in silence.
    """
    open_draft(rfp, actor)
    shipped = parts_for(rfp)
    held = set(Question.objects.filter(rfp=rfp).values_list("code", flat=True))
    known = held | {item.code for part in shipped for item in part.items}
    unknown = sorted(set(codes) - known)
    if unknown:
        sentence = _("These questions are not in the questionnaire: {codes}.")
        raise refuse("codes", sentence.format(codes=", ".join(unknown)))
    if not codes:
        raise refuse("codes", _("Keep at least one question."))
    Question.objects.filter(rfp=rfp).exclude(code__in=codes).delete()
    sections = {one.code: one for one in Section.objects.filter(rfp=rfp)}
    for place, part in enumerate(shipped, start=1):
        _bring_back(rfp, part, place, sections, set(codes) - held)
    Section.objects.filter(rfp=rfp, questions=None).delete()
    record(
        rfp,
        "keep_questions",
        actor,
        added=sorted(set(codes) - held),
        removed=sorted(held - set(codes)),
    )


def _bring_back(
    rfp: Rfp, part: Part, place: int, sections: Mapping[str, Section], codes: set[str]
) -> None:
    """Put shipped questions back into their section, at their place in the file."""
    wanted = [(at, item) for at, item in enumerate(part.items, start=1) if item.code in codes]
    if not wanted:
        return
    section = sections.get(part.code)
    if section is None:
        section = rows.section_of(rfp, part, place, "0")
        section.save(force_insert=True)
    section.rfp = rfp
    Question.objects.bulk_create(rows.question_of(section, item, at) for at, item in wanted)
