"""Where a questionnaire starts: shipped and cut to a preset, packs, templates, earlier RFPs."""

from decimal import Decimal

import pytest

from apps.core import seeds
from apps.core.errors import Incomplete, NotAllowed, NotFound, WrongState
from apps.core.models import AuditEvent
from apps.rfp import selectors
from apps.rfp.models import Question, Rfp, Section, Template
from apps.rfp.selectors.library import earlier_for
from apps.rfp.selectors.shipping import PACKS, pack_form
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services import authoring
from apps.rfp.workbooks.form import to_file
from apps.workspace.models import PanelMember, Procurement
from apps.workspace.states import Role
from tests.conftest import acting_for
from tests.factories.rfp import accept_all, make_rfp, publish, workload

SHIPPED = ("bpo_voice_support", "digital_and_chat", "back_office", "ai_assisted_service")


def start(procurement, lead, source="bpo_voice_support", **more) -> Rfp:
    return authoring.start(procurement=procurement, source=source, actor=lead, **more)


@pytest.fixture
def second(buyer, lead) -> Procurement:
    """Another procurement of the same organisation, with the same lead."""
    made = Procurement.objects.create(
        organisation=buyer.organisation,
        reference="CC-NEXT",
        title="Chat for tenants",
        currency="GBP",
        owner=buyer.lead,
    )
    PanelMember.objects.create(
        organisation=buyer.organisation, procurement=made, user=buyer.lead, role=Role.LEAD
    )
    return made


def parts(rfp):
    return to_file(form_of(rfp))["sections"]


@pytest.mark.parametrize("slug", SHIPPED)
def test_every_shipped_questionnaire_starts_sound(procurement, lead, slug):
    rfp = start(procurement, lead, slug)
    blockers = selectors.completeness(rfp)
    assert [one for one in blockers if one.code.startswith(("question", "section"))] == []


@pytest.mark.parametrize("slug", SHIPPED)
def test_essential_starts_with_30_scored_questions_that_weigh_100(procurement, lead, slug):
    rfp = start(procurement, lead, slug, preset="essential")
    chapters = selectors.questionnaire(rfp)
    assert sum(len(chapter.scored) for chapter in chapters) == 30
    assert sum(c.section.weight for c in chapters) == 100
    codes = {one.code for one in selectors.completeness(rfp)}
    assert not {code for code in codes if code.startswith(("question", "section"))}
    assert not codes & {"essential-questions", "essential-knockouts", "essential-method"}
    assert "essential-panel" not in codes  # the factory appoints a full panel


@pytest.mark.parametrize("slug", SHIPPED)
def test_the_linter_finds_only_what_a_lead_can_accept(procurement, lead, slug):
    rfp = start(procurement, lead, slug)
    authoring.set_terms(
        rfp=rfp,
        actor=lead,
        price_formula="absolute-linear",
        price_params={"floor": "800000", "cap": "2200000"},
    )
    found = selectors.findings(rfp, selectors.questionnaire(rfp))
    assert {one.severity for one in found} <= {"warning", "note", "info"}


@pytest.mark.parametrize("slug", SHIPPED)
def test_all_packs_fit_any_questionnaire_and_weigh_nothing_until_shared_out(
    procurement, lead, slug
):
    packs = seeds.names(PACKS)
    rfp = start(procurement, lead, slug, packs=packs)
    assert rfp.packs == packs
    weights = dict(Section.objects.filter(rfp=rfp).values_list("code", "weight"))
    assert [weights[code] for code in "ABHR"] == [0, 0, 0, 0]
    assert sum(weights.values()) == 100
    said = [one for one in selectors.completeness(rfp) if one.code == "section-weightless"]
    assert len(said) == 4


def test_a_pack_is_added_to_a_draft_once(draft, lead):
    authoring.add_pack(rfp=draft, pack="retail", actor=lead)
    assert Question.objects.filter(rfp=draft, section__code="R").count() == len(
        pack_form("retail").parts[0].items
    )
    with pytest.raises(Incomplete, match=r"has .*R.* already"):
        authoring.add_pack(rfp=draft, pack="retail", actor=lead)
    with pytest.raises(Incomplete, match="packs of the list"):
        authoring.add_pack(rfp=draft, pack="mining", actor=lead)


def test_questions_of_a_pack_can_be_taken_out_and_come_back(procurement, lead):
    rfp = start(procurement, lead, packs=["banking"])
    authoring.keep_questions(rfp=rfp, codes=["1.02", "B.01"], actor=lead)
    authoring.keep_questions(rfp=rfp, codes=["1.02", "B.01", "B.02"], actor=lead)
    assert set(Question.objects.filter(rfp=rfp).values_list("code", flat=True)) == {
        *("1.02", "B.01", "B.02")
    }


