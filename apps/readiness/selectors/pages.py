"""The pages of readiness as ready values: the overview, one pillar to answer, the history."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.access import can
from apps.core.errors import NotFound
from apps.core.workflow import require
from apps.engine import cases
from apps.proof import canonical
from apps.readiness.models import Assessment, AssessmentAnswer
from apps.readiness.selectors.assessments import DEFAULT, answers_of, frameworks, record_of
from apps.readiness.selectors.sheets import plain, sheet_of
from apps.readiness.states import ASSESSMENT, AssessmentState
from apps.readiness.types import AnswerPage, Framework, Past, ReadinessPage, Sheet
from apps.workspace.models import Procurement, User

Answers = Mapping[str, AssessmentAnswer]


def sheet(assessment: Assessment) -> Sheet:
    """Return an assessment as it stands, or as it was signed off."""
    given = answers_of(assessment)
    return sheet_of(assessment, record_of(assessment, given), given)


def readiness_page(
    user: User, procurement: Procurement, *, framework: str = "", number: int | None = None
) -> ReadinessPage:
    """Return the page of a framework: its newest assessment, or the one of `number`."""
    known = {one["slug"]: _framework(one) for one in frameworks()}
    chosen = known.get(framework or DEFAULT)
    if chosen is None:
        raise NotFound(_("There is no such framework."))
    held = _all(procurement, chosen.slug)
    wanted = held[0].number if held and number is None else number
    shown = next((one for one in held if one.number == wanted), None)
    if shown is None and number is not None:
        raise NotFound(_("There is no such assessment."))
    draft = shown is not None and shown.state == AssessmentState.DRAFT
    may_assess = can(user, "readiness.assess", procurement)
    return ReadinessPage(
        framework=chosen,
        assessment=shown,
        sheet=sheet(shown) if shown else None,
        history=tuple(_past(one, shown) for one in held),
        others=tuple(one for slug, one in known.items() if slug != chosen.slug),
        draft=draft,
        newest=bool(held) and shown is held[0],
        may_begin=may_assess and not any(one.state == AssessmentState.DRAFT for one in held),
        may_assess=may_assess and draft,
        may_sign_off=draft and can(user, "readiness.sign_off", procurement),
    )


def _framework(content: Mapping[str, Any]) -> Framework:
    return Framework(content["slug"], content["name"], content.get("about", ""))


def _all(procurement: Procurement, framework: str) -> list[Assessment]:
    """Return every assessment with a framework, the newest first."""
    found = Assessment.objects.filter(procurement=procurement, framework=framework)
    return list(
        found.select_related("procurement__organisation", "signed_off_by").order_by("-number")
    )


def _past(one: Assessment, shown: Assessment | None) -> Past:
    total = band = ""
    if one.record:
        result: Any = cases.Record.from_bytes(one.record.encode()).to_plain()["result"]
        names = {row["slug"]: row["name"] for row in one.content["bands"]}
        total = span(result["total"]["lo"], result["total"]["hi"])
        band = names.get(result["band"] or "", "")
    return Past(
        number=one.number,
        state=one.get_state_display(),
        at=one.signed_off_at or one.created_at,
        by=one.signed_off_by.name if one.signed_off_by else "",
        total=total,
        band=band,
        digest=one.digest,
        here=shown is not None and one.pk == shown.pk,
    )


def span(low: str, high: str) -> str:
    """Write both ends of a score, or the one there is."""
    if low == high:
        return plain(low)
    return _("{low} to {high}").format(low=plain(low), high=plain(high))


def seen(given: Answers, questions: Iterable[str]) -> str:
    """Name the answers to some questions, so that a later save can tell whether they stand."""
    stand = {
        slug: [given[slug].level, given[slug].evidence] if slug in given else None
        for slug in questions
    }
    return hashlib.sha256(canonical.encode(stand)).hexdigest()


def answer_page(assessment: Assessment, pillar: str = "") -> AnswerPage:
    """Return one pillar to answer; WrongState once the assessment is signed off."""
    require(assessment, ASSESSMENT, "sign off")
    given = answers_of(assessment)
    pillars = sheet_of(assessment, record_of(assessment, given), given).pillars
    slugs = [one.slug for one in pillars]
    if pillar and pillar not in slugs:
        raise NotFound(_("There is no such pillar in this framework."))
    at = slugs.index(pillar) if pillar else 0
    return AnswerPage(
        assessment=assessment,
        pillar=pillars[at],
        pillars=pillars,
        seen=seen(given, (question.slug for question in pillars[at].questions)),
        following=slugs[at + 1] if at + 1 < len(slugs) else "",
    )
