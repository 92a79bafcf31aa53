"""What the forms take, and what they say about the rest."""

import uuid
from decimal import Decimal

import pytest
from django.http import QueryDict

from apps.core.errors import Incomplete
from apps.matrix.forms import AssignmentsForm, WeightsForm
from apps.matrix.forms.judging import AgreedForm, JudgementForm
from apps.matrix.selectors.frozen import Part
from apps.rfp.models import Section
from apps.workspace.models import User

SCALE = ("0", "1", "2", "3", "4", "5")
PARTS = (Part("section:4", "People", "60"), Part("price", "Price", "40"))


def weights(**given: str) -> WeightsForm:
    data = QueryDict(mutable=True)
    data.update(
        {"w-4": "60", "w-price": "40", **{k.replace("_", "-"): v for k, v in given.items()}}
    )
    return WeightsForm(data, parts=PARTS)


def test_weights_are_read_by_the_nodes_of_the_record():
    assert weights(w_4="55.5").weights() == {"section:4": Decimal("55.5"), "price": Decimal(40)}


@pytest.mark.parametrize("wrong", ["", "many", "-1", "100.5", "NaN", "Infinity", "1e99"])
def test_a_weight_outside_0_to_100_is_named(wrong):
    with pytest.raises(Incomplete) as refused:
        weights(w_price=wrong).weights()
    assert refused.value.fields == {"w-price": "Give Price a weight from 0 to 100."}


def judged(form=JudgementForm, **given: str):
    return form({f"B-{k}": v for k, v in given.items()}, prefix="B", scale=SCALE)


def test_a_judgement_is_a_score_of_the_scale_or_an_abstention():
    assert judged(value="3", reason=" Sound. ", version="2").checked() == {
        "value": Decimal(3),
        "reason": "Sound.",
        "version": 2,
        "marks": None,
    }
    assert judged(value="abstain", reason="Not mine.").checked()["value"] is None


@pytest.mark.parametrize("wrong", ["", "6", "3.5", "abstained", "03", "three"])
def test_what_is_no_score_is_refused_with_the_scale(wrong):
    with pytest.raises(Incomplete) as refused:
        judged(value=wrong, reason="Why.").checked()
    assert refused.value.fields == {"value": "Choose a score from 0 to 5, or abstain."}


def test_a_panel_does_not_abstain():
    with pytest.raises(Incomplete) as refused:
        judged(AgreedForm, value="abstain", reason="Why.").checked()
    assert refused.value.fields == {"value": "Choose a score from 0 to 5."}


def test_a_column_nobody_touched_is_left_alone():
    assert not judged(version="0").touched
    assert judged(reason="Only a reason.").touched


def test_assignments_are_people_by_section_and_a_stranger_is_refused():
    section = Section(pk=uuid.uuid4(), code="4", title="People")
    one, two = (User(pk=uuid.uuid4(), name=name) for name in ("Ada", "Ben"))
    data = QueryDict(mutable=True)
    data.setlist(str(section.pk), [str(one.pk), str(two.pk)])
    form = AssignmentsForm(data, sections=[section], evaluators=[one, two])
    assert form.assignments() == {section.pk: [one.pk, two.pk]}
    data.setlist(str(section.pk), [str(uuid.uuid4())])
    with pytest.raises(Incomplete) as refused:
        AssignmentsForm(data, sections=[section], evaluators=[one, two]).assignments()
    assert refused.value.fields == {str(section.pk): "Choose evaluators of this panel."}
