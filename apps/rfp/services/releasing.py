"""The data pack: files prepared by the lead, released to every vendor in numbered versions."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.core import files, keystore
from apps.core.access import authorise
from apps.core.errors import TooLarge, WrongState
from apps.proof import hashes
from apps.rfp.models import PackFile, PackVersion, Rfp
from apps.rfp.selectors.packing import (
    context_of,
    key_of,
    may_edit_pack,
    pack_page,
    pack_version,
)
from apps.rfp.services.drafting import lock, record, refuse, text_of
from apps.rfp.services.telling import tell, vendors
from apps.rfp.states import RfpState
from apps.workspace.models import User

MOST_FILES = 100
NOTE = 1000


@transaction.atomic
def add(*, rfp: Rfp, name: str, content: bytes, actor: User) -> PackFile:
    """Put a file into the next version, encrypted before it is stored.

    A file of the same name replaces the one before from that version on.
    """
    _editable(rfp, actor)
    if len(content) > settings.UPLOAD_LIMIT:
        raise TooLarge(files.too_large(), fields={"file": files.too_large()})
    clean = files.clean_name(name)
    if refusal := files.refusal(clean, content):
        raise refuse("file", refusal)
    held = PackFile.objects.filter(rfp=rfp, dropped_in=None)
    if held.count() >= MOST_FILES:
        raise refuse("file", _("There are enough files here. Remove one first."))
    digest = hashes.of_bytes(content)
    same = held.filter(name=clean).first()
    if same is not None and same.sha256 == digest:
        return same
    if same is not None:
        _drop(same)
    made = uuid7()
    keystore.create(key_of(rfp.pk))
    blob = keystore.encrypt(key_of(rfp.pk), content, context_of(rfp.pk, made))
    file = PackFile.objects.create(
        id=made,
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        name=clean,
        size=len(content),
        sha256=digest,
        blob=files.store(blob),
        added_in=pack_version(rfp) + 1,
        added_by=actor,
    )
    record(rfp, "add_pack_file", actor, name=clean, sha256=digest)
    return file


@transaction.atomic
def drop(*, file: PackFile, actor: User) -> None:
    """Take a file out of the next version; versions that were released keep it."""
    _editable(file.rfp, actor)
    if file.dropped_in is not None:
        raise WrongState(_("This file is not in the next version any more."))
    _drop(file)
    record(file.rfp, "drop_pack_file", actor, name=file.name)


def _drop(file: PackFile) -> None:
    number = pack_version(file.rfp) + 1
    if file.added_in == number:
        PackFile.objects.filter(pk=file.pk).delete()  # no vendor has seen it
    else:
        PackFile.objects.filter(pk=file.pk).update(dropped_in=number)


@transaction.atomic
def release(*, rfp: Rfp, note: str, actor: User) -> PackVersion:
    """Release what was prepared as the next version, and tell every vendor."""
    _editable(rfp, actor)
    said = text_of(note, "note", NOTE, needed=_("Say in a sentence what is new."))
    page = pack_page(actor, rfp)
    if not page.changed:
        raise WrongState(_("Nothing changed since the last version. Add or remove a file first."))
    made = PackVersion.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        number=page.next,
        note=said,
        released_by=actor,
    )
    named = {one.name: one.sha256 for one in page.files}
    record(rfp, "release_pack", actor, version=made.number, files=named)
    if rfp.state == RfpState.PUBLISHED:
        event = f"pack:{made.pk}"
        tell(rfp, "rfp_pack_released", event, actor, vendors(rfp), version=made)
    return made


def _editable(rfp: Rfp, actor: User) -> None:
    authorise(actor, "rfp.author", rfp)
    lock(rfp)
    if not may_edit_pack(actor, rfp):
        raise WrongState(_("The data pack changes until the deadline, while the tender runs."))
