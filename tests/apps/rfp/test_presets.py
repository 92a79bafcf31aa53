"""Presets: what each asks before publication, the way up and down, and the periods of the law."""

import datetime as dt
import json

import pytest

from apps.core import clock
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.rfp import selectors
from apps.rfp.selectors.freezing import content_of
from apps.rfp.selectors.periods import earliest
from apps.rfp.services import authoring
from apps.workspace.models import PanelMember
from tests.conftest import acting_for
from tests.factories.rfp import PRICE_OF_RECORD, make_rfp, publish, question

RULE = {**PRICE_OF_RECORD, "model": "per_fte"}


def said(rfp) -> dict[str, str]:
    rfp.refresh_from_db()
    return {one.code: one.sentence for one in selectors.completeness(rfp)}


def move(rfp, lead, preset, **more):
    return authoring.set_preset(rfp=rfp, preset=preset, actor=lead, **more)


def deadline(rfp, lead, days):
    closes = (clock.database_now() + dt.timedelta(days=days)).replace(hour=12)
    authoring.set_deadline(rfp=rfp, closes_at=closes, zone="Europe/London", actor=lead)
    rfp.refresh_from_db()


def essential(procurement, lead, **terms):
    rfp = make_rfp(procurement, lead, **{"price_of_record": RULE, **terms})
    return move(rfp, lead, "essential")


def test_essential_prices_every_bid_by_one_model(procurement, lead):
    rfp = essential(procurement, lead)
    assert "essential-model" not in said(rfp)
    authoring.set_terms(rfp=rfp, price_of_record=PRICE_OF_RECORD, actor=lead)
    assert "Choose the model that decides" in said(rfp)["essential-model"]


def test_essential_asks_for_three_people(procurement, lead):
    rfp = essential(procurement, lead)
    PanelMember.objects.filter(procurement=procurement).exclude(user=lead).update(active=False)
    assert said(rfp)["essential-panel"] == (
        "Essential asks for three people on the panel; yours has 1. Appoint the others."
    )


def test_essential_counts_scored_questions_and_knock_outs(procurement, lead):
    rfp = authoring.start(
        procurement=procurement, source="bpo_voice_support", preset="essential", actor=lead
    )
    codes = [one.code for chapter in selectors.questionnaire(rfp) for one in chapter.questions]
    authoring.keep_questions(rfp=rfp, codes=[*codes, "1.06", "1.02"], actor=lead)
    found = said(rfp)
    assert found["essential-questions"] == (
        "Essential scores at most 30 questions; yours scores 31. Take 1 out, or move up to Assured."
    )
    assert "at most 6 knock-outs; yours has 7" in found["essential-knockouts"]
    move(rfp, lead, "assured")
    assert not {code for code in said(rfp) if code.startswith("essential")}


def test_moving_up_loses_nothing_that_was_typed(procurement, lead):
    rfp = essential(procurement, lead)
    before = (rfp.price_params, [c.questions for c in selectors.questionnaire(rfp)])
    move(rfp, lead, "assured")
    move(rfp, lead, "public", procedure="open")
    assert before == (rfp.price_params, [c.questions for c in selectors.questionnaire(rfp)])


def test_review_by_a_second_person_comes_with_assured(procurement, lead):
    rfp = authoring.start_from(
        procurement=procurement, questionnaire="bpo_voice_support", preset="essential", actor=lead
    )
    assert rfp.needs_review is False
    assert move(rfp, lead, "assured").needs_review is True


def test_moving_down_is_refused_while_something_is_in_the_way(draft, lead):
    with pytest.raises(Incomplete, match="cannot go down to Essential yet") as refused:
        move(draft, lead, "essential")
    assert "Choose the model that decides" in refused.value.fields["preset"]
    draft.refresh_from_db()
    assert draft.preset == "assured"
    authoring.set_terms(rfp=draft, price_of_record=RULE, actor=lead)
    assert move(draft, lead, "essential").preset == "essential"


