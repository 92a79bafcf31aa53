"""Sections of a draft: titles, weights, order."""

from decimal import Decimal

import pytest

from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.rfp import selectors
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.services import authoring
from apps.workspace.models import Procurement
from tests.conftest import acting_for
from tests.factories.rfp import question


def section(rfp, code: str) -> Section:
    return Section.objects.get(rfp=rfp, code=code)


def weights(rfp) -> dict[str, Decimal]:
    return dict(Section.objects.filter(rfp=rfp).values_list("code", "weight"))


def test_a_draft_keeps_weights_that_miss_100_and_says_by_how_much(draft, lead):
    authoring.edit_section(
        rfp=draft, section=section(draft, "1"), title="Service", weight="55", actor=lead
    )
    assert weights(draft)["1"] == 55
    sentences = [one.sentence for one in selectors.completeness(draft)]
    assert "Section weights add up to 95; they must add up to 100. Give out 5 more." in sentences


def test_too_much_weight_is_taken_away(draft, lead):
    authoring.weigh_sections(rfp=draft, weights={"1": "60.5", "2": "40"}, actor=lead)
    sentences = [one.sentence for one in selectors.completeness(draft)]
    assert "Section weights add up to 100.5; they must add up to 100. Take away 0.5." in sentences


NO_WEIGHTS = ("-1", "100.1", "1e1", "ten", "", "1.23456", "\u0665", True, None, "NaN")


def test_a_weight_that_is_none_is_refused_and_nothing_is_saved(draft, lead):
    sentence = "Give a weight from 0 to 100, with at most four decimals."
    for raw in NO_WEIGHTS:
        with pytest.raises(Incomplete) as refused:
            authoring.weigh_sections(rfp=draft, weights={"1": "50", "2": raw}, actor=lead)
        assert (raw, refused.value.fields) == (raw, {"weight-2": sentence})
    assert weights(draft) == {"1": 60, "2": 40, "3": 0}


def test_a_commercial_section_carries_no_weight(draft, lead):
    with pytest.raises(Incomplete) as refused:
        authoring.edit_section(
            rfp=draft, section=section(draft, "3"), title="Prices", weight="10", actor=lead
        )
    assert refused.value.fields == {
        "weight": "A commercial section carries no weight: its answers are priced."
    }


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("  ", "Give the section a title."),
        ("x" * 121, "Shorten this to 120 characters; it has 121."),
        (None, "Write this as text."),
    ],
)
def test_a_section_needs_a_title(draft, lead, title, sentence):
    with pytest.raises(Incomplete) as refused:
        authoring.edit_section(
            rfp=draft, section=section(draft, "1"), title=title, weight="60", actor=lead
        )
    assert refused.value.fields == {"title": sentence}


def test_weights_are_shared_out_in_proportion_by_largest_remainder(draft, lead):
    authoring.add_section(rfp=draft, title="Third", actor=lead)
    authoring.weigh_sections(rfp=draft, weights={"1": "10", "2": "10", "4": "10"}, actor=lead)
    authoring.share_out(rfp=draft, actor=lead)
    # 33 1/3 each: the percent left over goes to the first.
    assert weights(draft) == {"1": 34, "2": 33, "3": 0, "4": 33}


def test_nothing_can_be_shared_out_without_any_weight(draft, lead):
    authoring.weigh_sections(rfp=draft, weights={"1": "0", "2": "0"}, actor=lead)
    with pytest.raises(WrongState, match="Give at least one section a weight first"):
        authoring.share_out(rfp=draft, actor=lead)


def test_an_unknown_section_is_refused(draft, lead):
    with pytest.raises(Incomplete) as refused:
        authoring.weigh_sections(rfp=draft, weights={"9": "1"}, actor=lead)
    assert refused.value.fields == {"weights": "There is no section 9."}


def test_sections_and_questions_move_one_place_and_stop_at_the_ends(draft, lead):
    authoring.move_section(rfp=draft, section=section(draft, "2"), up=True, actor=lead)
    authoring.move_section(rfp=draft, section=section(draft, "2"), up=True, actor=lead)
    authoring.move_question(question=question(draft, "1.01"), up=False, actor=lead)
    authoring.move_question(question=question(draft, "1.03"), up=False, actor=lead)
    chapters = selectors.questionnaire(draft)
    assert [one.section.code for one in chapters] == ["2", "1", "3"]
    assert [q.code for q in chapters[1].questions] == ["1.02", "1.01", "1.03"]


def test_a_removed_section_takes_its_questions_and_leaves_the_other_weights(draft, lead):
    authoring.remove_section(rfp=draft, section=section(draft, "1"), actor=lead)
    assert weights(draft) == {"2": 40, "3": 0}
    assert set(Question.objects.filter(rfp=draft).values_list("code", flat=True)) == {
        "2.01",
        "2.02",
        "3.01",
    }


def test_only_the_lead_writes(draft, buyer):
    with acting_for(buyer.moderator) as user, pytest.raises(NotAllowed):
        authoring.weigh_sections(rfp=draft, weights={"1": "1"}, actor=user)


def test_a_published_rfp_is_not_written_any_more(published, lead):
    with pytest.raises(WrongState, match="its content is frozen"):
        authoring.weigh_sections(rfp=published, weights={"1": "1"}, actor=lead)
    with pytest.raises(WrongState, match="its content is frozen"):
        authoring.add_section(rfp=published, title="More", actor=lead)
    assert weights(published) == {"1": 60, "2": 40, "3": 0}


def codes(draft) -> list[list[str]]:
    return [[q.code for q in one.questions] for one in selectors.questionnaire(draft)]


def test_a_question_is_put_at_any_place_of_its_section(draft, lead):
    authoring.place_question(question=question(draft, "1.03"), place=1, actor=lead)
    assert codes(draft)[0] == ["1.03", "1.01", "1.02"]
    authoring.place_question(question=question(draft, "1.03"), place=99, actor=lead)
    assert codes(draft)[0] == ["1.01", "1.02", "1.03"]
    positions = Question.objects.filter(section__code="1").order_by("position")
    assert [one.position for one in positions] == [1, 2, 3]


def test_a_question_goes_to_another_section_and_keeps_its_code(draft, lead):
    authoring.place_question(
        question=question(draft, "1.01"), section=section(draft, "2"), place=2, actor=lead
    )
    assert codes(draft) == [["1.02", "1.03"], ["2.01", "1.01", "2.02"], ["3.01"]]


def test_a_scored_question_stays_out_of_the_commercial_envelope(draft, lead):
    with pytest.raises(Incomplete) as refused:
        authoring.place_question(
            question=question(draft, "1.01"), section=section(draft, "3"), actor=lead
        )
    assert refused.value.fields["mode"].startswith("Commercial answers are opened after quality")
    assert codes(draft)[0] == ["1.01", "1.02", "1.03"]


def test_a_question_does_not_leave_its_rfp(draft, lead):
    other = Procurement.objects.create(
        organisation_id=draft.organisation_id,
        reference="CC-other",
        title="Another",
        currency="GBP",
        owner=lead,
    )
    foreign = Section.objects.create(
        organisation_id=draft.organisation_id,
        rfp=Rfp.objects.create(organisation_id=draft.organisation_id, procurement=other),
        code="1",
        title="Elsewhere",
        weight=100,
        position=1,
    )
    with pytest.raises(Incomplete) as refused:
        authoring.place_question(question=question(draft, "1.01"), section=foreign, actor=lead)
    assert refused.value.fields == {"section": "Choose a section of this RFP."}
