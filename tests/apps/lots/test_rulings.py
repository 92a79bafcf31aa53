"""What bids are subject to is accepted, rejected or priced before an award; an open row blocks it."""

import html
import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.bids.models import Result, ResultPrice, Ruling
from apps.bids.services import ruling
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.decision.models import Award
from apps.rfp.states import EnvelopeKind
from tests.conftest import acting_for, make_buyer, sign_in
from tests.factories import lots as make
from tests.factories import matrix as make_matrix
from tests.factories import reports as make_reports
from tests.factories import sealing
from tests.scenes import scene

LIABILITY = {
    "kind": "deviation",
    "place": "Clause 14.2",
    "wording": "Liability ends at the fees of a year, says the ibis.",
    "reason": "Our insurer covers no more.",
    "is_confidential": "on",
    "confidential": "Names our insurer.",
}
HOURS = {
    "kind": "assumption",
    "place": "1.01",
    "wording": "Public holidays are paid at a rate of their own.",
    "amount": "900",
    "unit": "month",
}
QUERIES = 19
SUBJECT = {"Velora Connect": (LIABILITY, HOURS), "Tamarind Global": (HOURS,)}


def built(buyer, set_clock, subject=SUBJECT):
    stage = make_matrix.to_lock(make.opened(buyer, set_clock, subject=subject), make.VALUES)
    sealing.open_envelopes(stage.rfp, EnvelopeKind.COMMERCIAL)
    for code in make.NAMES:
        make.rank(stage, code)
    make_reports.assess(stage)
    return stage


@scene
def with_assumptions(move):
    return built(make_buyer(), move)


def rule(stage, place, number, verdict="accepted", by=None, **more):
    person = by or stage.buyer.moderator
    bid = stage.bid(place)
    with acting_for(person) as actor:
        given = {"reason": "As the market has it.", **more}
        return ruling.rule(bid=bid, number=number, verdict=verdict, actor=actor, **given)


def page(stage, person):
    return sign_in(person).get(reverse("bids:rulings", args=[stage.procurement.pk]))


def test_an_open_row_of_any_admitted_bid_of_the_lot_blocks_its_award(with_assumptions):
    for place, number in ((0, 1), (0, 2)):
        with pytest.raises(WrongState, match="wait"):
            make.decide(with_assumptions, "A")
        rule(with_assumptions, place, number)
    make.decide(with_assumptions, "A")  # Tamarind's open row is of lot B
    with pytest.raises(WrongState, match="1 assumption of a bid waits"):
        make.decide(with_assumptions, "B")
    rule(with_assumptions, 2, 1)
    make.decide(with_assumptions, "B")


def test_an_outcome_that_awards_nothing_waits_for_no_verdict(with_assumptions):
    make.decide(with_assumptions, "A", "re_tender")


def test_the_verdicts_are_frozen_with_the_award_and_told_to_their_vendor_alone(with_assumptions):
    rule(with_assumptions, 0, 1, "rejected", reason="The statute sets the limit, says the tern.")
    rule(with_assumptions, 0, 2, "priced", amount="32400", reason="Nine holidays a year.")
    rule(with_assumptions, 2, 1)
    make.decide(with_assumptions, "A")
    make.decide(with_assumptions, "B")
    velora, castellan = with_assumptions.bids[0], with_assumptions.bids[1]
    with acting_for(with_assumptions.buyer.lead):
        held = json.loads(Award.objects.get(decision__lot__code="A").record)["assumptions"]
        assert [one["verdict"] for one in held[str(velora.pk)]] == ["rejected", "priced"]
        assert held[str(velora.pk)][1]["amount"] == "32400.00"
        letter = Result.objects.get(bid=velora, lot__code="A").letter
        assert "32400" not in letter
        assert "32400" in ResultPrice.objects.get(bid=velora, result__lot__code="A").letter
    own = sign_in(with_assumptions.vendors[0].owner).get(reverse("bids:result", args=[velora.pk]))
    shown = html.unescape(own.content.decode())
    assert "Row 1: Rejected." in shown
    assert "says the tern" in shown
    assert "Row 2 is valued at 32,400.00 GBP over the term." in shown
    other = sign_in(with_assumptions.vendors[1].owner).get(
        reverse("bids:result", args=[castellan.pk])
    )
    for secret in ("tern", "ibis", "32400", "32,400", "Rejected", "Clause 14.2"):
        assert secret not in other.content.decode()
    with acting_for(with_assumptions.vendors[0].owner):
        assert not Ruling.objects.exists()


