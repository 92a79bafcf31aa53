"""Today's in-house cost on its page: worked out by the engine, never shown to a vendor."""

from decimal import Decimal

import pytest

from apps.engine import cases
from apps.rfp.services import authoring
from apps.rfp.services.own_cost import set_own_cost
from tests.apps.rfp.pages.visiting import fresh, made, url
from tests.conftest import acting_for
from tests.factories.pricing import in_house
from tests.factories.rfp import workload

FORM = {
    "unit": "paid",
    "rate": "16.60",
    "role": "Team leader",
    "span": "10",
    "role_rate": "23",
    "base": "additive",
    "loss": "10",
    "rise": "3.5",
    "training_hours": "100",
    "training_rate": "16",
    "trained": "all",
    "hours_week": "37.5",
    "resolution": "70",
    "attrition": "20",
    "governance": "2500",
    "away-0-name": "Leave",
    "away-0-share": "12.5",
    "away-1-name": "Sickness",
    "away-1-share": "",
    "once-0-name": "Licences",
    "once-0-amount": "30000",
    "once-0-month": "1",
}


def quote(buyer, rfp):
    with acting_for(buyer.lead):
        return fresh(buyer, rfp).own_cost.quote


def has_cost(buyer, rfp) -> bool:
    with acting_for(buyer.lead):
        return hasattr(fresh(buyer, rfp), "own_cost")


def priced(own: dict, currency: str, months: int = 36) -> dict:
    terms = {
        "currency": currency,
        "months": months,
        "discount": {"rate": "0", "basis": "nominal"},
    }
    record = cases.run("price", {"workload": workload(), "terms": terms, "quotes": [own]})
    return record.to_plain()["result"]["quotes"][0]


def test_what_was_typed_becomes_a_quote_and_its_total_the_engines(buyer, browser):
    rfp = made(buyer)
    assert browser.post(url("own-cost", rfp), FORM).url == url("own-cost", rfp)
    found = quote(buyer, rfp)
    assert found["rates"] == {
        "unit": "hour",
        "billable_hour": "paid",
        "rate": "16.60",
        "roles": [{"name": "Team leader", "agents_per_role": "10", "rate": "23"}],
    }
    assert found["shrinkage"]["parts"] == [{"name": "Leave", "share": "0.125"}]
    assert (found["schedule_inefficiency"], found["first_contact_resolution"]) == ("1.1", "0.7")
    assert found["indexation"] == {"kind": "fixed", "rate": "0.035"}
    with acting_for(buyer.lead):
        currency = rfp.procurement.currency
    row = priced(found, currency, rfp.term_months)
    page = browser.get(url("own-cost", rfp))
    total = page.context["total"]
    assert total.total.amount == Decimal(row["total"])
    assert sum(amount.amount for _label, amount in total.parts) == total.total.amount
    assert f"{Decimal(row['total']):,.2f}" in page.content.decode()


def test_saved_unchanged_it_stays_the_same_with_what_has_no_field(buyer, browser):
    rfp = made(buyer)
    own = {**in_house(), "aht_s": {"voice-en": "280"}}
    with acting_for(buyer.lead) as lead:
        authoring.set_workload(rfp=rfp, actor=lead, content=workload(), in_house=own)
    before = quote(buyer, rfp)
    form = browser.get(url("own-cost", rfp)).context["form"]
    browser.post(url("own-cost", rfp), {name: form[name].value() or "" for name in form.fields})
    after = quote(buyer, rfp)
    assert after["aht_s"] == {"voice-en": "280"}
    with acting_for(buyer.lead):
        currency = rfp.procurement.currency
    assert priced(before, currency) == priced(after, currency)


def test_it_is_removed_again(buyer, browser):
    rfp = made(buyer)
    browser.post(url("own-cost", rfp), FORM)
    browser.post(url("remove-own-cost", rfp))
    assert not has_cost(buyer, rfp)


WRONG = (
    ({"rate": ""}, "rate"),
    ({"rate": "-3"}, "rate"),
    ({"rate": "sixteen"}, "rate"),
    ({"away-1-share": "5", "away-1-name": ""}, "away-1-name"),
    ({"away-0-share": "120"}, "away-0-share"),
    ({"once-0-month": "900"}, "once-0-name"),
    ({"hours_week": "0"}, "hours_week"),
    ({"resolution": "170"}, "resolution"),
    ({"training_rate": ""}, "training_rate"),
    ({"span": ""}, "role"),
)


def test_what_does_not_fit_stands_beside_its_field_and_nothing_is_saved(buyer, browser):
    rfp = made(buyer)
    for changes, field in WRONG:
        page = browser.post(url("own-cost", rfp), {**FORM, **changes})
        errors = page.context["form"].errors
        assert (changes, page.status_code, list(errors)) == (changes, 422, [field]), errors
    assert not has_cost(buyer, rfp)


def test_a_published_tender_keeps_its_own_cost(buyer, browser):
    rfp = made(buyer, published=True)
    assert "frozen with the published RFP" in browser.get(url("own-cost", rfp)).content.decode()
    assert browser.post(url("own-cost", rfp), FORM).status_code == 409


@pytest.mark.parametrize("name", ["own-cost", "remove-own-cost"])
def test_the_lead_alone_sees_it(buyer, client_for, name):
    rfp = made(buyer)
    with acting_for(buyer.lead) as lead:
        set_own_cost(rfp=rfp, quote=in_house(), actor=lead)
    assert client_for(buyer.evaluator).post(url(name, rfp), FORM).status_code == 403
    assert client_for(buyer.evaluator).get(url("own-cost", rfp)).status_code == 403
