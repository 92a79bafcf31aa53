"""Final offers through to the paper: the comparison, the ranking and the report name both offers."""

import copy
import datetime as dt

import pytest
from django.conf import settings
from django.urls import reverse

from apps.bids import selectors as bids
from apps.bids.models import OfferRound
from apps.bids.services import final_offers, offering
from apps.core import clock
from apps.core.errors import WrongState
from apps.matrix.models import Ranking
from apps.matrix.services import offering as asking
from apps.matrix.services import ranking as freezing
from apps.pricing import services as pricing
from apps.reports.selectors import costs, decision_case
from apps.rfp.models import Rfp
from apps.rfp.states import FinalOffers, KeyKind
from tests.conftest import acting_for, make_buyer, sign_in
from tests.factories import matrix as make_matrix
from tests.factories import reports as make
from tests.factories import sealing
from tests.scenes import scene

DAY = dt.timedelta(days=1)


@scene
def ranked_before(move):
    """Prices are adopted and the ranking frozen, in a tender that allows final offers."""
    stage = make.priced(make_buyer(), move, final_offers=FinalOffers.ONCE)
    make.assess(stage)
    make.ranked(stage)
    return stage


def held_rfp(stage):
    return Rfp.objects.select_related("procurement__organisation", "round", "workload").get(
        pk=stage.rfp.pk
    )


def ask(stage):
    with acting_for(stage.buyer.lead) as lead:
        return asking.request(
            rfp=held_rfp(stage),
            closes_at=clock.now() + DAY,
            reason="One clear price.",
            left_out={},
            actor=lead,
        )


def confirm(stage):
    with acting_for(stage.buyer.opener) as opener:
        held = OfferRound.objects.select_related("rfp__procurement__organisation").get()
        return offering.confirm(offer_round=held, actor=opener)


def cheaper(sheet):
    """The same sheet with every rate of its model a tenth lower, to the cent."""
    found = copy.deepcopy(sheet)
    rates = found["rates"]
    for one in [*rates.get("tiers", ()), *rates.get("seats", ()), rates]:
        if isinstance(one.get("rate"), str):
            one["rate"] = f"{float(one['rate']) * 0.9:.2f}"
    return found


def offer(stage, place):
    vendor, bid = stage.vendors[place], stage.bids[place]
    with acting_for(vendor.owner) as owner:
        first = bids.price_of(bid)
        final_offers.save(bid=bid, raw=cheaper(first.sheet), version=0, actor=owner)
        final_offers.submit(
            bid=bid, actor=owner, arrived_at=clock.now(), from_edge=settings.BEHIND_EDGE
        )


def open_them(stage, set_clock):
    with acting_for(stage.buyer.opener):
        held = OfferRound.objects.select_related("rfp__procurement__organisation").get()
        set_clock(held.closes_at + held.rfp.round.grace + dt.timedelta(seconds=1))
    return sealing.open_envelopes(stage.rfp, KeyKind.FINAL, held)


def test_a_bid_that_is_not_admitted_is_not_asked(ranked_before):
    stage = ranked_before
    ask(stage)
    with acting_for(stage.buyer.lead):
        rows = OfferRound.objects.get().requests.select_related("vendor")
        out = {one.vendor.name: one.left_out_because for one in rows if one.left_out_because}
    assert set(out) == {"Northmoor BPO"}
    assert out["Northmoor BPO"].startswith("Not admitted: ")


def test_until_the_final_offers_are_opened_nothing_is_decided_on_prices(ranked_before):
    stage = ranked_before
    ask(stage)
    with acting_for(stage.buyer.lead) as lead:
        with pytest.raises(WrongState, match="no price is final"):
            pricing.adopt(procurement=stage.procurement, actor=lead, reason="Again.")
        with pytest.raises(WrongState, match="no price is final"):
            freezing.freeze(
                scoring_round=stage.round_for(lead), actor=lead, reason="Another ranking."
            )
    with pytest.raises(WrongState, match="no price is final"):
        make.propose(stage)


def test_the_final_price_is_compared_and_the_first_only_looked_back_at(ranked_before, set_clock):
    stage = ranked_before
    answered(stage, set_clock)
    with (
        acting_for(stage.buyer.lead) as lead,
        pytest.raises(WrongState, match="Adopt the comparison of the final offers"),
    ):
        freezing.freeze(scoring_round=stage.round_for(lead), actor=lead, reason="Again.")
    client = sign_in(stage.buyer.lead)
    page = reverse("pricing:comparison", args=[stage.procurement.pk])
    assert "Final offers were opened after this comparison" in client.get(page).content.decode()
    look_back = client.get(f"{page}?first=1").content.decode()
    assert "this comparison cannot be adopted" in look_back
    assert reverse("pricing:adopt", args=[stage.procurement.pk]) not in look_back


def test_ranking_and_report_name_both_offers_and_the_older_ranking_stays(ranked_before, set_clock):
    stage = ranked_before
    before = standing(stage)
    answered(stage, set_clock)
    with acting_for(stage.buyer.lead) as lead:
        pricing.adopt(procurement=stage.procurement, actor=lead, reason="The final offers.")
    make.freeze(stage, "The final offers.")
    page = sign_in(stage.buyer.lead).get(reverse("matrix:ranking", args=[stage.procurement.pk]))
    assert page.content.decode().count("final offer") == 1
    after = standing(stage)
    assert (after.supersedes_id, after.digest != before.digest) == (before.pk, True)
    make.propose(stage)
    with acting_for(stage.buyer.lead) as lead:
        assert Ranking.objects.get(pk=before.pk).record == before.record
        block = costs.block(decision_case.read(lead, stage.procurement))["offers"]
    names = {row["vendor"]["name"]: row for row in block["rows"]}
    changed = names[stage.vendors[1].organisation.name]
    assert changed["first"] != changed["final"]
    kept = names[stage.vendors[0].organisation.name]
    assert kept["final"] == "kept its first offer"
    assert names["Northmoor BPO"]["final"] == "not asked"


def answered(stage, set_clock):
    """Final offers are asked for and opened; Velora sent one."""
    ask(stage)
    confirm(stage)
    offer(stage, 1)
    assert open_them(stage, set_clock) == 1


def standing(stage):
    with acting_for(stage.buyer.lead):
        return Ranking.objects.filter(stage="full").order_by("-number")[0]


def test_while_final_offers_are_asked_for_the_scores_stay_locked(ranked_before):
    ask(ranked_before)
    with pytest.raises(WrongState, match="Final offers are asked for on this ranking"):
        make_matrix.reopened(ranked_before)
