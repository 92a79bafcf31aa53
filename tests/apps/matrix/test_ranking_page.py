"""The weighted matrix: sealed before the lock, then every figure as it was frozen."""

import datetime as dt
import hashlib
import html
import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.bids import selectors as bids
from apps.bids.models import Invitation
from apps.bids.services import staging
from apps.core.templatetags.formats import in_currency, number, percentage
from apps.matrix import selectors
from apps.matrix.models import Ranking
from tests.conftest import acting_for
from tests.factories import matrix as make
from tests.factories.rfp import PRICE_OF_RECORD

DAY = dt.date(2027, 3, 1)
PUBLISHED = {"w-1": "36", "w-2": "24", "w-price": "40"}


def at(stage, name="ranking", *args):
    return reverse(f"matrix:{name}", args=[stage.procurement.pk, *args])


def demonstrate(stage, buyer, *, close: bool) -> None:
    """A demonstration of the first vendor, scored 4 and 3; open scores are nobody else's."""
    with acting_for(buyer.lead) as lead:
        guest = str(Invitation.objects.order_by("vendor__name").first().pk)
        shown = staging.plan(
            rfp=make.fresh(stage),
            actor=lead,
            kind="demonstration",
            title="Demonstration of the desktop",
            first_day=DAY,
            last_day=DAY,
            rubric={"0": "Nothing works.", "5": "Everything works."},
            guests=[guest],
        )
    for person, value in ((buyer.evaluator, 4), (buyer.evaluator2, 3)):
        with acting_for(person) as user:
            held = bids.stage_for(user, procurement_id=stage.procurement.pk, stage_id=shown.pk)
            seat = bids.one_stage(user, held).seats[0].guest
            seat.stage = held
            staging.score(guest=seat, value=value, reason="It worked.", actor=user)
    if close:
        with acting_for(buyer.lead) as lead:
            held = bids.stage_for(lead, procurement_id=stage.procurement.pk, stage_id=shown.pk)
            staging.close(stage=held, actor=lead)


@pytest.mark.parametrize("close", [False, True])
def test_closed_stages_stand_beside_the_ranking(locked, buyer, client_for, close):
    before = record_bytes(locked, buyer)
    demonstrate(locked, buyer, close=close)
    text = words(client_for(buyer.executive).get(at(locked)))
    assert ("Demonstration of the desktop Castellan CX 3.5" in text) is close
    assert record_bytes(locked, buyer) == before


def record_bytes(stage, buyer) -> str:
    with acting_for(buyer.lead) as lead:
        return selectors.latest_ranking(lead, stage.procurement).record


def words(response) -> str:
    plain = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return " ".join(plain.split())


