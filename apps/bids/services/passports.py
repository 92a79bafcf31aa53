"""The answer passport: signed and handed out here, checked and taken in at another installation."""

from collections.abc import Collection
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids import adapters, selectors
from apps.bids.models import Bid, LibraryImport, PinnedKey
from apps.bids.selectors.library import BidImport
from apps.bids.services import bringing, evidence, library
from apps.bids.states import BroughtKind
from apps.core import audit, clock
from apps.core import files as storage
from apps.core.access import authorise
from apps.core.errors import Incomplete, TooLarge, WrongState
from apps.proof import hashes, passports
from apps.proof.keys import SigningKey
from apps.workspace.models import User

LONGEST_NAME: Final = 120


def _key() -> SigningKey:
    try:
        return adapters.receipt_key()
    except WrongState:
        raise WrongState(
            _(
                "The service cannot sign a passport now: its signing key is not set up. Tell the"
                " administrator."
            )
        ) from None


def own_key() -> str:
    """Return the fingerprint of this installation's key; empty where it has none."""
    try:
        return passports.fingerprint_of(adapters.receipt_key().verify_key)
    except WrongState:
        return ""


@transaction.atomic
def export(
    *, bid: Bid, library: bool, bids: Collection[str], files: Collection[str], actor: User
) -> tuple[str, bytes]:
    """Return the name and the bytes of a signed passport with what was chosen.

    It leaves out what another vendor or a buyer wrote except the questions themselves, which a
    vendor needs to find its answers again.
    """
    authorise(actor, "bids.export_passport", bid)
    entries = selectors.chosen_entries(actor, bid, library=library, bids=bids)
    chosen = [one for one in selectors.files_held(bid) if str(one.held.pk) in files]
    if not entries and not chosen:
        raise _refused(_("Choose what goes into the passport."), "library")
    body = {
        "entries": [one.plain() for one in entries],
        "evidence": [
            {"name": one.name, "sha256": one.sha256, "size": one.size, **one.about.plain()}
            for one in chosen
        ],
        "issued_at": clock.now().isoformat(timespec="seconds"),
        "issuer": settings.ORIGIN,
        "vendor": bid.vendor.name,
    }
    held = {one.sha256: selectors.file_content(one.held) for one in chosen}
    content = passports.issue(body, held, _key())
    if len(content) > settings.UPLOAD_LIMIT:
        raise _refused(
            _("The passport would be larger than {limit} MB. Choose fewer files.").format(
                limit=settings.UPLOAD_LIMIT >> 20
            ),
            "evidence",
        )
    _record("bids.passport_export", actor, bid, entries=len(entries), files=len(chosen), of=content)
    return storage.clean_name(f"{bid.vendor.name} passport.zip"), content


def _record(action: str, actor: User, bid: Bid, *, entries: int, files: int, of: bytes) -> None:
    payload = {"entries": entries, "files": files, "sha256": hashes.of_bytes(of)}
    audit.record(action=action, actor=actor, subject=bid.vendor, payload=payload)


@transaction.atomic
def bring(*, bid: Bid, name: str, content: bytes, actor: User) -> LibraryImport:
    """Check a passport and keep it until it is taken in; a tampered one is refused by its check."""
    authorise(actor, "bids.answer", bid)
    bringing.one_at_a_time(actor)
    if len(content) > settings.UPLOAD_LIMIT:
        raise TooLarge(storage.too_large(), fields={"file": storage.too_large()})
    selectors.read_passport(bid, content, own_key())
    return bringing.keep(
        bid=bid,
        kind=BroughtKind.PASSPORT,
        name=storage.clean_name(name),
        content=content,
        actor=actor,
    )


@transaction.atomic
def take_in(*, subject: BidImport, pin: str, seen: str, actor: User) -> tuple[int, int]:
    """Take answers and files in; returns how many of each are new.

    `seen` is the fingerprint of the key the person looked at; `pin`, where it is not empty, is the
    name under which that key is known from now on.
    """
    authorise(actor, "bids.answer", subject)
    bid, raw = subject.bid, selectors.content_of_import(subject.held)
    found = selectors.read_passport(bid, raw, own_key())
    if seen != found.fingerprint:
        raise WrongState(_("Look at the key that signed this passport first."))
    if pin and not found.trusted:
        PinnedKey.objects.get_or_create(
            organisation_id=bid.vendor_id,
            fingerprint=found.fingerprint,
            defaults={"name": pin[:LONGEST_NAME], "pinned_by": actor},
        )
    before = len(selectors.files_held(bid))
    added = library.add(bid=bid, entries=[entry for entry, _age in found.entries], actor=actor)
    for one in found.files:
        evidence.keep(
            bid=bid,
            name=one.name,
            content=found.contents[one.sha256],
            about=one.about,
            actor=actor,
        )
    new_files = len(selectors.files_held(bid)) - before
    _record("bids.passport_import", actor, bid, entries=added, files=new_files, of=raw)
    bringing.forget(subject.held)
    return added, new_files


@transaction.atomic
def unpin(*, bid: Bid, fingerprint: str, actor: User) -> None:
    """Trust a key no more; what came with it stays."""
    authorise(actor, "bids.answer", bid)
    PinnedKey.objects.filter(organisation_id=bid.vendor_id, fingerprint=fingerprint).delete()


def _refused(sentence: str, name: str) -> Incomplete:
    return Incomplete(sentence, fields={name: sentence})
