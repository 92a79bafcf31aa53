"""A questionnaire starts from the shipped file and is cut to what is asked."""

from decimal import Decimal

import pytest

from apps.core import seeds
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent
from apps.rfp import selectors
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.services import authoring, starting
from apps.rfp.services.undertakings import set_undertakings
from apps.rfp.states import UndertakingKind
from apps.workspace.models import PanelMember, Procurement
from apps.workspace.states import Role
from tests.conftest import acting_for

SHIPPED = seeds.load("rfp/questionnaires", "bpo_voice_support")


def start(procurement, actor) -> Rfp:
    return authoring.start_from(
        procurement=procurement, questionnaire="bpo_voice_support", actor=actor
    )


def codes_of(rfp: Rfp) -> list[str]:
    return [q.code for chapter in selectors.questionnaire(rfp) for q in chapter.questions]


def test_a_started_rfp_holds_every_shipped_section_and_question_in_order(lead, procurement):
    rfp = start(procurement, lead)
    expected = [q["code"] for section in SHIPPED["sections"] for q in section["questions"]]
    assert codes_of(rfp) == expected
    chapters = selectors.questionnaire(rfp)
    assert [c.section.weight for c in chapters] == [
        Decimal(s["weight"]) for s in SHIPPED["sections"]
    ]
    assert rfp.facts == {key: fact["default"] for key, fact in SHIPPED["facts"].items()}
    assert rfp.organisation_id == procurement.organisation_id


def test_a_started_question_keeps_everything_of_the_file(lead, procurement):
    rfp = start(procurement, lead)
    shipped = {q["code"]: q for section in SHIPPED["sections"] for q in section["questions"]}
    for question in Question.objects.filter(rfp=rfp):
        one = shipped[question.code]
        assert question.text == one["text"]
        assert question.rubric == one.get("rubric", {})
        assert question.auto == one.get("auto", [])
        assert question.knockout == one.get("knockout", {})
        assert question.condition == one.get("show_if", {})
        assert question.options == one.get("options", [])
        assert question.word_limit == one.get("word_limit")
        assert question.weight == Decimal(one["weight"])
        assert question.evidence_required == one["evidence_required"]


def test_every_shipped_question_is_sound(lead, procurement):
    rfp = start(procurement, lead)
    blockers = selectors.completeness(rfp)
    assert [one for one in blockers if one.code.startswith(("question", "section"))] == []


def test_starting_leaves_one_event_with_the_version_of_the_file(lead, procurement):
    start(procurement, lead)
    event = AuditEvent.objects.get(action="rfp.start")
    assert event.procurement_id == procurement.pk
    assert '"version":"1.0"' in event.payload


def test_a_procurement_has_one_questionnaire(lead, procurement):
    start(procurement, lead)
    with pytest.raises(WrongState, match="has its questionnaire already"):
        start(procurement, lead)
    assert Rfp.objects.count() == 1


def test_only_the_lead_starts_a_questionnaire(buyer, procurement):
    with acting_for(buyer.evaluator) as user, pytest.raises(NotAllowed):
        start(procurement, user)


def test_a_questionnaire_that_does_not_ship_is_refused(lead, procurement):
    with pytest.raises(Incomplete) as refused:
        authoring.start_from(procurement=procurement, questionnaire="../secrets", actor=lead)
    assert refused.value.fields == {
        "questionnaire": "Choose one of the questionnaires in the list."
    }
    assert not Rfp.objects.exists()


def test_kept_questions_stay_and_empty_sections_go_with_their_weight(lead, procurement):
    rfp = start(procurement, lead)
    authoring.keep_questions(rfp=rfp, codes=["4.08", "11.14", "16.13"], actor=lead)
    assert codes_of(rfp) == ["4.08", "11.14", "16.13"]
    weights = Section.objects.filter(rfp=rfp).order_by("position").values_list("code", "weight")
    assert list(weights) == [("4", Decimal(12)), ("11", Decimal(10)), ("16", Decimal(0))]


