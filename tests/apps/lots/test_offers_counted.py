"""Which final offer counts in which lot, who is told, and what nobody else learns."""

import json
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.bids import selectors as bids
from apps.bids.models import Submission, WithdrawnOffer
from apps.bids.selectors.own_offers import standing_offer
from apps.bids.services import offering
from apps.bids.states import Offer
from apps.core import tenancy
from apps.core.errors import NotFound, WrongState
from apps.core.models import AuditEvent, Mail
from apps.matrix import selectors as matrix
from apps.matrix.services import ranking
from apps.reports.models import Report
from apps.reports.services import requesting
from cceval import fsck
from tests.apps.lots.test_final_offers import (
    CASTELLAN,
    LOW,
    LOWER,
    TAMARIND,
    VELORA,
    answered,
    evaluated,
)
from tests.conftest import acting_for, sign_in
from tests.factories import lot_offers as make
from tests.factories import lots
from tests.factories import reports as make_reports


@pytest.fixture
def asked(may_offer):
    """Every vendor is asked in every lot that it bid for."""
    return make.asked(may_offer)


# What counts


def test_the_ranking_of_each_lot_uses_the_offer_that_stands_in_it(asked, set_clock):
    before = {code: evaluated(asked, code) for code in "AB"}
    answered(asked, set_clock)
    assert make.rates(asked, "A") == {VELORA: LOW, CASTELLAN: LOWER}
    assert make.rates(asked, "B") == {VELORA: LOWER, CASTELLAN: "0.80", TAMARIND: "0.95"}
    assert make.rates(asked, "A", Offer.FIRST) == {VELORA: "0.90", CASTELLAN: "0.80"}
    for code in "AB":
        with acting_for(asked.buyer.lead) as lead:
            held = lots.lot(asked.rfp, code)
            with pytest.raises(WrongState, match="Adopt the comparison of the final offers"):
                ranking.freeze(
                    scoring_round=asked.round_for(lead), lot=held, actor=lead, reason="Again."
                )
        lots.rank(asked, code, "The final offers.")
    after = {code: evaluated(asked, code) for code in "AB"}
    assert after["A"][VELORA] < before["A"][VELORA]
    assert after["A"][CASTELLAN] < before["A"][CASTELLAN]
    assert after["B"][VELORA] < before["B"][VELORA]
    # To the cent: in B neither sent one.
    assert after["B"][CASTELLAN] == before["B"][CASTELLAN]
    assert after["B"][TAMARIND] == before["B"][TAMARIND]
    client = sign_in(asked.buyer.lead)
    for code, final in (("A", 2), ("B", 1)):
        url = reverse("matrix:ranking", args=[asked.procurement.pk])
        assert client.get(f"{url}?lot={code}").content.decode().count("final offer") == final
        with acting_for(asked.buyer.lead) as lead:
            found = matrix.latest_ranking(lead, asked.procurement, lots.lot(asked.rfp, code))
            names = {one["id"]: one["name"] for one in json.loads(found.record)["case"]["vendors"]}
            rows = json.loads(found.record)["result"]["price"]["vendors"]
        counted = {names[one["id"]]: Decimal(one["price"]) for one in rows}
        assert counted == after[code]


def test_a_lot_that_nobody_answered_needs_no_new_comparison(asked, set_clock):
    make.offer(asked, 1, A=LOWER)
    set_clock(make.after_closing(asked))
    make.open_all(asked)
    with acting_for(asked.buyer.lead):
        case = lots.case_of(asked)
        offering.require_final_prices(case, lots.lot(asked.rfp, "B"))
        with pytest.raises(WrongState, match="Adopt the comparison"):
            offering.require_final_prices(case, lots.lot(asked.rfp, "A"))
    page = reverse("pricing:comparison", args=[asked.procurement.pk])
    client = sign_in(asked.buyer.lead)
    warning = "Final offers were opened after this comparison"
    assert warning in client.get(f"{page}?lot=A").content.decode()
    assert warning not in client.get(f"{page}?lot=B").content.decode()


