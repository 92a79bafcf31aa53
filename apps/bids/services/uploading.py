"""A file in pieces: begun, sent piece by piece, made whole. What has come stays when the line drops.

A piece names where it begins and its SHA-256. The same piece again changes nothing; one that
begins elsewhere is a Conflict that says how much has come.
"""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.bids import adapters, selectors
from apps.bids.models import Bid, Evidence, EvidenceUpload
from apps.bids.selectors.evidence import PIECE, UPLOAD, BidUpload
from apps.bids.services import evidence
from apps.bids.types.evidence import About
from apps.core import clock, files, jobs
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, TooLarge, TooMany, Unfit, WrongState
from apps.proof import hashes
from apps.workspace.models import User

LARGEST_PIECE: Final = 1 << 20
MOST_AT_ONCE: Final = 20
LIFETIME: Final = timedelta(days=1)
FORGET: Final = "bids.forget_upload"


@transaction.atomic
def start(
    *, bid: Bid, name: str, size: int, sha256: str, about: About, actor: User
) -> EvidenceUpload:
    """Begin a file, or go on with the same file that this person began before."""
    authorise(actor, "bids.answer", bid)
    clean = _checked(name, size, sha256)
    mark = adapters.fingerprint(bid.vendor_id, sha256)
    mine = EvidenceUpload.objects.filter(organisation_id=bid.vendor_id, owner=actor)
    if held := mine.filter(fingerprint=mark).first():
        return held
    if mine.count() >= MOST_AT_ONCE:
        raise TooMany(_("Too many files are under way. Finish or give up one of them."))
    pk = uuid7()
    facts = {"name": clean, "size": size, "sha256": sha256, **about.plain()}
    sealed = adapters.shelve(facts, vendor_id=bid.vendor_id, kind=UPLOAD, subject=pk)
    row = {"organisation_id": bid.vendor_id, "owner": actor, "fingerprint": mark}
    try:
        with transaction.atomic():
            made = EvidenceUpload.objects.create(id=pk, facts=sealed, **row)
    except IntegrityError:  # the same file was begun in another window meanwhile
        return mine.get(fingerprint=mark)
    jobs.enqueue(kind=FORGET, subject_id=pk, actor=actor, not_before=clock.now() + LIFETIME)
    return made


def _checked(name: str, size: int, sha256: str) -> str:
    if size > settings.UPLOAD_LIMIT:
        raise TooLarge(files.too_large(), fields={"file": files.too_large()})
    clean = files.clean_name(name)
    refusal = files.name_refusal(clean)
    if size <= 0:
        refusal = _("The file is empty. Choose another one.")
    if not hashes.is_digest(sha256):
        refusal = _("The upload names no SHA-256 of the file. Reload the page and try again.")
    if refusal:
        raise Unfit(refusal, fields={"file": refusal})
    return clean


@transaction.atomic
def put(
    *, subject: BidUpload, offset: int, sha256: str, content: bytes, actor: User
) -> EvidenceUpload:
    """Take one piece; what has come already is not taken twice."""
    authorise(actor, "bids.answer", subject)
    held = _locked(subject.upload)
    _require_sound(held, offset, sha256, content)
    mark = adapters.fingerprint(held.organisation_id, sha256)
    if offset != held.received:
        if _known(held, offset, len(content), mark):
            return held
        raise Conflict(
            _("Part of this file has come already. Go on where it ends."),
            current={"received": held.received},
        )
    sealed = adapters.shelve_bytes(
        content, vendor_id=held.organisation_id, kind=PIECE, subject=f"{held.pk} {offset}"
    )
    held.parts = [*held.parts, {"blob": files.store(sealed), "size": len(content), "mark": mark}]
    held.received += len(content)
    held.save(update_fields=["parts", "received"])
    return held


def piece_too_large() -> str:
    return _("Send the file in pieces of at most {most} MB.").format(most=LARGEST_PIECE >> 20)


def _locked(upload: EvidenceUpload) -> EvidenceUpload:
    held = EvidenceUpload.objects.select_for_update().filter(pk=upload.pk).first()
    if held is None:
        raise WrongState(_("This upload is not kept any more. Choose the file again."))
    return held


def _require_sound(held: EvidenceUpload, offset: int, sha256: str, content: bytes) -> None:
    if len(content) > LARGEST_PIECE:
        raise TooLarge(piece_too_large())
    size = int(str(selectors.upload_facts(held)["size"]))
    if not content or offset < 0 or offset + len(content) > size:
        raise Incomplete(_("This piece lies outside the file. Choose the file again."))
    if hashes.of_bytes(content) != sha256:
        raise Incomplete(_("This piece was damaged on its way. Send it again."))


def _known(held: EvidenceUpload, offset: int, size: int, mark: str) -> bool:
    at = 0
    for part in held.parts:
        if at == offset:
            return bool(part["size"] == size and part["mark"] == mark)
        at += part["size"]
    return False


@transaction.atomic
def complete(*, subject: BidUpload, actor: User) -> Evidence:
    """Make the file whole, check it as every file is, and keep it."""
    authorise(actor, "bids.answer", subject)
    held = _locked(subject.upload)
    facts: dict[str, Any] = selectors.upload_facts(held)
    if held.received != facts["size"]:
        raise Conflict(
            _("The file is not here as a whole yet."), current={"received": held.received}
        )
    content = _whole(held)
    if hashes.of_bytes(content) != facts["sha256"]:
        raise Unfit(
            _("What came is not the file that was announced. Give it up, and choose it again.")
        )
    about = About(facts["kind"], facts["issued"], facts["expires"])
    kept = evidence.keep(
        bid=subject.bid, name=facts["name"], content=content, about=about, actor=actor
    )
    _forget(held)
    return kept


def _whole(held: EvidenceUpload) -> bytes:
    pieces, at = [], 0
    for part in held.parts:
        pieces.append(
            adapters.fetch_bytes(
                files.read(part["blob"]),
                vendor_id=held.organisation_id,
                kind=PIECE,
                subject=f"{held.pk} {at}",
            )
        )
        at += part["size"]
    return b"".join(pieces)


@transaction.atomic
def give_up(*, subject: BidUpload, actor: User) -> None:
    authorise(actor, "bids.answer", subject)
    _forget(subject.upload)


def expire(upload: EvidenceUpload) -> None:
    """Forget a file that nobody came back to."""
    _forget(upload)


def _forget(upload: EvidenceUpload) -> None:
    blobs = [part["blob"] for part in upload.parts]
    EvidenceUpload.objects.filter(pk=upload.pk).delete()

    def remove() -> None:
        for name in blobs:
            files.remove(name)

    transaction.on_commit(remove, robust=True)
