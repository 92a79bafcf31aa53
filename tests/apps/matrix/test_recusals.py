"""A conflict with one vendor: its bid does not exist for the evaluator, and no score of theirs counts."""

import html
import io
import json

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.bids import selectors as bids
from apps.core.errors import Conflict, Incomplete, NotAllowed, NotFound, WrongState
from apps.core.models import AuditEvent
from apps.matrix import selectors
from apps.matrix.models import Consensus, Score
from apps.matrix.selectors.consensus_pages import agreeing_page
from apps.matrix.services import consensus, recusing, scoring
from apps.matrix.types import Item
from apps.reports.selectors import sections
from apps.workspace.models import NamedConflict, Procurement, Recusal
from apps.workspace.services import panel
from apps.workspace.states import Role
from tests.apps.matrix.test_declared import everything
from tests.conftest import acting_for, sign_in
from tests.factories import matrix as make

PLANTED = "Only the first vendor trains with herons."
NOTE = "My sister works there."


def name(stage, person, named="Velora", note=NOTE):
    with acting_for(person):
        case = Procurement.objects.get(pk=stage.procurement.pk)
        return recusing.name_conflict(procurement=case, named=named, note=note, actor=person)


def settle(stage, conflict, place=0):
    vendor = None if place is None else stage.vendors[place].organisation.pk
    with acting_for(stage.buyer.lead) as lead:
        held = NamedConflict.objects.select_related("user", "procurement").get(pk=conflict.pk)
        return recusing.settle(conflict=held, vendor=vendor, actor=lead)


def recuse(stage, person, place=0):
    return settle(stage, name(stage, person), place)


@pytest.fixture
def two(buyer, vendor_a, vendor_b, set_clock):
    """Two opened bids; one sentence is in the first alone."""
    return make.opened(buyer, [vendor_a, vendor_b], set_clock, answers={0: {"1.01": PLANTED}})


def test_until_it_is_settled_no_bid_is_open_to_the_evaluator(two, buyer, client_for):
    make.begun(two)
    name(two, buyer.evaluator)
    with acting_for(buyer.evaluator) as evaluator:
        assert not bids.bids_visible_to(evaluator, two.rfp).exists()
        assert bids.opened_answers(evaluator, two.rfp) == {}
    shown = client_for(buyer.evaluator).get(reverse("matrix:scoring", args=[two.procurement.pk]))
    assert "A conflict you named waits for the lead" in html.unescape(shown.content.decode())
    read = everything(client_for(buyer.evaluator), two)
    assert "We hire in waves." not in read
    assert PLANTED not in read


