"""Comments inside the vendor's team: on a question, with mentions that send a mail without content."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids import adapters, selectors
from apps.bids.models import Bid, Comment
from apps.core import audit, mail
from apps.core.access import authorise
from apps.core.errors import Incomplete
from apps.rfp.models import Question
from apps.workspace.models import User

LONGEST = 2000


@transaction.atomic
def comment(
    *, bid: Bid, question: Question, text: str, mentioned: Collection[uuid.UUID], actor: User
) -> Comment:
    """Say something to one's own team about an answer; who is mentioned gets a mail with a link.

    Only colleagues to whom the question is shown can be mentioned. The buyer never reads it: it is
    no part of the bid, and of no envelope.
    """
    authorise(actor, "bids.comment", bid)
    selectors.require_seen(bid, question.section)
    said = text.strip()
    if not said:
        _refuse(_("Write what you want to say."), "text")
    if len(said) > LONGEST:
        _refuse(_("Keep a comment under {most} characters.").format(most=LONGEST), "text")
    audience = {one.pk: one for one in selectors.audience_of(bid, question)}
    if set(mentioned) - set(audience):
        _refuse(_("Mention people of your team to whom this question is shown."), "mentioned")
    called = [audience[pk] for pk in audience if pk in set(mentioned)]
    content = {"text": said, "mentioned": [one.name for one in called]}
    made = Comment.objects.create(
        organisation_id=bid.organisation_id,
        vendor_id=bid.vendor_id,
        bid=bid,
        question=question,
        written_by=actor,
        ciphertext=adapters.protect(
            content, bid_id=bid.pk, kind=adapters.COMMENT, subject=question.pk
        ),
    )
    audit.record(action="bids.comment", actor=actor, subject=made)
    for one in called:
        _tell(made, one, actor)
    return made


def _tell(made: Comment, person: User, actor: User) -> None:
    """Mail that there is a comment, never what it says: a mailbox is outside the bid's key."""
    if person.pk == actor.pk:
        return
    bid = made.bid
    mail.send(
        to=person.email,
        event=f"bids.mention:{made.pk}:{person.pk}",
        template="bid_mention",
        context={
            "actor": actor,
            "buyer": bid.organisation,
            "code": made.question.code,
            "path": reverse("bids:comments", args=[bid.pk, made.question_id]),
            "title": bid.round.rfp.procurement.title,
            "tender": bid.round.rfp.procurement.reference,
        },
        actor=actor,
    )


def _refuse(sentence: str, name: str) -> None:
    raise Incomplete(sentence, fields={name: sentence})
