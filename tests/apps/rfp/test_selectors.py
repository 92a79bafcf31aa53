"""What a member of the panel sees of an RFP, and what the apps above read."""

import inspect
import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.errors import NotFound
from apps.engine.matrix import linter
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.weights import Node, check
from apps.engine.pricing.models import PRICING_MODELS
from apps.rfp import selectors
from apps.rfp.models import Question, Section
from apps.rfp.selectors.findings import WORDS
from apps.rfp.selectors.week import week_of
from apps.rfp.selectors.wording import FORMULAE, MODELS, auto_words, condition_words, knockout_words
from apps.rfp.services import authoring, publishing
from tests.conftest import acting_for
from tests.factories.rfp import make_rfp, question, workload


def test_everybody_on_the_panel_finds_the_rfp(draft, buyer):
    for role in ("lead", "evaluator", "moderator", "opener", "approver", "executive", "auditor"):
        with acting_for(getattr(buyer, role)) as user:
            assert selectors.rfp_for(user, procurement_id=draft.procurement_id) == draft


def test_a_stranger_and_another_buyer_find_nothing(draft, other_buyer, vendor_a):
    for stranger in (other_buyer.lead, vendor_a.owner):
        with acting_for(stranger) as user, pytest.raises(NotFound):
            selectors.rfp_for(user, procurement_id=draft.procurement_id)


def test_a_question_of_another_procurement_is_not_found(draft, lead, other_buyer):
    with acting_for(other_buyer.lead) as other:
        theirs = make_rfp(other_buyer.procurement, other)
        code = question(theirs, "1.01").pk
    for wrong in (code, uuid.uuid4()):
        with pytest.raises(NotFound):
            selectors.question_for(lead, procurement_id=draft.procurement_id, question_id=wrong)
        with pytest.raises(NotFound):
            selectors.section_for(lead, procurement_id=draft.procurement_id, section_id=wrong)


def test_a_procurement_without_an_rfp_has_a_desk_but_no_rfp(lead, procurement):
    assert selectors.desk_for(lead, procurement_id=procurement.pk).rfp is None
    with pytest.raises(NotFound, match="The lead starts it"):
        selectors.rfp_for(lead, procurement_id=procurement.pk)


@pytest.mark.parametrize("more", [0, 2])
def test_the_questionnaire_is_read_in_two_queries_however_long(draft, lead, more):
    for number in range(more):
        authoring.add_section(rfp=draft, title=f"More {number}", actor=lead)
    with CaptureQueriesContext(connection) as queries:
        chapters = selectors.questionnaire(draft)
    assert len(chapters) == 3 + more
    assert len(queries) == 2


def test_the_weight_tree_is_what_the_engine_reads(draft):
    tree = selectors.weight_tree(draft)
    assert [(n["id"], n.get("parent"), n.get("weight"), n.get("weights_of_children")) for n in tree] == [
        ("total", None, None, "percent"),
        ("quality", "total", "60", "percent"),
        ("price", "total", "40", None),
        ("section:1", "quality", "60", "points"),
        ("1.01", "section:1", "6", None),
        ("1.02", "section:1", "4", None),
        ("section:2", "quality", "40", "points"),
        ("2.01", "section:2", "5", None),
        ("2.02", "section:2", "5", None),
    ]  # fmt: skip
    nodes = [
        Node(
            id=n["id"],
            parent=n.get("parent"),
            weight=Decimal(n["weight"]) if "weight" in n else None,
            weights_of_children=n.get("weights_of_children"),
        )
        for n in tree
    ]
    # 60% quality x 60% section x 6 of 10 points, worked by hand.
    assert check(nodes).share("1.01") * 1000 == 216


def test_a_question_the_facts_switch_off_weighs_nothing(draft, lead):
    authoring.edit_question(
        question=question(draft, "1.02"),
        actor=lead,
        condition={"fact": "regulated", "op": "equals", "value": True},
    )
    assert "1.02" not in [node["id"] for node in selectors.weight_tree(draft)]
    authoring.set_terms(rfp=draft, actor=lead, facts={"regulated": True})
    assert "1.02" in [node["id"] for node in selectors.weight_tree(draft)]


def test_a_complete_draft_is_blocked_by_nothing(draft):
    assert selectors.completeness(draft) == ()


def test_a_weighted_section_without_a_scored_question_blocks(draft, lead):
    for code in ("2.01", "2.02"):
        authoring.edit_question(question=question(draft, code), actor=lead, mode="info", weight="0")
    found = [one for one in selectors.completeness(draft) if one.code == "section-unscored"]
    assert [(one.sentence, one.query) for one in found] == [
        ("Section 2 carries weight but scores no question.", "?section=2")
    ]


def test_scored_questions_without_section_weight_block(draft, lead):
    authoring.weigh_sections(rfp=draft, weights={"1": "100", "2": "0"}, actor=lead)
    assert [one.sentence for one in selectors.completeness(draft)] == [
        "Section 2 scores questions but weighs 0. Give it weight, or make them information."
    ]


def test_an_empty_rfp_says_all_that_is_missing(lead, procurement):
    rfp = authoring.start_from(
        procurement=procurement, questionnaire="bpo_voice_support", actor=lead
    )
    Section.objects.filter(rfp=rfp).delete()
    found = [one.code for one in selectors.completeness(rfp)]
    assert found == [
        "section-weights",
        "no-scored-question",
        "price-formula",
        "pricing-models",
        "workload",
        "deadline",
    ]


