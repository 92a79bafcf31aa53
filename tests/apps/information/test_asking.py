"""A request for information asks no price, and says before anybody answers who will be taken."""

import json

import pytest
from django.db import DatabaseError, transaction

from apps.bids.models import Bid, Envelope
from apps.bids.services import assuming, inviting
from apps.core.errors import Attempt, Incomplete, WrongState
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.selectors import completeness
from apps.rfp.services import authoring, publishing
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import Procurement
from apps.workspace.states import PROCUREMENT, Phase
from tests.conftest import acting_for
from tests.factories import information as make
from tests.factories import matrix as stages
from tests.factories import sealing
from tests.factories.rfp import publish, workload


def sentences(rfp):
    return " ".join(one.sentence for one in completeness(rfp))


def test_a_shipped_questionnaire_starts_without_its_price_response(buyer):
    with acting_for(buyer.lead) as lead:
        rfp = authoring.start(
            procurement=buyer.procurement,
            source="bpo_voice_support",
            kind="information",
            actor=lead,
        )
        held = Section.objects.filter(rfp=rfp)
        assert held.exists()
        assert not held.filter(envelope=EnvelopeKind.COMMERCIAL).exists()
        assert (rfp.kind, rfp.quality_weight, rfp.price_weight) == ("information", 100, 0)
        assert "model" not in sentences(rfp)
        assert "workload" not in sentences(rfp)


def test_essential_goes_straight_to_the_tender(buyer):
    with acting_for(buyer.lead) as lead:
        with pytest.raises(Incomplete, match="Essential goes straight to the tender"):
            authoring.start(
                procurement=buyer.procurement,
                source="empty",
                kind="information",
                preset="essential",
                actor=lead,
            )
        rfp = make.draft(buyer)
        with pytest.raises(Incomplete, match="Essential goes straight to the tender"):
            authoring.set_preset(rfp=rfp, preset="essential", actor=lead)


def test_it_is_published_without_price_workload_or_award_and_with_its_rule(buyer):
    with acting_for(buyer.lead) as lead:
        rfp = publish(make.draft(buyer), lead)
        content = json.loads(rfp.frozen)
    assert content["kind"] == "information"
    assert content["shortlist"]["most"] == 2
    assert "best 2" in content["shortlist"]["sentence"]
    assert "price_formula" not in content["award"]
    assert content["workload"] is None


def test_a_tender_publishes_no_word_of_it(buyer):
    with acting_for(buyer.lead) as lead:
        tender = stages.make_rfp(buyer.procurement, lead, published=True)
        assert {"kind", "shortlist", "follows"}.isdisjoint(json.loads(tender.frozen))


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ({"rule": "best"}, "Give how many are taken"),
        ({"rule": "best", "most": 0}, "Give how many are taken"),
        ({"rule": "minimum"}, "Give the quality points"),
        ({"rule": "minimum", "least": "101"}, "above 0"),
        ({"rule": "luck"}, "Choose who is taken"),
        ({"rule": "best", "most": 2, "who": "Velora"}, "Give the rule"),
    ],
)
def test_a_rule_says_whom_it_takes(buyer, rule, wrong):
    with acting_for(buyer.lead) as lead:
        rfp = make.draft(buyer)
        with pytest.raises(Incomplete) as refused:
            authoring.set_terms(rfp=rfp, actor=lead, shortlist=rule)
        assert wrong in " ".join(refused.value.fields.values())


def test_without_a_rule_or_with_one_that_needs_scores_it_is_not_published(buyer):
    with acting_for(buyer.lead) as lead:
        rfp = make.draft(buyer, scored=False)
        assert "The rule asks for points, but nothing is scored." in sentences(rfp)
        authoring.set_terms(rfp=rfp, actor=lead, shortlist={})
        assert "Say who is taken from the answers" in sentences(rfp)
        with pytest.raises(Incomplete, match="Say who is taken"):
            publishing.publish(rfp=rfp, actor=lead)
        authoring.set_terms(rfp=rfp, actor=lead, shortlist={"rule": "admitted"})
        assert sentences(rfp) == ""


