"""Lots of a draft: what they are, which sections belong to them, how many one vendor may win."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.core.errors import WrongState
from apps.rfp.models import Lot, Rfp, Section
from apps.rfp.services.drafting import open_draft, record, refuse, text_of
from apps.rfp.services.informing import require_tender
from apps.rfp.services.terms import read_params, read_volume
from apps.workspace.models import User

CODE: Final = 12
NAME: Final = 120
DESCRIPTION: Final = 4000
MOST: Final = 40  # lots of one tender


def named_lot(name: object, description: object) -> dict[str, str]:
    return {
        "name": text_of(name, "name", NAME, needed=_("Give the lot a name.")),
        "description": text_of(description, "description", DESCRIPTION),
    }


@transaction.atomic
def add_lot(*, rfp: Rfp, name: str, actor: User, code: str = "", description: str = "") -> Lot:
    """Add a lot at the end; without a code it gets the next free number."""
    open_draft(rfp, actor)
    require_tender(rfp)
    held = list(Lot.objects.filter(rfp=rfp))
    if len(held) >= MOST:
        raise WrongState(_("A tender has {most} lots at most.").format(most=MOST))
    wanted = text_of(code, "code", CODE) or _next({one.code for one in held})
    given = named_lot(name, description)
    try:
        with transaction.atomic():
            lot = Lot.objects.create(
                organisation_id=rfp.organisation_id,
                rfp=rfp,
                code=wanted,
                position=1 + max((one.position for one in held), default=0),
                **given,
            )
    except IntegrityError:
        sentence = _("There is a lot {code} already. Choose another code.")
        raise refuse("code", sentence.format(code=wanted)) from None
    record(rfp, "add_lot", actor, lot=lot.code, name=lot.name)
    return lot


def _next(taken: set[str]) -> str:
    return next(str(number) for number in range(1, MOST + 2) if str(number) not in taken)


@transaction.atomic
def edit_lot(
    *,
    lot: Lot,
    name: str,
    actor: User,
    description: str = "",
    price_params: Mapping[str, Any] | None = None,
    least_contacts: int | None = None,
) -> Lot:
    """Change a lot's name, its description, its own figures of the price formula, its volume.

    Without figures of its own a lot takes those of the RFP. `least_contacts` a month is what the
    buyer commits to in this lot. Its code stays: bids name it.
    """
    rfp = lot.rfp
    open_draft(rfp, actor)
    given = named_lot(name, description)
    lot.name, lot.description = given["name"], given["description"]
    params = {key: value for key, value in (price_params or {}).items() if value not in (None, "")}
    lot.price_params = read_params(rfp.price_formula, params) if params else {}
    lot.least_contacts = read_volume(least_contacts)
    lot.save(update_fields=["name", "description", "price_params", "least_contacts"])
    figures = {"price_params": lot.price_params, "least_contacts": lot.least_contacts}
    record(rfp, "edit_lot", actor, lot=lot.code, **given, **figures)
    return lot


@transaction.atomic
def remove_lot(*, lot: Lot, actor: User) -> None:
    """Take a lot out, with its workload. Sections are given to another one, or to all, before."""
    rfp, code = lot.rfp, lot.code
    open_draft(rfp, actor)
    codes = Section.objects.filter(lot=lot).order_by("position").values_list("code", flat=True)
    if codes:
        sentence = _("Sections {codes} belong to this lot. Give them to another lot or to all.")
        raise WrongState(sentence.format(codes=", ".join(codes)))
    try:
        with transaction.atomic():
            lot.delete()
    except ProtectedError:
        raise WrongState(
            _("Assumptions or statements were made for this lot. It stays; rename it instead.")
        ) from None
    record(rfp, "remove_lot", actor, lot=code)


@transaction.atomic
def assign_sections(*, rfp: Rfp, lots: Mapping[str, str], actor: User) -> None:
    """Say for which lot sections are asked: the code of a lot by section code, empty for all."""
    open_draft(rfp, actor)
    held = {one.code: one for one in Lot.objects.filter(rfp=rfp)}
    sections = {one.code: one for one in Section.objects.filter(rfp=rfp)}
    if unknown := sorted(set(lots) - set(sections)):
        sentence = _("There is no section {codes}.").format(codes=", ".join(unknown))
        raise refuse("sections", sentence)
    for code, wanted in lots.items():
        if wanted and wanted not in held:
            sentence = _("There is no lot {code}. Choose one of the list.").format(code=wanted)
            raise refuse(f"lot-{code}", sentence)
        section = sections[code]
        section.lot = held.get(wanted)
        section.save(update_fields=["lot"])
    record(rfp, "assign_lots", actor, lots={code: lots[code] for code in sorted(lots)})


@transaction.atomic
def limit_lots(*, rfp: Rfp, most: int | None, actor: User) -> None:
    """Say how many lots one vendor may win; None sets no limit. It is published, and applied later."""
    open_draft(rfp, actor)
    if most is not None and not 1 <= most <= MOST:
        raise refuse("most_lots", _("Give a number of lots from 1, or leave it empty."))
    rfp.most_lots = most
    rfp.save(update_fields=["most_lots"])
    record(rfp, "limit_lots", actor, most_lots=most)


def copy_figures(source: Rfp, target: Rfp) -> None:
    """Give the lots of a copied RFP the figures and the minimum volume that they had."""
    held = {lot.code: lot for lot in Lot.objects.filter(rfp=source)}
    copied = list(Lot.objects.filter(rfp=target, code__in=held))
    for lot in copied:
        lot.price_params = held[lot.code].price_params
        lot.least_contacts = held[lot.code].least_contacts
    Lot.objects.bulk_update(copied, ["price_params", "least_contacts"])
