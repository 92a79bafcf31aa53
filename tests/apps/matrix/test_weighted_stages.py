"""A stage published with a weight: part of the weights, held after the lock, never 0 in silence."""

import datetime as dt
import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.bids import selectors as bids
from apps.bids.models import Invitation, Stage, StageAgreement
from apps.bids.services import staging
from apps.core.errors import Incomplete, NotAllowed, NotFound, WrongState
from apps.matrix.models import Ranking
from apps.matrix.selectors.admission import not_admitted
from apps.matrix.selectors.case import _nodes
from apps.matrix.services import ranking as freezing
from apps.rfp.models import Version
from apps.rfp.states import EnvelopeKind
from tests.conftest import acting_for, sign_in
from tests.factories import matrix as make
from tests.factories import sealing

CODE = "2.03"
DAY = dt.date(2027, 3, 1)
WHY = "Beyond the two best on the written answers, as published."


def plan(stage, places=(0, 1), **values):
    with acting_for(stage.buyer.lead) as lead:
        vendors = [stage.vendors[at].organisation.pk for at in places]
        guests = Invitation.objects.filter(vendor_id__in=vendors).values_list("pk", flat=True)
        given = {
            "kind": "",
            "title": "Demonstration",
            "first_day": DAY,
            "last_day": DAY,
            "rubric": {},
            "guests": [str(pk) for pk in guests],
            "question": CODE,
            "left_out_because": WHY,
            **values,
        }
        return staging.plan(rfp=make.fresh(stage), actor=lead, **given)


def held(user, stage):
    pk = Stage.objects.get().pk
    return bids.stage_for(user, procurement_id=stage.procurement.pk, stage_id=pk)


def score(stage, person, at, value):
    with acting_for(person) as user:
        guest = seat_of(user, stage, at).guest
        staging.score(guest=guest, value=value, reason="As shown.", actor=user)


def seat_of(user, stage, at):
    found = held(user, stage)
    name = stage.vendors[at].organisation.name
    seat = next(one for one in bids.one_stage(user, found).seats if one.name == name)
    seat.guest.stage = found
    return seat


def close(stage):
    with acting_for(stage.buyer.lead) as lead:
        staging.close(stage=held(lead, stage), actor=lead)


def hold(stage):
    """Two vendors show their desktop: 5 by everybody, and 3 agreed between 2 and 4."""
    plan(stage)
    for person in (stage.buyer.evaluator, stage.buyer.evaluator2):
        score(stage, person, 0, 5)
    score(stage, stage.buyer.evaluator, 1, 2)
    score(stage, stage.buyer.evaluator2, 1, 4)
    with acting_for(stage.buyer.moderator) as moderator:
        seat = seat_of(moderator, stage, 1)
        assert seat.differs
        staging.agree(guest=seat.guest, value=3, reason="One of two cases.", actor=moderator)
    close(stage)


def test_it_is_part_of_what_is_published_and_vendors_read_it(before_demonstration):
    stage = before_demonstration
    with acting_for(stage.buyer.lead):
        content = json.loads(Version.objects.get(rfp=stage.rfp).content)
    nodes = {node["id"]: node["weight"] for node in content["award"]["nodes"] if "weight" in node}
    assert nodes[CODE] == "10"
    page = sign_in(stage.vendors[0].owner).get(reverse("bids:about", args=[stage.bids[0].pk]))
    text = page.content.decode()
    assert "Scored at a demonstration" in text
    assert make.ANCHORS["3"] in text


def test_no_vendor_is_asked_to_answer_it(before_demonstration):
    stage = before_demonstration
    owner, bid = stage.vendors[0].owner, stage.bids[0]
    with acting_for(owner) as user:
        assert CODE not in {one.code for one in bids.draft_of(bid).questions}
        with pytest.raises(NotFound):
            bids.question_for(user, bid_id=bid.pk, question_id=stage.questions[CODE].pk)
    page = sign_in(owner).get(reverse("bids:section", args=[bid.pk, "2"]))
    assert "Desktop demonstration" not in page.content.decode()


def test_the_locked_written_scores_are_ranked_without_it(before_demonstration):
    with acting_for(before_demonstration.buyer.lead):
        record = json.loads(Ranking.objects.get(stage="quality").record)
    assert CODE not in {one["id"] for one in record["case"]["criteria"]}
    assert CODE not in {node["id"] for node in record["case"]["nodes"]}


def test_a_section_of_nothing_but_a_stage_leaves_the_rest_in_its_proportions():
    tree = [
        {"id": "total", "weights_of_children": "percent"},
        {"id": "quality", "parent": "total", "weight": "60", "weights_of_children": "percent"},
        {"id": "price", "parent": "total", "weight": "40"},
        {"id": "section:1", "parent": "quality", "weight": "80", "weights_of_children": "points"},
        {"id": "1.01", "parent": "section:1", "weight": "3"},
        {"id": "section:2", "parent": "quality", "weight": "20", "weights_of_children": "points"},
        {"id": "2.01", "parent": "section:2", "weight": "1"},
    ]
    left = {node["id"]: node for node in _nodes(tree, with_price=False, later={"2.01"})}
    assert set(left) == {"quality", "section:1", "1.01"}
    assert left["quality"]["weights_of_children"] == "points"
    assert _nodes(tree, with_price=True, later=set()) == tree