def test_every_vendor_is_left_with_something_to_score(buyer):
    with acting_for(buyer.lead) as lead:
        rfp = make.draft(buyer)
        Question.objects.filter(rfp=rfp, weight__gt=0).update(allows_na=True)
        assert "a bid could be left with nothing to score" in sentences(rfp)
        with pytest.raises(Incomplete, match="nothing to score"):
            publishing.publish(rfp=rfp, actor=lead)


def test_prices_lots_and_stages_are_refused_in_a_request(buyer):
    with acting_for(buyer.lead) as lead:
        rfp = make.draft(buyer)
        with pytest.raises(Incomplete, match="Some terms"):
            authoring.set_terms(rfp=rfp, actor=lead, price_weight="40")
        with pytest.raises(WrongState, match="no prices and no lots"):
            authoring.set_workload(rfp=rfp, content=workload(), actor=lead)
        with pytest.raises(WrongState, match="no prices and no lots"):
            authoring.add_lot(rfp=rfp, name="North", actor=lead)
        authoring.add_section(rfp=rfp, title="Rates", envelope="commercial", actor=lead)
        assert "asks for no price. Take the section out." in sentences(rfp)


def test_only_a_request_publishes_a_shortlist_rule(buyer):
    with acting_for(buyer.lead) as lead:
        tender = stages.make_rfp(buyer.procurement, lead)
        with pytest.raises(Incomplete) as refused:
            authoring.set_terms(rfp=tender, actor=lead, shortlist=make.BEST_TWO)
        assert "Only a request for information" in refused.value.fields["shortlist"]


def test_a_public_request_gives_the_time_to_ask_to_take_part(buyer):
    with acting_for(buyer.lead) as lead:
        rfp = make.draft(buyer)
        authoring.set_preset(rfp=rfp, preset="public", procedure="restricted", actor=lead)
        assert "at least 30 days between publication and deadline" in sentences(rfp)
        assert "Say when the notice was sent" not in sentences(rfp)
        authoring.set_preset(rfp=rfp, preset="public", procedure="open", actor=lead)
        assert "In the open procedure everybody may tender" in sentences(rfp)


def test_the_rule_is_frozen_with_the_rest(information_opened, buyer):
    with acting_for(buyer.lead), pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Rfp.objects.filter(pk=information_opened.rfp.pk).update(
            shortlist={"rule": "best", "most": 3}
        )


def test_a_vendor_submits_one_envelope_and_there_is_no_price_to_open(information_opened, buyer):
    with acting_for(buyer.opener):
        kinds = set(Envelope.objects.values_list("kind", flat=True))
        assert kinds == {EnvelopeKind.TECHNICAL}
    with pytest.raises(Attempt, match="There is none to open"):
        sealing.turn(information_opened.rfp, EnvelopeKind.COMMERCIAL, buyer.opener, code="none")


def test_no_request_ever_reaches_the_phase_in_which_prices_are_compared(information_locked, buyer):
    with acting_for(buyer.lead):
        held = Procurement.objects.get(pk=information_locked.procurement.pk)
        assert held.phase == Phase.SHORTLIST
        assert not PROCUREMENT.allows(held, "evaluate price")
        assert not PROCUREMENT.allows(held, "decide")


def test_one_that_is_only_read_goes_to_its_shortlist_with_the_opening(information_read, buyer):
    with acting_for(buyer.lead):
        assert information_read.rfp.procurement.phase == Phase.SHORTLIST


def test_what_an_assumption_does_to_a_price_has_no_place_in_it(buyer, set_clock):
    with acting_for(buyer.lead) as lead:
        rfp = publish(make.draft(buyer), lead)
        token = make.invited(rfp, lead, make.NAMES[:1])[0][1]
    accepted = inviting.accept(token=token, password="a long test password")
    with acting_for(accepted.user) as owner:
        bid = Bid.objects.get(pk=accepted.bid.pk)
        given = {"kind": "assumption", "place": "2", "wording": "Two sites.", "reason": "So."}
        effect = {"amount": "1200", "unit": "month"}
        with pytest.raises(Incomplete) as refused:
            assuming.add(bid=bid, raw={**given, **effect}, actor=owner)
        assert "No price is asked for here" in refused.value.fields["amount"]
        assuming.add(bid=bid, raw=given, actor=owner)
