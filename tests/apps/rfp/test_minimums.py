"""Minimum scores: of a question, of a section, of quality; published, and never quietly dropped."""

import json
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.core.errors import Incomplete
from apps.rfp import selectors
from apps.rfp.models import Question, Section
from apps.rfp.selectors.freezing import content_of
from apps.rfp.services import authoring
from tests.conftest import acting_for
from tests.factories import bids as make_bids
from tests.factories.rfp import publish


def section(draft, code) -> Section:
    return Section.objects.select_related("rfp").get(rfp=draft, code=code)


def question(draft, code) -> Question:
    return Question.objects.select_related("rfp", "section").get(rfp=draft, code=code)


def ask_for(draft, lead, *, section_least=None, question_least=None, quality_least=None) -> None:
    held = section(draft, "1")
    authoring.edit_section(
        rfp=draft, section=held, title=held.title, weight="60", minimum=section_least, actor=lead
    )
    asked = question(draft, "1.01")
    authoring.edit_question(question=asked, actor=lead, minimum=question_least)
    authoring.set_terms(rfp=draft, actor=lead, quality_minimum=quality_least)
    draft.refresh_from_db()


def test_minimums_are_part_of_what_is_published_and_of_the_scoring_rule(draft, lead):
    ask_for(draft, lead, section_least="50", question_least="3", quality_least="62.5")
    content = content_of(draft)
    assert content["award"]["quality_minimum"] == "62.5"
    assert content["sections"][0]["minimum"] == "50"
    assert content["sections"][0]["questions"][0]["minimum"] == "3"
    assert content["sections"][1]["minimum"] is None
    assert selectors.thresholds(draft) == [
        {"on": "quality", "at_least_percent": "62.5"},
        {"on": "section:1", "at_least_percent": "50"},
    ]
    ask_for(draft, lead)
    assert selectors.thresholds(draft) == []


ODD = ("0", "-1", "abc", "100.5", "1e1", True)


@pytest.mark.parametrize("raw", ODD)
def test_a_minimum_of_a_section_or_of_quality_is_a_percentage(draft, lead, raw):
    sentence = "Give a minimum above 0 and up to 100, or leave it empty."
    for kind, field in (("section_least", "minimum"), ("quality_least", "quality_minimum")):
        with pytest.raises(Incomplete) as refused:
            ask_for(draft, lead, **{kind: raw})
        assert refused.value.fields == {field: sentence}


def test_a_minimum_of_a_question_lies_on_its_scale(draft, lead):
    for raw in ("5.5", "100"):
        with pytest.raises(Incomplete) as refused:
            authoring.edit_question(question=question(draft, "1.01"), actor=lead, minimum=raw)
        assert refused.value.fields == {
            "minimum": "Give a minimum above 0 and up to 5, or leave it empty."
        }
    assert question(draft, "1.01").minimum is None


def test_what_is_not_scored_takes_no_minimum(draft, lead):
    with pytest.raises(Incomplete) as refused:
        authoring.edit_question(question=question(draft, "1.03"), actor=lead, minimum="3")
    assert refused.value.fields["minimum"].startswith("Only a scored question takes a minimum.")
    priced = section(draft, "3")
    with pytest.raises(Incomplete) as refused:
        authoring.edit_section(
            rfp=draft, section=priced, title=priced.title, weight="0", minimum="50", actor=lead
        )
    assert refused.value.fields == {
        "minimum": "A commercial section is not scored; it takes no minimum."
    }


def test_the_method_check_names_a_minimum_that_decides_nothing_or_too_much(draft, lead):
    ask_for(draft, lead, section_least="20", question_least="3")
    found = {one.code for one in selectors.findings(draft, selectors.questionnaire(draft))}
    assert "threshold-without-effect" in found  # 6 of 15 points at 3 of 5 reach 24 percent
    ask_for(draft, lead, question_least="4.5")
    found = {
        one.code: one.text for one in selectors.findings(draft, selectors.questionnaire(draft))
    }
    assert "decides like" in found["range-compressed"]


def test_the_builder_takes_and_shows_minimums(client_for, draft, lead):
    held, asked = section(draft, "1"), question(draft, "1.01")
    client = client_for(lead)
    case = draft.procurement_id
    posted = client.post(
        reverse("rfp:section", args=[case, held.pk]),
        {"title": held.title, "weight": "60", "minimum": "55.5"},
    )
    assert posted.status_code == 302
    page = client.get(reverse("rfp:builder", args=[case]) + "?section=1").content.decode()
    assert 'value="55.5"' in page
    scoring = reverse("rfp:question", args=[case, asked.pk])
    refused = client.post(scoring, {"tab": "scoring", "mode": "manual", "minimum": "7"})
    assert "up to 5, or leave it empty" in refused.content.decode()
    preview = client.get(reverse("rfp:preview", args=[case])).content.decode()
    assert "minimum 55.5%" in preview


def test_a_vendor_reads_weights_and_minimums_as_they_are_published(
    client_for, draft, lead, vendor_a
):
    """12.5 % is written as 12.5 %: rounded it would be another weight."""
    with acting_for(lead):
        ask_for(draft, lead, section_least="55.5", question_least="3", quality_least="62.5")
        authoring.weigh_sections(rfp=draft, weights={"1": "57.5", "2": "42.5"}, actor=lead)
        rfp = publish(draft, lead)
    bid = make_bids.bid_in(rfp, vendor_a)
    client = client_for(vendor_a.owner)
    about = client.get(reverse("bids:about", args=[bid.pk])).content.decode()
    assert "57.5%" in about
    assert "55.5%" in about
    assert "62.5% of the quality points" in about
    answering = client.get(reverse("bids:section", args=[bid.pk, "1"])).content.decode()
    assert "A bid below 55.5% of its points is excluded." in answering
    assert "A bid that scores below 3 here is excluded." in answering
    frozen = json.loads(rfp.frozen)
    assert frozen["sections"][0]["minimum"] == "55.5"
    assert Decimal(frozen["sections"][0]["weight"]) == Decimal("57.5")
