"""What a vendor writes before it submits: answers by version, and evidence.

Saving is no event of the record: a draft is the vendor's own. Its history is `AnswerVersion`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids import adapters, selectors
from apps.bids.models import Answer, AnswerVersion, Attachment, Bid, Evidence
from apps.bids.selectors.drafts import read_version, value_of
from apps.bids.services import evidence
from apps.bids.services.deadline import hold_draft
from apps.bids.services.writing import keep
from apps.bids.types.draft import DraftFile
from apps.bids.types.evidence import About
from apps.core import clock, files
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, Unfit, WrongState
from apps.proof import hashes
from apps.rfp import answers
from apps.rfp.answers.scalars import Date
from apps.rfp.models import Question
from apps.rfp.states import AnswerKind, EnvelopeKind
from apps.workspace.models import User

MOST_FILES_PER_QUESTION = 10
MOST_FILES_PER_BID = 300
MOST_BYTES_PER_BID = 300 << 20


def save_answer(
    *, bid: Bid, question: Question, raw: object, version: int, actor: User
) -> Answer | None:
    """Save one answer if `version` is the one it was written on; 0 where there was none.

    The same answer again is no change, whatever version it names: a browser repeats what was
    stored but not acknowledged. Somebody else's newer answer is a Conflict that shows it. None
    means that nothing stands: a blank where there never was an answer.

    It runs in its caller's transaction (`acting_as`) and refuses before it writes; what it writes
    is one statement.
    """
    authorise_answer(actor, bid, question)
    hold_draft(bid.pk)
    value = answers.parse(question, raw) if _takes(question, raw) else ""
    if answers.is_not_applicable(value) and selectors.files_of(bid).get(question.pk):
        _refuse(_("Remove the files first, or leave “not applicable” unticked."))
    stored = Answer.objects.filter(bid=bid, question=question).first()
    if stored is None and answers.is_blank(value):
        return None
    if stored is not None and value_of(stored) == value:
        return stored
    if (stored.version if stored else 0) != version:
        raise _conflict(question, stored, version)
    ciphertext = adapters.protect(value, bid_id=bid.pk, kind=adapters.ANSWER, subject=question.pk)
    kept = keep(bid=bid, question=question, ciphertext=ciphertext, before=version, actor=actor)
    if kept is None:  # a colleague's answer came between our reading and our writing
        raise _conflict(question, Answer.objects.get(bid=bid, question=question), version)
    return kept


def authorise_answer(actor: User, bid: Bid, question: Question) -> None:
    """An answer of the price response is for those alone to whom the price is shown."""
    priced = question.section.envelope == EnvelopeKind.COMMERCIAL
    authorise(actor, "bids.price" if priced else "bids.answer", bid)


def _takes(question: Question, raw: object) -> bool:
    """Whether an answer can come as text; of a file question only that it is not applicable."""
    if question.kind != AnswerKind.FILE or answers.is_not_applicable(raw):
        return True
    if not question.allows_na or raw not in ("", [], None):
        _refuse(_("Attach a file here. A file question takes no text."))
    return False


def save_section(
    *, bid: Bid, given: Iterable[tuple[Question, object, int]], actor: User
) -> dict[str, Incomplete | Conflict]:
    """Save the answers of one section, each for itself; returns what was refused, by code.

    A wrong answer keeps nothing back: the others are saved, and the page shows the wrong one as
    it was typed.
    """
    refused: dict[str, Incomplete | Conflict] = {}
    for question, raw, version in given:
        try:
            save_answer(bid=bid, question=question, raw=raw, version=version, actor=actor)
        except (Incomplete, Conflict) as error:
            refused[question.code] = error
    return refused


def _conflict(question: Question, stored: Answer | None, written_on: int) -> Conflict:
    """Say who was faster, and show what stands now and what stood before both."""
    if stored is None:
        return Conflict(_("This answer was never saved. Reload the page."), current={"version": 0})
    kept = selectors.read_answer(stored)
    return Conflict(
        _("{name} changed this answer while you were writing. Both texts are kept.").format(
            name=kept.saved_by
        ),
        current={
            "version": kept.version,
            "answer": kept.value,
            "shown": answers.show(question, kept.value),
            "saved_by": kept.saved_by,
            "saved_at": kept.saved_at.isoformat(timespec="seconds"),
            "base": _base(question, stored, written_on),
        },
    )


def _base(question: Question, stored: Answer, version: int) -> dict[str, object] | None:
    """Return the version that both were written on; None where there was no answer yet."""
    held = AnswerVersion.objects.filter(bid=stored.bid_id, question=question, version=version)
    found = held.select_related("saved_by").first()
    kept = read_version(found) if found else None
    if kept is None:
        return None
    shown = answers.show(question, kept.value)
    return {"version": version, "answer": kept.value, "shown": shown}


@transaction.atomic
def attach(
    *, bid: Bid, question: Question, name: str, content: bytes, actor: User, expires: str = ""
) -> Attachment:
    """Keep one file as evidence, encrypted before it is stored. The same file twice is one file.

    `expires` is the day until which it is valid, for a question that asks for it. A file of the
    price response stays with its bid: the vendor's store is open to colleagues without the price.
    """
    authorise_answer(actor, bid, question)
    hold_draft(bid.pk)
    clean = _checked_name(question, name, content)
    until = _checked_day(question, expires)
    _refuse_beside_not_applicable(bid, question)
    held = selectors.files_of(bid)
    known = About(evidence.class_for(question.evidence_class), expires=until)
    kept = None
    if question.section.envelope != EnvelopeKind.COMMERCIAL:  # the whole team sees the store
        kept = evidence.keep_once(
            bid=bid, name=clean, content=content, about=known, actor=actor, attached=True
        )
        known = selectors.held_file(kept).about
    until = until or known.expires
    digest = hashes.of_bytes(content)
    here = held.get(question.pk, ())
    for one in here:
        if one.sha256 == digest and one.name == clean and one.expires == until:
            return Attachment.objects.get(pk=one.id)
    _require_room(here, [one for group in held.values() for one in group], len(content))
    facts = {"name": clean, "sha256": digest, "size": len(content)}
    facts |= {**known.plain(), "expires": until}
    return _keep_file(bid, question, facts, content, kept, actor)


def _require_room(here: Sequence[DraftFile], everywhere: Sequence[DraftFile], size: int) -> None:
    if len(here) >= MOST_FILES_PER_QUESTION or len(everywhere) >= MOST_FILES_PER_BID:
        _refuse(_("There are enough files here. Remove one first."), "file")
    if sum(one.size for one in everywhere) + size > MOST_BYTES_PER_BID:
        _refuse(_("The files of this bid are too large together. Remove one first."), "file")


def _checked_name(question: Question, name: str, content: bytes) -> str:
    clean = evidence.checked_name(name, content)
    if question.kind == AnswerKind.FILE:
        facts = {"name": clean, "sha256": hashes.of_bytes(content), "size": len(content)}
        try:
            answers.parse(question, [facts])
        except Incomplete as error:
            raise Unfit(error.sentence, fields={"file": error.sentence}) from None
    return clean


def _checked_day(question: Question, raw: str) -> str:
    """Read until when a file is valid; empty where the question does not ask."""
    if not question.evidence_expires:
        return ""
    try:
        return str(Date().parse(question, raw))
    except Incomplete:
        sentence = _("Give the day until which this file is valid, for example 2027-03-31.")
        raise Incomplete(sentence, fields={"expires": sentence}) from None


def _refuse_beside_not_applicable(bid: Bid, question: Question) -> None:
    stored = question.allows_na and Answer.objects.filter(bid=bid, question=question).first()
    if stored and answers.is_not_applicable(selectors.read_answer(stored).value):
        _refuse(_("This question is answered as not applicable. Untick that first."), "file")


def _keep_file(
    bid: Bid,
    question: Question,
    known: dict[str, Any],
    content: bytes,
    kept: Evidence | None,
    actor: User,
) -> Attachment:
    """Give the bid a copy under a key of its own: the store's key does not open what is sealed."""
    key, blob = adapters.encrypt_file(content, bid_id=bid.pk, question_id=question.pk)
    facts = {**known, "key": key, "evidence": str(kept.pk) if kept else ""}
    return Attachment.objects.create(
        organisation_id=bid.organisation_id,
        vendor_id=bid.vendor_id,
        bid=bid,
        question=question,
        blob=files.store(blob),
        facts=adapters.protect(facts, bid_id=bid.pk, kind=adapters.FACTS, subject=question.pk),
        added_by=actor,
        evidence=kept,
    )


@transaction.atomic
def remove_attachment(*, attachment: Attachment, actor: User) -> None:
    """Take a file out of the draft. A second click finds it gone, which is no mistake."""
    authorise(actor, "bids.answer", attachment)
    hold_draft(attachment.bid_id)
    Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=clock.now())


@transaction.atomic
def restore(
    *, bid: Bid, question: Question, version: int, actor: User, instead_of: int | None = None
) -> Answer | None:
    """Bring an earlier version of an answer back, as a new version.

    `instead_of` names the version that stood when the history was read: what a colleague saved
    since is not replaced unseen.
    """
    authorise_answer(actor, bid, question)
    held = AnswerVersion.objects.filter(bid=bid, question=question, version=version).first()
    if held is None:
        raise WrongState(_("There is no such version of this answer."))
    current = Answer.objects.get(bid=bid, question=question)
    return save_answer(
        bid=bid,
        question=question,
        raw=selectors.read_answer(held).value,
        version=current.version if instead_of is None else instead_of,
        actor=actor,
    )


def _refuse(sentence: str, name: str = "answer") -> None:
    raise Incomplete(sentence, fields={name: sentence})
