"""A questionnaire comes from a shipped file and is cut to what this tender asks."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import seeds
from apps.core.access import authorise
from apps.core.errors import WrongState
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.selectors.reading import QUESTIONNAIRES, shipped_sections
from apps.rfp.services.drafting import open_draft, record, refuse
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase

SCALE = (Decimal(0), Decimal(5))


@transaction.atomic
def start_from(*, procurement: Procurement, questionnaire: str, actor: User) -> Rfp:
    """Start the RFP of a procurement from a shipped questionnaire; everything in it is editable."""
    _may_start(procurement, actor)
    if questionnaire not in seeds.names(QUESTIONNAIRES):
        raise refuse("questionnaire", _("Choose one of the questionnaires in the list."))
    content = seeds.load(QUESTIONNAIRES, questionnaire)
    rfp = Rfp.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        questionnaire=questionnaire,
        facts={key: fact["default"] for key, fact in content.get("facts", {}).items()},
    )
    for at, chapter in enumerate(content["sections"], start=1):
        section = Section.objects.create(**_section(rfp, chapter, at))
        Question.objects.bulk_create(
            Question(**_question(section, one, place))
            for place, one in enumerate(chapter["questions"], start=1)
        )
    record(rfp, "start", actor, questionnaire=questionnaire, version=content["version"])
    rfp.refresh_from_db()  # defaults come back as the decimals they are
    return rfp


def _may_start(procurement: Procurement, actor: User) -> None:
    """Lock the procurement, and refuse where it has a questionnaire or is past the beginning."""
    authorise(actor, "rfp.author", procurement)
    locked = Procurement.objects.select_for_update(of=("self",)).get(pk=procurement.pk)
    if Rfp.objects.filter(procurement=locked).exists():
        raise WrongState(_("This procurement has its questionnaire already. Open it to edit."))
    if locked.phase != Phase.PREPARING:
        raise WrongState(_("A questionnaire is started while the procurement is being prepared."))


@transaction.atomic
def start_blank(*, procurement: Procurement, like: str, actor: User) -> Rfp:
    """Start the RFP of a procurement without a question.

    `like` names the shipped questionnaire whose facts the questions ask about; any other name is
    of no questionnaire here, and the RFP asks no facts.
    """
    _may_start(procurement, actor)
    known = like in seeds.names(QUESTIONNAIRES)
    facts = seeds.load(QUESTIONNAIRES, like).get("facts", {}) if known else {}
    rfp = Rfp.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        questionnaire=like if known else "",
        facts={key: fact["default"] for key, fact in facts.items()},
    )
    record(rfp, "start", actor, questionnaire=rfp.questionnaire, version="")
    rfp.refresh_from_db()
    return rfp


def _section(rfp: Rfp, shipped: Mapping[str, Any], position: int) -> dict[str, Any]:
    return {
        "organisation_id": rfp.organisation_id,
        "rfp": rfp,
        "code": shipped["code"],
        "title": shipped["title"],
        "weight": Decimal(shipped["weight"]),
        "envelope": shipped["envelope"],
        "position": position,
    }


def _question(section: Section, shipped: Mapping[str, Any], position: int) -> dict[str, Any]:
    return {
        "organisation_id": section.organisation_id,
        "rfp": section.rfp,
        "section": section,
        "position": position,
        "weight": Decimal(shipped["weight"]),
        "scale_min": SCALE[0],
        "scale_max": SCALE[1],
        "options": list(shipped.get("options", [])),
        "unit": shipped.get("unit", ""),
        "rubric": dict(shipped.get("rubric", {})),
        "knockout": dict(shipped.get("knockout", {})),
        "condition": dict(shipped.get("show_if", {})),
        "auto": list(shipped.get("auto", [])),
        "word_limit": shipped.get("word_limit"),
        **{
            name: shipped[name]
            for name in (
                *("code", "topic", "text", "kind", "required"),
                *("mode", "domain", "evidence", "evidence_required"),
            )
        },
    }


@transaction.atomic
def keep_questions(*, rfp: Rfp, codes: Collection[str], actor: User) -> None:
    """Keep exactly these questions; shipped ones that were taken out come back.

    Sections without a question go. Weights stay as they are: nothing is shared out in silence.
    """
    open_draft(rfp, actor)
    shipped = shipped_sections(rfp)
    held = set(Question.objects.filter(rfp=rfp).values_list("code", flat=True))
    known = held | {one["code"] for chapter in shipped for one in chapter["questions"]}
    unknown = sorted(set(codes) - known)
    if unknown:
        sentence = _("These questions are not in the questionnaire: {codes}.")
        raise refuse("codes", sentence.format(codes=", ".join(unknown)))
    if not codes:
        raise refuse("codes", _("Keep at least one question."))
    Question.objects.filter(rfp=rfp).exclude(code__in=codes).delete()
    for chapter in shipped:
        _bring_back(rfp, chapter, set(codes) - held)
    Section.objects.filter(rfp=rfp, questions=None).delete()
    record(
        rfp,
        "keep_questions",
        actor,
        added=sorted(set(codes) - held),
        removed=sorted(held - set(codes)),
    )


def _bring_back(rfp: Rfp, chapter: Mapping[str, Any], codes: set[str]) -> None:
    """Put shipped questions back into their section, at their place in the file."""
    wanted = [one for one in chapter["questions"] if one["code"] in codes]
    if not wanted:
        return
    section = Section.objects.filter(rfp=rfp, code=chapter["code"]).first()
    if section is None:
        places = [one["code"] for one in shipped_sections(rfp)]
        values = _section(rfp, chapter, places.index(chapter["code"]) + 1)
        section = Section.objects.create(**{**values, "weight": Decimal(0)})
    order = [one["code"] for one in chapter["questions"]]
    Question.objects.bulk_create(
        Question(**_question(section, one, order.index(one["code"]) + 1)) for one in wanted
    )
