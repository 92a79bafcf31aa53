"""Final offers before and after their opening, as the buyer sees them."""

import pytest
from django.urls import reverse

from apps.bids.models import Envelope, EvaluatedPrice, Submission
from apps.bids.services import offering
from apps.bids.services.pricing import record_evaluated
from apps.bids.states import Offer, OfferState
from apps.core.errors import NotAllowed, WrongState
from apps.core.models import AuditEvent, Mail
from apps.rfp.states import KeyKind
from apps.workspace.models import PanelMember
from apps.workspace.states import Interest
from tests.apps.bids.conftest import fresh
from tests.apps.bids.test_final_offers import LOW, LOWER, client_email, rates
from tests.conftest import acting_for, sign_in
from tests.factories import offers as make
from tests.factories import sealing


@pytest.fixture
def asked(offers_asked):
    return offers_asked


# The buyer, before and after the opening


def test_nobody_at_the_buyers_knows_of_an_offer_before_the_opening(asked):
    made = make.offer(asked, 0, LOW)
    case = asked.buyer.procurement.pk
    for role in ("lead", "opener", "auditor"):
        user = getattr(asked.buyer, role)
        with acting_for(user):
            assert not Submission.objects.filter(offer_round__isnull=False).exists()
            assert not Envelope.objects.filter(offer_round__isnull=False).exists()
            assert not AuditEvent.objects.filter(action="bids.submit_offer").exists()
            assert set(rates(asked.buyer.lead, asked.rfp()).values()) == {"0.91"}
        client = sign_in(user)
        for name in ("matrix:offers", "bids:opening", "workspace:record"):
            text = client.get(reverse(name, args=[case])).content.decode()
            assert LOW not in text
            assert made.manifest_digest[:12] not in text


def test_an_early_opening_is_refused_and_recorded(asked):
    client = fresh(asked.buyer.opener)
    with acting_for(asked.buyer.opener):
        held = asked.held()
    url = reverse("matrix:open_offers", args=[asked.buyer.procurement.pk, held.pk])
    code = sealing.code_of(asked.tender.rfp, KeyKind.FINAL, asked.buyer.opener.pk)
    assert client.post(url, {"code": code}).status_code == 409
    with acting_for(asked.buyer.lead):
        assert asked.held().state == OfferState.RUNNING
        assert AuditEvent.objects.filter(action__startswith="refused").exists()


def test_the_lead_does_not_open(asked, set_clock):
    set_clock(make.after_closing(asked))
    with acting_for(asked.buyer.lead) as lead:
        held = asked.held()
    with pytest.raises(NotAllowed):
        sealing.turn(asked.tender.rfp, KeyKind.FINAL, lead, code="any", offer_round=held)


def test_opened_offers_take_the_place_of_the_first_and_who_sent_none_keeps_its_own(
    asked, set_clock
):
    make.offer(asked, 0, LOW)
    make.offer(asked, 0, LOWER)
    set_clock(make.after_closing(asked))
    assert make.open_all(asked) == 1
    a, b, c = (str(bid.pk) for bid in asked.bids)
    with acting_for(asked.buyer.lead) as lead:
        rfp = asked.rfp()
        assert rates(lead, rfp) == {a: LOWER, b: "0.91", c: "0.91"}
        assert rates(lead, rfp, Offer.FIRST) == {a: "0.91", b: "0.91", c: "0.91"}
        told = Mail.objects.filter(event__startswith="bids.offers_opened:")
        stands = {one.recipient: "first offer stands" in one.text for one in told}
        assert stands == {client_email(asked, 0): False, client_email(asked, 1): True}
    with pytest.raises(WrongState, match="opened already"):
        make.open_all(asked)
    page = sign_in(asked.buyer.lead).get(
        reverse("matrix:offers", args=[asked.buyer.procurement.pk])
    )
    text = page.content.decode()
    assert "kept its first offer" in text
    assert "Far above the other prices." in text


def test_an_evaluator_in_conflict_sees_nobody_who_is_asked(asked):
    with acting_for(asked.buyer.lead):
        PanelMember.objects.filter(user=asked.buyer.evaluator).update(interest=Interest.CONFLICT)
    page = sign_in(asked.buyer.evaluator).get(
        reverse("matrix:offers", args=[asked.buyer.procurement.pk])
    )
    text = page.content.decode()
    assert all(name not in text for name in make.NAMES)
    assert "Far above" not in text


def test_a_changed_envelope_stops_the_opening_of_all(asked, set_clock):
    made = make.offer(asked, 0, LOW)
    make.offer(asked, 1, LOW)
    with acting_for(asked.vendors[0].owner):
        one = Envelope.objects.get(submission=made)
        changed = bytearray(bytes(one.ciphertext))
        changed[-1] ^= 1
        Envelope.objects.filter(pk=one.pk).update(ciphertext=bytes(changed))
    set_clock(make.after_closing(asked))
    with pytest.raises(WrongState, match="does not verify"):
        make.open_all(asked)
    with acting_for(asked.buyer.lead):
        assert asked.held().opened_at is None


def test_prices_adopted_before_the_final_offers_decide_nothing(asked, set_clock):
    procurement = asked.buyer.procurement
    with acting_for(asked.buyer.lead), pytest.raises(WrongState, match="no price is final"):
        offering.require_settled(procurement)
    make.offer(asked, 0, LOW)
    set_clock(make.after_closing(asked))
    with acting_for(asked.buyer.lead) as lead:
        amounts = {bid.pk: 1_000_000 for bid in asked.bids}
        record_evaluated(
            rfp=asked.rfp(),
            amounts=amounts,
            currency="GBP",
            comparison_digest="1" * 64,
            actor=lead,
        )
    make.open_all(asked)
    with acting_for(asked.buyer.lead) as lead:
        with pytest.raises(WrongState, match="Adopt the comparison of the final offers"):
            offering.require_final_prices(procurement)
        record_evaluated(
            rfp=asked.rfp(),
            amounts=amounts,
            currency="GBP",
            comparison_digest="2" * 64,
            actor=lead,
        )
        offering.require_final_prices(procurement)
        held = EvaluatedPrice.objects.order_by("number")
        assert [one.offer for one in held if one.bid_id == asked.bids[0].pk] == [1, 2]
        assert [one.offer for one in held if one.bid_id == asked.bids[1].pk] == [1, 1]
