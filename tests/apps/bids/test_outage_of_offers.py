"""After an outage final offers move as rounds do: the sealed ones in the window, all by one act."""

import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from apps.bids.models import OfferExtension, OfferRound
from apps.bids.services import extending_offers, final_offers, offering, outages
from apps.core import clock
from apps.core.errors import NotAllowed, NotFound, WrongState
from apps.core.models import AuditEvent, Mail
from apps.rfp.models import Round
from apps.rfp.states import ExtensionState
from apps.workspace.services import panel, procurements
from apps.workspace.states import Role
from cceval import fsck
from tests.conftest import acting_for, make_vendor, sign_in
from tests.factories import offers as make
from tests.factories.rfp import make_rfp

HOUR = dt.timedelta(hours=1)
BY = 24 * HOUR
LOW, LOWER = "0.7713", "0.7017"


@pytest.fixture
def asked(offers_asked):
    return offers_asked


def held(found) -> OfferRound:
    with acting_for(found.buyer.lead):
        return found.held()


def ask(found, closes_at: dt.datetime, begins: dt.timedelta, ends: dt.timedelta, by=BY):
    """The lead asks, for an outage that lay so far from the closing time."""
    with acting_for(found.buyer.lead) as lead:
        return outages.ask(
            organisation=found.buyer.organisation,
            begins_at=closes_at + begins,
            ends_at=closes_at + ends,
            by=by,
            reason="The data centre was without power.",
            actor=lead,
        )


def confirm(found, outage) -> int:
    with acting_for(found.buyer.opener) as opener:
        organisation = found.buyer.organisation
        return outages.confirm(organisation=organisation, outage=outage, actor=opener)


@pytest.fixture
def out(asked, set_clock) -> Callable:
    """The platform was out around the closing time, and is back two hours after it."""
    closes_at = held(asked).closes_at
    set_clock(closes_at + 2 * HOUR)
    return lambda: ask(asked, closes_at, -HOUR, HOUR)


@pytest.mark.parametrize(
    ("begins", "ends", "moves"),
    [(-2, -1, False), (-1, 0, True), (-1, 1, True), (0, 1, True), (1, 2, False)],
)
def test_final_offers_move_when_their_closing_time_lies_in_the_outage(
    asked, set_clock, begins, ends, moves
):
    before = held(asked).closes_at
    set_clock(before + 3 * HOUR)
    if not moves:
        with pytest.raises(WrongState, match="No deadline lies in this time"):
            ask(asked, before, begins * HOUR, ends * HOUR)
        return
    outage = ask(asked, before, begins * HOUR, ends * HOUR)
    assert held(asked).closes_at == before, "nothing moves before a second person confirms"
    assert confirm(asked, outage) == 1
    assert held(asked).closes_at == before + BY


def test_a_vendor_that_was_asked_is_told_once_and_offers_until_the_new_time(asked, out):
    vendor, bid = asked.vendors[0], asked.bids[0]
    with pytest.raises(WrongState):
        make.offer(asked, 0, LOW)
    confirm(asked, out())
    with acting_for(asked.buyer.lead):
        told = Mail.objects.filter(event__startswith="bids.offer_extended:")
        assert sorted(one.recipient for one in told) == sorted(
            one.owner.email for one in asked.vendors[:2]
        ), "the third was left out and hears nothing"
        assert all("without power" in one.text for one in told)
    made = make.offer(asked, 0, LOW)
    assert made.arrived_at < held(asked).closes_at
    page = sign_in(vendor.owner).get(f"/bids/{bid.pk}/final-offer/").content.decode()
    assert "without power" not in page.split("<main")[0]
    with acting_for(vendor.owner):
        assert not OfferExtension.objects.exists(), "what the buyer did is not in a vendor's rows"


def test_an_offer_from_before_stays_and_can_be_withdrawn_until_the_new_time(asked, set_clock):
    first = make.offer(asked, 0, LOW)
    closes_at = held(asked).closes_at
    set_clock(closes_at + 2 * HOUR)
    confirm(asked, ask(asked, closes_at, -HOUR, HOUR))
    with acting_for(asked.vendors[0].owner) as owner:
        first.refresh_from_db()
        assert not hasattr(first, "withdrawn")
        final_offers.withdraw(bid=asked.bids[0], actor=owner)
    make.offer(asked, 1, LOWER)
    set_clock(make.after_closing(asked))
    assert make.open_all(asked) == 1
    with acting_for(asked.buyer.lead):
        broken = {(one.invariant, one.sentence) for one in fsck.broken()}
    assert not [one for one in broken if one[0] in {"I1", "I2", "I16"}]


def test_before_the_new_time_nothing_is_opened(asked, out, set_clock):
    make_due = make.after_closing(asked)
    confirm(asked, out())
    set_clock(make_due)
    with pytest.raises(WrongState, match="Too early"):
        make.open_all(asked)


def test_what_was_opened_in_the_meantime_stays(asked, out):
    outage, before = out(), held(asked).closes_at
    make.open_all(asked)
    assert confirm(asked, outage) == 0
    assert held(asked).closes_at == before
    with acting_for(asked.buyer.lead):
        assert OfferExtension.objects.get().state == ExtensionState.DROPPED


