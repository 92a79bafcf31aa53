"""Stages: each evaluator scores alone, the panel reads all once a stage is closed, no points move."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import Invitation, Stage, StageScore
from apps.bids.services import staging
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.rfp.selectors import desk_for
from tests.conftest import acting_for, sign_in
from tests.factories.bids import queries, read

DAY = dt.date(2027, 3, 1)
RUBRIC = {"0": "Nothing works.", "5": "Everything works at once."}


def plan(buyer, tender, **given):
    with acting_for(buyer.lead) as lead:
        guests = [str(pk) for pk in Invitation.objects.values_list("pk", flat=True)]
        values = {
            "kind": "demonstration", "title": "Demonstration of the desktop", "first_day": DAY,
            "last_day": DAY, "rubric": RUBRIC, "guests": guests, **given,
        }  # fmt: skip
        return staging.plan(rfp=read(tender), actor=lead, **values)


@pytest.fixture
def stage(buyer, tender, bid_a, bid_b):
    return plan(buyer, tender)


def seats(user, buyer, stage):
    held = selectors.stage_for(user, procurement_id=buyer.procurement.pk, stage_id=stage.pk)
    return selectors.one_stage(user, held).seats


def score(buyer, stage, person, value, at=0, reason="It worked as promised."):
    with acting_for(person) as user:
        guest = seats(user, buyer, stage)[at].guest
        guest.stage = selectors.stage_for(
            user, procurement_id=buyer.procurement.pk, stage_id=stage.pk
        )
        return staging.score(guest=guest, value=value, reason=reason, actor=user)


def test_each_sees_their_own_score_until_the_stage_is_closed(buyer, stage):
    score(buyer, stage, buyer.evaluator, 2)
    score(buyer, stage, buyer.evaluator, 4)
    score(buyer, stage, buyer.evaluator2, 3)
    with acting_for(buyer.evaluator) as user:
        first = seats(user, buyer, stage)[0]
        assert (first.own.value, first.given, first.mean) == (4, (), None)
    with acting_for(buyer.lead) as lead:
        assert seats(lead, buyer, stage)[0].given == ()
        held = selectors.stage_for(lead, procurement_id=buyer.procurement.pk, stage_id=stage.pk)
        staging.close(stage=held, actor=lead)
        closed = seats(lead, buyer, stage)[0]
        assert [(one.by, one.value) for one in closed.given] == [
            (buyer.evaluator.name, 4),
            (buyer.evaluator2.name, 3),
        ]
        assert closed.mean == Decimal("3.5")
        assert StageScore.objects.count() == 3
    with pytest.raises(WrongState, match="its scores stand"):
        score(buyer, stage, buyer.evaluator, 1)


def test_a_score_has_a_reason_and_stays_in_its_scale(buyer, stage):
    for value, reason, field in ((6, "Fine.", "value"), (-1, "Fine.", "value"), (3, " ", "reason")):
        with pytest.raises(Incomplete) as refused:
            score(buyer, stage, buyer.evaluator, value, reason=reason)
        assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("role", ["lead", "opener", "auditor", "approver"])
def test_only_evaluators_score(buyer, stage, role):
    with pytest.raises(NotAllowed):
        score(buyer, stage, getattr(buyer, role), 3)


def test_scores_are_kept_for_good(buyer, stage):
    made = score(buyer, stage, buyer.evaluator, 3)
    with acting_for(buyer.lead):
        for statement in (
            "UPDATE bids_stagescore SET value = 5 WHERE id = %s",
            "DELETE FROM bids_stagescore WHERE id = %s",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [made.pk])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"last_day": DAY - dt.timedelta(days=1)}, "last_day"),
        ({"rubric": {"0": "Nothing."}}, "level_5"),
        ({"guests": []}, "guests"),
        ({"kind": "dinner"}, "kind"),
        ({"title": " "}, "title"),
    ],
)
def test_a_plan_that_does_not_make_sense_is_refused(buyer, tender, bid_a, given, field):
    with pytest.raises(Incomplete) as refused:
        plan(buyer, tender, **given)
    assert set(refused.value.fields) == {field}
    with acting_for(buyer.lead):
        assert not Stage.objects.exists()


def test_a_stage_goes_through_the_pages(buyer, tender, bid_a):
    case, lead = buyer.procurement.pk, sign_in(buyer.lead)
    with acting_for(buyer.lead):
        guest = Invitation.objects.get().pk
    given = {
        "kind": "visit", "title": "Visit to Leeds", "first_day": "2027-03-01",
        "last_day": "2027-03-02", "guests": [str(guest)], "level_0": "Empty.", "level_5": "Full.",
    }  # fmt: skip
    wrong = lead.post(reverse("bids:plan_stage", args=[case]), {**given, "title": ""})
    assert wrong.status_code == 422
    url = lead.post(reverse("bids:plan_stage", args=[case]), given).url
    evaluator = sign_in(buyer.evaluator)
    page = evaluator.get(url).content.decode()
    assert "Velora Connect" in page
    seat = page.split('name="guest" value="')[1].split('"')[0]
    none = evaluator.post(f"{url}score/", {"guest": seat, "value": "4", "reason": ""})
    assert none.status_code == 422
    sent = {"guest": seat, "value": "4", "reason": "Full rooms."}
    assert evaluator.post(f"{url}score/", sent).url == url
    assert evaluator.post(f"{url}score/", {**sent, "guest": "x"}).status_code == 404
    assert "Full rooms." not in lead.get(url).content.decode()
    assert lead.post(f"{url}close/").url == url
    assert "Full rooms." in lead.get(url).content.decode()
    assert "4.0 of 5" in lead.get(reverse("bids:stages", args=[case])).content.decode()


def test_vendors_and_strangers_find_no_stage(buyer, stage, vendor_a, other_buyer):
    with acting_for(vendor_a.owner):
        assert not Stage.objects.exists()
    for user in (vendor_a.owner, other_buyer.lead):
        client = sign_in(user)
        case = buyer.procurement.pk
        assert client.get(reverse("bids:stages", args=[case])).status_code == 404
        assert client.get(reverse("bids:stage", args=[case, stage.pk])).status_code == 404


def test_the_list_costs_the_same_with_one_stage_and_with_three(buyer, tender, bid_a, stage):
    url, client = reverse("bids:stages", args=[buyer.procurement.pk]), sign_in(buyer.auditor)
    score(buyer, stage, buyer.evaluator, 3)
    once = queries(client, url)
    for title in ("Second", "Third"):
        score(buyer, plan(buyer, tender, title=title), buyer.evaluator, 4)
    assert queries(client, url) == once
    with acting_for(buyer.auditor) as user:
        desk = desk_for(user, procurement_id=buyer.procurement.pk)
        assert len(selectors.stages_page(user, desk).stages) == 3


def call(person, method, buyer, path="", data=None):
    url = f"/api/v1/procurements/{buyer.procurement.pk}/stages/{path}"
    client = sign_in(person)
    if method == "get":
        return client.get(url)
    return getattr(client, method)(url, data or {}, content_type="application/json")


def test_a_stage_is_planned_scored_and_closed_by_api(buyer, other_buyer, tender, bid_a, bid_b):
    with acting_for(buyer.lead):
        guests = [str(pk) for pk in Invitation.objects.values_list("pk", flat=True)]
    given = {
        "kind": "visit", "title": "Visit", "first_day": "2027-03-01",
        "last_day": "2027-03-02", "rubric": RUBRIC, "guests": guests,
    }  # fmt: skip
    assert call(buyer.evaluator, "post", buyer, "", given).status_code == 403
    assert call(buyer.lead, "post", buyer, "", {**given, "weight": 5}).status_code == 422
    made = call(buyer.lead, "post", buyer, "", given)
    assert made.status_code == 201, made.json()
    path = f"{made.json()['id']}/"
    guest = made.json()["vendors"][0]["guest"]
    scored = {"guest": guest, "value": 4, "reason": "Calm and complete."}
    assert call(buyer.lead, "post", buyer, f"{path}scores/", scored).status_code == 403
    assert call(buyer.evaluator, "post", buyer, f"{path}scores/", scored).status_code == 201
    assert call(buyer.evaluator, "get", buyer, path).json()["vendors"][0]["own"]["value"] == 4
    assert call(buyer.lead, "get", buyer, path).json()["vendors"][0]["scores"] == []
    for method, where in (("get", ""), ("get", path), ("post", f"{path}closure/")):
        assert call(other_buyer.lead, method, buyer, where).status_code == 404
    closed = call(buyer.lead, "post", buyer, f"{path}closure/")
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    (listed,) = call(buyer.auditor, "get", buyer).json()
    assert listed["vendors"][0]["mean"] == "4.0"
