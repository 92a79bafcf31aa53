"""The files of a vendor's own bid: of a draft by its key, of a submitted one as it was opened."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from apps.bids import adapters
from apps.bids.models import Attachment, Bid
from apps.bids.selectors.own_opened import OwnOpened, opened_instead
from apps.bids.types.draft import DraftFile
from apps.core import files
from apps.core.errors import NotFound


def files_of(bid: Bid, opened: OwnOpened | None = None) -> dict[uuid.UUID, tuple[DraftFile, ...]]:
    """Return the files of a draft by question; with `opened` those that were opened."""
    held = Attachment.objects.filter(bid=bid, removed_at=None).select_related("added_by")
    found: dict[uuid.UUID, tuple[DraftFile, ...]] = {}
    for one in held.order_by("created_at", "pk"):
        if opened is None or one.blob in opened.files:
            found[one.question_id] = (*found.get(one.question_id, ()), read_file(one, opened))
    return found


def read_file(stored: Attachment, opened: OwnOpened | None = None) -> DraftFile:
    """Decrypt the facts of a file: its name, its size, its digest and the key that opens it."""
    facts = raw_facts(stored) if opened is None else _opened_facts(opened.files[stored.blob])
    return DraftFile(
        id=stored.pk,
        question_id=stored.question_id,
        blob=stored.blob,
        added_by=stored.added_by.name,
        added_at=stored.created_at,
        **facts,
    )


def _opened_facts(packed: dict[str, Any]) -> dict[str, Any]:
    facts = {name: packed[name] for name in ("name", "size", "sha256", "key")}
    said = {"kind": packed.get("class", ""), "issued": packed.get("issued", "")}
    return {**facts, **said, "expires": packed.get("expires", "")}


def raw_facts(stored: Attachment) -> dict[str, Any]:
    """Decrypt what is known of a file, the key that opens it included."""
    facts: dict[str, Any] = adapters.reveal(
        stored.facts, bid_id=stored.bid_id, kind=adapters.FACTS, subject=stored.question_id
    )
    return facts


def own_file(stored: Attachment) -> tuple[DraftFile, bytes]:
    """Return a file of one's own bid with its content."""
    opened = opened_instead(stored.bid)
    if opened is not None and stored.blob not in opened.files:
        raise NotFound(_("There is no such file in this bid."))
    facts = read_file(stored, opened)
    content = adapters.decrypt_file(
        facts.key,
        files.read(facts.blob),
        bid_id=stored.bid_id,
        question_id=stored.question_id,
    )
    return facts, content