def test_both_offers_of_each_lot_stand_beside_each_other_and_in_its_report(asked, set_clock):
    make.offer(asked, 0, A=LOW, B=LOWER)
    make.offer(asked, 1, A=LOWER)
    set_clock(make.after_closing(asked))
    make.open_all(asked)
    page = sign_in(asked.buyer.lead).get(reverse("matrix:offers", args=[asked.procurement.pk]))
    text = page.content.decode()
    assert text.count("kept its first offer") == 2  # Castellan and Tamarind, in B
    make_reports.assess(asked)
    for code, kept in (("A", set()), ("B", {CASTELLAN, TAMARIND})):
        lots.rank(asked, code, "The final offers.")
        lots.decide(asked, code)
        with acting_for(asked.buyer.lead) as lead:
            report = requesting.request(
                kind="decision_report",
                procurement=lots.case_of(asked),
                lot=lots.lot(asked.rfp, code),
                actor=lead,
            )
            payload = json.loads(Report.objects.get(pk=report.pk).payload)
        rows = payload["prices"]["offers"]["rows"]
        names = {row["vendor"]["name"] for row in rows}
        assert names == ({VELORA, CASTELLAN} if code == "A" else {VELORA, CASTELLAN, TAMARIND})
        said = {row["vendor"]["name"] for row in rows if row["final"] == "kept its first offer"}
        assert said == kept


def test_each_vendor_is_told_which_of_its_offers_stands_where(asked, set_clock):
    answered(asked, set_clock)
    with acting_for(asked.buyer.lead):
        told = {
            one.recipient: one.text
            for one in Mail.objects.filter(event__startswith="bids.offers_opened:")
        }
    velora, castellan, tamarind = (told[one.owner.email] for one in asked.vendors)
    assert "your first offer in lot A, B" in velora
    assert "your first offer in lot A." in castellan
    assert "In lot B your first offer stands" in castellan
    assert "Your first offer stands as it is" in tamarind


# What nobody else learns


def test_before_the_opening_the_buyer_learns_nothing_and_no_vendor_ever_of_another(asked):
    make.offer(asked, 0, A=LOW, B=LOWER)
    make.withdraw(asked, 0)
    made = make.offer(asked, 0, A=LOW)
    for user in (asked.buyer.lead, asked.buyer.opener, asked.vendors[1].owner):
        with acting_for(user):
            assert not Submission.objects.filter(offer_round__isnull=False).exists()
            assert not WithdrawnOffer.objects.exists()
            assert not AuditEvent.objects.filter(action__endswith="_offer").exists()
    client = sign_in(asked.buyer.lead)
    for name in ("matrix:offers", "bids:opening", "workspace:record"):
        text = client.get(reverse(name, args=[asked.procurement.pk])).content.decode()
        assert LOW not in text
        assert made.manifest_digest[:12] not in text
    rival = sign_in(asked.vendors[1].owner)
    texts = [
        rival.get(reverse(f"bids:{name}", args=[asked.bids[1].pk])).content.decode()
        for name in ("final_offer", "portal", "about")
    ]
    for text in texts:
        assert VELORA not in text
        assert TAMARIND not in text
        assert LOW not in text


def test_who_does_not_see_the_price_finds_no_lot_of_a_final_offer(asked):
    make.offer(asked, 0, A=LOW)
    client = sign_in(asked.vendors[0].respondent)
    bid = asked.bids[0].pk
    assert client.get(reverse("bids:final_offer", args=[bid]) + "?lot=A").status_code == 404
    for name in ("submit_final_offer", "withdraw_final_offer"):
        assert client.post(reverse(f"bids:{name}", args=[bid])).status_code == 404
    with acting_for(asked.vendors[0].owner):
        assert standing_offer(asked.bids[0]) is not None
    with acting_for(asked.vendors[0].respondent) as user, pytest.raises(NotFound):
        bids.asked_bid_for(user, bid_id=bid)


def test_stored_final_offers_hold_to_the_invariants(asked, set_clock):
    make.offer(asked, 1, A=LOW)
    make.withdraw(asked, 1)
    answered(asked, set_clock)
    looks = (
        fsck.submissions_are_in_the_log,
        fsck.submissions_came_in_time,
        fsck.final_offers_were_asked_for,
    )
    with tenancy.acting_as(scope="fsck"):
        assert [fault for look in looks for fault in look()] == []
