"""The question bank: one place to search, and questions that arrive in a draft whole."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.errors import Incomplete, NotAllowed
from apps.core.models import AuditEvent
from apps.rfp import selectors
from apps.rfp.models import Question, Section
from apps.rfp.selectors.bank import words_of
from apps.rfp.services import authoring
from apps.workspace.models import PanelMember, Procurement
from apps.workspace.states import Role
from tests.conftest import acting_for
from tests.factories.rfp import make_rfp, question


def found(user, rfp, search="", **where):
    return selectors.bank(user, rfp, search=search, **where)


def other_case(buyer, lead, *panel) -> Procurement:
    made = Procurement.objects.create(
        organisation=buyer.organisation, reference=f"CC-{Procurement.objects.count()}",
        title="Earlier tender", currency="GBP", owner=lead,
    )  # fmt: skip
    for user in (lead, *panel):
        PanelMember.objects.create(
            organisation=buyer.organisation, procurement=made, user=user, role=Role.LEAD
        )
    return made


def section(rfp, code="1") -> Section:
    held = Section.objects.get(rfp=rfp, code=code)
    held.rfp = rfp
    return held


def take(rfp, lead, *keys, into="1"):
    return authoring.add_from_bank(section=section(rfp, into), keys=keys, actor=lead)


def test_a_search_finds_other_forms_of_the_word_the_topic_first(draft, lead):
    places = found(lead, draft, "recalled")
    assert places[0].item.topic == "Recalls"
    assert {one.key for one in found(lead, draft, "vulnerable customer")} >= {
        "shipped:bpo_voice_support:7.08"
    }


def test_what_holds_every_word_comes_before_what_holds_some(draft, lead):
    first, *others = found(lead, draft, "recall owner repair")
    assert first.item.topic == "Recalls"
    assert any("repair" in one.item.text.casefold() for one in others)


@pytest.mark.parametrize("search", ["'); TRUNCATE zzq; --", "\\", '"', "%", "xyzzyq", "& | !"])
def test_a_search_for_nothing_known_finds_nothing_and_breaks_nothing(draft, lead, search):
    assert found(lead, draft, search) == []
    assert Question.objects.filter(rfp=draft).exists()


def test_the_bank_is_narrowed_by_source_and_kind(draft, lead):
    assert {one.source for one in found(lead, draft, source="pack")} == {"pack"}
    files = found(lead, draft, kind="file")
    assert {one.item.kind for one in files} == {"file"}


def test_the_same_words_are_shown_once_where_they_came_from(buyer, draft, lead):
    earlier = other_case(buyer, lead)
    authoring.start(procurement=earlier, source="bpo_voice_support", actor=lead)
    keys = [one.key for one in found(lead, draft)]
    assert not [key for key in keys if key.startswith("rfp:")]
    texts = [words_of(one.item.text) for one in found(lead, draft)]
    assert len(set(texts)) == len(texts)


def test_earlier_rfps_are_searched_only_where_the_person_sits_on_the_panel(buyer, lead):
    mine = make_rfp(other_case(buyer, lead), lead)
    draft = make_rfp(other_case(buyer, lead, buyer.evaluator), lead)
    assert f"rfp:{mine.pk}:1.01" in {one.key for one in found(lead, draft, "ninety days")}
    with acting_for(buyer.evaluator) as evaluator:
        assert found(evaluator, draft, source="rfp") == []
        with pytest.raises(Incomplete, match="not in the bank any more"):
            take(draft, evaluator, f"rfp:{mine.pk}:1.01")


def test_another_organisation_s_questions_do_not_exist(other_buyer, draft, lead):
    authoring.save_template(rfp=draft, name="Housing", actor=lead)
    with acting_for(other_buyer.lead) as stranger:
        theirs = make_rfp(other_buyer.procurement, stranger)
        sources = {one.source for one in found(stranger, theirs)}
        assert sources == {"shipped", "pack"}


def test_a_question_arrives_with_everything_and_a_code_of_its_section(draft, lead):
    added = take(draft, lead, "shipped:digital_and_chat:4.01", "pack:retail:R.02")
    assert (added.codes, added.left) == (["1.04", "1.05"], [])
    first, shipped = question(draft, "1.04"), found(lead, draft, source="shipped")
    item = next(one.item for one in shipped if one.key == "shipped:digital_and_chat:4.01")
    assert (first.text, first.auto, first.knockout) == (
        item.text, [dict(rule) for rule in item.auto], dict(item.knockout),
    )  # fmt: skip
    assert (first.unit, first.topic, first.mode) == ("seconds", item.topic, "auto")
    event = AuditEvent.objects.get(action="rfp.add_from_bank")
    assert '"codes":["1.04","1.05"]' in event.payload


def test_a_rule_on_a_question_that_is_not_asked_stays_behind_and_is_named(draft, lead):
    added = take(draft, lead, "shipped:bpo_voice_support:11.01", into="2")
    assert added.left == ["2.03: the knock-out"]
    assert question(draft, "2.03").knockout == {}


def test_a_scored_question_does_not_fit_the_commercial_envelope_and_nothing_is_added(draft, lead):
    before = Question.objects.filter(rfp=draft).count()
    with pytest.raises(Incomplete, match="Commercial answers are opened after"):
        take(draft, lead, "shipped:back_office:10.01", "shipped:back_office:4.01", into="3")
    with pytest.raises(Incomplete, match="Commercial answers are opened after"):
        take(draft, lead, "shipped:back_office:4.01", into="3")
    assert Question.objects.filter(rfp=draft).count() == before


def test_only_the_lead_adds_questions(buyer, draft, lead):
    with acting_for(buyer.evaluator) as evaluator, pytest.raises(NotAllowed):
        take(draft, evaluator, "shipped:back_office:4.01")
    with pytest.raises(Incomplete, match="Tick at least one"):
        take(draft, lead)


def queries(user, rfp) -> int:
    with CaptureQueriesContext(connection) as asked:
        selectors.bank(user, rfp, search="agents")
    return len(asked)


def test_the_bank_asks_the_database_the_same_with_one_earlier_rfp_and_with_three(
    buyer, draft, lead
):
    counts = []
    for number in range(3):
        make_rfp(other_case(buyer, lead), lead)
        authoring.save_template(rfp=draft, name=f"Template {number}", actor=lead)
        counts.append(queries(lead, draft))
    assert counts == [3, 3, 3]