def test_every_fault_leads_to_its_page(lead, procurement):
    rfp = authoring.start_from(
        procurement=procurement, questionnaire="bpo_voice_support", actor=lead
    )
    Question.objects.filter(rfp=rfp, code="4.01").update(text="")
    authoring.set_terms(rfp=rfp, actor=lead, hidden_counts="unanswered")
    place = {one.code: (one.url_name, one.query) for one in selectors.completeness(rfp)}
    assert place["question-text"] == ("rfp:builder", "?section=4&question=4.01")
    assert place["finding-conditional-score"] == ("rfp:publish", "#finding-conditional-score")


def test_a_score_on_a_condition_of_another_answer_has_to_be_accepted(draft, lead):
    authoring.edit_question(
        question=question(draft, "2.02"),
        actor=lead,
        condition={"question": "1.02", "op": "greater_than", "value": "0"},
    )
    authoring.set_terms(rfp=draft, actor=lead, missing_policy="block")
    found = {one.code: one for one in selectors.findings(draft, selectors.questionnaire(draft))}
    assert found["conditional-score"].severity == "note", "it leaves that bid's denominator"
    assert "missing-policy" not in {one.code for one in selectors.completeness(draft)}
    authoring.set_terms(rfp=draft, actor=lead, missing_policy="zero", hidden_counts="unanswered")
    found = {one.code: one for one in selectors.findings(draft, selectors.questionnaire(draft))}
    assert (found["conditional-score"].severity, found["conditional-score"].where) == (
        "warning",
        ("2.02",),
    )
    # "no ranking until it is scored" would wait for ever for a bid that is not asked
    authoring.set_terms(rfp=draft, actor=lead, missing_policy="block")
    blocked = {one.code: one.sentence for one in selectors.completeness(draft)}
    assert "some bids are not asked 2.02" in blocked["missing-policy"]
    authoring.set_terms(rfp=draft, actor=lead, missing_policy="zero")
    assert "missing-policy" not in {one.code for one in selectors.completeness(draft)}
    publishing.accept_finding(
        rfp=draft, code="conditional-score", reason="All have sites.", actor=lead
    )
    found = {one.code: one for one in selectors.findings(draft, selectors.questionnaire(draft))}
    assert (found["conditional-score"].open, found["conditional-score"].reason) == (
        False,
        "All have sites.",
    )


def test_one_scored_question_has_to_count_for_every_bid(draft, lead):
    for code in ("1.01", "1.02", "2.02"):
        authoring.edit_question(question=question(draft, code), actor=lead, allows_na=True)
    assert "no-common-question" not in {one.code for one in selectors.completeness(draft)}
    authoring.edit_question(
        question=question(draft, "2.01"),
        actor=lead,
        condition={"question": "1.01", "op": "not_equals", "value": "x"},
    )
    assert "no-common-question" in {one.code for one in selectors.completeness(draft)}
    authoring.set_terms(rfp=draft, actor=lead, hidden_counts="unanswered")
    assert "no-common-question" not in {one.code for one in selectors.completeness(draft)}


def test_a_formula_that_depends_on_others_is_said_with_its_simulated_figures(draft, lead):
    authoring.set_terms(rfp=draft, actor=lead, price_formula="min-max")
    found = {one.code: one for one in selectors.findings(draft, selectors.questionnaire(draft))}
    said = found["award-depends-on-losers"].text
    assert re.match(r"Removing a losing bid changes the winner in \d+% of simulated tenders", said)
    assert "Simulated: 1000 tenders, seed 20260101." in said
    assert found["losers-set-the-slope"].where == ("Min-max",)


def test_every_code_of_the_linter_has_words() -> None:
    source = inspect.getsource(linter)
    said = set(WORDS) | {"weights-miss-100", "weights-unusable", "price-limits-crossed"}
    codes = {code for code, _severity in linter.FLAWS.values()}
    codes |= {part.split('"')[1] for part in source.split("Finding(")[1:] if part[0] == '"'}
    # Thresholds, minimum scores and value functions are not part of an RFP yet.
    later = {
        *("threshold-unreachable", "threshold-without-effect", "range-compressed"),
        *("minimum-unreachable", "minimum-without-effect", "scale-compressed"),
    }
    assert codes - later <= said


def test_every_formula_and_pricing_model_is_explained() -> None:
    assert set(FORMULAE) == set(PRICE_FORMULAE)
    assert set(MODELS) == set(PRICING_MODELS)


def test_rules_are_said_in_words(draft, lead):
    facts = selectors.facts_of(draft.questionnaire)
    assert condition_words(question(draft, "1.03"), facts) == (
        "Asked when the answer to “Are required statements made on contacts” is no"
    )
    assert knockout_words(question(draft, "2.01")) == (
        "Excluded when the answer is more than 72 hours"
    )
    assert auto_words(question(draft, "1.02")) == [
        ("5", "The answer is less than 10%"),
        ("3", "The answer is less than 25%"),
        ("0", "The answer is any other answer"),
    ]


def test_a_week_is_folded_into_hours() -> None:
    week = week_of(workload()["queues"][0])
    assert [day.label for day in week.days] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert [cell.text for cell in week.days[0].cells] == [""] * 9 + ["24"] * 8 + [""] * 7
    assert {cell.tone for cell in week.days[0].cells} == {0, 5}
    assert (week.total, week.busiest, week.days[6].total) == (Decimal(960), Decimal(24), Decimal(0))


def test_the_lead_is_reminded_to_start_and_to_publish_and_nobody_else(lead, buyer, procurement):
    def titles(user) -> list[str]:
        return [one.title for one in selectors.todos(user, procurement)]

    assert titles(lead) == ["Start the questionnaire"]
    rfp = make_rfp(procurement, lead)
    assert titles(lead) == ["Finish and publish the RFP"]
    with acting_for(buyer.evaluator) as other:
        assert titles(other) == []
    publishing.cancel(rfp=rfp, reason="Not needed.", actor=lead)
    assert titles(lead) == []