def test_essential_publishes_who_opens_the_bids(procurement, lead):
    rfp = publish(essential(procurement, lead), lead)
    content = json.loads(rfp.frozen)
    assert content["preset"] == "essential"
    opening = content["opening"]
    assert (opening["needed"], opening["keys"], opening["spare"]) == (2, 3, True)


def test_a_breached_period_is_named_with_the_earliest_deadline(draft, lead):
    move(draft, lead, "public", procedure="open")
    deadline(draft, lead, 22)
    first = earliest(clock.database_now(), 35, "Europe/London")
    sentence = said(draft)["public-deadline"]
    assert sentence.startswith(
        "Open procedure: at least 35 days between publication and deadline; yours is 21."
    )
    assert sentence.endswith(f"{first.day} {first:%B} {first.year}.")
    deadline(draft, lead, (first - clock.database_now().date()).days)
    assert "public-deadline" not in said(draft)


def asked(begins, ends):
    return {"request": {"notice_on": begins, "until": ends}}


@pytest.mark.parametrize(
    ("procedure", "name"),
    [
        ("restricted", "Restricted procedure"),
        ("negotiated", "Competitive procedure with negotiation"),
    ],
)
def test_the_time_to_ask_to_take_part_is_checked_and_its_breach_named(draft, lead, procedure, name):
    move(draft, lead, "public", procedure=procedure)
    assert said(draft)["public-request"].startswith(f"{name}: vendors first ask to take part.")
    move(draft, lead, "public", procedure=procedure, periods=asked("2026-03-02", "2026-03-25"))
    assert said(draft)["public-request"] == (
        f"{name}: at least 30 days to ask to take part; yours are 23, from Mon 2 March"
        " 2026 to Wed 25 March 2026. Earliest last day Wed 1 April 2026."
    )
    move(draft, lead, "public", procedure=procedure, periods=asked("2026-03-02", "2026-04-01"))
    assert "public-request" not in said(draft)
    content = content_of(draft)["periods"]["request"]
    assert (content["notice_on"], content["until"]) == ("2026-03-02", "2026-04-01")
    late = (clock.database_now() + dt.timedelta(days=3)).date().isoformat()
    move(draft, lead, "public", procedure=procedure, periods=asked("2026-03-02", late))
    assert "Publish after that day." in said(draft)["public-request"]


def test_an_open_procedure_has_no_time_to_ask_to_take_part(draft, lead):
    move(draft, lead, "public", procedure="open")
    assert "public-request" not in said(draft)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"notice_on": "2026-03-02"}, "request_until"),
        ({"notice_on": "2026-03-02", "until": "soon"}, "request_until"),
        ({"notice_on": "2026-03-02", "until": "2026-03-01"}, "request_until"),
    ],
)
def test_dates_that_make_no_period_are_refused_beside_their_field(draft, lead, given, field):
    with pytest.raises(Incomplete) as refused:
        move(draft, lead, "public", procedure="restricted", periods={"request": given})
    assert list(refused.value.fields) == [field]
    draft.refresh_from_db()
    assert draft.preset == "assured"


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2027-04-09T10:00", "2027-05-15"),  # 35 days end on Friday 14 May
        ("2027-04-10T10:00", "2027-05-18"),  # they would end on Saturday: Monday 17 May
        ("2027-04-11T10:00", "2027-05-18"),  # on Sunday: the same Monday
        ("2027-04-09T23:30", "2027-05-18"),  # in London it is Saturday 10 April already
    ],
)
def test_a_period_ends_with_its_last_working_day(now, first):
    at = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    assert earliest(at, 35, "Europe/London").isoformat() == first


def test_the_buyer_may_set_other_days_with_a_reason_and_it_is_published(draft, lead):
    with pytest.raises(Incomplete) as refused:
        move(draft, lead, "public", procedure="open", periods={"tender": {"days": 15}})
    assert "Say why 15 days apply and not 35" in refused.value.fields["tender_reason"]
    why = "Accelerated, Article 27(3): the present contract ends early."
    periods = {"tender": {"days": 15, "reason": why}, "standstill": {"days": 10, "reason": ""}}
    move(draft, lead, "public", procedure="open", periods=periods)
    deadline(draft, lead, 21)
    content = json.loads(publish(draft, lead).frozen)
    assert content["procedure"] == "open"
    assert content["periods"]["tender"]["days"] == 15
    assert content["periods"]["tender"]["reason"] == why
    assert content["periods"]["standstill"]["days"] == 10


