"""The shortlist: the rule gives it, a second person confirms it, each vendor learns its own result."""

import datetime as dt
import json
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from apps.bids.models import Invitation, Shortlist, ShortlistEntry
from apps.bids.selectors.shortlist import own_result, shortlisted_of, standing_shortlist
from apps.bids.services import inviting
from apps.bids.services import shortlisting as deciding
from apps.bids.services.shortlisting import Outcome
from apps.core import clock
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent, Mail
from apps.matrix.models import Ranking
from apps.matrix.selectors.shortlisting import Standing, apply_rule, proposal_of
from apps.matrix.services import shortlisting
from apps.proof import hashes
from apps.rfp.models import Question, Rfp
from apps.rfp.selectors.informing import Rule
from apps.rfp.services import authoring
from apps.rfp.states import ShortlistRule
from apps.workspace.models import PanelMember
from apps.workspace.services import procurements
from apps.workspace.states import Interest
from tests.conftest import acting_for
from tests.factories import information as make
from tests.factories import matrix as stages
from tests.factories.rfp import PRICE_OF_RECORD, publish, workload


def standing(letter, points="", rank=None):
    """An opened bid; one without a rank is not admitted."""
    return Standing(uuid.uuid4(), letter, letter, rank is not None, points, rank)


FIVE = (
    standing("A", "80", 1),
    standing("B", "70", 2),
    standing("C", "70", 2),
    standing("D", "60.01", 4),
    standing("E"),
)


@pytest.mark.parametrize(
    ("rule", "verdicts", "places"),
    [
        (Rule(ShortlistRule.BEST, most=1), "taken left left left left", 0),
        (Rule(ShortlistRule.BEST, most=2), "taken tied tied left left", 1),
        (Rule(ShortlistRule.BEST, most=3), "taken taken taken left left", 0),
        (Rule(ShortlistRule.BEST, most=9), "taken taken taken taken left", 0),
        (Rule(ShortlistRule.ADMITTED), "taken taken taken taken left", 0),
        (Rule(ShortlistRule.MINIMUM, least=70), "taken taken taken left left", 0),
        (Rule(ShortlistRule.MINIMUM, least=99), "left left left left left", 0),
    ],
)
def test_the_rule_takes_whom_it_says(rule, verdicts, places):
    found, open_places = apply_rule(rule, FIVE)
    assert " ".join(one.verdict for one in found) == verdicts
    assert open_places == places


def test_the_first_are_tied_when_one_is_taken_of_two():
    tied = (standing("A", "70", 1), standing("B", "70", 1))
    found, places = apply_rule(Rule(ShortlistRule.BEST, most=1), tied)
    assert [one.verdict for one in found] == ["tied", "tied"]
    assert places == 1


def test_the_list_is_what_the_rule_gives_from_the_locked_ranking(information_locked, buyer):
    held = make.propose(information_locked)
    with acting_for(buyer.lead):
        record = json.loads(held.record)
        assert held.digest == hashes.of_bytes(held.record.encode())
        assert record["ranking"] == Ranking.objects.get(stage="quality").digest
        assert record["rule"] == make.BEST_TWO
        assert record["rfp"]["digest"] == information_locked.rfp.digest
        taken = {one["bid"]: one["taken"] for one in record["bids"]}
        wanted = {str(bid.pk): place < 2 for place, bid in enumerate(information_locked.bids)}
        assert taken == wanted


def test_nobody_is_told_before_a_second_person_confirms(information_locked, buyer):
    held = make.propose(information_locked)
    with acting_for(buyer.lead) as lead:
        assert not Mail.objects.filter(event__startswith="bids.shortlist:").exists()
        with pytest.raises(NotAllowed, match="A second person confirms"):
            deciding.confirm(shortlist=held, actor=lead)
        with pytest.raises(DatabaseError), transaction.atomic():
            Shortlist.objects.filter(pk=held.pk).update(state="confirmed", decided_by=lead)
    for vendor, bid in zip(information_locked.vendors, information_locked.bids, strict=True):
        with acting_for(vendor.owner):
            assert own_result(bid) is None
            assert not ShortlistEntry.objects.exists()


def test_once_the_procurement_is_closed_nobody_is_told_any_more(information_locked, buyer):
    make.propose(information_locked)
    with acting_for(buyer.lead) as lead:
        case = stages.fresh(information_locked).procurement
        procurements.close_case(procurement=case, reason="The budget is gone.", actor=lead)
    with pytest.raises(WrongState, match="A shortlist is chosen in a request"):
        make.confirm(information_locked)


