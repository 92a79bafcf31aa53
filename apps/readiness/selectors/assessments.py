"""Assessments of a procurement: the newest of a framework, its answers, its record."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core import seeds
from apps.core.errors import NotFound
from apps.engine import cases
from apps.readiness.models import Assessment, AssessmentAnswer
from apps.readiness.states import AssessmentState
from apps.workspace.models import Procurement, User
from apps.workspace.rules import panel_roles
from apps.workspace.selectors import asks_for_information, procurement_for
from apps.workspace.states import Phase, Role
from apps.workspace.types import Todo

FOLDER = "readiness/frameworks"
DEFAULT = "outsourcing_readiness"


def frameworks() -> list[dict[str, Any]]:
    """Return the shipped frameworks, by name."""
    found = [seeds.load(FOLDER, slug) for slug in seeds.names(FOLDER)]
    return sorted(found, key=lambda content: str(content["name"]))


def newest(procurement: Procurement, framework: str = DEFAULT) -> Assessment | None:
    return (
        Assessment.objects.filter(procurement=procurement, framework=framework)
        .select_related("procurement__organisation", "supersedes", "signed_off_by")
        .order_by("-number")
        .first()
    )


def assessment_for(
    user: User, *, procurement_id: uuid.UUID, assessment_id: uuid.UUID
) -> Assessment:
    """Return one assessment of a procurement the person sees."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    found = (
        Assessment.objects.filter(procurement=procurement, pk=assessment_id)
        .select_related("procurement__organisation", "supersedes", "signed_off_by")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such assessment."))
    return found


def signed_off_for(
    user: User, *, procurement_id: uuid.UUID, assessment_id: uuid.UUID
) -> Assessment:
    """Return one assessment that was signed off; a draft has no record yet."""
    found = assessment_for(user, procurement_id=procurement_id, assessment_id=assessment_id)
    if not found.record:
        raise NotFound(_("This assessment is not signed off yet; it has no record."))
    return found


def latest_assessment(
    user: User, procurement: Procurement, framework: str = DEFAULT
) -> Assessment | None:
    """Return the signed-off assessment that stands, for those on the panel."""
    if not panel_roles(user, procurement):
        return None
    return (
        Assessment.objects.filter(
            procurement=procurement, framework=framework, state=AssessmentState.SIGNED_OFF
        )
        .order_by("-number")
        .first()
    )


def answers_of(assessment: Assessment) -> dict[str, AssessmentAnswer]:
    given = AssessmentAnswer.objects.filter(assessment=assessment).select_related("saved_by")
    return {answer.question: answer for answer in given}


def record_of(
    assessment: Assessment, given: Mapping[str, AssessmentAnswer] | None = None
) -> cases.Record:
    """Return the frozen record once signed off, else what the answers give now."""
    if assessment.record:
        return cases.Record.from_bytes(assessment.record.encode())
    known = answers_of(assessment) if given is None else given
    asked = {
        question["slug"]: known[question["slug"]].level if question["slug"] in known else None
        for dimension in assessment.content["dimensions"]
        for question in dimension["questions"]
    }
    return cases.run("score", {"framework": assessment.content, "answers": asked})


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """Ask the lead for a readiness score, and for the signature under it."""
    if Role.LEAD not in panel_roles(user, procurement):
        return []
    if procurement.phase in {Phase.DECIDED, Phase.CLOSED} or latest_assessment(user, procurement):
        return []
    if asks_for_information(procurement):
        return []
    begun = newest(procurement) is not None
    return [
        Todo(
            title=_("Sign off your readiness score") if begun else _("Score your own readiness"),
            text=_("The decision tree asks for it: never outsource a broken process."),
            url=reverse("readiness:assessment", args=[procurement.pk]),
            action=_("Go on") if begun else _("Assess"),
            icon="gauge",
        )
    ]
