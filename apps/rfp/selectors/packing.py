"""The data pack as the panel prepares it, and as released versions."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core import clock, files, keystore
from apps.core.access import can
from apps.core.errors import NotFound, WrongState
from apps.proof.errors import NotAuthentic
from apps.rfp.models import PackFile, PackVersion, Rfp
from apps.rfp.selectors.reading import rfp_for, round_of
from apps.rfp.states import RfpState
from apps.workspace.models import User


@dataclass(frozen=True)
class Released:
    """A version with its files; `added` and `dropped` name what changed with it."""

    version: PackVersion
    files: tuple[PackFile, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class PackPage:
    rfp: Rfp
    released: tuple[Released, ...]
    files: tuple[PackFile, ...]  # of the next version, as it is prepared
    changed: bool
    next: int
    may_edit: bool


def key_of(rfp_id: uuid.UUID) -> str:
    return f"pack-{rfp_id}"


def context_of(rfp_id: uuid.UUID, file_id: uuid.UUID) -> dict[str, str]:
    """Return what the ciphertext of a file is bound to."""
    return {"file": str(file_id), "kind": "data pack", "rfp": str(rfp_id)}


def pack_version(rfp: Rfp) -> int:
    """Return the number of the newest released version; 0 where none was released."""
    held = PackVersion.objects.filter(rfp=rfp).order_by("-number").values_list("number", flat=True)
    return held.first() or 0


def released_versions(rfp: Rfp) -> tuple[Released, ...]:
    """Return every released version, newest first: two queries."""
    every = list(PackFile.objects.filter(rfp=rfp).order_by("name", "pk"))
    versions = PackVersion.objects.filter(rfp=rfp).order_by("-number")
    return tuple(
        Released(
            one,
            tuple(held for held in every if _inside(held, one.number)),
            tuple(held.name for held in every if held.added_in == one.number),
            tuple(held.name for held in every if held.dropped_in == one.number),
        )
        for one in versions
    )


def _inside(held: PackFile, number: int) -> bool:
    return held.added_in <= number and (held.dropped_in is None or held.dropped_in > number)


def may_edit_pack(user: User, rfp: Rfp) -> bool:
    """The lead prepares files in a draft, and until the deadline of a published RFP."""
    if not can(user, "rfp.author", rfp):
        return False
    held = round_of(rfp)
    if rfp.state == RfpState.PUBLISHED and held is not None:
        return clock.database_now() < held.closes_at
    return rfp.state == RfpState.DRAFT


def pack_page(user: User, rfp: Rfp) -> PackPage:
    released = released_versions(rfp)
    number = released[0].version.number + 1 if released else 1
    held = PackFile.objects.filter(rfp=rfp).order_by("name", "pk")
    every = [one for one in held if one.dropped_in is None or one.dropped_in >= number]
    return PackPage(
        rfp=rfp,
        released=released,
        files=tuple(one for one in every if one.dropped_in is None),
        changed=any(number in {one.added_in, one.dropped_in} for one in every),
        next=number,
        may_edit=may_edit_pack(user, rfp),
    )


def pack_file_for(user: User, *, procurement_id: uuid.UUID, file_id: uuid.UUID) -> PackFile:
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = PackFile.objects.filter(rfp=rfp, pk=file_id).first()
    if found is None:
        raise NotFound(_("There is no such file in this data pack."))
    found.rfp = rfp
    return found


def pack_content(held: PackFile) -> bytes:
    """Decrypt one file; WrongState when key or content were changed."""
    try:
        return keystore.decrypt(
            key_of(held.rfp_id), files.read(held.blob), context_of(held.rfp_id, held.pk)
        )
    except (FileNotFoundError, NotAuthentic):
        raise WrongState(
            _("This file was changed in the storage. Tell the administrator.")
        ) from None