def test_each_vendor_is_told_about_itself_and_of_no_other(information_decided, buyer):
    with acting_for(buyer.lead):
        told = {
            one.recipient: one.text
            for one in Mail.objects.filter(event__startswith="bids.shortlist:")
        }
        event = AuditEvent.objects.get(action="shortlist.confirm")
        payload = json.loads(event.payload)["details"]
    assert len(told) == 3
    assert "has put you on the shortlist" in told["desk@velora.example"]
    assert "has not put you on the shortlist" in told["desk@tamarind.example"]
    for address, text in told.items():
        others = [n for n in make.NAMES if n.split()[0].lower() not in address]
        assert not any(name in text for name in others)
        assert "best 2 by quality points" in text
    assert payload["taken"] == sorted(str(bid.pk) for bid in information_decided.bids[:2])
    assert payload["rule"] == make.BEST_TWO


def test_a_vendor_reads_its_own_row_and_neither_list_nor_another_row(information_decided):
    for place, vendor in enumerate(information_decided.vendors):
        with acting_for(vendor.owner):
            rows = list(ShortlistEntry.objects.all())
            assert [one.bid_id for one in rows] == [information_decided.bids[place].pk]
            assert rows[0].taken == (place < 2)
            assert not Shortlist.objects.exists()


def test_a_confirmed_list_stands_for_good(information_decided, buyer):
    with acting_for(buyer.lead) as lead:
        held = Shortlist.objects.get()
        for statement in (
            "UPDATE bids_shortlist SET reason = 'other'",
            "UPDATE bids_shortlist SET state = 'dropped'",
            "DELETE FROM bids_shortlist",
            "UPDATE bids_shortlistentry SET taken = NOT taken",
            "DELETE FROM bids_shortlistentry",
            "TRUNCATE bids_shortlistentry",
        ):
            with (
                pytest.raises(DatabaseError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
        with pytest.raises(WrongState, match="It stands"):
            make.propose(information_decided)
        with pytest.raises(WrongState, match="decided already"):
            deciding.drop(shortlist=held, actor=lead)


def test_a_tie_is_settled_by_a_person_with_a_reason(information_tied, buyer):
    second, third = (bid.pk for bid in information_tied.bids[1:])
    with pytest.raises(Incomplete, match="Choose 1 of those that tie"):
        make.propose(information_tied)
    with pytest.raises(Incomplete, match="Choose 1 of those that tie"):
        make.propose(information_tied, second, third, reason="Both.")
    with pytest.raises(Incomplete, match="Choose 1 of those that tie"):
        make.propose(information_tied, information_tied.bids[0].pk, reason="The first.")
    with pytest.raises(Incomplete, match="Say why these"):
        make.propose(information_tied, third)
    held = make.propose(information_tied, third, reason="Tamarind has a site in the north.")
    make.confirm(information_tied)
    with acting_for(buyer.lead):
        taken = set(
            ShortlistEntry.objects.filter(shortlist=held, taken=True).values_list("bid", flat=True)
        )
        assert taken == {information_tied.bids[0].pk, third}
        texts = " ".join(
            Mail.objects.filter(event__startswith="bids.shortlist:").values_list("text", flat=True)
        )
    assert "a person decided" in texts
    assert "site in the north" not in texts  # why the other one is nobody's but the buyer's


def test_where_nothing_ties_nobody_chooses(information_locked):
    with pytest.raises(Incomplete, match="nothing to choose"):
        make.propose(information_locked, information_locked.bids[2].pk, reason="I like them.")


def test_who_fails_a_knock_out_is_left_out_with_the_published_reason(information_read, buyer):
    make.propose(information_read)
    make.confirm(information_read)
    with acting_for(information_read.vendors[2].owner):
        own = own_result(information_read.bids[2])
        assert not own.taken
        assert own.because == "2.01: Within 72 hours."
        assert own.points == ""
    with acting_for(information_read.vendors[0].owner):
        assert own_result(information_read.bids[0]).taken


def test_a_second_proposal_replaces_one_that_waits(information_locked, buyer):
    first = make.propose(information_locked)
    make.propose(information_locked)
    with acting_for(buyer.lead):
        first.refresh_from_db()
        assert first.state == "dropped"
        assert Shortlist.objects.filter(state="requested").count() == 1


def test_before_the_scores_are_locked_there_is_no_list(information_opened, buyer):
    with acting_for(buyer.lead) as lead:
        rfp = stages.fresh(information_opened)
        assert proposal_of(lead, rfp) is None
        with pytest.raises(WrongState, match="after its scores are locked"):
            shortlisting.propose(rfp=rfp, chosen=(), reason="", actor=lead)
        with pytest.raises(DatabaseError), transaction.atomic():
            Shortlist.objects.create(
                organisation_id=rfp.organisation_id,
                rfp=rfp,
                record="{}",
                digest="0" * 64,
                requested_by=lead,
            )


def test_every_opened_bid_has_an_outcome_and_no_other(information_locked, buyer):
    bids = information_locked.bids
    with acting_for(buyer.lead) as lead:
        for wrong in ({}, {bid.pk: Outcome(taken=True, points="", because="") for bid in bids[:2]}):
            with pytest.raises(Incomplete, match="every opened bid"):
                deciding.propose(
                    rfp=stages.fresh(information_locked),
                    outcomes=wrong,
                    ranking="",
                    reason="",
                    actor=lead,
                )


@pytest.mark.parametrize("role", ["evaluator", "moderator", "approver", "auditor", "opener"])
def test_only_a_lead_proposes(information_locked, buyer, role):
    person = getattr(buyer, role)
    with acting_for(person), pytest.raises(NotAllowed):
        shortlisting.propose(
            rfp=stages.fresh(information_locked), chosen=(), reason="", actor=person
        )


def test_the_tender_follows_with_the_same_panel_and_the_same_questions(information_decided, buyer):
    made = make.follow(information_decided)
    with acting_for(buyer.lead):
        made = Rfp.objects.select_related("procurement").get(pk=made.pk)
        assert made.follows_id == information_decided.rfp.pk
        assert (made.kind, made.quality_weight, made.price_weight) == ("tender", 60, 40)
        before = PanelMember.objects.filter(procurement=information_decided.procurement)
        after = PanelMember.objects.filter(procurement=made.procurement)
        assert set(before.values_list("user", "role")) == set(after.values_list("user", "role"))
        assert not after.exclude(interest=Interest.UNDECLARED).exists()
        asked = set(Question.objects.filter(rfp=made).values_list("code", "text"))
        assert asked == {(one.code, one.text) for one in information_decided.questions.values()}
        event = AuditEvent.objects.get(action="rfp.follow")
        assert Shortlist.objects.get().digest in event.payload


def test_before_the_list_is_confirmed_no_tender_is_started(information_locked, buyer):
    held = make.propose(information_locked)
    with acting_for(buyer.lead) as lead, pytest.raises(WrongState, match="confirmed shortlist"):
        shortlisting.start_tender(
            shortlist=held,
            reference="T-1",
            title="The tender",
            source="copy",
            preset="assured",
            actor=lead,
        )


def test_a_public_tender_takes_over_when_vendors_could_ask_to_take_part(information_decided, buyer):
    made = make.follow(information_decided, preset="public")
    with acting_for(buyer.lead):
        asked = made.periods["request"]
        held = information_decided.rfp
        assert asked["notice_on"] == held.published_at.date().isoformat()
        assert asked["until"] == held.round.closes_at.date().isoformat()


def complete(rfp, lead):
    """What a tender says beyond the copied questions, then published."""
    authoring.set_terms(
        rfp=rfp,
        actor=lead,
        price_params={"floor": "800000", "cap": "2200000"},
        pricing_models=["per_minute"],
        price_of_record=PRICE_OF_RECORD,
    )
    authoring.set_workload(rfp=rfp, content=workload(), actor=lead)
    closes = clock.database_now() + dt.timedelta(days=40)
    authoring.set_deadline(rfp=rfp, closes_at=closes, zone="Europe/London", actor=lead)
    return publish(rfp, lead)


def test_those_on_the_list_are_invited_at_once_and_keep_their_accounts(information_decided, buyer):
    made = make.follow(information_decided)
    with acting_for(buyer.lead) as lead:
        rfp = complete(Rfp.objects.select_related("procurement").get(pk=made.pk), lead)
        content = json.loads(rfp.frozen)
        assert content["follows"]["digest"] == information_decided.rfp.digest
        waiting = shortlisted_of(lead, rfp)
        assert [one.vendor.name for one in waiting] == ["Castellan CX", "Velora Connect"]
        assert inviting.invite_shortlisted(rfp=rfp, actor=lead) == 2
        held = Invitation.objects.filter(rfp=rfp)
        wanted = {one.organisation.pk for one in information_decided.vendors[:2]}
        assert set(held.values_list("vendor", flat=True)) == wanted
        assert shortlisted_of(lead, rfp) == ()
        with pytest.raises(WrongState, match="invited already"):
            inviting.invite_shortlisted(rfp=rfp, actor=lead)


def test_a_tender_that_follows_nothing_proposes_nobody(information_decided, buyer, other_buyer):
    with acting_for(other_buyer.lead) as lead:
        rfp = stages.make_rfp(other_buyer.procurement, lead)
        assert shortlisted_of(lead, rfp) == ()
        assert standing_shortlist(information_decided.rfp) is None  # another tenant's
