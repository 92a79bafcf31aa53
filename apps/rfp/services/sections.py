"""Sections of a draft: their titles, weights and order."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from apps.core.errors import WrongState
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.selectors.lots import lots_of
from apps.rfp.services import rows
from apps.rfp.services.drafting import minimum_of, open_draft, record, refuse, text_of, weight_of
from apps.rfp.states import EnvelopeKind, ScoringMode
from apps.workspace.models import User

TITLE = 120


def _title(raw: object) -> str:
    return text_of(raw, "title", TITLE, needed=_("Give the section a title."))


def _weight(section: Section, raw: object, field: str = "weight") -> Decimal:
    weight = weight_of(raw, field)
    if section.envelope == EnvelopeKind.COMMERCIAL and weight:
        raise refuse(field, _("A commercial section carries no weight: its answers are priced."))
    return weight


@transaction.atomic
def edit_section(
    *,
    rfp: Rfp,
    section: Section,
    title: str,
    weight: object,
    actor: User,
    minimum: object = None,
) -> Section:
    """Change title, weight and minimum (percent of the section's points, None for none).

    A draft may miss 100 meanwhile; publication refuses it.
    """
    open_draft(rfp, actor)
    section.title, section.weight = _title(title), _weight(section, weight)
    section.minimum = minimum_of(minimum, "minimum")
    if section.minimum is not None and section.envelope == EnvelopeKind.COMMERCIAL:
        raise refuse("minimum", _("A commercial section is not scored; it takes no minimum."))
    section.save(update_fields=["title", "weight", "minimum"])
    details = {name: getattr(section, name) for name in ("title", "weight", "minimum")}
    record(rfp, "edit_section", actor, section=section.code, **details)
    return section


@transaction.atomic
def weigh_sections(*, rfp: Rfp, weights: Mapping[str, object], actor: User) -> None:
    """Set the weights of several sections at once, by section code."""
    open_draft(rfp, actor)
    held = {section.code: section for section in Section.objects.filter(rfp=rfp)}
    if unknown := sorted(set(weights) - set(held)):
        sentence = _("There is no section {codes}.").format(codes=", ".join(unknown))
        raise refuse("weights", sentence)
    for code, raw in weights.items():
        section = held[code]
        section.weight = _weight(section, raw, f"weight-{code}")
    rows.update([held[code] for code in weights], ["weight"])
    record(rfp, "weigh_sections", actor, weights={c: held[c].weight for c in sorted(weights)})


def refuse_with_lots(rfp: Rfp) -> None:
    """Refuse to share weights out over all sections: of each lot they add up by themselves."""
    if lots_of(rfp):
        raise WrongState(
            _("The weights of each lot add up to 100 by themselves. Set them in the outline.")
        )


@transaction.atomic
def share_out(*, rfp: Rfp, actor: User) -> None:
    """Bring the weights to 100 in their present proportion, in whole percent.

    Largest remainder: each section gets its share rounded down, and the percents left over go to
    the largest remainders, earlier sections first.
    """
    open_draft(rfp, actor)
    refuse_with_lots(rfp)
    held = list(
        Section.objects.filter(rfp=rfp, weight__gt=0, envelope=EnvelopeKind.TECHNICAL).order_by(
            "position", "pk"
        )
    )
    total = sum((section.weight for section in held), Decimal(0))
    if not total:
        raise WrongState(_("Give at least one section a weight first."))
    exact = [section.weight * 100 / total for section in held]
    whole = [int(share) for share in exact]
    left = 100 - sum(whole)
    by_rest = sorted(range(len(held)), key=lambda at: (whole[at] - exact[at], at))
    for at, section in enumerate(held):
        section.weight = Decimal(whole[at] + (at in by_rest[:left]))
    rows.update(held, ["weight"])
    record(rfp, "share_out", actor, weights={one.code: one.weight for one in held})


@transaction.atomic
def add_section(
    *, rfp: Rfp, title: str, actor: User, envelope: str = EnvelopeKind.TECHNICAL
) -> Section:
    """Add an empty section at the end, with the next free number."""
    open_draft(rfp, actor)
    if envelope not in EnvelopeKind.values:
        raise refuse("envelope", _("Choose the technical or the commercial envelope."))
    codes = set(Section.objects.filter(rfp=rfp).values_list("code", flat=True))
    number = 1 + max((int(code) for code in codes if code.isdecimal()), default=0)
    section = Section.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        code=str(number),
        title=_title(title),
        weight=Decimal(0),
        envelope=envelope,
        position=1 + _last(Section.objects.filter(rfp=rfp)),
    )
    record(rfp, "add_section", actor, section=section.code, title=section.title)
    return section


@transaction.atomic
def remove_section(*, rfp: Rfp, section: Section, actor: User) -> None:
    """Remove a section and its questions. Its weight goes with it; the others stay as they are."""
    open_draft(rfp, actor)
    code = section.code
    removed = list(Question.objects.filter(section=section).values_list("code", flat=True))
    section.delete()
    record(rfp, "remove_section", actor, section=code, questions=sorted(removed))


def _last(held: models.QuerySet[Any]) -> int:
    return int(held.aggregate(last=models.Max("position"))["last"] or 0)


def next_position(section: Section) -> int:
    return 1 + _last(Question.objects.filter(section=section))


def commercial_default(section: Section) -> str:
    """Return how a new question of this section counts until somebody says otherwise."""
    commercial = section.envelope == EnvelopeKind.COMMERCIAL
    return ScoringMode.INFO if commercial else ScoringMode.MANUAL