def cells(response, start: str) -> list[str]:
    """The texts of the row of the matrix whose heading begins with `start`."""
    for row in re.findall(r"<tr.*?</tr>", response.content.decode(), re.DOTALL):
        found = [
            " ".join(re.sub(r"<[^>]+>", " ", html.unescape(cell)).replace(" highest", "").split())
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        if found and found[0].startswith(start):
            return found
    raise LookupError(start)


@pytest.fixture
def priced(locked, buyer, client_for):
    """Prices are adopted and the lead has frozen the ranking on the page."""
    make.priced(locked)
    client = client_for(buyer.lead)
    assert "Freeze the ranking with prices" in words(client.get(at(locked)))
    assert client.post(at(locked, "freeze")).status_code == 302
    return locked


def frozen_of(stage, user):
    with acting_for(user):
        return json.loads(selectors.latest_ranking(user, stage.procurement).record)


def test_before_the_lock_there_is_no_total_no_rank_and_no_name(opened, buyer, client_for):
    make.agreed(make.to_consensus(opened))
    for person in (buyer.lead, buyer.moderator, buyer.executive, buyer.auditor, buyer.evaluator):
        shown = client_for(person).get(at(opened))
        assert shown.status_code == 200
        assert "No ranking before the scores are locked" in words(shown)
        assert "Velora" not in words(shown)
        assert client_for(person).get(at(opened, "record")).status_code == 404
    assert client_for(buyer.opener).get(at(opened)).status_code == 403


def test_every_figure_of_the_page_is_the_figure_of_the_record(priced, buyer, client_for):
    shown, record = client_for(buyer.executive).get(at(priced)), frozen_of(priced, buyer.executive)
    result = record["result"]
    vendors = {row["id"]: row for row in result["vendors"]}
    ordered = [vendors[name] for place in result["order"] for name in place["vendors"]]
    assert cells(shown, "Service and people")[2:] == [
        number(row["nodes"]["section:1"], 1) for row in ordered
    ]
    assert cells(shown, "Security")[2:] == [number(row["nodes"]["section:2"], 1) for row in ordered]
    assert cells(shown, "Price")[2:] == [
        number(row["contributions"]["price"], 1) for row in ordered
    ]
    assert cells(shown, "Weighted total")[2:] == [number(row["total"], 1) for row in ordered]
    assert cells(shown, "Rank")[2:] == ["1", "2", "3"]
    criteria = {
        code: client_for(buyer.executive).get(at(priced, "criteria"), {"section": code})
        for code in "12"
    }
    for leaf in ("1.01", "1.02", "1.04", "2.01", "2.02"):
        assert cells(criteria[leaf[0]], leaf)[2:] == [
            number(row["contributions"][leaf], 2) for row in ordered
        ]
    prices = {row["id"]: row for row in result["price"]["vendors"]}
    around = {row["id"]: row for row in result["smaa"]["around_published"]["vendors"]}
    page = words(shown)
    for row in ordered:
        assert f"{in_currency(prices[row['id']]['price'], 'GBP')} {number(prices[row['id']]['scored'], 2)}" in page  # fmt: skip
        shares = " ".join(percentage(share, 1) for share in around[row["id"]]["places"])
        assert f"{row['name']} {shares}" in page
    for one in result["weight_intervals"]["nodes"]:
        if one["id"].startswith("section:"):
            assert f"{number(one['weight'], 1)}% {number(one['low'], 1)}%" in page


def test_the_headline_names_the_leader_the_gap_and_how_often_it_holds(priced, buyer, client_for):
    record = frozen_of(priced, buyer.lead)
    gap = number(record["result"]["margin"]["gap"], 1)
    shown = words(client_for(buyer.lead).get(at(priced)))
    assert f"Velora Connect leads by {gap} points and stays first in 100% of plausible weightings" in shown  # fmt: skip
    assert "Quality and price." in shown


def test_the_method_and_the_record_can_be_checked_by_anybody_who_sees_them(
    priced, buyer, client_for
):
    client = client_for(buyer.auditor)
    shown, sent = client.get(at(priced)), client.get(at(priced, "record"))
    digest = hashlib.sha256(sent.content).hexdigest()
    content = json.loads(sent.content)
    assert digest in shown.content.decode().replace("<wbr>", "")
    assert f"seed {content['case']['robustness']['seed']}" in words(shown)
    assert "Absolute linear (cap £2,200,000.00, floor £800,000.00)" in words(shown)
    assert digest[:12] in sent["Content-Disposition"]


def test_a_bid_that_is_out_stands_below_with_its_published_reason(
    buyer, vendors, set_clock, client_for
):
    stage = make.to_lock(make.opened(buyer, vendors, set_clock, answers={2: {"2.01": "96"}}))
    shown = words(client_for(buyer.approver).get(at(stage)))
    assert "Not admitted C" in shown.replace(
        f"Not admitted {stage.bid(2).letter}", "Not admitted C"
    )
    assert "Tamarind Global Knock-out 2.01: Within 72 hours." in shown
    assert "Velora Connect leads by" in shown
    assert "plausible weightings" not in shown  # two bids carry no claim of robustness


def test_a_what_if_is_calculated_beside_the_record_and_saves_nothing(priced, buyer, client_for):
    """Price alone: 1,200,000, 1,500,000 and 1,350,000 earn 1000, 700 and 850 of 1400."""
    client = client_for(buyer.executive)
    same = client.get(at(priced), PUBLISHED)
    assert cells(same, "What-if total")[2:] == cells(same, "Weighted total")[2:]
    tried = client.get(at(priced), {"w-1": "0", "w-2": "0", "w-price": "100"})
    assert cells(tried, "What-if total")[2:] == ["71.4", "50.0", "60.7"]
    assert cells(tried, "Weighted total") == cells(same, "Weighted total")
    row = client.get(at(priced), {**PUBLISHED, "w-1": "96"}, headers={"HX-Request": "true"})
    assert row.content.decode().startswith('<tr id="outcome">')
    assert "The weights add up to 160.0; each counts as its share." in words(row)
    with acting_for(buyer.lead):
        assert Ranking.objects.count() == 2


def test_a_weight_that_is_none_is_named_and_the_record_still_shown(priced, buyer, client_for):
    client = client_for(buyer.lead)
    refused = client.get(at(priced), {**PUBLISHED, "w-1": "many"})
    assert refused.status_code == 422
    assert "Give Service and people a weight from 0 to 100." in words(refused)
    assert len(cells(refused, "Weighted total")[2:]) == 3
    nothing = client.get(at(priced), dict.fromkeys(PUBLISHED, "0"))
    assert nothing.status_code == 422
    assert "Give at least one section a weight above 0." in words(nothing)


def test_other_prices_ask_the_lead_for_a_reason_to_freeze_again(priced, buyer, client_for):
    client = client_for(buyer.lead)
    assert "Freeze the ranking" not in words(client.get(at(priced)))
    make.priced(priced, ["1300000", "1500000", "1350000"])
    assert "The adopted prices have changed" in words(client.get(at(priced)))
    assert "The adopted prices have changed" not in words(client_for(buyer.auditor).get(at(priced)))
    refused = client.post(at(priced, "freeze"))
    assert refused.status_code == 422
    assert "Say why the frozen ranking is replaced." in words(refused)
    assert client.post(at(priced, "freeze"), {"reason": "A rate was misread."}).status_code == 302
    assert client_for(buyer.executive).post(at(priced, "freeze")).status_code == 403
    record = frozen_of(priced, buyer.lead)
    first = record["case"]["price"]["prices"][str(priced.bids[0].pk)]
    assert Decimal(first) == Decimal(1300000)


def test_essential_says_one_sentence_and_opens_the_full_analysis_on_request(
    buyer, vendors, set_clock, client_for
):
    rule = {**PRICE_OF_RECORD, "model": "per_minute"}
    stage = make.opened(buyer, vendors, set_clock, preset="essential", price_of_record=rule)
    page = client_for(buyer.lead).get(at(make.to_lock(stage))).content.decode()
    before, _summary, after = page.partition("Open the full analysis")
    assert "of plausible weightings" in before
    assert "How often each vendor takes each rank" not in before
    assert "How often each vendor takes each rank" in after
    assert after.index("</details>") > after.index("How often each vendor")


def test_the_other_presets_show_the_analysis_at_once(locked, buyer, client_for):
    assert "Open the full analysis" not in client_for(buyer.lead).get(at(locked)).content.decode()
