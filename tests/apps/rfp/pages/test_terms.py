"""The terms of the RFP on their page."""

import re

import pytest

from tests.apps.rfp.pages.visiting import GETS, fresh, made, terms_of, url


@pytest.mark.parametrize("name", ["terms", "publish"])
def test_the_lead_reads_which_price_earns_the_points(buyer, browser, name):
    page = browser.get(url(name, made(buyer))).content.decode()
    assert "is the present value of what the bid costs the buyer over the term of 36" in page
    assert "discounted at 5% a year (nominal) for all bids" in page
    assert "Each bid is priced by the pricing model that it offers." in page


def title(answer) -> str:
    return re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)[1]


def test_the_title_says_error_where_a_form_is_wrong_and_nowhere_else(buyer, browser):
    rfp = made(buyer)
    for name in GETS:
        assert not title(browser.get(url(name, rfp))).startswith("Error"), name
    for tab in ("question", "scoring", "evidence", "logic"):
        page = browser.get(url("builder", rfp), {"question": "1.02", "tab": tab})
        assert title(page).startswith("Questionnaire: "), tab
    for name, sent in (
        ("weights", {"weight-1": "x"}),
        ("add-section", {"title": ""}),
        ("deadline", {"day": "", "time": ""}),
        ("terms", terms_of(rfp, quality_weight="most")),
    ):
        answer = browser.post(url(name, rfp), sent)
        assert (name, answer.status_code) == (name, 422)
        assert title(answer).startswith("Error: "), name
        assert title(answer).count("Error") == 1


def test_terms_are_saved_from_the_page(buyer, browser):
    rfp = made(buyer)
    assert browser.post(url("terms", rfp), terms_of(rfp)).url == url("terms", rfp)
    stored = fresh(buyer, rfp)
    assert (stored.quality_weight, stored.term_months) == (70, 24)
    assert stored.price_params == {"cap": "2000000", "floor": "900000"}
    assert stored.facts["regulated"] is True
    assert stored.facts["channels"] == ["Voice", "Chat"]


def test_a_formula_that_depends_on_other_bids_is_warned_about(buyer, browser):
    rfp = made(buyer)
    browser.post(url("terms", rfp), terms_of(rfp, price_formula="min-max"))
    page = browser.get(url("terms", rfp)).content.decode()
    assert "a bid that cannot win may decide the award" in page


def test_wrong_terms_come_back_beside_their_fields(buyer, browser):
    rfp = made(buyer)
    sent = terms_of(rfp, **{"quality_weight": "most", "absolute-linear.cap": "x"})
    answer = browser.post(url("terms", rfp), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Give a weight from 0 to 100, with at most four decimals.") == 2
    assert page.count("Write digits with a point for decimals") == 2
    assert fresh(buyer, rfp).quality_weight == 60
