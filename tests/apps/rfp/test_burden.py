"""What an RFP asks of vendors and panel, said before it is published."""

import datetime as dt

from apps.core import clock
from apps.rfp import selectors
from apps.rfp.selectors.burden import burden, minutes_of
from apps.rfp.services import authoring
from apps.workspace.models import PanelMember
from apps.workspace.states import Role
from tests.factories.rfp import make_rfp, question


def estimate(rfp):
    rfp.refresh_from_db()
    return burden(rfp, selectors.questionnaire(rfp))


def test_hours_follow_the_kinds_of_answers(draft):
    # 1.01 long text 45, 1.02 percent 15, 1.03 table 45, 2.01 number 15, 2.02 file 30 and its
    # evidence 15, 3.01 number 15: 180 minutes.
    assert minutes_of(question(draft, "2.02")) == 45
    assert estimate(draft).hours == 3


def test_scores_are_questions_by_vendors_by_evaluators(draft, procurement):
    evaluators = PanelMember.objects.filter(
        procurement=procurement, role=Role.EVALUATOR, active=True
    )
    people = len(set(evaluators.values_list("user_id", flat=True)))
    found = estimate(draft)
    assert found.scores == 2 * 4 * people  # 1.01 and 2.02 are scored by hand; 4 vendors assumed
    assert found.sentence == (
        f"A vendor needs about 3 hours to answer; your panel gives {found.scores} scores."
    )
    assert "4 vendors, as nobody is invited yet." in found.assumed


def test_a_question_that_the_facts_leave_out_costs_nobody_time(draft, lead):
    authoring.remove_question(question=question(draft, "1.02"), actor=lead)
    assert estimate(draft).hours == 3  # 165 minutes
    authoring.set_terms(rfp=draft, facts={"regulated": True}, actor=lead)
    assert estimate(draft).hours == 2  # 1.03 is not asked any more: 120 minutes


def test_a_short_response_time_is_named_with_the_days_it_takes(procurement, lead):
    rfp = make_rfp(procurement, lead)
    assert not [one for one in estimate(rfp).warnings if "response time" in one]
    authoring.set_deadline(
        rfp=rfp, closes_at=clock.database_now() + dt.timedelta(hours=20), zone="UTC", actor=lead
    )
    short = [one for one in estimate(rfp).warnings if "response time" in one]
    assert short == [
        (
            "The response time is short: 0 days leave a bid team about 0 hours, and the answers"
            " take 3. Give 1 day, or ask less."
        )
    ]


def test_idle_and_repeated_questions_are_named(draft, lead):
    first = question(draft, "1.01")
    authoring.add_question(
        section=first.section,
        actor=lead,
        topic="Again",
        text=first.text.upper() + " ",
        kind="text_short",
        mode="info",
    )
    said = " ".join(estimate(draft).warnings)
    assert "1.01 / 1.04 ask the same with the same words. Keep one." in said
    assert "2 questions are neither scored nor a knock-out: 1.03, 1.04." in said