def test_an_rfp_may_start_empty_and_still_take_shipped_questions(procurement, lead):
    rfp = start(procurement, lead, "empty")
    assert parts(rfp) == []
    authoring.keep_questions(rfp=rfp, codes=["1.02"], actor=lead)
    assert [one["code"] for one in parts(rfp)] == ["1"]


def test_a_template_starts_the_next_rfp_with_the_same_questionnaire(draft, lead, second):
    template = authoring.save_template(rfp=draft, name="Housing", note="Short", actor=lead)
    rfp = start(second, lead, f"template:{template.pk}", packs=["retail"])
    assert parts(rfp)[:-1] == parts(draft)
    assert parts(rfp)[-1]["code"] == "R"
    assert rfp.price_params == {}  # the terms stay with their procurement


def test_a_template_keeps_nothing_of_the_procurement(draft, lead):
    template = authoring.save_template(rfp=draft, name="Housing", actor=lead)
    kept = str(template.content)
    for own in (draft.procurement.title, draft.procurement.reference, str(draft.pk)):
        assert own not in kept


def test_templates_are_renamed_and_deleted_and_each_act_is_on_record(draft, lead):
    template = authoring.save_template(rfp=draft, name="Housing", actor=lead)
    case = draft.procurement
    authoring.rename_template(procurement=case, template=template, name="Homes", actor=lead)
    assert [one.template.name for one in selectors.templates()] == ["Homes"]
    authoring.delete_template(procurement=case, template=template, actor=lead)
    assert selectors.templates() == []
    acts = AuditEvent.objects.filter(action__startswith="template.").order_by("at")
    assert [one.action for one in acts] == [
        *("template.save", "template.rename", "template.delete"),
    ]


def test_two_templates_have_two_names(draft, lead):
    authoring.save_template(rfp=draft, name="Housing", actor=lead)
    with pytest.raises(Incomplete, match="already"):
        authoring.save_template(rfp=draft, name="Housing", actor=lead)
    with pytest.raises(Incomplete, match="Give the template a name"):
        authoring.save_template(rfp=draft, name=" ", actor=lead)
    assert Template.objects.count() == 1


def test_templates_of_another_organisation_do_not_exist(buyer, other_buyer, draft, lead):
    template = authoring.save_template(rfp=draft, name="Housing", actor=lead)
    with acting_for(other_buyer.lead) as stranger:
        assert selectors.templates() == []
        with pytest.raises(NotFound):
            start(other_buyer.procurement, stranger, f"template:{template.pk}")
    with acting_for(buyer.evaluator) as evaluator, pytest.raises(NotAllowed):
        authoring.save_template(rfp=draft, name="Mine", actor=evaluator)


def test_an_earlier_rfp_hands_on_its_questions_and_how_it_judged(draft, lead, second):
    accept_all(draft, lead)
    rfp = start(second, lead, f"rfp:{draft.pk}")
    assert parts(rfp) == parts(draft)
    for name in ("facts", "price_formula", "price_params", "pricing_models", "price_of_record"):
        assert getattr(rfp, name) == getattr(draft, name)
    assert rfp.quality_weight == Decimal(60)
    assert (rfp.accepted_findings, rfp.introduction, rfp.digest) == ({}, "", "")
    assert selectors.workload_of(rfp) is None
    assert selectors.round_of(rfp) is None


def test_an_rfp_that_a_person_may_not_see_is_no_source(buyer, lead, procurement, second):
    hidden = make_rfp(second, lead)  # the evaluator sits on the panel of the first alone
    assert [one.rfp.pk for one in selectors.earlier(lead, procurement)] == [hidden.pk]
    assert earlier_for(lead, procurement, hidden.pk) == hidden
    with acting_for(buyer.evaluator) as evaluator:
        assert selectors.earlier(evaluator, procurement) == []
        with pytest.raises(NotFound):
            earlier_for(evaluator, procurement, hidden.pk)


def test_a_procurement_starts_once(draft, lead):
    with pytest.raises(WrongState, match="already"):
        start(draft.procurement, lead, "empty")


@pytest.mark.parametrize("source", ["nothing", "template:7", "rfp:x"])
def test_an_unknown_source_is_refused_beside_its_field(procurement, lead, source):
    with pytest.raises(Incomplete) as refused:
        start(procurement, lead, source)
    assert list(refused.value.fields) == ["questionnaire"]
    assert not Rfp.objects.exists()


def test_a_pack_published_stays_in_the_frozen_content(procurement, lead):
    rfp = make_rfp(procurement, lead)
    authoring.add_pack(rfp=rfp, pack="retail", actor=lead)
    authoring.weigh_sections(rfp=rfp, weights={"1": "50", "R": "10"}, actor=lead)
    authoring.set_workload(rfp=rfp, content=workload(), actor=lead)
    publish(rfp, lead)
    assert '"packs":["retail"]' in rfp.frozen
