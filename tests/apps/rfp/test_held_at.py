"""The score above which evidence is asked for: written by its rules, published, and carried along."""

import json

import pytest
from django.urls import reverse

from apps.core.errors import Incomplete
from apps.rfp.models import Question
from apps.rfp.selectors.freezing import content_of
from apps.rfp.services import authoring
from tests.conftest import sign_in
from tests.factories.rfp import publish

PROVEN = {"evidence": "The certificate", "evidence_class": "iso_27001"}


def question(draft, code="1.01") -> Question:
    return Question.objects.select_related("rfp", "section").get(rfp=draft, code=code)


def edit(draft, lead, code="1.01", **changes) -> None:
    authoring.edit_question(question=question(draft, code), actor=lead, **changes)


def published_of(draft) -> dict:
    return content_of(draft)["sections"][0]["questions"][0]


def test_it_is_published_where_it_is_asked_and_else_the_digest_is_as_before(draft, lead):
    assert "held_at" not in published_of(draft)
    edit(draft, lead, **PROVEN, held_at="3")
    assert published_of(draft)["held_at"] == "3"
    edit(draft, lead, held_at="")
    assert "held_at" not in published_of(draft)


@pytest.mark.parametrize("raw", ["x", "-1", "1e1", True, [3]])
def test_what_is_no_score_is_refused(draft, lead, raw):
    edit(draft, lead, **PROVEN)
    with pytest.raises(Incomplete) as refused:
        edit(draft, lead, held_at=raw)
    sentence = "Give a score of the scale to hold at, for example 3, or leave it empty."
    assert refused.value.fields == {"held_at": sentence}


@pytest.mark.parametrize("raw", ["0", "5", "6"])
def test_it_lies_inside_the_scale(draft, lead, raw):
    edit(draft, lead, **PROVEN)
    with pytest.raises(Incomplete) as refused:
        edit(draft, lead, held_at=raw)
    assert refused.value.fields == {
        "held_at": "Give a score above 0 and below 5, or leave it empty."
    }


def test_it_needs_a_class_of_evidence_and_a_person_who_scores(draft, lead):
    with pytest.raises(Incomplete) as refused:
        edit(draft, lead, held_at="3")
    unnamed = "Say under Evidence what the file proves, or leave this empty."
    assert refused.value.fields == {"held_at": unnamed}
    edit(draft, lead, **PROVEN, held_at="3")
    with pytest.raises(Incomplete) as refused:
        edit(draft, lead, evidence_class="")
    assert refused.value.fields == {"held_at": unnamed}
    with pytest.raises(Incomplete) as refused:
        edit(draft, lead, mode="info", weight="0")
    by_people = "Only a score that people give is held without evidence. Leave this empty."
    assert refused.value.fields == {"held_at": by_people}


def test_the_builder_takes_it_and_shows_it_again(draft, lead):
    edit(draft, lead, **PROVEN)
    edit(draft, lead, held_at="3")
    url = reverse("rfp:builder", args=[draft.procurement_id])
    page = sign_in(lead).get(f"{url}?section=1&question=1.01&tab=scoring").content.decode()
    assert "Held at without evidence" in page


def test_vendors_and_the_panel_read_it_with_the_published_questionnaire(draft, lead):
    edit(draft, lead, **PROVEN, held_at="3")
    rfp = publish(draft, lead)
    page = sign_in(lead).get(reverse("rfp:preview", args=[rfp.procurement_id])).content.decode()
    words = "A score above 3 counts only with unexpired evidence: ISO/IEC 27001."
    assert page.count(words) == 1
    assert json.loads(rfp.frozen)["sections"][0]["questions"][0]["held_at"] == "3"
