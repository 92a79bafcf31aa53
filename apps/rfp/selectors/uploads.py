"""A file that somebody brought, as that person may see it: nobody else may."""

import json
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.rfp import adapters
from apps.rfp.models import Rfp, Upload
from apps.rfp.selectors.reading import rfp_for
from apps.rfp.workbooks import merging
from apps.rfp.workbooks.foreign import Layout, layout_of
from apps.rfp.workbooks.merging import Contents, Found
from apps.workspace.models import User


@dataclass(frozen=True)
class Brought:
    """What a person knows of the file they brought."""

    upload: Upload
    name: str
    size: int
    sha256: str
    foreign: bool  # a person has to say what is what in it


def upload_for(user: User, *, procurement_id: uuid.UUID, upload_id: uuid.UUID) -> Upload:
    """Return one's own upload for the RFP of a case file on whose panel one sits."""
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = Upload.objects.filter(pk=upload_id, rfp=rfp, owner=user).first()
    if found is None:
        raise NotFound(_("This file is not kept any more. Upload it again."))
    found.rfp = rfp
    return found


def brought_by(user: User, rfp: Rfp) -> Brought | None:
    """Return the file that a person brought and has neither imported nor given up."""
    held = Upload.objects.filter(rfp=rfp, owner=user).order_by("-created_at").first()
    try:
        return facts_of_upload(held) if held else None
    except NotFound:  # its key is gone, as after a restored backup: another file replaces it
        return None


def facts_of_upload(upload: Upload) -> Brought:
    facts = adapters.reveal(upload.facts, upload_id=upload.pk, part=adapters.FACTS)
    return Brought(upload, facts["name"], facts["size"], facts["sha256"], facts["foreign"])


def needs_layout(upload: Upload) -> bool:
    """Whether a person has to say what is what in this file."""
    return facts_of_upload(upload).foreign


def contents_of(upload: Upload) -> Contents:
    """Return what the reader found in the file."""
    raw = adapters.kept(upload.found, upload_id=upload.pk, part=adapters.FOUND)
    return Contents(json.loads(raw), upload.kind)


def layouts_of(upload: Upload) -> tuple[Layout, ...]:
    """Return where the questions of a foreign workbook stand, as proposed or as chosen."""
    held = adapters.reveal(upload.layouts, upload_id=upload.pk, part=adapters.LAYOUTS)
    return tuple(layout_of(one) for one in held)


def found_in(upload: Upload) -> Found:
    return merging.found_in(contents_of(upload), layouts_of(upload))
