"""After an outage: exactly the sealed rounds inside the window move, all by one confirmation."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.urls import reverse

from apps.bids.services import outages
from apps.core.errors import Incomplete, NotAllowed, NotFound, WrongState
from apps.core.models import AuditEvent, Mail
from apps.rfp.models import Extension, Rfp, Round
from apps.rfp.services import extending, publishing
from apps.rfp.states import EnvelopeKind, ExtensionState
from apps.workspace.models import Organisation
from apps.workspace.services import panel, procurements
from apps.workspace.states import Role
from tests.conftest import acting_for, make_buyer, sign_in
from tests.factories import sealing
from tests.factories.bids import queries
from tests.factories.rfp import make_rfp

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
BY = 24 * HOUR
CLOSES = {  # hours after the first moment of the outage, which lasts two hours
    "long before": -48, "before": -1, "first moment": 0, "inside": 1, "inside too": 1,
    "opened": 1, "cancelled": 1, "draft": 1, "last moment": 2, "after": 3,
    "long after": 48, "very long after": 480,
}  # fmt: skip
MOVED = {"first moment", "inside", "inside too", "last moment"}


@dataclass(frozen=True)
class Place:
    """Tenders by name, and the window of the outage; the clock stands two hours after its end."""

    organisation: Organisation
    rfps: dict[str, Rfp]
    begins_at: dt.datetime
    ends_at: dt.datetime

    def deadlines(self) -> dict[str, dt.datetime]:
        held = dict(Round.objects.values_list("rfp_id", "closes_at"))
        return {name: held[rfp.pk] for name, rfp in self.rfps.items()}

    def ask(self, actor, **changes):
        given = {"begins_at": self.begins_at, "ends_at": self.ends_at, "by": BY} | changes
        return outages.ask(
            organisation=self.organisation,
            actor=actor,
            **{"reason": "The data centre was without power.", **given},
        )


def tender(buyer, name, hours) -> Rfp:
    with acting_for(buyer.lead) as lead:
        case = procurements.open_case(
            organisation=buyer.organisation,
            reference=f"CC-{name}",
            title=f"Tender {name}",
            currency="GBP",
            actor=lead,
        )
        for person in (buyer.opener, buyer.opener2):
            panel.appoint(procurement=case, user=person, role=Role.OPENER, actor=lead)
        panel.appoint(procurement=case, user=buyer.approver, role=Role.APPROVER, actor=lead)
        closes_in = dt.timedelta(days=60, hours=hours)
        return make_rfp(case, lead, published=name != "draft", closes_in=closes_in)


def at_the_end(buyer, set_clock, *names) -> Place:
    rfps = {name: tender(buyer, name, CLOSES[name]) for name in names}
    with acting_for(buyer.lead):
        closes = {name: Round.objects.get(rfp=rfp).closes_at for name, rfp in rfps.items()}
    set_clock(closes["last moment"] + 2 * HOUR)
    return Place(buyer.organisation, rfps, closes["first moment"], closes["last moment"])


@pytest.fixture
def four(buyer, set_clock) -> Place:
    """Two tenders at the edges of the window, one inside, one outside."""
    return at_the_end(buyer, set_clock, "first moment", "inside", "last moment", "after")


@pytest.fixture
def twelve(buyer, set_clock) -> Place:
    """All twelve; one was opened, one given up, one never published."""
    found = at_the_end(buyer, set_clock, *CLOSES)
    with acting_for(buyer.lead) as lead:
        publishing.cancel(rfp=found.rfps["cancelled"], reason="No need any more.", actor=lead)
    sealing.open_envelopes(found.rfps["opened"], EnvelopeKind.TECHNICAL)
    return found


def test_exactly_the_sealed_rounds_in_the_window_move_and_each_panel_hears_why(twelve, buyer):
    with acting_for(buyer.lead) as lead:
        before = twelve.deadlines()
        outage = twelve.ask(lead)
        assert twelve.deadlines() == before, "nothing moves before a second person confirms"
        assert Extension.objects.filter(outage=outage).count() == len(MOVED)
    with acting_for(buyer.opener) as opener:
        organisation = twelve.organisation
        assert outages.confirm(organisation=organisation, outage=outage, actor=opener) == len(MOVED)
        after = twelve.deadlines()
        assert {name for name in after if after[name] != before[name]} == MOVED
        assert {after[name] - before[name] for name in MOVED} == {BY}
        assert AuditEvent.objects.filter(action="rfp.extend").count() == len(MOVED)
        told = Mail.objects.filter(event__startswith="extended:").values_list("event", "recipient")
        assert len(told) == len(set(told)) == 4 * len(MOVED), "four people, once for each tender"
        with pytest.raises(NotFound, match="it has been decided"):
            outages.confirm(organisation=organisation, outage=outage, actor=opener)


def test_what_was_opened_in_the_meantime_stays_and_the_rest_moves(four, buyer):
    with acting_for(buyer.lead) as lead:
        before, outage = four.deadlines(), four.ask(lead)
    sealing.open_envelopes(four.rfps["inside"], EnvelopeKind.TECHNICAL)
    with acting_for(buyer.opener) as opener:
        outages.confirm(organisation=four.organisation, outage=outage, actor=opener)
        after = four.deadlines()
        assert {name for name in after if after[name] != before[name]} == {
            "first moment",
            "last moment",
        }
        states = Extension.objects.filter(outage=outage).values_list("state", flat=True)
        assert sorted(states) == ["confirmed"] * 2 + ["dropped"]


def test_a_failure_in_the_middle_moves_none(four, buyer, monkeypatch):
    with acting_for(buyer.lead) as lead:
        before, outage = four.deadlines(), four.ask(lead)
    carry_out, done = extending.carry_out, []

    def fail_at_the_second(extension, actor):
        done.append(carry_out(extension, actor))
        if len(done) == 2:
            raise RuntimeError("power")

    monkeypatch.setattr(extending, "carry_out", fail_at_the_second)
    with acting_for(buyer.opener) as opener:
        with pytest.raises(RuntimeError, match="power"):
            outages.confirm(organisation=four.organisation, outage=outage, actor=opener)
        assert four.deadlines() == before
        assert not Extension.objects.filter(state=ExtensionState.CONFIRMED).exists()


def test_who_asked_does_not_confirm_and_may_take_it_back(four, buyer):
    with acting_for(buyer.lead) as lead:
        outage, organisation = four.ask(lead), four.organisation
        with pytest.raises(NotAllowed, match="A second person confirms it"):
            outages.confirm(organisation=organisation, outage=outage, actor=lead)
        outages.drop(organisation=organisation, outage=outage, actor=lead)
        assert not Extension.objects.filter(state=ExtensionState.REQUESTED).exists()


def test_a_request_that_makes_no_sense_is_refused_in_a_sentence(four, buyer):
    late, day = four.ends_at + 1000 * HOUR, dt.timedelta(days=1)
    with acting_for(buyer.lead) as lead:
        for changes, kind, says in (
            ({"ends_at": late}, Incomplete, "not in the future"),
            ({"begins_at": four.ends_at}, Incomplete, "after its beginning"),
            ({"by": 0 * day}, Incomplete, "more than 0 hours"),
            ({"by": 15 * day}, Incomplete, "at most 14 days"),
            ({"by": HOUR}, Incomplete, "Give more hours"),
            ({"reason": " "}, Incomplete, "Say what was out"),
            (
                {"begins_at": four.begins_at - 20 * HOUR, "ends_at": four.begins_at - 19 * HOUR},
                WrongState,
                "No deadline lies in this time",
            ),
        ):
            with pytest.raises(kind, match=says):
                four.ask(lead, **changes)
        assert not Extension.objects.exists()


def test_the_page_asks_and_a_second_person_confirms_on_it(four, buyer):
    page, confirm = reverse("bids:outage"), reverse("bids:confirm-outage")
    given = {
        "begins": f"{four.begins_at:%Y-%m-%dT%H:%M}",
        "ends": f"{four.ends_at + dt.timedelta(minutes=1):%Y-%m-%dT%H:%M}",
        "zone": "UTC",
        "hours": "24",
        "reason": "No power.",
    }
    lead, opener = sign_in(buyer.lead), sign_in(buyer.opener)
    assert reverse("bids:outage") in lead.get("/").content.decode()
    for hours in ("many", "0", "337", "9" * 30):
        assert lead.post(page, {**given, "hours": hours}).status_code == 422
    assert lead.post(page, given).status_code == 302
    shown = lead.get(page).content.decode()
    assert "Tender inside" in shown
    assert "Confirm for all" not in shown
    outage = opener.get(page).context["waiting"][0].id
    assert opener.post(confirm, {"outage": "none"}).status_code == 404
    assert opener.post(confirm, {"outage": str(outage)}).status_code == 302
    with acting_for(buyer.lead):
        assert Extension.objects.filter(state=ExtensionState.CONFIRMED).count() == 3


def test_tenders_of_other_panels_are_counted_and_not_named(four, buyer):
    with acting_for(buyer.lead) as lead:
        case = four.rfps["inside"].procurement
        member = case.panel.get(user=buyer.opener)
        panel.dismiss(member=member, actor=lead)
        four.ask(lead)
    shown = sign_in(buyer.opener).get(reverse("bids:outage")).content.decode()
    assert "Tender first moment" in shown
    assert "And 1 tender whose panel you are not on." in shown
    assert "Tender inside" not in shown


def test_only_who_conducts_tenders_sees_the_page_and_only_of_the_own_house(four, buyer, vendor_a):
    page, confirm = reverse("bids:outage"), reverse("bids:confirm-outage")
    assert sign_in(buyer.evaluator).get(page).status_code == 403
    assert sign_in(vendor_a.owner).get(page).status_code == 404
    with acting_for(buyer.lead) as lead:
        outage = four.ask(lead)
    other = make_buyer()
    stranger = sign_in(other.lead)
    assert "Tender" not in stranger.get(page).content.decode().split("<main")[1]
    assert stranger.post(confirm, {"outage": str(outage)}).status_code == 404


def test_the_page_costs_the_same_for_one_deadline_and_for_three(four, buyer):
    client, page = sign_in(buyer.opener), reverse("bids:outage")
    with acting_for(buyer.lead) as lead:
        four.ask(lead)
    three = queries(client, page)
    with acting_for(buyer.lead) as lead:
        outages.drop(
            organisation=buyer.organisation,
            outage=Extension.objects.latest("pk").outage,
            actor=lead,
        )
        four.ask(lead, ends_at=four.begins_at + HOUR / 2)
    assert queries(client, page) == three
