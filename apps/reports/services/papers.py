"""Papers for one vendor: what their making shares, from the frozen content to the download."""

import datetime as dt
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from apps.core import files
from apps.core.errors import WrongState
from apps.proof import hashes
from apps.reports.adapters import pages
from apps.reports.models import SignedPaper
from apps.reports.selectors.paper import Payload
from apps.reports.selectors.records import AttachedRecord
from apps.reports.services import producing, signing_keys

Paper = TypeVar("Paper", bound=SignedPaper)


def work_of(
    template: str,
    content: Payload,
    reference: str,
    at: dt.datetime,
    records: tuple[AttachedRecord, ...] = (),
) -> producing.Work:
    """Freeze the content of a paper without charts, ready to be rendered and signed."""
    frozen = pages.frozen(content)
    return producing.Work(
        template=template,
        charts=lambda _payload, _records: {},
        content=frozen.decode(),
        digest=hashes.of_bytes(frozen),
        reference=reference,
        requested_at=at,
        records=records,
    )


def register(
    model: type[Paper], work: producing.Work, made: producing.Produced, **subject: Any
) -> Paper:
    """Write a signed paper into the register; `subject` says whose it is and of what."""
    signing_keys.register(made.signer, at=made.at)
    return model._default_manager.create(
        **subject,
        reference=work.reference,
        payload=work.content,
        digest=work.digest,
        blob=made.blob,
        pages=made.pages,
        unsigned_sha256=made.unsigned,
        signed_sha256=made.signed,
        certificate=made.signer.fingerprint,
        signed_at=made.at,
    )


def content_of(paper: SignedPaper) -> bytes:
    """Return the PDF exactly as it was signed; a file that differs is not handed out."""
    content = files.read(paper.blob)
    if hashes.of_bytes(content) != paper.signed_sha256:
        raise WrongState(
            _("The stored file is not the one that was signed. Tell the administrator.")
        )
    return content
