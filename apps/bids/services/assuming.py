"""What a vendor's bid is subject to, row by row, and which of its answers are confidential.

Saving is no event of the record: a draft is the vendor's own.
"""

from dataclasses import replace
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.bids import adapters, selectors
from apps.bids.models import Assumption, Bid, Confidential
from apps.bids.services.answering import authorise_answer
from apps.bids.services.deadline import hold_draft
from apps.bids.types.assumptions import LONGEST_REASON, Row, parse
from apps.core import clock
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete
from apps.rfp.models import Question
from apps.workspace.models import User

MOST_ROWS: Final = 200


@transaction.atomic
def add(*, bid: Bid, raw: dict[str, Any], actor: User) -> Assumption:
    """Add a row: an assumption, or a change to the contract with its reason."""
    authorise(actor, "bids.answer", bid)
    hold_draft(bid.pk)
    row = parse(raw)
    if row.effect and not selectors.sees_price(bid.pk):
        sentence = _("What it does to the price is for those to write who see the price.")
        raise Incomplete(sentence, fields={"amount": sentence})
    if Assumption.objects.filter(bid=bid).count() >= MOST_ROWS:
        sentence = _("There are {most} rows. Merge some of them first.").format(most=MOST_ROWS)
        raise Incomplete(sentence, fields={"wording": sentence})
    pk = uuid7()
    return Assumption.objects.create(
        id=pk,
        organisation_id=bid.organisation_id,
        vendor_id=bid.vendor_id,
        bid=bid,
        ciphertext=_sealed(bid, pk, row),
        saved_at=clock.now(),
        saved_by=actor,
    )


def _sealed(bid: Bid, pk: object, row: Row) -> bytes:
    return adapters.protect(row.plain(), bid_id=bid.pk, kind=adapters.ASSUMPTION, subject=pk)


@transaction.atomic
def change(*, assumption: Assumption, raw: dict[str, Any], version: int, actor: User) -> Assumption:
    """Change a row if `version` is the one it was written on; Conflict shows what stands now."""
    authorise(actor, "bids.answer", assumption)
    hold_draft(assumption.bid_id)
    row = parse(raw)
    held = Assumption.objects.select_for_update(of=("self",)).select_related("saved_by")
    stored = held.filter(pk=assumption.pk).first()
    if stored is None:
        raise Conflict(_("A colleague removed this row while you were writing."))
    current = selectors.read_row(stored)
    priced = selectors.sees_price(stored.bid_id)
    if not priced:  # who does not see the effect cannot change it
        row = replace(row, effect=current.row.effect)
    if current.row == row:
        return stored
    if stored.version != version:
        raise Conflict(
            _("{name} changed this row while you were writing. Compare both, then save.").format(
                name=current.saved_by
            ),
            current={
                "version": stored.version,
                **(current.row.plain() if priced else current.row.without_price()),
            },
        )
    stored.ciphertext = _sealed(assumption.bid, stored.pk, row)
    stored.version += 1
    stored.saved_at, stored.saved_by = clock.now(), actor
    stored.save(update_fields=["ciphertext", "version", "saved_at", "saved_by"])
    return stored


@transaction.atomic
def remove(*, assumption: Assumption, actor: User) -> None:
    """Take a row out of the draft. A second click finds it gone, which is no mistake."""
    authorise(actor, "bids.answer", assumption)
    hold_draft(assumption.bid_id)
    Assumption.objects.filter(pk=assumption.pk).delete()


@transaction.atomic
def mark(*, bid: Bid, question: Question, reason: str, actor: User) -> None:
    """Mark an answer with its files as confidential, with the reason the buyer reads."""
    authorise_answer(actor, bid, question)
    hold_draft(bid.pk)
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON:
        sentence = _("Give a reason of at most {most} characters.").format(most=LONGEST_REASON)
        raise Incomplete(sentence, fields={"reason": sentence})
    sealed = adapters.protect(text, bid_id=bid.pk, kind=adapters.CONFIDENTIAL, subject=question.pk)
    said = {"ciphertext": sealed, "marked_by": actor}
    place = {"organisation_id": bid.organisation_id, "vendor_id": bid.vendor_id}
    Confidential.objects.update_or_create(
        bid=bid, question=question, defaults=said, create_defaults={**said, **place}
    )


@transaction.atomic
def unmark(*, bid: Bid, question: Question, actor: User) -> None:
    """Take the mark from an answer; where there is none, nothing happens."""
    authorise_answer(actor, bid, question)
    hold_draft(bid.pk)
    Confidential.objects.filter(bid=bid, question=question).delete()
