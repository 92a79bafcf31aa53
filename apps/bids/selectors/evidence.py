"""A vendor's files and what their days mean for one bid. Nobody else's exist here."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from apps.bids import adapters
from apps.bids.models import Attachment, Bid, Evidence, EvidenceUpload
from apps.bids.selectors.draft_files import raw_facts
from apps.bids.selectors.drafts import bid_for, draft_of
from apps.bids.selectors.kept_keys import is_locked
from apps.bids.types.draft import Draft
from apps.bids.types.evidence import About, Standing, standing, tone_of, words_of
from apps.core import clock, files
from apps.core.errors import NotFound
from apps.rfp.models import Question
from apps.rfp.states import AnswerKind
from apps.workspace.models import User

FACTS, FILE = adapters.EVIDENCE, adapters.EVIDENCE_FILE
PIECE, UPLOAD = "evidence piece", "evidence upload"


ONLY_OF = "only_of"  # the bid whose answers a file came with, as long as it is kept for no other


@dataclass(frozen=True)
class BidEvidence:
    """A file of the vendor's store as a subject of one of its bids."""

    bid: Bid
    evidence: Evidence

    @property
    def vendor_id(self) -> uuid.UUID:
        return self.bid.vendor_id


@dataclass(frozen=True)
class BidUpload:
    """A file on its way in as a subject: whose vendor's, and whose own."""

    bid: Bid
    upload: EvidenceUpload

    @property
    def vendor_id(self) -> uuid.UUID:
        return self.bid.vendor_id


@dataclass(frozen=True)
class HeldFile:
    """One file of the store; `codes` are the questions of this bid that have it."""

    held: Evidence
    name: str
    size: int
    sha256: str
    about: About
    standing: Standing = Standing.GOOD
    codes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return words_of(self.standing)

    @property
    def tone(self) -> str:
        return tone_of(self.standing)


@dataclass(frozen=True)
class ComingFile:
    """A file of which pieces have come."""

    upload: EvidenceUpload
    name: str
    size: int


@dataclass(frozen=True)
class EvidencePage:
    files: tuple[HeldFile, ...]
    coming: tuple[ComingFile, ...]
    pressing: int


def held_file(held: Evidence) -> HeldFile:
    """Decrypt what is known of a file."""
    facts = _facts(held)
    about = About(facts["kind"], facts["issued"], facts["expires"])
    return HeldFile(held, facts["name"], facts["size"], facts["sha256"], about)


def _facts(held: Evidence) -> dict[str, Any]:
    facts: dict[str, Any] = adapters.fetch(
        held.facts, vendor_id=held.organisation_id, kind=FACTS, subject=held.pk
    )
    return facts


def only_of(held: Evidence) -> str:
    """Return the bid that a file came with and is kept for alone; empty where for others too."""
    return str(_facts(held).get(ONLY_OF, ""))


def only_attached(bid: Bid) -> int:
    """Count the files of a draft that leave the store when it is submitted: one query."""
    attached = Evidence.objects.filter(attachments__bid=bid).distinct()
    return sum(only_of(held) == str(bid.pk) for held in attached)


def files_held(bid: Bid) -> list[HeldFile]:
    """Return every file of the vendor's store: one query, newest first."""
    held = Evidence.objects.filter(organisation_id=bid.vendor_id).select_related("added_by")
    return [held_file(one) for one in held.order_by("-created_at", "-pk")]


def file_content(held: Evidence) -> bytes:
    return adapters.fetch_bytes(
        files.read(held.blob), vendor_id=held.organisation_id, kind=FILE, subject=held.pk
    )


def evidence_for(user: User, *, bid_id: uuid.UUID, evidence_id: uuid.UUID) -> BidEvidence:
    bid = bid_for(user, bid_id=bid_id)
    found = Evidence.objects.filter(organisation_id=bid.vendor_id, pk=evidence_id).first()
    if found is None:
        raise NotFound(_("There is no such file in your store."))
    return BidEvidence(bid, found)


def upload_for(user: User, *, bid_id: uuid.UUID, upload_id: uuid.UUID) -> BidUpload:
    """Return an upload of this person's own."""
    bid = bid_for(user, bid_id=bid_id)
    mine = EvidenceUpload.objects.filter(organisation_id=bid.vendor_id, owner=user)
    found = mine.filter(pk=upload_id).first()
    if found is None:
        raise NotFound(_("This upload is not kept any more. Choose the file again."))
    return BidUpload(bid, found)


def upload_facts(upload: EvidenceUpload) -> dict[str, object]:
    facts: dict[str, object] = adapters.fetch(
        upload.facts, vendor_id=upload.organisation_id, kind=UPLOAD, subject=upload.pk
    )
    return facts


def evidence_page(user: User, bid: Bid) -> EvidencePage:
    """Return the store beside one bid: five queries, however many files there are."""
    codes = _used_for(bid)
    shown = tuple(
        replace(
            one,
            standing=_standing(bid, one.about.expires),
            codes=tuple(codes.get(str(one.held.pk), ())),
        )
        for one in files_held(bid)
    )
    coming = EvidenceUpload.objects.filter(organisation_id=bid.vendor_id, owner=user)
    return EvidencePage(
        files=shown,
        coming=tuple(map(_coming, coming.order_by("created_at", "pk"))),
        pressing=sum(bool(one.standing) and bool(one.codes) for one in shown),
    )


def _used_for(bid: Bid) -> dict[str, list[str]]:
    """Return which file of the store proves what in this bid: none while the bid is sealed."""
    codes: dict[str, list[str]] = {}
    if is_locked(bid):
        return codes
    used = Attachment.objects.filter(bid=bid, removed_at=None).select_related("question")
    for one in used.order_by("question__code"):
        codes.setdefault(raw_facts(one).get("evidence", ""), []).append(one.question.code)
    return codes


def _coming(upload: EvidenceUpload) -> ComingFile:
    facts = upload_facts(upload)
    return ComingFile(upload, str(facts["name"]), int(str(facts["size"])))


def _standing(bid: Bid, expires: str) -> Standing:
    round_ = bid.round
    opens = (round_.closes_at + round_.grace).date()
    return standing(expires, today=clock.now().date(), opens=opens)


@dataclass(frozen=True)
class Flagged:
    """A file of the draft whose last day matters, with the question that has it."""

    code: str
    name: str
    expires: str
    standing: Standing

    @property
    def words(self) -> str:
        return words_of(self.standing)


def flagged_files(draft: Draft) -> tuple[Flagged, ...]:
    """Return what a vendor should look at before it submits: files that end too early."""
    found = []
    for question in draft.questions:
        for one in draft.files.get(question.pk, ()):
            meaning = _standing(draft.bid, one.expires)
            if meaning and question.code in draft.asked:
                found.append(Flagged(question.code, one.name, one.expires, meaning))
    return tuple(found)


def questions_for_files(bid: Bid) -> list[Question]:
    """Return the questions of this bid that take a file, in the order of the questionnaire."""
    try:
        draft = draft_of(bid)
    except adapters.Locked:
        return []
    return [
        one
        for one in draft.questions
        if one.code in draft.asked and (one.kind == AnswerKind.FILE or one.evidence)
    ]