def test_no_byte_of_that_bid_is_read_and_all_of_the_others(two, buyer, client_for):
    make.scored(make.begun(two))
    recuse(two, buyer.evaluator)
    first, second = two.bid(0), two.bid(1)
    with acting_for(buyer.evaluator) as evaluator:
        assert [one.pk for one in bids.bids_visible_to(evaluator, two.rfp)] == [second.pk]
        assert set(bids.opened_answers(evaluator, two.rfp)) == {second.pk}
        assert set(bids.attachments_of(evaluator, two.rfp)) == {second.pk}
        assert bids.answers_of(evaluator, two.rfp, first) is None
        assert {row["vendor"] for row in bids.knockouts(evaluator, two.rfp)} <= {str(second.pk)}
        with pytest.raises(NotFound):
            bids.opened_bid_for(evaluator, procurement_id=two.procurement.pk, bid_id=first.pk)
    client = client_for(buyer.evaluator)
    read = everything(client, two)
    assert PLANTED not in read
    assert "We hire in waves." in read
    workbook = client.get(reverse("bids:answers_workbook", args=[two.procurement.pk]))
    cells = [
        str(cell.value)
        for sheet in openpyxl.load_workbook(io.BytesIO(workbook.content))
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert not any(PLANTED in one for one in cells)
    assert any("We hire in waves." in one for one in cells)


def test_what_holds_all_bids_together_is_shut_after_the_lock(two, buyer, client_for):
    recuse(two, buyer.evaluator)
    make.begun(two)
    _score_the_rest(two, buyer)
    make.locked(make.agreed(make.in_consensus(two)))
    case = [two.procurement.pk]
    client = client_for(buyer.evaluator)
    for page in ("matrix:ranking", "matrix:record", "pricing:comparison", "reports:library"):
        assert client.get(reverse(page, args=case)).status_code in {403, 404}, page
    read = everything(client, two)
    assert PLANTED not in read
    # The other evaluator's reason on that bid, and the panel's.
    told = client.get(reverse("api-scores", args=case)).json()
    letter = two.bid(0).letter
    assert {one["bid"] for one in told} == {two.bid(1).letter}
    assert letter not in {
        one["bid"] for one in client.get(reverse("api-consensus", args=case)).json()
    }


def _score_the_rest(stage, buyer):
    """Everybody scores what their board holds: of who is recused, the other bids."""
    make.scored(stage)


def test_they_score_nothing_of_it_and_the_round_does_not_wait_for_them(two, buyer):
    make.begun(two)
    recuse(two, buyer.evaluator)
    with acting_for(buyer.evaluator) as evaluator, pytest.raises((WrongState, NotFound)):
        scoring.save(
            scoring_round=two.round_for(evaluator),
            bid=two.bids[0],
            question=two.questions["1.01"],
            value=None,
            reason="I would abstain.",
            actor=evaluator,
        )
    _score_the_rest(two, buyer)
    with acting_for(buyer.lead) as lead:
        rows = selectors.progress(selectors.board(lead, two.round_for(lead)))
        assert [(one.evaluator.name, one.scored, one.assigned) for one in rows] == [
            ("Aisha Rahman", 3, 3),
            ("Jonas Berg", 6, 6),
        ]
    make.in_consensus(two)
    with acting_for(buyer.moderator) as moderator:
        item = Item(two.round_for(moderator), two.questions["1.01"])
        rows = {row.bid.pk: row for row in agreeing_page(moderator, item).rows}
    first = rows[two.bids[0].pk]
    assert [(one.name, one.conflicted) for one in first.voices] == [
        ("Jonas Berg", False),
        ("Aisha Rahman", True),
    ]
    # The mean is of those who scored: conflicted is no zero.
    assert (first.spread.scores, first.spread.mean) == (1, 3.0)
    assert not any(one.conflicted for one in rows[two.bids[1].pk].voices)


def test_midway_the_scores_stay_and_the_agreements_reached_with_them_are_reached_anew(
    agreeing, buyer
):
    make.agreed(agreeing)
    first = agreeing.bids[0].pk
    with acting_for(buyer.lead):
        scores, agreed = Score.objects.count(), Consensus.objects.count()
    recuse(agreeing, buyer.evaluator)
    with acting_for(buyer.moderator) as moderator:
        held = agreeing.round_for(moderator)
        left = selectors.unagreed(selectors.board(moderator, held))
        assert {bid.pk for bid, _question in left} == {first}
        assert len(left) == 3
        standing = selectors.scores_visible_to(moderator, held)
        assert not standing.filter(evaluator=buyer.evaluator, bid=first).exists()
        assert standing.filter(evaluator=buyer.evaluator).exists()
        assert (Score.objects.count(), Consensus.objects.count()) == (scores, agreed)
        with pytest.raises(Incomplete, match="3 scores are not agreed yet"):
            consensus.lock(scoring_round=held, actor=moderator)
        event = AuditEvent.objects.get(action="panel.settle_conflict")
    assert json.loads(event.payload)["details"] == {
        "agreements_left_out": 3,
        "person": str(buyer.evaluator.pk),
        "recused": True,
        "scores_left_out": 3,
    }


def test_the_same_value_and_reason_agreed_anew_count_again(agreeing, buyer):
    make.agreed(agreeing)
    recuse(agreeing, buyer.evaluator)
    bid, question = agreeing.bid(0), agreeing.questions["2.02"]
    with acting_for(buyer.moderator) as moderator:
        held = agreeing.round_for(moderator)
        before = Consensus.objects.get(bid=bid, question=question)
        given = {
            "scoring_round": held,
            "bid": bid,
            "question": question,
            "value": before.value,
            "reason": before.reason,
            "actor": moderator,
        }
        with pytest.raises(Conflict):
            consensus.agree(**given, version=before.version)
        again = consensus.agree(**given, version=0)
        assert again.version == before.version + 1
        assert consensus.agree(**given, version=again.version) == again
        left = selectors.unagreed(selectors.board(moderator, held))
    assert (bid.pk, question.pk) not in {(b.pk, q.pk) for b, q in left}


def test_the_ranking_holds_no_score_of_theirs_for_that_bid_and_the_report_says_so(agreeing, buyer):
    recuse(agreeing, buyer.evaluator)
    make.locked(make.agreed(agreeing))
    with acting_for(buyer.lead) as lead:
        ranking = selectors.latest_ranking(lead, agreeing.procurement)
        sheets = json.loads(ranking.record)["case"]["individual"]
        rows = {row["name"]: row["interests"] for row in sections.panel(ranking)["rows"]}
    first, second = (str(bid.pk) for bid in agreeing.bids)
    assert set(sheets[str(buyer.evaluator.pk)]) == {second}
    assert set(sheets[str(buyer.evaluator2.pk)]) == {first, second}
    assert rows["Aisha Rahman"] == "conflicted: gave Velora Connect no score"
    assert rows["Jonas Berg"] == "none"


def test_a_bid_that_nobody_may_score_locks_nothing(agreeing, buyer):
    make.agreed(agreeing)
    for person in (buyer.evaluator, buyer.evaluator2):
        recuse(agreeing, person)
    with acting_for(buyer.moderator) as moderator, pytest.raises(Incomplete, match="nobody"):
        consensus.lock(scoring_round=agreeing.round_for(moderator), actor=moderator)


def test_a_conflict_that_waits_keeps_consensus_and_lock_shut(two, buyer):
    make.scored(make.begun(two))
    waits = name(two, buyer.evaluator2)
    with (
        acting_for(buyer.moderator) as moderator,
        pytest.raises(Incomplete, match="Jonas Berg: a conflict that the lead settles"),
    ):
        consensus.open_consensus(scoring_round=two.round_for(moderator), actor=moderator)
    settle(two, waits, None)
    make.agreed(make.in_consensus(two))
    name(two, buyer.evaluator2)
    with (
        acting_for(buyer.moderator) as moderator,
        pytest.raises(Incomplete, match="Jonas Berg: a conflict that the lead settles"),
    ):
        consensus.lock(scoring_round=two.round_for(moderator), actor=moderator)


def test_none_of_them_opens_every_bid_again(two, buyer):
    settle(two, name(two, buyer.evaluator, "Somebody else"), None)
    with acting_for(buyer.evaluator) as evaluator:
        assert bids.bids_visible_to(evaluator, two.rfp).count() == 2


@pytest.mark.parametrize("phase", ["decided", "closed"])
def test_once_it_is_decided_nothing_is_named(locked, buyer, phase):
    with acting_for(buyer.lead):
        Procurement.objects.update(phase=phase)
    with pytest.raises(WrongState, match="This is decided"):
        name(locked, buyer.evaluator)


@pytest.mark.parametrize(
    ("named", "note", "field"),
    [("", NOTE, "named"), ("V" * 161, NOTE, "named"), ("V", " ", "note")],
)
def test_a_name_and_a_sentence_are_needed(opened, buyer, named, note, field):
    with pytest.raises(Incomplete) as refused:
        name(opened, buyer.evaluator, named, note)
    assert list(refused.value.fields) == [field]
    with acting_for(buyer.evaluator):
        assert not NamedConflict.objects.exists()


def test_only_who_evaluates_and_nothing_else_names_one_and_only_a_lead_settles(opened, buyer):
    for person in (buyer.lead, buyer.moderator, buyer.opener, buyer.approver, buyer.auditor):
        with pytest.raises(NotAllowed):
            name(opened, person)
    made = name(opened, buyer.evaluator)
    for person in (buyer.evaluator, buyer.moderator, buyer.opener):
        with acting_for(person), pytest.raises(NotAllowed):
            recusing.settle(conflict=made, vendor=None, actor=person)


def test_it_is_settled_once_and_with_an_invited_vendor(opened, buyer, other_buyer):
    made = name(opened, buyer.evaluator)
    stranger = other_buyer.organisation.pk
    with acting_for(buyer.lead) as lead, pytest.raises(Incomplete, match="that were invited"):
        recusing.settle(conflict=made, vendor=stranger, actor=lead)
    settle(opened, made)
    with pytest.raises(WrongState, match="settled already"):
        settle(opened, made, None)


def test_both_rows_are_append_only_and_of_one_organisation(opened, buyer, other_buyer):
    recuse(opened, buyer.evaluator)
    for model in (NamedConflict, Recusal):
        with acting_for(buyer.lead):
            for change in (
                lambda m=model: m.objects.update(organisation=buyer.organisation),
                lambda m=model: m.objects.all().delete(),
            ):
                with pytest.raises(DatabaseError), transaction.atomic():
                    change()
        for stranger in (other_buyer.lead, opened.vendors[0].owner):
            with acting_for(stranger):
                assert not model.objects.exists()


def test_who_is_recused_gets_no_other_role(opened, buyer):
    recuse(opened, buyer.evaluator)
    with (
        acting_for(buyer.lead) as lead,
        pytest.raises(Incomplete, match="can only be an evaluator"),
    ):
        panel.appoint(
            procurement=opened.procurement, user=buyer.evaluator, role=Role.MODERATOR, actor=lead
        )


def test_on_the_pages_the_evaluator_names_and_the_lead_settles(two, buyer):
    make.begun(two)
    case = [two.procurement.pk]
    mine, lead = sign_in(buyer.evaluator), sign_in(buyer.lead)
    address = reverse("matrix:name_conflict", args=case)
    assert mine.post(address, {"named": "", "note": ""}).status_code == 422
    assert mine.post(address, {"named": "Velora", "note": NOTE}).status_code == 302
    front = lead.get(reverse("workspace:procurement", args=case)).content.decode()
    assert "Settle a conflict with one vendor" in front
    page = lead.get(reverse("matrix:conflicts", args=case)).content.decode()
    assert "Velora Connect" in page
    assert "Bid A" not in page
    with acting_for(buyer.lead):
        made = NamedConflict.objects.get()
    there = reverse("matrix:settle_conflict", args=[*case, made.pk])
    assert lead.post(there, {"vendor": ""}).status_code == 422
    chosen = {"vendor": str(two.vendors[0].organisation.pk)}
    assert mine.post(there, chosen).status_code == 403
    assert lead.post(there, chosen).status_code == 302
    told = html.unescape(mine.get(reverse("matrix:conflicts", args=case)).content.decode())
    assert "Its bid is kept from you" in told


def test_before_the_lock_nobody_who_judges_reads_whom_another_named(two, buyer, client_for):
    make.begun(two)
    recuse(two, buyer.evaluator)
    for person in (buyer.evaluator2, buyer.moderator):
        client = client_for(person)
        read = everything(client, two)
        assert "Velora" not in read
        shown = client.get(reverse("matrix:conflicts", args=[two.procurement.pk]))
        assert "Velora" not in shown.content.decode()
        told = client.get(reverse("api-conflicts", args=[two.procurement.pk]))
        assert "Velora" not in told.content.decode()


def test_by_api_the_same(two, buyer, other_buyer):
    make.begun(two)
    address = reverse("api-conflicts", args=[two.procurement.pk])
    mine, lead = sign_in(buyer.evaluator), sign_in(buyer.lead)
    wish = {"named": "Velora", "note": NOTE}
    assert sign_in(other_buyer.lead).get(address).status_code == 404
    made = mine.post(address, wish, content_type="application/json")
    assert made.status_code == 201
    there = reverse("api-settled-conflict", args=[two.procurement.pk, made.json()["id"]])
    settled = {"vendor": str(two.vendors[0].organisation.pk)}
    assert mine.post(there, settled, content_type="application/json").status_code == 403
    done = lead.post(there, settled, content_type="application/json")
    assert done.json() == {"settled": True, "recused": True}
    assert [one["settled"] for one in mine.get(address).json()] == [True]
    assert lead.get(address).json() == []
