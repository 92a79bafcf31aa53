"""A vendor's library of earlier answers: added to, changed, thinned out. It is the vendor's own."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.bids import adapters, selectors
from apps.bids.models import Bid, LibraryEntry
from apps.bids.selectors.library import ENTRY, BidEntry
from apps.bids.types.library import Entry
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete
from apps.workspace.models import User

MOST_ENTRIES: Final = 3_000


def add(*, bid: Bid, entries: Iterable[Entry], actor: User) -> int:
    """Add entries that the library has not got; the caller has authorised the act."""
    vendor_id = bid.vendor_id
    rows = []
    for entry in entries:
        pk = uuid7()
        named = entry if entry.owner else Entry(**{**entry.plain(), "owner": actor.name})
        rows.append(
            LibraryEntry(
                id=pk,
                organisation_id=vendor_id,
                fingerprint=selectors.mark_of(bid, entry),
                ciphertext=adapters.shelve(
                    named.plain(), vendor_id=vendor_id, kind=ENTRY, subject=pk
                ),
                added_by=actor,
            )
        )
    held = LibraryEntry.objects.filter(organisation_id=vendor_id)
    before = held.count()
    if before + len(rows) > MOST_ENTRIES:
        sentence = _("A library holds {most} answers. Remove old ones first.").format(
            most=MOST_ENTRIES
        )
        raise Incomplete(sentence, fields={"file": sentence})
    LibraryEntry.objects.bulk_create(rows, ignore_conflicts=True)
    return held.count() - before


@transaction.atomic
def change(*, subject: BidEntry, entry: Entry, actor: User) -> None:
    """Change an entry; a Conflict where another one says the same already."""
    authorise(actor, "bids.answer", subject)
    sealed: dict[str, Any] = {
        "fingerprint": selectors.mark_of(subject.bid, entry),
        "ciphertext": adapters.shelve(
            entry.plain(), vendor_id=subject.vendor_id, kind=ENTRY, subject=subject.held.pk
        ),
    }
    try:
        with transaction.atomic():
            LibraryEntry.objects.filter(pk=subject.held.pk).update(**sealed)
    except IntegrityError:
        raise Conflict(_("Your library has this answer already. Remove one of the two.")) from None


@transaction.atomic
def remove(*, subject: BidEntry, actor: User) -> None:
    """Take an answer out of the library. Bids that used it keep what they say."""
    authorise(actor, "bids.answer", subject)
    LibraryEntry.objects.filter(pk=subject.held.pk).delete()
