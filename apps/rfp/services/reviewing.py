"""A second person looks at a draft before it is published; any later change voids the approval."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import audit, clock, mail
from apps.core.access import authorise
from apps.core.errors import NotAllowed, WrongState
from apps.core.workflow import move, require
from apps.rfp.models import Review, ReviewComment, Rfp
from apps.rfp.selectors.completeness import completeness
from apps.rfp.selectors.freezing import draft_digest
from apps.rfp.selectors.reviewing import may_review, places_of, reviewers_of
from apps.rfp.services.drafting import open_draft, refuse, text_of
from apps.rfp.states import REVIEW, RFP, ReviewState
from apps.workspace.models import User

NOTE = 2000
MOST_COMMENTS = 200


@transaction.atomic
def ask(*, rfp: Rfp, actor: User, note: str = "") -> Review:
    """Send the draft as it stands to a second person; an earlier open request is replaced."""
    open_draft(rfp, actor)
    said = text_of(note, "note", NOTE)
    people = reviewers_of(rfp, without=actor)
    if not people:
        raise WrongState(
            _(
                "Nobody else on the panel may review. Appoint a second lead, a moderator or an"
                " approver first."
            )
        )
    for earlier in Review.objects.filter(rfp=rfp, state=ReviewState.REQUESTED):
        move(earlier, REVIEW, "take back", actor=actor)
    review = Review.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        digest=draft_digest(rfp),
        note=said,
        requested_by=actor,
    )
    _record(review, "ask_review", actor, digest=review.digest)
    for address, name in sorted(people.items()):
        _tell(review, "rfp_review_asked", f"review:{review.pk}", address, name)
    return review


@transaction.atomic
def comment(*, review: Review, place: str, text: str, actor: User) -> ReviewComment:
    """Say something about a section, a question or the whole, while the review is open."""
    locked = _open(review, actor)
    if place and place not in {code for code, _label in places_of(review.rfp)}:
        raise refuse("place", _("Choose a section or a question of this questionnaire."))
    if locked.comments.count() >= MOST_COMMENTS:
        raise WrongState(_("There are enough comments. Return the draft with them."))
    said = text_of(text, "text", NOTE, needed=_("Write what should change here."))
    made = ReviewComment.objects.create(
        organisation_id=review.organisation_id,
        review=review,
        place=place,
        text=said,
        written_by=actor,
    )
    _record(review, "comment_review", actor, place=place)
    return made


@transaction.atomic
def approve(*, review: Review, actor: User) -> None:
    """Approve the draft as it was sent. What has changed since, or is incomplete, is not approved."""
    _open(review, actor)
    if draft_digest(review.rfp) != review.digest:
        raise WrongState(
            _("The draft has changed since it was sent. Ask the lead to send it again.")
        )
    if blockers := completeness(review.rfp):
        raise WrongState(
            _("This draft cannot be published yet: {first} Return it instead.").format(
                first=blockers[0].sentence
            )
        )
    _decide(review, "approve", actor, "")


@transaction.atomic
def send_back(*, review: Review, verdict: str, actor: User) -> None:
    """Return the draft to the lead, with what has to change."""
    _open(review, actor)
    why = text_of(verdict, "verdict", NOTE)
    if not why and not review.comments.exists():
        raise refuse("verdict", _("Say what has to change, here or beside a question."))
    _decide(review, "return", actor, why)


def _open(review: Review, actor: User) -> Review:
    """Let a reviewer at an open review, and nobody at one of their own."""
    authorise(actor, "rfp.review", review)
    locked = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    require(locked, REVIEW, "approve")
    require(review.rfp, RFP, "publish")
    if not may_review(actor, review):
        raise NotAllowed(_("You asked for this review yourself. A second person decides it."))
    return locked


def _decide(review: Review, name: str, actor: User, verdict: str) -> None:
    move(
        review,
        REVIEW,
        name,
        actor=actor,
        payload={"digest": review.digest},
        also={"decided_by": actor, "decided_at": clock.now(), "verdict": verdict},
    )
    asked = review.requested_by
    _tell(review, "rfp_review_decided", f"review-decided:{review.pk}", asked.email, asked.name)


def _record(review: Review, act: str, actor: User, **details: str) -> None:
    audit.record(
        action=f"rfp.{act}",
        actor=actor,
        subject=review,
        procurement_id=review.procurement_id,
        payload=details,
    )


def _tell(review: Review, template: str, event: str, address: str, name: str) -> None:
    context = {"name": name, "review": review, "procurement": review.rfp.procurement}
    mail.send(to=address, event=event, template=template, context=context, actor=None)
