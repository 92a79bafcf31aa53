"""An import that a person has confirmed becomes the draft: one transaction, one audit event.

Every value goes through the readers that pages and API use. The whole is checked as it will stand,
so a question may depend on another one of the same import.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.rfp.models import Lot, Question, Rfp, Section
from apps.rfp.selectors.reading import questionnaire
from apps.rfp.selectors.soundness import Around, faults
from apps.rfp.selectors.workbook import form_of, item_of
from apps.rfp.services import questions, rows
from apps.rfp.services.drafting import minimum_of, open_draft, record, text_of, weight_of
from apps.rfp.services.import_plan import Plan
from apps.rfp.services.lots import MOST as MOST_LOTS
from apps.rfp.services.lots import named_lot
from apps.rfp.services.sections import TITLE
from apps.rfp.states import EnvelopeKind
from apps.rfp.types import Chapter
from apps.rfp.workbooks.form import Form, Item, Part, digest_of
from apps.workspace.models import User

LONGEST_CODE: Final = 12
HIGHEST_SCORE: Final = 100
SECTION_FIELDS: Final = ("title", "weight", "minimum", "position", "lot")
# What an added question may still lack: a foreign questionnaire has no anchors. Publication asks.
MAY_FOLLOW: Final = frozenset({"rubric"})


def review(
    *,
    rfp: Rfp,
    target: Form,
    actor: User,
    fresh: bool = False,
    chapters: Sequence[Chapter] | None = None,
) -> Plan:
    """Say what an import would be refused for, and what would be left to mend; saves nothing.

    `chapters` are the draft where the caller has read it already; they are set to what they would be.
    """
    authorise(actor, "rfp.author", rfp)
    return _plan(rfp, target, questionnaire(rfp) if chapters is None else chapters, fresh=fresh)


@transaction.atomic
def import_form(*, rfp: Rfp, target: Form, seen: str, actor: User, fresh: bool = False) -> Plan:
    """Make the draft what was confirmed. `seen` is the digest of the draft the person compared.

    With `fresh` every question is a new one, whatever number it has.
    """
    open_draft(rfp, actor)
    chapters = questionnaire(rfp)
    if digest_of(form_of(rfp, chapters)) != seen:
        raise WrongState(_("The draft has changed since you compared it. Compare it again."))
    return carry_out(rfp=rfp, target=target, chapters=chapters, seen=seen, actor=actor, fresh=fresh)


def carry_out(
    *,
    rfp: Rfp,
    target: Form,
    chapters: Sequence[Chapter],
    seen: str,
    actor: User,
    fresh: bool = False,
) -> Plan:
    """Do what `import_form` does for a caller that holds the draft open and has compared it."""
    plan = _plan(rfp, target, chapters, fresh=fresh)
    if plan.refused:
        first = next(iter(plan.refused.values()))
        raise Incomplete(first, fields=plan.refused)
    _save(rfp, plan)
    record(
        rfp,
        "import_workbook",
        actor,
        before=seen,
        after=digest_of(form_of(rfp, plan.chapters)),
        added=[one.code for one in plan.added],
        removed=plan.removed,
        removed_sections=plan.removed_sections,
        changed=plan.changed,
    )
    return plan


def _plan(rfp: Rfp, target: Form, chapters: Sequence[Chapter], *, fresh: bool) -> Plan:
    plan = Plan(fresh=fresh)
    held = {chapter.section.code: chapter.section for chapter in chapters}
    asked = {}
    for chapter in chapters:
        for one in chapter.questions:
            one.section, one.rfp = chapter.section, rfp
            asked[one.code] = one
    before = Around.of(asked.values(), rfp.questionnaire)
    known = {code: faults(one, before) for code, one in asked.items()}
    plan.removed = sorted(set(asked) - (frozenset() if fresh else target.codes))
    staying = set() if fresh else {part.code for part in target.parts}
    plan.removed_sections = sorted(set(held) - staying)
    if fresh:
        held, asked = {}, {}
    _limits(plan, target)
    _lots(plan, rfp, target)
    for position, part in enumerate(target.parts, start=1):
        section = _section(plan, rfp, part, held.get(part.code))
        section.position = position
        plan.sections.append(section)
        for place, item in enumerate(part.items, start=1):
            _question(plan, section, item, asked.get(item.code), place)
    _check(plan, rfp, known)
    return plan


def _limits(plan: Plan, target: Form) -> None:
    codes = [item.code for _part, item in target.items]
    if len(codes) > questions.MOST_QUESTIONS:
        sentence = _("A questionnaire holds {most} questions at most; this one has {count}.")
        plan.refused["questions"] = sentence.format(most=questions.MOST_QUESTIONS, count=len(codes))
    for code in {*codes, *(part.code for part in target.parts)}:
        try:
            text_of(code, "code", LONGEST_CODE, needed=_("Give a number."))
        except Incomplete as refused:
            plan.refuse(code[:LONGEST_CODE], refused.fields)
    sections = [part.code for part in target.parts]
    if len(set(codes)) != len(codes) or len(set(sections)) != len(sections):
        plan.refused["codes"] = _("A number is given twice. Change one of them.")


def _lots(plan: Plan, rfp: Rfp, target: Form) -> None:
    """Plan the lots: new ones are added, held ones take new words; an import takes none out."""
    held = {one.code: one for one in Lot.objects.filter(rfp=rfp)}
    codes = [one.code for one in target.lots]
    if len(set(codes)) != len(codes) or len(codes) > MOST_LOTS:
        plan.refused["lots"] = _("Give each lot once, {most} at most.").format(most=MOST_LOTS)
    for position, one in enumerate(target.lots, start=1):
        lot = held.get(one.code) or Lot(organisation_id=rfp.organisation_id, rfp=rfp)
        lot.position = lot.position or position
        try:
            lot.code = text_of(one.code, "code", LONGEST_CODE, needed=_("Give the lot a code."))
            words = named_lot(one.name, one.description)
            lot.name, lot.description = words["name"], words["description"]
        except Incomplete as refused:
            plan.refuse(_("Lot {code}").format(code=one.code[:LONGEST_CODE]), refused.fields)
        plan.lots[one.code] = lot


def _section(plan: Plan, rfp: Rfp, part: Part, held: Section | None) -> Section:
    section = held or Section(organisation_id=rfp.organisation_id, rfp=rfp, code=part.code)
    section.rfp = rfp
    try:
        if held is None or held.title != part.title:
            section.title = text_of(part.title, "title", TITLE, needed=_("Give it a title."))
        section.weight = weight_of(part.weight)
        section.minimum = minimum_of(part.minimum, "minimum")
    except Incomplete as refused:
        plan.refuse(_("Section {code}").format(code=part.code), refused.fields)
    if held is None:
        section.envelope = part.envelope
    section.lot = plan.lots.get(part.lot)
    wrong = _section_fault(section, part)
    if wrong:
        plan.refuse(_("Section {code}").format(code=part.code), wrong)
    return section


def _section_fault(section: Section, part: Part) -> dict[str, str]:
    if part.lot and section.lot is None:
        sentence = _("There is no lot {code}. Add it on the page of lots first.")
        return {"lot": sentence.format(code=part.lot)}
    if part.envelope != section.envelope or part.envelope not in EnvelopeKind.values:
        return {"envelope": _("The envelope of a section stays as it was made.")}
    if section.envelope == EnvelopeKind.COMMERCIAL and section.weight:
        return {"weight": _("A commercial section carries no weight: its answers are priced.")}
    if section.envelope == EnvelopeKind.COMMERCIAL and section.minimum:
        return {"minimum": _("A commercial section is not scored; it takes no minimum.")}
    return {}


def _question(plan: Plan, section: Section, item: Item, held: Question | None, place: int) -> None:
    was = item_of(held) if held else None
    question = held or Question(
        organisation_id=section.organisation_id, rfp=section.rfp, code=item.code
    )
    changed = _set(plan, question, item, was)
    if held is None:
        _scale(plan, question, item)
        plan.added.append(question)
    elif was and was.scale != item.scale:
        plan.refuse(item.code, {"scale": _("The scale of a question stays as it was made.")})
    if held is not None and held.section.code != section.code:
        changed.append("section")
    question.section, question.rfp = section, section.rfp
    if question.position != place:
        question.position = place
        changed.append("position")
    if held is not None and changed:
        plan.changed[item.code] = changed
    plan.questions.append(question)


def _scale(plan: Plan, question: Question, item: Item) -> None:
    """Give a new question its scale: whole scores, not so many that nobody could tell them apart."""
    low, high = map(Decimal, item.scale)
    if low != int(low) or high != int(high) or not 0 <= low < high <= HIGHEST_SCORE:
        sentence = _("Give a scale of whole scores from 0 to {most} at most.")
        plan.refuse(item.code, {"scale": sentence.format(most=HIGHEST_SCORE)})
        return
    question.scale_min, question.scale_max = low, high


def _set(plan: Plan, question: Question, item: Item, was: Item | None) -> list[str]:
    """Set what differs, read as a page would read it; returns the names of the fields."""
    changed = []
    for name, read in questions.FIELDS.items():
        value = getattr(item, name)
        if was is not None and value == getattr(was, name):
            continue
        plain = list(value) if isinstance(value, tuple) else value
        try:
            setattr(question, name, read(plain))
            changed.append(name)
        except Incomplete as refused:
            plan.refuse(item.code, refused.fields)
    return changed


def _check(plan: Plan, rfp: Rfp, known: Mapping[str, Mapping[str, str]]) -> None:
    """Note what the import breaks; a fault that was there before holds up nothing else."""
    around = Around.of(plan.questions, rfp.questionnaire)
    new = {id(one) for one in plan.added}
    for question in plan.questions:
        for name, sentence in faults(question, around).items():
            added = id(question) in new
            if added and name in MAY_FOLLOW:
                plan.to_mend[f"{question.code}.{name}"] = sentence
            elif (
                added
                or name in plan.changed.get(question.code, ())
                or name not in known.get(question.code, {})
            ):
                plan.refuse(question.code, {name: sentence})


def _save(rfp: Rfp, plan: Plan) -> None:
    if plan.fresh:  # before the new ones, which may have the same numbers
        _remove(rfp, plan)
    for lot in plan.lots.values():
        lot.save()
    for section in plan.sections:
        section.lot_id = section.lot.pk if section.lot else None
    new = [one for one in plan.sections if one._state.adding]  # noqa: SLF001 -- Django's own mark
    Section.objects.bulk_create(new)
    rows.update([one for one in plan.sections if one not in new], SECTION_FIELDS)
    for question in plan.questions:
        question.section_id = question.section.pk
    Question.objects.bulk_create(plan.added)
    rows.update(
        [one for one in plan.questions if one.code in plan.changed],
        {name for changed in plan.changed.values() for name in changed},
    )
    if not plan.fresh:  # behind the others, which may have come from a section that goes
        _remove(rfp, plan)


def _remove(rfp: Rfp, plan: Plan) -> None:
    Question.objects.filter(rfp=rfp, code__in=plan.removed).delete()
    Section.objects.filter(rfp=rfp, code__in=plan.removed_sections).delete()
