"""The review of a draft as the panel sees it: what was asked, what was said, what still counts."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Review, ReviewComment, Rfp
from apps.rfp.selectors.freezing import draft_digest
from apps.rfp.selectors.reading import questionnaire, rfp_for
from apps.rfp.states import ReviewState, RfpState
from apps.rfp.types import Blocker
from apps.workspace.models import User
from apps.workspace.selectors import panel_of
from apps.workspace.states import Role

REVIEWERS = frozenset({Role.LEAD, Role.MODERATOR, Role.APPROVER})


@dataclass(frozen=True)
class Looked:
    """One review with its comments, for the page."""

    review: Review
    comments: tuple[ReviewComment, ...]
    stale: bool  # the draft has changed since it was sent


@dataclass(frozen=True)
class ReviewPage:
    rfp: Rfp
    latest: Looked | None
    earlier: tuple[Looked, ...]
    draft: bool
    may_ask: bool
    may_decide: bool
    places: tuple[tuple[str, str], ...]
    reviewers: tuple[str, ...]


def reviewers_of(rfp: Rfp, *, without: User) -> dict[str, str]:
    """Return name by address of everybody on the panel who may decide somebody else's request."""
    return {
        member.user.email: member.user.name
        for member in panel_of(rfp.procurement)
        if member.role in REVIEWERS and member.user_id != without.pk
    }


def places_of(rfp: Rfp) -> tuple[tuple[str, str], ...]:
    """Return every place a comment may name: sections and questions, by code."""
    return tuple(
        place
        for chapter in questionnaire(rfp)
        for place in (
            (chapter.section.code, f"{chapter.section.code} {chapter.section.title}"),
            *((one.code, f"{one.code} {one.topic}") for one in chapter.questions),
        )
    )


def may_review(user: User, review: Review) -> bool:
    return review.requested_by_id != user.pk and can(user, "rfp.review", review)


def review_for(user: User, *, procurement_id: uuid.UUID, review_id: uuid.UUID) -> Review:
    rfp = rfp_for(user, procurement_id=procurement_id)
    found = Review.objects.filter(rfp=rfp, pk=review_id).select_related("requested_by").first()
    if found is None:
        raise NotFound(_("There is no such review of this RFP."))
    found.rfp = rfp
    return found


def standing_approval(rfp: Rfp) -> Review | None:
    """Return the approval that counts: the latest review, approved, of the draft as it is now."""
    last = (
        Review.objects.filter(rfp=rfp)
        .select_related("decided_by")
        .order_by("-created_at", "-pk")
        .first()
    )
    if last is None or last.state != ReviewState.APPROVED or last.digest != draft_digest(rfp):
        return None
    return last


def review_blockers(rfp: Rfp) -> tuple[Blocker, ...]:
    """Return what the review still holds up; nothing where the RFP needs none."""
    if not rfp.needs_review or rfp.state != RfpState.DRAFT or standing_approval(rfp):
        return ()
    last = Review.objects.filter(rfp=rfp).order_by("-created_at", "-pk").first()
    return (Blocker("review", _sentence(last), "rfp:review"),)


def _sentence(last: Review | None) -> str:
    if last is None:
        return _("A second person has to approve this RFP. Send it for review.")
    if last.state == ReviewState.REQUESTED:
        return _("The review by a second person is not decided yet.")
    if last.state == ReviewState.RETURNED:
        return _("The reviewer returned this RFP. Mend it and send it for review again.")
    return _("The RFP changed after it was approved. Send it for review again.")


def review_page(user: User, rfp: Rfp) -> ReviewPage:
    """Return the latest review and the earlier ones: three queries, however many there are."""
    held = _looked(rfp)
    latest = held[0] if held else None
    draft = rfp.state == RfpState.DRAFT
    undecided = latest is not None and latest.review.state == ReviewState.REQUESTED
    return ReviewPage(
        rfp=rfp,
        latest=latest,
        earlier=tuple(held[1:]),
        draft=draft,
        may_ask=draft and can(user, "rfp.author", rfp),
        may_decide=draft and undecided and latest is not None and may_review(user, latest.review),
        places=places_of(rfp) if undecided else (),
        reviewers=tuple(sorted(reviewers_of(rfp, without=user).values())),
    )


def _looked(rfp: Rfp) -> Sequence[Looked]:
    reviews = list(
        Review.objects.filter(rfp=rfp)
        .select_related("requested_by", "decided_by")
        .order_by("-created_at", "-pk")
    )
    if not reviews:
        return []
    said: dict[uuid.UUID, list[ReviewComment]] = {}
    comments = ReviewComment.objects.filter(review__in=reviews).select_related("written_by")
    for one in comments.order_by("created_at", "pk"):
        said.setdefault(one.review_id, []).append(one)
    now = draft_digest(rfp) if rfp.state == RfpState.DRAFT else ""
    for one_review in reviews:
        one_review.rfp = rfp
    return [
        Looked(one, tuple(said.get(one.pk, ())), stale=bool(now) and one.digest != now)
        for one in reviews
    ]
