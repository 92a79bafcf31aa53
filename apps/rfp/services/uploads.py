"""A questionnaire that somebody brings: kept as it came, read once, compared, then imported or forgotten.

The file is parsed in the quarantine's child alone. It is never edited, and it goes with its key
when it is imported, given up, or a day old.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.core import clock, files, jobs
from apps.core.access import authorise
from apps.core.errors import Incomplete, TooMany, WrongState
from apps.core.quarantine.reading import kind_of, read_file
from apps.proof import hashes
from apps.rfp import adapters
from apps.rfp.models import Rfp, Upload
from apps.rfp.selectors import uploads
from apps.rfp.selectors.reading import questionnaire
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services import importing
from apps.rfp.services.drafting import open_draft, record, refuse
from apps.rfp.services.import_plan import Plan
from apps.rfp.services.outcomes import Outcome
from apps.rfp.services.starting import start_empty
from apps.rfp.workbooks import foreign, merging
from apps.rfp.workbooks.foreign import Layout
from apps.rfp.workbooks.form import Form, digest_of
from apps.rfp.workbooks.merging import Contents, Found, Merged, Way
from apps.workspace.models import Procurement, User

LIFETIME: Final = timedelta(days=1)
FORGET: Final = "rfp.forget_upload"


def one_at_a_time(actor: User) -> None:
    """Let each person have one file read at a time; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"upload {actor.pk}"])
        if not cursor.fetchone()[0]:
            raise TooMany(_("Another file of yours is being read. Wait until it is done."))


def _read(name: str, content: bytes, actor: User) -> Contents:
    """Read a file in the child; Unreadable or Incomplete when no question can come of it."""
    one_at_a_time(actor)
    kind = kind_of(name)
    contents = Contents(read_file(content, kind), kind)
    merging.check(contents)
    return contents


@transaction.atomic
def bring(*, rfp: Rfp, name: str, content: bytes, actor: User) -> Upload:
    """Keep a questionnaire that is to be imported; an earlier one of the same person goes."""
    authorise(actor, "rfp.author", rfp)
    contents = _read(name, content, actor)
    return _keep(rfp, name, content, contents, actor)


@transaction.atomic
def start_from_file(*, procurement: Procurement, name: str, content: bytes, actor: User) -> Upload:
    """Start an empty questionnaire and bring the file that is to fill it."""
    authorise(actor, "rfp.author", procurement)
    contents = _read(name, content, actor)
    origin = {} if contents.foreign else merging.found_in(contents).origin
    rfp = start_empty(procurement=procurement, like=str(origin.get("slug", "")), actor=actor)
    return _keep(rfp, name, content, contents, actor)


def _keep(rfp: Rfp, name: str, content: bytes, contents: Contents, actor: User) -> Upload:
    open_draft(rfp, actor)
    for earlier in Upload.objects.filter(rfp=rfp, owner=actor):
        _forget(earlier)
    pk, digest = uuid7(), hashes.of_bytes(content)
    facts = {
        "name": files.clean_name(name),
        "size": len(content),
        "sha256": digest,
        "foreign": contents.foreign is not None,
    }
    layouts = [foreign.plain_of(one) for one in merging.layouts_for(contents)]
    upload = Upload.objects.create(
        id=pk,
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        owner=actor,
        kind=contents.kind,
        facts=adapters.protect(facts, upload_id=pk, part=adapters.FACTS),
        file=adapters.keep(content, upload_id=pk, part=adapters.FILE),
        found=adapters.keep(
            json.dumps(contents.answer).encode(), upload_id=pk, part=adapters.FOUND
        ),
        layouts=adapters.protect(layouts, upload_id=pk, part=adapters.LAYOUTS),
    )
    jobs.enqueue(kind=FORGET, subject_id=pk, actor=actor, not_before=clock.now() + LIFETIME)
    record(rfp, "bring_file", actor, kind=contents.kind, size=len(content), sha256=digest)
    return upload


@transaction.atomic
def lay_out(*, upload: Upload, layouts: Sequence[Layout], actor: User) -> None:
    """Keep where the questions of a foreign workbook stand; nothing of the draft changes."""
    authorise(actor, "rfp.author", upload.rfp)
    book = uploads.contents_of(upload).foreign
    if book is None:
        raise WrongState(_("This file says itself what is what. There is nothing to choose."))
    if wrong := foreign.faults(book, layouts):
        raise Incomplete(next(iter(wrong.values())), fields=wrong)
    plain = [foreign.plain_of(one) for one in layouts]
    upload.layouts = adapters.protect(plain, upload_id=upload.pk, part=adapters.LAYOUTS)
    upload.save(update_fields=["layouts"])


def outcome_of(*, upload: Upload, way: str, actor: User) -> Outcome:
    """Say all that an import would do; saves nothing. An empty `way` is the likeliest one."""
    authorise(actor, "rfp.author", upload.rfp)
    chapters = questionnaire(upload.rfp)
    draft, found = form_of(upload.rfp, chapters), uploads.found_in(upload)
    possible, chosen, merged = _merged(draft, found, way)
    plan = importing.review(
        rfp=upload.rfp,
        target=merged.comparison.target,
        actor=actor,
        fresh=merged.fresh,
        chapters=chapters,
    )
    seen = _seen(draft, merged.comparison.target)
    return Outcome(chosen, possible, merged, plan, found.remarks, seen, draft)


def _merged(draft: Form, found: Found, way: str) -> tuple[tuple[Way, ...], Way, Merged]:
    possible = merging.ways(found, draft)
    if way and way not in possible:
        raise refuse("way", _("Choose how the file comes into the draft."))
    chosen = Way(way) if way else possible[0]
    return possible, chosen, merging.merged(found, draft, chosen)


def _seen(draft: Form, target: Form) -> str:
    return hashes.of_value([digest_of(draft), digest_of(target)])


@transaction.atomic
def take_in(*, upload: Upload, way: str, seen: str, actor: User) -> Plan:
    """Import what was confirmed, and forget the file. `seen` names what the person looked at."""
    open_draft(upload.rfp, actor)
    chapters = questionnaire(upload.rfp)
    draft = form_of(upload.rfp, chapters)
    _possible, _way, merged = _merged(draft, uploads.found_in(upload), way)
    target = merged.comparison.target
    if _seen(draft, target) != seen:
        raise WrongState(_("The draft has changed since you compared it. Compare it again."))
    plan = importing.carry_out(
        rfp=upload.rfp,
        target=target,
        chapters=chapters,
        seen=digest_of(draft),
        actor=actor,
        fresh=merged.fresh,
    )
    _forget(upload)
    return plan


@transaction.atomic
def give_up(*, upload: Upload, actor: User) -> None:
    """Forget a file that is not wanted any more."""
    authorise(actor, "rfp.author", upload.rfp)
    sha256 = uploads.facts_of_upload(upload).sha256
    _forget(upload)
    record(upload.rfp, "give_up_file", actor, sha256=sha256)


def expire(upload: Upload) -> None:
    """Forget a file that nobody came back to."""
    _forget(upload)


def _forget(upload: Upload) -> None:
    pk, blobs = upload.pk, (upload.file, upload.found)
    Upload.objects.filter(pk=pk).delete()
    transaction.on_commit(lambda: adapters.forget(pk, *blobs), robust=True)