def test_a_request_that_nobody_confirmed_is_no_deadline(offers_priced, set_clock):
    make.ask(offers_priced)
    closes_at = held(offers_priced).closes_at
    set_clock(closes_at + 2 * HOUR)
    with pytest.raises(WrongState, match="No deadline lies in this time"):
        ask(offers_priced, closes_at, -HOUR, HOUR)
    with acting_for(offers_priced.buyer.opener) as opener, pytest.raises(WrongState):
        offering.confirm(offer_round=offers_priced.held(), actor=opener)


def test_who_asked_does_not_confirm_and_a_request_is_decided_once(asked, out):
    outage, organisation = out(), asked.buyer.organisation
    with acting_for(asked.buyer.lead) as lead:
        with pytest.raises(NotAllowed, match="A second person confirms it"):
            outages.confirm(organisation=organisation, outage=outage, actor=lead)
        outages.drop(organisation=organisation, outage=outage, actor=lead)
    with pytest.raises(NotFound, match="it has been decided"):
        confirm(asked, outage)
    again = out()
    out()  # asked anew: the one before is dropped for it
    with pytest.raises(NotFound):
        confirm(asked, again)


@pytest.fixture
def beside(asked):
    """A tender of the same house whose bids are due when the final offers are."""
    with acting_for(asked.buyer.lead) as lead:
        case = procurements.open_case(
            organisation=asked.buyer.organisation,
            reference="CC-BESIDE",
            title="Tender beside",
            currency="GBP",
            actor=lead,
        )
        for person in (asked.buyer.opener, asked.buyer.opener2):
            panel.appoint(procurement=case, user=person, role=Role.OPENER, actor=lead)
        panel.appoint(procurement=case, user=asked.buyer.approver, role=Role.APPROVER, actor=lead)
        closes_in = asked.held().closes_at - clock.now()
        return make_rfp(case, lead, published=True, closes_in=closes_in)


def test_a_round_and_final_offers_move_together_or_not_at_all(
    asked, beside, set_clock, monkeypatch
):
    def deadlines() -> tuple[dt.datetime, dt.datetime]:
        with acting_for(asked.buyer.lead):
            return Round.objects.get(rfp=beside).closes_at, asked.held().closes_at

    before = deadlines()
    set_clock(max(before) + 2 * HOUR)
    outage = ask(asked, max(before), -3 * HOUR, HOUR)
    with monkeypatch.context() as broken:
        broken.setattr(extending_offers, "_extend", lambda _one: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            confirm(asked, outage)
    assert deadlines() == before
    assert confirm(asked, outage) == 2
    assert deadlines() == (before[0] + BY, before[1] + BY)
    with acting_for(asked.buyer.lead):
        event = AuditEvent.objects.get(action="bids.extend_offers")
        assert json.loads(event.payload)["details"]["from"] == before[1].isoformat()


def refused(statement: str, *values) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount == 0
    except DatabaseError:
        return True


def test_the_database_moves_the_closing_time_for_a_confirmed_extension_alone(asked, out):
    outage, found = out(), held(asked)
    later = found.closes_at + BY
    with acting_for(asked.buyer.lead) as lead:
        one = OfferExtension.objects.get(outage=outage)
        extend = "SELECT cceval_extend_offers(%s)"
        moved = "UPDATE bids_offerround SET closes_at = %s WHERE id = %s"
        alone = "UPDATE bids_offerextension SET state = 'confirmed', decided_by_id = %s,"
        alone += " decided_at = now() WHERE id = %s"
        longer = (
            "UPDATE bids_offerextension SET closes_at = closes_at + interval '1 day' WHERE id = %s"
        )
        assert refused(extend, one.pk), "nobody has confirmed it"
        assert refused(moved, later, found.pk)
        assert refused(alone, lead.pk, one.pk)
        assert refused(longer, one.pk)
        assert refused("DELETE FROM bids_offerextension WHERE id = %s", one.pk)
    confirm(asked, outage)
    with acting_for(asked.buyer.opener):
        assert refused(extend, one.pk), "and once confirmed it moves the time once"
        assert refused(moved, later + BY, found.pk)


def test_the_page_names_final_offers_and_the_offers_page_says_what_moved(asked, out):
    outage = out()
    shown = sign_in(asked.buyer.opener).get("/outage/").content.decode()
    assert "Final offers" in shown.split("<main")[1]
    confirm(asked, outage)
    case = asked.buyer.procurement.pk
    client = sign_in(asked.buyer.lead)
    assert "After an outage, before that" in client.get(f"/p/{case}/final-offers/").content.decode()
    moved = client.get(f"/api/v1/procurements/{case}/final-offers/").json()["request"]["moved"]
    assert [one["reason"] for one in moved] == ["The data centre was without power."]


def test_a_vendor_of_another_tender_hears_nothing(asked, out):
    stranger = make_vendor("Quiet Voice", asked.buyer.organisation)
    confirm(asked, out())
    with acting_for(asked.buyer.lead):
        assert not Mail.objects.filter(recipient=stranger.owner.email).exists()