def test_public_needs_the_review_of_a_second_person(draft, lead):
    move(draft, lead, "public", procedure="open")
    assert "public-review" not in said(draft)
    authoring.set_terms(rfp=draft, actor=lead, needs_review=False)
    assert said(draft)["public-review"].startswith("A public tender is approved by a second person")


def test_public_needs_a_procedure(draft, lead):
    with pytest.raises(Incomplete) as refused:
        move(draft, lead, "public")
    assert list(refused.value.fields) == ["procedure"]
    with pytest.raises(Incomplete, match="Choose Essential"):
        move(draft, lead, "grand")


def test_a_published_rfp_keeps_its_preset(draft, lead, buyer):
    with acting_for(buyer.evaluator) as evaluator, pytest.raises(NotAllowed):
        move(draft, evaluator, "assured")
    publish(draft, lead)
    with pytest.raises(WrongState):
        move(draft, lead, "public", procedure="open")


def test_publication_waits_for_the_price_of_record(draft, lead):
    authoring.set_terms(rfp=draft, price_of_record={}, actor=lead)
    assert "Say which price earns the points" in said(draft)["price-of-record"]
    authoring.set_terms(rfp=draft, pricing_models=["per_fte"], actor=lead)
    assert "price-of-record" not in said(draft)  # with one model there is nothing to choose
    content = json.loads(publish(draft, lead).frozen)
    assert content["price_of_record"]["model"] == "per_fte"
    assert content["price_of_record"]["discount"] == {"rate": "0.05", "basis": "nominal"}


@pytest.mark.parametrize(
    ("part", "value", "field"),
    [
        ("model", "barter", "record_model"),
        ("scenario", {"name": "High", "change": "lots"}, "record_change"),
        ("scenario", {"name": "", "change": "0.2"}, "record_scenario"),
        ("scenario", {"name": "None", "change": "-1"}, "record_change"),
        ("adders", ["gifts"], "record_adders"),
        ("discount", {"rate": "five", "basis": "nominal"}, "record_rate"),
        ("discount", {"rate": "0.03", "basis": "real"}, "record_inflation"),
        ("discount", {"rate": "0.03"}, "record_basis"),
    ],
)
def test_each_part_of_the_price_of_record_is_read_by_itself(draft, lead, part, value, field):
    with pytest.raises(Incomplete) as refused:
        authoring.set_terms(rfp=draft, price_of_record={**RULE, part: value}, actor=lead)
    assert list(refused.value.fields) == [field]
    draft.refresh_from_db()
    assert draft.price_of_record == PRICE_OF_RECORD


def test_the_model_of_record_is_one_that_may_be_bid(draft, lead):
    rule = {**PRICE_OF_RECORD, "model": "hybrid"}
    authoring.set_terms(rfp=draft, price_of_record=rule, actor=lead)
    assert "not one that vendors may bid" in said(draft)["price-of-record"]


def test_vendors_read_the_rule_part_by_part(draft, lead):
    rule = {
        "model": "per_minute",
        "scenario": {"name": "High season", "change": "0.2"},
        "adders": ["one_offs"],
        "discount": {"rate": "0.0475", "basis": "real", "inflation": "0.02"},
    }
    authoring.set_terms(rfp=draft, price_of_record=rule, actor=lead)
    model, volume, adders, discount = selectors.scored_price(draft).rule
    assert "Per minute" in model
    assert "“High season”: the workload of this tender +20%" in volume
    assert "counts: one-off charges" in adders
    assert "Not counted: training of new agents" in adders
    assert "4.75% a year (real, over inflation)" in discount
    assert selectors.models_to_bid(draft) == ("per_minute",)
    assert question(draft, "1.01").code == "1.01"