def test_questions_that_were_taken_out_come_back_from_the_file(lead, procurement):
    rfp = start(procurement, lead)
    authoring.keep_questions(rfp=rfp, codes=["4.08"], actor=lead)
    authoring.keep_questions(rfp=rfp, codes=["4.01", "4.08", "5.01"], actor=lead)
    assert codes_of(rfp) == ["4.01", "4.08", "5.01"]
    assert Section.objects.get(rfp=rfp, code="5").weight == 0


def test_an_edited_question_stays_edited_when_others_come_back(lead, procurement):
    rfp = start(procurement, lead)
    question = Question.objects.select_related("section").get(rfp=rfp, code="4.08")
    question.rfp = rfp
    authoring.edit_question(question=question, actor=lead, topic="Vetting")
    authoring.keep_questions(rfp=rfp, codes=["4.08", "4.01"], actor=lead)
    assert Question.objects.get(rfp=rfp, code="4.08").topic == "Vetting"


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ([], "Keep at least one question."),
        (["4.08", "9.99"], "These questions are not in the questionnaire: 9.99."),
    ],
)
def test_a_choice_of_questions_that_makes_no_sense_changes_nothing(
    lead, procurement, codes, sentence
):
    rfp = start(procurement, lead)
    with pytest.raises(Incomplete) as refused:
        authoring.keep_questions(rfp=rfp, codes=codes, actor=lead)
    assert refused.value.fields == {"codes": sentence}
    assert Question.objects.filter(rfp=rfp).count() == 186


def test_a_dependent_question_without_its_source_blocks_publication(lead, procurement):
    rfp = start(procurement, lead)
    authoring.keep_questions(rfp=rfp, codes=["3.04", "11.01"], actor=lead)
    sentences = [one.sentence for one in selectors.completeness(rfp)]
    said = "Question {}: {} is not among the facts and questions of this RFP. Choose another."
    assert said.format("11.01", "11.02") in sentences
    assert said.format("3.04", "3.03") in sentences


def test_the_offer_ticks_what_is_asked_and_shows_questions_of_ones_own(lead, procurement):
    rfp = start(procurement, lead)
    authoring.keep_questions(rfp=rfp, codes=["4.08"], actor=lead)
    section = Section.objects.get(rfp=rfp, code="4")
    section.rfp = rfp
    own = authoring.add_question(
        section=section, actor=lead, topic="Own", text="Why?", kind="text_short", mode="info"
    )
    group = next(one for one in selectors.offer(rfp) if one.code == "4")
    assert own.code == "4.01"
    assert [line.code for line in group.lines if line.kept] == ["4.01", "4.08"]
    assert next(line for line in group.lines if line.code == "4.01").topic == "Own"
    assert sum(len(one.lines) for one in selectors.offer(rfp)) == 186


def test_a_copy_asks_vendors_to_agree_to_the_same_texts(lead, procurement, buyer):
    source = authoring.start_from(
        procurement=procurement, questionnaire="bpo_voice_support", actor=lead
    )
    texts = {UndertakingKind.NDA: "We keep the data secret.", UndertakingKind.INTENT: "We bid."}
    set_undertakings(rfp=source, texts=texts, actor=lead)
    case = Procurement.objects.create(
        organisation=buyer.organisation, reference="N-1", title="Next", currency="GBP", owner=lead
    )
    PanelMember.objects.create(
        organisation=buyer.organisation, procurement=case, user=lead, role=Role.LEAD
    )
    copy = starting.start_from_rfp(procurement=case, source=source, actor=lead)
    assert {one.kind: one.text for one in selectors.undertakings_of(copy)} == texts
    set_undertakings(rfp=copy, texts={UndertakingKind.INTENT: ""}, actor=lead)
    assert len(selectors.undertakings_of(source)) == len(texts), "each has its own"