def test_prices_and_ranking_wait_until_it_is_closed_and_the_sentence_names_it(
    before_demonstration,
):
    stage = before_demonstration
    plan(stage)
    with pytest.raises(WrongState, match=r"2\.03 Desktop demonstration"):
        sealing.open_envelopes(stage.rfp, EnvelopeKind.COMMERCIAL)
    with acting_for(stage.buyer.lead), pytest.raises(WrongState, match=r"2\.03"):
        staging.require_closed(make.fresh(stage))


def test_only_invited_bids_are_ranked_and_the_others_say_why(before_demonstration):
    stage = before_demonstration
    hold(stage)
    make.priced(stage)
    with acting_for(stage.buyer.lead) as lead:
        freezing.freeze(scoring_round=stage.round_for(lead), actor=lead)
        record = json.loads(Ranking.objects.get(stage="full").record)
        assert not_admitted(lead, stage.rfp) == {
            stage.bids[2].pk: f"Not shortlisted for {CODE}: {WHY}"
        }
    first, second, third = (str(bid.pk) for bid in stage.bids)
    scores = {bid: row[CODE] for bid, row in record["case"]["scores"].items()}
    assert scores == {first: "5", second: "3", third: None}
    ranks = {row["id"]: row["rank"] for row in record["result"]["vendors"]}
    assert ranks[third] is None
    assert {ranks[first], ranks[second]} == {1, 2}
    page = sign_in(stage.buyer.lead).get(reverse("matrix:ranking", args=[stage.procurement.pk]))
    assert f"Not shortlisted for 2.03 Desktop demonstration: {WHY}" in page.content.decode()


def test_it_is_planned_after_the_lock_with_a_reason_for_who_is_left_out(before_demonstration):
    stage = before_demonstration
    with pytest.raises(Incomplete) as refused:
        plan(stage, left_out_because=" ")
    assert set(refused.value.fields) == {"left_out_because"}
    with pytest.raises(Incomplete, match="published with a weight"):
        plan(stage, question="1.01")
    made = plan(stage)
    assert (made.kind, made.rubric["5"]) == ("demonstration", make.ANCHORS["5"])
    with pytest.raises(Incomplete, match="planned already"):
        plan(stage)


def test_before_the_lock_it_is_not_planned(opened):
    with pytest.raises(Incomplete, match="published with a weight"):
        plan(opened)


def test_scores_that_differ_are_agreed_before_it_is_closed(before_demonstration):
    stage = before_demonstration
    plan(stage)
    score(stage, stage.buyer.evaluator, 0, 2)
    score(stage, stage.buyer.evaluator2, 0, 4)
    score(stage, stage.buyer.evaluator, 1, 3)
    with pytest.raises(WrongState, match=stage.vendors[0].organisation.name):
        close(stage)
    with acting_for(stage.buyer.evaluator) as user, pytest.raises(NotAllowed):
        staging.agree(guest=seat_of(user, stage, 0).guest, value=3, reason="So.", actor=user)
    url = reverse("bids:agree_stage", args=[stage.procurement.pk, made_pk(stage)])
    client = sign_in(stage.buyer.moderator)
    with acting_for(stage.buyer.moderator) as moderator:
        guest = str(seat_of(moderator, stage, 0).guest.pk)
    assert client.post(url, {"guest": guest, "value": "3", "reason": ""}).status_code == 422
    assert client.post(url, {"guest": guest, "value": "3", "reason": "Both."}).status_code == 302
    close(stage)
    with acting_for(stage.buyer.lead):
        assert StageAgreement.objects.get().value == 3
        assert bids.stage_points(make.fresh(stage)).values == {
            (stage.bids[0].pk, CODE): 3,
            (stage.bids[1].pk, CODE): 3,
        }


def made_pk(stage):
    with acting_for(stage.buyer.lead):
        return Stage.objects.get().pk


def test_sql_changes_no_planned_stage_and_scores_no_closed_one(before_demonstration):
    stage = before_demonstration
    hold(stage)
    again = (
        "INSERT INTO bids_stageagreement SELECT gen_random_uuid(), now(), 9, 5, 'So.',"
        " agreed_by_id, guest_id, organisation_id FROM bids_stageagreement"
    )
    statements = (
        again,
        "UPDATE bids_stage SET question_id = NULL",
        "UPDATE bids_stage SET state = 'open'",
        "DELETE FROM bids_stage",
    )
    with acting_for(stage.buyer.lead):
        for statement in statements:
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_the_pages_plan_score_and_show_it(before_demonstration):
    stage = before_demonstration
    case = stage.procurement.pk
    client = sign_in(stage.buyer.lead)
    assert (
        "2.03 Desktop demonstration"
        in client.get(reverse("bids:stages", args=[case])).content.decode()
    )
    with acting_for(stage.buyer.lead):
        guests = [str(pk) for pk in Invitation.objects.values_list("pk", flat=True)]
    given = {
        "question": CODE,
        "first_day": "2027-03-01",
        "last_day": "2027-03-02",
        "guests": guests,
        "left_out_because": "",
    }
    url = reverse("bids:plan_counted_stage", args=[case])
    assert client.post(url, {**given, "guests": guests[:1]}).status_code == 422
    assert client.post(url, given).status_code == 302
    page = client.get(reverse("bids:stage", args=[case, made_pk(stage)]))
    assert "counts in the ranking" in page.content.decode()