def test_a_verdict_after_the_proposal_sends_it_back(with_assumptions, monkeypatch):
    for number in (1, 2):
        rule(with_assumptions, 0, number)
    approve = make.deciding.approve

    def later(*, decision, actor):
        with acting_for(with_assumptions.buyer.moderator) as moderator:
            bid = with_assumptions.bid(0)
            ruling.rule(bid=bid, number=1, verdict="rejected", reason="Late.", actor=moderator)
        with acting_for(actor):
            approve(decision=decision, actor=actor)

    monkeypatch.setattr(make.deciding, "approve", later)
    with pytest.raises(WrongState, match="The evidence changed after the proposal"):
        make.decide(with_assumptions, "A")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"verdict": "ignored"}, "verdict"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 4001}, "reason"),
        ({"amount": "5"}, "amount"),
        ({"verdict": "priced"}, "amount"),
        ({"verdict": "priced", "amount": "much"}, "amount"),
        ({"verdict": "priced", "amount": "1.005"}, "amount"),
        ({"number": 3}, "number"),
    ],
)
def test_a_wrong_verdict_gets_a_sentence_and_is_not_kept(with_assumptions, given, field):
    with pytest.raises(Incomplete) as refused:
        rule(with_assumptions, 0, **{"number": 1, **given})
    assert list(refused.value.fields) == [field]
    with acting_for(with_assumptions.buyer.lead):
        assert not Ruling.objects.exists()


def test_who_may_rule_and_read_and_that_a_verdict_stays(with_assumptions):
    people = with_assumptions.buyer
    for person in (people.evaluator, people.approver, people.executive, people.auditor):
        with pytest.raises(NotAllowed):
            rule(with_assumptions, 0, 1, by=person)
        assert page(with_assumptions, person).status_code == 200
    assert page(with_assumptions, people.opener).status_code == 403
    assert page(with_assumptions, with_assumptions.vendors[0].owner).status_code == 404
    rule(with_assumptions, 0, 1, by=people.lead)
    rule(with_assumptions, 0, 1, "rejected")
    with acting_for(people.lead):
        assert [one.version for one in Ruling.objects.order_by("version")] == [1, 2]
        for change in (
            lambda: Ruling.objects.update(verdict="accepted"),
            lambda: Ruling.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_the_page_and_the_api_rule_alike(with_assumptions):
    client = sign_in(with_assumptions.buyer.moderator)
    velora = with_assumptions.bids[0].pk
    address = reverse("bids:rule", args=[with_assumptions.procurement.pk, velora])
    wrong = client.post(address, {"number": "1", "verdict": "accepted", "reason": ""})
    assert wrong.status_code == 422
    assert "Say why; the vendor reads it with its result." in html.unescape(wrong.content.decode())
    given = {"number": "1", "verdict": "accepted", "reason": "Agreed."}
    assert client.post(address, given).status_code == 302
    case = f"/api/v1/procurements/{with_assumptions.procurement.pk}"
    made = client.post(
        f"{case}/bids/{velora}/rulings/",
        {"number": 2, "verdict": "rejected", "reason": "No."},
        content_type="application/json",
    )
    assert made.status_code == 201
    rows = client.get(f"{case}/rulings/").json()
    ruled = {(one["bid"], one["number"]): one["verdict"] for one in rows}
    other = str(with_assumptions.bids[2].pk)
    assert ruled == {(str(velora), 1): "accepted", (str(velora), 2): "rejected", (other, 1): None}
    stranger = sign_in(with_assumptions.vendors[1].owner)
    assert stranger.get(f"{case}/rulings/").status_code == 404


@pytest.mark.parametrize("subject", [{"Velora Connect": (HOURS,)}, SUBJECT], ids=["one", "three"])
def test_the_page_asks_as_much_for_one_row_as_for_three(buyer, set_clock, subject):
    stage = built(buyer, set_clock, subject)
    client = sign_in(buyer.moderator)
    address = reverse("bids:rulings", args=[stage.procurement.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) == QUERIES
