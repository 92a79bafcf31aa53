"""One section of one's own bid, as the page shows it."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.bids.models import Bid, SectionVisit
from apps.bids.selectors.drafts import bid_for, draft_of
from apps.bids.selectors.seeing import require_seen
from apps.bids.selectors.team import comment_counts
from apps.bids.types.draft import Draft, Progress
from apps.core.errors import NotFound
from apps.rfp.models import Question, Section
from apps.rfp.selectors import counts
from apps.rfp.types import Chapter
from apps.workspace.models import User


@dataclass(frozen=True)
class SectionPlace:
    """A section of the questionnaire as a subject: whose bid, which section."""

    bid: Bid
    section: Section

    @property
    def code(self) -> str:
        return self.section.code

    @property
    def vendor_id(self) -> uuid.UUID:
        return self.bid.vendor_id


def section_for(user: User, *, bid_id: uuid.UUID, code: str) -> SectionPlace:
    bid = bid_for(user, bid_id=bid_id)
    section = bid.round.rfp.sections.filter(code=code).first()
    if section is None:
        raise NotFound(_("There is no such section in this RFP."))
    require_seen(bid, section)
    return SectionPlace(bid, section)


@dataclass(frozen=True)
class SectionPage:
    draft: Draft
    chapter: Chapter
    progress: Progress
    before: Chapter | None
    after: Chapter | None
    comments: Mapping[uuid.UUID, int]  # how many the team wrote, by question
    reader_id: uuid.UUID
    since: dt.datetime | None  # the end of the visit before this one; None on the first

    def is_new(self, question: Question) -> bool:
        """Whether somebody else changed an answer since one's last visit."""
        kept = self.draft.kept.get(question.pk)
        if kept is None or self.since is None:
            return False
        return kept.saved_at > self.since and kept.saved_by_id != self.reader_id

    @property
    def last_saved(self) -> dt.datetime | None:
        kept = (self.draft.kept.get(one.pk) for one in self.chapter.questions)
        return max((one.saved_at for one in kept if one), default=None)

    @property
    def offered(self) -> list[Question]:
        """The questions that are asked, and those that other answers of this bid would bring."""
        rfp = self.draft.bid.round.rfp
        return [one for one in self.chapter.questions if counts(rfp, one)]

    @property
    def may_be_hidden(self) -> list[tuple[Question, bool]]:
        """The questions with a condition, each with whether it is asked now."""
        return [
            (one, one.code in self.draft.asked) for one in self.chapter.questions if one.condition
        ]

    @property
    def hidden(self) -> int:
        return sum(not asked for _question, asked in self.may_be_hidden)


def section_page(user: User, place: SectionPlace) -> SectionPage:
    visit = SectionVisit.objects.filter(bid=place.bid, section=place.section, person=user).first()
    draft = draft_of(place.bid)
    codes = [chapter.section.code for chapter in draft.chapters]
    if place.code not in codes:
        raise NotFound(
            _("This section is of a lot that you have not chosen. Choose the lot first.")
        )
    at = codes.index(place.code)
    return SectionPage(
        draft=draft,
        chapter=draft.chapters[at],
        progress=draft.progress()[at],
        before=draft.chapters[at - 1] if at else None,
        after=draft.chapters[at + 1] if at + 1 < len(codes) else None,
        comments=comment_counts(place.bid),
        reader_id=user.pk,
        since=visit.before if visit else None,
    )
