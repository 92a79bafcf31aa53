"""Earlier answers that somebody brings: read once, shown, then saved or forgotten.

A workbook is parsed in the quarantine's child alone. Nothing is saved before a person has seen
what it would save; what nobody comes back to goes after a day.
"""

from datetime import timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.bids import adapters, selectors
from apps.bids.models import Bid, LibraryImport
from apps.bids.selectors.library import BROUGHT, NAME, BidImport
from apps.bids.services import library
from apps.bids.states import BroughtKind
from apps.bids.types.library import MOST_COLUMNS, MOST_ROWS, Layout, rows_of_text
from apps.core import audit, clock, files, jobs
from apps.core.access import authorise
from apps.core.errors import Incomplete, TooMany
from apps.core.quarantine.reading import (
    DOCUMENT,
    kind_of_answers,
    read_document,
    read_file,
    understood,
)
from apps.core.quarantine.values import Visibility, Workbook
from apps.proof import canonical
from apps.workspace.models import User

LIFETIME: Final = timedelta(days=1)
FORGET: Final = "bids.forget_import"
LONGEST_TEXT: Final = 1_000_000
MOST_WAITING: Final = 10


@transaction.atomic
def bring_file(*, bid: Bid, name: str, content: bytes, actor: User) -> LibraryImport:
    """Read a workbook or a document of questions and answers, and keep it until it is saved."""
    authorise(actor, "bids.answer", bid)
    one_at_a_time(actor)
    kind = kind_of_answers(name)
    if kind == DOCUMENT:
        sheets = _spoken(_sheets(understood(read_document(content))))
    else:
        sheets = _sheets(understood(read_file(content, kind)))
    if not sheets:
        raise _refused(_("There is no visible row in this file. Choose another one."))
    return keep(
        bid=bid,
        kind=BroughtKind.TABLE,
        name=files.clean_name(name),
        content=canonical.encode(sheets),
        actor=actor,
    )


def _sheets(book: Workbook) -> list[dict[str, Any]]:
    """Return the visible cells as rows of text; what is hidden is not brought unseen."""
    found: list[dict[str, Any]] = []
    for sheet in book.sheets:
        if sheet.visibility != Visibility.VISIBLE:
            continue
        width = min(sheet.width, MOST_COLUMNS)
        rows = [
            ["" if at in sheet.hidden_columns else sheet.text(row, at) for at in range(width)]
            for row in sorted(sheet.rows)[:MOST_ROWS]
            if row not in sheet.hidden_rows
        ]
        if rows:
            found.append({"name": sheet.name, "rows": rows})
    return found


def _spoken(sheets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Read a document of paragraphs alone as pasted text is read; tables and headings are rows."""
    if any(len(row) > 1 for one in sheets for row in one["rows"]):
        return sheets
    text = "\n".join(row[0] for one in sheets for row in one["rows"])
    rows = rows_of_text(text)[:MOST_ROWS]
    if not rows:
        raise _refused(
            _(
                "No question was found. Put each question into a heading or into the first column of"
                " a table, and its answer below or beside it."
            )
        )
    return [{"name": str(_("Text")), "rows": rows}]


@transaction.atomic
def bring_text(*, bid: Bid, text: str, actor: User) -> LibraryImport:
    """Read pasted text as questions with answers, and keep them until they are saved."""
    authorise(actor, "bids.answer", bid)
    if len(text) > LONGEST_TEXT:
        raise _refused(_("This is too much text at once. Paste it in parts."), "text")
    rows = rows_of_text(text)[:MOST_ROWS]
    if not rows:
        raise _refused(
            _(
                "No question was found. Begin each with “Q:” and each answer with “A:”, or end each"
                " question with a question mark."
            ),
            "text",
        )
    content = canonical.encode([{"name": str(_("Pasted text")), "rows": rows}])
    return keep(bid=bid, kind=BroughtKind.TEXT, name=_("Pasted text"), content=content, actor=actor)


def one_at_a_time(actor: User) -> None:
    """Let each person have one file read at a time; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"upload {actor.pk}"])
        if not cursor.fetchone()[0]:
            raise TooMany(_("Another file of yours is being read. Wait until it is done."))


def keep(*, bid: Bid, kind: BroughtKind, name: str, content: bytes, actor: User) -> LibraryImport:
    """Keep what was brought for a day, for the person who brought it."""
    mine = LibraryImport.objects.filter(organisation_id=bid.vendor_id, owner=actor)
    if mine.count() >= MOST_WAITING:
        raise TooMany(_("Too many files wait. Save or give up one of them first."))
    pk = uuid7()
    sealed = adapters.shelve_bytes(content, vendor_id=bid.vendor_id, kind=BROUGHT, subject=pk)
    held = LibraryImport.objects.create(
        id=pk,
        organisation_id=bid.vendor_id,
        owner=actor,
        kind=kind,
        name=adapters.shelve(str(name), vendor_id=bid.vendor_id, kind=NAME, subject=pk),
        blob=files.store(sealed),
    )
    jobs.enqueue(kind=FORGET, subject_id=pk, actor=actor, not_before=clock.now() + LIFETIME)
    return held


@transaction.atomic
def save(*, subject: BidImport, layout: Layout, actor: User) -> int:
    """Save what the person saw, and forget the file; returns how many answers are new."""
    authorise(actor, "bids.answer", subject)
    shown = selectors.preview_of(subject.bid, subject.held, layout)
    fresh = [one.entry for one in shown.fresh if one.entry]
    if not fresh:
        raise _refused(_("Nothing of this is new. Choose other columns, or give the file up."))
    library.add(bid=subject.bid, entries=fresh, actor=actor)
    audit.record(
        action="bids.library_import",
        actor=actor,
        subject=subject.held,
        payload={"entries": len(fresh), "kind": subject.held.kind},
    )
    forget(subject.held)
    return len(fresh)


@transaction.atomic
def give_up(*, subject: BidImport, actor: User) -> None:
    authorise(actor, "bids.answer", subject)
    forget(subject.held)


def forget(held: LibraryImport) -> None:
    blob = held.blob
    LibraryImport.objects.filter(pk=held.pk).delete()
    transaction.on_commit(lambda: files.remove(blob), robust=True)


def _refused(sentence: str, name: str = "file") -> Incomplete:
    return Incomplete(sentence, fields={name: sentence})
