"""Publishing on its page, and what vendors read before it."""

import datetime as dt

from apps.rfp.models import OwnCost
from apps.rfp.services import authoring
from apps.rfp.states import RfpState
from tests.apps.rfp.pages.visiting import GETS, fresh, made, url
from tests.conftest import acting_for
from tests.factories.rfp import accept_all, approve
from tests.factories.sealing import prove_all


def test_publish_is_disabled_while_something_blocks_and_says_what(buyer, browser):
    rfp = made(buyer)
    with acting_for(buyer.lead):
        prove_all(rfp)
    browser.post(url("weights", rfp), {"weight-1": "55", "weight-2": "40"})
    page = browser.get(url("publish", rfp)).content.decode()
    assert "2 things block publication" in page
    assert "Section weights add up to 95; they must add up to 100. Give out 5 more." in page
    assert 'aria-disabled="true" aria-describedby="h-blocks"' in page
    answer = browser.post(url("publish", rfp))
    assert answer.status_code == 422
    assert fresh(buyer, rfp).state == RfpState.DRAFT


def test_the_lead_accepts_a_finding_and_publishes(buyer, browser):
    rfp = made(buyer)
    with acting_for(buyer.lead) as lead:
        authoring.set_terms(rfp=rfp, actor=lead, price_formula="min-max")
    answer = browser.post(url("accept", rfp), {"code": "award-depends-on-losers", "reason": ""})
    assert answer.status_code == 422
    assert "Give the reason in a sentence." in answer.content.decode()
    browser.post(
        url("accept", rfp), {"code": "award-depends-on-losers", "reason": "Required by policy."}
    )
    page = browser.get(url("publish", rfp)).content.decode()
    assert "Required by policy." in page
    with acting_for(buyer.lead) as lead:
        accept_all(rfp, lead)
        approve(rfp, lead)
        prove_all(rfp)
    assert browser.post(url("publish", rfp)).url == url("publish", rfp)
    stored = fresh(buyer, rfp)
    assert stored.state == RfpState.PUBLISHED
    assert stored.digest[:32] in browser.get(url("publish", rfp)).content.decode()


def test_the_frozen_content_is_downloaded_byte_for_byte(buyer, browser):
    rfp = made(buyer, published=True)
    answer = browser.get(url("content", rfp))
    assert answer.content == fresh(buyer, rfp).frozen.encode()
    assert answer["Content-Type"] == "application/json"


def test_a_draft_has_no_content_to_download(buyer, browser):
    assert browser.get(url("content", made(buyer))).status_code == 404


def day_form(moment: dt.datetime, **more) -> dict:
    return {"day": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}", "zone": "UTC", **more}


def test_the_deadline_is_set_in_its_own_zone(buyer, browser):
    rfp = made(buyer)
    sent = {"day": "2031-07-01", "time": "12:00", "zone": "Europe/Lisbon"}
    browser.post(url("deadline", rfp), sent)
    held = fresh(buyer, rfp).round
    assert held.closes_at == dt.datetime(2031, 7, 1, 11, 0, tzinfo=dt.UTC)
    assert "12:00 WEST" in browser.get(url("publish", rfp)).content.decode()


NO_DEADLINE = (
    ({"day": "1 July", "time": "12:00", "zone": "UTC"}, "Write the day as year, month, day"),
    ({"day": "2031-07-01", "time": "noon", "zone": "UTC"}, "Write the time as hours"),
    ({"day": "2021-07-01", "time": "12:00", "zone": "UTC"}, "Give a deadline in the future."),
    # Clocks go back at 02:00 BST on 26 October 2031, forward at 01:00 GMT on 30 March 2031.
    ({"day": "2031-10-26", "time": "01:30", "zone": "Europe/London"}, "The clocks change"),
    ({"day": "2031-03-30", "time": "01:30", "zone": "Europe/London"}, "The clocks change"),
)


def test_a_deadline_that_cannot_be_is_shown_again(buyer, browser):
    rfp = made(buyer)
    for sent, sentence in NO_DEADLINE:
        answer = browser.post(url("deadline", rfp), sent)
        assert (sent, answer.status_code) == (sent, 422)
        assert sentence in answer.content.decode()


def test_an_rfp_is_cancelled_from_the_page(buyer, browser):
    rfp = made(buyer, published=True)
    assert browser.post(url("cancel", rfp), {"reason": ""}).status_code == 422
    browser.post(url("cancel", rfp), {"reason": "No budget."})
    assert fresh(buyer, rfp).state == RfpState.CANCELLED


def test_the_preview_shows_what_vendors_read_and_no_in_house_cost(buyer, browser):
    rfp = made(buyer)
    with acting_for(buyer.lead):
        OwnCost.objects.create(
            organisation=buyer.organisation, rfp=rfp, quote={"rates": {"rate": "17.4321"}}
        )
    for name in GETS:
        page = browser.get(url(name, rfp)).content.decode()
        assert "17.4321" not in page
    page = browser.get(url("preview", rfp)).content.decode()
    assert "Excluded when the answer is more than 72 hours. Within 72 hours." in page
    assert "A plan with dates and owners." in page
