"""A vendor's files: checked, kept once, described, dropped. Its bids get copies of their own.

Keeping a file is no event of the record: the store is the vendor's own, as its drafts are. A file
that the scanner refuses is one: the refusal is recorded as every refused attempt is.
"""

import uuid
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.bids import adapters, selectors
from apps.bids.models import Attachment, Bid, Evidence
from apps.bids.selectors.evidence import FACTS, FILE, ONLY_OF, BidEvidence, only_of
from apps.bids.states import BidState
from apps.bids.types.evidence import About
from apps.core import clock, files, jobs, keystore, scanner
from apps.core.access import authorise
from apps.core.errors import Incomplete, TooLarge, Unfit
from apps.proof import hashes
from apps.rfp.states import EvidenceClass
from apps.workspace.models import User

MOST_FILES = 500  # of at most UPLOAD_LIMIT each
FORGET: Final = "bids.forget_evidence"


def checked_name(name: str, content: bytes) -> str:
    """Return the clean name of a file that may be taken: its size, its kind, and no virus."""
    if len(content) > settings.UPLOAD_LIMIT:
        raise TooLarge(files.too_large(), fields={"file": files.too_large()})
    clean = files.clean_name(name)
    if refusal := files.refusal(clean, content):
        raise Unfit(refusal, fields={"file": refusal})
    scanner.require_clean(content)
    return clean


@transaction.atomic
def keep(*, bid: Bid, name: str, content: bytes, about: About, actor: User) -> Evidence:
    """Keep a file for every bid of the vendor; the same content again is the same file."""
    authorise(actor, "bids.answer", bid)
    clean = checked_name(name, content)
    held = keep_once(bid=bid, name=clean, content=content, about=about, actor=actor)
    known = selectors.held_file(held).about
    if only_of(held) or about not in (About(), known):
        _write_facts(held, clean_facts(held, known if about == About() else about))
    return held


def keep_once(
    *,
    bid: Bid,
    name: str,
    content: bytes,
    about: About,
    actor: User,
    attached: bool = False,
) -> Evidence:
    """Store a checked file unless the vendor has it; nothing of other vendors is looked at.

    One that came with an answer (`attached`) is of its bid, until the vendor keeps it for others.
    """
    vendor_id, digest = bid.vendor_id, hashes.of_bytes(content)
    mark = adapters.fingerprint(vendor_id, digest)
    held = Evidence.objects.filter(organisation_id=vendor_id, fingerprint=mark).first()
    if held is not None:
        return held
    _require_room(bid)
    pk = uuid7()
    facts = {"name": name, "sha256": digest, "size": len(content), **about.plain()}
    if attached:
        facts[ONLY_OF] = str(bid.pk)
    sealed = adapters.shelve_bytes(content, vendor_id=vendor_id, kind=FILE, subject=pk)
    blob = files.store(sealed)
    try:
        with transaction.atomic():
            return Evidence.objects.create(
                id=pk,
                organisation_id=vendor_id,
                fingerprint=mark,
                blob=blob,
                facts=adapters.shelve(facts, vendor_id=vendor_id, kind=FACTS, subject=pk),
                added_by=actor,
            )
    except IntegrityError:  # a colleague's copy came between our reading and our writing
        files.remove(blob)
        keystore.destroy(adapters.evidence_key(pk))
        return Evidence.objects.get(organisation_id=vendor_id, fingerprint=mark)


def _require_room(bid: Bid) -> None:
    if Evidence.objects.filter(organisation_id=bid.vendor_id).count() >= MOST_FILES:
        sentence = _("Your store of files is full. Remove files that no bid needs any more.")
        raise Incomplete(sentence, fields={"file": sentence})


@transaction.atomic
def describe(*, subject: BidEvidence, about: About, actor: User) -> None:
    """Say what a file proves and until when, here and in every bid that is still a draft.

    What was submitted stays as it was submitted.
    """
    authorise(actor, "bids.answer", subject)
    held = subject.evidence
    _write_facts(held, clean_facts(held, about))
    copies = Attachment.objects.filter(
        evidence=held, removed_at=None, bid__state=BidState.DRAFT
    ).select_for_update(of=("self",))
    for copy in copies.select_related("added_by", "bid__round"):
        facts = {**selectors.raw_facts(copy), **about.plain()}
        Attachment.objects.filter(pk=copy.pk).update(
            facts=adapters.protect(
                facts, bid_id=copy.bid_id, kind=adapters.FACTS, subject=copy.question_id
            )
        )


def clean_facts(held: Evidence, about: About) -> dict[str, object]:
    """Return what is known of a file, with what is said about it now."""
    facts = selectors.held_file(held)
    return {"name": facts.name, "sha256": facts.sha256, "size": facts.size, **about.plain()}


def _write_facts(held: Evidence, facts: dict[str, object]) -> None:
    held.facts = adapters.shelve(facts, vendor_id=held.organisation_id, kind=FACTS, subject=held.pk)
    held.save(update_fields=["facts"])


@transaction.atomic
def drop(*, subject: BidEvidence, actor: User) -> None:
    """Take a file out of the store. Bids that have it keep their own copies."""
    authorise(actor, "bids.answer", subject)
    _part_from(subject.evidence, actor)


def let_go(bid: Bid, *, keep: bool, actor: User) -> None:
    """Part from what came with the answers of a bid that is being submitted.

    The keys of the store stay with the service, so that a file left there would be readable. With
    `keep` the vendor leaves them there for its other bids. Which file proves what is said no more.
    """
    attached = Evidence.objects.filter(attachments__bid=bid).distinct()
    for held in attached:
        if only_of(held) != str(bid.pk):
            continue
        if keep:
            _write_facts(held, clean_facts(held, selectors.held_file(held).about))
            continue
        _part_from(held, actor)
    Attachment.objects.filter(bid=bid).update(evidence=None)


def _part_from(held: Evidence, actor: User) -> None:
    """Delete a file of the store; its key is destroyed after the commit, at the latest by a job."""
    pk, blob = held.pk, held.blob
    held.delete()
    later = clock.now() + jobs.MAKES_UP_AFTER
    jobs.enqueue(kind=FORGET, subject_id=pk, actor=actor, not_before=later)
    transaction.on_commit(lambda: keystore.destroy(adapters.evidence_key(pk)), robust=True)
    transaction.on_commit(lambda: files.remove(blob), robust=True)


def forget(evidence_id: uuid.UUID) -> None:
    """Destroy the key of a file that is in the store no more."""
    if not Evidence.objects.filter(pk=evidence_id).exists():
        keystore.destroy(adapters.evidence_key(evidence_id))


def class_for(wanted: str) -> str:
    """Return the class a question asks for, or that nothing is said."""
    return wanted or EvidenceClass.OTHER.value
