"""What saving one answer reads, and no more: it is the most frequent request of the portal."""

import uuid

from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from apps.bids.models import Bid
from apps.bids.selectors.drafts import BidQuestion, draft_of
from apps.bids.selectors.seeing import require_seen
from apps.core.errors import NotFound
from apps.rfp.models import Question
from apps.rfp.states import IN_STAGES
from apps.workspace.models import User
from apps.workspace.rules import is_member_of_vendor


def question_to_answer(user: User, *, bid_id: uuid.UUID, question_id: uuid.UUID) -> BidQuestion:
    """Return a question of one's own bid as `question_for` does, without what pages show beside it.

    It knows (`steers`) whether another question's condition asks about this one.
    """
    bid = Bid.objects.filter(pk=bid_id).first()
    if bid is None or not is_member_of_vendor(user, bid):
        raise NotFound(_("There is no such bid, or it is not yours."))
    held = Question.objects.filter(pk=question_id, rfp__round=bid.round_id, withdrawn=False)
    question = (
        held.exclude(mode__in=IN_STAGES)
        .select_related("section")
        .annotate(steers=Exists(_asking_about()))
        .first()
    )
    if question is None:
        raise NotFound(_("There is no such question in this RFP."))
    require_seen(bid, question.section)
    return BidQuestion(bid, question, steers=question.steers)


def _asking_about() -> QuerySet[Question]:
    """Return the questions with a condition that names the code of the outer one, at any depth."""
    named = JSONObject(code=OuterRef("code"))
    return Question.objects.filter(
        Func(
            F("condition"),
            Func(Value("$.**.question ? (@ == $code)"), template="%(expressions)s::jsonpath"),
            named,
            function="jsonb_path_exists",
            output_field=BooleanField(),
        ),
        rfp=OuterRef("rfp"),
    )


def asked_beside(subject: BidQuestion) -> list[str] | None:
    """Return what is asked in a question's section now; None where nothing depends on it."""
    if not subject.steers:
        return None
    draft = draft_of(subject.bid)
    return [
        one.code
        for chapter in draft.chapters
        if chapter.section.pk == subject.question.section_id
        for one in chapter.questions
        if one.code in draft.asked
    ]
