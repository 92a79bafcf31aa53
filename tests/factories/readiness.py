"""Assessments of the demo's buyer, made through the services."""

from collections.abc import Mapping
from typing import Any

from apps.core import tenancy
from apps.readiness.models import Assessment
from apps.readiness.services import assessing
from apps.readiness.types import Given
from apps.workspace.models import User
from tests.cceval.demo_files import CASE
from tests.conftest import People

FRAMEWORK = CASE["readiness"]["framework"]
ANSWERS: dict[str, Given] = {
    row["question"]: Given(row["level"], row["evidence"]) for row in CASE["readiness"]["answers"]
}


def acting(buyer: People, user: User | None) -> Any:
    assert user is not None
    return tenancy.acting_as(person=user.pk, organisation=buyer.organisation.pk)


def begin(buyer: People, framework: str = FRAMEWORK, by: User | None = None) -> Assessment:
    actor = by or buyer.evaluator
    with acting(buyer, actor):
        return assessing.begin(procurement=buyer.procurement, framework=framework, actor=actor)


def answer(
    buyer: People, assessment: Assessment, answers: Mapping[str, Given] = ANSWERS
) -> Assessment:
    with acting(buyer, buyer.evaluator):
        assessing.answer_all(assessment=assessment, answers=answers, actor=buyer.evaluator)
        return Assessment.objects.select_related("procurement__organisation").get(pk=assessment.pk)


def sign_off(buyer: People, assessment: Assessment) -> Assessment:
    with acting(buyer, buyer.lead):
        return assessing.sign_off(assessment=assessment, actor=buyer.lead)


def signed(buyer: People, **levels: int | None) -> Assessment:
    """The demo's assessment, signed off; `levels` change single answers, None leaves one out."""
    answers = {
        slug: Given(levels.get(slug, given.level), given.evidence)
        for slug, given in ANSWERS.items()
    }
    return sign_off(buyer, answer(buyer, begin(buyer), answers))
